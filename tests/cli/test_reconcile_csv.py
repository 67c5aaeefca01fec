"""`mureg reconcile --format csv`: what Excel in Russia opens by a double click."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest

from support.command_line import Mureg
from support.sample_data import application, begin, inn_of, write_json

COMMAND = ("reconcile", "--month", "2023-08", "--format", "csv")


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def part(mureg: Mureg, name: str) -> list[list[str]]:
    """A table of the month, without its headings."""
    return cells(mureg(*COMMAND, "--part", name).out)[1:]


def test_it_has_a_bom_semicolons_and_decimal_commas(example: Mureg) -> None:
    out = example.done(*COMMAND).out
    assert out.startswith("\ufeffNumber;Processed;")
    assert out.count("\r\n") == out.count("\n")
    _, first, *rows = cells(out)
    assert first == [
        "ZV-1030", "08.08.2023", "7700010303", "770001001", "ООО «Лютик»", "2 to 9", "3000,00", "40,00", "1200,00",
        "1800,00", "Welcome!", "0,00", "sale", "",
    ]  # fmt: skip
    assert len(rows) == 10
    assert len({len(row) for row in cells(out)}) == 1


def test_the_totals_are_a_table_of_their_own(example: Mureg) -> None:
    assert part(example, "totals") == [
        ["2 to 9", "7", "21000,00", "8400,00", "12600,00"],
        ["10 and more", "4", "24000,00", "9600,00", "14400,00"],
        ["Total", "11", "45000,00", "18000,00", "27000,00"],
    ]


def test_discrepancies_and_the_statement_are_tables_of_their_own(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", "examples/statement/operator-2023-08.csv")
    example.done("month", "accept", "2023-08", "ZV-1032", "--reason", "=письмо")
    assert part(example, "totals")[3:] == [
        ["Theirs", "", "", "", "25200,00"],
        ["Difference", "", "", "", "-1800,00"],
    ]
    pairs = {row[0]: row[1:] for row in part(example, "discrepancies")}
    assert pairs["ZV-1032"] == [
        "Different tier, Different list price, Different amount payable", "АО «Подсолнух»", "7700010328", "770001001",
        "5", "10 and more", "6000,00", "40,00", "2400,00", "3600,00", "2 to 9", "3000,00", "40,00", "", "1800,00",
        "-1800,00", "the operator's figure: =письмо",
    ]  # fmt: skip
    assert pairs["ZV-1042"][4:] == [
        "13", "", "", "", "", "", "10 and more", "6000,00", "40,00", "", "3600,00", "3600,00", "unresolved",
    ]  # fmt: skip
    rows = part(example, "statement")
    assert len(rows) == 11
    assert rows[0][:2] == ["3", "ZV-1030"]


def test_a_total_that_contradicts_its_rows_shows_both_amounts(example: Mureg) -> None:
    Path("other.csv").write_text("Номер;Сумма к оплате\nZV-1030;1800,00\nИтого;1801,00\n", encoding="utf-8")
    example("reconcile", "--month", "2023-08", "--statement", "other.csv")
    (total,) = [row for row in part(example, "discrepancies") if row[0] == "total"]
    assert (total[2], total[15], total[16]) == ("rows: 1800,00", "1801,00", "")


def test_corrections_follow_the_sales_and_say_what_they_are(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", "examples/statement/operator-2023-08.csv")
    example.done("month", "carry", "2023-08", "ZV-1045", "--reason", "в сентябре")
    example.done("month", "accept", "2023-08", "ZV-1032", "ZV-1042", "--reason", "письмо")
    example.done("application", "reject", "ZV-1042", "--comment", "отозвано", "--on", "2023-08-30")
    example.done("month", "close", "2023-08")
    example.done("application", "cancel", "ZV-1030", "--reason", "ошибка", "--on", "2023-09-02")
    rows = "number,submitted_on,inn,name,multiuser,users\nA-1,2023-08-01,7700123459,ООО,on,3\n"
    rows += "A-2,2023-08-20,7707083893,ПАО,on,3\n"
    Path("more.csv").write_text(rows, encoding="utf-8")
    example.done("application", "import", "more.csv")
    example.done("application", "process", "A-1", "--on", "2023-09-05")
    example.done("application", "process", "A-2", "--on", "2023-08-21", "--late")
    command = ("reconcile", "--month", "2023-09")
    _, *charges = cells(example.done(*command, "--format", "csv").out)
    assert [(row[0], row[9], *row[12:]) for row in charges] == [
        ("A-1", "1800,00", "sale", ""),
        ("ZV-1030", "-1800,00", "cancellation", "2023-08"),
        ("A-2", "1800,00", "processed late", "2023-08"),
        ("ZV-1045", "3600,00", "carried over", "2023-08"),
    ]
    shown = example.done(*command).out
    sales, corrections = shown.split("Corrections of closed months\n")
    assert "A-1\t" in sales.split("Sales\n")[1]
    assert re.search("^ZV-1030\t.*\tcancellation\t2023-08$", corrections, re.MULTILINE)


@pytest.mark.parametrize("name", ["discrepancies", "statement"])
def test_without_a_statement_its_tables_are_refused(example: Mureg, name: str) -> None:
    ended = example(*COMMAND, "--part", name)
    assert (ended.code, ended.out) == (5, "")
    assert "--statement FILE" in ended.err


@pytest.mark.parametrize("options", [["--format", "json", "--part", "totals"], ["--format", "csv", "--part", "sums"]])
def test_a_part_is_one_of_csv(example: Mureg, options: list[str]) -> None:
    for command in (("reconcile", "--month", "2023-08"), ("month", "show", "2023-08")):
        ended = example(*command, *options)
        assert (ended.code, ended.out) == (2, "")


def test_a_rounding_difference_has_a_row_and_the_column_adds_up(example: Mureg) -> None:
    settings = Path("mureg.toml").read_text(encoding="utf-8")
    settings = settings.replace('rounding = "licence"', 'rounding = "total"').replace('rate = "40%"', 'rate = "33.33%"')
    Path("mureg.toml").write_text(settings.replace('amount = "3000.00"', 'amount = "3000.01"'), encoding="utf-8")
    rows = part(example, "totals")
    assert [row[0] for row in rows] == ["2 to 9", "10 and more", "Rounding difference", "Total"]
    for column in (3, 4):
        amounts = [Decimal(row[column].replace(",", ".")) for row in rows]
        assert sum(amounts[:-1]) == amounts[-1]
        assert amounts[-2] != 0


def test_a_field_with_a_semicolon_and_quotes_stays_one(example: Mureg) -> None:
    assert cells(example.done(*COMMAND).out)[2][4] == 'ООО «Торговый дом "Василёк"; опт и розница»'


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "ascii"])
def test_it_is_utf_8_whatever_the_console(example: Mureg, encoding: str) -> None:
    ended = example.done(*COMMAND, encoding=encoding)
    # The runner reads bytes in the console's encoding where it can.
    out = ended.out if ended.out.startswith("\ufeff") else ended.out.encode(encoding).decode()
    assert out == example.done(*COMMAND).out


@pytest.mark.parametrize(
    "name", ["=1+1", "+7 495", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.example")', "＝1", " =1", "\n=1"]
)
def test_a_clients_name_never_becomes_a_formula(mureg: Mureg, name: str) -> None:
    begin(mureg)
    sale = application(
        "=A-1", status="processed", processed_on="2023-08-14", promotion="@promo", organization={"name": name}
    )
    mureg.done("application", "import", write_json("a.json", sale))
    _, row = cells(mureg.done(*COMMAND).out)
    for cell in (row[0], row[4], row[10]):
        assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_it_goes_into_a_file(example: Mureg) -> None:
    ended = example.done(*COMMAND, "-o", "август.csv")
    assert (ended.out, ended.err) == ("", "written: август.csv\n")
    assert Path("август.csv").read_bytes() == example.done(*COMMAND).out.encode()


def test_a_file_that_cannot_be_written_is_rejected(example: Mureg) -> None:
    ended = example(*COMMAND, "-o", "no/such/folder.csv")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("Error: cannot write no/such/folder.csv: ")


def test_its_headings_are_russian_for_russians(example: Mureg) -> None:
    out = example.done(*COMMAND, lang="ru").out
    assert "ИНН;КПП" in out
    assert "от 2 до 9" in out


def test_an_inn_with_a_leading_zero_is_whole(mureg: Mureg) -> None:
    begin(mureg)
    inn = next(f"05{n:07d}{d}" for n in range(10) for d in range(10) if inn_ok(f"05{n:07d}{d}"))
    sale = application(
        "A-1", status="processed", processed_on="2023-08-14", organization={"inn": inn, "kpp": "050001001"}
    )
    mureg.done("application", "import", write_json("a.json", sale))
    assert cells(mureg.done(*COMMAND).out)[1][2] == inn
    assert inn_of(7000).startswith("77")


def inn_ok(text: str) -> bool:
    from mureg.domain.identifiers import is_inn

    return is_inn(text)
