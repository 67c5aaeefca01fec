"""Copies a whole register from one database into another, row by row, and compares what both hold then."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice

from mureg.errors import RegisterUnusable, msg
from mureg.register.engines.interface import Database, Row
from mureg.register.engines.schema import TABLES

# A row of the history may be as large as a hundred applications.
_AT_ONCE = 500


def fill(source: Database, target: Database) -> None:
    """Copy every row of a register into an empty one, inside a transaction of the empty one.

    Raises `RegisterUnusable` where the target does not hold afterwards, row by row, what the source holds.
    """
    for table in TABLES:
        columns = source.columns(table)
        # A register of an earlier version that is saved as it is may lack a table, and so does the copy.
        assert sorted(columns) == sorted(target.columns(table)), table
        if not columns:
            continue
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        sent, kept = sha256(), sha256()
        for some in _rows_of(source, table, columns):
            target.run_many(insert, some)
            sent.update(repr(some).encode())
        for some in _rows_of(target, table, columns):
            kept.update(repr(some).encode())
        if sent.digest() != kept.digest():
            raise RegisterUnusable(
                msg("{path} does not contain what was written to it ({table})", path=target.location, table=table),
                msg("nothing was kept; run the command again, and choose another place if it fails again"),
            )


def _rows_of(database: Database, table: str, columns: Sequence[str]) -> Iterator[list[Row]]:
    """A table's rows, some thousands at a time. Every table has its key in its first two columns."""
    rows = iter(database.stream(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2"))
    while some := list(islice(rows, _AT_ONCE)):
        yield some
