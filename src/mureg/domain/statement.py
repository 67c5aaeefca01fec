"""The operator's statement of a month: what it counts as sold, row by row."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Literal, NamedTuple

from mureg.domain.application import Tier


class StatementRow(NamedTuple):
    """What the operator counts as sold. `row` is as Excel numbers it. What the file does not say is empty or `None`."""

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


PlainRow = tuple[int, int, str, str, str, str, Tier | Literal[""], str | None, int | None, int | None, int | None]
"""A `StatementRow` as it is written down: the day is ISO text."""

Terms = tuple[Tier | Literal[""], int, int | None, int | None, int | None]
"""What a row says of the money: tier, payable, list price, discount rate, discount."""

_AT_ONCE = 5_000


class StatementRows:
    """The rows of a statement, as often as they are asked for; they may be more than fit into memory at once.

    These here are in memory. Others say where their plain rows come from, how many they are, and their sum.
    """

    total_kopecks: int
    """The sum of the rows."""

    def __init__(self, rows: Iterable[StatementRow] = ()) -> None:
        self._rows = list(map(plain_row, rows))
        self.total_kopecks = sum(row[1] for row in self._rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def chunks(self) -> Iterator[Sequence[PlainRow]]:
        """Every row as it is written down, in the order of the file, some thousands at a time."""
        return (self._rows[start : start + _AT_ONCE] for start in range(0, len(self._rows), _AT_ONCE))

    def __iter__(self) -> Iterator[StatementRow]:
        """Every row, in the order of the file."""
        return _made(chain.from_iterable(self.chunks()))

    def numbered(self, wanted: Collection[int]) -> list[StatementRow]:
        """The rows with these numbers of rows."""
        if not wanted:
            return []
        return list(_made(row for chunk in self.chunks() for row in chunk if row[0] in wanted))


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


def plain_row(row: StatementRow) -> PlainRow:
    """A row as it is written down."""
    return (*row[:7], row.processed_on.isoformat() if row.processed_on else None, *row[8:])


def _made(rows: Iterable[PlainRow]) -> Iterator[StatementRow]:
    # A month has few days.
    days: dict[str | None, date | None] = {None: None}
    for row in rows:
        text = row[7]
        if text not in days:
            days[text] = date.fromisoformat(str(text))
        yield StatementRow(*row[:7], days[text], *row[8:])
