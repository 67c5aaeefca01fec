"""`mureg reconcile --format csv`: what Excel in Russia opens by a double click."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from support.command_line import Mureg
from support.sample_data import application, begin, inn_of, write_json

COMMAND = ("reconcile", "--month", "2023-08", "--format", "csv")


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def licences(text: str) -> list[list[str]]:
    """The list with its totals, which ends at the empty line."""
    _, *rows = cells(text)
    return rows[: rows.index([])]


def test_it_has_a_bom_semicolons_and_decimal_commas(example: Mureg) -> None:
    out = example.done(*COMMAND).out
    assert out.startswith("\ufeffNumber;Processed;")
    assert out.count("\r\n") == out.count("\n")
    first, *rows, smaller, larger, total = licences(out)
    assert first == [
        "ZV-1030", "08.08.2023", "7700010303", "770001001", "ООО «Лютик»", "2 to 9", "3000,00", "40,00", "1200,00",
        "1800,00", "Welcome!", "0,00", "",
    ]  # fmt: skip
    assert len(rows) == 10
    assert (smaller[0], *smaller[5:10]) == ("2 to 9", "7", "21000,00", "", "8400,00", "12600,00")
    assert (larger[0], *larger[5:10]) == ("10 and more", "4", "24000,00", "", "9600,00", "14400,00")
    assert (total[0], *total[5:10]) == ("Total", "11", "45000,00", "", "18000,00", "27000,00")


def test_the_act_follows_the_list(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", "examples/statement/operator-2023-08.csv")
    example.done("month", "accept", "2023-08", "ZV-1032", "--reason", "=письмо")
    rows = cells(example(*COMMAND).out)
    facts = {row[0]: row[1:] for row in rows[rows.index([]) + 1 :] if row}
    assert facts["State"] == ["draft; the reconciliation is not finished"]
    assert facts["Contract"] == ["С-15/2023"]
    assert (facts["Ours"], facts["Theirs"], facts["Difference"]) == (["27000,00"], ["25200,00"], ["-1800,00"])
    assert facts["НДС не облагается (пп. 26 п. 2 ст. 149 НК РФ)"] == []
    assert facts["ZV-1032"] == [
        "Different tier (10 and more / 2 to 9), Different list price, Different amount payable", "7700010328",
        "770001001", "АО «Подсолнух»", "3600,00", "1800,00", "-1800,00", "the operator's figure: =письмо",
    ]  # fmt: skip
    assert facts["ZV-1042"][-4:] == ["", "3600,00", "3600,00", "unresolved"]


def test_a_rounding_difference_has_a_row_and_the_column_adds_up(example: Mureg) -> None:
    settings = Path("mureg.toml").read_text(encoding="utf-8")
    settings = settings.replace('rounding = "licence"', 'rounding = "total"').replace('rate = "40%"', 'rate = "33.33%"')
    Path("mureg.toml").write_text(settings.replace('amount = "3000.00"', 'amount = "3000.01"'), encoding="utf-8")
    *charges, _, _, difference, total = licences(example.done(*COMMAND).out)
    assert difference[0] == "Rounding difference"
    payable = [Decimal(row[9].replace(",", ".")) for row in (*charges, difference, total)]
    assert sum(payable[:-1]) == payable[-1]
    assert payable[-2] != 0


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
    row, *_ = licences(mureg.done(*COMMAND).out)
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
