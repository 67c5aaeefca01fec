"""`mureg application import`: what goes in, and what is there after it."""

import json
from pathlib import Path
from typing import Any

import pytest

from support import raw_sql
from support.command_line import Ended, Mureg
from support.sample_data import (
    EXAMPLES,
    LUTIK,
    ROMASHKA,
    application,
    begin,
    row,
    table,
    write_json,
    write_table,
    write_xml,
    xml,
)


def add(mureg: Mureg, *arguments: str, **how: Any) -> Ended:
    return mureg("application", "import", *arguments, **how)


def numbers(mureg: Mureg, *arguments: str) -> list[str]:
    return [item["number"] for item in mureg.done("application", "list", "--json", *arguments).json]


def one(mureg: Mureg, number: str) -> dict[str, Any]:
    item: dict[str, Any] = mureg.done("application", "show", number, "--json").json
    return item


@pytest.fixture
def empty(mureg: Mureg) -> Mureg:
    """An empty register, with the example's contract."""
    return begin(mureg)


def test_many_files_of_every_format_are_one_operation(empty: Mureg) -> None:
    folder = EXAMPLES / "applications"
    files = [str(folder / name) for name in ("ZV-1042.xml", "august.csv", "partners.xlsx", "feed.jsonl")]
    ended = empty.done("application", "import", *files, "--json")
    assert ended.err == ""
    result = ended.json
    assert set(result) == {"added", "changed", "skipped", "errors", "operation", "files"}
    assert (result["added"], result["changed"], result["skipped"], result["errors"]) == (21, 0, 0, [])
    assert result["operation"] == 1
    assert [(file["format"], file["rows"]) for file in result["files"]] == [
        ("xml", 1),
        ("csv", 12),
        ("xlsx", 6),
        ("jsonl", 2),
    ]
    csv = result["files"][1]
    assert (csv["file"], csv["encoding"], csv["delimiter"]) == (files[1], "cp1251", ";")


def test_a_folder_means_its_files(empty: Mureg) -> None:
    Path("inbox").mkdir()
    write_table("inbox/a.csv", row("A-1"))
    write_json("inbox/b.json", application("B-1"))
    Path("inbox/.hidden").write_text("no application", encoding="utf-8")
    assert empty.done("application", "import", "inbox", "--json").json["added"] == 2
    assert numbers(empty) == ["A-1", "B-1"]


def test_an_empty_folder_is_an_error(empty: Mureg) -> None:
    Path("inbox").mkdir()
    assert add(empty, "inbox") == Ended(3, "", "Error: no files in inbox\nspecify files, or another folder\n")


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("en", "3 files were skipped: in a folder only .xml, .csv, .txt, .xlsx, .json, .jsonl are read\n"),
        ("ru", "пропущено 3 файла: из папки читаются только .xml, .csv, .txt, .xlsx, .json, .jsonl\n"),
    ],
)
def test_of_a_folder_only_what_looks_like_applications_is_read(empty: Mureg, lang: str, note: str) -> None:
    Path("inbox").mkdir()
    for place, suffix in enumerate(("csv", "TXT", "Csv")):
        write_table(f"inbox/{place}.{suffix}", row(f"A-{place}"))
    for name in ("readme.md", "scan.pdf", "thumbs"):
        Path("inbox", name).write_text("no application", encoding="utf-8")
    Path("inbox/old.csv").mkdir()
    ended = empty.done("application", "import", "inbox", lang=lang)
    assert ended.err.startswith(note)
    assert numbers(empty) == ["A-0", "A-1", "A-2"]
    quiet = empty.done("application", "import", "inbox", "--json")
    assert (quiet.err, quiet.json["skipped"]) == ("", 3)


@pytest.mark.parametrize(
    ("lang", "message"), [("en", "no file in inbox looks like"), ("ru", "в inbox нет файлов, похожих на заявления")]
)
def test_a_folder_without_applications_is_an_error(empty: Mureg, lang: str, message: str) -> None:
    Path("inbox").mkdir()
    Path("inbox/scan.pdf").write_bytes(b"%PDF")
    ended = add(empty, "inbox", lang=lang)
    assert (ended.code, ended.out) == (3, "")
    assert message in ended.err


def test_standard_input_is_read(empty: Mureg) -> None:
    assert add(empty, "-", "--json", stdin=table(row("A-1"), row("A-2"))).json["added"] == 2


def test_an_xml_from_standard_input_needs_its_number(empty: Mureg) -> None:
    ended = add(empty, "-", stdin=xml(ROMASHKA, kpp="770001001"))
    assert (ended.code, ended.out) == (2, "")
    assert "--number" in ended.err
    assert add(empty, "-", "--number", "ZV-7", stdin=xml(ROMASHKA, kpp="770001001")).code == 0
    assert numbers(empty) == ["ZV-7"]


def test_an_xml_named_file_needs_its_number(empty: Mureg) -> None:
    assert add(empty, write_xml("file.xml", ROMASHKA)).code == 2
    assert add(empty, write_xml("file.xml", ROMASHKA), "--number", "ZV-7").code == 0
    assert numbers(empty) == ["ZV-7"]


def test_an_xml_takes_its_number_from_the_name_of_the_file(empty: Mureg) -> None:
    empty.done("application", "import", write_xml("ZV-7.xml", ROMASHKA))
    assert numbers(empty) == ["ZV-7"]


@pytest.mark.parametrize("option", [("--number", "ZV-7"), ("--kpp", "770001001")])
def test_number_and_kpp_go_with_one_file_only(empty: Mureg, option: tuple[str, str]) -> None:
    ended = add(empty, write_xml("a.xml", ROMASHKA), write_xml("b.xml", ROMASHKA), *option)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: --number and --kpp can only be used with a single XML file\n")


@pytest.mark.parametrize("option", [("--number", "ZV-7"), ("--kpp", "770001001")])
def test_number_and_kpp_do_not_go_with_a_table(empty: Mureg, option: tuple[str, str]) -> None:
    assert add(empty, write_table("a.csv", row("A-1")), *option).code == 2
    assert numbers(empty) == []


def test_a_wrong_kpp_of_the_command_line_is_wrong_usage(empty: Mureg) -> None:
    assert add(empty, write_xml("a.xml", ROMASHKA), "--kpp", "77").code == 2


def test_the_kpp_of_the_command_line_is_the_applications(empty: Mureg) -> None:
    empty.done("application", "import", write_xml("A-1.xml", ROMASHKA, kind=1), "--kpp", "770001009")
    assert one(empty, "A-1")["organization"]["kpp"] == "770001009"


def test_a_given_format_is_not_guessed(empty: Mureg) -> None:
    Path("lines").write_text(json.dumps(application("A-1")) + "\n", encoding="utf-8")
    assert add(empty, "lines", "--format", "jsonl", "--json").json["files"][0]["format"] == "jsonl"
    assert add(empty, write_table("a.csv", row("A-2")), "--format", "xml").code == 4
    assert add(empty, write_table("a.csv", row("A-2")), "--format", "ods").code == 2


def test_a_profile_names_the_columns(empty: Mureg) -> None:
    file = str(EXAMPLES / "applications" / "other_columns.csv")
    assert add(empty, file).code == 4
    assert add(empty, file, "--profile", "office", "--json").json["added"] == 3


def test_an_unknown_profile_is_wrong_usage(empty: Mureg) -> None:
    assert add(empty, write_table("a.csv", row("A-1")), "--profile", "offise") == Ended(
        2, "", "Error: no profile offise\nmureg.toml has: office\n"
    )


def test_a_dry_run_shows_the_result_and_writes_nothing(empty: Mureg) -> None:
    before = raw_sql.content()
    result = empty.done("application", "import", write_table("a.csv", row("A-1")), "--dry-run", "--json").json
    assert (result["added"], result["operation"]) == (1, None)
    assert raw_sql.content() == before
    assert numbers(empty) == []
    assert empty.done("history", "--json").json == []


def test_a_dry_run_reports_the_faults_too(empty: Mureg) -> None:
    assert add(empty, write_table("a.csv", row("A-1", inn="1")), "--dry-run").code == 4


@pytest.mark.parametrize("file", ["august.csv", "partners.xlsx", "feed.jsonl", "renewals.json", "ZV-1042.xml"])
def test_the_same_file_again_adds_nothing_and_writes_nothing(empty: Mureg, file: str) -> None:
    path = str(EXAMPLES / "applications" / file)
    added = empty.done("application", "import", path, "--json").json["added"]
    again = empty.done("application", "import", path, "--json").json
    assert (again["added"], again["changed"], again["skipped"]) == (0, 0, added)
    assert again["operation"] is None
    assert len(empty.done("history", "--json").json) == 1


def test_other_content_changes_what_is_new_and_untouched(empty: Mureg) -> None:
    empty.done("application", "import", write_table("a.csv", row("A-1"), row("A-2")))
    changed = empty.done("application", "import", write_table("a.csv", row("A-1", users="12"), row("A-2")), "--json")
    assert {name: changed.json[name] for name in ("added", "changed", "skipped", "operation")} == {
        "added": 0,
        "changed": 1,
        "skipped": 1,
        "operation": 2,
    }
    assert one(empty, "A-1")["multiuser"]["users"] == 12
    assert numbers(empty, "--tier", "10+") == ["A-1"]


def test_other_content_brings_other_owners(empty: Mureg) -> None:
    empty.done("application", "import", write_json("a.json", application("A-1", users=2)))
    result = empty.done("application", "import", write_json("a.json", application("A-1", users=4)), "--json").json
    assert (result["changed"], len(one(empty, "A-1")["owners"])) == (1, 4)
    assert empty.done("check").out == ""


@pytest.mark.parametrize(
    "step",
    [
        ("set-multiuser", "A-1", "--tier", "10+"),
        ("process", "A-1", "--on", "2023-08-14"),
        ("reject", "A-1", "--comment", "нет"),
    ],
    ids=["set", "processed", "rejected"],
)
def test_other_content_of_what_the_partner_worked_on_is_a_fault(empty: Mureg, step: tuple[str, ...]) -> None:
    empty.done("application", "import", write_table("a.csv", row("A-1")))
    empty.done("application", *step)
    before = one(empty, "A-1")
    ended = add(empty, write_table("a.csv", row("A-1", users="4")), "--json")
    assert (ended.code, ended.out) == (4, "")
    assert ended.error["code"] == "rejected"
    (detail,) = ended.error["details"]
    assert (detail["file"], detail["row"], detail["column"]) == ("a.csv", 2, "number")
    assert "A-1 is in the register with different content" in detail["message"]
    assert one(empty, "A-1") == before
    # The same content is no fault, whatever the partner did.
    assert add(empty, write_table("a.csv", row("A-1")), "--json").json["skipped"] == 1


def test_one_number_with_two_contents_in_one_import_is_a_fault(empty: Mureg) -> None:
    first, second = write_table("a.csv", row("A-1")), write_table("b.csv", row("A-1", users="4"))
    for files in ([first, second], [second, first]):
        ended = add(empty, *files, "--json")
        assert ended.code == 4
        (detail,) = ended.error["details"]
        assert (detail["file"], detail["row"]) == (files[1], 2)
        assert "more than once" in detail["message"]
    assert numbers(empty) == []


def test_what_an_import_skips_it_does_not_change_further_down(empty: Mureg) -> None:
    first, second = row("A-1"), row("A-1", users="4")
    add(empty, write_table("a.csv", first))
    many = [row(f"B-{place}") for place in range(2_000)]
    add(empty, write_table("b.csv", *many))
    before = empty.done("application", "list", "--json").out
    for rows in ([first, second], [second, first], [first, *many, second], [*many, first, *many, second]):
        ended = add(empty, write_table("c.csv", *rows), "--json")
        assert ended.code == 4, len(rows)
        (detail,) = ended.error["details"]
        assert "more than once, with different content" in detail["message"]
        assert detail["row"] == len(rows) + 1
    ended = add(empty, write_json("d.json", application("A-1", users=3), application("A-1", users=5)), "--json")
    assert ended.code == 4
    assert empty.done("application", "list", "--json").out == before


def test_one_number_with_the_same_content_twice_in_one_import_is_one(empty: Mureg) -> None:
    result = add(empty, write_table("a.csv", row("A-1"), row("A-1")), "--json").json
    assert (result["added"], result["skipped"]) == (1, 1)


def test_a_table_without_owners_removes_none(empty: Mureg) -> None:
    """An XML has the people; the cabinet's table of the same applications has only their count."""
    empty.done("application", "import", write_json("a.json", application("A-1", users=3)))
    add(empty, write_table("a.csv", row("A-1", users="3")))
    assert len(one(empty, "A-1")["owners"]) == 3


def test_everything_of_a_table_is_kept(empty: Mureg) -> None:
    line = row(
        "A-1", tier="2-9", promotion="Welcome!", comment="срочно", account="ACC-1", name="ООО «Лютик»", inn=LUTIK
    )
    empty.done("application", "import", write_table("a.csv", line))
    shown = one(empty, "A-1")
    assert shown["client_comment"] == "срочно"
    assert shown["promotion"] == "Welcome!"
    assert shown["organization"]["account"] == "ACC-1"
    assert shown["multiuser"]["requested_tier"] == "2-9"
    assert shown["source"]["file"] == "a.csv"
    assert shown["source"]["imported_at"].endswith("Z")
