"""The vendor's invoices: issued after the reconciliation, and checked against what was agreed."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mureg.domain.dates import Month
from mureg.domain.money import Amount
from mureg.domain.settlement import Rounded, rounding_of
from mureg.domain.text import is_plain
from mureg.errors import DifferencesFound, NotFound, Refused, WrongUsage, msg
from mureg.operations.months.settlement import frozen_rounding_difference
from mureg.operations.result import Result
from mureg.register.history import Actor
from mureg.register.queries.months import InvoiceRecord, MonthRecord
from mureg.register.register import Register

LONGEST_NUMBER = 100


class AddedInvoice(NamedTuple):
    """A recorded invoice, and how it is rounded."""

    invoice: InvoiceRecord
    rounding: Rounded


def add_invoice(
    register: Register, month: Month, invoice: InvoiceRecord, *, today: date, actor: Actor, dry_run: bool = False
) -> Result[AddedInvoice]:
    """Record the vendor's invoice of a closed month. Raises `DifferencesFound` where it is not the agreed amount.

    Where the contract rounds the total once, the operator's paper may be rounded by rows: that is right too.
    """
    _require_number(invoice.number)
    _require_past(invoice.dated_on, today)
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
                    msg("invoice {number} is already recorded for {month}", number=known.number, month=known.month),
                    msg("see it: mureg invoice list"),
                )
        if invoice.dated_on <= month.last_day:
            raise Refused(
                msg("{month} had not ended on {day}: the invoice is issued after the reconciliation",
                    month=month, day=invoice.dated_on),
                msg("use the date on the invoice: --date DATE"),
            )  # fmt: skip
        rounding = invoice_rounding(record, invoice)
        if rounding is None:
            raise _differs_from_agreed(record, invoice)
        operation.write_month(record._replace(state="invoiced"))
        operation.write_invoice(invoice)
        if rounding:
            operation.add_facts(rounding=rounding)
    return Result(operation.written, (), AddedInvoice(invoice, rounding))


def all_invoices(register: Register) -> list[AddedInvoice]:
    """Every invoice, by month, and how it is rounded."""
    found = []
    for invoice in register.months.invoices():
        rounding = invoice_rounding(register.months.record(invoice.month), invoice)
        assert rounding is not None, "another amount was not recorded"
        found.append(AddedInvoice(invoice, rounding))
    return found


def invoice_rounding(record: MonthRecord, invoice: InvoiceRecord) -> Rounded | None:
    """How an invoice of a closed month is rounded; `None` where it is not the agreed amount."""
    return rounding_of(invoice.amount_kopecks, record.agreed_kopecks or 0, frozen_rounding_difference(record))


def _differs_from_agreed(record: MonthRecord, invoice: InvoiceRecord) -> DifferencesFound:
    agreed, rounding_difference = record.agreed_kopecks or 0, frozen_rounding_difference(record)
    amounts = {"amount": Amount(invoice.amount_kopecks), "agreed": Amount(agreed),
               "difference": Amount(invoice.amount_kopecks - agreed)}  # fmt: skip
    message = msg("the invoice is {amount}, but {agreed} was agreed: the difference is {difference}", **amounts)
    if rounding_difference:
        message = msg(
            "the invoice is {amount}, but {agreed} was agreed, or {by_rows} if rounded by rows: the difference is "
            "{difference}",
            **amounts, by_rows=Amount(agreed - rounding_difference),
        )  # fmt: skip
    return DifferencesFound(
        message, msg("nothing was recorded; see the agreed total: mureg month show {month}", month=record.month)
    )


def pay_invoice(
    register: Register, number: str, on: date, *, today: date, actor: Actor, dry_run: bool = False
) -> Result[InvoiceRecord]:
    """Note that an invoice was paid."""
    _require_past(on, today)
    with register.operation(actor, dry_run=dry_run) as operation:
        invoice = find_invoice(register.months.invoices(), number)
        require_unpaid(invoice)
        if on < invoice.dated_on:
            raise Refused(
                msg("{day} is before the date of the invoice, {dated}", day=on, dated=invoice.dated_on),
                msg("use a later day: --on DATE"),
            )
        paid = invoice._replace(paid_on=on)
        operation.write_invoice(paid)
    return Result(operation.written, (), paid)


def find_invoice(invoices: Iterable[InvoiceRecord], number: str) -> InvoiceRecord:
    """The invoice with the number. Raises `NotFound`."""
    for invoice in invoices:
        if invoice.number == number:
            return invoice
    raise NotFound(msg("no invoice {number}", number=number), msg("list all: mureg invoice list"))


def require_unpaid(invoice: InvoiceRecord) -> None:
    """Raise `Refused` where the invoice was paid."""
    if invoice.paid_on is not None:
        raise Refused(
            msg("invoice {number} was paid on {day}", number=invoice.number, day=invoice.paid_on),
            msg("see it: mureg invoice list"),
        )


def _require_number(number: str) -> None:
    """Raise `WrongUsage` for a number that is no number of an invoice. A server's index bounds its length."""
    if len(number) > LONGEST_NUMBER:
        raise WrongUsage(
            msg("an invoice's number can have at most {longest} characters", longest=LONGEST_NUMBER),
            msg("write it as it is on the invoice: --number N"),
        )
    if not is_plain(number):
        raise WrongUsage(
            msg("an invoice's number cannot have line breaks or invisible characters"),
            msg("write it as it is on the invoice: --number N"),
        )


def _require_past(day: date, today: date) -> None:
    if day > today:
        raise Refused(msg("{day} is in the future", day=day), msg("today is {day}", day=today))
