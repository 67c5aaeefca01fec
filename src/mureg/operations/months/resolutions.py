"""Resolve what differs: accept the operator's figure, or carry our charge to the next month."""

from collections.abc import Sequence

from mureg.command_hints import quoted
from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.reconciliation.pairs import TOTAL_ID, Pair
from mureg.errors import NotFound, Refused, msg
from mureg.operations.months.other_months import corrections_to_take, name_taken
from mureg.operations.months.pair_content import content_of, total_content
from mureg.operations.months.reconciliation import compared_month, taken_in_force
from mureg.operations.result import Result
from mureg.register.history import Actor
from mureg.register.queries.months import ResolutionRecord
from mureg.register.register import Register
from mureg.register.transaction import Operation


def resolve(
    register: Register,
    month: Month,
    names: Sequence[str],
    action: str,
    reason: str,
    contract: SublicenceContract | None,
    *,
    actor: Actor,
    dry_run: bool = False,
) -> Result[list[ResolutionRecord]]:
    """Take the operator's figure (`accept`) or leave our charge to the next month (`carry`), for the named pairs.

    `names` are ids of pairs, or numbers, which mean all their pairs. The result has the resolutions that were replaced.
    Raises `NotFound` and `Refused`.
    """
    replaced: list[ResolutionRecord] = []
    with register.operation(actor, dry_run=dry_run) as operation:
        require_open(register, month)
        compared = compared_month(register, month, contract)
        if compared.statement is None:
            raise no_statement(month)
        # What other months take, and what can be taken, does not change while pairs of this one are resolved.
        taken = taken_in_force(register, contract) if action == "accept" else {}
        corrections = corrections_to_take(register, contract) if action == "accept" else []
        chosen: list[str] = []
        for name in dict.fromkeys(names):
            pairs = [pair for pair in compared.differing if name in (pair.id, _number_of(pair))]
            found = compared.reconciliation
            if name == TOTAL_ID and found is not None and found.total_differs and action == "accept":
                chosen.append(TOTAL_ID)
                resolution = ResolutionRecord(TOTAL_ID, action, reason, total_content(compared.statement), "")
                if resolution != compared.resolutions.get(TOTAL_ID):
                    operation.resolve(month, resolution)
                continue
            if not pairs:
                raise NotFound(
                    msg("{month} has no discrepancy {name}", month=month, name=name),
                    msg("list its discrepancies: mureg reconcile --month {month}", month=month),
                )
            for pair in pairs:
                chosen.append(pair.id)
                known = compared.resolutions.get(pair.id)
                if known is not None:
                    if (known.action, known.reason) == (action, reason):
                        continue
                    replaced.append(known)
                takes = name_taken(pair, corrections) if action == "accept" else ""
                _check_resolution(register, month, pair, action, taken.get(takes, month))
                operation.resolve(month, ResolutionRecord(pair.id, action, reason, content_of(pair), takes))
                if takes:
                    _void_in_other_months(register, operation, month, takes)
    return Result(operation.written, tuple(chosen), replaced)


def _void_in_other_months(register: Register, operation: Operation, month: Month, takes: str) -> None:
    """Void the lapsed acceptance of another month that took the same charge: it cannot come into force again."""
    for other in register.months.months_that_take(takes):
        for record in register.months.resolutions(other).values():
            if other != month and record.takes == takes:
                operation.resolve(other, record._replace(content="", takes=""))


def _number_of(pair: Pair) -> str:
    if pair.ours is not None:
        return pair.ours.sale.number
    return pair.theirs.number if pair.theirs else ""


def _check_resolution(register: Register, month: Month, pair: Pair, action: str, by: Month) -> None:
    """Refuse a resolution that is not possible; `by` is the month that settles the charge, this one or another."""
    if action == "carry" and pair.kinds != ("missing_in_statement",):
        raise Refused(
            msg("{pair} is in the statement: only a charge that is missing there can be carried to the "
                "next month",
                pair=pair.id),
            msg("accept the operator's figure: mureg month accept {month} {id} --reason TEXT",
                month=month, id=quoted(pair.id)),
        )  # fmt: skip
    if action == "accept" and "month_differs" in pair.kinds:
        if by != month:
            raise Refused(
                msg("{pair} is already settled in {month} by an accepted row of the operator", pair=pair.id, month=by),
                msg("ask the operator for a corrected statement, or see: mureg month show {month}", month=by),
            )
        assert pair.settled_in is not None, "our charge has a month"
        if register.months.is_past(pair.settled_in):
            raise Refused(
                msg("{pair} was settled in {month}, which is closed: it cannot be settled again",
                    pair=pair.id, month=pair.settled_in),
                msg("ask the operator for a corrected statement, or cancel the sale"),
            )  # fmt: skip


def require_open(register: Register, month: Month) -> None:
    """Refuse to change a month that is closed, or that is before a closed one."""
    if register.months.record(month).state != "open":
        raise Refused(
            msg("{month} is closed and cannot be changed", month=month),
            msg("what comes late is a correction in the first open month; see: mureg month list"),
        )
    if register.months.is_past(month):
        raise Refused(
            msg("a later month is closed already: {month}", month=register.months.last_closed()),
            msg("what comes late is a correction in the first open month; see: mureg month list"),
        )


def no_statement(month: Month) -> Refused:
    """The refusal of what needs the operator's statement."""
    return Refused(
        msg("{month} has not been reconciled with the operator's statement", month=month),
        msg("reconcile: mureg reconcile --month {month} --statement FILE; or close it without: "
            "--without-statement --reason TEXT", month=month),
    )  # fmt: skip
