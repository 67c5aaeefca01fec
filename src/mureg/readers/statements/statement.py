"""The operator's statement: CSV, XLSX or JSON, as its staff make them. Money is never guessed."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import PurePath
from typing import Any, NamedTuple

from mureg.domain.money import LARGEST_KOPECKS, format_money
from mureg.domain.statement import Statement
from mureg.errors import Fault, Rejected, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.readers.applications.table import CHUNK_ROWS
from mureg.readers.detect import recognise_format
from mureg.readers.errors import (
    are_applications,
    listed,
    rejected,
    shown_value,
    too_many_bytes,
    too_many_cells,
    too_many_rows,
)
from mureg.readers.statements.header import Header, find_header, header_of_applications
from mureg.readers.statements.rows import StatementTable, is_float
from mureg.readers.tables.csv_file import DELIMITERS, Lines
from mureg.readers.tables.encoding import open_text, recognise_encoding
from mureg.readers.types import CHARACTERS_PER_CELL, Format, Limits, Profile, Source

with lazy_imports():
    from mureg.readers.statements import json

# The first and the last cell of a merged range: row and column, from 0.
_Range = tuple[tuple[int, int], tuple[int, int]]

_HEADER_WITHIN = 50
_BLOCK = 1 << 20
_HEAD_CHARACTERS = 1 << 18
# What a row takes beside its cells.
_CELLS_PER_ROW = 2
# A chunk of a CSV ends where it has read so much: its rows may be long. Looked at every few rows.
_CHUNK_BYTES = 1 << 22
_STEP = 50


Chunks = Iterator[list[list[str]]]
"""Rows of texts, some hundreds at a time."""


class _Sheet(NamedTuple):
    """A table of texts; `name` is `None` but for a workbook, whose numbers are floats."""

    name: str | None
    head: list[list[str]]
    """The first rows, among which the header is."""
    below: Callable[[int], Chunks]
    """The rows below one of the first, by its number from 1."""
    total: str | None = None
    delimiter: str = ""
    repeated: frozenset[tuple[int, int]] = frozenset()
    """Cells (row from 1, column from 0) that got their text from a merged cell above."""
    texts: frozenset[tuple[int, int]] = frozenset()
    """Cells of a workbook that hold a text which looks like a number."""


def read_statement(source: Source, *, profile: Profile | None, limits: Limits) -> Statement:
    """The statement in a file. Raises `Rejected` with every fault of every row."""
    if profile is not None and profile.kind != "statement":
        raise rejected(
            source.name,
            msg("the profile {name} is for applications, not for statements", name=profile.name),
            msg('choose a profile with kind = "statement"'),
        )
    if source.stream.seek(0, io.SEEK_END) > limits.file_bytes:
        raise too_many_bytes(source.name, limits.file_bytes)
    digest = hashlib.sha256()
    source.stream.seek(0)
    while block := source.stream.read(_BLOCK):
        digest.update(block)
    chosen = recognise_format(source)
    source.stream.seek(0)
    sheet, header = _sheet(source, chosen, profile, limits)
    table = StatementTable(
        source.name, sheet.name, header, profile, limits, is_json=chosen == "json", delimiter=sheet.delimiter,
        repeated=sheet.repeated, texts=sheet.texts,
    )  # fmt: skip
    rows, stated, faults = table.read(sheet.below(header.row), sheet.total)
    if faults:
        raise Rejected(
            plural("the statement has {count} error", "the statement has {count} errors", count=len(faults)),
            msg("nothing was kept; fix the file, or ask the operator for a corrected one"),
            faults,
        )
    if rows.largest_sum_kopecks > LARGEST_KOPECKS:
        # Positive and negative ones may cancel each other, and be too large to be added up all the same.
        raise rejected(
            source.name,
            msg("the sum of the amounts is more than {largest} roubles", largest=format_money(LARGEST_KOPECKS)),
            msg("the decimal separator may be missing"),
            sheet=sheet.name,
            column="payable",
        )
    return Statement(PurePath(source.name).name, digest.hexdigest(), rows, stated)


def _sheet(source: Source, chosen: Format, profile: Profile | None, limits: Limits) -> tuple[_Sheet, Header]:
    """The one sheet with a statement's header, and the header."""
    sheets = list(_sheets(source, chosen, profile, limits))
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet.head, profile))]
    if len(found) == 1:
        header = found[0][1]
        if header.faults:
            raise Rejected(
                msg("the columns of the statement do not fit"),
                msg("rename the columns in the file, or name them in a profile of mureg.toml"),
                [
                    Fault(message, source.name, found[0][0].name, header.row, column)
                    for column, message in header.faults
                ],
            )
        return found[0]
    if len(found) > 1:
        names = listed(sheet.name or "" for sheet, _ in found)
        raise rejected(
            source.name,
            msg("more than one sheet could be the statement: {names}", names=names),
            msg("specify one in a profile of mureg.toml: sheet = …"),
        )
    if any(header_of_applications(sheet.head) for sheet in sheets) or chosen in ("xml", "jsonl"):
        raise are_applications(source.name)
    raise rejected(
        source.name,
        msg("no header found: none of the first {rows} rows names the columns", rows=_HEADER_WITHIN),
        msg("a statement needs a header row with “К оплате” and “Номер” or “ИНН” (payable, number, inn), or a profile"),
    )


def _sheets(source: Source, chosen: Format, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    if chosen == "csv":
        yield from _of_csv(source, profile, limits)
    elif chosen == "xlsx":
        yield from _of_workbook(source, profile, limits)
    elif chosen == "json":
        rows, total = json.read_rows(source, limits, _Room(source.name, limits).take)
        yield _in_memory(None, rows, total=total)


class _Room:
    """How much of a statement may still be held."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._rows, self._cells = limits.rows, limits.cells
        self._characters = limits.cells * CHARACTERS_PER_CELL

    def take(self, cells: Sequence[str]) -> None:
        """Count a row. Raises `Rejected` where it is one too many."""
        self._rows -= bool(cells)
        self._cells -= len(cells) + _CELLS_PER_ROW
        self._characters -= sum(map(len, cells))
        # The header and the total are rows too.
        if self._rows < -_HEADER_WITHIN:
            raise too_many_rows(self._file, self._limits)
        if min(self._cells, self._characters) < 0:
            raise too_many_cells(self._file, self._limits)


def _of_csv(source: Source, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    """The file under the delimiter that it shows."""
    encoding = recognise_encoding(source.name, source.stream, profile.encoding if profile else "")
    text = open_text(source.stream, encoding)
    fixed = profile.delimiter if profile else ""
    if csv.field_size_limit() <= limits.field_characters:
        csv.field_size_limit(limits.field_characters + 1)
    try:
        lines = "\n".join(text.read(_HEAD_CHARACTERS).split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN])
    finally:
        text.detach()
    found: list[tuple[int, str, list[list[str]]]] = []
    for delimiter in (fixed,) if fixed else DELIMITERS:
        head = _head_of(lines, delimiter)
        header = find_header(head, profile)
        if header is not None:
            found.append((len(header.places), delimiter, head))
    if found:
        # The delimiter under which most columns are known.
        _, best, head = max(found, key=lambda entry: entry[0])
        yield _Sheet(None, head, lambda row: _below(source, encoding, best, row, limits), delimiter=best)
    elif not fixed:
        # What is no statement may still be a list of applications.
        yield _in_memory(None, _head_of(lines, ";"))


def _head_of(lines: str, delimiter: str) -> list[list[str]]:
    """The first rows of a CSV, whatever stands in them."""
    rows: list[list[str]] = []
    # A field without an end is told when the rows that count are read.
    with suppress(csv.Error):
        rows.extend(islice(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter), _HEADER_WITHIN))
    return rows


def _below(source: Source, encoding: str, delimiter: str, header_row: int, limits: Limits) -> Chunks:
    """The rows of a CSV below its header. A quote that is never closed would swallow the rest, and is an error."""
    text = open_text(source.stream, encoding)
    chunk: list[list[str]] = []
    number = 0
    try:
        lines = Lines(source.name, text, limits)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        lines.rows = chunk
        chunk.extend(islice(reader, header_row))
        number, at_end = len(chunk), False
        while not at_end:
            began = source.stream.tell()
            lines.rows = chunk = []
            while not at_end and len(chunk) < CHUNK_ROWS and source.stream.tell() - began < _CHUNK_BYTES:
                wanted = len(chunk) + _STEP
                chunk.extend(islice(reader, _STEP))
                at_end = len(chunk) < wanted
            yield chunk
            number += len(chunk)
    except csv.Error:
        row = number + len(chunk) + 1
        message = msg("cannot read the table from row {row}: a quote may be opened and never closed", row=row)
        raise rejected(source.name, message, row=row) from None
    finally:
        text.detach()


def _in_memory(name: str | None, rows: list[list[str]], **more: Any) -> _Sheet:
    """A table that had to be read whole."""

    def below(row: int) -> Chunks:
        return (rows[start : start + CHUNK_ROWS] for start in range(row, len(rows), CHUNK_ROWS))

    return _Sheet(name, rows[:_HEADER_WITHIN], below, **more)


def _of_workbook(source: Source, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415  for workbooks only

    from mureg.readers.tables.xlsx_file import cell_texts, sheet_rows, show_errors  # noqa: PLC0415
    from mureg.readers.tables.xlsx_guard import inspect_workbook  # noqa: PLC0415

    errors = inspect_workbook(source.name, source.stream, limits)
    source.stream.seek(0)
    fixed = profile.sheet if profile else ""
    room = _Room(source.name, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(source.stream)
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        if fixed and fixed not in names:
            raise rejected(
                source.name,
                msg("the profile names the sheet “{sheet}”, which the workbook does not have", sheet=fixed),
                msg("the sheets are: {names}", names=listed(names)),
            )
        for name in [fixed] if fixed else names:
            sheet = workbook.get_sheet_by_name(name)
            rows, texts = [], set()
            for number, cells in enumerate(sheet_rows(sheet), start=1):
                rows.append(cell_texts(cells, None))
                room.take(rows[-1])
                texts |= {(number, place) for place, cell in enumerate(cells) if type(cell) is str and is_float(cell)}
            show_errors(1, rows, errors.get(name, {}))
            repeated = _repeat_merged(rows, sheet.merged_cell_ranges or [])
            yield _in_memory(name, rows, repeated=repeated, texts=frozenset(texts))
    except CalamineError as error:
        raise rejected(source.name, msg("cannot read the workbook: {reason}", reason=shown_value(str(error)))) from None


def _repeat_merged(rows: list[list[str]], ranges: Sequence[_Range]) -> frozenset[tuple[int, int]]:
    """Write the text of cells that are merged over several rows into each of their rows; which cells got one."""
    repeated = set()
    # In order, and from where the last one ended: ranges that overlap cost no more than those that do not.
    ended: dict[int, int] = {}
    for (first, column), (last, _) in sorted(ranges):
        if first >= len(rows) or column >= len(rows[first]):
            continue
        text = rows[first][column]
        for row in range(max(first, ended.get(column, 0)) + 1, min(last, len(rows) - 1) + 1):
            if column < len(rows[row]) and not rows[row][column]:
                rows[row][column] = text
                repeated.add((row + 1, column))
        ended[column] = max(last, ended.get(column, 0))
    return frozenset(repeated)
