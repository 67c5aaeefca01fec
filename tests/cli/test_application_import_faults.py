"""`mureg application import`: all faults of all files are reported together, and nothing is written."""

import shutil
from pathlib import Path

import pytest

from support.command_line import Ended, Mureg
from support.sample_data import EXAMPLES, application, begin, row, write_json, write_table, xml

FAULTS = EXAMPLES / "faults"


@pytest.fixture
def empty(mureg: Mureg) -> Mureg:
    """An empty register, with the example's contract, and the wrong files at hand."""
    for file in FAULTS.iterdir():
        shutil.copy(file, file.name)
    return begin(mureg)


def count(mureg: Mureg) -> int:
    return len(mureg.done("application", "list", "--json").json)


def test_all_faults_are_in_the_details(empty: Mureg) -> None:
    ended = empty("application", "import", "wrong.csv", "--json")
    assert (ended.code, ended.out) == (4, "")
    error = ended.error
    assert set(error) == {"code", "message", "hint", "details"}
    assert error["code"] == "rejected"
    assert all(
        set(detail) == {"file", "sheet", "row", "column", "header", "value", "message"} for detail in error["details"]
    )
    assert [(detail["row"], detail["column"], detail["header"], detail["value"]) for detail in error["details"]] == [
        (3, "inn", "ИНН", "7700123458"),
        (4, "submitted_on", "Дата", "31.02.2023"),
        (5, "tier", "Вид расширения", "от 5 до 7"),
        (6, "number", "№ заявления", ""),
        (7, "kpp", "КПП", "7700010"),
        (7, "multiuser", "Многопользовательский режим", "возможно"),
        (8, "number", None, None),
    ]
    assert {detail["file"] for detail in error["details"]} == {"wrong.csv"}
    assert count(empty) == 0
    assert empty.done("history", "--json").json == []


@pytest.mark.parametrize(
    ("lang", "advice"),
    [("en", "with a profile of mureg.toml (office, bank):"), ("ru", "с профилем из mureg.toml (office, bank):")],
)
def test_a_folder_with_tables_of_their_own_headers_names_the_command_for_each(
    empty: Mureg, lang: str, advice: str
) -> None:
    settings = Path("mureg.toml").read_text(encoding="utf-8")
    Path("mureg.toml").write_text(settings + '\n[profile.bank]\nkind = "applications"\n', encoding="utf-8")
    Path("in box").mkdir()
    write_table("in box/a.csv", row("A-1"))
    for name in ("b.csv", "c.csv"):
        shutil.copy(EXAMPLES / "applications" / "other_columns.csv", Path("in box", name))
    lines = empty("application", "import", "in box", lang=lang).err.splitlines()
    place = lines.index(advice)
    assert lines[place + 1 : place + 3] == [
        f'mureg application import "{Path("in box", name)}" --profile NAME' for name in ("b.csv", "c.csv")
    ]
    assert "a.csv" not in "".join(lines)
    partial = empty("application", "import", "in box", "--partial", lang=lang)
    assert partial.code == 4
    assert advice in partial.err
    assert count(empty) == 1


def test_with_a_profile_no_other_profile_is_advised(empty: Mureg) -> None:
    ended = empty("application", "import", write_table("a.csv", row("A-1")), "--profile", "office")
    assert ended.code == 4
    assert "--profile" not in ended.err


def test_all_faults_are_on_stderr_with_their_places(empty: Mureg) -> None:
    ended = empty("application", "import", "wrong.csv")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("Error: 7 errors in the input; nothing was written\n")
    lines = ended.err.splitlines()
    assert "  wrong.csv, row 3, ИНН: «7700123458» — the check digit of the ИНН is wrong: a digit is mistyped" in lines
    assert any(line.startswith("  wrong.csv, row 4, Дата: «31.02.2023» ") for line in lines)
    assert lines[-1] == "fix the input and import it again, or import only the valid rows: --partial"


def test_faults_of_several_files_are_reported_together(empty: Mureg) -> None:
    write_table("good.csv", row("A-1"))
    write_table("bad.csv", row("A-2", inn="1"))
    ended = empty("application", "import", "good.csv", "bad.csv", "dtd.xml", "wrong.csv", "--json")
    assert ended.code == 4
    assert {detail["file"] for detail in ended.error["details"]} == {"bad.csv", "dtd.xml", "wrong.csv"}
    assert count(empty) == 0


def test_a_file_that_cannot_be_opened_is_one_of_the_faults(empty: Mureg) -> None:
    write_table("bad.csv", row("A-2", inn="1"))
    Path("loop.csv").symlink_to("loop.csv")
    ended = empty("application", "import", "bad.csv", "loop.csv", "--json")
    assert ended.code in (3, 4)
    assert ended.out == ""
    assert count(empty) == 0


def test_partial_writes_the_good_rows_and_reports_the_others(empty: Mureg) -> None:
    ended = empty("application", "import", "wrong.csv", "--partial")
    assert ended.code == 4
    assert "Added: 1\n" in ended.out
    assert "7 errors in the input; the valid rows were written" in ended.err
    assert [item["number"] for item in empty.done("application", "list", "--json").json] == ["ZV-9001"]


def test_partial_in_json_has_the_result_and_the_error(empty: Mureg) -> None:
    ended = empty("application", "import", "wrong.csv", "--partial", "--json")
    assert ended.code == 4
    assert (ended.json["added"], ended.json["operation"]) == (1, 1)
    assert len(ended.json["errors"]) == 7
    assert ended.json["errors"] == ended.error["details"]


def test_partial_without_a_fault_is_like_any_import(empty: Mureg) -> None:
    assert empty("application", "import", write_table("a.csv", row("A-1")), "--partial").code == 0


def test_partial_with_no_good_row_writes_nothing(empty: Mureg) -> None:
    ended = empty("application", "import", write_table("a.csv", row("A-1", inn="1")), "--partial", "--json")
    assert (ended.code, ended.json["added"], ended.json["operation"]) == (4, 0, None)
    assert empty.done("history", "--json").json == []


def test_partial_leaves_a_row_out_whole_when_a_rule_refuses_it(empty: Mureg) -> None:
    """A processed application that the rules do not let in is no good row, not even as a new one."""
    processed = application("A-1", status="processed", processed_on="2023-07-31", submitted_on="2023-07-01")
    ended = empty("application", "import", write_json("a.json", processed, application("A-2")), "--partial", "--json")
    assert ended.code == 4
    assert [item["number"] for item in empty.done("application", "list", "--json").json] == ["A-2"]


def test_a_rule_that_refuses_a_processed_application_is_a_fault_at_its_place(empty: Mureg) -> None:
    processed = application("A-1", status="processed", processed_on="2023-07-31", submitted_on="2023-07-01")
    ended = empty("application", "import", write_json("a.json", application("A-2"), processed), "--json")
    assert (ended.code, ended.out) == (4, "")
    (detail,) = ended.error["details"]
    assert (detail["file"], detail["row"]) == ("a.json", 2)
    assert "sold from 2023-08-01" in detail["message"]
    assert count(empty) == 0


def test_many_faults_are_all_in_json_and_fifty_on_stderr(empty: Mureg) -> None:
    write_table("a.csv", *(row(f"A-{serial}", inn="1") for serial in range(70)))
    assert len(empty("application", "import", "a.csv", "--json").error["details"]) == 70
    lines = empty("application", "import", "a.csv").err.splitlines()
    assert "  … and 20 more: --json shows all" in lines
    assert len(lines) == 53


def test_personal_data_is_not_repeated_by_a_fault(empty: Mureg) -> None:
    wrong = application("A-1")
    wrong["owners"][0] |= {"snils": "123-456-789 00", "name": 7}
    ended = empty("application", "import", write_json("a.json", wrong), "--json")
    assert ended.code == 4
    assert "123-456-789" not in ended.err
    assert all(detail["value"] is None for detail in ended.error["details"])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04rest", b"%PDF-1.4", b"hello", b"{", b"[1]", b"<a/>"])
def test_what_is_no_application_is_rejected(empty: Mureg, content: bytes) -> None:
    Path("a.bin").write_bytes(content)
    ended = empty("application", "import", "a.bin", "--json")
    assert (ended.code, ended.out) == (4, "")
    assert [detail["file"] for detail in ended.error["details"]] == ["a.bin"]


def test_a_missing_file_is_not_found(empty: Mureg) -> None:
    assert empty("application", "import", "nofile.csv") == Ended(
        3, "", "Error: no such file: nofile.csv\ncheck the name and the folder\n"
    )


def test_an_import_without_files_is_wrong_usage(empty: Mureg) -> None:
    assert empty("application", "import").code == 2


@pytest.mark.parametrize("place", [1, 1100])
def test_among_thousands_imported_before_a_second_row_of_a_number_is_refused(empty: Mureg, place: int) -> None:
    rows = [row(f"A-{serial}") for serial in range(1, 1201)]
    write_table("a.csv", *rows)
    empty.done("application", "import", "a.csv")
    again = empty.done("application", "import", "a.csv", "--json").json
    assert (again["added"], again["changed"], again["skipped"]) == (0, 0, 1200)
    other = row(f"A-{place}", users="7")
    assert other != rows[place - 1]
    write_table("b.csv", *rows[: place - 1], other, rows[place - 1], *rows[place:], row("A-1201"))
    ended = empty("application", "import", "b.csv", "--json")
    assert ended.code == 4
    # The header and the earlier rows, then the row that changes one of them.
    assert [(detail["row"], detail["column"]) for detail in ended.error["details"]] == [(place + 2, "number")]
    assert count(empty) == 1200
    write_table("b.csv", *rows[: place - 1], other, *rows[place:], row("A-1201"))
    done = empty.done("application", "import", "b.csv", "--json").json
    assert (done["added"], done["changed"], done["skipped"]) == (1, 1, 1199)


def test_what_people_write_freely_is_repeated_by_no_fault(mureg: Mureg) -> None:
    begin(mureg)
    long = "Звонить Вишневецкой " * 1_000
    write_json("a.json", application("A-1", client_comment=long, comment=long, without_sale=long))
    write_table("b.csv", row("B-1", comment=long))
    text = xml("7700123459", kpp="770001001", kind=1).decode("cp1251")
    Path("C-1.xml").write_bytes(
        text.replace("<ВладельцыЭЦП>", f"<Комментарий>{long}</Комментарий><ВладельцыЭЦП>").encode("cp1251")
    )
    for file, faults in (("a.json", 3), ("b.csv", 1), ("C-1.xml", 1)):
        for options in ([], ["--json"]):
            ended = mureg("application", "import", file, *options)
            assert ended.code == 4
            assert "Вишневецк" not in ended.out + ended.err
        assert len(ended.error["details"]) == faults
