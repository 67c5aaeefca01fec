"""`--format html` and `pdf` of `reconcile` and `month show`: whole files, in a language, in a given place."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from mureg.reports.month import pdf
from support.command_line import Mureg

STATEMENT = "examples/statement/operator-2023-08.csv"


@pytest.mark.parametrize(
    ("lang", "title"), [("ru", "Акт сверки № 2023-08"), ("en", "Act of reconciliation No. 2023-08")]
)
def test_html_goes_to_stdout_in_the_users_language(example: Mureg, lang: str, title: str) -> None:
    ended = example.done("month", "show", "2023-08", "--format", "html", lang=lang)
    assert ended.out.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in ended.out
    assert f"<title>{title}</title>" in ended.out
    assert ended.err == ""


def test_pdf_goes_into_a_file_and_the_differences_are_still_reported(example: Mureg) -> None:
    command = ("reconcile", "--month", "2023-08", "--statement", STATEMENT, "--format", "pdf", "-o", "act.pdf")
    ended = example(*command)
    assert (ended.code, ended.out) == (6, "")
    assert "written: act.pdf\n" in ended.err
    assert "3 discrepancies are unresolved" in ended.err
    assert Path("act.pdf").read_bytes().startswith(b"%PDF-")


def test_a_closed_month_has_its_documents_from_what_was_frozen(example: Mureg) -> None:
    example.done("application", "reject", "ZV-1042", "--comment", "отозвано", "--on", "2023-08-30")
    example.done("month", "close", "2023-08", "--without-statement", "--reason", "отчёта не было")
    settings = Path("mureg.toml").read_text(encoding="utf-8")
    Path("mureg.toml").write_text(settings.replace('amount = "3000.00"', 'amount = "9999.00"'), encoding="utf-8")
    page = example.done("month", "show", "2023-08", "--format", "html").out
    assert "27,000.00" in page
    assert "9,999.00" not in page
    assert "the reconciliation is not finished" not in page


def test_the_chart_has_the_months_before_and_none_after(example: Mureg) -> None:
    rows = "number,submitted_on,inn,name,multiuser,users\n" + "".join(
        f"A-{month},2023-{month:02d}-01,7700123459,ООО,on,3\n" for month in (9, 10, 12)
    )
    Path("more.csv").write_text(rows, encoding="utf-8")
    example.done("application", "import", "more.csv")
    for month in (9, 10, 12):
        example.done("application", "process", f"A-{month}", "--on", f"2023-{month:02d}-02")
    page = example.done("reconcile", "--month", "2023-11", "--format", "html").out
    _, _, chart = page.partition("Payable by month")
    labels = [word for word in ("August", "September", "October", "November", "December") if f">{word} 2023<" in chart]
    # November is empty.
    assert labels == ["August", "September", "October"]


@pytest.mark.parametrize("format_", ["pdf", "xlsx"])
def test_a_terminal_gets_no_bytes(example: Mureg, format_: str) -> None:
    ended = example("month", "show", "2023-08", "--format", format_, terminal=True)
    assert ended.code == 2
    assert ended.out == ""
    assert f"-o act.{format_}" in ended.err


@pytest.mark.parametrize(
    ("ending", "begin"),
    [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF"), ("json", b'{"month"')],
)
@pytest.mark.parametrize("command", [("reconcile", "--month", "2023-08"), ("month", "show", "2023-08")])
def test_the_ending_of_the_file_says_the_format(
    example: Mureg, command: tuple[str, ...], ending: str, begin: bytes
) -> None:
    ended = example.done(*command, "-o", f"month.{ending}")
    assert ended.out == ""
    assert Path(f"month.{ending}").read_bytes().startswith(begin)


def test_what_is_too_long_for_a_pdf_is_a_workbook_beside_it(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    example("reconcile", "--month", "2023-08", "--statement", STATEMENT)
    monkeypatch.setattr(pdf, "MOST_ROWS", 16)
    command = ("month", "show", "2023-08", "--format", "pdf")
    ended = example(*command, "-o", "act.pdf")
    assert ended.code == 6
    assert ended.err.startswith("written: act.licences.xlsx\nwritten: act.pdf\n")
    text = " ".join(page.extract_text() for page in PdfReader("act.pdf").pages)
    assert "The list of licences (11) is in the annex act.licences.xlsx." in " ".join(text.split())
    assert "ZV-1032" in text
    assert "ZV-1030" not in text
    assert load_workbook("act.licences.xlsx").sheetnames == ["Discrepancies", "Licence list"]
    monkeypatch.setattr(pdf, "MOST_ROWS", 5)
    example(*command, "-o", "act.pdf")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader("act.pdf").pages).split())
    assert "The discrepancies and the list of licences (11) are in the annex act.licences.xlsx." in text
    assert "3 discrepancies" in text
    assert "ZV-1032" not in text
    ended = example(*command)
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.endswith("which needs a name\nspecify a file: -o act.pdf\n")


def test_an_annex_is_not_written_over_an_input_or_a_register(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_ROWS", 5)
    command = ("reconcile", "--month", "2023-08", "--format", "pdf", "-o", "a.pdf")
    statement = Path("a.licences.xlsx")
    statement.write_bytes(Path(STATEMENT).read_bytes())
    ended = example(*command, "--statement", "a.licences.xlsx", "--dry-run")
    assert ended.code == 5
    assert "a.licences.xlsx is not overwritten: it is an input of this command" in ended.err
    assert statement.read_bytes() == Path(STATEMENT).read_bytes()
    assert not Path("a.pdf").exists()
