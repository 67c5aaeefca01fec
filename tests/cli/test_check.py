"""`mureg check`: silent if all is well; changes that were not made by mureg are reported."""

from pathlib import Path

import pytest

from mureg.command_hints import quoted
from mureg.operations.check import checks
from support.command_line import Ended, Mureg
from support.raw_sql import rows, tamper

pytestmark = pytest.mark.slow


def test_it_is_silent_where_all_is_well(example: Mureg) -> None:
    assert example("check") == Ended(0, "", "")
    assert example("check", "--json") == Ended(0, "[]\n", "")


def test_it_is_silent_in_an_empty_register(mureg: Mureg) -> None:
    mureg.done("init")
    assert mureg("check") == Ended(0, "", "")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_that_others_may_read_as_far_as_is_known_is_noted(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = str(Path("mureg.db").absolute())
    # All are outside the profile: so it is on another disk of Windows.
    monkeypatch.setattr(checks, "outside_profile", list)
    assert example.done("check", "--db", register) == Ended(
        0,
        "",
        f"{register} is outside your profile folder: mureg cannot tell who can read it, the folder's access list "
        f"decides; see it: icacls {quoted(register)}\n",
    )


@pytest.mark.parametrize("column", ["done_at", "done_by", "command", "numbers", "before", "after", "hash"])
def test_a_changed_record_is_found_with_its_number(example: Mureg, column: str) -> None:
    tamper(f"UPDATE history SET {column} = replace({column} || 'x', 'processed', 'new') WHERE operation = 3")
    ended = example("check", "--json")
    assert ended.code == 6
    assert ended.error["code"] == "differences"
    messages = [failure["message"] for failure in ended.json if failure["check"] == "history"]
    assert any("operation 3 " in message for message in messages)


@pytest.mark.parametrize("operation", [1, 5, 8])
def test_a_removed_record_is_found_with_its_number(example: Mureg, operation: int) -> None:
    tamper(f"DELETE FROM history WHERE operation = {operation}")
    ended = example("check")
    assert ended.code == 6
    assert str(operation) in ended.out


def test_exchanged_records_are_found(example: Mureg) -> None:
    tamper("UPDATE history SET operation = CASE operation WHEN 3 THEN -4 ELSE -3 END WHERE operation IN (3, 4)")
    tamper("UPDATE history SET operation = -operation WHERE operation < 0")
    assert example("check").code == 6


@pytest.mark.parametrize(
    "change",
    [
        "status = 'new'",
        "processed_on = '2023-08-09'",
        "comment = 'подменено'",
        "set_option = 'off'",
        "without_sale = 'подменено'",
        "owners = '[]'",
        "operation = 3",
    ],
)
@pytest.mark.parametrize(("number", "operation"), [("ZV-1030", 2), ("ZV-1042", 1)])
def test_a_changed_decision_is_found_with_the_operation_that_wrote_it(
    example: Mureg, number: str, operation: int, change: str
) -> None:
    if (number, change) in (("ZV-1042", "status = 'new'"), ("ZV-1030", "owners = '[]'")):
        pytest.skip("that is its value already")
    tamper(f"UPDATE application SET {change} WHERE number = '{number}'")
    ended = example("check")
    assert ended.code == 6, "the change went unnoticed"
    assert number in ended.out
    assert str(operation) in ended.out


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE licence SET tier = '10+' WHERE application = 'ZV-1030'",
        "UPDATE licence SET ends_on = '2033-08-07' WHERE application = 'ZV-1030'",
        "UPDATE licence SET sold_on = '2023-09-08' WHERE application = 'ZV-1030'",
        "UPDATE licence SET sold_on = NULL WHERE application = 'ZV-1030'",
        "UPDATE licence SET cancelled_on = '2023-08-09' WHERE application = 'ZV-1030'",
        "UPDATE licence SET inn = '7700010328' WHERE application = 'ZV-1030'",
        "DELETE FROM licence WHERE application = 'ZV-1030'",
    ],
)
def test_a_changed_licence_is_found(example: Mureg, sql: str) -> None:
    tamper(sql)
    ended = example("check")
    assert ended.code == 6, "the change went unnoticed"
    assert "ZV-1030" in ended.out


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE person SET name = 'Кто-то' WHERE application = 'ZV-1042'",
        "UPDATE person SET salt = '' WHERE application = 'ZV-1042'",
        "DELETE FROM person WHERE application = 'ZV-1042'",
    ],
)
def test_changed_people_are_found(example: Mureg, sql: str) -> None:
    tamper(sql)
    ended = example("check")
    assert ended.code == 6, "the change went unnoticed"
    assert "ZV-1042" in ended.out


def test_a_removed_application_is_found(example: Mureg) -> None:
    tamper("DELETE FROM person WHERE application = 'ZV-1042'")
    tamper("DELETE FROM application WHERE number = 'ZV-1042'")
    ended = example("check")
    assert ended.code == 6, "the change went unnoticed"
    assert "ZV-1042" in ended.out


def test_all_failures_are_reported_at_once(example: Mureg) -> None:
    tamper("UPDATE history SET done_by = 'x' WHERE operation = 3")
    tamper("UPDATE application SET search = 'x' WHERE number = 'ZV-1042'")
    ended = example("check")
    assert ended.code == 6
    assert "operation 3 " in ended.out
    assert "ZV-1042" in ended.out
    assert ended.err.startswith("Warning: 2 checks failed\n")


def test_a_head_that_was_noted_is_found_again_while_the_history_grows(example: Mureg) -> None:
    head = example.done("support", "--json").json["head"]
    example.done("application", "process", "ZV-1042", "--on", "2023-08-28")
    ended = example("check", "--head", head.upper())
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("after that head: operation ")


def test_a_history_whose_tail_was_cut_off_does_not_have_the_head_that_was_noted(example: Mureg) -> None:
    ((before,),) = rows("SELECT operation FROM application WHERE number = 'ZV-1042'")
    example.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    head = example.done("support", "--json").json["head"]
    last = example.done("history", "--json").json[0]["operation"]
    tamper(f"DELETE FROM history_subject WHERE operation = {last}")
    tamper(f"DELETE FROM history WHERE operation = {last}")
    undone = f"set_tier = '', set_option = '', set_by = '', tier = '2-9', operation = {before}"
    tamper(f"UPDATE application SET {undone} WHERE number = 'ZV-1042'")
    assert example("check").code == 0
    (failure,) = example("check", "--head", head, "--json").json
    assert failure["check"] == "head"


def test_what_is_no_head_is_wrong_usage(example: Mureg) -> None:
    ended = example("check", "--head", "abc")
    assert (ended.code, ended.out) == (2, "")
    assert "abc is not a history head" in ended.err
