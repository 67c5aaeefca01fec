"""The history played again, and every row compared with the last word on it, in memory that does not grow with either.

What the history says of the rows is noted down by row, and the notes go beside the rows, both in the order of the keys.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from mureg.errors import Message, msg, plural
from mureg.register.columns import COLUMNS, NEW_APPLICATION
from mureg.register.engines.schema import KEY_OF
from mureg.register.engines.sqlite.sorter import Note, Sorter
from mureg.register.history import SUBJECTS_FACT, HistoryRecord, application_subject, subjects_digest
from mureg.register.import_digest import FACT, IMPORTED_COLUMNS, row_text
from mureg.register.queries.statements import STATEMENT_FACT, statement_digest
from mureg.register.register import Register

Values = dict[str, Any]

# The kinds of notes beside the tables' own: the digest of an import, and its rows as they came.
_DIGESTS, _ROWS = "import_digest", "imported_row"
_AT_ONCE = 1_000
_as_imported = itemgetter(*IMPORTED_COLUMNS)


def unlike_history(register: Register) -> Iterator[Message]:
    """Every row that is not as the history left it, is missing, or is not as it came in."""
    with closing(Sorter()) as notes:
        subjects, statements = _Subjects(register), _Statements(register)
        for record in register.history.records():
            images = _images_of(record)
            if images is None:
                yield msg("operation {operation} cannot be read", operation=record.operation)
                continue
            yield from subjects.compared(record, images)
            yield from statements.compared(record, images)
            _note(register, notes, record, images)
        yield from subjects.left_over()
        yield from statements.left_over()
        head, _ = register.history.head()
        for table in KEY_OF:
            yield from _compared(register, notes, table, head)
        yield from _changed_imports(notes)


class _Images(NamedTuple):
    """What a record holds, of the shape that it must have."""

    numbers: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


def _images_of(record: HistoryRecord) -> _Images | None:
    try:
        images = _Images(*map(json.loads, (record.numbers, record.before, record.after)))
    except (ValueError, RecursionError):
        return None
    is_sound = (
        isinstance(images.numbers, list)
        and all(isinstance(number, str) for number in images.numbers)
        and all(
            isinstance(rows, dict) and all(isinstance(values, dict) for values in rows.values())
            for image in images[1:]
            for rows in ([image[table] for table in KEY_OF if table in image] if isinstance(image, dict) else [None])
        )
    )
    return images if is_sound else None


class _Subjects:
    """What every operation stood on or changed, by which undo knows what stands on what."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._found = groupby(register.integrity.subjects(), itemgetter(0))
        self._next = next(self._found, None)

    def compared(self, record: HistoryRecord, images: _Images) -> Iterator[Message]:
        """Tell where an operation has other subjects than those that its record was hashed with."""
        yield from self._unknown(record.operation)
        actual = []
        if self._next is not None and self._next[0] == record.operation:
            actual = [subject for _, subject in self._next[1]]
            self._next = next(self._found, None)
        digest = images.after.get(SUBJECTS_FACT)
        if digest is None:
            return  # of a mureg that kept none
        if "files" in images.after and self._register.history.undone_by(record.operation) is not None:
            # Undoing an import noted down what it took away; that is no part of what was hashed.
            done = images.after.get("application", {})
            taken_away = {application_subject(number) for number in _added_by(images) if number not in done}
            actual = [subject for subject in actual if subject not in taken_away]
        if subjects_digest(actual) != digest:
            yield msg("what operation {operation} stood on was changed", operation=record.operation)

    def left_over(self) -> Iterator[Message]:
        """Tell of subjects behind the end of the history."""
        yield from self._unknown(None)

    def _unknown(self, before: int | None) -> Iterator[Message]:
        while self._next is not None and (before is None or self._next[0] < before):
            yield msg("there are subjects of operation {operation}, which the history does not have",
                      operation=self._next[0])  # fmt: skip
            self._next = next(self._found, None)


class _Statements:
    """Every statement is as it came, whether its month is closed, open, or has another one now."""

    def __init__(self, register: Register) -> None:
        self._statements = register.statements
        self._kept = register.statements.months()

    def compared(self, record: HistoryRecord, images: _Images) -> Iterator[Message]:
        """Tell where the statement of an operation is not as it came."""
        month, digest = self._kept.pop(record.operation, None), images.after.get(STATEMENT_FACT)
        if digest is None:
            # A mureg that kept no digest named the statement with its month.
            if month is not None and record.operation not in _statements_named(images):
                yield _no_such_statement(record.operation)
        elif month is None:
            yield msg("the statement of operation {operation} is missing", operation=record.operation)
        elif statement_digest(month, self._statements.load(record.operation)) != digest:
            yield msg("the statement of operation {operation} is not as it came", operation=record.operation)

    def left_over(self) -> Iterator[Message]:
        """Tell of statements that no operation brought."""
        for operation in self._kept:
            yield _no_such_statement(operation)


def _statements_named(images: _Images) -> list[object]:
    return [values.get("statement") for values in images.after.get("month", {}).values()]


def _no_such_statement(operation: int) -> Message:
    return msg("there is a statement of operation {operation}, of which the history does not know", operation=operation)


# What a note says of a row: an import added it, at a place among the rows that the import's digest goes over (`None`
# where it has no digest); or a record has images of it, before and after (`None` where it was not there).
_ADDED, _SAID = "added", "said"


def _note(register: Register, notes: Sorter, record: HistoryRecord, images: _Images) -> None:
    """Note down what a record says of every row that it touched."""
    operation, (_, before, after) = record.operation, images
    if "files" in after:
        added, digest = _added_by(images), after.get(FACT)
        if isinstance(digest, str):
            notes.add(_DIGESTS, [(_place(operation, 0), (operation, digest, len(added)))])
        places: Iterable[int | None] = range(len(added)) if isinstance(digest, str) else repeat(None)
        said_of = zip(added, places, strict=False)
        notes.add("application", ((number, (_ADDED, operation, place)) for number, place in said_of))
    for table in KEY_OF:
        old, new = before.get(table, {}), after.get(table, {})
        keys = dict.fromkeys([*old, *new])
        notes.add(table, ((key, (_SAID, operation, old.get(key), new.get(key))) for key in keys))
    undone = register.history.record(record.undoes) if record.undoes is not None else None
    if undone is not None and (taken_back := _images_of(undone)) is not None and "files" in taken_back.after:
        notes.add("application", ((number, (_SAID, operation, {}, None)) for number in _added_by(taken_back)))


def _added_by(images: _Images) -> list[str]:
    changed = images.before.get("application", {})
    return [number for number in images.numbers if number not in changed]


def _compared(register: Register, notes: Sorter, table: str, head: int) -> Iterator[Message]:
    """The rows of a table beside what was said of them. Rows as they came in are noted for their import's digest."""
    came: list[tuple[str, Note]] = []
    for key, row, said in _side_by_side(register.integrity.states(table), notes.sorted(table)):
        wanted, origin, word = _last_word(table, said)
        if row is None:
            if wanted is not None:
                yield msg("{number} is missing from the register ({table})", number=key, table=table)
            continue
        operation, values = row
        if operation > head:
            yield msg("{number} ({table}) was written by operation {operation}, which the history does not have",
                      number=key, table=table, operation=operation)  # fmt: skip
        elif wanted is None:
            yield msg("{number} is in the register ({table}), and the history does not know it",
                      number=key, table=table)  # fmt: skip
        # In most cases one comparison in C is enough.
        elif not (wanted.items() <= values.items() or _are(register, values, wanted)):
            yield msg("{number} ({table}) is not as operation {operation} left it",
                      number=key, table=table, operation=wanted.get("operation", operation))  # fmt: skip
        if origin is not None:
            came.append((_place(*origin), (row_text(_as_imported(values | word if word else values)),)))
            if len(came) == _AT_ONCE:
                notes.add(_ROWS, came)
                came.clear()
    notes.add(_ROWS, came)


def _last_word(table: str, said: Iterable[Note]) -> tuple[Values | None, tuple[int, int] | None, Values]:
    """The columns on which the history has had a word, `None` where the row should not be.

    Also the import that added the row, with its place there, and what of the row was otherwise when it came.
    """
    wanted: Values | None = None
    origin: tuple[int, int] | None = None
    came: Values = {}
    for what, operation, *more in said:
        if what == _ADDED:
            (place,) = more
            wanted = NEW_APPLICATION | {"operation": operation, "imported_in": operation}
            origin, came = None if place is None else (operation, place), {}
            continue
        before, after = more
        came = (before or {}) | came
        if after is not None:
            # Of a new row, its image leaves out what has no value.
            wanted = (dict.fromkeys(COLUMNS[table]) if wanted is None else wanted) | after
        elif before is not None:
            wanted, origin = None, None
    return wanted, origin, came


def _are(register: Register, values: Values, said: Values) -> bool:
    """Whether columns are as they were said to be, a text with people in it by its digest."""
    return all(
        values.get(name) == value or (isinstance(value, dict) and values.get(name) == register.history.value_of(value))
        for name, value in said.items()
    )


def _side_by_side(
    rows: Iterable[tuple[str, int, Values]], said: Iterable[tuple[str, Iterator[Note]]]
) -> Iterator[tuple[str, tuple[int, Values] | None, Iterable[Note]]]:
    """Every key that either has, in order: its row, or `None`, and what was said of it."""
    rows, said = iter(rows), iter(said)
    row, about = next(rows, None), next(said, None)
    while row is not None or about is not None:
        if about is None or (row is not None and row[0] < about[0]):
            assert row is not None, "one of the two is there"
            yield row[0], row[1:], ()
            row = next(rows, None)
        elif row is None or about[0] < row[0]:
            yield about[0], None, about[1]
            about = next(said, None)
        else:
            yield row[0], row[1:], about[1]
            row, about = next(rows, None), next(said, None)


def _changed_imports(notes: Sorter) -> Iterator[Message]:
    """Imports whose rows, each as it came, do not have the digest that was taken then."""
    digests = (note for _, found in notes.sorted(_DIGESTS) for note in found)
    rows = ((place, text) for place, found in notes.sorted(_ROWS) for (text,) in found)
    expected = next(digests, None)
    for operation, of_one in groupby(rows, lambda row: int(row[0].partition(" ")[0])):
        while expected is not None and expected[0] < operation:
            expected = next(digests, None)  # taken back: nothing of it is there
        assert expected is not None, "a row has a place only where there is a digest"
        digest = sha256()
        for _, text in of_one:
            digest.update(text.encode())
        if digest.hexdigest() != expected[1]:
            yield plural(
                "the application that operation {operation} imported is not as it came",
                "of the {count} applications that operation {operation} imported, one or more are not as they came",
                count=expected[2], operation=operation,
            )  # fmt: skip


def _place(operation: int, place: int) -> str:
    """What sorts by operation, then by place."""
    return f"{operation:020d} {place:020d}"
