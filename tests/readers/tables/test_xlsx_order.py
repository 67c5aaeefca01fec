"""A sheet that gives a row or a cell twice is refused: calamine would take one of the two in silence."""

import io
import re
import zipfile
from typing import Any

import pytest

from mureg.errors import Rejected
from mureg.readers.tables.xlsx_order import SheetOrder
from support.workbooks import workbook

SHEET = "xl/worksheets/sheet1.xml"
MIXED = "the sheet has rows or cells with a number and others without: their order is unclear"
ROWS = [["Номер", "Дата", "ИНН"], ["A-1", "2023-08-01", "7700123459"], ["A-2", "2023-08-01", "7700123459"]]


def changed(*changes: tuple[str, str]) -> bytes:
    """A workbook with these changes in the text of its sheet."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("Лист1", ROWS)))) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == SHEET:
                for old, new in changes:
                    text, count = re.subn(old.encode(), new.encode(), text)
                    assert count == 1, old
            target.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('<row r="3"', '<row r="2"'), "the sheet has row 2 more than once, or out of order"),
        (('r="B2"', 'r="A2"'), "the sheet has cell A2 more than once, or out of order"),
        (('r="B3"', "r='A3'"), "the sheet has cell A3 more than once, or out of order"),
        (('r="A3"', 'r="A2"'), "the sheet has cell A2 more than once, or out of order"),
        (('<row r="3"([^>]*)>', '<row spans="1:3" r="1">'), "the sheet has row 1 more than once, or out of order"),
    ],
)
def test_a_row_or_a_cell_given_twice_is_refused(read: Any, change: tuple[str, str], message: str) -> None:
    with pytest.raises(Rejected) as caught:
        read(changed(change), "a.xlsx")
    assert [str(fault.message) for fault in caught.value.details] == [message]


def test_what_names_cells_behind_the_table_is_no_second_cell(read: Any) -> None:
    content = changed(("</sheetData>", '</sheetData><cellWatches><cellWatch r="A1"/></cellWatches>'))
    assert [request.number for request in read(content, "a.xlsx").requests] == ["A-1", "A-2"]


def test_cells_without_a_place_are_read_in_their_order(read: Any) -> None:
    no_cells = [(f' r="{column}{row}"', "") for row in "123" for column in "ABC"]
    no_rows = [(f'<row r="{row}"', "<row") for row in "123"]
    for changes in (no_cells, no_rows, [*no_cells, *no_rows], no_rows[:1]):
        assert [request.number for request in read(changed(*changes), "a.xlsx").requests] == ["A-1", "A-2"]


@pytest.mark.parametrize(
    "changes",
    [
        [('r="A2"', "")],
        [(' r="A1"', ""), (' r="B1"', ""), (' r="C1"', "")],
        [('<row r="3"', "<row"), (' r="A3"', ""), (' r="B3"', ""), (' r="C3"', "")],
        [('<row r="3"', "<row"), *((f' r="{column}{row}"', "") for row in "123" for column in "ABC")],
    ],
)
def test_rows_or_cells_with_a_number_and_others_without_are_refused(read: Any, changes: list[tuple[str, str]]) -> None:
    with pytest.raises(Rejected) as caught:
        read(changed(*changes), "a.xlsx")
    assert [str(fault.message) for fault in caught.value.details] == [MIXED]


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
@pytest.mark.parametrize("last", ["C2", "A2", "C1"])
def test_where_a_block_ends_does_not_matter(size: int, last: str) -> None:
    text = f'<row r="1"><c r="A1"/></row><row r="2"><c r="A2"/><c r="B2"><v>1</v></c><c r="{last}"/></row>'.encode()
    order = SheetOrder("a.xlsx")

    def check() -> None:
        for start in range(0, len(text), size):
            order.check(text[start : start + size])

    if last == "C2":
        check()
    else:
        with pytest.raises(Rejected, match=last):
            check()


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_a_cell_without_a_place_is_seen_wherever_a_block_ends(size: int) -> None:
    text = b'<row r="1"><c r="A1"/></row><row r="2"><c s="1" t="n"><v>1</v></c></row><row r="3"></row>'
    order = SheetOrder("a.xlsx")

    def check() -> None:
        for start in range(0, len(text), size):
            order.check(text[start : start + size])

    with pytest.raises(Rejected, match="order is unclear"):
        check()
