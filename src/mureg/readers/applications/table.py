"""What CSV and XLSX share: the search for the header, and rows of texts turned into applications."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import NamedTuple, cast

from mureg.command_hints import quoted
from mureg.domain.application import ClientRequest
from mureg.domain.columns import Columns, selected
from mureg.errors import Fault, Message, Rejected, msg, plural
from mureg.readers.applications.fields import FIELD_BY_NAME, FIELDS, Parser, Value, day_parser
from mureg.readers.errors import kpp_of_proprietor, listed, may_show, rejected, shown_value, too_many_rows
from mureg.readers.tables.columns import Column
from mureg.readers.types import Batch, Limits, Profile

# The header is looked for in this many first rows.
HEADER_WITHIN = 50
# Measured: with 5,000 the texts of a chunk leave the processor's cache, and a row costs a microsecond more.
CHUNK_ROWS = 1_000

_FEWEST_KNOWN = 3


class UnknownHeader(Rejected):
    """The table has a header of its own: a profile may name its columns."""


class Header(NamedTuple):
    """The row of headers: where it stands, what it says, and which cells name which of our fields."""

    row: int
    texts: tuple[str, ...]
    places: Mapping[str, Sequence[int]]


class HeaderNames:
    """Which header names which field, for a table read with or without a profile."""

    def __init__(self, file: str, profile: Profile | None) -> None:
        self._file = file
        self._profile = profile
        self._field_of = {header_key(header): field.name for field in FIELDS for header in field.headers}
        if profile is None:
            return
        if profile.kind != "applications":
            raise rejected(
                file,
                msg("the profile {name} is for statements, not for applications", name=profile.name),
                msg('choose a profile with kind = "applications"'),
            )
        self._rename(profile)

    def _rename(self, profile: Profile) -> None:
        unknown = [name for name in profile.columns if name not in FIELD_BY_NAME]
        if unknown:
            raise rejected(
                self._file,
                msg("the profile {name} renames “{field}”, which is not a field", name=profile.name, field=unknown[0]),
                msg("the fields are: {names}", names=", ".join(FIELD_BY_NAME)),
            )
        # A field that the profile names is found under that header only.
        self._field_of = {key: name for key, name in self._field_of.items() if name not in profile.columns}
        self._field_of |= {header_key(header): name for name, header in profile.columns.items()}

    def find(self, rows: Iterable[Sequence[str]]) -> Header | None:
        """The first row with at least three known headers, `inn` or `number` among them."""
        for row, cells in zip(range(1, HEADER_WITHIN + 1), rows, strict=False):
            places: dict[str, list[int]] = {}
            for index, cell in enumerate(cells):
                name = self._field_of.get(header_key(cell)) if len(cell) < 200 else None
                if name is not None:
                    places.setdefault(name, []).append(index)
            if len(places) >= _FEWEST_KNOWN and ("inn" in places or "number" in places):
                return Header(row, tuple(" ".join(cell.split()) for cell in cells), places)
        return None

    def not_found(self) -> Rejected:
        """The error of a table without a header."""
        message = msg("no header found: none of the first {rows} rows names the columns", rows=HEADER_WITHIN)
        hint = msg("the table needs a row with Номер, Дата and ИНН (number, submitted_on, inn), or a profile")
        return UnknownHeader(message, hint, [Fault(message, self._file)])

    def rejected(self, message: Message) -> Rejected:
        """The error of a profile that cannot be used."""
        return rejected(self._file, message, msg("fix the profile in mureg.toml"))

    def check(self, header: Header, sheet: str | None) -> None:
        """Raise `Rejected` where a column is missing, or two could be meant."""
        if _STATEMENT_HEADERS & set(map(header_key, header.texts)) and "submitted_on" not in header.places:
            raise rejected(
                self._file,
                msg("this is a statement of the operator, not applications"),
                msg("reconcile with it: mureg reconcile --month MONTH --statement {file}", file=quoted(self._file)),
            )
        faults = []
        for name in self._profile.columns if self._profile else ():
            if name not in header.places:
                message = msg("the profile names the column “{header}”, which the table does not have",
                              header=self._profile.columns[name] if self._profile else "")  # fmt: skip
                faults.append(Fault(message, self._file, sheet, header.row, name))
        named = {fault.column for fault in faults}
        for field in FIELDS:
            places = header.places.get(field.name, ())
            if not places and field.required and field.name not in named:
                message = msg("the table has no column for {field} ({headers})",
                              field=field.name, headers=", ".join(field.headers[1:]))  # fmt: skip
                faults.append(Fault(message, self._file, sheet, header.row, field.name))
            if len(places) > 1:
                message = msg("{count} columns could be {field}: {headers}", count=len(places), field=field.name,
                              headers=listed(header.texts[place] for place in places))  # fmt: skip
                faults.append(Fault(message, self._file, sheet, header.row, field.name, header.texts[places[0]]))
        if faults:
            hint = msg("rename the columns in the file, or name them in a profile of mureg.toml")
            raise UnknownHeader(msg("the columns of the table do not fit"), hint, faults)


def header_key(text: str) -> str:
    """A header as it is compared: without case, ё, spaces and line breaks."""
    return "".join(text.split()).casefold().replace("ё", "е")


# Only the operator's statements have amounts payable.
_STATEMENT_HEADERS = {"payable", "коплате", "суммакоплате", "итогокоплате"}


_ABSENT = {"kind": "connection", **ClientRequest._field_defaults}


class Table:
    """Turns rows of texts into batches of applications."""

    def __init__(self, file: str, sheet: str | None, header: Header, profile: Profile | None, limits: Limits) -> None:
        self._file = file
        self._sheet = sheet
        self._header = header
        self._limits = limits
        self.rows = 0
        self.date_format = (profile.date_format if profile else "") or None
        parsers = _day_parser(file, profile, in_workbook=sheet is not None)
        self._columns = [
            (header.places[field.name][0], Column(field, limits.field_characters, parsers.get(field.name)))
            for field in FIELDS
            if field.name in header.places
        ]

    def place(self, name: str) -> int | None:
        """Where in a row the field stands, from 0."""
        places = self._header.places.get(name)
        return places[0] if places else None

    def batch(self, numbers: Sequence[int], rows: Sequence[Sequence[str]], faults: Sequence[Fault] = ()) -> Batch:
        """Applications and faults of some rows. `numbers` are those of the rows; `faults` were found on the way.

        A row with a fault gives no application. Raises `Rejected` where the table has too many rows.
        """
        found = list(faults)
        spoilt = {fault.row for fault in found}
        self.rows += len(spoilt)
        numbers, rows = _without_empty(numbers, rows)
        self.rows += len(rows)
        if self.rows > self._limits.rows:
            raise too_many_rows(self._file, self._limits)
        numbers, rows = self._even(numbers, rows, found)
        columns = self._values(numbers, rows, found) if rows else {}
        wrong = {fault.row for fault in found}
        if wrong:
            good = [number not in wrong for number in numbers]
            numbers, columns = list(compress(numbers, good)), selected(columns, good)
            found.sort(key=lambda fault: fault.row or 0)
        return Batch(rows=numbers, columns=columns, faults=found)

    def _values(self, numbers: Sequence[int], rows: Sequence[Sequence[str]], found: list[Fault]) -> Columns:
        cells = list(zip(*rows, strict=True))
        parsed: dict[str, Sequence[Value | Message]] = {}
        for place, column in self._columns:
            values, wrong = column.values(cells[place])
            parsed[column.field.attribute] = values
            for index in wrong:
                message = cast("Message", values[index])
                found.append(self._fault(numbers[index], column.field.name, message, cells[place][index]))
        self._check_kpp(numbers, parsed, found)
        self._note_date_format(cells, parsed)
        # A field for which the table has no column is the same in every row.
        return {
            attribute: parsed[attribute] if attribute in parsed else (_ABSENT[attribute],) * len(rows)
            for attribute in ClientRequest._fields
        }

    def _check_kpp(
        self, numbers: Sequence[int], parsed: Mapping[str, Sequence[Value | Message]], found: list[Fault]
    ) -> None:
        if 12 not in set(map(len, cast("Sequence[str]", parsed["inn"]))):
            return
        for index, (inn, kpp) in enumerate(zip(parsed["inn"], parsed.get("kpp", ()), strict=False)):
            message = kpp_of_proprietor(inn, kpp) if type(inn) is type(kpp) is str else None
            if message is not None:
                found.append(self._fault(numbers[index], "kpp", message, str(kpp)))

    def _note_date_format(
        self, cells: Sequence[Sequence[str]], parsed: Mapping[str, Sequence[Value | Message]]
    ) -> None:
        """Say in the report how dates are written: as the first one that could be read."""
        place = self.place("submitted_on")
        if self.date_format is None and place is not None:
            for text, day in zip(cells[place], parsed["submitted_on"], strict=True):
                if type(day) is str:
                    self.date_format = "%Y-%m-%d" if text.strip().startswith(day) else "%d.%m.%Y"
                    return

    def _even(
        self, numbers: Sequence[int], rows: Sequence[Sequence[str]], found: list[Fault]
    ) -> tuple[Sequence[int], Sequence[Sequence[str]]]:
        """Rows as wide as the header. In a longer one the cells have moved, so nothing else is said of it."""
        width = len(self._header.texts)
        if set(map(len, rows)) <= {width}:
            return numbers, rows
        even_numbers, even_rows = [], []
        for number, row in zip(numbers, rows, strict=True):
            if any(cell.strip() for cell in row[width:]):
                message = plural(
                    "the row has {cells} cells, the header {count}: put quotes around a text that "
                    "contains the delimiter",
                    "the row has {cells} cells, the header {count}: put quotes around a text that "
                    "contains the delimiter",
                    count=width,
                    cells=len(row),
                )
                found.append(Fault(message, self._file, self._sheet, number))
            else:
                even_numbers.append(number)
                even_rows.append([*row[:width], *[""] * (width - len(row))])
        return even_numbers, even_rows

    def _fault(self, number: int, name: str, message: Message, text: str) -> Fault:
        header = self._header.texts[self._header.places[name][0]]
        shown = shown_value(text.strip()) if may_show(name) else None
        return Fault(message, self._file, self._sheet, number, name, header, shown)


def _without_empty(
    numbers: Sequence[int], rows: Sequence[Sequence[str]]
) -> tuple[Sequence[int], Sequence[Sequence[str]]]:
    # Most rows begin with a number, so that one look is enough.
    full = [bool(row) and (("!" <= row[0] < "\x7f") or any(map(str.strip, row))) for row in rows]
    if all(full):
        return numbers, rows
    return list(compress(numbers, full)), list(compress(rows, full))


def _day_parser(file: str, profile: Profile | None, *, in_workbook: bool) -> dict[str, Parser]:
    """The parsers that a profile fixes: that of dates. In a workbook a date can be a date, which comes as ISO."""
    if profile is None or not profile.date_format:
        return {}
    try:
        return {"submitted_on": day_parser(profile.date_format, or_iso=in_workbook)}
    except ValueError:
        raise rejected(
            file,
            msg("the profile's date_format is not a full date format: {date_format}", date_format=profile.date_format),
            msg("for example: %d.%m.%Y"),
        ) from None
