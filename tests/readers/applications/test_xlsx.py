"""XLSX as Excel and others write it."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from mureg.domain.application import ClientRequest
from mureg.errors import Rejected
from mureg.readers.types import Limits, Profile
from support.workbooks import HEADER, workbook

_MORNING = datetime(2023, 8, 7, 10, 5)  # noqa: DTZ001  Excel knows no zones


def test_an_inn_stored_as_a_number_comes_back_whole(read: Any) -> None:
    rows = [HEADER, [1042, date(2023, 8, 7), 7700123459, 10101001, "ООО", "2-9", 3, True]]
    result = read(workbook(("Лист1", rows)), name="a.xlsx")
    assert result.requests == [
        ClientRequest(
            "1042", "connection", "2023-08-07", "7700123459", "010101001", name="ООО",
            requested="on", requested_tier="2-9", users=3,
        )
    ]  # fmt: skip
    assert result.report == ("a.xlsx", "xlsx", None, None, "Лист1", None, 1)


def test_an_inn_that_lost_its_zero_in_a_number_gets_it_back(read: Any) -> None:
    rows = [HEADER, ["A1", date(2023, 8, 7), 101000021]]
    assert read(workbook(("Лист1", rows))).requests[0].inn == "0101000021"


@pytest.mark.parametrize("cell", [date(2023, 8, 7), _MORNING, "07.08.2023", "2023-08-07", 45145, 45145.0])
def test_every_way_to_store_a_date_is_read(read: Any, cell: object) -> None:
    result = read(workbook(("Лист1", [HEADER, ["A1", cell, "7700123459"]])))
    assert [request.submitted_on for request in result.requests] == ["2023-08-07"]


def test_a_serial_number_is_no_date_in_another_column(read: Any) -> None:
    assert read(workbook(("Лист1", [HEADER, [45145, date(2023, 8, 7), 7700123459]]))).requests[0].number == "45145"


def test_a_tier_that_excel_made_a_date_of_is_explained(read: Any) -> None:
    result = read(workbook(("Лист1", [HEADER, ["A1", date(2023, 8, 7), 7700123459, None, None, date(2023, 9, 2)]])))
    assert result.faults[0].column == "tier"
    assert "Excel turned the tier into a date" in str(result.faults[0].message)


def test_the_first_sheet_with_a_header_is_read(read: Any) -> None:
    content = workbook(
        ("О файле", [["Выгрузка"]]), ("Пусто", []), ("Данные", [["Заявления"], [], HEADER, ["A1", 45145, 7700123459]])
    )
    result = read(content)
    assert (result.report.sheet, result.rows) == ("Данные", [4])


def test_the_profile_fixes_the_sheet_and_the_format_of_dates(read: Any) -> None:
    content = workbook(
        ("Один", [HEADER, ["A1", 45145, 7700123459]]),
        ("Два", [HEADER, ["A2", "08/07/2023", 7700123459], ["A3", date(2023, 8, 7), 7700123459]]),
    )
    result = read(content, profile=Profile("p", sheet="Два", date_format="%m/%d/%Y"))
    assert [(request.number, request.submitted_on) for request in result.requests] == [
        ("A2", "2023-08-07"),
        ("A3", "2023-08-07"),
    ]
    with pytest.raises(Rejected) as caught:
        read(content, profile=Profile("p", sheet="Три"))
    assert str(caught.value.hint) == "the sheets are: «Один», «Два»"


def test_error_cells_are_faults_beside_other_faults(read: Any) -> None:
    rows = [
        ["Заявления"], HEADER, ["A1", 45145, "#N/A"], [],
        ["A2", 45145, 7700123459, None, "#DIV/0!"], ["A3", "x", 7700123459, 1],
    ]  # fmt: skip
    result = read(workbook(("Лист1", rows)), name="b.xlsx")
    assert [fault[1:] for fault in result.faults] == [
        ("b.xlsx", "Лист1", 3, "inn", "ИНН", "#N/A"),
        ("b.xlsx", "Лист1", 5, "name", "Наименование", "#DIV/0!"),
        ("b.xlsx", "Лист1", 6, "submitted_on", "Дата", "x"),
        ("b.xlsx", "Лист1", 6, "kpp", "КПП", "1"),
    ]  # fmt: skip


def test_two_cells_at_opposite_corners_do_not_take_the_memory(read: Any) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "x")
    sheet.write(1_048_575, 16_383, "y")
    book.close()
    with pytest.raises(Rejected, match="too large to read"):
        read(content.getvalue())


def test_a_long_table_is_read_in_batches(read: Any) -> None:
    rows = [HEADER, *(["A" + str(place), 45145, 7700123459] for place in range(2_500))]
    result = read(workbook(("Лист1", rows)))
    assert result.rows == list(range(2, 2_502))


def test_limits_hold_for_what_is_unpacked(read: Any) -> None:
    content = workbook(("Лист1", [HEADER, *([["A1", 45145, 7700123459]] * 3_000)]))
    for limits in (Limits(file_bytes=len(content)), Limits(rows=2_999)):
        with pytest.raises(Rejected):
            read(content, limits=limits)


def test_a_damaged_workbook_is_refused(read: Any) -> None:
    content = workbook(("Лист1", [HEADER]))
    for damaged in (
        content[:-30],
        content[: len(content) // 2],
        content.replace(b"xl/workbook.xml", b"xl/workbook.xmx"),
    ):
        with pytest.raises(Rejected):
            read(damaged)


def test_a_workbook_with_a_dtd_is_refused(read: Any) -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("Лист1", [HEADER])))) as source,
        zipfile.ZipFile(content, "w") as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/workbook.xml":
                text = text.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)
            target.writestr(name, text)
    with pytest.raises(Rejected):
        read(content.getvalue())


def test_a_zip_that_is_no_workbook_is_refused(read: Any) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.xml", "<x/>")
    with pytest.raises(Rejected, match="a ZIP archive, not an XLSX"):
        read(content.getvalue())


def test_a_spreadsheets_error_is_found_in_a_table_away_from_the_edge(read: Any) -> None:
    rows = [[None, *HEADER], [None, "A1", 45145, "7700123459", None, "#N/A"]]
    (fault,) = read(workbook(("Лист1", rows)), name="a.xlsx").faults
    assert (fault.row, fault.column, fault.value) == (2, "name", "#N/A")
