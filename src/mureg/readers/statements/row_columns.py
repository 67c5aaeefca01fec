"""Whole chunks of a statement's rows at once, where every cell is certain.

A million rows pass here. «No» means only that somebody slower has to look row by row; both give the same (a property
test compares them).
"""

from collections.abc import Callable, Mapping, Sequence

from mureg.readers.applications.fields import FIELD_BY_NAME
from mureg.readers.tables.column_checks import all_free_texts

BLANKS = " \u00a0\t"

_MOST_REMEMBERED = 10_000
_LONGEST_REMEMBERED = 200
_LONGEST_NAME = 10_000
_TOTALS = ("итого", "всего")
_TWELVE = 12


class Unsure(Exception):
    """A cell is in doubt."""


class QuickRows:
    """Reads chunks column by column. `parsers` are those of the columns that say the same again and again.

    A parser raises `Unsure` for a cell that is in doubt.
    """

    def __init__(self, places: Mapping[str, int], width: int, parsers: Mapping[str, Callable[[str], object]]) -> None:
        self._places = places
        self._width = width
        self._remembered = {name: _Remembered(parser) for name, parser in parsers.items()}

    def rows(self, first: int, chunk: Sequence[Sequence[str]]) -> list[tuple[object, ...]] | None:
        """The rows of a chunk whose first row has the number `first`; `None` where a cell is in doubt."""
        if set(map(len, chunk)) != {self._width}:
            return None
        columns = list(zip(*chunk, strict=True))
        count = len(chunk)
        identified = self._identified(columns, count)
        if identified is None:
            return None
        try:
            payable, tier, day, price, rate, discount = (
                self._values(columns, name, count)
                for name in ("payable", "tier", "processed_on", "list_price", "discount_rate", "discount")
            )
        except Unsure:
            return None
        return list(zip(range(first, first + count), payable, *identified, tier, day, price, rate, discount,
                        strict=True))  # fmt: skip

    def _identified(self, columns: Sequence[Sequence[str]], count: int) -> tuple[Sequence[str], ...] | None:
        """The columns number, ИНН, КПП and name, where all of their texts are their own values."""
        absent = ("",) * count
        numbers, inns, kpps = (
            columns[self._places[name]] if name in self._places else absent for name in ("number", "inn", "kpp")
        )
        certain = (
            (numbers is absent or _is_plain("number", numbers))
            # A row with an ИНН is no total.
            and (_is_plain("inn", inns) if inns is not absent else not _names_total(columns))
            and (kpps is absent or _is_plain("kpp", kpps))
            # A sole proprietor has none.
            and (kpps is absent or max(map(len, inns)) < _TWELVE)
        )
        if not certain:
            return None
        if "name" not in self._places:
            return numbers, inns, kpps, absent
        names = [name.strip(BLANKS) for name in columns[self._places["name"]]]
        return (numbers, inns, kpps, names) if all_free_texts(names, _LONGEST_NAME) else None

    def _values(self, columns: Sequence[Sequence[str]], name: str, count: int) -> Sequence[object]:
        place = self._places.get(name)
        return (
            (None if name != "tier" else "",) * count if place is None else self._remembered[name].all(columns[place])
        )


def _names_total(columns: Sequence[Sequence[str]]) -> bool:
    folded = "\n".join(["\n".join(column) for column in columns]).casefold()
    return any(word in folded for word in _TOTALS)


def _is_plain(name: str, texts: Sequence[str]) -> bool:
    test = FIELD_BY_NAME[name].all_plain
    return test is not None and test(texts)


class _Remembered(dict[str, object]):
    """The values of the texts met so far."""

    def __init__(self, parser: Callable[[str], object]) -> None:
        super().__init__()
        self._parser = parser

    def all(self, texts: Sequence[str]) -> list[object]:
        """The value of each text."""
        return list(map(self.__getitem__, texts))

    def __missing__(self, text: str) -> object:
        # A column that should repeat and does not must not fill the memory, nor may a few long texts.
        if len(text) > _LONGEST_REMEMBERED:
            return self._parser(text.strip(BLANKS))
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        value = self[text] = self._parser(text.strip(BLANKS))
        return value
