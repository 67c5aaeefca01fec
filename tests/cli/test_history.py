"""`mureg history`, `undo` and `check`: what was done, taken back, and tampered with."""

import re
from typing import Any

import pytest

from support import raw_sql
from support.command_line import Mureg
from support.sample_data import (
    application,
    begin,
    history,
    inn_of,
    licences,
    listed,
    owner,
    row,
    shown,
    sold,
    write_json,
    write_table,
)


@pytest.fixture
def lived(mureg: Mureg) -> Mureg:
    """1 import of A-1 and A-2, 2 set A-1, 3 process A-1, 4 reject A-2."""
    begin(mureg)
    mureg.done("application", "import", write_json("a.json", application("A-1"), application("A-2")))
    mureg.done("application", "set-multiuser", "A-1", "--tier", "10+")
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    mureg.done("application", "reject", "A-2", "--comment", "нет", "--on", "2023-08-15")
    return mureg


def test_every_change_is_a_record(lived: Mureg) -> None:
    lived.done("application", "cancel", "A-1", "--reason", "ошибка", "--on", "2023-08-20")
    lived.done("undo")
    records = history(lived)
    assert [(record["operation"], record["command"], record["numbers"]) for record in records] == [
        (1, "application import", ["A-1", "A-2"]),
        (2, "application set-multiuser", ["A-1"]),
        (3, "application process", ["A-1"]),
        (4, "application reject", ["A-2"]),
        (5, "application cancel", ["A-1"]),
        (6, "undo", ["A-1"]),
    ]
    keys = {"operation", "at", "user", "command", "numbers", "before", "after", "undoes", "hash"}
    assert all(set(record) == keys for record in records)
    assert {record["user"] for record in records} == {"tester"}
    assert [record["undoes"] for record in records] == [None] * 5 + [5]
    assert all(re.fullmatch("[0-9a-f]{64}", record["hash"]) for record in records)
    assert len({record["hash"] for record in records}) == 6
    assert all(re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", record["at"]) for record in records)


def test_a_record_shows_before_and_after(lived: Mureg) -> None:
    before, after = (history(lived)[1][name]["application"]["A-1"] for name in ("before", "after"))
    assert (before["set_option"], before["set_tier"], before["set_by"]) == ("", "", "")
    assert (after["set_option"], after["set_tier"], after["set_by"]) == ("on", "10+", "tester")
    processed = history(lived)[2]["after"]
    assert processed["application"]["A-1"]["status"] == "processed"
    assert processed["licence"]["A-1"]["starts_on"] == "2023-08-14"


def test_the_history_of_one_application(lived: Mureg) -> None:
    assert [record["operation"] for record in history(lived, "A-1")] == [1, 2, 3]
    assert [record["operation"] for record in history(lived, "A-2")] == [1, 4]
    assert lived("history", "NOPE").code == 3


def test_people_read_what_changed(lived: Mureg) -> None:
    lines = lived.done("history", "A-1", "--reverse").out.splitlines()
    assert lines[2].endswith("\ttester\tapplication set-multiuser\tA-1\tmode: — → On; tier: — → 10 and more")
    assert "status: new → processed; processed on: — → 2023-08-14" in lines[3]


@pytest.mark.parametrize(
    ("lang", "changed"),
    [
        ("en", "status: — → processed; processed on: — → 2023-08-14; mode: — → On; tier: — → 10 and more"),
        (
            "ru",
            (
                "статус: — → обработано; дата обработки: — → 2023-08-14; режим: — → Включен; "
                "вид расширения: — → 10 и более"
            ),
        ),
    ],
)
def test_of_an_import_from_json_only_what_changed_is_shown(mureg: Mureg, lang: str, changed: str) -> None:
    sale = application(
        "A-1", status="processed", processed_on="2023-08-14", multiuser={"set": "on", "tier": "10+", "set_by": "olga"}
    )
    begin(mureg).done("application", "import", write_json("a.json", sale))
    (line,) = mureg.done("history", "A-1", lang=lang).out.splitlines()[1:]
    assert line.rpartition("\t")[2] == changed


def test_an_import_that_changes_only_the_owners_names_its_file(mureg: Mureg) -> None:
    people = [owner(1), owner(2)]
    begin(mureg).done("application", "import", write_json("a.json", application("A-1", owners=people)))
    people[0]["position"] = "Директор"
    mureg.done("application", "import", write_json("b.json", application("A-1", owners=people)))
    assert mureg.done("history", "A-1").out.splitlines()[1].endswith("\tb.json")


def test_an_import_of_a_change_shows_what_was_before(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1")))
    mureg.done("application", "import", write_table("a.csv", row("A-1", promotion="Welcome!")))
    record = history(mureg)[1]
    assert record["before"]["application"]["A-1"]["promotion"] == ""
    assert record["after"]["application"]["A-1"]["promotion"] == "Welcome!"


def state(mureg: Mureg) -> tuple[Any, ...]:
    applications = mureg.done("application", "list", "--json").json
    kept = [{name: value for name, value in item.items() if name != "source"} for item in applications]
    return kept, mureg.done("organization", "list", "--json").json, sold(mureg)


STEPS = [
    ("application", "set-multiuser", "A-1", "--off"),
    ("application", "process", "A-1", "A-2", "--on", "2023-08-14"),
    ("application", "process", "A-1", "--on", "2023-08-14", "--without-sale", "--reason", "так"),
    ("application", "reject", "A-1", "--comment", "нет"),
    ("application", "import", "b.json"),
    ("application", "import", "changed.json"),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: " ".join(step[1:3]))
@pytest.mark.parametrize("named", [True, False])
def test_undo_brings_back_what_was(mureg: Mureg, step: tuple[str, ...], named: bool) -> None:
    begin(mureg).done("application", "import", write_json("a.json", application("A-1"), application("A-2")))
    write_json("b.json", application("B-1"))
    write_json("changed.json", application("A-1", users=5))
    before = state(mureg)
    mureg.done(*step)
    assert state(mureg) != before
    result = mureg.done("undo", *(["2"] if named else []), "--json").json
    assert (result["operation"], result["undoes"]) == (3, 2)
    assert state(mureg) == before
    assert mureg.done("check").out == ""


def test_undo_of_a_cancellation_brings_the_sale_back(lived: Mureg) -> None:
    before = state(lived), licences(lived)
    lived.done("application", "cancel", "A-1", "--reason", "ошибка", "--on", "2023-08-20")
    lived.done("undo")
    assert (state(lived), licences(lived)) == before


def test_undo_of_an_upgrade_brings_the_lower_licence_back(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1"), row("UP", type="change", users="12")))
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    before = licences(mureg)
    mureg.done("application", "process", "UP", "--on", "2023-08-20")
    mureg.done("undo")
    assert licences(mureg) == before


def test_undo_of_an_import_takes_the_people_away_too(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_json("a.json", application("A-1")))
    mureg.done("undo")
    assert listed(mureg) == []
    assert raw_sql.rows("SELECT count(*) FROM person") == [(0,)]


def test_the_undo_of_an_import_with_processed_applications_names_each_once(mureg: Mureg) -> None:
    begin(mureg)
    processed = application("ONE", status="processed", processed_on="2023-08-14")
    mureg.done("application", "import", write_json("a.json", processed, application("TWO")))
    assert sorted(mureg.done("undo", "--json").json["numbers"]) == ["ONE", "TWO"]
    assert sorted(history(mureg)[-1]["numbers"]) == ["ONE", "TWO"]
    mureg.done("check")


def test_after_its_undo_an_import_can_be_repeated(lived: Mureg) -> None:
    for operation in ("4", "3", "2", "1"):
        lived.done("undo", operation)
    assert listed(lived) == []
    assert lived.done("application", "import", "a.json", "--json").json["added"] == 2
    assert lived.done("check").out == ""
    assert [record["operation"] for record in history(lived, "A-2")] == [1, 4, 5, 8, 9]


def test_an_import_whose_rows_a_later_one_skipped_is_not_undone(mureg: Mureg) -> None:
    begin(mureg)
    first = write_table("a.csv", row("A-1", inn=inn_of(7001)), row("A-2", inn=inn_of(7002)))
    second = write_table("b.csv", row("A-2", inn=inn_of(7002)), row("A-3", inn=inn_of(7003)))
    third = write_table("c.csv", row("A-2", inn=inn_of(7002)), row("A-4", inn=inn_of(7004)))
    operations = [str(mureg.done("application", "import", file, "--json").json["operation"])
                  for file in (first, second, third)]  # fmt: skip
    # What skipped everything wrote nothing, and nothing depends on it.
    assert mureg.done("application", "import", first, "--json").json["operation"] is None
    refused = mureg("undo", operations[0])
    assert (refused.code, refused.out) == (5, "")
    assert f"later operations depend on it: {operations[2]}, {operations[1]}\n" in refused.err
    assert f"mureg undo {operations[2]}" in refused.err
    # The two that skipped the same row do not depend on each other.
    mureg.done("undo", operations[1])
    assert listed(mureg) == ["A-1", "A-2", "A-4"]
    assert mureg("undo", operations[0]).code == 5
    mureg.done("undo", operations[2])
    mureg.done("undo", operations[0])
    assert listed(mureg) == []
    assert mureg("check").code == 0


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_rows_with_and_without_owners_are_skipped_alike(mureg: Mureg, kind: str) -> None:
    begin(mureg)
    if kind == "json":
        write_json("a.json", application("A-1", users=2))
        write_json("b.json", application("A-1", users=2), application("A-2", organization={"inn": inn_of(7002)}))
    else:
        write_table("a.csv", row("A-1", type="change", kpp="", account="1"))
        write_table("b.csv", row("A-1", type="change", kpp="", account="1"), row("A-2", inn=inn_of(7002)))
    mureg.done("application", "import", f"a.{kind}")
    mureg.done("application", "import", f"b.{kind}")
    refused = mureg("undo", "1", "--json")
    assert (refused.code, refused.error["code"]) == (5, "refused")
    mureg.done("undo", "2")
    mureg.done("undo", "1")


def test_undo_without_a_number_goes_back_step_by_step(lived: Mureg) -> None:
    assert [lived.done("undo", "--json").json["undoes"] for _ in range(4)] == [4, 3, 2, 1]
    ended = lived("undo")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("Error: nothing to undo\n")


@pytest.mark.parametrize(("operation", "last"), [("1", 4), ("2", 3)], ids=["the import", "the setting"])
def test_an_operation_on_which_a_later_one_depends_is_not_undone(lived: Mureg, operation: str, last: int) -> None:
    before = state(lived)
    ended = lived("undo", operation)
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith(f"Error: cannot undo operation {operation}: later operations depend on it: {last}")
    assert f"mureg undo {last}" in ended.err
    assert state(lived) == before


def test_a_processing_that_decided_what_a_later_one_sold_is_not_undone(mureg: Mureg) -> None:
    """The change sold nothing because the connection had made the licence."""
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1"), row("C-1", type="change")))
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    mureg.done("application", "process", "C-1", "--on", "2023-08-20")
    ended = mureg("undo", "2")
    assert (ended.code, "3" in ended.err) == (5, True)


def test_undo_of_an_undo_is_refused(lived: Mureg) -> None:
    lived.done("undo")
    ended = lived("undo", "5")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith("Error: operation 5 is itself an undo of 4\n")


def test_undo_twice_is_refused(lived: Mureg) -> None:
    lived.done("undo", "4")
    ended = lived("undo", "4")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith("Error: operation 4 was already undone by 5\n")


@pytest.mark.parametrize(("operation", "code"), [("99", 3), ("0", 3), ("x", 2), ("-1", 2), ("1.5", 2), ("9" * 40, 2)])
def test_an_operation_that_is_not_there(lived: Mureg, operation: str, code: int) -> None:
    ended = lived("undo", operation)
    assert (ended.code, ended.out) == (code, "")


def test_a_dry_run_of_undo_writes_nothing(lived: Mureg) -> None:
    before = state(lived)
    assert lived.done("undo", "--dry-run", "--json").json["operation"] is None
    assert state(lived) == before
    assert len(history(lived)) == 4


def test_undo_is_recorded_with_its_user(lived: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUREG_USER", "ольга")
    lived.done("undo")
    assert (history(lived)[-1]["user"], history(lived)[-1]["undoes"]) == ("ольга", 4)
    assert shown(lived, "A-2")["status"] == "new"


def test_nothing_of_the_history_names_a_person(lived: Mureg) -> None:
    lived.done("application", "import", write_json("c.json", application("A-3")))
    lived.done("application", "import", write_json("c.json", application("A-3", users=5)))
    lived.done("undo")
    assert "Сотрудник" not in lived.done("history", "--json").out
