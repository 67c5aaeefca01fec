"""The header of a table: the one place that knows which column is which field."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
        self._field_of = {key: name for key, name in self._field_of.items() if name not in self._renamed}
        self._field_of |= {header_key(header): name for name, header in self._renamed.items()}

    def find(self, rows: Iterable[Sequence[str]]) -> Header | None:
        """The first row that is a header, among the first rows of a table."""
        for row, cells in enumerate(islice(rows, HEADER_WITHIN), start=1):
            places: dict[str, list[int]] = {}
            for place, cell in enumerate(cells):
                name = self._field_of.get(header_key(cell)) if len(cell) < _LONGEST_HEADER else None
                if name is not None:
                    places.setdefault(name, []).append(place)
            if self._is_header(places):
                return Header(row, tuple(" ".join(cell.split()) for cell in cells), places)
        return None

    def absent(self, header: Header) -> dict[str, Message]:
        """What is wrong with the fields whose column the profile names and the table has not."""
        return {
            name: msg("the profile names the column “{header}”, which the table does not have", header=text)
            for name, text in self._renamed.items()
            if name not in header.places
        }


def header_key(text: str) -> str:
    """A header as it is compared: without case, ё, spaces and line breaks."""
    return "".join(text.split()).casefold().replace("ё", "е")
