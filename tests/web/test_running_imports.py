"""A long import in a running `mureg web`: it is left, cancelled, killed; and what the server keeps and says of it."""

import sys
import time
from pathlib import Path

import pytest

from support.browser import Answer, Browser, office, visiting
from support.command_line import Mureg
from support.running_page import running_page
from support.sample_data import HEADER, inn_of, row
from support.waiting_page import ended
from support.xml_application import application

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)]

# So many take more than a second.
ROWS = {"sqlite": 200_000, "postgres": 50_000}


def check(browser: Browser, name: str, content: bytes) -> Answer:
    """Send a file, and do not wait until it was checked."""
    return browser.send(browser.get("/import"), "/import/check", [("files", (name, content))])


def table(rows: int) -> bytes:
    """A table with so many applications."""
    first, *rest = row("Z", inn=inn_of(1)).split(";")
    return "\n".join([HEADER, *(";".join([f"{first}-{place}", *rest]) for place in range(rows))]).encode()


def writing(browser: Browser, engine: str) -> Answer:
    """The page of a large import, while it is being written."""
    checked = ended(browser, check(browser, "large.csv", table(ROWS[engine])))
    shown = browser.send(checked, "/import/write")
    until = time.monotonic() + 60
    while ": 0</p>" in shown.text and time.monotonic() < until:
        shown = browser.get(shown.address)
    assert f'max="{ROWS[engine]}"' in shown.text, "it is under way"
    return shown


def count(mureg: Mureg) -> int:
    return len(mureg.done("application", "list", "--json").json)


def test_an_import_can_be_left_found_again_and_cancelled(browser: Browser, mureg: Mureg) -> None:
    before, held = count(mureg), office()
    content = "\n".join([HEADER, row("Z-1")]).encode()
    checked = ended(browser, check(browser, "new.csv", content))
    with held.register() as register, register.operation(held.actor("test"), dry_run=True):
        # It waits for the register.
        shown = browser.send(checked, "/import/write")
        assert "Идёт запись" in shown.text
        assert '<meta http-equiv="refresh"' in shown.text
        assert "new.csv</a>: выполняется" in browser.get("/import").text
        assert browser.send(checked, "/import/forget").status == 409
        shown = browser.send(shown, "/import/cancel")
    cancelled = ended(browser, shown)
    assert "Импорт прерван, ничего не записано." in cancelled.text
    assert count(mureg) == before
    ended(browser, browser.send(cancelled, "/import/write"))
    assert count(mureg) == before + 1


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_server_that_is_killed_while_it_writes_leaves_everything_as_it_was(
    example: Mureg, engine: str, temporary: Path
) -> None:
    before = count(example)
    with running_page(Path.cwd()) as page, visiting(page.address) as browser:
        writing(browser, engine)
        # What was sent is in files without a name, which end with the process.
        assert list(temporary.iterdir()) == []
        page.kill()
    assert list(temporary.iterdir()) == []
    example.done("check")
    assert count(example) == before
    with running_page(Path.cwd()) as page, visiting(page.address) as browser:
        ended(browser, browser.send(ended(browser, check(browser, "a.csv", table(1000))), "/import/write"))
    example.done("check")
    assert count(example) == before + 1000


def test_ctrl_c_ends_an_import_at_once_and_leaves_everything_as_it_was(
    example: Mureg, engine: str, temporary: Path
) -> None:
    before = count(example)
    with running_page(Path.cwd()) as page, visiting(page.address) as browser:
        writing(browser, engine)
    assert page.said == "Ctrl-C stops mureg web\n"
    assert page.process.returncode == 0
    assert list(temporary.iterdir()) == []
    example.done("check")
    assert count(example) == before


def test_no_name_of_a_person_is_in_what_the_server_says_or_keeps(example: Mureg, tmp_path: Path) -> None:
    with running_page(Path.cwd()) as page, visiting(page.address) as browser:
        for name, content in (("ZV-9.xml", application()), ("ZV-8.xml", application(kpp="<КПП>x</КПП>"))):
            checked = ended(browser, check(browser, name, content))
            assert "Петровна" not in checked.text
            if checked.has_form("/import/write"):
                ended(browser, browser.send(checked, "/import/write"))
    assert "Петровна" in example.done("application", "show", "ZV-9").out
    history = example.done("history", "--json").out
    kept = [file.read_bytes().decode("utf-8", "replace") for file in (tmp_path / "state").rglob("*") if file.is_file()]
    for text in (page.said, history, *kept):
        assert "Петровна" not in text
        assert "112-233-445" not in text
