"""JSON as mureg itself prints it: one object of `show`, an array of `list`, or an object a line.

What follows from the rest (`tier`, `effective`, `warnings`…) is not read: it is computed anew. Validated by hand:
pydantic's sentences could not be translated, and its start costs more than the whole of this.
"""

import io
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, count, islice
from typing import cast

from mureg.command_hints import quoted
from mureg.errors import Fault, msg
from mureg.readers.applications.json import ApplicationReader
from mureg.readers.applications.json_columns import Plain, QuickRequests, plain
from mureg.readers.errors import rejected, too_large_to_hold, too_many_rows
from mureg.readers.json_stream import Items, NotJson, begins_array, parse_json, shown_scalar
from mureg.readers.tables.encoding import open_text, recognise_encoding
from mureg.readers.types import Batch, FileReport, Format, Limits, Record, Source

_CHUNK_RECORDS = 1_000
_CHUNK_CHARACTERS = 1 << 20


def read_json(source: Source, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of one JSON document, an object or an array, which streams. `row` is the place in the array.

    Raises `Rejected`.
    """
    encoding = _encoding(source)
    text = open_text(source.stream, encoding)
    rows = 0

    def items() -> Iterator[tuple[int, object]]:
        nonlocal rows
        for rows, value in enumerate(_items(source, text, limits), start=1):
            if rows == 1 and isinstance(value, dict) and ("payable" in value or "rows" in value):
                raise rejected(
                    source.name,
                    msg("these are a statement of the operator, not applications"),
                    msg(
                        "reconcile with it: mureg reconcile --month MONTH --statement {file}", file=quoted(source.name)
                    ),
                )
            if rows > limits.rows:
                raise too_many_rows(source.name, limits)
            yield rows, value

    try:
        yield from _batches(source.name, limits, items())
    except NotJson as error:
        raise rejected(source.name, error.message, msg("give what mureg application show --json prints")) from None
    finally:
        text.detach()
    return _report(source, "json", encoding, rows)


def _items(source: Source, text: io.TextIOWrapper, limits: Limits) -> Iterable[object]:
    """The items of the array, or the one object."""
    if begins_array(text):
        return Items(text, limits)
    if source.stream.seek(0, io.SEEK_END) > limits.whole_bytes:
        raise too_large_to_hold(source.name, limits)
    text.seek(0)
    return [parse_json(text.read(), limits)]


def read_json_lines(source: Source, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of JSON lines, streamed. `row` is the number of the line. Raises `Rejected`."""
    encoding = _encoding(source)
    text = open_text(source.stream, encoding)
    rows = 0

    def lines() -> Iterator[tuple[int, object]]:
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
                yield row, parse_json(line, limits)
            except NotJson as error:
                yield row, error

    try:
        yield from _batches(source.name, limits, lines())
    finally:
        text.detach()
    return _report(source, "jsonl", encoding, rows)


def _encoding(source: Source) -> str:
    """UTF-8, or the UTF-16 that a Windows shell makes of it."""
    encoding = recognise_encoding(source.name, source.stream)
    if encoding not in ("utf-8", "utf-16"):
        raise rejected(source.name, msg("JSON is written in UTF-8, and this file is not"), msg("save it as UTF-8"))
    return encoding


def _report(source: Source, format: Format, encoding: str, rows: int) -> FileReport:  # noqa: A002
    return FileReport(source.name, format, encoding, None, None, None, rows)


def _batches(file: str, limits: Limits, values: Iterator[tuple[int, object]]) -> Iterator[Batch]:
    quick = QuickRequests(limits)
    values = iter(values)
    at_end = False
    while not at_end:
        # Objects that could be rows of a table, up to the first one that could not.
        held: list[tuple[int, object]] = []
        found: list[Plain] = []
        beyond: list[tuple[int, object]] = []
        for row, value in islice(values, _CHUNK_RECORDS):
            said = plain(value)
            if said is None:
                beyond.append((row, value))
                break
            held.append((row, value))
            found.append(said)
        at_end = len(held) < _CHUNK_RECORDS and not beyond
        requests = quick.requests(found) if found else None
        if requests is not None:
            yield Batch(rows=[row for row, _ in held], requests=requests)
            held = []
        if held or beyond:
            rest = islice(values, _CHUNK_RECORDS - len(held)) if beyond else ()
            yield from _records(file, limits, chain(held, beyond, rest))


def _records(file: str, limits: Limits, values: Iterable[tuple[int, object]]) -> Iterator[Batch]:
    rows: list[int] = []
    records: list[Record] = []
    faults: list[Fault] = []
    characters = 0
    for row, value in values:
        record = _record(file, row, value, limits, faults)
        if record is not None:
            rows.append(row)
            records.append(record)
            characters += _characters(record)
        if len(records) + len(faults) >= _CHUNK_RECORDS or characters > _CHUNK_CHARACTERS:
            yield Batch(rows=rows, records=records, faults=faults)
            rows, records, faults = [], [], []
            characters = 0
    if records or faults:
        yield Batch(rows=rows, records=records, faults=faults)


def _characters(record: Record) -> int:
    """How long the texts of an application are that may be long."""
    request = record.request
    texts = (
        request.name,
        request.promotion,
        request.comment,
        request.program_number,
        request.authorities,
        record.partner.comment,
    )
    of_owners = sum(len(owner.name) + len(owner.position) + sum(map(len, owner.authorities)) for owner in record.owners)
    return sum(map(len, texts)) + of_owners


def _record(file: str, row: int, value: object, limits: Limits, faults: list[Fault]) -> Record | None:
    if isinstance(value, NotJson):
        faults.append(Fault(value.message, file, None, row))
        return None
    if not isinstance(value, dict):
        faults.append(Fault(msg("an application is an object, in braces"), file, None, row, value=shown_scalar(value)))
        return None
    reader = ApplicationReader(file, row, limits)
    record = reader.record(cast("dict[str, object]", value))
    faults.extend(reader.faults)
    return None if reader.faults else record
