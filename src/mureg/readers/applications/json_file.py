"""JSON as mureg itself prints it: one object of `show`, an array of `list`, or an object a line."""

import io
from collections.abc import Generator, Iterable, Iterator
from itertools import count

from mureg.domain.application import ClientRequest
from mureg.domain.columns import columns_of
from mureg.errors import Fault, msg
from mureg.readers.applications.json import quick_record_reader, read_object
from mureg.readers.errors import is_statement, rejected, too_large_to_hold, too_many_rows
from mureg.readers.json_stream import Items, NotJson, Object, begins_array, parse_json, shown_scalar
from mureg.readers.tables.encoding import open_text, recognise_encoding
from mureg.readers.types import Batch, FileReport, Format, Limits, PartnerDecision, Record, Source

_CHUNK_RECORDS = 1_000
_CHUNK_CHARACTERS = 1 << 20
_NO_DECISION = PartnerDecision()

_Item = tuple[int, object, int]
"""A row; a record that was read quickly, a plain value or an error; and how many characters it takes."""


def read_json(source: Source, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of one JSON document, an object or an array, which streams. `row` is the place in the array.

    Raises `Rejected`.
    """
    encoding = _encoding(source)
    text = open_text(source.stream, encoding)
    rows = 0

    def items() -> Iterator[_Item]:
        nonlocal rows
        for rows, (value, length) in enumerate(_values(source, text, limits), start=1):
            if rows == 1 and isinstance(value, Object) and ("payable" in value or "rows" in value):
                raise is_statement(source.name)
            if rows > limits.rows:
                raise too_many_rows(source.name, limits)
            yield rows, value, length

    try:
        yield from _batches(source.name, limits, items())
    except NotJson as error:
        raise rejected(source.name, error.message, msg("use the format of mureg application show --json")) from None
    finally:
        text.detach()
    return _report(source, "json", encoding, rows)


def _values(source: Source, text: io.TextIOWrapper, limits: Limits) -> Iterable[tuple[object, int]]:
    """The items of the array, or the one object, each with its length in characters."""
    if begins_array(text):
        return Items(text, limits, quick_record_reader(limits))
    if source.stream.seek(0, io.SEEK_END) > limits.whole_bytes:
        raise too_large_to_hold(source.name, limits)
    text.seek(0)
    document = text.read()
    return [(parse_json(document, limits), len(document))]


def read_json_lines(source: Source, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of JSON lines, streamed. `row` is the number of the line. Raises `Rejected`."""
    encoding = _encoding(source)
    text = open_text(source.stream, encoding)
    quick = quick_record_reader(limits)
    rows = 0

    def lines() -> Iterator[_Item]:
        nonlocal rows
        for row in count(1):
            line = text.readline(limits.whole_bytes + 1)
            if not line:
                return
            if len(line) > limits.whole_bytes:
                raise too_large_to_hold(source.name, limits, row)
            if not line.strip():
                continue
            rows += 1
            if rows > limits.rows:
                raise too_many_rows(source.name, limits)
            try:
                yield row, quick(line) or parse_json(line, limits), len(line)
            except NotJson as error:
                yield row, error, len(line)

    try:
        yield from _batches(source.name, limits, lines())
    finally:
        text.detach()
    return _report(source, "jsonl", encoding, rows)


def _encoding(source: Source) -> str:
    """UTF-8, or UTF-16 as a Windows shell writes it."""
    encoding = recognise_encoding(source.name, source.stream)
    if encoding not in ("utf-8", "utf-16"):
        raise rejected(source.name, msg("JSON must be UTF-8, and this file is not"), msg("save it as UTF-8"))
    return encoding


def _report(source: Source, format: Format, encoding: str, rows: int) -> FileReport:  # noqa: A002
    return FileReport(source.name, format, encoding, None, None, None, rows)


def _batches(file: str, limits: Limits, items: Iterable[_Item]) -> Iterator[Batch]:
    rows: list[int] = []
    records: list[Record] = []
    faults: list[Fault] = []
    characters = 0
    for row, value, length in items:
        found = value if isinstance(value, Record) else _read(file, row, value, limits)
        if isinstance(found, Record):
            rows.append(row)
            records.append(found)
        else:
            faults += found
        characters += length
        if len(records) + len(faults) >= _CHUNK_RECORDS or characters > _CHUNK_CHARACTERS:
            yield _batch(rows, records, faults)
            rows, records, faults = [], [], []
            characters = 0
    if records or faults:
        yield _batch(rows, records, faults)


def _batch(rows: list[int], records: list[Record], faults: list[Fault]) -> Batch:
    if not faults and all(record.owners == () and record.partner == _NO_DECISION for record in records):
        return Batch(rows=rows, columns=columns_of(ClientRequest, [record.request for record in records]))
    return Batch(rows=rows, records=records, faults=faults)


def _read(file: str, row: int, value: object, limits: Limits) -> Record | list[Fault]:
    if isinstance(value, NotJson):
        return [Fault(value.message, file, None, row)]
    if isinstance(value, Object):
        return read_object(file, row, value, limits)
    return [Fault(msg("an application must be an object in braces"), file, None, row, value=shown_scalar(value))]
