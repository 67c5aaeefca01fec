"""Close a month for good, and reopen the last one."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mureg.command_hints import quoted
from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.domain.money import LARGEST_KOPECKS, Amount
from mureg.domain.reconciliation.pairs import Pair
from mureg.domain.reconciliation.statement import Statement
from mureg.errors import Refused, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.applications.processing import find_application
from mureg.operations.months.closed_comparison import comparison_to_freeze
from mureg.operations.months.other_months import corrections_to_take, name_taken
from mureg.operations.months.pair_content import charge_content, row_content
from mureg.operations.months.reconciliation import (
    Compared,
    compared_month,
    taken_in_force,
    void_lapsed_in_other_months,
    void_stale,
)
from mureg.operations.months.resolutions import no_statement, require_open
from mureg.operations.months.settlement import has_corrections, required, rules_of
from mureg.operations.result import Result
from mureg.register.history import Actor
from mureg.register.queries.charges import FrozenCharge
from mureg.register.queries.months import MonthRecord, ResolutionRecord
from mureg.register.register import Register

with lazy_imports():
    import hashlib


class Closed(NamedTuple):
    """A month that was closed, and the new applications of the month that were left waiting."""

    compared: Compared
    left: tuple[str, ...]


def close(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    *,
    today: date,
    leave: Iterable[str],
    without_statement: str,
    leave_all: bool = False,
    actor: Actor,
    dry_run: bool = False,
) -> Result[Closed]:
    """Close a month for good: freeze every charge with the rules that made it. Raises `Refused`.

    New applications of the month must be among those to `leave`, unless all may be left.
    """
    with register.operation(actor, dry_run=dry_run) as operation:
        record = register.months.record(month)
        require_open(register, month)
        _require_ended(month, today)
        _require_earlier_closed(register, month)
        to_leave = [find_application(register, number).number for number in leave]
        waiting = register.applications.waiting_in(month)
        if not leave_all:
            _require_none_waiting(month, [number for number in waiting if number not in to_leave])
        operation.count_sales(month)
        compared = compared_month(register, month, contract)
        if compared.statement is None and not without_statement:
            raise no_statement(month)
        _require_agreed(compared)
        taken = taken_in_force(register, contract)
        void_stale(register, operation, compared)
        void_lapsed_in_other_months(register, operation, month, contract)
        frozen = _charges_to_freeze(register, compared, contract)
        rules = rules_of(
            required(contract, month.first_day),
            compared.settled.settlement,
            comparison_to_freeze(compared.reconciliation, frozen) if compared.reconciliation else None,
        )
        closed = MonthRecord(
            month, "closed", record.statement, without_statement, rules, compared.agreed_kopecks, "", operation.number
        )
        closed = closed._replace(
            hash=hash_of_month(closed, frozen, register.months.resolutions(month).values(), compared.statement)
        )
        operation.write_month(closed)
        operation.freeze_charges(month, frozen)
        operation.change_licences(_left_to_later_months(register, month, taken))
    return Result(operation.written, (), Closed(compared, tuple(waiting)))


def obstacles(register: Register, compared: Compared, today: date) -> Iterator[Refused]:
    """Why a month cannot be closed now, besides a missing statement and applications that wait."""
    month = compared.settled.record.month
    checks: list[Callable[[], None]] = [
        lambda: require_open(register, month),
        lambda: _require_ended(month, today),
        lambda: _require_earlier_closed(register, month),
        lambda: _require_agreed(compared),
    ]
    for check in checks:
        try:
            check()
        except Refused as error:
            yield error


def reopen(
    register: Register, month: Month, reason: str, *, actor: Actor, dry_run: bool = False
) -> Result[MonthRecord]:
    """Open the last closed month again. Raises `Refused` where an invoice or a correction depends on it."""
    with register.operation(actor, dry_run=dry_run) as operation:
        record = register.months.record(month)
        if record.state == "open":
            raise Refused(
                msg("{month} is open", month=month), msg("see its state: mureg month show {month}", month=month)
            )
        if record.state == "invoiced":
            raise Refused(
                msg("{month} is invoiced and stays closed", month=month), msg("see the invoice: mureg invoice list")
            )
        last = register.months.last_closed()
        if last != month:
            raise Refused(
                msg("only the last closed month can be reopened, and that is {last}", last=last),
                msg("what comes late is a correction: mureg application process NUMBER --on DATE --late"),
            )
        left = _made_late_by(register, record.operation)
        # The months after the closed one before this are open again, and a late sale of such a month is late no more.
        earlier = register.months.last_closed(before=month)
        first_day = date.min if earlier is None else earlier.next().first_day
        late = [sale for sale in register.licences.late_sales() if sale.sold_on >= first_day]
        sold_late = [sale.number for sale in late if sale.number not in left]
        cancelled = [
            frozen.settled.sale.number for in_month, frozen in register.charges.called_off() if in_month == month
        ]
        _require_no_corrections(register, month, sold_late, cancelled)
        operation.add_facts(reason=reason)
        reopened = MonthRecord(month, statement=record.statement, operation=operation.number)
        operation.write_month(reopened)
        operation.delete_charges(month)
        licences = register.licences.made_by_each(left).values()
        operation.change_licences(
            licence._replace(late=False) for licence in licences
            if licence.sold_on is not None and licence.sold_on >= first_day
        )  # fmt: skip
    return Result(operation.written, (), reopened)


def _require_no_corrections(
    register: Register, month: Month, sold_late: Sequence[str], cancelled: Sequence[str]
) -> None:
    """Refuse to reopen a month whose sales a later one corrects, with the commands that take those back."""
    if not sold_late and not cancelled:
        return
    commands = [f"mureg undo {find_application(register, number).operation}" for number in cancelled]
    if sold_late:
        commands.append(f"mureg application return {' '.join(map(quoted, sold_late))} --reason TEXT")
    raise Refused(
        msg("a later month has corrections of {month}: {numbers}",
            month=month, numbers=", ".join([*sold_late, *cancelled])),
        msg("first:\n{commands}", commands=tuple(dict.fromkeys(commands))),
    )  # fmt: skip


def _made_late_by(register: Register, operation: int) -> list[str]:
    """Numbers of the sales that a closing left to a later month, whatever has changed their licences since."""
    record = register.history.record(operation)
    pieces = register.history.images(record) if record is not None else ()
    licences = (licence for images in pieces for licence in images.after.get("licence", {}).items())
    return sorted(number for number, values in licences if values.get("late"))


def hash_of_month(
    record: MonthRecord,
    charges: Iterable[FrozenCharge],
    resolutions: Iterable[ResolutionRecord],
    statement: Statement | None,
) -> str:
    """SHA-256 over everything that the closing of a month fixed."""
    content = [
        str(record.month),
        record.without_statement,
        record.contract,
        record.agreed_kopecks,
        [[*charge_content(charge.settled), charge.cause, charge.carried, str(charge.taken_from)] for charge in charges],
        sorted(list(resolution) for resolution in resolutions),
        [statement.file, statement.sha256, statement.stated_total_kopecks] if statement else None,
        [row_content(row) for row in statement.rows] if statement else None,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _charges_to_freeze(
    register: Register, compared: Compared, contract: SublicenceContract | None
) -> list[FrozenCharge]:
    """The month's own charges, and those that its accepted rows take from other months."""
    carried = {
        pair.ours
        for pair in compared.differing
        if pair.ours is not None and compared.resolutions[pair.id].action == "carry"
    }
    corrections = corrections_to_take(register, contract)
    return [
        *(charge._replace(carried=charge.settled in carried) for charge in compared.settled.charges()),
        *(
            FrozenCharge(pair.ours, _cause_of(register, pair, corrections), carried=False, taken_from=pair.settled_in)
            for pair in compared.differing
            if pair.ours is not None and pair.settled_in
        ),
    ]


def _cause_of(register: Register, pair: Pair, corrections: Sequence[FrozenCharge]) -> str:
    """The cause of a charge that is taken from another month: what it would have settled there."""
    taken = name_taken(pair, corrections)
    if pair.ours is None or taken != pair.ours.sale.number:
        return taken
    licence = register.licences.made_by(taken)
    return f"late:{taken}" if licence is not None and licence.late else f"sale:{taken}"


def _left_to_later_months(register: Register, month: Month, taken: Mapping[str, Month]) -> list[Licence]:
    """Sales of the month that a later one settles by an accepted row of the operator: from now on they are late.

    Even if that acceptance lapses, the first open month has them as corrections, so that none is lost.
    """
    numbers = [number for number, by in taken.items() if by > month]
    licences = [licence for number in numbers if (licence := register.licences.made_by(number)) is not None]
    return [
        licence._replace(late=True)
        for licence in licences
        if licence.sold_on is not None and licence.cancelled_on is None and month.contains(licence.sold_on)
    ]


def _require_ended(month: Month, today: date) -> None:
    if today <= month.last_day:
        raise Refused(
            msg("{month} has not ended yet: it ends on {day}", month=month, day=month.last_day),
            msg("close it later; its draft: mureg reconcile --month {month}", month=month),
        )


def _require_agreed(compared: Compared) -> None:
    month = compared.settled.record.month
    if compared.unresolved:
        raise Refused(
            plural(
                "{month} has {count} unresolved discrepancy",
                "{month} has {count} unresolved discrepancies",
                count=compared.unresolved, month=month,
            ),
            msg("see them: mureg reconcile --month {month}", month=month),
        )  # fmt: skip
    if abs(compared.agreed_kopecks) > LARGEST_KOPECKS:
        raise Refused(
            msg("{month} comes to more than {largest} roubles",
                month=month, largest=Amount(LARGEST_KOPECKS)),
            msg("check the prices: mureg contract show --on {day}", day=month.first_day.isoformat()),
        )  # fmt: skip


def _require_earlier_closed(register: Register, month: Month) -> None:
    with_statements = [record.month for record in register.months.records() if record.statement is not None]
    earlier = [
        each
        for each in sorted({*register.licences.months_with_sales(), *with_statements})
        if each < month and not register.months.is_past(each)
    ]
    if earlier:
        raise Refused(
            msg("an earlier month with charges or a statement is open: {month}", month=earlier[0]),
            msg("close it first: mureg month close {month}", month=earlier[0]),
        )
    last = register.months.last_closed()
    if last is not None and month != last.next() and has_corrections(register):
        raise Refused(
            msg("{month} has corrections of closed months and is open", month=last.next()),
            msg("close it first: mureg month close {month}", month=last.next()),
        )


def _require_none_waiting(month: Month, waiting: Sequence[str]) -> None:
    if waiting:
        leave = f"--leave {quoted(waiting[0])}" if len(waiting) == 1 else "--leave-all"
        raise Refused(
            msg("applications of {month} are still waiting: {numbers}", month=month, numbers=", ".join(waiting[:20])),
            msg("process or reject them, or leave them waiting: mureg month close {month} {leave}",
                month=month, leave=leave),
        )  # fmt: skip
