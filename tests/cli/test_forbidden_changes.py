"""Changes that no command makes: the database refuses them, and `mureg check` reports those made all the same."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mureg.register.history import HistoryRecord, replace_hash
from support import raw_sql
from support.command_line import Ended, Mureg

pytestmark = pytest.mark.slow

on_a_file = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def settled(example: Mureg) -> Mureg:
    """August is closed and has an accepted pair; September is open and has one too."""
    example.done("application", "process", "ZV-1042", "--on", "2023-08-28")
    Path("september.csv").write_text("Номер;ИНН;К оплате\nX-1;7700123459;1800,00\n", encoding="utf-8")
    for month, statement in (("2023-08", "examples/statement/operator-2023-08.csv"), ("2023-09", "september.csv")):
        example("reconcile", "--month", month, "--statement", statement)
        found = example("reconcile", "--month", month, "--json").json["discrepancies"]
        example.done("month", "accept", month, *{each["id"] for each in found}, "--reason", "письмо")
    example.done("month", "close", "2023-08")
    return example


def charge(month: str, cause: str = "'sale:ZV-1030'") -> str:
    """An INSERT of a charge of nine million roubles."""
    return (
        "INSERT INTO charge (month, place, number, inn, kpp, name, tier, sold_on, promotion, kind, corrects, cause,"
        " list_price_kopecks, discount_rate, discount_kopecks, carried, taken_from)"
        f" SELECT '{month}', 99, number, inn, kpp, name, tier, sold_on, '', kind, '', {cause},"
        " 900000000, 0, 0, 0, '' FROM charge WHERE number = 'ZV-1030'"
    )


def record(operation: int) -> str:
    """An INSERT of a record of the history."""
    return (
        "INSERT INTO history (operation, done_at, done_by, command, numbers, before, after, hash)"
        f" VALUES ({operation}, '2023-09-01T00:00:00Z', 'olga', 'x', '[]', '{{}}', '{{}}', 'x')"
    )


@pytest.mark.parametrize(
    "sql",
    [
        charge("2023-08"),
        charge("2023-09"),
        charge("2023-11"),
        "UPDATE charge SET carried = 1 WHERE place = 1",
        "UPDATE month SET month = '2023-12' WHERE month = '2023-09'",
        "UPDATE resolution SET name = name || 'x' WHERE month = '2023-09'",
        record(9223372036854775807),
        record(0),
        "INSERT INTO history_images VALUES (1, 1, '{}', '{}')",
    ],
)
def test_the_database_refuses_what_no_command_does(settled: Mureg, sql: str) -> None:
    assert "is closed to change" in raw_sql.refusal(sql)


@on_a_file
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE OR REPLACE month SET month = '2023-08' WHERE month = '2023-09'",
        "UPDATE OR REPLACE resolution SET name = (SELECT min(name) FROM resolution) WHERE month = '2023-09'",
        (
            "INSERT OR REPLACE INTO resolution SELECT name, '2023-09', pair, action, reason, content, takes, operation"
            " FROM resolution WHERE month = '2023-08'"
        ),
        (
            "INSERT OR REPLACE INTO history SELECT operation + 1, done_at, done_by, command, numbers, before, after,"
            " (SELECT max(undoes) FROM history), hash, 0, '' FROM history ORDER BY operation DESC LIMIT 1"
        ),
    ],
)
def test_nothing_is_replaced_by_another_unique_value(settled: Mureg, engine: str, sql: str) -> None:
    settled.done("application", "import", "examples/applications/partners.xlsx")
    settled.done("undo")
    assert "is closed to change" in raw_sql.refusal(sql)


@pytest.mark.parametrize(
    ("month", "cause", "reported"),
    [
        ("2023-09", "'sale:ZV-1030'", "2023-09 is not closed, but has frozen charges"),
        ("2023-11", "'sale:ZV-1030'", "2023-11 is not closed, but has frozen charges"),
        ("2023-08", "'gift:ZV-1030'", "2023-08 charges ZV-1030 for an unknown reason"),
        ("2023-08", "'carried:2023-08:1'", "2023-08 charges ZV-1030 for an unknown reason"),
    ],
)
def test_a_charge_put_in_is_reported(settled: Mureg, month: str, cause: str, reported: str) -> None:
    raw_sql.tamper(charge(month, cause))
    ended = settled("check")
    assert ended.code == 6
    assert reported in ended.out


def append_record(command: str, **images: Any) -> int:
    """Append a record whose hash fits, as a forger would, with its images written into the rows; its number."""
    names = ", ".join(HistoryRecord._fields)
    last = HistoryRecord._make(raw_sql.rows(f"SELECT {names} FROM history ORDER BY operation DESC LIMIT 1")[0])
    forged = HistoryRecord(
        last.operation + 1, last.done_at, "olga", command, "[]",
        json.dumps(images.get("before", {})), json.dumps(images.get("after", {})), None, "", 0,
    )  # fmt: skip
    forged = replace_hash(forged, last.hash)
    values = ", ".join("NULL" if value is None else f"'{value}'" for value in forged)
    raw_sql.tamper(f"INSERT INTO history ({names}) VALUES ({values})")
    return forged.operation


def test_a_record_that_says_that_a_closed_month_changed_is_reported(settled: Mureg) -> None:
    (agreed,) = raw_sql.rows("SELECT agreed_kopecks FROM month WHERE month = '2023-08'")[0]
    operation = append_record(
        "application check",
        before={"month": {"2023-08": {"agreed_kopecks": agreed}}},
        after={"month": {"2023-08": {"agreed_kopecks": 1}}},
    )
    raw_sql.tamper("UPDATE month SET agreed_kopecks = 1 WHERE month = '2023-08'")
    ended = settled("check")
    assert ended.code == 6
    assert f"operation {operation} (application check) changed 2023-08, which was closed" in ended.out


def test_a_record_that_says_that_a_resolution_of_a_closed_month_changed_is_reported(settled: Mureg) -> None:
    name = raw_sql.rows("SELECT min(name) FROM resolution WHERE month = '2023-08'")[0][0]
    operation = append_record("month accept", after={"resolution": {name: {"reason": "другая"}}})
    raw_sql.tamper(f"UPDATE resolution SET reason = 'другая' WHERE name = '{name}'")
    assert f"operation {operation} (month accept) changed 2023-08" in settled("check").out


def test_reopening_and_invoicing_are_no_failures(settled: Mureg) -> None:
    agreed = settled.done("month", "list", "--json").json[0]["agreed"]
    add = ("invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-06", "--amount", agreed)
    settled.done(*add)
    settled.done("undo")
    settled.done("month", "reopen", "2023-08", "--reason", "ошибка")
    settled.done("month", "close", "2023-08")
    settled.done(*add)
    assert settled("check") == Ended(0, "", "")


def test_a_time_that_goes_back_is_reported(example: Mureg) -> None:
    earlier = (datetime.now(UTC) - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    operation = append_record("application check")
    raw_sql.tamper(f"UPDATE history SET done_at = '{earlier}' WHERE operation = {operation}")
    ended = example("check")
    assert f"operation {operation} has an earlier time than the one before it: {earlier}" in ended.out


def test_what_came_after_a_noted_head_is_listed(example: Mureg) -> None:
    head = example.done("support", "--json").json["head"]
    assert example("check", "--head", head) == Ended(0, "", "")
    example.done("application", "process", "ZV-1042", "--on", "2023-08-28")
    record = example.done("history", "ZV-1042", "--json").json[0]
    ended = example("check", "--head", head)
    assert (ended.code, ended.out) == (0, "")
    expected = (
        f"after that head: operation {record['operation']}, {record['at']}, {record['user']}: application process"
    )
    assert ended.err == f"{expected}\n"
    assert example("check", "--head", head, "--json") == Ended(0, "[]\n", "")


@pytest.fixture
def own(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mureg]:
    """The example's register in a database of its own, whose schema no other test uses."""
    if engine == "sqlite":
        yield example
        return
    from support import postgres_server

    url = postgres_server.new_database()
    example.done("copy", os.environ["MUREG_DB"], url)
    monkeypatch.setenv("MUREG_DB", url)
    yield example
    postgres_server.drop_database(url)


def run(sql: str) -> None:
    assert raw_sql.refusal(sql) == ""


@on_a_file
@pytest.mark.parametrize(
    ("sql", "reported"),
    [
        ("DROP TRIGGER guard_history_update", "the database lacks: trigger guard_history_update"),
        ("DROP INDEX charge_by_number", "the database lacks: index charge_by_number"),
        ("CREATE VIEW people AS SELECT name FROM person", "did not create: view people"),
        ("CREATE TABLE more (x)", "did not create: table more"),
        (
            "CREATE TRIGGER quiet AFTER INSERT ON history BEGIN UPDATE licence SET tier = '10+'; END",
            "did not create: trigger quiet",
        ),
    ],
)
def test_a_changed_schema_of_a_file_is_reported(own: Mureg, engine: str, sql: str, reported: str) -> None:
    run(sql)
    ended = own("check")
    assert ended.code == 6
    assert reported in ended.out
    # A copy has what it should have.
    own.done("copy", "mureg.db", "copied.db")
    assert own("check", "--db", "copied.db") == Ended(0, "", "")


def test_a_changed_table_is_reported(own: Mureg) -> None:
    run("ALTER TABLE licence ADD COLUMN x TEXT")
    ended = own("check")
    assert ended.code == 6
    assert "has another definition of: table licence" in ended.out


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("sql", "reported"),
    [
        ("DROP TRIGGER guard_history_update ON history", "the database lacks: trigger guard_history_update ON history"),
        ("ALTER TABLE month DISABLE TRIGGER guard_month_update", "definition of: trigger guard_month_update ON month"),
        (
            (
                "CREATE OR REPLACE FUNCTION guard_charge_insert() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN NEW; END'"
            ),
            "definition of: trigger guard_charge_insert ON charge",
        ),
        ("CREATE VIEW people AS SELECT name FROM person", "did not create: view people"),
    ],
)
def test_a_changed_schema_of_a_server_is_reported(own: Mureg, engine: str, sql: str, reported: str) -> None:
    run(sql)
    ended = own("check")
    assert ended.code == 6
    assert reported in ended.out


def test_an_index_of_the_administrators_is_no_failure(own: Mureg) -> None:
    run("CREATE INDEX more ON application (users)")
    assert own("check") == Ended(0, "", "")
