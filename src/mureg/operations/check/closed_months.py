"""What the history may say of months: a closed one changes by reopening it or by its invoice alone."""

from collections.abc import Iterator

from mureg.errors import Message, msg
from mureg.operations.check.record_images import RecordImages, Values
from mureg.register.history import HistoryRecord
from mureg.register.register import Register

_REOPENED_COLUMNS = {"state", "without_statement", "contract", "agreed_kopecks", "hash", "operation"}
_INVOICED_COLUMNS = {"state", "operation"}


class MonthStates:
    """Follows the states of months through the history, and finds the changes that no command of mureg makes."""

    def __init__(self, register: Register) -> None:
        self._history = register.history
        self._states: dict[str, str] = {}

    def compare(self, record: HistoryRecord, images: RecordImages) -> Iterator[Message]:
        """Report what a record did to months that it may not do, however well its hash fits."""
        old, new = images.before.get("month", {}), images.after.get("month", {})
        changed = {name[:7] for rows in (images.before, images.after) for name in rows.get("resolution", {})}
        wrong = [month for month in changed if self._states.get(month, "open") != "open"]
        for month in dict.fromkeys([*old, *new]):
            before = self._states.get(month, "open")
            columns = new.get(month)
            after = "open" if columns is None else str(columns.get("state", before))
            if (before, after) != ("open", "open") and not self._is_allowed(record, before, after, columns):
                wrong.append(month)
            self._states[month] = after
        for month in sorted(set(wrong)):
            yield msg("operation {operation} ({command}) changed {month}, which was closed, or closed it",
                      operation=record.operation, command=record.command, month=month)  # fmt: skip

    def _is_allowed(self, record: HistoryRecord, before: str, after: str, columns: Values | None) -> bool:
        if columns is None:
            return False
        match before, after:
            case "open", "closed":
                return record.command == "month close"
            case "closed", "open":
                return record.command == "month reopen" and columns.keys() <= _REOPENED_COLUMNS
            case "closed", "invoiced":
                return record.command == "invoice add" and columns.keys() <= _INVOICED_COLUMNS
            case "invoiced", "closed":
                undone = self._history.record(record.undoes) if record.undoes is not None else None
                is_invoice = undone is not None and undone.command == "invoice add"
                return is_invoice and record.command == "undo" and columns.keys() <= _INVOICED_COLUMNS
            case _:
                return False
