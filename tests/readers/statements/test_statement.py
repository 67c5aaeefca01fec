"""Statements as the operator's staff make them."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from mureg.domain.reconciliation.statement import Statement, StatementRow
from mureg.errors import Fault, Rejected
from mureg.readers.statements.statement import read_statement
from mureg.readers.types import Limits, Profile, Source

HEADER = ["Номер", "ИНН", "КПП", "Наименование", "Вид расширения", "Дата", "Цена", "Скидка %", "Скидка", "К оплате"]
ROW = [
    "ZV-1", "7700123459", "770001001", "ООО «Ромашка»", "от 2 до 9", "14.08.2023", "3 000,00", "40", "1 200,00",
    "1 800,00",
]  # fmt: skip


def read(content: bytes, name: str = "a.csv", profile: Profile | None = None) -> Statement:
    return read_statement(Source(name, io.BytesIO(content)), profile=profile, limits=Limits())


def first(rows: Iterable[StatementRow]) -> StatementRow:
    return next(iter(rows))


def csv_of(*rows: Sequence[str], delimiter: str = ";", encoding: str = "cp1251") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def workbook(*sheets: Any, percent_column: int | None = None) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"}) as book:
        percent = book.add_format({"num_format": "0%"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for index, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(index, place, cell, percent if place == percent_column else None)
    return file.getvalue()


def faults_of(content: bytes, name: str = "a.csv") -> list[Fault]:
    with pytest.raises(Rejected) as caught:
        read(content, name)
    return list(caught.value.details)


def test_titles_above_a_total_below_and_what_follows_it_are_understood() -> None:
    found = read(
        csv_of(["Отчёт за август"], [""], HEADER, ROW, [""] * 10, ["Итого", *[""] * 8, "1 800,00"], ["Подпись"])
    )
    (row,) = found.rows
    assert row[:8] == (4, 180_000, "ZV-1", "7700123459", "770001001", "ООО «Ромашка»", "2-9", date(2023, 8, 14))
    assert row[8:] == (300_000, 4000, 120_000)
    assert found.stated_total_kopecks == 180_000


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig", "utf-16", "cp866"])
def test_encodings_and_delimiters_are_recognised(delimiter: str, encoding: str) -> None:
    plain = [cell.replace(",", ".").replace("\u00a0", "") for cell in ROW]
    plain[3] = "ООО Ромашка и партнёры"
    assert len(read(csv_of(HEADER, plain, delimiter=delimiter, encoding=encoding)).rows) == 1


@pytest.mark.parametrize(
    ("texts", "rates"),
    [
        (["40", "35"], [4000, 3500]),
        (["40%", "35%"], [4000, 3500]),
        (["0,4", "0,35"], [4000, 3500]),
        (["0,4", "1"], [4000, 10000]),
        (["40", "0"], [4000, 0]),
        (["0,5%", "40%"], [50, 4000]),
        (["12,5", "40%"], [1250, 4000]),
    ],
)
def test_shares_and_percentages_are_distinguished_by_the_whole_column(texts: list[str], rates: list[int]) -> None:
    rows = [["ZV-1", "7700123459", text, "1800,00"] for text in texts]
    found = read(csv_of(["Номер", "ИНН", "Скидка %", "К оплате"], *rows))
    assert [row.discount_rate for row in found.rows] == rates


@pytest.mark.parametrize("texts", [["0,4", "40"], ["0,4", "40%"], ["1", "1"], ["0.5", "2"]])
def test_an_ambiguous_percent_is_a_fault_with_its_row(texts: list[str]) -> None:
    rows = [["ZV-1", "7700123459", text, "1800,00"] for text in texts]
    faults = faults_of(csv_of(["Номер", "ИНН", "Скидка %", "К оплате"], *rows))
    assert {fault.column for fault in faults} == {"discount_rate"}
    assert faults[0].row == 2


def test_all_faults_are_reported_together() -> None:
    bad = ["", "7700123458", "", "", "от 5", "31.02.2023", "сто", "", "", ""]
    faults = faults_of(csv_of(HEADER, bad, ROW, ["ZV-2", *[""] * 8, "1,234"]))
    assert [(fault.row, fault.column) for fault in faults] == [
        (2, "payable"), (2, "inn"), (2, "tier"), (2, "list_price"), (2, "processed_on"), (4, "payable"),
    ]  # fmt: skip
    assert faults[1].value == "7700123458"
    assert faults[1].header == "ИНН"


def test_a_workbook_has_numbers_for_inn_money_and_percent_and_dates() -> None:
    row_ = ["ZV-1", 7700123459, 770001001, "ООО", "2-9", date(2023, 8, 14), 3000, 0.4, 1200.0, 1799.9999999998]
    rows: list[list[Any]] = [["Отчёт"], HEADER, row_]
    (row,) = read(workbook(rows, percent_column=7), "a.xlsx").rows
    assert row[1:8] == (180_000, "ZV-1", "7700123459", "770001001", "ООО", "2-9", date(2023, 8, 14))
    assert row[8:] == (300_000, 4000, 120_000)


def test_a_float_that_is_no_whole_kopeck_is_a_fault() -> None:
    faults = faults_of(workbook([["Номер", "К оплате", "ИНН"], ["ZV-1", 1800.005, "7700123459"]]), "a.xlsx")
    assert [(fault.row, fault.column) for fault in faults] == [(2, "payable")]


def test_an_inn_that_lost_its_zero_comes_back() -> None:
    (row,) = read(workbook([["ИНН", "К оплате"], [200010510, 1800]]), "a.xlsx").rows
    assert row.inn == "0200010510"


def test_the_one_sheet_with_a_header_is_taken_and_two_are_an_error() -> None:
    sheet = [["Номер", "К оплате"], ["ZV-1", 1800]]
    assert len(read(workbook([["Обложка"]], sheet), "a.xlsx").rows) == 1
    with pytest.raises(Rejected, match="more than one sheet could be the statement"):
        read(workbook(sheet, sheet), "a.xlsx")


def test_json_is_an_array_of_rows_or_an_object_with_a_total() -> None:
    rows = [{"number": "ZV-1", "payable": "1800.00", "tier": "2-9", "discount_rate": "40.00"}]
    assert first(read(json.dumps(rows).encode(), "a.json").rows).payable_kopecks == 180_000
    found = read(json.dumps({"rows": rows, "total": "1800.00"}).encode(), "a.json")
    assert (found.stated_total_kopecks, first(found.rows).discount_rate) == (180_000, 4000)


def test_a_profile_names_the_columns_of_the_operator() -> None:
    profile = Profile("operator", "statement", columns={"payable": "К перечислению правообладателю, руб."})
    content = csv_of(["Номер", "К перечислению правообладателю, руб."], ["ZV-1", "1800,00 руб."])
    assert first(read(content, profile=profile).rows).payable_kopecks == 180_000
    with pytest.raises(Rejected, match="applications, not for statements"):
        read(content, profile=Profile("office"))


def test_applications_given_as_a_statement_are_recognised() -> None:
    file = Path(__file__).parents[3] / "examples" / "applications" / "august.csv"
    with pytest.raises(Rejected, match="these are applications"):
        read(file.read_bytes())


def test_two_columns_for_one_field_are_an_error() -> None:
    faults = faults_of(csv_of(["Номер", "К оплате", "Сумма к оплате"], ["ZV-1", "1", "2"]))
    assert [fault.column for fault in faults] == ["payable"]


@pytest.mark.parametrize("in_workbook", [False, True])
def test_a_missing_column_is_named_once_with_what_was_found_and_a_profile(in_workbook: bool) -> None:
    rows = [["Отчёт"], ["Номер", "Клиент", "Перечислить оператору, руб."], ["ZV-1", "ООО", "1800"], ["ZV-2", "А", "1"]]
    with pytest.raises(Rejected) as caught:
        read(*(workbook(rows), "a.xlsx") if in_workbook else (csv_of(*rows),))
    (fault,) = caught.value.details
    assert (fault.row, fault.column, fault.sheet) == (2, "payable", "Sheet1" if in_workbook else None)
    assert str(caught.value.hint) == (
        "found in row 2: «Номер», «Клиент», «Перечислить оператору, руб.»\n"
        "name the right ones in mureg.toml, and read the file with --profile operator:\n\n"
        '[profile.operator]\nkind = "statement"\n\n[profile.operator.columns]\npayable = "Перечислить оператору, руб."'
    )


def test_of_a_number_and_an_inn_the_profile_names_what_there_is() -> None:
    with pytest.raises(Rejected, match="were not recognized") as caught:
        read(csv_of(["№ п/п", "Рег. №", "К оплате"], ["1", "ZV-1", "1"]))
    assert [fault.column for fault in caught.value.details] == ["number"]
    assert str(caught.value.hint).endswith('number = "Рег. №"')
    with pytest.raises(Rejected) as caught:
        read(csv_of(["№ п/п", "Контора", "К оплате"], ["1", "ZV-1", "1"]))
    assert str(caught.value.hint).endswith('number = "…"')


def test_a_profile_in_use_is_extended_and_not_repeated() -> None:
    with pytest.raises(Rejected) as caught:
        read(csv_of(["Номер", "Выплата"], ["1", "1"]), profile=Profile("op", "statement", columns={"number": "Номер"}))
    assert str(caught.value.hint).endswith('--profile op:\n\n[profile.op.columns]\npayable = "Выплата"')


def test_the_error_of_another_file_names_what_a_statement_needs() -> None:
    with pytest.raises(Rejected, match="no header found"):
        read(b"a;b\n1;2\n")


@pytest.mark.parametrize("first", ["Итоговая аттестация, АНО", "TOTAL-1", "Всегода"])
def test_a_name_or_a_number_that_begins_like_a_total_is_a_row(first: str) -> None:
    rows = [[first, "ZV-1", "1800,00"], ["ООО", "ZV-2", "1800,00"]]
    assert len(read(csv_of(["Наименование", "Номер", "К оплате"], *rows)).rows) == 2


def test_rows_below_a_subtotal_are_a_fault_and_never_lost() -> None:
    rows = [["ZV-1", "1800,00"], ["Итого по 2-9", "1800,00"], ["ZV-2", "3600,00"], ["Всего", "5400,00"]]
    (fault,) = faults_of(csv_of(["Номер", "К оплате"], *rows))
    assert (fault.row, fault.column) == (4, "payable")


def test_a_quote_that_is_never_closed_is_an_error_and_swallows_nothing() -> None:
    content = 'Номер;К оплате;Наименование\nZV-1;1,00;"ООО\nZV-2;1,00;ООО\n'.encode()
    with pytest.raises(Rejected, match="a quote may be opened and never closed"):
        read(content)


def test_a_cell_beyond_the_header_is_a_fault_since_the_amount_may_have_moved() -> None:
    (fault,) = faults_of("Номер;К оплате;Наименование\nZ1;1;800,00;ООО А\n".encode())
    assert (fault.row, fault.column) == (2, "payable")


def test_a_rate_in_json_is_always_in_percent() -> None:
    rows = [{"number": f"ZV-{rate}", "payable": "1.00", "discount_rate": rate} for rate in ("0.50", "1.00", "40.00")]
    assert [row.discount_rate for row in read(json.dumps(rows).encode(), "a.json").rows] == [50, 100, 4000]


@pytest.mark.parametrize(
    "document",
    [
        [{"number": "ZV-1", "payable": 1800}],
        [{"number": {"a": 1}, "payable": "1.00"}],
        [{"number": "ZV-1", "payable": "1.00", "amount": "2.00"}],
        {"rows": [{"number": "ZV-1", "payable": "1.00"}], "total": 1},
        {"rows": [{"number": "ZV-1", "payable": "1.00"}], "sum": "1.00"},
    ],
)
def test_json_that_is_not_quite_a_statement_is_rejected(document: object) -> None:
    with pytest.raises(Rejected):
        read(json.dumps(document).encode(), "a.json")


def test_a_fault_in_json_has_the_place_in_the_array() -> None:
    (fault,) = faults_of(
        json.dumps([{"number": "ZV-1", "payable": "1.00"}, {"number": "ZV-2", "payable": "x"}]).encode()
    )
    assert fault.row == 2


@pytest.mark.parametrize("text", [b"\xce\xce\xce \x98", b"a\x00b", b"#N/A"])
def test_a_text_that_cannot_be_kept_is_a_fault_and_no_crash(text: bytes) -> None:
    with pytest.raises(Rejected):
        read("Номер;К оплате;Наименование\nZV-1;1,00;".encode("cp1251") + text + b"\n")


def test_a_date_with_rubbish_behind_it_is_a_fault_and_one_with_a_time_is_not() -> None:
    header = ["Номер", "Дата", "К оплате"]
    assert first(read(csv_of(header, ["ZV-1", "2023-08-14 10:00:00", "1,00"])).rows).processed_on == date(2023, 8, 14)
    assert faults_of(csv_of(header, ["ZV-1", "2023-08-14 garbage", "1,00"]))[0].column == "processed_on"


def merged(rows: Sequence[Sequence[Any]], *ranges: tuple[int, int, int, int], left: int = 0) -> bytes:
    """A workbook with merged cells: (first row, column, last row, column), from 0, `left` columns from the edge."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for first, column, last, end in ranges:
            sheet.merge_range(first, column + left, last, end + left, "")
        for index, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(index, place + left, cell)
    return file.getvalue()


@pytest.mark.parametrize("left", [0, 2])
def test_an_inn_merged_over_several_rows_is_every_rows(left: int) -> None:
    rows: list[list[Any]] = [
        ["ИНН", "Наименование", "Вид расширения", "К оплате"],
        ["7700123459", "ООО «Ромашка»", "2-9", 1800],
        [None, None, "10+", 3600],
        ["7700010303", "ООО «Лютик»", "2-9", 1800],
    ]
    found = read(merged(rows, (1, 0, 2, 0), (1, 1, 2, 1), left=left), "a.xlsx")
    assert [(row.row, row.inn, row.name, row.tier) for row in found.rows] == [
        (2, "7700123459", "ООО «Ромашка»", "2-9"), (3, "7700123459", "ООО «Ромашка»", "10+"),
        (4, "7700010303", "ООО «Лютик»", "2-9"),
    ]  # fmt: skip


def test_a_header_of_two_rows_with_merged_cells_is_understood() -> None:
    rows: list[list[Any]] = [["№ заявления", "Суммы, руб.", None], [None, "Цена", "К оплате"], ["ZV-1", 3000, 1800]]
    (row,) = read(merged(rows, (0, 0, 1, 0), (0, 1, 0, 2)), "a.xlsx").rows
    assert (row.number, row.list_price_kopecks, row.payable_kopecks) == ("ZV-1", 300_000, 180_000)


def test_an_amount_merged_over_several_rows_is_a_fault_and_never_counted_twice() -> None:
    rows: list[list[Any]] = [["Номер", "К оплате"], ["ZV-1", 1800], ["ZV-2", None]]
    (fault,) = faults_of(merged(rows, (1, 1, 2, 1)), "a.xlsx")
    assert (fault.row, fault.column) == (3, "payable")
    assert "merged" in str(fault.message)


def test_a_spreadsheets_error_is_found_in_a_table_away_from_the_edge() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 1, ["Номер", "К оплате", "Наименование"])
        sheet.write_row(1, 1, ["ZV-1", 1800])
        sheet.write_formula(1, 3, "=NA()", None, "#N/A")
    (fault,) = faults_of(file.getvalue(), "a.xlsx")
    assert (fault.row, fault.column, fault.value) == (2, "name", "#N/A")


@pytest.mark.parametrize(("cell", "rate"), [(40.00000000000001, 4000), (12.5, 1250), (0.12500000000000003, 1250)])
def test_a_float_that_is_a_rate_but_for_its_inexactness_is_one(cell: float, rate: int) -> None:
    rows = [["Номер", "Скидка %", "К оплате"], ["ZV-1", cell, 1800]]
    (row,) = read(workbook(rows), "a.xlsx").rows
    assert row.discount_rate == rate


def test_a_date_without_a_date_format_is_the_day_that_excel_shows() -> None:
    (row,) = read(workbook([["Номер", "Дата", "К оплате"], ["ZV-1", 45152, 1800]]), "a.xlsx").rows
    assert row.processed_on == date(2023, 8, 14)


def test_a_sole_proprietor_with_a_kpp_is_a_fault() -> None:
    (fault,) = faults_of(csv_of(["ИНН", "КПП", "К оплате"], ["500000103391", "770001001", "1800"]))
    assert (fault.row, fault.column) == (2, "kpp")


@pytest.mark.parametrize("column", ["К оплате", "Скидка"])
def test_a_text_with_a_dot_in_a_workbook_is_no_number(column: str) -> None:
    rows: list[list[Any]] = [["Номер", "Скидка", "К оплате"], ["ZV-1", 1, 1800]]
    rows[1][rows[0].index(column)] = "1.800"
    (fault,) = faults_of(workbook(rows), "a.xlsx")
    assert (fault.row, fault.header, fault.value) == (2, column, "1.800")


@pytest.mark.parametrize("cell", ["1.800 руб.", " 1.800", "1799.9999999998 ₽"])
def test_a_text_with_a_currency_or_a_space_is_read_as_strictly_in_a_workbook(cell: str) -> None:
    (fault,) = faults_of(workbook([["Номер", "К оплате"], ["ZV-1", cell]]), "a.xlsx")
    assert (fault.row, str(fault.message)) == (2, "write the amount as 5400.00 or 5 400,00")


def test_the_header_is_looked_for_in_rows_and_not_in_lines() -> None:
    titles = [['"Отчёт\nза\nавгуст"']] * 20
    found = read(csv_of(*titles, ["Номер", "К оплате"], ["ZV-1", "1800"]))
    assert [row.row for row in found.rows] == [22]


def test_merged_cells_that_overlap_give_each_row_the_text_of_the_first_that_reaches_it() -> None:
    ranges = [(1, 0, 3, 0), (5, 0, 6, 0)]
    rows: list[list[Any]] = [
        ["ИНН", "К оплате"], ["7700123459", 1], [None, 2], [None, 3], ["7700010303", 4], ["770012345606", 5], [None, 6],
    ]  # fmt: skip
    found = read(merged(rows, *ranges), "a.xlsx")
    inns = ["7700123459"] * 3 + ["7700010303"] + ["770012345606"] * 2
    assert [(row.inn, row.payable_kopecks) for row in found.rows] == [
        (inn, 100 * amount) for amount, inn in enumerate(inns, start=1)
    ]


@pytest.mark.parametrize(
    "below", [["", "", "ООО «Ирис», доначислено", "1800"], ["", "7700123459", "", ""], ["Доплата", "", "", "18,00"]]
)
def test_an_amount_or_a_taxpayer_below_the_total_is_a_fault_whatever_is_beside_it(below: list[str]) -> None:
    header, row = ["Номер", "ИНН", "Наименование", "К оплате"], ["ZV-1", "7700123459", "ООО", "1800"]
    faults = faults_of(csv_of(header, row, ["Итого", "", "", "1800"], [""] * 4, below))
    assert [fault.row for fault in faults] == [5]


def test_vat_and_signatures_may_follow_the_total() -> None:
    header, row = ["Номер", "К оплате"], ["ZV-1", "1800"]
    below = [["в том числе НДС", "0,00"], ["НДС", "—"], ["Исполнитель: Иванова, тел. 123-45-67", ""]]
    assert read(csv_of(header, row, ["Итого", "1800"], *below)).stated_total_kopecks == 180_000


def test_a_firm_that_is_named_like_a_total_is_a_row_where_its_application_has_a_number() -> None:
    header = ["Наименование", "Номер", "К оплате"]
    found = read(csv_of(header, ["ООО Х", "ZV-1", "1800"], ["Всего Добра ООО", "ZV-2", "1800"]))
    assert [row.number for row in found.rows] == ["ZV-1", "ZV-2"]


def test_a_total_may_count_the_rows_and_be_beside_their_numbers() -> None:
    counted = csv_of(["Наименование", "Номер", "К оплате"], ["ООО Х", "ZV-1", "1800"], ["Итого:", "1", "1800"])
    assert read(counted).stated_total_kopecks == 180_000
    numbered = csv_of(["№ п/п", "Номер", "К оплате"], ["1", "ZV-1", "1800"], ["2", "Итого", "1800"])
    assert read(numbered).stated_total_kopecks == 180_000


@pytest.mark.parametrize("column", ["Цена", "Скидка", "К оплате", "Номер"])
def test_a_formula_whose_value_was_not_saved_is_a_fault(column: str) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    header = ["Номер", "Цена", "Скидка", "К оплате"]
    row: list[Any] = ["ZV-1", 3000, 1200, 1800]
    row[header.index(column)] = "=1+1"
    book.active.append(header)
    book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    (fault,) = faults_of(file.getvalue(), "a.xlsx")
    assert (fault.row, fault.header) == (2, column)


@pytest.mark.parametrize(
    "text", ['[{"number": "A", "payable": "1", "payable": "2"}]', '[{"number": "A", "payable": 1.5}]']
)
def test_json_with_a_key_twice_or_a_float_is_rejected(text: str) -> None:
    with pytest.raises(Rejected):
        read(text.encode(), "a.json")


def test_applications_in_json_given_as_a_statement_are_recognised() -> None:
    text = json.dumps([{"number": "A", "submitted_on": "2023-08-01", "organization": {"inn": "7700123459"}}])
    with pytest.raises(Rejected, match="these are applications") as caught:
        read(text.encode(), "a.json")
    assert "mureg application import" in str(caught.value.hint)


def test_a_decimal_comma_that_is_the_delimiter_too_is_a_fault() -> None:
    (fault,) = faults_of(csv_of(["Номер", "К оплате", "Примечание"], ["ZV-1", "1800", "50", ""], delimiter=","))
    assert fault.row == 2


def test_the_fault_of_a_date_shows_the_profiles_format() -> None:
    profile = Profile("operator", kind="statement", date_format="%d/%m/%Y")
    with pytest.raises(Rejected) as caught:
        read(csv_of(["Номер", "Дата", "К оплате"], ["ZV-1", "2023-08-08", "1800"]), profile=profile)
    assert "%d/%m/%Y" in str(caught.value.details[0].message)
