"""An operation on many applications: its record has the first numbers and their count, and the others beside them."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.errors import msg
from mureg.operations.check.checks import Failure, check_register
from mureg.operations.history import numbers_text, one_operation
from mureg.register.engines.interface import Row
from mureg.register.engines.schema import MIGRATIONS, NUMBERS_IN_RECORD
from mureg.register.engines.sqlite.database import SQLite
from mureg.register.history import HistoryRecord, canonical_json, first_numbers, replace_hash, split_numbers
from mureg.register.queries.history import HistoryFilter
from support.office import Office
from support.sample_data import application

NUMBERS = [f"A-{serial:05d}" for serial in range(500)]


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """A register whose first operation is an import of five hundred."""
    office = Office(request.param)
    assert not office.import_json(*map(application, NUMBERS)).faults
    yield office
    office.close()


def record_of(numbers: list[str]) -> HistoryRecord:
    return HistoryRecord(1, "2023-08-14T10:00:00Z", "olga", "test", canonical_json(numbers), "{}", "{}", None, "", 0)


def test_a_record_has_the_first_numbers_and_the_history_has_all(office: Office) -> None:
    record = office.register.history.record(1)
    assert record is not None
    assert (len(record.numbers), record.number_count) == (NUMBERS_IN_RECORD, 500)
    assert office.register.history.numbers(record) == NUMBERS
    assert office.register.history.whole(record).numbers == canonical_json(NUMBERS)
    assert numbers_text(record) == f"{', '.join(NUMBERS[:5])} … (500)"
    assert one_operation(office.register, 1).numbers == tuple(NUMBERS[:200])
    assert check_register(office.register) == []


def test_an_undo_of_many_has_all_numbers_too(office: Office) -> None:
    office.undo()
    undone = office.register.history.record(2)
    assert undone is not None
    assert (undone.number_count, office.register.history.numbers(undone)) == (500, NUMBERS)
    assert check_register(office.register) == []


def test_a_list_of_operations_does_not_read_all_numbers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    rows = office.database.rows

    def noted(sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        read.append(sql)
        return list(rows(sql, values))

    monkeypatch.setattr(type(office.database), "rows", lambda _, *given: noted(*given))
    for wanted in (HistoryFilter(), HistoryFilter(NUMBERS[7])):
        (record,) = office.register.history.matching(wanted, newest_first=True)
        numbers_text(record)
    one_operation(office.register, 1)
    assert len(read) >= 3
    assert not any("later_numbers" in sql for sql in read)


@pytest.mark.parametrize(
    "change",
    [
        "number_count = 499",
        "later_numbers = ''",
        "numbers = substr(numbers, 1, 100), later_numbers = substr(numbers, 101) || later_numbers",
    ],
)
def test_numbers_that_were_changed_outside_mureg_are_reported(office: Office, change: str) -> None:
    without_triggers = "SET LOCAL session_replication_role = replica"
    if isinstance(office.database, SQLite):
        without_triggers = "DROP TRIGGER guard_history_update"
    with office.database.atomic():
        office.database.run(without_triggers)
        office.database.run(f"UPDATE history SET {change}")
    message = msg("operation {operation} was changed, or an earlier one was removed", operation=1)
    assert Failure("history", message) in check_register(office.register)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text('",[]\\', max_size=10)


@given(st.lists(TEXTS, max_size=400))
def test_the_first_numbers_and_the_count_are_right_whatever_the_numbers_are(numbers: list[str]) -> None:
    whole = replace_hash(record_of(numbers), "")
    record, rest = split_numbers(whole)
    assert record.number_count == len(numbers)
    assert json.loads(record.numbers + rest) == numbers
    first = first_numbers(record, 400)
    assert first == numbers[: len(first)]
    assert first == numbers or len(canonical_json(first)) > NUMBERS_IN_RECORD - 300


@given(st.lists(TEXTS.filter(lambda text: "\0" not in text), max_size=400))
def test_the_upgrade_divides_and_counts_numbers_as_mureg_does(numbers: list[str]) -> None:
    expected, rest = split_numbers(replace_hash(record_of(numbers), ""))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE history (numbers TEXT, number_count INTEGER, later_numbers TEXT)")
        database.execute("INSERT INTO history (numbers) VALUES (?)", [canonical_json(numbers)])
        (update,) = (statement for statement in MIGRATIONS[1] if "UPDATE history" in statement)
        database.execute(update)
        found = database.execute("SELECT numbers, number_count, later_numbers FROM history").fetchone()
    assert found == (expected.numbers, expected.number_count, rest)
