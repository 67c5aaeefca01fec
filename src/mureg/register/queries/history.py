"""The history in the register: its records, and which of them others depend on."""

import json
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from mureg.domain.dates import Month
from mureg.register.engines.interface import Database
from mureg.register.engines.schema import NUMBERS_IN_RECORD
from mureg.register.history import (
    DIGEST,
    IMAGES_FACT,
    IMPORT_SUBJECT,
    HistoryRecord,
    RowImages,
    application_subject,
    import_subject,
    month_subject,
)

_RECORDS_AT_ONCE = 20
_SELECT = f"SELECT {', '.join(HistoryRecord._fields)} FROM history"


class Head(NamedTuple):
    """The number and the hash of the last operation; 0 and nothing in an empty history."""

    operation: int = 0
    hash: str = ""


class HistoryFilter(NamedTuple):
    """Which operations are listed; `None` is no condition. `since` is an instant in UTC, as records have it.

    `before`: only operations with a smaller number.
    """

    number: str | None = None
    since: str | None = None
    by: str | None = None
    before: int | None = None


class History:
    """Questions about the history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def records(self, number: str | None = None) -> Iterator[HistoryRecord]:
        """The operations, in order: all, or those that touched one application."""
        return self.matching(HistoryFilter(number), newest_first=False)

    def matching(self, wanted: HistoryFilter, *, newest_first: bool) -> Iterator[HistoryRecord]:
        """The operations that the filter lets through."""
        condition, values = _condition(wanted)
        return self._in_pieces(condition, values, newest_first=newest_first)

    def knows(self, number: str) -> bool:
        """Whether any operation touched the application."""
        condition, values = _condition(HistoryFilter(number))
        return bool(list(self._database.rows(f"SELECT 1 FROM history WHERE 1 = 1 {condition} LIMIT 1", values)))

    def closing_of(self, month: Month) -> HistoryRecord | None:
        """The record of the operation that closed a month; `None` where none did. It gave the month its hash."""
        condition = "AND operation IN (SELECT operation FROM history_subject WHERE subject = :subject)"
        found = None
        for record in self._in_pieces(condition, {"subject": month_subject(str(month))}):
            if any(images.after.get("month", {}).get(str(month), {}).get("hash") for images in self.images(record)):
                found = record
        return found

    def last_of_month(self, month: Month) -> HistoryRecord | None:
        """The last operation that touched a month: its statement, its resolutions, its closing, its invoice."""
        sql = f"""
            {_SELECT} WHERE operation =
                (SELECT max(operation) FROM history_subject WHERE subject = :subject)
        """
        for row in self._database.rows(sql, {"subject": month_subject(str(month))}):
            return HistoryRecord._make(row)
        return None

    def _in_pieces(
        self, condition: str, values: dict[str, object], *, newest_first: bool = False
    ) -> Iterator[HistoryRecord]:
        """Records from an operation on, which is `after` among the values, some at a time."""
        comparison, direction = ("<", "DESC") if newest_first else (">", "ASC")
        values = {"after": 2**62 if newest_first else -(2**62), **values}
        sql = f"""
            {_SELECT} WHERE operation {comparison} :after {condition}
            ORDER BY operation {direction} LIMIT {_RECORDS_AT_ONCE}
        """
        while some := [HistoryRecord._make(row) for row in self._database.rows(sql, values)]:
            yield from some
            values["after"] = some[-1].operation

    def numbers(self, record: HistoryRecord) -> list[str]:
        """The applications of an operation, of which there may be millions."""
        numbers: list[str] = json.loads(self.whole(record).numbers)
        return numbers

    def whole(self, record: HistoryRecord) -> HistoryRecord:
        """The record with all its numbers, as it was hashed."""
        if len(record.numbers) < NUMBERS_IN_RECORD:
            return record
        sql = "SELECT later_numbers FROM history WHERE operation = :operation"
        ((rest,),) = self._database.rows(sql, {"operation": record.operation})
        return record._replace(numbers=record.numbers + rest) if rest else record

    def images(self, record: HistoryRecord) -> Iterator[RowImages]:
        """The rows that an operation changed, before and after, some hundreds at a time."""
        first = RowImages(json.loads(record.before), json.loads(record.after))
        yield first
        if IMAGES_FACT in first.after:
            yield from self.later_images(record.operation)

    def later_images(self, operation: int) -> Iterator[RowImages]:
        """The rows that an operation's record does not hold itself."""
        return (RowImages._make(map(json.loads, texts)) for texts in self.later_texts(operation))

    def later_texts(self, operation: int) -> Iterator[tuple[str, str]]:
        """The same as the JSON texts that are kept."""
        # One by one: several hundred would be as large as what they were divided for.
        sql = "SELECT before, after FROM history_images WHERE operation = :operation AND place = :place"
        for place in count(1):
            rows = list(self._database.rows(sql, {"operation": operation, "place": place}))
            if not rows:
                return
            yield from rows

    def in_force_of(self, number: str) -> Iterator[HistoryRecord]:
        """The operations in force that touched one application, the last one first."""
        sql = f"""
            {_SELECT} h WHERE undoes IS NULL AND NOT EXISTS (SELECT 1 FROM history u WHERE u.undoes = h.operation)
              AND operation IN (
                SELECT operation FROM history_subject WHERE subject = :subject
                UNION SELECT imported_in FROM application WHERE number = :number
              )
            ORDER BY operation DESC
        """
        rows = self._database.rows(sql, {"subject": application_subject(number), "number": number})
        return map(HistoryRecord._make, rows)

    def record(self, operation: int) -> HistoryRecord | None:
        """One record."""
        for row in self._database.rows(f"{_SELECT} WHERE operation = :operation", {"operation": operation}):
            return HistoryRecord._make(row)
        return None

    def head(self) -> Head:
        """The end of the history."""
        for row in self._database.rows("SELECT operation, hash FROM history ORDER BY operation DESC LIMIT 1"):
            return Head._make(row)
        return Head()

    def operation_with_hash(self, hash_: str) -> int | None:
        """The operation whose record has this hash."""
        rows = self._database.rows("SELECT operation FROM history WHERE hash = :hash", {"hash": hash_})
        return next((int(operation) for (operation,) in rows), None)

    def records_after(self, hash_: str) -> Iterator[HistoryRecord]:
        """The operations after the one whose record has this hash; none where no record has it."""
        operation = self.operation_with_hash(hash_)
        return iter(()) if operation is None else self._in_pieces("", {"after": operation})

    def undone_by(self, operation: int) -> int | None:
        """The operation that undid this one."""
        sql = "SELECT operation FROM history WHERE undoes = :operation"
        return next((int(found) for (found,) in self._database.rows(sql, {"operation": operation})), None)

    def last_in_force(self) -> int | None:
        """The last operation that is not an undo and was not undone."""
        sql = """
            SELECT operation FROM history h
            WHERE undoes IS NULL AND NOT EXISTS (SELECT 1 FROM history u WHERE u.undoes = h.operation)
            ORDER BY operation DESC LIMIT 1
        """
        return next((int(operation) for (operation,) in self._database.rows(sql)), None)

    def later_in_force(self, operation: int, kind: str = "") -> list[int]:
        """Operations in force after this one that touched the same subjects, of those that begin with `kind`."""
        sql = """
            SELECT DISTINCT s.operation FROM history_subject s JOIN history h ON h.operation = s.operation
            WHERE s.operation > :operation AND h.undoes IS NULL
              AND s.subject IN
                (SELECT subject FROM history_subject
                 WHERE operation = :operation AND subject LIKE :kind AND subject NOT LIKE :imports)
              AND NOT EXISTS (SELECT 1 FROM history u WHERE u.undoes = s.operation)
            ORDER BY s.operation
        """
        # Imports that skipped what the same import had added do not depend on each other.
        values: dict[str, object] = {"operation": operation, "kind": kind + "%", "imports": IMPORT_SUBJECT + "%"}
        return [int(found) for (found,) in self._database.rows(sql, values)]

    def skipping(self, operation: int) -> list[int]:
        """Imports in force that skipped applications because this import had added them."""
        sql = """
            SELECT s.operation FROM history_subject s JOIN history h ON h.operation = s.operation
            WHERE s.subject = :subject AND h.undoes IS NULL
              AND NOT EXISTS (SELECT 1 FROM history u WHERE u.undoes = s.operation)
        """
        return [int(found) for (found,) in self._database.rows(sql, {"subject": import_subject(operation)})]

    def subjects_of(self, operation: int) -> list[str]:
        """What an operation depended on or changed."""
        sql = "SELECT subject FROM history_subject WHERE operation = :operation"
        return [subject for (subject,) in self._database.rows(sql, {"operation": operation})]

    def value_of(self, image: object) -> object:
        """The value of a column in a record's image; `None` for a text that was erased since."""
        if not isinstance(image, dict):
            return image
        sql = "SELECT name FROM person WHERE digest = :digest"
        return next((text for (text,) in self._database.rows(sql, {"digest": image[DIGEST]})), None)


def _condition(wanted: HistoryFilter) -> tuple[str, dict[str, object]]:
    condition = ""
    values: dict[str, object] = {}
    if wanted.number is not None:
        condition += """
            AND operation IN (
                SELECT operation FROM history_subject WHERE subject = :subject
                UNION SELECT imported_in FROM application WHERE number = :number
            )
        """
        values |= {"subject": application_subject(wanted.number), "number": wanted.number}
    if wanted.since is not None:
        condition += " AND done_at >= :since"
        values["since"] = wanted.since
    if wanted.by is not None:
        condition += " AND done_by = :by"
        values["by"] = wanted.by
    if wanted.before is not None:
        condition += " AND operation < :before"
        values["before"] = wanted.before
    return condition, values
