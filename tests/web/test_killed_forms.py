"""A server that is killed while a form is under way: afterwards it is done as a whole, or not at all."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from support.browser import visiting
from support.command_line import Mureg
from support.running_page import running_page
from support.sample_data import row, write_table

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)]

NUMBERS = [f"N-{place}" for place in range(400)]
MOMENTS = 5


def process_and_kill(seconds: float | None) -> tuple[bool, float]:
    """Process all of them through the page, and kill the server so long after, or after its answer.

    Returns whether it answered, and how long that took.
    """
    with running_page(Path.cwd()) as page, visiting(page.address) as browser, ThreadPoolExecutor(1) as pool:
        shown = browser.get("/applications/process?all-new=1&inn=7700010303&on=2023-08-31")
        began = time.monotonic()
        sending = pool.submit(browser.send, shown, "/applications/process")
        if seconds is None:
            sending.result()
        else:
            time.sleep(seconds)
        took = time.monotonic() - began
        page.kill()
        error = sending.exception()
        assert error is None or isinstance(error, httpx2.HTTPError), error
        return error is None, took


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_form_is_done_as_a_whole_or_not_at_all_whenever_the_server_is_killed(example: Mureg, engine: str) -> None:
    rows = [row(number, inn="7700010303", multiuser="off") for number in NUMBERS]
    example.done("application", "import", write_table("many.csv", *rows))
    whole: float | None = None
    found: list[str] = []
    for moment in range(MOMENTS + 1):
        is_answered, took = process_and_kill(whole * (moment - 1) / MOMENTS if whole is not None else None)
        whole = whole or took
        example.done("check")
        listed = example.done("application", "list", "--inn", "7700010303", "--json").json
        statuses = {each["status"] for each in listed if each["number"] in NUMBERS}
        assert len(statuses) == 1, "all or none"
        assert not is_answered or statuses == {"processed"}, "what was answered is there"
        found += statuses
        if statuses == {"processed"}:
            example.done("undo")
    assert {"new", "processed"} == set(found)
