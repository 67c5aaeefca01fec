"""Closed months: each is as it was closed, and every sale up to the last one is settled once."""

from collections.abc import Iterator

from mureg.errors import Message, msg, plural
from mureg.operations.invoices.invoices import invoice_rounding
from mureg.operations.months.accepted_rows import accepted_numbered_rows
from mureg.operations.months.closing import hash_of_month
from mureg.operations.months.settlement import frozen_settlement, settlement_of_frozen
from mureg.register.queries.months import MonthRecord
from mureg.register.register import Register


def changed_months(register: Register) -> Iterator[Message]:
    """Closed months that are not as they were hashed, and others with frozen charges."""
    for month in register.integrity.months_wrongly_charged():
        yield msg("{month} is not closed, but has frozen charges", month=month)
    for record in register.months.records():
        if record.state == "open":
            continue
        charges = list(register.charges.of_month(record.month))
        # Later months name a charge by its place.
        if [charge.place for charge in charges] != list(range(1, len(charges) + 1)):
            yield msg("the numbering of the charges of {month} was changed", month=record.month)
        statement = register.statements.load(record.statement) if record.statement is not None else None
        resolutions = register.months.resolutions(record.month).values()
        if hash_of_month(record, charges, resolutions, statement) != record.hash:
            yield msg("{month} was changed after it was closed", month=record.month)
        elif frozen_settlement(record) not in (None, settlement_of_frozen(record, charges)):
            yield msg("the totals of {month} are not those of its charges", month=record.month)


def wrong_charges(register: Register) -> Iterator[Message]:
    """Charges without an application or a known reason, lost sales of closed months, and what is settled twice."""
    for month, number in register.integrity.charges_without_application():
        yield msg("{month} charges {number}, which is not in the register", month=month, number=number)
    for month, number in register.integrity.charges_of_unknown_cause():
        yield msg("{month} charges {number} for an unknown reason", month=month, number=number)
    last_closed = register.months.last_closed()
    for month, number in register.integrity.unsettled_sales(last_closed) if last_closed is not None else ():
        yield msg("{number} was sold in {month}, which is closed, but no month settles it", number=number, month=month)
    for row in accepted_numbered_rows(register):
        licence = register.licences.made_by(row.row.number)
        if licence is not None and licence.is_sale:
            yield msg("{number} is settled twice: by its charge, and by a row that was accepted in {month}",
                      number=row.row.number, month=row.month)  # fmt: skip
    for cause, count in register.integrity.repeated_causes():
        yield plural("{cause} is settled {count} time", "{cause} is settled {count} times", cause=cause, count=count)


def wrong_invoices(register: Register) -> Iterator[Message]:
    """Invoices that are not the agreed amount of an invoiced month."""
    records = {record.month: record for record in register.months.records()}
    for invoice in register.months.invoices():
        record = records.get(invoice.month, MonthRecord(invoice.month))
        if record.state != "invoiced" or invoice_rounding(record, invoice) is None:
            yield msg("invoice {number} does not match {month}", number=invoice.number, month=invoice.month)
