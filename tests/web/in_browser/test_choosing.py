"""Several applications are chosen in the list, and decided together after a look at what changes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from support.running_page import RunningPage, mureg_in
from support.sample_data import row, write_table

if TYPE_CHECKING:
    from playwright.sync_api import Page


def statuses(folder: Path, *numbers: str) -> set[str]:
    shown = [json.loads(mureg_in(folder, "application", "show", number, "--json").out) for number in numbers]
    return {each["status"] for each in shown}


def test_chosen_rows_are_processed_together(
    tab: "Page", served: RunningPage, tmp_path: Path, has_scripts: bool
) -> None:
    folder = tmp_path / "served"
    numbers = ("N-1", "N-2", "N-3")
    table = write_table(str(folder / "new.csv"), *(row(number, multiuser="off") for number in numbers))
    assert mureg_in(folder, "application", "import", table).code == 0
    tab.goto(f"{served.origin}/applications?status=new&search=N-")
    if has_scripts:
        tab.locator("[data-choose-all]").check()
        assert [box.is_checked() for box in tab.locator("[data-choose]").all()] == [True, True, True]
        tab.locator("[data-choose]").last.uncheck()
    else:
        assert tab.locator("[data-choose-all]").is_hidden()
        for number in numbers[:2]:
            tab.locator(f"[data-choose][value={number}]").check()
    tab.locator('button[formaction="/applications/process"]').click()
    assert tab.locator("main tbody th a").all_inner_texts() == ["N-1", "N-2"]
    assert statuses(folder, *numbers) == {"new"}
    tab.locator("button.main").click()
    tab.wait_for_url("**/applications?operation=*")
    assert statuses(folder, "N-1", "N-2") == {"processed"}
    assert statuses(folder, "N-3") == {"new"}
    tab.locator('.notice.done form[action="/history/undo"] button').click()
    tab.wait_for_url("**undid=*")
    assert statuses(folder, *numbers) == {"new"}
