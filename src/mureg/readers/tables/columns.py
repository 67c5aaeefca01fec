"""A column of a table, parsed at once: what most cells look like is decided by a quick test.

A million rows pass here, so the work is done over whole columns. `parse_field` has the last word on every cell of
which the quick tests are not sure; both give the same (a property test compares them).
"""

from collections.abc import Sequence

from mureg.errors import Message
from mureg.readers.applications.fields import LONGEST_NUMBER, Field, Parser, Value, parse_field
from mureg.readers.tables.column_checks import all_free_texts

_MOST_REMEMBERED = 10_000
_LONGEST_REMEMBERED = 200


class Column:
    """Parses the cells of one field. `longest` is a number of characters."""

    def __init__(self, field: Field, longest: int, parse: Parser | None = None) -> None:
        self.field = field if parse is None else field._replace(parse=parse)
        self._longest = longest
        self._remembered = _Remembered(self.field, longest)

    def values(self, cells: Sequence[str]) -> tuple[Sequence[Value | Message], list[int]]:
        """The value of each cell, and where among them a `Message` stands because the cell is wrong."""
        if self.field.repeats:
            values = list(map(self._remembered.__getitem__, cells))
            return values, _wrong_among(values) if self._remembered.has_wrong else []
        certain = self._certain(cells)
        if certain is not None:
            return certain, []
        values = [parse_field(self.field, cell, self._longest) for cell in cells]
        return values, _wrong_among(values)

    def _certain(self, cells: Sequence[str]) -> Sequence[str] | None:
        """The values, where a quick test is sure of all of them."""
        if self.field.all_plain is None:
            stripped = list(map(str.strip, cells))
            return stripped if all_free_texts(stripped, self._longest) else None
        # The tests of identifiers count on room for any of them.
        return cells if self._longest >= LONGEST_NUMBER and self.field.all_plain(cells) else None


def _wrong_among(values: Sequence[Value | Message]) -> list[int]:
    return [index for index, value in enumerate(values) if type(value) is Message]


class _Remembered(dict[str, Value | Message]):
    """The values of the texts met so far."""

    def __init__(self, field: Field, longest: int) -> None:
        super().__init__()
        self._field = field
        self._longest = longest
        self.has_wrong = False

    def __missing__(self, text: str) -> Value | Message:
        value = parse_field(self._field, text, self._longest)
        self.has_wrong = self.has_wrong or type(value) is Message
        # A column that should repeat and does not must not fill the memory, nor may a few long texts.
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[text] = value
        return value
