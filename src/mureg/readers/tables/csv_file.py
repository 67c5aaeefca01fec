"""CSV: encoding, delimiter and header are recognised; the rows stream through in chunks."""

import csv
import io
from collections.abc import Generator, Iterator, Sized
from itertools import chain, islice
from typing import TYPE_CHECKING

from mureg.errors import Fault, msg
from mureg.readers.applications.table import CHUNK_ROWS, HEADER_WITHIN, Header, HeaderNames, Table
from mureg.readers.errors import rejected, too_many_fields
from mureg.readers.tables.encoding import open_text, recognise_encoding
from mureg.readers.types import Batch, FileReport, Limits, Profile, Source

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (";", ",", "\t", "|")

_SNIFFED_CHARACTERS = 1 << 18
_BLOCK_CHARACTERS = 1 << 17
_LONGEST_ROW = 1 << 20
_LONG_FIELDS = 32
# A chunk ends where it has read so much: its rows may be long. Looked at every few rows.
_CHUNK_CHARACTERS = 1 << 20
_STEP = 100


def read_csv(source: Source, profile: Profile | None, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of a CSV file, streamed. One record is one row, as Excel counts. Raises `Rejected`."""
    names = HeaderNames(source.name, profile)
    encoding = recognise_encoding(source.name, source.stream, profile.encoding if profile else "")
    text = open_text(source.stream, encoding)
    try:
        # A longer field than this would be refused by the csv module before our own limit is reached.
        if csv.field_size_limit() <= limits.field_characters:
            csv.field_size_limit(limits.field_characters + 1)
        delimiter, header, is_whole = _header(text, names, profile.delimiter if profile else "")
        if len(header.texts) > limits.fields or not is_whole:
            raise too_many_fields(source.name, limits, header.row)
        names.check(header, None)
        table = Table(source.name, None, header, profile, limits)
        text.seek(0)
        lines = Lines(source.name, text, limits)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        for numbers, rows, faults in _chunks(source.name, reader, header.row, lines):
            yield table.batch(numbers, rows, faults)
    finally:
        text.detach()
    return FileReport(source.name, "csv", encoding, delimiter, None, table.date_format, table.rows)


class Lines:
    """The lines of a CSV, many at a time. Raises `Rejected` for a line, or a row of many lines, that has no end.

    Whoever reads rows from it notes in `rows` where they gather: as long as more of them come, all is well.
    """

    def __init__(self, file: str, text: io.TextIOWrapper, limits: Limits) -> None:
        self._file = file
        self._text = text
        # A row of fields that are all as long as they may be, and some more.
        self._longest = max(_LONGEST_ROW, _LONG_FIELDS * limits.field_characters)
        self.rows: Sized = ()
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._blocks())

    def _blocks(self) -> Iterator[io.StringIO]:
        rows, read_for_one = -1, 0
        while block := self._text.read(_BLOCK_CHARACTERS):
            rest = self._text.readline(self._longest + 1)
            size = len(block) + len(rest)
            self.characters += size
            rows, read_for_one = len(self.rows), size if len(self.rows) != rows else read_for_one + size
            if len(rest) > self._longest or read_for_one > _BLOCK_CHARACTERS + 2 * self._longest:
                message = msg("a row has more than {longest} characters; is this a table?", longest=self._longest)
                raise rejected(self._file, message, msg("save the table as CSV again"))
            # Unlike str.splitlines, it knows the line ends of files only.
            yield io.StringIO(block + rest, newline="")


def _header(text: io.TextIOWrapper, names: HeaderNames, fixed: str) -> tuple[str, Header, bool]:
    """The delimiter under which the first rows show most of the headers, the header, and whether it was read whole."""
    sample = text.read(_SNIFFED_CHARACTERS)
    if fixed and (len(fixed) != 1 or fixed in '"\r\n\0'):
        raise names.rejected(msg("the profile's delimiter must be one character: “{delimiter}”", delimiter=fixed))
    best: tuple[str, Header, bool] | None = None
    for delimiter in (fixed,) if fixed else DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
        header = names.find(islice(_tolerant(reader), HEADER_WITHIN))
        if header is not None and (best is None or len(header.places) > len(best[1].places)):
            best = delimiter, header, len(sample) < _SNIFFED_CHARACTERS or next(_tolerant(reader), None) is not None
    if best is None:
        raise names.not_found()
    return best


def _tolerant(reader: "Reader") -> Iterator[list[str]]:
    """Rows above the header may be anything."""
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            row = []
        if row is None:
            return
        yield row


def _chunks(
    file: str, reader: "Reader", header_row: int, lines: Lines
) -> Iterator[tuple[range, list[list[str]], list[Fault]]]:
    """Rows below the header with their numbers, and the faults of rows whose quotes do not match."""
    number = header_row + 1
    for _ in islice(_tolerant(reader), header_row):
        pass
    at_end = False
    rows: list[list[str]]
    while not at_end:
        lines.rows = rows = []
        faults = []
        try:
            # What was read before an error stays in the list, and the reader goes on after the bad record.
            began = lines.characters
            while not at_end and len(rows) < CHUNK_ROWS and lines.characters - began < _CHUNK_CHARACTERS:
                wanted = len(rows) + _STEP
                rows.extend(islice(reader, _STEP))
                at_end = len(rows) < wanted
        except csv.Error as error:
            faults.append(_quotes_fault(file, number + len(rows), error))
        if rows or faults:
            yield range(number, number + len(rows)), rows, faults
        number += len(rows) + len(faults)


def _quotes_fault(file: str, row: int, error: csv.Error) -> Fault:
    if "field limit" in str(error):
        raise rejected(
            file,
            msg("row {row} has a text of more than {longest} characters: a quote may be opened there "
                "and never closed",
                row=row, longest=csv.field_size_limit()),
            row=row,
        ) from None  # fmt: skip
    if "unexpected end" in str(error):
        return Fault(
            msg("a quote opened in this row is never closed; the rest of the file is inside it"), file, None, row
        )
    return Fault(msg('double a quote inside a quoted text: "ООО ""Ромашка"""'), file, None, row)
