"""The questions that a manager asks all day go through an index, not through the whole table."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from mureg.domain.application import Organization
from mureg.domain.calendar import Month
from mureg.register.database import Row
from mureg.register.operation import Actor
from mureg.register.register import ApplicationFilter, Register
from mureg.register.sqlite import SQLite


class Watched(SQLite):
    """A register in memory that remembers what it was asked."""

    asked: list[tuple[str, dict[str, object]]]

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        self.__dict__.setdefault("asked", []).append((sql, dict(values or {})))
        return super().rows(sql, values)

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        yield from self.rows(sql, values)

    def plan(self) -> str:
        """How SQLite answers everything that was asked since."""
        asked, self.asked = self.asked, []
        lines: list[str] = []
        for sql, values in asked:
            if sql.lstrip().upper().startswith("SELECT"):
                lines += [str(row[3]) for row in super().rows("EXPLAIN QUERY PLAN " + sql, values)]
        return "\n".join(lines)


@pytest.fixture
def watched() -> Any:
    database = Watched.in_memory()
    assert isinstance(database, Watched)
    database.asked = []
    yield database
    database.close()


QUESTIONS: dict[str, Callable[[Register], object]] = {
    "a number": lambda register: register.application("A-1"),
    "the waiting list": lambda register: register.waiting(20),
    "sale counts of a month": lambda register: register.sale_counts(Month(2023, 8)),
    "sales of a month": lambda register: list(register.sales(Month(2023, 8))),
    "those processed in a month": lambda register: list(
        register.applications(ApplicationFilter(month=Month(2023, 8)), sort="processed_on")
    ),
    "an organisation's licences": lambda register: register.licences(Organization("7700123459", "770001001")),
    "an organisation's numbers": lambda register: register.numbers_of(Organization("7700123459", "770001001")),
    "those of an ИНН": lambda register: list(register.applications(ApplicationFilter(inn="7700123459"))),
    "an account's organisation": lambda register: register.organizations_with("7700123459", "ACC-1"),
    "the new ones": lambda register: list(register.applications(ApplicationFilter(status="new"), limit=20)),
    "the history of one": lambda register: list(register.history("A-1")),
    "the last operation in force": lambda register: register.last_operation_in_force(),
    "words by number": lambda register: register.words(["A-1", "A-2"]),
    "what an import added": lambda register: register.imported_in(1),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_daily_question_scans_no_table(watched: Watched, question: str) -> None:
    QUESTIONS[question](Register(watched))
    plan = watched.plan()
    assert plan
    for line in plan.splitlines():
        if line.startswith("SCAN") and "CONSTANT ROW" not in line:
            assert "INDEX" in line, plan


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("a number", "sqlite_autoindex_application_1"),
        ("the waiting list", "application_waiting"),
        ("sale counts of a month", "licence_sold"),
        ("sales of a month", "licence_sold"),
        ("those processed in a month", "application_processed"),
        ("an organisation's licences", "licence_by_organization"),
    ],
)
def test_a_daily_question_uses_its_index(watched: Watched, question: str, index: str) -> None:
    QUESTIONS[question](Register(watched))
    plan = watched.plan()
    assert index in plan, plan
    if question in ("the waiting list", "sale counts of a month", "those processed in a month"):
        assert "TEMP B-TREE" not in plan, plan


def test_a_new_register_is_whole(watched: Watched) -> None:
    assert list(watched.problems()) == []
    assert Register(watched).head() == (0, "")


def test_an_empty_operation_is_no_record(watched: Watched) -> None:
    register = Register(watched)
    with register.operation(Actor("tester", "test", "2023-08-14T10:00:00Z")):
        pass
    assert list(register.history()) == []
