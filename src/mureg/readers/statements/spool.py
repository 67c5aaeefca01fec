"""Rows of a statement while its file is read: a few in memory, many in a temporary file without a name."""

import marshal
import weakref
from collections.abc import Iterator, Mapping
from os import SEEK_END
from typing import IO

from mureg.domain.columns import Columns
from mureg.domain.reconciliation.statement import StatementRows
from mureg.lazy_imports import lazy_imports

# Slow to load, and most statements are short.
with lazy_imports():
    import tempfile

_MOST_ROWS_IN_MEMORY = 10_000
_MOST_CHARACTERS = 1 << 21


class SpooledRows(StatementRows):
    """Filled by `add`, then given the meaning of ambiguous rates by `explain`; then its rows can be read."""

    def __init__(self) -> None:
        self.total_kopecks = 0
        # Of the amounts without their signs: no sum of some of the rows is larger.
        self.largest_sum_kopecks = 0
        self._count = 0
        self._waiting: list[Columns] = []
        self._waiting_rows = self._waiting_characters = 0
        self._file: IO[bytes] | None = None
        self._places: list[tuple[int, int]] = []
        self._rates: Mapping[object, int] = {}

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def add(self, columns: Columns) -> None:
        """Take some more rows, in the order of the file.

        They are as `chunks` returns them, but a rate may be the text of its cell until `explain` gives its meaning.
        """
        payable = columns["payable_kopecks"]
        if not payable:
            return
        self._count += len(payable)
        self.total_kopecks += sum(payable)
        self.largest_sum_kopecks += sum(map(abs, payable))
        self._waiting.append(columns)
        self._waiting_rows += len(payable)
        self._waiting_characters += sum(map(len, columns["name"]))
        if self._waiting_rows >= _MOST_ROWS_IN_MEMORY or self._waiting_characters >= _MOST_CHARACTERS:
            self._write_waiting()

    def explain(self, rates: Mapping[object, int]) -> None:
        """Give the meaning of the rates that are still texts, in basis points."""
        self._rates = rates

    def unexplained(self) -> Iterator[Columns]:
        """The rows as they were added."""
        for place, size in self._places:
            assert self._file is not None, "there are places in it"
            self._file.seek(place)
            # From memory: from a file, `marshal` would read every number and every text separately.
            yield from marshal.loads(self._file.read(size))  # noqa: S302  our own, in a file without a name
        yield from self._waiting

    def chunks(self) -> Iterator[Columns]:
        """The columns of up to some thousands of rows at a time, in the order of the file."""
        if not self._rates:
            return self.unexplained()
        get = self._rates.get
        return (
            {**columns, "discount_rate": [get(rate, rate) for rate in columns["discount_rate"]]}
            for columns in self.unexplained()
        )

    def _write_waiting(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the rows
            weakref.finalize(self, self._file.close)
        content = marshal.dumps(self._waiting)
        self._places.append((self._file.seek(0, SEEK_END), len(content)))
        self._file.write(content)
        self._waiting, self._waiting_rows, self._waiting_characters = [], 0, 0
