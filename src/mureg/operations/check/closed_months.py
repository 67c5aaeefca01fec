"""What the history may say of months: a closed one changes by reopening it or by its invoice alone."""

from collections.abc import Iterator

from mureg.errors import Message, msg
from mureg.operations.check.record_images import Values
from mureg.register.history import HistoryRecord, RowImages
from mureg.register.register import Register

_REOPENED_COLUMNS = {"state", "without_statement", "contract", "agreed_kopecks", "hash", "operation"}
_INVOICED_COLUMNS = {"state", "operation"}


class MonthStates:
    """Follows the states of months through the history, and finds the changes that no command of mureg makes."""

    def __init__(self, register: Register) -> None:
        self._history = register.history
        self._states: dict[str, str] = {}
        self._changed: dict[str, Values | None] = {}
        self._with_resolutions: set[str] = set()

    def note(self, images: RowImages) -> None:
        """Note some of the rows that a record changed."""
        for month in (*images.before.get("month", {}), *images.after.get("month", {})):
            self._changed[month] = images.after.get("month", {}).get(month)
        self._with_resolutions |= {name[:7] for rows in images for name in rows.get("resolution", {})}

    def compare(self, record: HistoryRecord) -> Iterator[Message]:
        """Report what a record, all of whose rows were noted, did to months that it may not do."""
        wrong = [month for month in self._with_resolutions if self._states.get(month, "open") != "open"]
        for month, columns in self._changed.items():
            before = self._states.get(month, "open")
            after = "open" if columns is None else str(columns.get("state", before))
            if (before, after) != ("open", "open") and not self._is_allowed(record, before, after, columns):
                wrong.append(month)
            self._states[month] = after
        self._changed, self._with_resolutions = {}, set()
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
