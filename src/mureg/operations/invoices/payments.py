"""Invoices marked as paid by what a client bank's export shows as paid to the operator."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from mureg.domain.money import Amount
from mureg.domain.payments.payment import Payment, names_invoice
from mureg.errors import Message, Refused, msg, plural
from mureg.operations.result import Result
from mureg.readers.bank_statement import Payee, Payments, read_payments
from mureg.readers.types import Source
from mureg.register.history import Actor
from mureg.register.queries.months import InvoiceRecord
from mureg.register.register import Register
from mureg.settings.schema import Settings

Reason = Literal[
    "no_invoice", "several_invoices", "other_payer", "not_debited", "already_paid", "paid_twice", "amount_differs",
    "before_invoice", "in_future",
]  # fmt: skip
# Reasons that need a person. The rest is ordinary: the operator is paid for other things too, and a file may be read
# again.
DIFFERENCES: tuple[Reason, ...] = ("several_invoices", "paid_twice", "amount_differs", "before_invoice", "in_future")


class Unmatched(NamedTuple):
    """A payment to the operator that marks no invoice, and why. `invoice` is the one that it names, if it is one."""

    payment: Payment
    invoice: str | None
    reason: Reason
    message: Message

    @property
    def sentence(self) -> Message:
        """The payment, and why it marks no invoice."""
        payment = self.payment
        return msg("line {row}: payment {number}, {amount}: {reason}", row=payment.row, number=payment.number,
                   amount=Amount(payment.amount_kopecks), reason=self.message)  # fmt: skip


class Marked(NamedTuple):
    """The invoices that were marked as paid, and the payments that marked none."""

    paid: list[InvoiceRecord]
    unmatched: list[Unmatched]

    @property
    def differing(self) -> int:
        """How many payments need a person."""
        return sum(each.reason in DIFFERENCES for each in self.unmatched)

    @property
    def differ(self) -> Message:
        """That some do."""
        return plural("{count} payment does not fit its invoice", "{count} payments do not fit their invoices",
                      count=self.differing)  # fmt: skip

    def counted(self, documents: int) -> Message:
        """How many documents were read, and how many of them pay the operator."""
        return plural("{count} document read; payments to the operator: {to_payee}",
                      "{count} documents read; payments to the operator: {to_payee}",
                      count=documents, to_payee=len(self.paid) + len(self.unmatched))  # fmt: skip


def payments_in(source: Source, settings: Settings) -> Payments:
    """The payments to the operator in a client bank's export. Raises `Rejected`, and `Refused` as `payee_of` does."""
    return read_payments(source, payee_of(settings), settings.limits)


def payee_of(settings: Settings) -> Payee:
    """The operator as a payee. Raises `Refused` where neither its ИНН nor its account is known."""
    operator = settings.operator
    if not operator.inn and operator.bank is None:
        raise Refused(
            msg("the operator's ИНН is not known: mureg.toml has no operator.inn"),
            msg("add to mureg.toml:\n\n{lines}", lines=("[operator]", 'inn = "…"')),
        )
    return Payee(operator.inn, operator.bank.account if operator.bank else "")


def mark_paid(
    register: Register,
    payments: Sequence[Payment],
    settings: Settings,
    *,
    today: date,
    actor: Actor,
    dry_run: bool = False,
) -> Result[Marked]:
    """Mark the invoices that the payments to the operator pay: the number is named and the amount is equal."""
    payer_inn = settings.partner.inn if settings.partner else ""
    marked = Marked([], [])
    with register.operation(actor, dry_run=dry_run) as operation:
        invoices = {invoice.number: invoice for invoice in register.months.invoices()}
        unpaid_before = {number for number, invoice in invoices.items() if invoice.paid_on is None}
        for payment in payments:
            named = [invoice for invoice in invoices.values() if names_invoice(payment.purpose, invoice.number)]
            found = _unmatched(payment, named, unpaid_before, payer_inn, today)
            if found is not None:
                marked.unmatched.append(found)
                continue
            paid = named[0]._replace(paid_on=payment.debited_on)
            operation.write_invoice(paid)
            invoices[paid.number] = paid
            marked.paid.append(paid)
    return Result(operation.written, (), marked)


def _unmatched(
    payment: Payment, named: Sequence[InvoiceRecord], unpaid_before: set[str], payer_inn: str, today: date
) -> Unmatched | None:
    """Why a payment pays none of the invoices that it names, or `None` where it pays the one."""
    if payer_inn and payment.payer_inn and payment.payer_inn != payer_inn:
        return Unmatched(payment, None, "other_payer", msg("the payer is not the partner"))
    if not named:
        return Unmatched(payment, None, "no_invoice", msg("the purpose of payment names no recorded invoice"))
    if len(named) > 1:
        numbers = ", ".join(invoice.number for invoice in named)
        return Unmatched(payment, None, "several_invoices",
                         msg("it names several invoices: {numbers}", numbers=numbers))  # fmt: skip
    invoice = named[0]
    misfit = _misfit(payment, invoice, unpaid_before, today)
    return Unmatched(payment, invoice.number, *misfit) if misfit else None


def _misfit(
    payment: Payment, invoice: InvoiceRecord, unpaid_before: set[str], today: date
) -> tuple[Reason, Message] | None:
    on, paid_on = payment.debited_on, invoice.paid_on
    if on is None:
        return "not_debited", msg("the bank has not carried it out yet")
    if paid_on is not None:
        reason: Reason = "paid_twice" if invoice.number in unpaid_before or on != paid_on else "already_paid"
        return reason, msg("invoice {number} was paid on {day}", number=invoice.number, day=paid_on)
    if payment.amount_kopecks != invoice.amount_kopecks:
        return "amount_differs", msg("invoice {number} is {amount}", number=invoice.number,
                                     amount=Amount(invoice.amount_kopecks))  # fmt: skip
    if on < invoice.dated_on:
        return "before_invoice", msg("{day} is before the date of the invoice, {dated}", day=on, dated=invoice.dated_on)
    if on > today:
        return "in_future", msg("{day} is in the future", day=on)
    return None
