"""The operator's statements in the register: each is kept as it came, even when its month gets another one."""

from collections.abc import Iterator
from itertools import islice, repeat
from typing import NamedTuple

from mureg.domain.columns import Columns, columns_of
from mureg.domain.dates import Month
from mureg.domain.reconciliation.statement import Statement, StatementRow, StatementRows
from mureg.lazy_imports import lazy_imports
from mureg.register.engines.interface import Database, Row

with lazy_imports():
    import hashlib

_ROWS_AT_ONCE = 1_000
# `row` is a word of SQL.
_ROW_COLUMNS = tuple("row_number" if name == "row" else name for name in StatementRow._fields)
STATEMENT_ROW_COLUMNS = ("statement", *_ROW_COLUMNS)

STATEMENT_FACT = "statement_sha256"
"""The name of a statement's digest among the facts of the record of its reconciliation."""


class StatementSource(NamedTuple):
    """The file that a statement came in, and its SHA-256."""

    file: str
    sha256: str


class StoredRows(StatementRows):
    """The rows of a statement that the register keeps."""

    def __init__(self, database: Database, statement: int) -> None:
        self._database = database
        self._values = {"statement": statement}
        sql = "SELECT count(*), COALESCE(sum(payable_kopecks), 0) FROM statement_row WHERE statement = :statement"
        ((count, total),) = database.rows(sql, self._values)
        self._count, self.total_kopecks = int(count), int(total)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def chunks(self) -> Iterator[Columns]:
        """The columns of some thousands of rows at a time, in the order of the file."""
        sql = f"SELECT {', '.join(_ROW_COLUMNS)} FROM statement_row WHERE statement = :statement ORDER BY row_number"
        rows = iter(self._database.stream(sql, self._values))
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            yield columns_of(StatementRow, some)


class Statements:
    """Questions about statements."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, statement: int) -> Statement:
        """A statement; its rows are read each time they are used."""
        sql = "SELECT file, sha256, stated_total_kopecks FROM statement WHERE statement = :statement"
        ((file, sha256, stated),) = self._database.rows(sql, {"statement": statement})
        return Statement(file, sha256, StoredRows(self._database, statement), stated)

    def source(self, statement: int) -> StatementSource:
        """Where a statement came from, without its rows."""
        sql = "SELECT file, sha256 FROM statement WHERE statement = :statement"
        (row,) = self._database.rows(sql, {"statement": statement})
        return StatementSource._make(row)

    def total_kopecks(self, statement: int) -> int:
        """The sum of a statement's rows."""
        return StoredRows(self._database, statement).total_kopecks

    def months(self) -> dict[int, Month]:
        """Every statement that is kept, and its month."""
        rows = self._database.rows("SELECT statement, month FROM statement ORDER BY statement")
        return {statement: Month.parse(month) for statement, month in rows}


def statement_rows(number: int, statement: Statement) -> Iterator[list[Row]]:
    """The rows of a statement as the register keeps them, `STATEMENT_ROW_COLUMNS`; some thousands at a time."""
    # zip stops at the shortest: the number is repeated for every row.
    return (list(zip(repeat(number), *columns.values(), strict=False)) for columns in statement.rows.chunks())


def statement_digest(month: Month, statement: Statement) -> str:
    """SHA-256 over all that is kept of a statement."""
    head = (str(month), statement.file, statement.sha256, statement.stated_total_kopecks)
    digest = hashlib.sha256(repr(head).encode())
    for columns in statement.rows.chunks():
        digest.update("".join(map(repr, zip(*columns.values(), strict=True))).encode())
    return digest.hexdigest()
