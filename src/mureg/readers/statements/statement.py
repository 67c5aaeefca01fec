"""The operator's statement: CSV, XLSX or JSON. Money is never guessed."""

import hashlib
import io
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import closing
from pathlib import PurePath
from typing import NamedTuple

from mureg.domain.money import LARGEST_KOPECKS, Amount
from mureg.domain.reconciliation.statement import Statement
from mureg.errors import Rejected, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.readers.detect import recognise_format
from mureg.readers.errors import are_applications, listed, rejected, too_many_bytes
from mureg.readers.statements.fields import AMOUNTS, FIELDS
from mureg.readers.statements.rows import StatementTable
from mureg.readers.tables.csv_file import CsvFile
from mureg.readers.tables.header import HEADER_WITHIN, Header, HeaderFinder, header_key
from mureg.readers.tables.rows import CHUNK_ROWS, Chunk
from mureg.readers.tables.unfit_columns import Head, nearest_header, unfit_columns
from mureg.readers.types import Format, Limits, Profile, Source

with lazy_imports():
    from mureg.readers.statements import json
    from mureg.readers.tables import xlsx_file

_BLOCK = 1 << 20
_APPLICATION_HEADERS = {
    header_key(text)
    for text in ("multiuser", "Многопользовательский режим", "submitted_on", "Дата заявления", "Дата отправки", "users",
                 "Пользователей", "Количество пользователей", "Тип заявления")
}  # fmt: skip
# Of the fields of each group a statement needs one.
_FIELD = {field.name: field for field in FIELDS}
_NEEDED = ((_FIELD["payable"],), (_FIELD["number"], _FIELD["inn"]))


class _Table(NamedTuple):
    """A table with a statement's header. `sheet` is that of a workbook, `delimiter` that of a CSV, `total` JSON's."""

    header: Header
    chunks: Generator[Chunk]
    sheet: str | None = None
    delimiter: str = ""
    total: str | None = None


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
    table = _open(source, chosen, profile, limits)
    reader = StatementTable(
        source.name, table.sheet, table.header, profile, limits, is_json=chosen == "json", delimiter=table.delimiter
    )
    with closing(table.chunks) as chunks:
        rows, stated, faults = reader.read(chunks, table.total)
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
            msg("the sum of the amounts is more than {largest} roubles", largest=Amount(LARGEST_KOPECKS)),
            msg("the decimal separator may be missing"),
            sheet=table.sheet,
            column="payable",
        )
    return Statement(PurePath(source.name).name, digest.hexdigest(), rows, stated)


def _open(source: Source, chosen: Format, profile: Profile | None, limits: Limits) -> _Table:
    """The table of the file. Raises `Rejected` where there is none, or more than one."""
    finder = HeaderFinder(source.name, FIELDS, profile, _is_header)
    match chosen:
        case "csv":
            table = _csv_table(source, finder, profile, limits)
        case "xlsx":
            table = _workbook_table(source, finder, profile, limits)
        case "json":
            table = _json_table(source, finder, limits)
        case "xml" | "jsonl":
            raise are_applications(source.name)
    unfit = unfit_columns(source.name, table.sheet, table.header, finder, _NEEDED, profile, "statement")
    if unfit is not None:
        raise unfit
    return table


def _is_header(named: Collection[str]) -> bool:
    return all(any(field.name in named for field in group) for group in _NEEDED)


def _csv_table(source: Source, finder: HeaderFinder, profile: Profile | None, limits: Limits) -> _Table:
    # A row that cannot be read may hold an amount: nothing is skipped.
    file = CsvFile(source, finder, profile, limits, skips_bad_rows=False)
    if file.header is None:
        raise _no_header(source.name, finder, [Head(None, head) for head in file.heads()], profile)
    return _Table(file.header, file.chunks(), delimiter=file.delimiter)


def _workbook_table(source: Source, finder: HeaderFinder, profile: Profile | None, limits: Limits) -> _Table:
    """The one sheet with a statement's header."""
    found: list[_Table] = []
    heads: list[Head] = []
    for sheet in xlsx_file.open_sheets(source, limits, profile.sheet if profile else "", repeats_merged=True):
        head = Head(sheet.name, list(sheet.head()))
        heads.append(head)
        header = finder.find(head.rows)
        if header is not None:
            amounts = [place for name in AMOUNTS if (place := header.place(name)) is not None]
            found.append(_Table(header, sheet.chunks(header, amounts), sheet.name))
    if len(found) > 1:
        raise rejected(
            source.name,
            msg(
                "more than one sheet could be the statement: {names}",
                names=listed(table.sheet or "" for table in found),
            ),
            msg("specify one in a profile of mureg.toml: sheet = …"),
        )
    if not found:
        raise _no_header(source.name, finder, heads, profile)
    return found[0]


def _json_table(source: Source, finder: HeaderFinder, limits: Limits) -> _Table:
    rows, total = json.read_rows(source, limits)
    header = finder.find(rows)
    if header is None:
        raise _header_unknown(source.name, [rows[:HEADER_WITHIN]])
    below = rows[header.row :]
    chunks = (below[start : start + CHUNK_ROWS] for start in range(0, len(below), CHUNK_ROWS))
    # Rows are numbered by their place in the array, from 1.
    numbered = (Chunk(range(place * CHUNK_ROWS + 1, place * CHUNK_ROWS + len(some) + 1), some)
                for place, some in enumerate(chunks))  # fmt: skip
    return _Table(header, numbered, total=total)


def _no_header(file: str, finder: HeaderFinder, heads: Sequence[Head], profile: Profile | None) -> Rejected:
    """The error of tables without a statement's header: what the row that is most like one lacks."""
    nearest = nearest_header(finder, heads)
    if nearest is None or any(_is_header_of_applications(cells) for _, rows in heads for cells in rows):
        return _header_unknown(file, [rows for _, rows in heads])
    unfit = unfit_columns(file, *nearest, finder, _NEEDED, profile, "statement")
    assert unfit is not None, "a header with all that is needed would have been found"
    return unfit


def _header_unknown(file: str, heads: Iterable[Sequence[Sequence[str]]]) -> Rejected:
    """The error of a file with nothing like a header of a statement; `heads` are the first rows of its tables."""
    if any(_is_header_of_applications(cells) for head in heads for cells in head):
        return are_applications(file)
    return rejected(
        file,
        msg("no header found: none of the first {rows} rows names the columns", rows=HEADER_WITHIN),
        msg("a statement needs a header row with “К оплате” and “Номер” or “ИНН” (payable, number, inn), or a profile"),
    )


def _is_header_of_applications(cells: Iterable[str]) -> bool:
    return len({header_key(cell) for cell in cells} & _APPLICATION_HEADERS) >= 2
