"""Files are dropped on the page, checked and written; a long import shows its progress, is left, found, cancelled."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from support.running_page import RunningPage, mureg_in
from support.sample_data import HEADER, inn_of, row

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Drops a file on the page, as a file manager does.
DROP = """([name, text]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], name));
  for (const type of ["dragover", "drop"])
    document.querySelector("h1").dispatchEvent(
      new DragEvent(type, { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


def choose(tab: "Page", served: RunningPage, name: str, rows: list[str], *, by_dropping: bool = False) -> None:
    """Choose a table on the page of imports, and let it be checked."""
    text = "\n".join([HEADER, *rows])
    tab.goto(f"{served.origin}/import")
    if by_dropping:
        tab.evaluate(DROP, [name, text])
    else:
        Path(served.folder / name).write_text(text, encoding="utf-8")
        tab.set_input_files("#files", served.folder / name)
    tab.click("form[action='/import/check'] button")


def count(served: RunningPage) -> int:
    return len(mureg_in(served.folder, "application", "list", "--json").json)


def test_a_file_is_checked_and_written(tab: "Page", served: RunningPage, has_scripts: bool) -> None:
    before = count(served)
    choose(tab, served, "new.csv", [row("Z-1"), row("Z-2", inn="123")], by_dropping=has_scripts)
    tab.wait_for_selector("#faults")
    assert tab.locator("#faults ~ .scroll tbody td").all_inner_texts()[:3] == ["3", "inn", "123"]
    assert count(served) == before
    tab.click("form[action='/import/write'] button")
    tab.wait_for_url(re.compile("operation="))
    assert count(served) == before + 1


def test_a_long_import_shows_its_progress_and_can_be_left_and_cancelled(tab: "Page", served: RunningPage) -> None:
    before = count(served)
    first, *rest = row("Z", inn=inn_of(1)).split(";")
    choose(tab, served, "large.csv", [";".join([f"{first}-{place}", *rest]) for place in range(200_000)])
    tab.wait_for_selector("progress")
    tab.goto(f"{served.origin}/import")
    tab.click("text=large.csv")
    tab.click("form[action='/import/write'] button")
    tab.wait_for_selector("progress[max='200000']")
    tab.click("form[action='/import/cancel'] button")
    tab.wait_for_selector("p.notice[role=status]")
    tab.wait_for_selector("form[action='/import/write']")
    assert count(served) == before
