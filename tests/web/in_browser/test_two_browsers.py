"""Two browsers on one register, a file or a server's: what the other one changed is said, nothing is done twice."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from support.browser import visiting
from support.running_page import RunningPage, mureg_in, running_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)

CARD = "/application?number=ZV-1042"
PROCESS_PATH = "/application/process"
SET, PROCESS = "form[action='/application/set-multiuser']", f"form[action='{PROCESS_PATH}']"


@pytest.fixture
def other(chromium: "Browser", tab: "Page", served: RunningPage, language: str) -> "Iterator[Page]":
    """A second browser, with an address that the first one made."""
    tab.goto(f"{served.origin}/browser")
    tab.click("form[action='/browser/add'] button")
    address = tab.locator("p[role=status] code").inner_text()
    context = chromium.new_context(locale=language)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def application(served: RunningPage) -> Any:
    return json.loads(mureg_in(served.folder, "application", "show", "ZV-1042", "--json").out)


def operations(served: RunningPage) -> list[str]:
    """The commands of the history, the newest first."""
    return [each["command"] for each in json.loads(mureg_in(served.folder, "history", "--json").out)]


def test_what_the_other_browser_changed_is_said_and_asked_again(
    tab: "Page", other: "Page", served: RunningPage
) -> None:
    tab.goto(f"{served.origin}{CARD}")
    other.goto(f"{served.origin}{CARD}")
    other.check(f"{SET} [value='10+']")
    other.click(f"{SET} button")
    other.wait_for_selector(".notice.done")

    tab.fill(f"{PROCESS} [name=on]", "2023-08-28")
    tab.click(f"{PROCESS} button")
    tab.wait_for_selector(".notice.error")
    assert "ZV-1042" in tab.locator(".notice.error li").inner_text()
    assert "set-multiuser" in tab.locator(".notice.error li").inner_text()
    assert application(served)["status"] == "new"
    # What was typed is still there, and the page shows what the other one has set.
    assert tab.locator(f"{PROCESS} [name=on]").input_value() == "2023-08-28"
    assert tab.locator(f"{SET} [value='10+']").is_checked()
    tab.click(f"{PROCESS} button")
    tab.wait_for_selector(".notice.done")
    found = application(served)
    assert (found["status"], found["multiuser"]["tier"]) == ("processed", "10+")


def test_both_that_process_at_once_do_it_once(tab: "Page", other: "Page", served: RunningPage) -> None:
    before = operations(served)
    for each in (tab, other):
        each.goto(f"{served.origin}{CARD}")
        each.fill(f"{PROCESS} [name=on]", "2023-08-28")
    for each in (tab, other):
        each.locator(f"{PROCESS} button").click(no_wait_after=True)
    for each in (tab, other):
        each.wait_for_selector(".notice.done, .notice.error")
    assert sorted(each.locator(".notice.done").count() for each in (tab, other)) == [0, 1]
    assert operations(served) == ["application process", *before]
    assert application(served)["status"] == "processed"
    assert mureg_in(served.folder, "check").code == 0


def test_two_servers_that_get_the_same_decision_at_the_same_moment_do_it_once(served: RunningPage) -> None:
    before = operations(served)
    with (
        running_page(served.folder) as second, visiting(served.address) as ours, visiting(second.address) as theirs,
        ThreadPoolExecutor(2) as both,
    ):  # fmt: skip
        forms = [(each, each.get(CARD)) for each in (ours, theirs)]
        answers = list(both.map(lambda form: form[0].send(form[1], PROCESS_PATH, on="2023-08-28"), forms))
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert operations(served) == ["application process", *before]
    assert mureg_in(served.folder, "check").code == 0
