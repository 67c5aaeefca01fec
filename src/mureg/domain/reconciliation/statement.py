"""The operator's statement of a month: what it counts as sold, row by row."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from mureg.domain.application import Tier
from mureg.domain.columns import Columns, columns_of, rows_of, selected


class StatementRow(NamedTuple):
    """What the operator counts as sold. `row` is as Excel numbers it. What the file does not say is empty or `None`.

    These fields, in this order, are what is hashed, stored and printed of a row; the readers' fields are named for
    them.
    """

    row: int
    payable_kopecks: int
    number: str = ""
    inn: str = ""
    kpp: str = ""
    name: str = ""
    tier: Tier | Literal[""] = ""
    processed_on: date | None = None
    list_price_kopecks: int | None = None
    discount_rate: int | None = None
    discount_kopecks: int | None = None


class Terms(NamedTuple):
    """What a row says about the money: the fields of `StatementRow` that are compared with a charge."""

    tier: Tier | Literal[""]
    payable_kopecks: int
    list_price_kopecks: int | None
    discount_rate: int | None
    discount_kopecks: int | None


_CHUNK_ROWS = 5_000


class StatementRows:
    """The rows of a statement; they can be read any number of times, and may be more than fit into memory.

    These are in memory. A subclass says where its chunks come from, how many rows they have, and their sum.
    """

    total_kopecks: int
    """The sum of the rows."""

    def __init__(self, rows: Iterable[StatementRow] = ()) -> None:
        self._rows = list(rows)
        self.total_kopecks = sum(row.payable_kopecks for row in self._rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def chunks(self) -> Iterator[Columns]:
        """The columns of `StatementRow` of some thousands of rows at a time, in the order of the file.

        They are as they are stored: `processed_on` is ISO text.
        """
        for start in range(0, len(self._rows), _CHUNK_ROWS):
            columns = columns_of(StatementRow, self._rows[start : start + _CHUNK_ROWS])
            yield {**columns, "processed_on": [day and day.isoformat() for day in columns["processed_on"]]}

    def __iter__(self) -> Iterator[StatementRow]:
        """Every row, in the order of the file."""
        for columns in self.chunks():
            yield from _rows(columns)

    def numbered(self, wanted: Collection[int]) -> list[StatementRow]:
        """The rows whose `row` is among the numbers."""
        found: list[StatementRow] = []
        for columns in self.chunks() if wanted else ():
            is_wanted = [row in wanted for row in columns["row"]]
            if any(is_wanted):
                found += _rows(selected(columns, is_wanted))
        return found


class Statement(NamedTuple):
    """The operator's report of a month: its file, the SHA-256 of the file's bytes, its rows, and its own total."""

    file: str
    sha256: str
    rows: StatementRows
    stated_total_kopecks: int | None = None

    @property
    def total_kopecks(self) -> int:
        """The sum of the rows."""
        return self.rows.total_kopecks


def _rows(columns: Columns) -> list[StatementRow]:
    # A month has few days.
    day_of = {text: text and date.fromisoformat(text) for text in set(columns["processed_on"])}
    return rows_of(StatementRow, {**columns, "processed_on": map(day_of.__getitem__, columns["processed_on"])})
