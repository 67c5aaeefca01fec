"""How many statements an operation runs: each row is read once, whatever is done to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from mureg.operations.applications import decisions
from mureg.operations.applications.choice import Choice, chosen
from mureg.operations.applications.decisions import set_multiuser
from support.office import ACTOR, TODAY, Office
from support.sample_data import application, inn_of


@pytest.fixture
def office() -> Iterator[Office]:
    """Two new applications with two owners each, and one that is processed."""
    office = Office()
    office.import_numbers("A-1", "A-2", "A-3")
    office.process("A-3")
    yield office
    office.close()


@contextmanager
def statements(office: Office) -> Iterator[list[str]]:
    """What the operation of the block says to SQLite, but for what waits for others and what the triggers run."""
    said: list[str] = []
    connection = office.database._connection  # type: ignore[attr-defined]
    connection.set_trace_callback(lambda sql: said.append(" ".join(sql.split())))
    yield said
    connection.set_trace_callback(None)
    # SQLite traces an INSERT again for its triggers.
    once = [sql for place, sql in enumerate(said) if not (sql.startswith("INSERT") and sql in said[:place])]
    said[:] = [sql for sql in once if not sql.startswith(("PRAGMA", "--"))]


def on(table: str, said: list[str]) -> list[str]:
    """The first word of every statement that reads or writes a table."""
    return [sql.split()[0] for sql in said if any(f"{word} {table} " in sql for word in ("FROM", "UPDATE", "INTO"))]


def test_setting_the_mode_reads_the_application_once(office: Office) -> None:
    with statements(office) as said:
        set_multiuser(office.register, ["A-1"], "on", "10+", actor=ACTOR)
    assert on("application", said) == ["SELECT", "UPDATE"]
    assert on("person", said) == ["SELECT"]
    # And the beginning, the head of the history, its new record with one subject, and the end.
    assert len(said) == 3 + 5, said


def test_an_update_writes_only_the_columns_that_change(office: Office) -> None:
    with statements(office) as said:
        set_multiuser(office.register, ["A-1"], "on", "10+", actor=ACTOR)
    (update,) = (sql for sql in said if sql.startswith("UPDATE application"))
    assert "tier = '10+'" in update
    assert "name" not in update


def test_processing_reads_the_application_and_the_licences_once(office: Office) -> None:
    with statements(office) as said:
        office.process("A-1")
    assert on("application", said) == ["SELECT", "UPDATE"]
    # The second one counts the sales of the day.
    assert on("licence", said) == ["SELECT", "INSERT", "INSERT"]
    assert on("month", said) == ["SELECT"]


@pytest.mark.parametrize("kind", ["connection", "change", "renewal"])
def test_many_are_read_and_written_together(office: Office, kind: str) -> None:
    def items(count: int) -> list[str]:
        numbers = [f"{kind}-{count}-{place:03}" for place in range(count)]
        assert not office.import_json(*(application(number, type=kind) for number in numbers)).faults
        return numbers

    counts = []
    for numbers in (items(20), items(200)):
        with statements(office) as said:
            decisions.process(
                office.register, numbers, date(2023, 9, 1), today=TODAY, term_months=1, without_sale="", actor=ACTOR
            )
        # Their licences are read once, not once for each.
        assert on("licence", said).count("SELECT") == 1
        counts.append(sum(sql.startswith("SELECT") for sql in said))
    assert counts[0] == counts[1]


def test_the_warnings_of_many_are_found_together(office: Office) -> None:
    counts = []
    for count in (20, 200):
        numbers = [f"W-{count}-{place:03}" for place in range(count)]
        items = [application(each, organization={"inn": inn_of(place)}) for place, each in enumerate(numbers)]
        assert not office.import_json(*items).faults
        with statements(office) as said:
            chosen(office.register, Choice(without_warnings=True), TODAY)
        counts.append(sum(sql.startswith("SELECT") for sql in said))
    assert counts[0] == counts[1]


def test_undoing_many_reads_no_row_alone(office: Office) -> None:
    def selects(count: int) -> int:
        numbers = [f"U-{count}-{place:03}" for place in range(count)]
        items = [application(each, organization={"inn": inn_of(place)}) for place, each in enumerate(numbers)]
        assert not office.import_json(*items).faults
        office.process(*numbers)
        with statements(office) as said:
            office.undo()
        return sum(sql.startswith("SELECT") for sql in said)

    # The history keeps the images of fifty rows together.
    assert selects(200) - selects(50) < 200 - 50


def test_undoing_reads_every_row_once(office: Office) -> None:
    with statements(office) as said:
        office.undo()
    # The first asks whether the operation was an import.
    assert on("application", said) == ["SELECT", "SELECT", "UPDATE"]
    assert on("licence", said) == ["SELECT", "DELETE", "INSERT"]
