"""`mureg invoice …`: the vendor's invoices for closed months."""

from typing import Annotated, Any

import typer

from mureg.cli.framework.columns import Column
from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.session import session_of
from mureg.cli.framework.values import needed
from mureg.domain.money import NotMoney, format_money, parse_money
from mureg.errors import N_, WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.reports.cells import Label, Money

with lazy_imports():
    from mureg.operations.months import invoices as operations
    from mureg.register.queries import months

app = typer.Typer()


@app.command(
    "add",
    help=N_("Record the invoice of a closed month and check it against the agreed total"),
    epilog="mureg invoice add --month 2023-08 --number 1518 --date 2023-09-06 --amount 21600,00",
)
def add(
    ctx: typer.Context,
    month: Annotated[str | None, typer.Option("--month", metavar="MONTH", help=N_("The closed month"))] = None,
    number: Annotated[str | None, typer.Option("--number", metavar="N", help=N_("The invoice's number"))] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="DATE", help=N_("The invoice's date"))] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help=N_("For example 5400.00 or 5 400,00"))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Record a month's invoice; if it differs, it is not recorded, and the difference is shown."""
    session = session_of(ctx)
    wanted = session.month(needed(month, "--month"))
    try:
        kopecks = parse_money(needed(amount, "--amount"))
    except NotMoney as error:
        raise WrongUsage(msg("invalid {option}: {reason}", option="--amount", reason=error.message)) from None
    dated_on = session.day(needed(day, "--date"))
    invoice = months.InvoiceRecord(needed(number, "--number"), wanted, dated_on, kopecks, None)
    with session.register() as register:
        result = operations.add_invoice(
            register, wanted, invoice, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    if session.output.wants_json:
        session.output.result_json(result, invoice=_json(invoice))
        return
    session.output.facts(
        [
            (N_("Invoice"), invoice.number),
            (N_("Month"), str(wanted)),
            (N_("Amount"), Money(kopecks)),
            (N_("Checked"), Label(N_("it is the agreed amount"))),
        ]
    )
    session.output.note_operation(result, dry_run=dry_run)


@app.command(
    "list", help=N_("List invoices and the amounts due"), epilog="mureg invoice list\nmureg invoice list --json"
)
def list_invoices(ctx: typer.Context) -> None:
    """Invoices by month."""
    session = session_of(ctx)
    with session.register() as register:
        invoices = register.months.invoices()
    if session.output.wants_json:
        session.output.json_list(map(_json, invoices), shape=dict.fromkeys(_FIELDS))
        return
    session.output.table(
        (
            Column(N_("Invoice")), Column(N_("Month")), Column(N_("Dated")), Column(N_("Amount"), "right"),
            Column(N_("Due"), "right"), Column(N_("Paid")),
        ),
        [
            (invoice.number, str(invoice.month), invoice.dated_on, Money(invoice.amount_kopecks),
             Money(0 if invoice.paid_on else invoice.amount_kopecks), invoice.paid_on)
            for invoice in invoices
        ],
    )  # fmt: skip


@app.command("paid", help=N_("Mark an invoice as paid"), epilog="mureg invoice paid 1518 --on 2023-09-12")
def paid(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="N", help=N_("The invoice's number"))] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=N_("The date (default: today)"))] = None,
    dry_run: DryRun = False,
) -> None:
    """Note the day of payment."""
    session = session_of(ctx)
    number, day = needed(number, "N"), session.day(on)
    with session.register() as register:
        result = operations.pay_invoice(
            register, number, day, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    if session.output.wants_json:
        session.output.result_json(result, invoice=number, paid=day.isoformat())
        return
    session.output.facts([(N_("Invoice"), number), (N_("Paid"), day)])
    session.output.note_operation(result, dry_run=dry_run)


_FIELDS = ("number", "month", "date", "amount", "due", "paid")


def _json(invoice: "months.InvoiceRecord") -> dict[str, Any]:
    due = 0 if invoice.paid_on else invoice.amount_kopecks
    values = (
        invoice.number, str(invoice.month), invoice.dated_on.isoformat(), format_money(invoice.amount_kopecks),
        format_money(due), invoice.paid_on.isoformat() if invoice.paid_on else None,
    )  # fmt: skip
    return dict(zip(_FIELDS, values, strict=True))
