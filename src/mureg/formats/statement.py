"""The operator's statement: CSV, XLSX or JSON, as its staff make them. Money is never guessed."""

import csv
import hashlib
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from mureg.domain.reconciliation import Statement
from mureg.errors import Fault, Rejected, msg, plural
from mureg.formats.delimited import DELIMITERS
from mureg.formats.faults import rejected, too_many_rows
from mureg.formats.reading import recognise_format
from mureg.formats.records import Format, Limits, Profile, Source
from mureg.formats.statement_table import FIELDS, Header, StatementTable, find_header, header_of_applications
from mureg.formats.text import open_text, recognise_encoding

# The first and the last cell of a merged range: row and column, from 0.
_Range = tuple[tuple[int, int], tuple[int, int]]

_HEADER_WITHIN = 50
_BLOCK = 1 << 20


class _Sheet(NamedTuple):
    """Rows of texts; `name` is `None` but for a workbook, whose numbers are floats."""

    name: str | None
    rows: list[list[str]]
    total: str | None = None
    repeated: frozenset[tuple[int, int]] = frozenset()
    """Cells (row from 1, column from 0) that got their text from a merged cell above."""


def read_statement(source: Source, *, profile: Profile | None, limits: Limits) -> Statement:
    """The statement in a file. Raises `Rejected` with every fault of every row."""
    if profile is not None and profile.kind != "statement":
        raise rejected(
            source.name,
            msg("the profile {name} is for applications, not for statements", name=profile.name),
            msg('choose a profile with kind = "statement"'),
        )
    digest = hashlib.sha256()
    size = 0
    source.stream.seek(0)
    while block := source.stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
    if size > limits.file_bytes:
        raise rejected(source.name, msg("the file has more than {bytes} bytes", bytes=limits.file_bytes))
    chosen = recognise_format(source)
    source.stream.seek(0)
    sheet, header = _sheet(source, chosen, profile, limits)
    table = StatementTable(source.name, sheet.name, header, profile, is_json=chosen == "json", repeated=sheet.repeated)
    rows, stated, faults = table.read(sheet.rows[header.row :], sheet.total)
    if len(rows) > limits.rows:
        raise too_many_rows(source.name, limits)
    if faults:
        raise Rejected(
            plural("the statement has {count} fault", "the statement has {count} faults", count=len(faults)),
            msg("mend the file, or ask the operator for a corrected one; nothing was kept"),
            faults,
        )
    return Statement(source.name, digest.hexdigest(), tuple(rows), stated)


def _sheet(source: Source, chosen: Format, profile: Profile | None, limits: Limits) -> tuple[_Sheet, Header]:
    """The one sheet with a statement's header, and the header."""
    sheets = list(_sheets(source, chosen, profile, limits))
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet.rows[:_HEADER_WITHIN], profile))]
    if chosen == "csv":
        # The delimiter under which most columns are known.
        found = sorted(found, key=lambda entry: -len(entry[1].places))[:1]
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
        names = ", ".join(f"«{sheet.name}»" for sheet, _ in found)
        raise rejected(
            source.name,
            msg("several sheets could be the statement: {names}", names=names),
            msg("name one in a profile of mureg.toml: sheet = …"),
        )
    if any(header_of_applications(sheet.rows[:_HEADER_WITHIN]) for sheet in sheets) or chosen in ("xml", "jsonl"):
        raise rejected(
            source.name,
            msg("these are applications, not a statement of the operator"),
            msg("import them: mureg application import {file}", file=source.name),
        )
    raise rejected(
        source.name,
        msg("no header was found: no row among the first {rows} names the columns", rows=_HEADER_WITHIN),
        msg("a statement needs a row with «К оплате» and «Номер» or «ИНН» (payable, number, inn), or a profile"),
    )


def _sheets(source: Source, chosen: Format, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    if chosen == "csv":
        yield from _of_csv(source, profile, limits)
    elif chosen == "xlsx":
        yield from _of_workbook(source, profile, limits)
    elif chosen == "json":
        yield _of_json(source)


def _of_csv(source: Source, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    """The file under every delimiter that it may have."""
    encoding = recognise_encoding(source.name, source.stream, profile.encoding if profile else "")
    text = open_text(source.stream, encoding)
    try:
        content = text.read()
    finally:
        text.detach()
    if csv.field_size_limit() <= limits.field_characters:
        csv.field_size_limit(limits.field_characters + 1)
    head = "\n".join(content.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN])
    fixed = profile.delimiter if profile else ""
    for delimiter in (fixed,) if fixed else DELIMITERS:
        if find_header(list(_csv_rows(source.name, head, delimiter, strict=False)), profile) is not None:
            yield _Sheet(None, list(_csv_rows(source.name, content, delimiter, strict=True)))
    if not fixed:
        # What is no statement may still be a list of applications.
        yield _Sheet(None, list(islice(_csv_rows(source.name, head, ";", strict=False), _HEADER_WITHIN)))


def _csv_rows(file: str, content: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    """The rows; `strict` for those that count, since a quote that is never closed would swallow the rest."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=strict)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):  # noqa: B007  the error tells the row
            yield cells
    except csv.Error:
        message = msg("the table cannot be read from row {row} on: is a quote opened and never closed?", row=row + 1)
        raise rejected(file, message, row=row + 1) from None


def _of_workbook(source: Source, profile: Profile | None, limits: Limits) -> Iterator[_Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415  for workbooks only

    from mureg.formats.workbook import inspect_workbook  # noqa: PLC0415
    from mureg.formats.xlsx import cell_texts, sheet_rows, show_errors  # noqa: PLC0415

    errors = inspect_workbook(source.name, source.stream, limits)
    source.stream.seek(0)
    fixed = profile.sheet if profile else ""
    try:
        workbook = CalamineWorkbook.from_filelike(source.stream)
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        if fixed and fixed not in names:
            raise rejected(
                source.name,
                msg("the profile names the sheet «{sheet}», which the workbook has not", sheet=fixed),
                msg("its sheets are: {names}", names=", ".join(f"«{name}»" for name in names)),
            )
        for name in [fixed] if fixed else names:
            sheet = workbook.get_sheet_by_name(name)
            rows = [cell_texts(cells, None) for cells in sheet_rows(sheet)]
            show_errors(1, rows, errors.get(name, {}))
            yield _Sheet(name, rows, None, _repeat_merged(rows, sheet.merged_cell_ranges or []))
    except CalamineError as error:
        raise rejected(source.name, msg("the workbook cannot be read: {reason}", reason=str(error))) from None


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


def _of_json(source: Source) -> _Sheet:
    """An array of objects with our field names, or `{"rows": […], "total": "…"}`: a table like any other."""
    from mureg.formats.json_text import NotJson, parse_json  # noqa: PLC0415  for JSON only

    text = open_text(source.stream, recognise_encoding(source.name, source.stream))
    try:
        document = parse_json(text.read())
    except NotJson as error:
        raise rejected(source.name, error.message, msg("give an array of rows")) from None
    finally:
        text.detach()
    total = None
    if isinstance(document, dict):
        _refuse_unknown(source.name, None, document, {"rows", "total"})
        total, document = document.get("total"), document.get("rows")
        if total is not None and not isinstance(total, str):
            raise rejected(source.name, msg('{field} is text in quotes, as in "1800.00"', field="total"))
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise rejected(source.name, msg("a statement in JSON is an array of rows"), msg("give an array of objects"))
    known = {field.name for field in FIELDS}
    for number, row in enumerate(document, start=1):
        # What mureg itself prints of a row names its place too.
        _refuse_unknown(source.name, number, row, known | {"row"})
        for name, value in row.items():
            if name in known and value is not None and not isinstance(value, str):
                message = msg('{field} is text in quotes, as in "1800.00"', field=name)
                raise rejected(source.name, message, row=number, column=name)
    names = [field.name for field in FIELDS if any(field.name in row for row in document)]
    return _Sheet(None, [names, *([row.get(name) or "" for name in names] for row in document)], total)


def _refuse_unknown(file: str, row: int | None, item: Mapping[str, object], known: Collection[str]) -> None:
    for name in item:
        if name not in known:
            raise rejected(file, msg("{field} is no field of a statement", field=name), row=row)
