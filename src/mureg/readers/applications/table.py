"""Applications in a table, CSV or XLSX: rows of texts turned into columns of requests."""

from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import compress
from operator import not_

from mureg.domain.application import ClientRequest
from mureg.domain.columns import Columns, selected
from mureg.errors import Fault, Message, Rejected, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.readers.applications.fields import FIELDS, parse_field
from mureg.readers.errors import is_statement, rejected, too_many_fields, too_many_rows
from mureg.readers.tables.columns import Column, Field, Value, proprietors_with_kpp
from mureg.readers.tables.csv_file import CsvFile
from mureg.readers.tables.header import HEADER_WITHIN, Header, HeaderFinder, header_key
from mureg.readers.tables.rows import Chunk, RowReader, Rows, without_empty
from mureg.readers.tables.total_row import begins_total, cell_of, has_inn, have_inns, name_total
from mureg.readers.tables.unfit_columns import Head, UnknownHeader, nearest_header, unfit_columns
from mureg.readers.types import Batch, FileReport, Limits, Profile, Source
from mureg.readers.values import day_of_serial, day_parser

with lazy_imports():
    from mureg.readers.tables import xlsx_file

_FEWEST_KNOWN = 3
_NEEDED = [(field,) for field in FIELDS if field.required]
# Only the operator's statements have amounts payable.
_STATEMENT_HEADERS = {"payable", "коплате", "суммакоплате", "итогокоплате"}
_ABSENT = {"kind": "connection", **ClientRequest._field_defaults}


def read_csv(source: Source, profile: Profile | None, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of a CSV file, streamed. Raises `Rejected`."""
    finder = _finder(source.name, profile)
    file = CsvFile(source, finder, profile, limits, skips_bad_rows=True)
    if file.header is None:
        raise _no_header(source.name, finder, [Head(None, head) for head in file.heads()], profile)
    if len(file.header.texts) > limits.fields or not file.is_header_whole:
        raise too_many_fields(source.name, limits, file.header.row)
    _check(finder, file.header, source.name, None, profile)
    table = Table(source.name, None, file.header, profile, limits)
    # An error ends the reading while the stream is still open.
    with closing(file.chunks()) as chunks:
        yield from table.batches(chunks)
    return FileReport(source.name, "csv", file.encoding, file.delimiter, None, table.date_format, table.rows)


def read_xlsx(source: Source, profile: Profile | None, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of the profile's sheet, else of the first one that has a header. Raises `Rejected`."""
    finder = _finder(source.name, profile)
    heads: list[Head] = []
    for sheet in xlsx_file.open_sheets(source, limits, profile.sheet if profile else ""):
        head = Head(sheet.name, list(sheet.head()))
        heads.append(head)
        header = finder.find(head.rows)
        if header is not None:
            break
    else:
        raise _no_header(source.name, finder, heads, profile)
    _check(finder, header, source.name, sheet.name, profile)
    table = Table(source.name, sheet.name, header, profile, limits)
    yield from table.batches(sheet.chunks(header))
    fixed_format = profile.date_format if profile else None
    return FileReport(source.name, "xlsx", None, None, sheet.name, fixed_format or None, table.rows)


def _finder(file: str, profile: Profile | None) -> HeaderFinder:
    if profile is not None and profile.kind != "applications":
        raise rejected(
            file,
            msg("the profile {name} is for statements, not for applications", name=profile.name),
            msg('choose a profile with kind = "applications"'),
        )
    return HeaderFinder(file, FIELDS, profile, _is_header)


def _is_header(named: Collection[str]) -> bool:
    return len(named) >= _FEWEST_KNOWN and ("inn" in named or "number" in named)


def _no_header(file: str, finder: HeaderFinder, heads: Iterable[Head], profile: Profile | None) -> Rejected:
    nearest = nearest_header(finder, heads)
    if nearest is not None and nearest.header.places:
        unfit = unfit_columns(file, *nearest, finder, _NEEDED, profile, "applications")
        if unfit is not None:
            return unfit
    message = msg("no header found: none of the first {rows} rows names the columns", rows=HEADER_WITHIN)
    hint = msg("the table needs a row with Номер, Дата and ИНН (number, submitted_on, inn), or a profile")
    return UnknownHeader(message, hint, [Fault(message, file)])


def _check(finder: HeaderFinder, header: Header, file: str, sheet: str | None, profile: Profile | None) -> None:
    """Raise `Rejected` where a column is missing, or two could be meant."""
    if _STATEMENT_HEADERS & set(map(header_key, header.texts)) and "submitted_on" not in header.places:
        raise is_statement(file)
    unfit = unfit_columns(file, sheet, header, finder, _NEEDED, profile, "applications")
    if unfit is not None:
        raise unfit


class Table:
    """Turns chunks of rows into batches of applications.

    `rows` are counted, and `date_format` is that of the profile, else of the first date that could be read.
    """

    def __init__(self, file: str, sheet: str | None, header: Header, profile: Profile | None, limits: Limits) -> None:
        self._file = file
        self._sheet = sheet
        self._limits = limits
        (self._day_place, *_) = header.places["submitted_on"]
        self.rows = 0
        self._header = header
        self._total_row: int | None = None
        self._has_rows_below = False
        self.date_format = (profile.date_format if profile else "") or None
        columns = [_column(field, file, profile, limits, in_workbook=sheet is not None) for field in FIELDS]
        self._reader = RowReader(file, sheet, header, columns)

    def batches(self, chunks: Iterable[Chunk]) -> Iterator[Batch]:
        """The applications and the faults of each chunk. A row with a fault gives no application.

        Raises `Rejected` where the table has too many rows.
        """
        for chunk in chunks:
            yield self._batch(chunk)

    def _batch(self, chunk: Chunk) -> Batch:
        faults = list(chunk.faults)
        self.rows += len({fault.row for fault in faults})
        numbers, rows = without_empty(*self._above_total(chunk, faults))
        self.rows += len(rows)
        if self.rows > self._limits.rows:
            raise too_many_rows(self._file, self._limits)
        numbers, rows = self._to_width(numbers, rows, faults)
        columns = self._columns(numbers, rows, faults) if rows else {}
        wrong = {fault.row for fault in faults}
        if wrong:
            good = [number not in wrong for number in numbers]
            numbers, columns = list(compress(numbers, good)), selected(columns, good)
            faults.sort(key=lambda fault: fault.row or 0)
        return Batch(rows=numbers, columns=columns, faults=faults)

    def _above_total(self, chunk: Chunk, faults: list[Fault]) -> tuple[Sequence[int], Rows]:
        """The rows above «Итого» or «Всего 16 заявлений», which ends the table. Applications below it are a fault."""
        if self._total_row is None and (have_inns(chunk.rows, self._header) or not name_total(chunk.rows)):
            return chunk.numbers, chunk.rows
        is_kept = []
        for number, row in zip(chunk.numbers, chunk.rows, strict=True):
            if self._total_row is None and self._is_total(row):
                self._total_row = number
            elif self._total_row is not None and not self._has_rows_below:
                inn = cell_of(row, self._header, "inn")
                if has_inn(inn):
                    self._has_rows_below = True
                    message = msg("there are applications below the total of row {row}: it may be a subtotal",
                                  row=self._total_row)  # fmt: skip
                    faults.append(self._reader.fault(number, "inn", inn, message))
            is_kept.append(self._total_row is None)
        return list(compress(chunk.numbers, is_kept)), list(compress(chunk.rows, is_kept))

    def _is_total(self, row: Sequence[str]) -> bool:
        """Whether a row begins with the word of a total and names no taxpayer."""
        first = next((text for text in map(str.strip, row) if text), "")
        return begins_total(first) and cell_of(row, self._header, "inn").strip() in ("", first)

    def _to_width(self, numbers: Sequence[int], rows: Rows, faults: list[Fault]) -> tuple[Sequence[int], Rows]:
        """Rows as wide as the header. In a longer one the cells have moved, so its other faults are not reported."""
        if self._reader.are_even(rows):
            return numbers, rows
        width = self._reader.width
        is_right = [not any(map(str.strip, row[width:])) for row in rows]
        for number, row in compress(zip(numbers, rows, strict=True), map(not_, is_right)):
            message = plural(
                "the row has {cells} cells, the header {count}: put quotes around text that contains the delimiter",
                "the row has {cells} cells, the header {count}: put quotes around text that contains the delimiter",
                count=width,
                cells=len(row),
            )
            faults.append(Fault(message, self._file, self._sheet, number))
        return list(compress(numbers, is_right)), self._reader.to_width(list(compress(rows, is_right)))

    def _columns(self, numbers: Sequence[int], rows: Rows, faults: list[Fault]) -> Columns:
        parsed = self._reader.values(numbers, rows, faults)
        kpps = parsed.get("kpp", ())
        for index, message in proprietors_with_kpp(parsed["inn"], kpps):
            faults.append(self._reader.fault(numbers[index], "kpp", str(kpps[index]), message))
        self._note_date_format(rows, parsed["submitted_on"])
        # A field for which the table has no column is the same in every row.
        return {
            attribute: parsed[attribute] if attribute in parsed else (_ABSENT[attribute],) * len(rows)
            for attribute in ClientRequest._fields
        }

    def _note_date_format(self, rows: Rows, days: Sequence[Value | Message]) -> None:
        """Note in the report how dates are written: as in the first one that could be read."""
        if self.date_format is None:
            for row, day in zip(rows, days, strict=True):
                if type(day) is str:
                    is_iso = row[self._day_place].strip().startswith(day)
                    self.date_format = "%Y-%m-%d" if is_iso else "%d.%m.%Y"
                    return


def _column(field: Field, file: str, profile: Profile | None, limits: Limits, *, in_workbook: bool) -> Column:
    """The column of a field. A profile may fix how dates are written; a workbook may hold one as a number."""
    if field.name == "submitted_on" and profile is not None and profile.date_format:
        try:
            field = field._replace(parse=day_parser(profile.date_format, or_iso=in_workbook))
        except ValueError:
            raise rejected(
                file,
                msg(
                    "the profile's date_format is not a full date format: {date_format}",
                    date_format=profile.date_format,
                ),
                msg("for example: %d.%m.%Y"),
            ) from None
    parse = partial(parse_field, field, longest=limits.field_characters)
    if field.name == "submitted_on" and in_workbook:
        return Column(field, lambda cell: parse(day_of_serial(cell)), limits.field_characters)
    return Column(field, parse, limits.field_characters)
