"""Undo: every row as it was before an earlier operation. Whether that is allowed, `operations/undo.py` says."""

from collections.abc import Sequence

from mureg.register.columns import COLUMNS
from mureg.register.history import HistoryRecord, RowImages, application_subject
from mureg.register.persons import delete_persons_imported_in, delete_persons_named
from mureg.register.queries.history import History
from mureg.register.transaction import Operation


def undo(operation: Operation, record: HistoryRecord, imported: Sequence[str]) -> None:
    """Undo a record's operation inside another one. `imported`: the numbers that it added, if it was an import."""
    history = History(operation._database)
    subjects = history.subjects_of(record.operation)
    if imported:
        delete_persons_imported_in(operation._database, record.operation)
    # Licences refer to applications, and invoices to months: they are deleted first and come back last.
    for images in history.images(record):
        for table in ("invoice", "resolution", "licence"):
            _delete_new(operation, table, images)
    for images in history.images(record):
        for table in ("month", "application"):
            _delete_new(operation, table, images)
            _restore(operation, table, images)
    for images in history.images(record):
        for table in ("licence", "resolution", "invoice"):
            _restore(operation, table, images)
    if imported:
        _delete_imported(operation, record.operation, imported)
        subjects += map(application_subject, imported)
    operation.note_undo(record, subjects, imported)


def _delete_new(operation: Operation, table: str, images: RowImages) -> None:
    before = images.before.get(table, {})
    operation.changes.delete(table, [key for key in images.after.get(table, {}) if key not in before])


def _restore(operation: Operation, table: str, images: RowImages) -> None:
    history = History(operation._database)
    before, after = images.before.get(table, {}), images.after.get(table, {})
    values = {key: {name: history.value_of(value) for name, value in image.items()} for key, image in before.items()}
    for key in [key for key in before if key not in after]:
        operation.changes.insert(table, {key: dict.fromkeys(COLUMNS[table]) | values.pop(key)})
    operation.changes.update(table, values)
    if table == "application":
        for key in values:
            delete_persons_named(operation._database, after[key], but=before[key])


def _delete_imported(operation: Operation, imported_in: int, numbers: Sequence[str]) -> None:
    """Delete the applications that an import added; the history keeps which they were."""
    operation._database.run_many(
        "INSERT INTO history_subject (subject, operation) VALUES (?, ?) ON CONFLICT (subject, operation) DO NOTHING",
        [(application_subject(number), imported_in) for number in numbers],
    )
    operation._database.run("DELETE FROM application WHERE imported_in = :operation", {"operation": imported_in})
