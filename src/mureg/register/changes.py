"""The rows that an operation changes: their columns before it and after it, for the history and for undo."""

import marshal
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from mureg.register.columns import COLUMNS
from mureg.register.engines.interface import Database, Row, in_lists
from mureg.register.engines.schema import KEY_OF

Values = dict[str, Any]
"""Columns of a row by their names."""

# Rows that were read and are not written yet: an operation reads some rows, writes them, and goes on to the next.
_MOST_READ = 1_000
_ROWS_AT_ONCE = 500


class Change(NamedTuple):
    """How a row changed. `before` and `after` hold the columns that changed; of a new row `after` holds all."""

    existed: bool
    exists: bool
    before: Values
    after: Values


class Changes:
    """Writes rows of the tables that undo restores, and remembers the changes. Each row is read once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: dict[tuple[str, str], Values] = {}
        # As bytes, which take a fifth of the memory: an import may change hundreds of thousands of rows.
        self._changes: dict[tuple[str, str], bytes] = {}
        self._before_attempt: dict[tuple[str, str], bytes | None] | None = None

    def __iter__(self) -> Iterator[tuple[str, str, Change]]:
        """Table, key and change of every row, in the order in which they were first written."""
        return ((table, key, _unpacked(change)) for (table, key), change in self._changes.items())

    def by_key(self) -> Iterator[tuple[str, str, Change]]:
        """The same in the order of tables and keys."""
        return ((table, key, _unpacked(self._changes[table, key])) for table, key in sorted(self._changes))

    def get(self, table: str, key: str) -> Change | None:
        """How a row has changed so far."""
        change = self._changes.get((table, key))
        return None if change is None else _unpacked(change)

    def row(self, table: str, key: str) -> Values | None:
        """A row as it is now; `None` where there is none."""
        return self.rows(table, [key]).get(key)

    def rows(self, table: str, keys: Collection[str]) -> dict[str, Values]:
        """Those of the rows, some hundreds, that there are, as they are now."""
        found = {key: self._read[table, key] for key in keys if (table, key) in self._read}
        columns, key_column = COLUMNS[table], KEY_OF[table]
        read: dict[str, Values] = {}
        for names, values in in_lists([key for key in keys if key not in found]):
            sql = f"SELECT {key_column}, {', '.join(columns)} FROM {table} WHERE {key_column} IN ({names})"
            read |= {key: dict(zip(columns, row, strict=True)) for key, *row in self._database.rows(sql, values)}
        self.note_read(table, read)
        return found | read

    def note_read(self, table: str, rows: Mapping[str, Values]) -> None:
        """Note rows by their keys that another statement has read, so that they are not read again."""
        if len(self._read) + len(rows) > _MOST_READ:
            self._read.clear()
        self._read |= {(table, key): row for key, row in rows.items()}

    def touched(self, table: str, columns: Collection[str]) -> Iterator[Values]:
        """The rows of which one of the columns changed, or that are new or deleted, as they were and as they are."""
        keys = iter([key for changed, key in self._changes if changed == table])
        while some := list(islice(keys, _ROWS_AT_ONCE)):
            changed = {key: _unpacked(self._changes[table, key]) for key in some}
            updated = [
                key
                for key, change in changed.items()
                if change.existed and change.exists and any(name in change.before for name in columns)
            ]
            rows = self.rows(table, updated)
            for key, change in changed.items():
                if key in rows:
                    yield rows[key]
                    yield rows[key] | change.before
                elif change.existed != change.exists:
                    yield change.after or change.before

    def insert(self, table: str, rows: Mapping[str, Values]) -> None:
        """Add rows by their keys, each with the same columns."""
        columns = next(iter(rows.values()), {}).keys()
        insert_many(self._database, table, list(columns), [tuple(values.values()) for values in rows.values()])
        for key, values in rows.items():
            self._note(table, key, Change(existed=False, exists=True, before={}, after=dict(values)))
        self.note_read(table, {key: dict.fromkeys(COLUMNS[table]) | values for key, values in rows.items()})

    def update(self, table: str, values: Mapping[str, Values], *, new: Collection[str] = ()) -> None:
        """Write the columns that differ, of rows by their keys.

        `new` are the keys of rows that the same operation has added, but not through this class.
        """
        statements: dict[tuple[str, ...], list[Row]] = {}
        stored = self.rows(table, values)
        for key, columns in values.items():
            row = stored.get(key)
            if row is None:
                continue
            changed = {name: value for name, value in columns.items() if value != row[name]}
            if changed:
                statements.setdefault(tuple(changed), []).append((*changed.values(), key))
            known = self.get(table, key) or Change(existed=key not in new, exists=True, before={}, after={})
            before = {name: row[name] for name in changed} | known.before if known.existed else {}
            self._note(table, key, known._replace(before=before, after=known.after | changed))
            row |= changed
        for names, rows in statements.items():
            settings = ", ".join(f"{name} = ?" for name in names)
            self._database.run_many(f"UPDATE {table} SET {settings} WHERE {KEY_OF[table]} = ?", rows)

    def delete(self, table: str, keys: Collection[str]) -> None:
        """Delete those of the rows that there are."""
        stored = self.rows(table, keys)
        self._database.run_many(f"DELETE FROM {table} WHERE {KEY_OF[table]} = ?", [(key,) for key in stored])
        for key in keys:
            if key not in stored:
                continue
            known = self.get(table, key) or Change(existed=True, exists=True, before={}, after={})
            before = stored[key] | known.before if known.existed else {}
            self._note(table, key, Change(existed=known.existed, exists=False, before=before, after={}))
            self._read.pop((table, key), None)

    def hide_before(self, table: str, key: str, column: str) -> None:
        """Keep a column's former value out of the history, but not the fact that it had one."""
        change = self.get(table, key)
        if change is not None and change.before.get(column):
            self._note(table, key, change._replace(before=change.before | {column: None}))

    def forget(self, table: str, key: str) -> None:
        """Forget the changes of a row."""
        self._changes.pop((table, key), None)
        self._read.pop((table, key), None)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Forget the changes of the block if it raises an exception."""
        self._before_attempt = {}
        try:
            yield
        except BaseException:
            for place, change in self._before_attempt.items():
                if change is None:
                    del self._changes[place]
                else:
                    self._changes[place] = change
            self._read.clear()
            raise
        finally:
            self._before_attempt = None

    def _note(self, table: str, key: str, change: Change) -> None:
        if self._before_attempt is not None:
            self._before_attempt.setdefault((table, key), self._changes.get((table, key)))
        self._changes[table, key] = marshal.dumps(tuple(change))


def _unpacked(change: bytes) -> Change:
    # This very process has written it.
    return Change._make(marshal.loads(change))  # noqa: S302


def insert(database: Database, table: str, values: Mapping[str, object]) -> None:
    """Add one row of any table."""
    parameters = ", ".join(f":{name}" for name in values)
    database.run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({parameters})", values)


def insert_many(database: Database, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Add rows of any table, by position."""
    if not rows:
        return
    marks = ", ".join("?" * len(columns))
    database.run_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
