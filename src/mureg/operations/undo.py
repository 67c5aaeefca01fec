"""Undo an operation. An undo is itself an operation; it is refused where a later one depends on the undone one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from mureg.command_hints import quoted
from mureg.domain.dates import Month
from mureg.errors import Message, NotFound, Refused, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result
from mureg.register.history import (
    IMAGES_FACT,
    RESOLUTION_SUBJECT,
    SUBJECTS_FACT,
    Actor,
    HistoryRecord,
    is_erasure,
)
from mureg.register.queries.imports import ImportedApplication
from mureg.register.register import Register
from mureg.register.undo import undo as undo_rows

with lazy_imports():
    from mureg.operations.months import accepted_rows


# What `mureg application return` makes new again.
_DECIDED = ("processed", "rejected")


def undo(register: Register, operation: int | None, *, actor: Actor, dry_run: bool = False) -> Result[HistoryRecord]:
    """Undo the operation, or the last one in force; the result has the record of what was undone."""
    with register.operation(actor, dry_run=dry_run) as undoing:
        record = _record_to_undo(register, operation)
        added = register.imports.imported_in(record.operation)
        _require_nothing_later(register, record, added)
        _require_open_months(register, record)
        undo_rows(undoing, record, [number for number, _ in added])
        restored = [number for images in register.history.images(record) for number in images.before.get("licence", {})]
        _refuse_closed(record, _months_without_sales_of(register, restored))
        _require_unsettled(register, restored)
        _require_unsold(register, record)
        _require_late_of_closed(register, record, restored)
    return Result(undoing.written, tuple(register.history.numbers(record)), record)


def _require_unsettled(register: Register, restored: Iterable[str]) -> None:
    """Refuse to bring a sale back that an accepted row of the operator has settled since."""
    for number in restored:
        licence = register.licences.made_by(number)
        if licence is not None and licence.is_sale and register.licences.has_accepted_rows(number):
            hint = msg("the sale is unchanged; see: mureg history {number}", number=quoted(number))
            accepted_rows.require_unsettled(register, number, hint)


def _require_unsold(register: Register, record: HistoryRecord) -> None:
    """Refuse to bring an accepted row of the operator back whose sale was made since: it would be charged twice."""
    if not any("resolution" in images.before for images in register.history.images(record)):
        return
    for each in accepted_rows.accepted_numbered_rows(register):
        licence = register.licences.made_by(each.row.number)
        if licence is not None and licence.is_sale:
            raise Refused(
                msg("cannot undo operation {operation}: {number} was sold since, and {month} would settle it again",
                    operation=record.operation, number=each.row.number, month=each.month),
                msg("make it new again first: mureg application return {number} --reason TEXT",
                    number=quoted(each.row.number)),
            )  # fmt: skip


def _require_late_of_closed(register: Register, record: HistoryRecord, restored: Iterable[str]) -> None:
    """Refuse to bring a late sale back whose month was reopened since: no month would charge it."""
    for number in restored:
        licence = register.licences.made_by(number)
        if licence is None or licence.sold_on is None or not (licence.late and licence.is_sale):
            continue
        month = Month.of(licence.sold_on)
        if not register.months.is_past(month):
            raise Refused(
                msg("cannot undo operation {operation}: {number} was sold late in {month}, which is open again",
                    operation=record.operation, number=number, month=month),
                msg("close the month first: mureg month close {month}", month=month),
            )  # fmt: skip


def _record_to_undo(register: Register, operation: int | None) -> HistoryRecord:
    if operation is None:
        operation = register.history.last_in_force()
        if operation is None:
            raise NotFound(msg("nothing to undo"), msg("see the history: mureg history"))
    record = register.history.record(operation)
    if record is None:
        raise NotFound(msg("no operation {operation}", operation=operation), msg("list all: mureg history"))
    if record.undoes is not None:
        raise Refused(
            msg("operation {operation} is itself an undo of {undone}", operation=operation, undone=record.undoes),
            msg("run the original command again; see: mureg history"),
        )
    if is_erasure(record):
        raise Refused(
            msg("operation {operation} erased personal data and cannot be undone", operation=operation),
            msg("to undo an earlier one by its number: mureg undo OPERATION; see: mureg history"),
        )
    by = register.history.undone_by(operation)
    if by is not None:
        raise Refused(
            msg("operation {operation} was already undone by {by}", operation=operation, by=by),
            msg("see the history: mureg history"),
        )
    return record


def _require_open_months(register: Register, record: HistoryRecord) -> None:
    """Refuse to undo what a closed month depends on, and the closing itself."""
    months: set[str] = set()
    hashes, has_invoice = [], False
    for before, after in register.history.images(record):
        # Closing gives a month its hash, reopening takes it away.
        hashes += [row.get("hash") for rows in (before, after) for row in rows.get("month", {}).values()]
        months |= {key[:7] for table in ("month", "resolution") for key in after.get(table, {})}
        has_invoice |= "invoice" in after
    if any(hashes):
        raise Refused(
            msg("operation {operation} closed or reopened a month", operation=record.operation),
            msg("reopen the last closed month: mureg month reopen MONTH --reason TEXT"),
        )
    if not has_invoice:
        closed = [month for month in sorted(months) if _is_closed(register, month)]
        _refuse_closed(record, closed)
    _require_open_month_of_steps(register, record)
    for before, after in register.history.images(record):
        _refuse_closed(record, _months_that_charged(register, before.get("licence", {}), after.get("licence", {})))


def _require_open_month_of_steps(register: Register, record: HistoryRecord) -> None:
    """Refuse to undo what was processed, rejected, amended or returned on a day of a month that is closed now.

    A late sale belongs to the month that charges it as a correction.
    """
    days, were_late = [], set()
    for images in register.history.images(record):
        days += [
            (number, values["processed_on"])
            for rows in images
            for number, values in rows.get("application", {}).items()
            if values.get("processed_on")
        ]
        were_late |= {number for number, values in images.before.get("licence", {}).items() if values.get("late")}
    last_closed = register.months.last_closed()
    for number, day in days:
        month = Month.of(date.fromisoformat(day))
        if last_closed is None or month > last_closed:
            continue
        licence = register.licences.made_by(number)
        if number not in were_late and not (licence is not None and licence.late):
            raise Refused(
                msg("cannot undo operation {operation}: {number} belongs to {month}, which is closed",
                    operation=record.operation, number=number, month=month),
                msg("reopen the month first, if it is the last closed one and has no invoice: mureg month "
                    "reopen {month} --reason TEXT; to cancel a sale: mureg application cancel {quoted} "
                    "--reason TEXT",
                    month=month, quoted=quoted(number)),
            )  # fmt: skip


def _months_that_charged(
    register: Register, before: Mapping[str, object], after: Mapping[str, Mapping[str, object]]
) -> list[str]:
    """Closed months that charged a licence which the operation made or amended, or refunded one that it cancelled."""
    months = []
    charged = register.charges.of_numbers(list(after))
    for number, values in after.items():
        # An amendment changed what its sale is.
        is_made = number not in before or "tier" in values or "sold_on" in values
        for month, frozen in charged.get(number, ()):
            is_refund = frozen.cause.startswith("cancelled:")
            if is_made or ("cancelled_on" in values and is_refund):
                months.append(str(month))
    return months


def _months_without_sales_of(register: Register, numbers: Iterable[str]) -> list[str]:
    """Months that were closed without sales of these numbers, which are in force again."""
    months = []
    for number in numbers:
        licence = register.licences.made_by(number)
        if licence is None or licence.sold_on is None or licence.cancelled_on is not None or licence.late:
            continue
        month = Month.of(licence.sold_on)
        causes = [frozen.cause for _, frozen in register.charges.of_number(number)]
        if register.months.is_past(month) and f"sale:{number}" not in causes:
            months.append(str(month))
    return months


def _is_closed(register: Register, month: str) -> bool:
    return register.months.record(Month.parse(month)).state != "open"


def _refuse_closed(record: HistoryRecord, months: list[str]) -> None:
    if months:
        raise Refused(
            msg("cannot undo operation {operation}: {month} is closed and depends on it",
                operation=record.operation, month=months[0]),
            msg("cancel the sale; the next month corrects it: mureg application cancel NUMBER --reason TEXT"),
        )  # fmt: skip


def _require_nothing_later(register: Register, record: HistoryRecord, added: Sequence[ImportedApplication]) -> None:
    touched = {name for images in register.history.images(record) for rows in images for name in rows}
    touched -= {SUBJECTS_FACT, IMAGES_FACT}
    kind = RESOLUTION_SUBJECT if touched == {"resolution"} else ""
    later = set(register.history.later_in_force(record.operation, kind))
    later |= {last for _, last in added if last != record.operation}
    later |= set(register.history.skipping(record.operation))
    erasure = next((each for each in sorted(later) if _erases(register, each)), None)
    if erasure is not None:
        raise Refused(
            msg("cannot undo operation {operation}: operation {erasure} erased the personal data that "
                "it depends on",
                operation=record.operation, erasure=erasure),
            msg("the operation remains; to cancel a sale: mureg application cancel NUMBER --reason TEXT"),
        )  # fmt: skip
    if later:
        first = ", ".join(str(operation) for operation in sorted(later, reverse=True)[:5])
        raise Refused(
            msg(
                "cannot undo operation {operation}: later operations depend on it: {later}",
                operation=record.operation,
                later=first,
            ),
            _later_first(register, record, max(later)),
        )


def _later_first(register: Register, record: HistoryRecord, last: int) -> Message:
    """What to do where later operations depend on one: undo them, or correct one application alone."""
    later = register.history.record(last)
    count = later.number_count if later is not None else 0
    hint = msg("undo the later ones first, starting with the last: mureg undo {last}", last=last)
    if count:
        hint = plural("undo the later ones first, starting with the last, which has {count} application: mureg undo "
                      "{last}",
                      "undo the later ones first, starting with the last, which has {count} applications: mureg undo "
                      "{last}", count=count, last=last)  # fmt: skip
    changed = (row for images in register.history.images(record) for row in images.after.get("application", {}).items())
    for number, values in changed:
        if values.get("status") in _DECIDED:
            application = register.applications.find(number)
            if application is not None and application.status in _DECIDED:
                return msg("to take back one application alone: mureg application return {number} --reason TEXT; or "
                           "{hint}", number=quoted(number), hint=hint)  # fmt: skip
    return hint


def _erases(register: Register, operation: int) -> bool:
    record = register.history.record(operation)
    return record is not None and is_erasure(record)
