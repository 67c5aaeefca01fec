"""Images, subjects and statements beside the history: they have digests in the record of their operation."""

from collections.abc import Iterator
from itertools import groupby

from mureg.errors import Message, msg
from mureg.operations.check.record_images import RecordImages, imported_numbers
from mureg.register.history import (
    IMAGES_FACT,
    SUBJECTS_FACT,
    HistoryRecord,
    application_subject,
    images_digest,
    subjects_digest,
)
from mureg.register.queries.statements import STATEMENT_FACT, statement_digest
from mureg.register.register import Register


class LaterImages:
    """Compares the images that the records of large operations do not hold themselves."""

    def __init__(self, register: Register) -> None:
        self._history = register.history
        self._unseen = register.integrity.operations_with_images()

    def compare(self, record: HistoryRecord, images: RecordImages) -> Iterator[Message]:
        """Report where there are others than those that the record was hashed with."""
        operation = record.operation
        is_whole = self._unseen.pop(operation, None)
        found = images_digest(self._history.later_texts(operation)) if is_whole is not None else None
        # What lies behind a gap is not read.
        if is_whole is False or found != images.after.get(IMAGES_FACT):
            yield msg("what operation {operation} changed was changed, or removed", operation=operation)

    def compare_rest(self) -> Iterator[Message]:
        """Report images without a record."""
        for operation in sorted(self._unseen):
            yield msg("there are changes of operation {operation}, which is missing from the history",
                      operation=operation)  # fmt: skip


class Subjects:
    """Compares the subjects of every operation, by which undo finds the operations that depend on it."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._groups = groupby(register.integrity.subjects(), lambda subject: subject.operation)
        self._next = next(self._groups, None)

    def compare(self, record: HistoryRecord, images: RecordImages) -> Iterator[Message]:
        """Report where an operation has other subjects than those that its record was hashed with."""
        yield from self._without_record(record.operation)
        found: list[str] = []
        if self._next is not None:
            operation, subjects = self._next
            if operation == record.operation:
                found = [subject.subject for subject in subjects]
                self._next = next(self._groups, None)
        digest = images.after.get(SUBJECTS_FACT)
        if digest is None:
            return  # written by a mureg that recorded no digest
        if images.is_import and self._register.history.undone_by(record.operation) is not None:
            # Undoing an import noted the applications that it deleted; they are not part of what was hashed.
            pieces = self._register.history.images(record)
            changed = {number for images in pieces for number in images.after.get("application", {})}
            imported = imported_numbers(self._register, record)
            deleted = {application_subject(number) for number in imported if number not in changed}
            found = [subject for subject in found if subject not in deleted]
        if subjects_digest(found) != digest:
            yield msg("the data that operation {operation} depends on was changed", operation=record.operation)

    def compare_rest(self) -> Iterator[Message]:
        """Report subjects behind the end of the history."""
        yield from self._without_record(None)

    def _without_record(self, before: int | None) -> Iterator[Message]:
        while self._next is not None:
            operation, _ = self._next
            if before is not None and operation >= before:
                return
            yield msg("there are subjects of operation {operation}, which is missing from the history",
                      operation=operation)  # fmt: skip
            self._next = next(self._groups, None)


class Statements:
    """Compares every statement, also those of open months and replaced ones."""

    def __init__(self, register: Register) -> None:
        self._statements = register.statements
        self._unseen = register.statements.months()

    def compare(self, record: HistoryRecord, images: RecordImages) -> Iterator[Message]:
        """Report a statement that differs from the one that its operation kept."""
        month, digest = self._unseen.pop(record.operation, None), images.after.get(STATEMENT_FACT)
        if digest is None:
            # A mureg that recorded no digest named the statement in the row of its month.
            named = [values.get("statement") for values in images.after.get("month", {}).values()]
            if month is not None and record.operation not in named:
                yield _unknown_statement(record.operation)
        elif month is None:
            yield msg("the statement of operation {operation} is missing", operation=record.operation)
        elif statement_digest(month, self._statements.load(record.operation)) != digest:
            yield msg("the statement of operation {operation} was changed", operation=record.operation)

    def compare_rest(self) -> Iterator[Message]:
        """Report statements without an operation that kept them."""
        for operation in self._unseen:
            yield _unknown_statement(operation)


def _unknown_statement(operation: int) -> Message:
    return msg("there is a statement of operation {operation}, which is missing from the history", operation=operation)
