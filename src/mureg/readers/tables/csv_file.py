"""CSV: encoding, delimiter and header are recognised; the rows stream through in chunks."""

import csv
import io
from collections.abc import Generator, Iterator, Sized
from itertools import chain, islice
from typing import TYPE_CHECKING

from mureg.errors import Fault, msg
from mureg.readers.errors import rejected
from mureg.readers.tables.encoding import open_text, recognise_encoding
from mureg.readers.tables.header import HEADER_WITHIN, Header, HeaderFinder
from mureg.readers.tables.rows import CHUNK_ROWS, Chunk
from mureg.readers.types import Limits, Profile, Source

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (";", ",", "\t", "|")

_HEAD_CHARACTERS = 1 << 18
_BLOCK_CHARACTERS = 1 << 17
_LONGEST_ROW = 1 << 20
_LONG_FIELDS = 32
# A chunk ends where it has read so much: its rows may be long. Looked at every few rows.
_CHUNK_CHARACTERS = 1 << 20
_STEP = 100


class CsvFile:
    """A CSV file. One record is one row, as Excel counts.

    A row whose quotes do not match is a fault, and reading goes on below it, if the table `skips_bad_rows`; else it
    ends the reading. Raises `Rejected`.
    """

    def __init__(
        self, source: Source, finder: HeaderFinder, profile: Profile | None, limits: Limits, *, skips_bad_rows: bool
    ) -> None:
        self._source = source
        self._limits = limits
        self._skips_bad_rows = skips_bad_rows
        self.encoding = recognise_encoding(source.name, source.stream, profile.encoding if profile else "")
        # A longer field than this would be refused by the csv module before our own limit is reached.
        if csv.field_size_limit() <= limits.field_characters:
            csv.field_size_limit(limits.field_characters + 1)
        text = open_text(source.stream, self.encoding)
        try:
            self._head = text.read(_HEAD_CHARACTERS)
        finally:
            text.detach()
        fixed = profile.delimiter if profile else ""
        if fixed and (len(fixed) != 1 or fixed in '"\r\n\0'):
            raise rejected(
                source.name,
                msg("the profile's delimiter must be one character: “{delimiter}”", delimiter=fixed),
                msg("fix the profile in mureg.toml"),
            )
        self.delimiter = fixed or DELIMITERS[0]
        self.header: Header | None = None
        """The header under the delimiter with which most of its columns are known; `None` where there is none."""
        self.is_header_whole = True
        """Whether the header does not reach beyond what was read to find it."""
        self._delimiters = (fixed,) if fixed else DELIMITERS
        for delimiter in self._delimiters:
            self._try(delimiter, finder)

    def _try(self, delimiter: str, finder: HeaderFinder) -> None:
        rows = self._head_by(delimiter)
        header = finder.find(rows)
        if header is not None and (self.header is None or len(header.places) > len(self.header.places)):
            self.delimiter, self.header = delimiter, header
            self.is_header_whole = len(self._head) < _HEAD_CHARACTERS or next(rows, None) is not None

    def heads(self) -> Iterator[list[list[str]]]:
        """The first rows by each delimiter that the file may have: for the error where there is no header."""
        for delimiter in self._delimiters:
            yield list(islice(self._head_by(delimiter), HEADER_WITHIN))

    def _head_by(self, delimiter: str) -> Iterator[list[str]]:
        """The rows of the file's beginning, if this is the delimiter. Above the header a row may be anything."""
        reader = csv.reader(io.StringIO(self._head, newline=""), delimiter=delimiter, strict=self._skips_bad_rows)
        return _tolerant(reader)

    def chunks(self) -> Generator[Chunk]:
        """The rows below the header, streamed."""
        assert self.header is not None, "there are no rows without a header"
        text = open_text(self._source.stream, self.encoding)
        try:
            lines = Lines(self._source.name, text, self._limits)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            self._skip_head(reader, lines, self.header.row)
            yield from self._below(reader, lines, self.header.row + 1)
        finally:
            text.detach()

    def _skip_head(self, reader: "Reader", lines: "Lines", count: int) -> None:
        above: list[list[str]] = []
        lines.rows = above
        try:
            above.extend(islice(_tolerant(reader) if self._skips_bad_rows else reader, count))
        except csv.Error as error:
            self._bad_row(len(above) + 1, error)

    def _below(self, reader: "Reader", lines: "Lines", number: int) -> Iterator[Chunk]:
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
                faults.append(self._bad_row(number + len(rows), error))
            if rows or faults:
                yield Chunk(range(number, number + len(rows)), rows, faults)
            number += len(rows) + len(faults)

    def _bad_row(self, row: int, error: csv.Error) -> Fault:
        """The fault of a row whose quotes do not match. A quote that is never closed would swallow the rows below."""
        file = self._source.name
        if not self._skips_bad_rows:
            message = msg("cannot read the table from row {row}: a quote may be opened and never closed", row=row)
            raise rejected(file, message, row=row) from None
        if "field limit" in str(error):
            raise rejected(
                file,
                msg("row {row} has text longer than {longest} characters: a quote may be opened there "
                    "and never closed", row=row, longest=csv.field_size_limit()),
                row=row,
            ) from None  # fmt: skip
        if "unexpected end" in str(error):
            return Fault(
                msg("a quote opened in this row is never closed; the rest of the file is inside it"),
                file,
                None,
                row,
            )
        return Fault(msg('double each quote inside quoted text: "ООО ""Ромашка"""'), file, None, row)


class Lines:
    """The lines of a CSV, many at a time. Raises `Rejected` for a line, or a row of many lines, that has no end.

    Its reader sets `rows` to the list that it fills: while that grows, no row is endless.
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


def _tolerant(reader: "Reader") -> Iterator[list[str]]:
    """The rows, with an empty one for each that cannot be read."""
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            row = []
        if row is None:
            return
        yield row
