"""The questions that a manager asks all day go through an index, not through the whole table."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from mureg.domain.application import Organization
from mureg.domain.dates import Month
from mureg.domain.licence_list import Period
from mureg.register.engines.interface import Row
from mureg.register.engines.sqlite.database import SQLite
from mureg.register.history import Actor
from mureg.register.queries.applications import ApplicationFilter
from mureg.register.queries.licence_list import LicenceFilter
from mureg.register.register import Register


class Watched(SQLite):
    """A register in memory that remembers its queries."""

    queries: list[tuple[str, dict[str, object]]]

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        self.__dict__.setdefault("queries", []).append((sql, dict(values or {})))
        return super().rows(sql, values)

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        yield from self.rows(sql, values)

    def plan(self) -> str:
        """How SQLite answers the queries since the last call."""
        queries, self.queries = self.queries, []
        lines: list[str] = []
        for sql, values in queries:
            if sql.lstrip().upper().startswith("SELECT"):
                lines += [str(row[3]) for row in super().rows("EXPLAIN QUERY PLAN " + sql, values)]
        return "\n".join(lines)


@pytest.fixture
def watched() -> Any:
    database = Watched.in_memory()
    assert isinstance(database, Watched)
    database.queries = []
    yield database
    database.close()


def ending(days: int = 30) -> LicenceFilter:
    first = date(2024, 8, 1)
    return LicenceFilter(on=first, ends_in=Period(first, first + timedelta(days=days)), is_renewed=False)


QUESTIONS: dict[str, Callable[[Register], object]] = {
    "a number": lambda register: register.applications.find("A-1"),
    "the waiting list": lambda register: register.applications.waiting(20),
    "sale counts of a month": lambda register: register.licences.sale_counts(Month(2023, 8)),
    "the sales that were called off": lambda register: register.charges.called_off(),
    "sales of a month": lambda register: list(register.licences.sales_in(Month(2023, 8))),
    "those processed in a month": lambda register: list(
        register.applications.matching(ApplicationFilter(month=Month(2023, 8)), sort="processed_on")
    ),
    "an organisation's licences": lambda register: register.licences.of(Organization("7700123459", "770001001")),
    "an organisation's numbers": lambda register: register.organizations.numbers_of(
        Organization("7700123459", "770001001")
    ),
    "those of an ИНН": lambda register: list(register.applications.matching(ApplicationFilter(inn="7700123459"))),
    "the accounts of an ИНН": lambda register: list(register.organizations.accounts_with_inn("7700123459")),
    "the new ones": lambda register: list(register.applications.matching(ApplicationFilter(status="new"), limit=20)),
    "the rejected ones": lambda register: list(
        register.applications.matching(ApplicationFilter(status="rejected"), limit=20)
    ),
    "the cancelled ones by name": lambda register: list(
        register.applications.matching(ApplicationFilter(status="cancelled"), sort="name", limit=20)
    ),
    "the history of one": lambda register: list(register.history.records("A-1")),
    "the last operation in force": lambda register: register.history.last_in_force(),
    "a page of the list": lambda register: list(register.applications.matching(limit=20)),
    "the end of the list": lambda register: list(register.applications.matching(reverse=True, limit=20)),
    "what a file brings again": lambda register: register.imports.requests(["A-1", "A-2"]),
    "sales by number": lambda register: list(register.licences.sales_with(["A-1", "A-2"])),
    "where a sale was settled": lambda register: register.charges.of_number("A-1"),
    "requests by number": lambda register: register.imports.stored(["A-1", "A-2"]),
    "the licences that run out": lambda register: list(register.licence_list.matching(ending())),
    "how many licences run out": lambda register: register.licence_list.count(ending(), 1_000),
    "a page of the licences": lambda register: list(
        register.licence_list.matching(LicenceFilter(on=date(2024, 8, 1)), limit=20)
    ),
    "an organisation today": lambda register: register.organizations.today([Organization("7700123459", "770001001")]),
    "numbers for Tab": lambda register: register.applications.numbers_from("A-1", 100, ("processed",)),
    "ИНН for Tab": lambda register: register.organizations.inns_from("77", 100),
    "what waits of an age": lambda register: register.applications.count_waiting(date.min, date(2024, 8, 1), 1_000),
    "what waits": lambda register: register.applications.waiting_since(),
    "the certificates that end": lambda register: register.organizations.with_certificates_ending(
        Period(date(2024, 8, 1), date(2024, 8, 31)), 1_000
    ),
    "what an import added": lambda register: register.imports.imported_in(1),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_daily_question_scans_no_table(watched: Watched, question: str) -> None:
    QUESTIONS[question](Register(watched))
    plan = watched.plan()
    assert plan
    for line in plan.splitlines():
        # `few`: the rows of an inner query with a limit, which are counted.
        if line.startswith("SCAN") and "CONSTANT ROW" not in line and line != "SCAN few":
            assert "INDEX" in line, plan


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("a number", "sqlite_autoindex_application_1"),
        ("the waiting list", "application_waiting"),
        ("sale counts of a month", "sale_count"),
        ("sales of a month", "licence_sold"),
        ("the sales that were called off", "licence_called_off"),
        ("those processed in a month", "application_processed"),
        ("an organisation's licences", "licence_by_organization"),
        ("a page of the list", "application_by_submission"),
        ("the end of the list", "application_by_submission"),
        ("where a sale was settled", "charge_by_number"),
        ("the licences that run out", "licence_by_end"),
        ("how many licences run out", "licence_by_end"),
        ("a page of the licences", "licence_by_end"),
        ("the rejected ones", "application_rejected_or_cancelled"),
        ("the cancelled ones by name", "application_rejected_or_cancelled"),
        ("an organisation today", "application_by_organization"),
        ("what waits", "application_waiting"),
        ("what waits of an age", "application_waiting"),
        ("the certificates that end", "person_by_certificate"),
    ],
)
def test_a_daily_question_uses_its_index(watched: Watched, question: str, index: str) -> None:
    QUESTIONS[question](Register(watched))
    plan = watched.plan()
    assert index in plan, plan
    if question in (
        "the waiting list", "sale counts of a month", "those processed in a month", "a page of the list",
        "the rejected ones",
    ):  # fmt: skip
        assert "TEMP B-TREE" not in plan, plan


def test_a_search_for_everything_it_meets_reads_the_table_in_its_own_order(watched: Watched) -> None:
    wanted = ApplicationFilter(search="ромашка")
    assert list(Register(watched).applications.matching(wanted)) == []
    assert "SCAN a" in watched.plan().splitlines()
    # A page of it may end long before the table does.
    assert list(Register(watched).applications.matching(wanted, limit=20)) == []
    assert "application_by_submission" in watched.plan()


# --- on a server ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled() -> str:
    """The address of a register with ten thousand licences over three years, about which the server has statistics."""
    from support import postgres_server

    url = postgres_server.emptied(postgres_server.own_database())
    serials = """
        FROM generate_series(1, 10000) n, LATERAL (SELECT to_char(date '2023-08-01' + n / 10, 'YYYY-MM-DD') AS day) d
    """
    with postgres_server.admin(url) as connection:
        connection.execute("SET search_path = mureg")
        connection.execute(f"""
            INSERT INTO application (number, kind, submitted_on, inn, kpp, ogrn, name, account, program_number,
                requested, requested_tier, users, authorities, promotion, client_comment, search, effective, tier,
                status, processed_on, source_file, imported_in, operation)
            SELECT 'A-' || n, 'connection', day, (7700000000 + n)::text, '770001001', '', 'ООО', 'ACC-' || n, '',
                'on', '', 3, '', '', '', 'a-' || n, 'on', '2-9', CASE WHEN n % 100 = 0 THEN 'new' ELSE 'processed' END,
                CASE WHEN n % 100 = 0 THEN NULL ELSE day END, 'a.csv', n / 100 + 1, n {serials}
        """)
        connection.execute(f"""
            INSERT INTO licence (application, inn, kpp, tier, starts_on, ends_on, sold_on, operation)
            SELECT 'A-' || n, (7700000000 + n)::text, '770001001', '2-9', day, day, day, n {serials}
        """)
        connection.execute(f"""
            INSERT INTO month (month, state, operation) SELECT DISTINCT substr(day, 1, 7), 'closed', 20000 {serials}
        """)
        connection.execute(f"""
            INSERT INTO charge (month, place, number, inn, kpp, name, tier, sold_on, promotion, kind, corrects, cause,
                list_price_kopecks, discount_rate, discount_kopecks, carried, taken_from)
            SELECT substr(day, 1, 7), n, 'A-' || n, (7700000000 + n)::text, '', 'ООО', '2-9', day, '', 'sale', '',
                'sale:A-' || n, 1, 1, 1, 0, '' {serials}
        """)
        connection.execute(f"""
            INSERT INTO history (operation, done_at, done_by, command, numbers, before, after, hash)
            SELECT n, day, 'olga', 'test', '[]', '{{}}', '{{}}', 'h' || n {serials}
        """)
        connection.execute(
            f"INSERT INTO history_subject (subject, operation) SELECT 'application A-' || n, n {serials}"
        )
        connection.execute("ANALYZE")
    return str(url)


def plan_on_server(url: str, question: str, *, avoids_scans: bool = False) -> str:
    """How a server answers the queries of a question; `avoids_scans`: even of small tables."""
    from mureg.register.engines.postgres.database import PostgreSQL

    queries: list[tuple[str, Mapping[str, object]]] = []

    class WatchedServer(PostgreSQL):
        def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
            queries.append((sql, values or {}))
            return super().rows(sql, values)

        def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
            yield from self.rows(sql, values)

    database = WatchedServer.open(url)
    assert isinstance(database, WatchedServer)
    queries.clear()
    database.run(f"SET enable_seqscan = {'off' if avoids_scans else 'on'}")
    QUESTIONS[question](Register(database))
    lines = [
        str(row[0])
        for sql, values in list(queries)
        if sql.lstrip().upper().startswith("SELECT")
        for row in PostgreSQL.rows(database, "EXPLAIN " + sql, values)
    ]
    database.close()
    return "\n".join(lines)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_daily_question_scans_no_table_of_a_server(filled: str, question: str) -> None:
    plan = plan_on_server(filled, question, avoids_scans=True)
    assert plan
    # Owners and months are not among them: their tables are empty.
    for table in ("application", "licence", "charge", "history", "history_subject"):
        assert f"Seq Scan on {table} " not in plan, plan


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("a number", "application_pkey"),
        ("the waiting list", "application_waiting"),
        ("sales of a month", "licence_sold"),
        ("those processed in a month", "application_processed"),
        ("an organisation's licences", "licence_by_organization"),
        ("a page of the list", "application_by_submission"),
        ("the end of the list", "application_by_submission"),
        ("where a sale was settled", "charge_by_number"),
        ("what a file brings again", "application_pkey"),
        ("what an import added", "application_imported"),
        ("the rejected ones", "application_rejected_or_cancelled"),
        ("the licences that run out", "licence_by_end"),
        ("a page of the licences", "licence_by_end"),
    ],
)
def test_a_daily_question_uses_its_index_on_a_server(filled: str, question: str, index: str) -> None:
    plan = plan_on_server(filled, question)
    assert index in plan, plan
    if question in ("the waiting list", "a page of the list", "the end of the list"):
        assert "Sort" not in plan, plan


def test_a_new_register_is_whole(watched: Watched) -> None:
    assert list(watched.problems()) == []
    assert Register(watched).history.head() == (0, "")


def test_an_empty_operation_is_no_record(watched: Watched) -> None:
    register = Register(watched)
    with register.operation(Actor("tester", "test", "2023-08-14T10:00:00Z")):
        pass
    assert list(register.history.records()) == []
