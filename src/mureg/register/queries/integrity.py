"""Queries that only `mureg check` uses."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from mureg.domain.application import Application
from mureg.domain.dates import Month
from mureg.register import columns
from mureg.register.engines.interface import Database, Row, in_list
from mureg.register.engines.schema import KEY_OF, NUMBERS_IN_RECORD
from mureg.register.queries.applications import Applications
from mureg.register.sale_counts import wrong_counts

_AT_ONCE = 500


class RowState(NamedTuple):
    """A row of a table that operations change: its key, the operation that wrote it, and its columns."""

    key: str
    operation: int
    values: dict[str, object]


class Subject(NamedTuple):
    """Something that an operation depended on or changed."""

    operation: int
    subject: str


class NumberWithStatus(NamedTuple):
    """An application and its status."""

    number: str
    status: str


class MisdatedLicence(NamedTuple):
    """A licence that was sold on another day than its application was processed on."""

    number: str
    sold_on: str
    processed_on: str | None


class NumberInMonth(NamedTuple):
    """An application that a month charges, or was to charge. The month is as it is written, valid or not."""

    month: str
    number: str


class CauseCount(NamedTuple):
    """How many charges settle the same."""

    cause: str
    charges: int


class Integrity:
    """Reads rows as they are stored, valid or not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def engine_problems(self) -> Iterable[str]:
        """What the engine's own checks find."""
        return self._database.problems()

    def open_to_others(self) -> Iterable[tuple[str, int]]:
        """The register's files that other users can read or change, with their modes."""
        return self._database.open_to_others()

    def schema(self) -> tuple[dict[str, str], dict[str, str]]:
        """The definitions of the database's objects by name: of those that exist, and of those that should."""
        return self._database.schema_objects(), self._database.expected_schema_objects()

    # --- the history ----------------------------------------------------------------------------------------------

    def subjects(self) -> Iterator[Subject]:
        """What every operation depended on or changed, by operation."""
        rows = self._database.stream("SELECT operation, subject FROM history_subject ORDER BY operation, subject")
        return map(Subject._make, rows)

    def operations_with_stray_numbers(self) -> set[int]:
        """The operations that have numbers beside a record with room for them."""
        sql = "SELECT operation FROM history WHERE length(numbers) < :most AND later_numbers <> ''"
        return {operation for (operation,) in self._database.rows(sql, {"most": NUMBERS_IN_RECORD})}

    def operations_with_images(self) -> dict[int, bool]:
        """The operations that have images beside their record, and whether their places have no gap."""
        rows = self._database.rows(
            "SELECT operation, MIN(place), MAX(place), COUNT(*) FROM history_images GROUP BY operation"
        )
        return {operation: (first, last) == (1, count) for operation, first, last, count in rows}

    def states(self, table: str) -> Iterator[RowState]:
        """Every row of a table that operations change, by its key."""
        names = columns.COLUMNS[table]
        key = KEY_OF[table]
        sql = f"SELECT {key}, operation, {', '.join(names)} FROM {table} ORDER BY {key}"
        for key_value, operation, *values in self._database.stream(sql):
            yield RowState(key_value, operation, dict(zip(names, values, strict=True)))

    # --- applications, licences and people --------------------------------------------------------------------------

    def applications_with_derived(self) -> Iterator[tuple[Application, tuple[str, str, str]]]:
        """Every application with the `DERIVED_COLUMNS` of its row."""
        for application, row in Applications(self._database).all_with_rows():
            yield application, columns.derived_in(row)

    def licences_of_wrong_applications(self) -> Iterator[NumberWithStatus]:
        """Licences whose application is neither processed nor cancelled."""
        rows = self._database.rows("""
            SELECT l.application, a.status FROM licence l JOIN application a ON a.number = l.application
            WHERE a.status NOT IN ('processed', 'cancelled') OR (a.status = 'cancelled') <> (l.cancelled_on IS NOT NULL)
            ORDER BY l.application
        """)
        return map(NumberWithStatus._make, rows)

    def misdated_licences(self) -> Iterator[MisdatedLicence]:
        """Sales dated otherwise than their application's processing."""
        rows = self._database.rows("""
            SELECT l.application, l.sold_on, a.processed_on
            FROM licence l JOIN application a ON a.number = l.application
            WHERE l.sold_on IS NOT NULL AND l.sold_on <> a.processed_on ORDER BY l.application
        """)
        return map(MisdatedLicence._make, rows)

    def wrong_sale_counts(self) -> list[Row]:
        """The days and tiers whose count of sales is not that of the licences."""
        return wrong_counts(self._database)

    def changed_persons(self) -> Iterator[str]:
        """Applications with personal data that does not fit its digest."""
        for row in self._database.stream(f"SELECT {', '.join(columns.Person._fields)} FROM person"):
            person = columns.Person._make(row)
            if person.computed_digest() != person.digest:
                yield person.application

    def nameless_owners(self) -> Iterator[str]:
        """Applications that name people, or contacts, that are not there."""
        sql = "SELECT number, owners, contact FROM application WHERE owners <> '[]' OR contact <> ''"
        found = iter(self._database.stream(sql))
        while some := list(islice(found, _AT_ONCE)):
            names, values = in_list(number for number, *_ in some)
            sql = f"SELECT digest FROM person WHERE application IN ({names})"
            known = {digest for (digest,) in self._database.rows(sql, values)}
            yield from (number for number, *named in some if not columns.persons_named(*named) <= known)

    def persons_without_application(self) -> Iterator[str]:
        """Numbers of applications that are not there, and that there is personal data of."""
        rows = self._database.rows("""
            SELECT DISTINCT p.application FROM person p
            WHERE NOT EXISTS (SELECT 1 FROM application a WHERE a.number = p.application) ORDER BY p.application
        """)
        return (number for (number,) in rows)

    # --- charges --------------------------------------------------------------------------------------------------

    def charges_without_application(self) -> Iterator[NumberInMonth]:
        """Charges of applications that are not there."""
        rows = self._database.rows("""
            SELECT c.month, c.number FROM charge c
            WHERE NOT EXISTS (SELECT 1 FROM application a WHERE a.number = c.number) ORDER BY c.month, c.place
        """)
        return map(NumberInMonth._make, rows)

    def charges_of_unknown_cause(self) -> Iterator[NumberInMonth]:
        """Charges that are neither a sale nor the correction of an earlier charge of the same application."""
        rows = self._database.rows("""
            SELECT c.month, c.number FROM charge c
            WHERE c.cause <> 'sale:' || c.number AND c.cause <> 'late:' || c.number AND NOT EXISTS (
                SELECT 1 FROM charge k WHERE k.number = c.number AND k.month < c.month
                  AND (c.cause = 'carried:' || k.month || ':' || CAST(k.place AS TEXT)
                    OR c.cause = 'cancelled:' || k.month || ':' || CAST(k.place AS TEXT)))
            ORDER BY c.month, c.place
        """)
        return map(NumberInMonth._make, rows)

    def months_wrongly_charged(self) -> Iterator[str]:
        """Months with charges that are open, or that have no record."""
        rows = self._database.rows("""
            SELECT DISTINCT c.month FROM charge c
            WHERE NOT EXISTS (SELECT 1 FROM month m WHERE m.month = c.month AND m.state <> 'open') ORDER BY c.month
        """)
        return (month for (month,) in rows)

    def repeated_causes(self) -> Iterator[CauseCount]:
        """What several charges settle."""
        sql = "SELECT cause, count(*) FROM charge GROUP BY cause HAVING count(*) > 1 ORDER BY cause"
        return map(CauseCount._make, self._database.rows(sql))

    def unsettled_sales(self, last_closed: Month) -> Iterator[NumberInMonth]:
        """Sales up to the last closed month that no month charges, and none will."""
        rows = self._database.rows(
            """
            SELECT substr(l.sold_on, 1, 7), l.application FROM licence l
            WHERE l.sold_on <= :last AND l.cancelled_on IS NULL AND l.late = 0
              AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.cause = 'sale:' || l.application)
            ORDER BY l.sold_on, l.application
            """,
            {"last": last_closed.last_day.isoformat()},
        )
        return map(NumberInMonth._make, rows)
