"""Every month at a glance: its state, what we count, what the operator counts, what was agreed, invoiced and paid."""

from contextlib import suppress

from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.settlement import Settlement
from mureg.errors import Refused
from mureg.operations.months.reconciliation import settled_month
from mureg.operations.months.settlement import first_open_month, has_corrections
from mureg.register.register import Register
from mureg.reports.lists.months import MonthLine


def payable_by_month(
    register: Register, last: Month, settlement: Settlement, contract: SublicenceContract | None
) -> list[tuple[Month, int]]:
    """Our total payable, in kopecks, of up to twelve months in a row that end with `last`, whose settlement is given.

    It begins with the first month of sales; a month that cannot be priced is left out.
    """
    months = [*register.licences.months_with_sales(), *(record.month for record in register.months.records())]
    first = max(min(months, default=last), Month(last.year - 1, last.number).next())
    found, month = [(last, settlement.total.payable_kopecks)], last.previous()
    while month >= first:
        with suppress(Refused):
            found.append((month, settled_month(register, month, contract).settlement.total.payable_kopecks))
        month = month.previous()
    return found[::-1]


def overview(register: Register, contract: SublicenceContract | None) -> list[MonthLine]:
    """Months with sales, corrections, a statement or an invoice, in order. Raises `Refused` for a missing price."""
    months = set(register.licences.months_with_sales()) | {record.month for record in register.months.records()}
    waiting = first_open_month(register)
    if waiting is not None and has_corrections(register):
        months.add(waiting)
    invoices = {invoice.month: invoice for invoice in register.months.invoices()}
    lines = []
    for month in sorted(months):
        settled = settled_month(register, month, contract)
        record, invoice = settled.record, invoices.get(month)
        lines.append(
            MonthLine(
                month,
                record.state,
                settled.settlement.total.count,
                settled.settlement.total.payable_kopecks,
                None if record.statement is None else register.statements.total_kopecks(record.statement),
                record.agreed_kopecks,
                invoice.amount_kopecks if invoice else None,
                invoice.paid_on if invoice else None,
            )
        )
    return lines
