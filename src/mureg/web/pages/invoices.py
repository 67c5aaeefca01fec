"""The vendor's invoices: recorded, ordered to be paid, paid."""

from typing import Any

from starlette.responses import Response

from mureg import __version__
from mureg.domain.money import NotMoney, parse_money
from mureg.errors import N_, Message, WrongUsage, msg
from mureg.operations.invoices import invoices as operations
from mureg.operations.invoices import payment_order, payments
from mureg.register.queries.months import InvoiceRecord
from mureg.reports.lists import invoices as invoice_list
from mureg.reports.payment_order import order_file
from mureg.web.listing import MEDIA_TYPES, file_answer
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import does, shows


def show(page: Page) -> Response:
    """Every invoice, and the forms that add one or mark one as paid. The result is what a bank's export showed."""
    sentences: tuple[Message, ...] = page.result or ()
    with page.register() as register:
        found = operations.all_invoices(register)
        closed = [record.month for record in register.months.records() if record.state == "closed"]
    lines = [invoice_list.InvoiceLine(*invoice, rounding) for invoice, rounding in found]
    values: dict[str, Any] = {
        "columns": invoice_list.columns(lines),
        "rows": [
            (address("/month", month=line.month), cells)
            for line, cells in zip(lines, invoice_list.rows(lines), strict=True)
        ],
        "unpaid": [line.number for line in lines if line.paid_on is None],
        "closed": closed,
    }
    command = "mureg invoice paid --statement FILE" if sentences else "mureg invoice list"
    return page.html("invoices.html", title=msg("Invoices"), command=command, sentences=sentences, **values)


def add(page: Page) -> Response:
    """Record a month's invoice; one that is not the agreed amount is refused."""
    month, number = page.needed_month(), page.needed("number", N_("Number"))
    typed = page.needed("amount", N_("Amount"))
    page.needed("date", N_("Dated"))
    dated_on = page.day("date")
    assert dated_on is not None, "something was typed"
    try:
        kopecks = parse_money(typed)
    except NotMoney as error:
        raise WrongUsage(error.message) from None
    with page.register() as register:
        result = operations.add_invoice(
            register, month, InvoiceRecord(number, month, dated_on, kopecks, None), today=page.today,
            actor=page.office.actor("invoice add"),
        )  # fmt: skip
    return page.done("/invoices", result)


def pay(page: Page) -> Response:
    """Note the day on which an invoice was paid."""
    number, day = page.needed("invoice", N_("Invoice")), page.day("on") or page.today
    with page.register() as register:
        result = operations.pay_invoice(
            register, number, day, today=page.today, actor=page.office.actor("invoice paid")
        )
    return page.done("/invoices", result)


def pay_by_statement(page: Page) -> Response:
    """Mark as paid what a client bank's export shows as paid, and say what of it fits no invoice."""
    file = page.needed_file("bank", N_("A client bank's export"))
    settings = page.office.settings()
    found = payments.payments_in(file, settings)
    with page.register() as register:
        result = payments.mark_paid(
            register, found.to_payee, settings, today=page.today, actor=page.office.actor("invoice paid")
        )
    marked = result.done
    sentences = (marked.counted(found.documents), *(each.sentence for each in marked.unmatched))
    return page.done_with("/invoices", result.operation, sentences)


def order(page: Page) -> Response:
    """The payment order of an invoice, for 1C and client banks."""
    number = page.needed("number", N_("Number"))
    settings = page.office.settings()
    with page.register() as register:
        made = payment_order.payment_order(register, number, settings, page.today)
    return file_answer(f"{number}.txt", MEDIA_TYPES["txt"], [order_file(made, f"mureg {__version__}")])


ROUTES = [
    shows("/invoices", show),
    shows("/invoices/order", order),
    does("/invoices/add", add, again=show),
    does("/invoices/pay", pay, again=show),
    does("/invoices/bank", pay_by_statement, again=show, most_files=1),
]
