"""Replays the history and compares every row with the result, in constant memory.

The changes in the records are noted by row, sorted, and read beside the rows in the order of their keys.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import NamedTuple

from mureg.errors import Message, msg, plural
from mureg.operations.check.closed_months import MonthStates
from mureg.operations.check.record_images import RecordImages, Values, images_of, imported_numbers
from mureg.operations.check.recorded_digests import LaterImages, Statements, Subjects
from mureg.register.columns import COLUMNS, NEW_APPLICATION
from mureg.register.engines.schema import KEY_OF
from mureg.register.engines.sqlite.sorter import Note, Sorter
from mureg.register.history import IMAGES_FACT, HistoryRecord, RowImages
from mureg.register.import_digest import FACT, IMPORTED_COLUMNS, row_text
from mureg.register.queries.integrity import RowState
from mureg.register.register import Register

_AT_ONCE = 1_000
_imported_values = itemgetter(*IMPORTED_COLUMNS)

# The kinds of notes beside the tables' own: the digest of an import, and its rows as they were imported.
_DIGESTS, _ROWS = "import_digest", "imported_row"


class _ImportedRow(NamedTuple):
    """Which row of which import: the digest of an import goes over its rows by their places."""

    operation: int
    place: int

    @property
    def key(self) -> str:
        """What sorts by operation, then by place."""
        return f"{self.operation:020d} {self.place:020d}"


class _Digest(NamedTuple):
    """The recorded digest of an import, and how many rows it covers."""

    operation: int
    digest: str
    rows: int


# A note about a row: an import added it, with its place (`None` where the record has no digest), or a record has images
# of it, before and after (`None` where the row did not exist).
_ADDED, _CHANGED = "added", "changed"


class _Expected(NamedTuple):
    """A row as it should be by the history."""

    values: Values | None = None
    """The columns in the history; `None` where the row should not exist."""
    imported: _ImportedRow | None = None
    """The import that added the row, where that has a digest."""
    when_imported: Values = {}  # noqa: RUF012  never changed
    """Columns that were different when the row was imported."""


def unlike_history(register: Register) -> Iterator[Message]:
    """Rows that differ from the history, are missing, or differ from what was imported."""
    with closing(Sorter()) as sorter:
        images_beside, subjects, statements = LaterImages(register), Subjects(register), Statements(register)
        months = MonthStates(register)
        for record in register.history.records():
            images = images_of(register, record)
            if images is None:
                yield msg("operation {operation} cannot be read", operation=record.operation)
                continue
            yield from images_beside.compare(record, images)
            yield from subjects.compare(record, images)
            yield from statements.compare(record, images)
            if images.is_import:
                _note_added(register, sorter, record, images)
            later = register.history.later_images(record.operation) if IMAGES_FACT in images.after else ()
            for piece in chain([RowImages(images.before, images.after)], later):
                months.note(piece)
                _note_changed(sorter, record.operation, piece)
            yield from months.compare(record)
            # What an import processed was changed before it was deleted.
            _note_deleted(register, sorter, record)
        yield from images_beside.compare_rest()
        yield from subjects.compare_rest()
        yield from statements.compare_rest()
        head = register.history.head().operation
        for table in KEY_OF:
            yield from _compare(register, sorter, table, head)
        yield from _changed_imports(sorter)


def _note_added(register: Register, sorter: Sorter, record: HistoryRecord, images: RecordImages) -> None:
    """Note the applications that an import added."""
    operation = record.operation
    numbers, digest = imported_numbers(register, record), images.after.get(FACT)
    has_digest = isinstance(digest, str)
    if has_digest:
        sorter.add(_DIGESTS, [(_ImportedRow(operation, 0).key, (operation, digest, len(numbers)))])
    places: Iterable[int | None] = range(len(numbers)) if has_digest else repeat(None)
    added = zip(numbers, places, strict=False)
    sorter.add("application", ((number, (_ADDED, operation, place)) for number, place in added))


def _note_deleted(register: Register, sorter: Sorter, record: HistoryRecord) -> None:
    """Note the applications that the undoing of an import deleted."""
    undone = register.history.record(record.undoes) if record.undoes is not None else None
    undone_images = images_of(register, undone) if undone is not None else None
    if undone is not None and undone_images is not None and undone_images.is_import:
        deleted = imported_numbers(register, undone)
        sorter.add("application", ((number, (_CHANGED, record.operation, {}, None)) for number in deleted))


def _note_changed(sorter: Sorter, operation: int, images: RowImages) -> None:
    """Note what a record has about rows that it changed."""
    for table in KEY_OF:
        old, new = images.before.get(table, {}), images.after.get(table, {})
        keys = dict.fromkeys([*old, *new])
        sorter.add(table, ((key, (_CHANGED, operation, old.get(key), new.get(key))) for key in keys))


def _compare(register: Register, sorter: Sorter, table: str, head: int) -> Iterator[Message]:
    """Compare the rows of a table. Imported rows are noted for the digest of their import, as they were then."""
    imported: list[tuple[str, Note]] = []
    for key, row, notes in _side_by_side(register.integrity.states(table), sorter.sorted(table)):
        expected = _expected(table, notes)
        wanted = expected.values
        if row is None:
            if wanted is not None:
                yield msg("{number} is missing from the register ({table})", number=key, table=table)
            continue
        if row.operation > head:
            yield msg("{number} ({table}) was written by operation {operation}, which is missing from the "
                      "history",
                      number=key, table=table, operation=row.operation)  # fmt: skip
        elif wanted is None:
            yield msg("{number} is in the register ({table}) but not in the history",
                      number=key, table=table)  # fmt: skip
        # In most cases one comparison in C is enough.
        elif not (wanted.items() <= row.values.items() or _are_equal(register, row.values, wanted)):
            yield msg("{number} ({table}) was changed after operation {operation}",
                      number=key, table=table, operation=wanted.get("operation", row.operation))  # fmt: skip
        if expected.imported is not None:
            text = row_text(_imported_values(row.values | expected.when_imported))
            imported.append((expected.imported.key, (text,)))
            if len(imported) == _AT_ONCE:
                sorter.add(_ROWS, imported)
                imported.clear()
    sorter.add(_ROWS, imported)


def _expected(table: str, notes: Iterable[Note]) -> _Expected:
    """A row as it should be after all its notes, in the order of the operations."""
    values: Values | None = None
    imported: _ImportedRow | None = None
    when_imported: Values = {}
    for kind, operation, *more in notes:
        if kind == _ADDED:
            (place,) = more
            values = NEW_APPLICATION | {"operation": operation, "imported_in": operation}
            imported, when_imported = None if place is None else _ImportedRow(operation, place), {}
            continue
        before, after = more
        when_imported = (before or {}) | when_imported
        if after is not None:
            # Of a new row, its image leaves out what has no value.
            values = (dict.fromkeys(COLUMNS[table]) if values is None else values) | after
        elif before is not None:
            values, imported = None, None
    return _Expected(values, imported, when_imported)


def _are_equal(register: Register, values: Values, wanted: Values) -> bool:
    """Whether columns are as they should be; texts that may name people are compared by digest."""
    return all(
        values.get(name) == value or (isinstance(value, dict) and values.get(name) == register.history.value_of(value))
        for name, value in wanted.items()
    )


def _side_by_side(
    rows: Iterable[RowState], noted: Iterable[tuple[str, Iterator[Note]]]
) -> Iterator[tuple[str, RowState | None, Iterable[Note]]]:
    """Every key that either has, in order: its row, or `None`, and the notes about it."""
    rows, noted = iter(rows), iter(noted)
    row, about = next(rows, None), next(noted, None)
    while row is not None or about is not None:
        key, notes = about if about is not None else (None, ())
        if key is None or (row is not None and row.key < key):
            assert row is not None, "one of the two exists"
            yield row.key, row, ()
            row = next(rows, None)
        elif row is None or key < row.key:
            yield key, None, notes
            about = next(noted, None)
        else:
            yield row.key, row, notes
            row, about = next(rows, None), next(noted, None)


def _changed_imports(sorter: Sorter) -> Iterator[Message]:
    """Imports whose rows, as they were imported, do not have the recorded digest."""
    digests = (_Digest._make(note) for _, notes in sorter.sorted(_DIGESTS) for note in notes)
    rows = ((key, text) for key, notes in sorter.sorted(_ROWS) for (text,) in notes)
    expected = next(digests, None)
    for operation, texts in groupby(rows, lambda row: int(row[0].partition(" ")[0])):
        while expected is not None and expected.operation < operation:
            expected = next(digests, None)  # undone: none of its rows exists
        assert expected is not None, "a row has a place only where there is a digest"
        digest = sha256()
        for _, text in texts:
            digest.update(text.encode())
        if digest.hexdigest() != expected.digest:
            yield plural(
                "the application imported by operation {operation} was changed outside mureg",
                "one or more of the {count} applications imported by operation {operation} were changed "
                "outside mureg",
                count=expected.rows, operation=operation,
            )  # fmt: skip
