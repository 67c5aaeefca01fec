"""A column of a table, parsed at once: a quick test decides for usual cells.

A million rows are read, so the work is done over whole columns. The parser of one cell decides on every column of
which the quick test is not sure; both give the same result (a property test compares them).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, cast

from mureg.errors import Message
from mureg.readers.errors import kpp_of_proprietor
from mureg.readers.tables.column_checks import LONGEST_PLAIN, ColumnTest, all_free_texts

Value = str | int | None
Parser = Callable[[str], Value | Message]

_MOST_REMEMBERED = 10_000
_LONGEST_REMEMBERED = 200
_DIGITS_OF_PROPRIETOR = 12


class Field(NamedTuple):
    """One field of a table.

    `name` is the name that people know, `attribute` that of the domain's row. `strip` takes from a cell what is read
    and, if it is wrong, shown; `parse` makes of that the value, or the `Message` that says what is wrong. `all_plain`
    is a quick test of a column whose texts are their own values; any `is_free_text` is. `repeats`: the column has few
    different texts, so that it is worth remembering what they mean. `general_headers` mean the field only where no
    column has one of its `headers`.
    """

    name: str
    attribute: str
    headers: tuple[str, ...]
    parse: Parser
    strip: Callable[[str], str] = str.strip
    all_plain: ColumnTest | None = None
    is_free_text: bool = False
    repeats: bool = False
    required: bool = False
    general_headers: tuple[str, ...] = ()


class Column:
    """Parses the cells of one field with `parse`, which takes a whole cell.

    Free texts of up to `longest` characters are their own values, unless something in them is unfit.
    """

    def __init__(self, field: Field, parse: Parser, longest: int) -> None:
        self.field = field
        self._parse = parse
        self._longest = longest
        self._remembered = _Remembered(parse)

    def values(self, cells: Sequence[str]) -> tuple[Sequence[Value | Message], list[int]]:
        """The value of each cell, and where among them a `Message` is because the cell is wrong."""
        if self.field.repeats:
            values = list(map(self._remembered.__getitem__, cells))
            return values, _wrong_among(values) if self._remembered.has_wrong else []
        certain = self._certain(cells)
        if certain is not None:
            return certain, []
        values = list(map(self._parse, cells))
        return values, _wrong_among(values)

    def _certain(self, cells: Sequence[str]) -> Sequence[str] | None:
        """The values, where a quick test is sure of all of them."""
        if self.field.is_free_text:
            texts = list(map(self.field.strip, cells))
            return texts if all_free_texts(texts, self._longest) else None
        is_plain = self.field.all_plain
        return cells if is_plain is not None and self._longest >= LONGEST_PLAIN and is_plain(cells) else None


def _wrong_among(values: Sequence[Value | Message]) -> list[int]:
    return [index for index, value in enumerate(values) if type(value) is Message]


class _Remembered(dict[str, Value | Message]):
    """The values of the cells that were met so far."""

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self._parse = parse
        self.has_wrong = False

    def __missing__(self, cell: str) -> Value | Message:
        value = self._parse(cell)
        self.has_wrong = self.has_wrong or type(value) is Message
        # A column that should repeat and does not must not fill the memory, nor may a few long texts.
        if len(cell) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[cell] = value
        return value


def proprietors_with_kpp(
    inns: Sequence[Value | Message], kpps: Sequence[Value | Message]
) -> Iterator[tuple[int, Message]]:
    """Where a КПП is beside the ИНН of a sole proprietor, and what is wrong there."""
    if kpps and _DIGITS_OF_PROPRIETOR in set(map(len, cast("Sequence[str]", inns))):
        for index, (inn, kpp) in enumerate(zip(inns, kpps, strict=True)):
            message = kpp_of_proprietor(inn, kpp) if type(inn) is type(kpp) is str else None
            if message is not None:
                yield index, message
