"""The life of a month: reconcile with the operator, resolve, close for good, reopen; and the vendor's invoice."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from mureg.domain.calendar import Month
from mureg.domain.contract import SublicenceContract
from mureg.domain.licence import Sale, quoted
from mureg.domain.money import format_money
from mureg.domain.reconciliation import Pair, Reconciliation, Statement, StatementRow, reconcile
from mureg.domain.settlement import Charges, SettledSale
from mureg.errors import DifferencesFound, NotFound, Refused, msg, plural
from mureg.operations.settling import SettledMonth, required, rules_of, settled_month
from mureg.register.months import FrozenCharge, InvoiceRecord, MonthRecord, ResolutionRecord
from mureg.register.operation import Actor
from mureg.register.register import Register

TOTAL = "total"


class Compared(NamedTuple):
    """A month beside the operator's statement, if there is one. `resolutions` are those that still hold, by pair."""

    settled: SettledMonth
    charges: list[FrozenCharge]
    statement: Statement | None
    reconciliation: Reconciliation | None
    resolutions: dict[str, ResolutionRecord]

    @property
    def open_pairs(self) -> list[Pair]:
        """Pairs that differ and are not resolved."""
        return [pair for pair in self.differing if pair.id not in self.resolutions]

    @property
    def differing(self) -> list[Pair]:
        """Pairs that differ."""
        return [pair for pair in self.reconciliation.pairs if pair.kinds] if self.reconciliation else []

    @property
    def is_total_open(self) -> bool:
        """Whether the statement contradicts its own rows, and nobody has agreed to that."""
        return bool(self.reconciliation and self.reconciliation.total_differs and TOTAL not in self.resolutions)

    @property
    def unresolved(self) -> int:
        """How many discrepancies wait for a person."""
        return len(self.open_pairs) + self.is_total_open

    @property
    def agreed_kopecks(self) -> int:
        """Total payable − what is carried + the differences of accepted pairs, each once."""
        agreed = self.settled.settlement.total.payable_kopecks
        for pair in self.differing:
            resolution = self.resolutions.get(pair.id)
            if resolution is not None:
                # What is carried is our whole charge, which is missing in the statement: minus ours, as in accepting.
                agreed += pair.difference_kopecks
        return agreed


def compared_month(
    register: Register, month: Month, contract: SublicenceContract | None, statement: Statement | None = None
) -> Compared:
    """The month beside the given statement, or the one that is kept with it."""
    settled = settled_month(register, month, contract)
    charges = list(settled.charges)
    record = settled.record
    if statement is None and record.statement is not None:
        statement = register.months.statement(record.statement)
    if statement is None:
        return Compared(settled, charges, None, None, {})
    ours = [charge.settled for charge in charges]
    elsewhere = _elsewhere(register, month, contract, ours, statement)
    found = reconcile(ours, settled.settlement.rounding_difference_kopecks, statement, elsewhere)
    contents = {pair.id: content_of(pair) for pair in found.pairs if pair.kinds}
    contents[TOTAL] = _total_content(statement)
    kept = register.months.resolutions(month)
    valid = {pair: record for pair, record in kept.items() if contents.get(pair) == record.content}
    return Compared(settled, charges, statement, found, valid)


def keep_statement(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    statement: Statement,
    *,
    actor: Actor,
    dry_run: bool,
) -> tuple[int | None, Compared]:
    """Compare with a statement, and keep it with an open month, replacing the earlier one."""
    with register.operation(actor, dry_run=dry_run) as operation:
        compared = compared_month(register, month, contract, statement)
        record = compared.settled.record
        before = register.months.statement(record.statement) if record.statement is not None else None
        is_kept = before is not None and before.sha256 == statement.sha256
        if record.state == "open" and not is_kept:
            kept = operation.keep_statement(month, statement)
            operation.write_month(record._replace(statement=kept))
            operation.state(statement={"file": statement.file, "sha256": statement.sha256, "rows": len(statement.rows)})
    return (operation.number if operation.is_recorded and not dry_run else None), compared


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
) -> tuple[int | None, tuple[str, ...]]:
    """Take the operator's figure (`accept`) or leave our charge to the next month (`carry`), for the named pairs.

    `names` are ids of pairs, or numbers, which stand for all their pairs. Raises `NotFound` and `Refused`.
    """
    with register.operation(actor, dry_run=dry_run) as operation:
        _require_open(register.months.record(month))
        compared = compared_month(register, month, contract)
        if compared.statement is None:
            raise _no_statement(month)
        chosen: list[str] = []
        for name in dict.fromkeys(names):
            pairs = [pair for pair in compared.differing if name in (pair.id, _number_of(pair))]
            found = compared.reconciliation
            if name == TOTAL and found is not None and found.total_differs and action == "accept":
                chosen.append(TOTAL)
                resolution = ResolutionRecord(TOTAL, action, reason, _total_content(compared.statement), "")
                operation.resolve(month, resolution)
                continue
            if not pairs:
                raise NotFound(
                    msg("{month} has no discrepancy {name}", month=month, name=name),
                    msg("those that it has: mureg reconcile --month {month}", month=month),
                )
            for pair in pairs:
                _check_resolution(register, pair, action)
                takes = _number_of(pair) if "month_differs" in pair.kinds and action == "accept" else ""
                operation.resolve(month, ResolutionRecord(pair.id, action, reason, content_of(pair), takes))
                chosen.append(pair.id)
        record = register.months.record(month)
        operation.write_month(record)
    return (None if dry_run else operation.number), tuple(chosen)


def close(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    *,
    today: date,
    leave: Iterable[str],
    without_statement: str,
    actor: Actor,
    dry_run: bool = False,
) -> tuple[int | None, Compared]:
    """Close a month for good: freeze every charge with the rules that made it. Raises `Refused`."""
    with register.operation(actor, dry_run=dry_run) as operation:
        record = register.months.record(month)
        _require_open(record)
        _require_ended(month, today)
        _require_earlier_closed(register, month)
        _require_nobody_waits(register, month, set(leave))
        compared = compared_month(register, month, contract)
        if compared.statement is None and not without_statement:
            raise _no_statement(month)
        if compared.unresolved:
            raise Refused(
                plural(
                    "{month} has {count} unresolved discrepancy",
                    "{month} has {count} unresolved discrepancies",
                    count=compared.unresolved, month=month,
                ),
                msg("look at them: mureg reconcile --month {month}", month=month),
            )  # fmt: skip
        rules = rules_of(required(contract, month.first_day), compared.settled.settlement)
        carried = {
            pair.ours
            for pair in compared.differing
            if pair.ours is not None and compared.resolutions[pair.id].action == "carry"
        }
        frozen = [charge._replace(carried=charge.settled in carried) for charge in compared.charges]
        closed = MonthRecord(
            month, "closed", record.statement, without_statement, rules, compared.agreed_kopecks, "", operation.number
        )
        closed = closed._replace(
            hash=hash_of_month(closed, frozen, register.months.resolutions(month).values(), compared.statement)
        )
        operation.freeze(month, frozen)
        operation.write_month(closed)
    return (None if dry_run else operation.number), compared


def reopen(register: Register, month: Month, reason: str, *, actor: Actor, dry_run: bool = False) -> int | None:
    """Open the last closed month again. Raises `Refused` where an invoice or a correction stands on it."""
    with register.operation(actor, dry_run=dry_run) as operation:
        record = register.months.record(month)
        if record.state == "open":
            raise Refused(msg("{month} is open", month=month), msg("its state: mureg month show {month}", month=month))
        if record.state == "invoiced":
            raise Refused(
                msg("{month} is invoiced: it stays closed", month=month), msg("its invoice: mureg invoice list")
            )
        last = register.months.last_closed()
        if last != month:
            raise Refused(
                msg("only the last closed month can be reopened, and that is {last}", last=last),
                msg("what comes late is a correction: mureg application process NUMBER --on DATE --late"),
            )
        standing = [sale.number for sale in register.months.late() if month.contains(sale.sold_on)]
        standing += [
            frozen.settled.sale.number for in_month, frozen in register.months.called_off() if in_month == month
        ]
        if standing:
            raise Refused(
                msg("corrections of {month} stand in a later month: {numbers}",
                    month=month, numbers=", ".join(standing)),
                msg("take them back first: mureg history {number}", number=quoted(standing[0])),
            )  # fmt: skip
        operation.state(reason=reason)
        reopened = MonthRecord(month, statement=record.statement, operation=operation.number)
        operation.write_month(reopened)
        operation.thaw(month)
    return None if dry_run else operation.number


def add_invoice(
    register: Register, month: Month, invoice: InvoiceRecord, *, actor: Actor, dry_run: bool = False
) -> int | None:
    """Record the vendor's invoice of a closed month. Raises `DifferencesFound` where it is not the agreed amount."""
    with register.operation(actor, dry_run=dry_run) as operation:
        record = register.months.record(month)
        if record.state == "open":
            raise Refused(
                msg("{month} is not closed: the invoice is issued after the reconciliation", month=month),
                msg("close it: mureg month close {month}", month=month),
            )
        for known in register.months.invoices():
            if known.number == invoice.number or known.month == month:
                raise Refused(
                    msg("invoice {number} is recorded for {month} already", number=known.number, month=known.month),
                    msg("look at it: mureg invoice list"),
                )
        agreed = record.agreed_kopecks or 0
        if invoice.amount_kopecks != agreed:
            raise DifferencesFound(
                msg("the invoice is {amount}, agreed was {agreed}: the difference is {difference}",
                    amount=format_money(invoice.amount_kopecks), agreed=format_money(agreed),
                    difference=format_money(invoice.amount_kopecks - agreed)),
                msg("nothing was recorded; what was agreed: mureg month show {month}", month=month),
            )  # fmt: skip
        operation.write_month(record._replace(state="invoiced"))
        operation.write_invoice(invoice)
    return None if dry_run else operation.number


def pay_invoice(register: Register, number: str, on: date, *, actor: Actor, dry_run: bool = False) -> int | None:
    """Note that an invoice was paid."""
    with register.operation(actor, dry_run=dry_run) as operation:
        for invoice in register.months.invoices():
            if invoice.number == number:
                break
        else:
            raise NotFound(msg("there is no invoice {number}", number=number), msg("all of them: mureg invoice list"))
        if invoice.paid_on is not None:
            raise Refused(
                msg("invoice {number} was paid on {day}", number=number, day=invoice.paid_on),
                msg("look at it: mureg invoice list"),
            )
        if on < invoice.dated_on:
            raise Refused(
                msg("{day} is before the invoice's own date, {dated}", day=on, dated=invoice.dated_on),
                msg("give a later day with --on"),
            )
        operation.write_invoice(invoice._replace(paid_on=on))
    return None if dry_run else operation.number


def hash_of_month(
    record: MonthRecord,
    charges: Iterable[FrozenCharge],
    resolutions: Iterable[ResolutionRecord],
    statement: Statement | None,
) -> str:
    """SHA-256 over all that a closed month was agreed on."""
    content = [
        str(record.month),
        record.without_statement,
        record.contract,
        record.agreed_kopecks,
        [[*_charge_content(charge.settled), charge.cause, charge.carried] for charge in charges],
        sorted(list(resolution) for resolution in resolutions),
        [statement.file, statement.sha256, statement.stated_total_kopecks] if statement else None,
        [_row_content(row) for row in statement.rows] if statement else None,
    ]
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def content_of(pair: Pair) -> str:
    """What a resolution was given to: a pair whose content changed is open again."""
    theirs = _row_content(pair.theirs._replace(row=0)) if pair.theirs else None
    ours = _charge_content(pair.ours) if pair.ours else None
    return json.dumps([pair.kinds, ours, theirs, pair.difference_kopecks, pair.settled_in], ensure_ascii=False)


def _row_content(row: StatementRow) -> list[object]:
    return [*row[:7], str(row.processed_on), *row[8:]]


def _charge_content(settled: SettledSale) -> list[object]:
    (number, organization, name, tier, sold_on, promotion), charge, kind, corrects = settled
    return [
        number, organization.inn, organization.kpp, name, tier, sold_on.isoformat(), promotion, kind,
        str(corrects) if corrects else None, charge.list_price_kopecks, charge.discount_rate, charge.discount_kopecks,
    ]  # fmt: skip


def _total_content(statement: Statement) -> str:
    return f"{statement.stated_total_kopecks} {statement.total_kopecks}"


def _number_of(pair: Pair) -> str:
    if pair.ours is not None:
        return pair.ours.sale.number
    return pair.theirs.number if pair.theirs else ""


def _elsewhere(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    ours: Sequence[SettledSale],
    statement: Statement,
) -> list[tuple[Month, SettledSale]]:
    """Our charges of other months that the statement's rows may mean."""
    known = {charge.sale.number for charge in ours}
    inns = {charge.sale.organization.inn for charge in ours}
    numbers = sorted({row.number for row in statement.rows if row.number} - known)
    unnumbered = sorted({row.inn for row in statement.rows if not row.number and row.inn} - inns)
    sales: dict[str, Sale] = {}
    for column, values in (("application", numbers), ("inn", unnumbered)):
        sales |= {sale.number: sale for sale in register.months.sales_elsewhere(month, column, values)}
    charges = Charges(contract) if contract else None
    found: list[tuple[Month, SettledSale]] = []
    for sale in sales.values():
        frozen = [(where, charge.settled) for where, charge in register.months.charges_of(sale.number)]
        if frozen:
            found += frozen
        elif charges is not None:
            found.append((Month.of(sale.sold_on), charges.of(sale)))
    return found


def _check_resolution(register: Register, pair: Pair, action: str) -> None:
    if action == "carry" and pair.kinds != ("missing_in_statement",):
        raise Refused(
            msg("{pair} is in the statement: only a charge that is missing there can be left to the next month",
                pair=pair.id),
            msg("take the operator's figure (mureg month accept), or mend the register and reconcile again"),
        )  # fmt: skip
    if action == "accept" and "month_differs" in pair.kinds:
        year, number = pair.settled_in.split("-")
        settled_in = Month(int(year), int(number))
        if register.months.record(settled_in).state != "open":
            raise Refused(
                msg("{pair} was settled in {month}, which is closed: it cannot be settled again",
                    pair=pair.id, month=settled_in),
                msg("ask the operator for a corrected statement, or cancel the sale"),
            )  # fmt: skip


def _require_open(record: MonthRecord) -> None:
    if record.state != "open":
        raise Refused(
            msg("{month} is closed: nothing in it changes", month=record.month),
            msg("what comes late is a correction in the first open month; see: mureg month list"),
        )


def _require_ended(month: Month, today: date) -> None:
    if today <= month.last_day:
        raise Refused(
            msg("{month} still runs: it ends on {day}", month=month, day=month.last_day),
            msg("close it later; its draft: mureg reconcile --month {month}", month=month),
        )


def _require_earlier_closed(register: Register, month: Month) -> None:
    earlier = [
        each
        for each in register.months.months_with_sales()
        if each < month and register.months.record(each).state == "open"
    ]
    if earlier:
        raise Refused(
            msg("an earlier month with charges is open: {month}", month=earlier[0]),
            msg("close it first: mureg month close {month}", month=earlier[0]),
        )
    last = register.months.last_closed()
    if (
        last is not None
        and month != last.next()
        and (register.months.carried() or register.months.late() or register.months.called_off())
    ):
        raise Refused(
            msg("corrections of closed months stand in {month}, which is open", month=last.next()),
            msg("close it first: mureg month close {month}", month=last.next()),
        )
    if last is not None and month < last:
        raise Refused(msg("a later month is closed already: {month}", month=last), msg("see: mureg month list"))


def _require_nobody_waits(register: Register, month: Month, leave: set[str]) -> None:
    waiting = [number for number in register.months.waiting_in(month) if number not in leave]
    if waiting:
        raise Refused(
            msg("applications of {month} still wait: {numbers}", month=month, numbers=", ".join(waiting[:20])),
            msg("process or reject them, or leave them: mureg month close {month} --leave {number}",
                month=month, number=quoted(waiting[0])),
        )  # fmt: skip


def _no_statement(month: Month) -> Refused:
    return Refused(
        msg("{month} was not reconciled with the operator's statement", month=month),
        msg("reconcile: mureg reconcile --month {month} --statement FILE; or close it without: "
            "--without-statement --reason TEXT", month=month),
    )  # fmt: skip
