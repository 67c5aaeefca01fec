"""Undo: every row as it was before an earlier operation. Whether that is allowed, `operations/undo.py` says."""

import json
from collections.abc import Sequence

from mureg.register.columns import COLUMNS
from mureg.register.history import HistoryRecord, application_subject
from mureg.register.persons import delete_persons_imported_in, delete_persons_named
from mureg.register.queries.history import History
from mureg.register.row_images import Images
from mureg.register.transaction import Operation


def undo(operation: Operation, record: HistoryRecord, imported: Sequence[str]) -> None:
    """Undo a record's operation inside another one. `imported`: the numbers that it added, if it was an import."""
    before, after = json.loads(record.before), json.loads(record.after)
    subjects = History(operation._database).subjects_of(record.operation)
    if imported:
        delete_persons_imported_in(operation._database, record.operation)
    # Licences refer to applications, and invoices to months: they are deleted first and come back last.
    for table in ("invoice", "resolution", "licence"):
        _delete_new(operation, table, before, after)
    for table in ("month", "application"):
        _delete_new(operation, table, before, after)
        _restore(operation, table, before, after)
    for table in ("licence", "resolution", "invoice"):
        _restore(operation, table, before, after)
    if imported:
        _delete_imported(operation, record.operation, imported)
        subjects += map(application_subject, imported)
    operation.note_undo(record, subjects, imported)


def _delete_new(operation: Operation, table: str, before: Images, after: Images) -> None:
    for key in after.get(table, {}):
        if key not in before.get(table, {}):
            operation.changes.delete(table, key)


def _restore(operation: Operation, table: str, before: Images, after: Images) -> None:
    history = History(operation._database)
    for key, images in before.get(table, {}).items():
        values = {name: history.value_of(image) for name, image in images.items()}
        if key not in after.get(table, {}):
            operation.changes.insert(table, key, dict.fromkeys(COLUMNS[table]) | values)
            continue
        operation.changes.update(table, {key: values})
        if table == "application":
            delete_persons_named(operation._database, after[table][key], but=images)


def _delete_imported(operation: Operation, imported_in: int, numbers: Sequence[str]) -> None:
    """Delete the applications that an import added; the history keeps which they were."""
    operation._database.run_many(
        "INSERT INTO history_subject (subject, operation) VALUES (?, ?) ON CONFLICT (subject, operation) DO NOTHING",
        [(application_subject(number), imported_in) for number in numbers],
    )
    operation._database.run("DELETE FROM application WHERE imported_in = :operation", {"operation": imported_in})
