"""The header of a table: the one place that knows which column is which field."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from mureg.errors import Message, msg
from mureg.readers.errors import listed, rejected
from mureg.readers.tables.columns import Field
from mureg.readers.types import Profile

# The header is looked for in this many first rows.
HEADER_WITHIN = 50
# A longer cell is no header, and need not be compared.
_LONGEST_HEADER = 200
_FEWEST_TEXTS = 3
# The unit of a column behind its header, without spaces: `К оплате, руб.`, `Сумма (₽)`, `Скидка, %`.
_ROUBLES = re.compile(r"(?:[,(_]?в?(?:руб\.?|рублях|рублей|₽|rub)|[,(]р\.?)\)?\Z")
_PERCENT = re.compile(r"[,(]?в?(?:%|процентах)\)?\Z")


class Header(NamedTuple):
    """The row of headers: its number from 1, its texts, and the columns, from 0, that are headed as a field is."""

    row: int
    texts: tuple[str, ...]
    places: Mapping[str, Sequence[int]]

    def place(self, field: str) -> int | None:
        """The column of a field, from 0."""
        places = self.places.get(field)
        return places[0] if places else None

    def text(self, field: str) -> str | None:
        """The header of a field in the table."""
        place = self.place(field)
        return None if place is None else self.texts[place]

    def ambiguous(self) -> dict[str, Message]:
        """What is wrong with the fields of which there are several columns."""
        return {
            name: msg("{count} columns could be {field}: {headers}", count=len(places), field=name,
                      headers=listed(self.texts[place] for place in places))
            for name, places in self.places.items() if len(places) > 1
        }  # fmt: skip


class HeaderFinder:
    """Finds the header of a table with these fields, under our headers or those of a profile.

    `is_header` says whether the fields that a row names are enough. Raises `Rejected` where the profile has others.
    """

    def __init__(
        self,
        file: str,
        fields: Sequence[Field],
        profile: Profile | None,
        is_header: Callable[[Collection[str]], bool],
    ) -> None:
        self._is_header = is_header
        self._renamed = profile.columns if profile else {}
        self._field_of = {header_key(header): field.name for field in fields for header in field.headers}
        self._general = {header_key(header): field.name for field in fields for header in field.general_headers}
        known = [field.name for field in fields]
        for name in self._renamed:
            if name not in known:
                raise rejected(
                    file,
                    msg("the profile {name} renames “{field}”, which is not a field",
                        name=profile.name if profile else "", field=name),
                    msg("the fields are: {names}", names=", ".join(known)),
                )  # fmt: skip
        # A field that the profile names is found under that header only.
        for keys in (self._field_of, self._general):
            for key in [key for key, name in keys.items() if name in self._renamed]:
                del keys[key]
        self._field_of |= {header_key(header): name for name, header in self._renamed.items()}

    def find(self, rows: Iterable[Sequence[str]]) -> Header | None:
        """The first row that is a header, among the first rows of a table."""
        return next((header for header in self._headers(rows) if self._is_header(header.places)), None)

    def nearest(self, rows: Iterable[Sequence[str]]) -> Header | None:
        """Of a table without a header the row that is most like one; `None` where no row is.

        It names the most fields; where no row names any, it has the most texts, and no digit in them.
        """
        found = max(self._headers(rows), key=likeness, default=None)
        return found if found is not None and (found.places or likeness(found).texts >= _FEWEST_TEXTS) else None

    def _headers(self, rows: Iterable[Sequence[str]]) -> Iterator[Header]:
        """The first rows of a table, each read as a header."""
        for row, cells in enumerate(islice(rows, HEADER_WITHIN), start=1):
            keys = [header_key(cell) if len(cell) < _LONGEST_HEADER else "" for cell in cells]
            places = _places(keys, self._field_of)
            general = _places(keys, self._general)
            places = {name: some for name, some in general.items() if name not in places} | places
            yield Header(row, tuple(" ".join(cell.split()) for cell in cells), self._exactly_named(cells, places))

    def _exactly_named(self, cells: Sequence[str], places: dict[str, list[int]]) -> dict[str, list[int]]:
        """The places, where several columns differ in their unit only: that which the profile names."""
        for name, header in self._renamed.items():
            exact = [place for place in places.get(name, ()) if cells[place].split() == header.split()]
            if exact:
                places[name] = exact
        return places

    def absent(self, header: Header) -> dict[str, Message]:
        """What is wrong with the fields whose column the profile names and the table has not."""
        return {
            name: msg("the profile names the column “{header}”, which the table does not have", header=text)
            for name, text in self._renamed.items()
            if name not in header.places
        }


def header_key(text: str) -> str:
    """A header as it is compared: without case, ё, spaces, line breaks and roubles. «%» stays: it marks a rate."""
    key = "".join(text.split()).casefold().replace("ё", "е")
    return _PERCENT.sub("%", _ROUBLES.sub("", key))


class Likeness(NamedTuple):
    """How much a row is like a header: the fields that it names, then its texts."""

    fields: int
    texts: int


def likeness(header: Header) -> Likeness:
    """How many fields a row names, and how many texts it has: none where one has a digit, for that is a row of data."""
    texts = "".join(header.texts)
    is_data = any(map(str.isdigit, texts))
    return Likeness(len(header.places), 0 if is_data else len(header.texts) - header.texts.count(""))


def _places(keys: Sequence[str], field_of: Mapping[str, str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        if key in field_of:
            places.setdefault(field_of[key], []).append(place)
    return places
