"""Waits for what is under way on a page of `mureg web`."""

import time

from support.browser import Answer, Browser


def ended(browser: Browser, shown: Answer) -> Answer:
    """The page when its job is no longer under way."""
    until = time.monotonic() + 60
    while "data-refresh" in shown.text and time.monotonic() < until:
        time.sleep(0.02)
        shown = browser.get(shown.address)
    assert "data-refresh" not in shown.text
    return shown
