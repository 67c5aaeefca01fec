"""What `mureg check` asks of a register beside what everybody does."""

from collections.abc import Iterable, Iterator
from itertools import islice

from mureg.register import columns as rows
from mureg.register.engines.interface import Database, Row, in_list
from mureg.register.engines.schema import KEY_OF
from mureg.register.history import said_by
from mureg.register.transaction import COLUMNS

_AT_ONCE = 500


class Inspection:
    """Reads rows as they are kept, whatever they mean."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def engine_problems(self) -> Iterable[str]:
        """What the engine itself finds wrong with its storage."""
        return self._database.problems()

    def open_to_others(self) -> Iterable[tuple[str, int]]:
        """The register's files that others than their owner may read or change, with their modes."""
        return self._database.open_to_others()

    def derived_columns(self) -> Iterator[tuple[str, str, str]]:
        """The derived columns of every application, in the order of `applications()`."""
        sql = f"SELECT {', '.join(rows.DERIVED_COLUMNS)} FROM application ORDER BY submitted_on, number"
        yield from self._database.stream(sql)

    def licences_of_wrong_applications(self) -> Iterable[Row]:
        """Licences whose application is neither processed nor cancelled."""
        return self._database.rows("""
            SELECT l.application, a.status FROM licence l JOIN application a ON a.number = l.application
            WHERE a.status NOT IN ('processed', 'cancelled') OR (a.status = 'cancelled') <> (l.cancelled_on IS NOT NULL)
            ORDER BY l.application
        """)

    def misdated_licences(self) -> Iterable[Row]:
        """Sales dated otherwise than their application's processing."""
        return self._database.rows("""
            SELECT l.application, l.sold_on, a.processed_on
            FROM licence l JOIN application a ON a.number = l.application
            WHERE l.sold_on IS NOT NULL AND l.sold_on <> a.processed_on ORDER BY l.application
        """)

    def persons_without_application(self) -> Iterable[Row]:
        """Personal data that no application stands behind."""
        return self._database.rows("""
            SELECT DISTINCT p.application FROM person p
            WHERE NOT EXISTS (SELECT 1 FROM application a WHERE a.number = p.application) ORDER BY p.application
        """)

    def said_by(self, image: object) -> object:
        """The value that the history's image of a column stands for."""
        return said_by(self._database, image)

    def subjects(self) -> Iterator[tuple[int, str]]:
        """What every operation stood on or changed, by operation."""
        yield from self._database.stream("SELECT operation, subject FROM history_subject ORDER BY operation, subject")

    def states(self, table: str) -> Iterator[tuple[str, int, dict[str, object]]]:
        """Every row of a table that operations change: its key, the operation that wrote it, and its columns."""
        columns = COLUMNS[table]
        sql = f"SELECT {KEY_OF[table]}, operation, {', '.join(columns)} FROM {table} ORDER BY {KEY_OF[table]}"
        for key, operation, *values in self._database.stream(sql):
            yield key, operation, dict(zip(columns, values, strict=True))

    def changed_persons(self) -> Iterator[str]:
        """Applications with personal data that does not fit its digest."""
        for row in self._database.stream(f"SELECT {', '.join(rows.Person._fields)} FROM person"):
            person = rows.Person._make(row)
            if rows.person_digest(person.salt, person[3:]) != person.digest:
                yield person.application

    def nameless_owners(self) -> Iterator[str]:
        """Applications whose owners name people that are not there."""
        found = iter(self._database.stream("SELECT number, owners FROM application WHERE owners <> '[]'"))
        while some := list(islice(found, _AT_ONCE)):
            names, values = in_list([number for number, _ in some])
            sql = f"SELECT digest FROM person WHERE application IN ({names})"
            known = {digest for (digest,) in self._database.rows(sql, values)}
            yield from (number for number, owners in some if not rows.persons_named(owners) <= known)
