"""Lists as files: CSV and workbooks that Excel opens, JSON, and the format that the file's name says."""

import csv
import json
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from support.command_line import Mureg
from support.sample_data import application, begin, listed, owner, write_json

LISTS = {
    "application list": 17, "licence list": 12, "organization list": 14, "history": 8, "month list": 1,
}  # fmt: skip


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(("words", "count"), LISTS.items())
def test_every_list_is_written_in_every_format(example: Mureg, words: str, count: int) -> None:
    command = words.split()
    pipe = example.done(*command)
    heading, *lines = pipe.out.splitlines()
    assert len(lines) == count
    noun = {"history": "operation", "month list": "month"}.get(words, words.split(maxsplit=1)[0])
    assert pipe.err == f"{count} {noun}{'s' if count > 1 else ''}\n"
    ended = example.done(*command, "-o", "list.csv")
    assert (ended.out, ended.err) == ("", f"written: list.csv\n{pipe.err}")
    rows = csv_rows(Path("list.csv").read_bytes())
    assert rows[0] == heading.split("\t")
    assert len(rows) == count + 1
    example.done(*command, "-o", "list.XLSX")
    (sheet,) = load_workbook("list.XLSX").worksheets
    assert [cell.value for cell in sheet[1]] == heading.split("\t")
    assert (sheet.max_row, sheet.freeze_panes) == (count + 1, "A2")
    assert sheet.auto_filter.ref.startswith("A1:")
    asked = example(*command, "--json")
    assert (asked.code, asked.err, len(asked.json)) == (0, "", count)
    assert example.done(*command, "--format", "json").out == asked.out
    example.done(*command, "-o", "list.json")
    assert json.loads(Path("list.json").read_text(encoding="utf-8")) == asked.json


def test_csv_and_workbook_have_typed_cells(example: Mureg) -> None:
    command = ("licence", "list", "--inn", "7700010303", "--on", "2024-08-01")
    (_, row) = csv_rows(example.done(*command, "--format", "csv").out.encode())
    assert row[:8] == [
        "ZV-1030", "7700010303", "770001001", "ООО «Лютик»", "2 to 9", "08.08.2023", "07.08.2024", "6",
    ]  # fmt: skip
    assert row[-1] == "3000,00"
    example.done(*command, "-o", "a.xlsx")
    cells = list(load_workbook("a.xlsx").worksheets[0])[1]
    assert [cell.value for cell in cells[:8]] == [
        "ZV-1030", "7700010303", "770001001", "ООО «Лютик»", "2 to 9", datetime.fromisoformat("2023-08-08"),
        datetime.fromisoformat("2024-08-07"), 6,
    ]  # fmt: skip
    assert (cells[-1].value, cells[-1].number_format) == (3000, "#,##0.00")
    assert (cells[1].data_type, cells[5].number_format) == ("s", "dd.mm.yyyy")


def test_a_clients_text_is_no_formula_in_any_format(mureg: Mureg) -> None:
    begin(mureg)
    evil = {"name": "=HYPERLINK(1)", "phone": "+7 495 000-00-01"}
    sale = application("A-1", status="processed", processed_on="2023-08-14", organization=evil)
    mureg.done("application", "import", write_json("a.json", sale))
    for words in (["application", "list"], ["licence", "list"], ["organization", "list"]):
        _, row = csv_rows(mureg.done(*words, "--format", "csv").out.encode())
        assert "'=HYPERLINK(1)" in row
        mureg.done(*words, "-o", "a.xlsx")
        (sheet,) = load_workbook("a.xlsx").worksheets
        assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d"}
    assert "'+7 495 000-00-01" in mureg.done("licence", "list", "--format", "csv").out


def test_headings_and_labels_are_in_the_users_language(example: Mureg) -> None:
    heading, first, *_ = csv_rows(example.done("application", "list", "--format", "csv", lang="ru").out.encode())
    assert heading[:3] == ["Номер", "Тип", "Отправлено"]
    assert first[1] == "На подключение"
    assert example.done("application", "list", lang="ru").err == "17 заявлений\n"


def test_a_terminal_gets_no_workbook_and_a_file_no_register(example: Mureg) -> None:
    ended = example("application", "list", "--format", "xlsx", terminal=True)
    assert (ended.code, ended.out) == (2, "")
    ended = example("application", "list", "--format", "json", "-o", "mureg.toml")
    assert (ended.code, ended.out) == (5, "")
    for options in (["--format", "csv"], ["-o", "a.csv"]):
        ended = example("application", "list", "--json", *options)
        assert (ended.code, ended.out) == (2, "")
    example.done("application", "list", "--json", "-o", "a.txt")
    assert len(json.loads(Path("a.txt").read_text(encoding="utf-8"))) == 17


def test_a_sheet_has_so_many_rows(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mureg.reports.lists.xlsx._MOST_ROWS", 16)
    ended = example("application", "list", "-o", "a.xlsx")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == "Error: a sheet cannot hold more than 16 rows\nuse --format csv\n"
    assert not Path("a.xlsx").exists()


# --- what the lists were narrowed by ----------------------------------------------------------------------------------


def test_applications_are_chosen_by_type_month_of_submission_and_warnings(mureg: Mureg) -> None:
    begin(mureg)
    file = write_json(
        "a.json",
        application("A-1", users=1),
        application("A-2", type="change", submitted_on="2023-09-30"),
        application("A-3", type="renewal", submitted_on="2023-10-01", owners=[owner(1), owner(1)]),
    )
    mureg.done("application", "import", file)
    assert listed(mureg, "--type", "renewal") == ["A-3"]
    assert listed(mureg, "--submitted-in", "2023-09") == ["A-2"]
    assert listed(mureg, "--warnings") == ["A-1", "A-3"]
    assert listed(mureg, "--warnings", "--limit", "1", "--reverse") == ["A-3"]
    (row,) = mureg.done("application", "list", "--type", "connection").out.splitlines()[1:]
    assert row.endswith("\t1\tnew\t1")


def test_the_history_is_narrowed_and_the_newest_comes_first(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(mureg)
    mureg.done("application", "import", write_json("a.json", application("A-1"), application("A-2")))
    monkeypatch.setenv("MUREG_USER", "olga")
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")

    def operations(*options: str) -> list[int]:
        return [each["operation"] for each in mureg.done("history", "--json", *options).json]

    assert operations() == [2, 1]
    assert operations("--reverse") == [1, 2]
    assert operations("--limit", "1") == [2]
    assert operations("--by", "olga") == [2]
    assert operations("--by", "nobody") == []
    assert operations("--since", "today") == [2, 1]
    assert operations("--since", "9999-01-01") == []
    assert operations("--since", "1900-01-01") == [2, 1]
    assert operations("--by", "tester", "--since", "2023-08-14") == [1]
    assert mureg("history", "NOPE").code == 3


def test_the_history_shows_local_time_and_json_utc(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(mureg).done("application", "import", write_json("a.json", application("A-1")))
    (record,) = mureg.done("history", "--json").json
    instant = datetime.fromisoformat(record["at"])
    assert record["at"].endswith("Z")
    (line,) = mureg.done("history").out.splitlines()[1:]
    assert line.split("\t")[1] == instant.astimezone().strftime("%Y-%m-%d %H:%M")
    for lang, pattern in (("en", "%Y-%m-%d %H:%M"), ("ru", "%d.%m.%Y %H:%M")):
        assert instant.astimezone().strftime(pattern) in mureg.done("history", terminal=True, lang=lang).out


def test_the_history_names_the_month_and_the_file_of_a_reconciliation(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", "examples/statement/operator-2023-08.csv")
    line = example.done("history", "--limit", "1").out.splitlines()[1]
    assert line.split("\t")[3:] == ["reconcile", "", "2023-08, operator-2023-08.csv"]
    (first, *_) = example("reconcile", "--month", "2023-08", "--json").json["discrepancies"]
    example.done("month", "accept", "2023-08", first["id"], "--reason", "письмо")
    line = example.done("history", "--limit", "1").out.splitlines()[1]
    assert line.split("\t")[3:] == ["month accept", "", "2023-08"]
