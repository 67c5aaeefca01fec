"""Files are dropped on the page, checked and written; a long import shows its progress, is left, found, cancelled."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.running_page import RunningPage, mureg_in
from support.sample_data import HEADER, inn_of, row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: .[dev]").expect

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


def drop_paths(tab: "Page", *paths: Path) -> None:
    """Drop files and folders of the disk, as a file manager does."""
    devtools = tab.context.new_cdp_session(tab)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": step, "x": 200, "y": 100, "data": data})


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


def test_a_dropped_folder_gives_its_files_and_those_of_its_subfolders(
    tab: "Page", served: RunningPage, tmp_path: Path, has_scripts: bool, language: str
) -> None:
    if not has_scripts:
        tab.goto(f"{served.origin}/import")
        assert tab.locator("section .scripted-only").is_hidden(), "it does not promise what needs scripts"
        return
    before = count(served)
    folder, deep = tmp_path / "from clients", tmp_path / "from clients" / "august" / "1"
    deep.mkdir(parents=True)
    for file, number in ((folder / "one.csv", "F-1"), (deep / "two.CSV", "F-2"), (tmp_path / "three.csv", "F-3")):
        file.write_text(f"{HEADER}\n{row(number)}", encoding="utf-8")
    for file in (folder / "Thumbs.db", folder / ".hidden.csv", deep / "~$two.docx"):
        file.write_bytes(b"not an application")
    (folder / "empty").mkdir()
    said = tab.locator("#said")
    tab.goto(f"{served.origin}/import")
    drop_paths(tab, folder / "empty")
    expect(said).to_contain_text({"ru": "нет файлов", "en": "no files"}[language])
    assert tab.evaluate("document.getElementById('files').files.length") == 0
    drop_paths(tab, folder, tmp_path / "three.csv")
    expect(said).to_contain_text("3")
    tab.click("form[action='/import/check'] button")
    tab.wait_for_selector("form[action='/import/write'] button")
    assert tab.locator("section[aria-labelledby=result] tbody th").all_inner_texts() == [
        "two.CSV", "one.csv", "three.csv"
    ]  # fmt: skip
    tab.click("form[action='/import/write'] button")
    tab.wait_for_url(re.compile("operation="))
    assert count(served) == before + 3


def test_a_folder_with_more_files_than_a_form_takes_is_refused_in_words(
    chromium: "Browser", served: RunningPage, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for place in range(1100):
        (folder / f"{place}.xml").write_bytes(b"")
    context = chromium.new_context(locale="ru")
    page = context.new_page()
    page.goto(served.address)
    page.goto(f"{served.origin}/import")
    drop_paths(page, folder)
    expect(page.locator("#said")).to_contain_text("1001")
    page.click("form[action='/import/check'] button")
    expect(page.get_by_role("alert")).to_contain_text("1000")
    context.close()


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
