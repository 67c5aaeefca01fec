"""Rows of a statement on their way from its file: a few in memory, many in a temporary file without a name."""

import marshal
import weakref
from collections.abc import Iterator, Mapping, Sequence
from os import SEEK_END
from typing import IO, Any

from mureg.domain.statement import PlainRow, StatementRows

_MOST_IN_MEMORY = 10_000
_MOST_CHARACTERS = 1 << 21

UncertainRow = tuple[Any, ...]
"""A `PlainRow` in which the rate may still be the text of its cell: what it means, the whole column tells."""

_NAME, _RATE = 5, 9


class SpooledRows(StatementRows):
    """Filled by `add`, then told by `settle` what uncertain rates mean, then read as often as one likes."""

    def __init__(self) -> None:
        self.total_kopecks = 0
        # Of the amounts without their signs: no sum of some of the rows is larger.
        self.largest_sum_kopecks = 0
        self._count = 0
        self._waiting: list[UncertainRow] = []
        self._characters = 0
        self._file: IO[bytes] | None = None
        self._places: list[tuple[int, int]] = []
        self._rates: Mapping[object, int] = {}

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def add(self, rows: Sequence[UncertainRow]) -> None:
        """Take some more rows, in the order of the file."""
        self._count += len(rows)
        self.total_kopecks += sum(row[1] for row in rows)
        self.largest_sum_kopecks += sum(abs(row[1]) for row in rows)
        self._waiting += rows
        self._characters += sum(len(row[_NAME]) for row in rows)
        if len(self._waiting) >= _MOST_IN_MEMORY or self._characters >= _MOST_CHARACTERS:
            self._put_away()

    def settle(self, rates: Mapping[object, int]) -> None:
        """Say what the texts mean that stand in the place of rates."""
        self._rates = rates

    def uncertain(self) -> Iterator[list[UncertainRow]]:
        """The rows as they were added, some thousands at a time."""
        for place, size in self._places:
            assert self._file is not None, "there are places in it"
            self._file.seek(place)
            # From memory: out of a file it would ask for every number and every text by itself.
            yield marshal.loads(self._file.read(size))  # noqa: S302  our own, in a file without a name
        if self._waiting:
            yield self._waiting

    def chunks(self) -> Iterator[list[PlainRow]]:
        """Every row as it is written down, in the order of the file, some thousands at a time."""
        if not self._rates:
            return self.uncertain()
        get = self._rates.get
        return (
            [(*row[:_RATE], get(row[_RATE], row[_RATE]), *row[_RATE + 1 :]) for row in chunk]
            for chunk in self.uncertain()
        )

    def _put_away(self) -> None:
        if self._file is None:
            from tempfile import TemporaryFile  # noqa: PLC0415  slow to load, and most statements are short

            self._file = TemporaryFile()  # noqa: SIM115  lives as long as the rows
            weakref.finalize(self, self._file.close)
        content = marshal.dumps(self._waiting)
        self._places.append((self._file.seek(0, SEEK_END), len(content)))
        self._file.write(content)
        self._waiting, self._characters = [], 0
