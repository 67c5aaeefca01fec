"""Rows of a table below its header, read column by column, and their faults."""

from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple, cast

from mureg.errors import Fault, Message
from mureg.readers.errors import may_show, shown_value
from mureg.readers.tables.columns import Column, Value
from mureg.readers.tables.header import Header

Rows = Sequence[Sequence[str]]


class NumberText(str):
    """The text of a cell that a workbook holds as a fractional number."""

    __slots__ = ()


class RepeatedText(str):
    """The text that a cell got from the first one of the cells with which it is merged."""

    __slots__ = ()


# Measured: with 5,000 the texts of a chunk leave the processor's cache, and a row costs a microsecond more.
CHUNK_ROWS = 1_000


class Chunk(NamedTuple):
    """Some rows of texts with their numbers, and the faults of rows that could not be read."""

    numbers: Sequence[int]
    rows: Rows
    faults: Sequence[Fault] = ()


class RowReader:
    """Reads the fields for which a table has a column, and says where a fault is."""

    def __init__(self, file: str, sheet: str | None, header: Header, columns: Sequence[Column]) -> None:
        self._file = file
        self._sheet = sheet
        self._header = header
        self._columns = [(header.places[column.field.name][0], column) for column in columns
                         if column.field.name in header.places]  # fmt: skip
        self.width = len(header.texts)
        self._fields = {column.field.name: column.field for column in columns}

    def values(self, numbers: Sequence[int], rows: Rows, faults: list[Fault]) -> dict[str, Sequence[Value | Message]]:
        """The values of each attribute in all rows, with a `Message` where a cell is wrong; its fault is added.

        There are rows, and they are as wide as the header.
        """
        cells = list(zip(*rows, strict=True))
        parsed: dict[str, Sequence[Value | Message]] = {}
        for place, column in self._columns:
            values, wrong = column.values(cells[place])
            parsed[column.field.attribute] = values
            for index in wrong:
                message = cast("Message", values[index])
                faults.append(self.fault(numbers[index], column.field.name, cells[place][index], message))
        return parsed

    def fault(self, row: int, field: str, cell: str, message: Message) -> Fault:
        """What is wrong with a cell."""
        shown = shown_value(self._fields[field].strip(cell)) if may_show(field) else None
        return Fault(message, self._file, self._sheet, row, field, self._header.text(field), shown)

    def are_even(self, rows: Rows) -> bool:
        """Whether all rows are as wide as the header."""
        return set(map(len, rows)) <= {self.width}

    def to_width(self, rows: Rows) -> Rows:
        """The rows as wide as the header: the shorter ones filled up with empty cells, the longer ones cut."""
        return [[*row[: self.width], *[""] * (self.width - len(row))] for row in rows]


def without_empty(numbers: Sequence[int], rows: Rows) -> tuple[Sequence[int], Rows]:
    """The rows that have a text, with their numbers."""
    # Most rows begin with a number, so that one look is enough.
    full = [bool(row) and (("!" <= row[0] < "\x7f") or any(map(str.strip, row))) for row in rows]
    if all(full):
        return numbers, rows
    return list(compress(numbers, full)), list(compress(rows, full))
