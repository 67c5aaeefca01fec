"""Sorts notes that may be more than fit into memory: they are added in one order and read in another.

They are in a temporary database of SQLite's own. It goes to the folder for temporary files only when it has outgrown
its share of memory; no other user can open it there, and it is deleted with the process.
"""

import marshal
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from mureg.errors import RegisterUnusable, msg

Key = str | int
Note = tuple[Any, ...]
"""Texts, numbers, dictionaries and lists of such, and `None`."""

_MEGABYTES = 16


class Sorter:
    """Notes about keys, of several kinds."""

    def __init__(self) -> None:
        with _translate_errors():
            self._connection = sqlite3.connect("", isolation_level=None)
            for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_MEGABYTES * 1024}"):
                self._connection.execute(f"PRAGMA {pragma}")
        self._kinds: set[str] = set()

    def add(self, kind: str, notes: Iterable[tuple[Key, Note]]) -> None:
        """Add notes with their keys."""
        with _translate_errors():
            if kind not in self._kinds:
                self._connection.execute(f"CREATE TABLE {kind} (key, note)")
                self._kinds.add(kind)
            self._connection.execute("BEGIN")
            self._connection.executemany(
                f"INSERT INTO {kind} VALUES (?, ?)", ((key, marshal.dumps(note)) for key, note in notes)
            )
            self._connection.execute("COMMIT")

    def sorted(self, kind: str) -> Iterator[tuple[Any, Iterator[Note]]]:
        """The notes of a kind: each key, in order, with its notes in the order in which they were added."""
        if kind not in self._kinds:
            return
        with _translate_errors():
            found = self._connection.execute(f"SELECT key, note FROM {kind} ORDER BY key, rowid")
            for key, notes in groupby(found, itemgetter(0)):
                # This very process wrote them a moment ago.
                yield key, (marshal.loads(note) for _, note in notes)  # noqa: S302

    def close(self) -> None:
        """Delete all notes."""
        self._connection.close()


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise RegisterUnusable(
            msg("the folder for temporary files cannot be used: {reason}", reason=str(error)),
            msg("free some space there, or set TMPDIR (TEMP on Windows) to another folder"),
        ) from None
