"""`mureg reconcile --format csv`: what Excel in Russia opens by a double click."""

import csv
import io
from pathlib import Path

import pytest

from cli.making import application, begin, inn_of, write_json
from conftest import Mureg

COMMAND = ("reconcile", "--month", "2023-08", "--format", "csv")


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_it_has_a_bom_semicolons_and_decimal_commas(example: Mureg) -> None:
    out = example.done(*COMMAND).out
    assert out.startswith("\ufeffNumber;Processed;")
    assert out.count("\r\n") == 13
    first, *rows, total = cells(out)[1:]
    assert first == [
        "ZV-1030", "08.08.2023", "7700010303", "770001001", "ООО «Лютик»", "2 to 9", "3000,00", "40,00", "1200,00",
        "1800,00", "Welcome!", "0,00",
    ]  # fmt: skip
    assert len(rows) == 10
    assert total[0] == "Total"
    assert total[5:10] == ["11", "45000,00", "", "18000,00", "27000,00"]


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
    rows = cells(mureg.done(*COMMAND).out)
    assert len(rows) == 3
    for cell in (rows[1][0], rows[1][4], rows[1][10]):
        assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_it_goes_into_a_file(example: Mureg) -> None:
    ended = example.done(*COMMAND, "-o", "август.csv")
    assert (ended.out, ended.err) == ("", "written: август.csv\n")
    assert Path("август.csv").read_bytes() == example.done(*COMMAND).out.encode()


def test_a_file_that_cannot_be_written_is_rejected(example: Mureg) -> None:
    ended = example(*COMMAND, "-o", "no/such/folder.csv")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("Error: no/such/folder.csv cannot be written: ")


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
