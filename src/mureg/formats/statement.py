"""The operator's statement: CSV, XLSX or JSON, as its staff make them. Money is never guessed."""

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple

from mureg.domain.licence import quoted
from mureg.domain.statement import Statement, StatementRows
from mureg.errors import Fault, Rejected, msg, plural
from mureg.formats.delimited import DELIMITERS, Lines
from mureg.formats.faults import (
    listed,
    rejected,
    shown_value,
    too_large_to_hold,
    too_many_bytes,
    too_many_cells,
    too_many_rows,
)
from mureg.formats.reading import recognise_format
from mureg.formats.records import CHARACTERS_PER_CELL, Format, Limits, Profile, Source
from mureg.formats.statement_table import FIELDS, Header, StatementTable, find_header, header_of_applications, is_float
from mureg.formats.text import open_text, recognise_encoding

# The first and the last cell of a merged range: row and column, from 0.
_Range = tuple[tuple[int, int], tuple[int, int]]

_HEADER_WITHIN = 50
_BLOCK = 1 << 20
_HEAD_CHARACTERS = 1 << 18
# What a row takes beside its cells.
_CELLS_PER_ROW = 2


class _Sheet(NamedTuple):
    """Rows of texts; `name` is `None` but for a workbook, whose numbers are floats."""

    name: str | None
    rows: list[list[str]]
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
        source.name, sheet.name, header, profile, is_json=chosen == "json", delimiter=sheet.delimiter,
        repeated=sheet.repeated, texts=sheet.texts, most_faults=limits.faults,
    )  # fmt: skip
    rows, stated, faults = table.read(sheet.rows[header.row :], sheet.total)
    if len(rows) > limits.rows:
        raise too_many_rows(source.name, limits)
    if faults:
        raise Rejected(
            plural("the statement has {count} fault", "the statement has {count} faults", count=len(faults)),
            msg("mend the file, or ask the operator for a corrected one; nothing was kept"),
            faults,
        )
    return Statement(PurePath(source.name).name, digest.hexdigest(), StatementRows(rows), stated)


def _sheet(source: Source, chosen: Format, profile: Profile | None, limits: Limits) -> tuple[_Sheet, Header]:
    """The one sheet with a statement's header, and the header."""
    sheets = list(_sheets(source, chosen, profile, limits))
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet.rows[:_HEADER_WITHIN], profile))]
    if len(found) == 1:
        header = found[0][1]
        if header.faults:
            raise Rejected(
                msg("the columns of the statement are not what is needed"),
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
            msg("several sheets could be the statement: {names}", names=names),
            msg("name one in a profile of mureg.toml: sheet = …"),
        )
    if any(header_of_applications(sheet.rows[:_HEADER_WITHIN]) for sheet in sheets) or chosen in ("xml", "jsonl"):
        raise _are_applications(source.name)
    raise rejected(
        source.name,
        msg("no header was found: no row among the first {rows} names the columns", rows=_HEADER_WITHIN),
        msg("a statement needs a row with «К оплате» and «Номер» or «ИНН» (payable, number, inn), or a profile"),
    )


def _are_applications(file: str) -> Rejected:
    return rejected(
        file,
        msg("these are applications, not a statement of the operator"),
        msg("import them: mureg application import {file}", file=quoted(file)),
    )


def _sheets(source: Source, chosen: Format, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    if chosen == "csv":
        yield from _of_csv(source, profile, limits)
    elif chosen == "xlsx":
        yield from _of_workbook(source, profile, limits)
    elif chosen == "json":
        yield _of_json(source, limits)


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
        head = io.StringIO("\n".join(text.read(_HEAD_CHARACTERS).split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]), "")
        found = {}
        for delimiter in (fixed,) if fixed else DELIMITERS:
            head.seek(0)
            header = find_header(list(_csv_rows(source.name, head, delimiter, strict=False)), profile)
            if header is not None:
                found[delimiter] = len(header.places)
        if found:
            # The delimiter under which most columns are known.
            best = max(found, key=lambda delimiter: found[delimiter])
            text.seek(0)
            yield _Sheet(None, _whole_csv(source.name, text, best, limits), delimiter=best)
        elif not fixed:
            # What is no statement may still be a list of applications.
            head.seek(0)
            yield _Sheet(None, list(islice(_csv_rows(source.name, head, ";", strict=False), _HEADER_WITHIN)))
    finally:
        text.detach()


def _whole_csv(file: str, text: io.TextIOWrapper, delimiter: str, limits: Limits) -> list[list[str]]:
    room, lines = _Room(file, limits), Lines(file, text, limits)
    lines.rows = rows = []
    for cells in _csv_rows(file, lines, delimiter, strict=True):
        room.take(cells)
        rows.append(cells)
    return rows


def _csv_rows(file: str, lines: Iterable[str], delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    """The rows; `strict` for those that count, since a quote that is never closed would swallow the rest."""
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):  # noqa: B007  the error tells the row
            yield cells
    except csv.Error:
        if not strict:
            return
        message = msg("the table cannot be read from row {row} on: is a quote opened and never closed?", row=row + 1)
        raise rejected(file, message, row=row + 1) from None


def _of_workbook(source: Source, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415  for workbooks only

    from mureg.formats.workbook import inspect_workbook  # noqa: PLC0415
    from mureg.formats.xlsx import cell_texts, sheet_rows, show_errors  # noqa: PLC0415

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
                msg("the profile names the sheet «{sheet}», which the workbook has not", sheet=fixed),
                msg("its sheets are: {names}", names=listed(names)),
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
            yield _Sheet(name, rows, repeated=repeated, texts=frozenset(texts))
    except CalamineError as error:
        raise rejected(
            source.name, msg("the workbook cannot be read: {reason}", reason=shown_value(str(error)))
        ) from None


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


def _of_json(source: Source, limits: Limits) -> _Sheet:
    """An array of objects with our field names, or `{"rows": […], "total": "…"}`: a table like any other."""
    from mureg.formats.json_text import Float, Items, NotJson, begins_array, parse_json  # noqa: PLC0415  for JSON only

    text = open_text(source.stream, recognise_encoding(source.name, source.stream))
    total = None
    try:
        if begins_array(text):
            return _table_of(source.name, Items(text, limits), None, limits)
        if source.stream.seek(0, io.SEEK_END) > limits.whole_bytes:
            raise too_large_to_hold(source.name, limits)
        text.seek(0)
        document = parse_json(text.read(), limits, limits.cells)
    except NotJson as error:
        raise rejected(source.name, error.message, msg("give an array of rows")) from None
    finally:
        text.detach()
    if _holds_applications(document):
        raise _are_applications(source.name)
    if isinstance(document, dict):
        _refuse_unknown(source.name, None, document, {"rows", "total"})
        total, document = document.get("total"), document.get("rows")
        if total is not None and (not isinstance(total, str) or isinstance(total, Float)):
            raise rejected(source.name, msg('{field} is text in quotes, as in "1800.00"', field="total"))
    if not isinstance(document, list):
        raise _no_rows(source.name)
    return _table_of(source.name, document, total, limits)


def _table_of(file: str, items: Iterable[object], total: str | None, limits: Limits) -> _Sheet:
    """The objects as rows of texts, under the names of the fields that are among them."""
    from mureg.formats.json_text import Float, Object  # noqa: PLC0415  for JSON only

    room = _Room(file, limits)
    fields = [field.name for field in FIELDS]
    known = {*fields, "row"}
    named: set[str] = set()
    rows: list[list[str]] = []
    for number, row in enumerate(items, start=1):
        if number == 1 and _holds_applications(row):
            raise _are_applications(file)
        if not isinstance(row, dict):
            raise _no_rows(file)
        # What mureg itself prints of a row names its place too.
        _refuse_unknown(file, number, row, known)
        for name in row.repeated if isinstance(row, Object) else ():
            raise rejected(file, msg("the key stands twice"), row=number, column=name)
        for name, value in row.items():
            if name != "row" and value is not None and (not isinstance(value, str) or isinstance(value, Float)):
                message = msg('{field} is text in quotes, as in "1800.00"', field=name)
                raise rejected(file, message, row=number, column=name)
        named |= row.keys()
        rows.append([row.get(name) or "" for name in fields])
        room.take(rows[-1])
    places = [place for place, name in enumerate(fields) if name in named]
    header = [fields[place] for place in places]
    return _Sheet(None, [header, *([cells[place] for place in places] for cells in rows)], total)


def _no_rows(file: str) -> Rejected:
    return rejected(file, msg("a statement in JSON is an array of rows"), msg("give an array of objects"))


def _holds_applications(document: object) -> bool:
    items = document if isinstance(document, list) else [document]
    return any(isinstance(item, dict) and ("submitted_on" in item or "organization" in item) for item in items[:1])


def _refuse_unknown(file: str, row: int | None, item: Mapping[str, object], known: Collection[str]) -> None:
    for name in item:
        if name not in known:
            raise rejected(file, msg("{field} is no field of a statement", field=shown_value(name)), row=row)
