"""A month as a workbook: typed cells, texts that stay texts, sums that are right before anybody computes them."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from mureg.reports.month.xlsx import month_workbook
from support.command_line import Mureg
from support.month_documents import ENGLISH_WORDS, JULY, charge, document

STATEMENT = "examples/statement/operator-2023-08.csv"


def sheets(path: str, *, computed: bool = False) -> tuple[Worksheet, Worksheet]:
    book = load_workbook(BytesIO(Path(path).read_bytes()), data_only=computed)
    return book.worksheets[0], book.worksheets[-1]


def discrepancies() -> Worksheet:
    book = load_workbook(BytesIO(Path("a.xlsx").read_bytes()))
    assert len(book.worksheets) == 3
    return book.worksheets[1]


def rows_of(sheet: Worksheet) -> list[list[Any]]:
    """The cells of each row that are not empty."""
    rows: list[list[Any]] = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    return rows


def written(mureg: Mureg, lang: str = "en") -> str:
    mureg("reconcile", "--month", "2023-08", "--statement", STATEMENT)
    mureg("month", "show", "2023-08", "--format", "xlsx", "-o", "a.xlsx", lang=lang)
    return "a.xlsx"


def test_the_list_has_typed_cells(example: Mureg) -> None:
    _, licences = sheets(written(example))
    row = [cell.value for cell in licences[2]]
    assert row[:8] == [
        1, "ZV-1030", datetime.fromisoformat("2023-08-08"), "7700010303", "770001001", "ООО «Лютик»", "2 to 9", 3000,
    ]  # fmt: skip
    assert row[8:11] == [0.4, 1200, 1800]
    assert licences["D2"].data_type == "s"
    assert licences["C2"].number_format == "dd.mm.yyyy"
    assert licences["K2"].number_format == "#,##0.00"
    assert licences.freeze_panes == "A2"


def test_the_only_formulas_are_sums_with_their_values(example: Mureg) -> None:
    path = written(example)
    act, licences = sheets(path)
    formulas = {
        cell.coordinate: cell.value
        for sheet in (act, licences) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }  # fmt: skip
    of_tiers = {"C13": "=SUM(C11:C12)", "E13": "=SUM(E11:E12)", "F13": "=SUM(F11:F12)"}
    of_licences = {"H13": "=SUM(H2:H12)", "J13": "=SUM(J2:J12)", "K13": "=SUM(K2:K12)"}
    assert formulas == {**of_tiers, **of_licences}
    act, licences = sheets(path, computed=True)
    assert [act[place].value for place in of_tiers] == [45000, 18000, 27000]
    assert [licences[place].value for place in of_licences] == [45000, 18000, 27000]


def test_a_total_that_the_contract_rounds_by_itself_is_no_sum(example: Mureg) -> None:
    settings = Path("mureg.toml").read_text(encoding="utf-8")
    settings = settings.replace('rounding = "licence"', 'rounding = "total"').replace('rate = "40%"', 'rate = "33.33%"')
    settings = settings.replace('amount = "3000.00"', 'amount = "3000.01"')
    Path("mureg.toml").write_text(settings, encoding="utf-8")
    act, _ = sheets(written(example))
    texts = {str(row[0]): row[1:] for row in rows_of(act) if row}
    count, *amounts = texts["Total"]
    assert count == 11
    assert all(isinstance(amount, float | int) for amount in amounts)
    assert texts["Rounding difference"][0] == pytest.approx(amounts[2] - texts["2 to 9"][3] - texts["10 and more"][3])


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "https://example.test", "\x1b[31mкрасный"])
def test_what_a_client_wrote_stays_text(example: Mureg, name: str) -> None:
    rows = f'number,submitted_on,inn,name,multiuser,users\nA-1,2023-08-01,7700123459,"{name}",on,3\n'
    Path("hostile.csv").write_text(rows, encoding="utf-8")
    example.done("application", "import", "hostile.csv")
    example.done("application", "process", "A-1", "--on", "2023-08-02")
    _, licences = sheets(written(example))
    cell = licences["F2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert str(cell.value).endswith(name.removeprefix("\x1b"))


def test_the_act_shows_both_sides_the_differences_and_the_resolutions(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", STATEMENT)
    example.done("month", "accept", "2023-08", "ZV-1032", "--reason", "письмо")
    act, _ = sheets(written(example))
    texts = rows_of(act)
    assert texts[0] == ["Act of reconciliation No. 2023-08"]
    assert ["draft; the reconciliation is not finished"] in texts
    assert ["According to the partner", 27000] in texts
    assert ["According to the operator", 25200] in texts
    assert ["Agreed amount", "—"] in texts
    assert ["3 discrepancies"] in texts
    assert ["Annexes (sheets): Discrepancies, Licence list"] in texts
    assert ["For the partner", "For the operator"] in texts
    assert ["position", "position"] in texts
    assert ["signature", "full name", "signature", "full name"] in texts
    assert ["Difference", -1800] in texts
    groups, _, *pairs = rows_of(discrepancies())
    assert groups == ["Partner", "Operator"]
    assert pairs[0] == [
        "ZV-1032", "Different tier\nDifferent list price\nDifferent amount payable", "АО «Подсолнух»",
        "7700010328 /\n770001001", 5, "10 and more", 6000, 0.4, 2400, 3600, "2 to 9", 3000, 0.4, 1800, -1800,
        "the operator's figure: письмо",
    ]  # fmt: skip
    assert pairs[1] == [
        "ZV-1045", "Not in the statement", "ООО «Незабудка»", "6600010347 /\n660001001", "10 and more", 6000, 0.4,
        2400, 3600, -3600, "unresolved",
    ]  # fmt: skip
    marked = {cell.value for cell in discrepancies()[3] if cell.font.bold}
    assert marked == {"2 to 9", 3000, 1800}


def test_the_act_shows_a_total_that_contradicts_its_rows_and_a_sale_of_another_month(example: Mureg) -> None:
    example.done("application", "process", "ZV-1042", "--on", "2023-09-04")
    lines = ["Номер;Сумма к оплате", "ZV-1042;3600,00", "Итого;3601,00"]
    Path("other.csv").write_text("\n".join(lines), encoding="utf-8")
    example("reconcile", "--month", "2023-08", "--statement", "other.csv")
    example("month", "show", "2023-08", "--format", "xlsx", "-o", "a.xlsx")
    pairs = {row[0]: row[1:] for row in rows_of(discrepancies())}
    assert pairs["ZV-1042"] == [
        "Settled in another month (2023-09)\nDifferent amount payable", "ООО «Ромашка»", "7700123459 /\n770001001", 2,
        "2 to 9", 3000, 0.4, 1200, 1800, 3600, 3600, "unresolved",
    ]  # fmt: skip
    assert pairs["total"][1:] == ["rows: 3,600.00", "", 3601, "unresolved"]


def test_it_speaks_russian(example: Mureg) -> None:
    act, licences = sheets(written(example, lang="ru"))
    assert act.title == "Акт"
    assert act["A1"].value == "Акт сверки № 2023-08"
    assert [cell.value for cell in licences[1]][:4] == ["№", "Номер", "Обработано", "ИНН"]


def test_a_month_of_nothing_has_a_workbook_too(example: Mureg) -> None:
    example.done("month", "show", "2024-05", "--format", "xlsx", "-o", "empty.xlsx")
    _, licences = sheets("empty.xlsx", computed=True)
    assert licences["K2"].value == 0


def test_a_terminal_gets_no_workbook(example: Mureg) -> None:
    ended = example("month", "show", "2023-08", "--format", "xlsx", terminal=True)
    assert ended.code == 2
    assert "-o act.xlsx" in ended.err


def width_of(sheet: Worksheet, column: int) -> float:
    """The width of a column: openpyxl keeps neighbours of one width together."""
    return next(float(each.width) for each in sheet.column_dimensions.values() if each.min <= column <= each.max)


def test_nothing_is_cut_off(example: Mureg) -> None:
    name = "Общество с ограниченной ответственностью «Производственно-коммерческое объединение» " * 3
    rows = f"number,submitted_on,inn,name,multiuser,users\nЗВ-2023-08-КЛГ-000001,2023-08-01,7700123459,{name},on,3\n"
    Path("long.csv").write_text(rows, encoding="utf-8")
    example.done("application", "import", "long.csv")
    example.done("application", "process", "ЗВ-2023-08-КЛГ-000001", "--on", "2023-08-02")
    settings = Path("mureg.toml").read_text(encoding="utf-8")
    Path("mureg.toml").write_text(settings.replace('"3000.00"', '"123456789012.00"'), encoding="utf-8")
    act, licences = sheets(written(example))
    assert width_of(licences, 2) >= len("ЗВ-2023-08-КЛГ-000001")
    for sheet, column in ((act, 3), (act, 6), (licences, 8), (licences, 11)):
        assert width_of(sheet, column) >= len("123,456,789,012.00")
    assert licences.row_dimensions[2].height >= 15 * (len(name) // width_of(licences, 6))


def test_a_row_whose_texts_fit_is_one_line_high() -> None:
    book = load_workbook(BytesIO(month_workbook(document(charge(10_000_000), charge(10_000_001)), ENGLISH_WORDS)))
    licences = book["Licence list"]
    assert rows_of(licences)[1][1] == "ZV-10000000"
    assert [licences.row_dimensions[row].height for row in (2, 3)] == [None, None]


def test_sales_and_corrections_are_two_sections() -> None:
    late = charge(2)._replace(kind="correction", corrects=JULY, cause="late")
    book = load_workbook(BytesIO(month_workbook(document(charge(1), late, charge(3)), ENGLISH_WORDS)))
    rows = rows_of(book["Licence list"])
    assert [row[0] if isinstance(row[0], str) else row[1] for row in rows[1:9]] == [
        "Sales", "ZV-1", "ZV-3", "Subtotal", "Corrections of closed months", "ZV-2", "Subtotal", "Total",
    ]  # fmt: skip
    assert rows[6][-2:] == ["processed late", "2023-07"]
    assert [rows[place][1] for place in (4, 7, 8)] == ["=SUM(H3:H4)", "=SUM(H7:H7)", "=SUM(H3:H4,H7:H7)"]
