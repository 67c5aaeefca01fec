"""`mureg invoice …`: the vendor's invoices for closed months."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mureg import __version__
from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import needed
from mureg.cli.framework.output.columns import Column
from mureg.cli.framework.session import Session, session_of
from mureg.domain.money import NotMoney, format_money, parse_money
from mureg.errors import N_, DifferencesFound, WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.reports.cells import Label, Money

with lazy_imports():
    from mureg.cli.framework.input import streams
    from mureg.cli.framework.output import output_file
    from mureg.operations.invoices import invoices as operations
    from mureg.operations.invoices import payment_order as orders
    from mureg.operations.invoices import payments
    from mureg.readers import types
    from mureg.register.queries import months
    from mureg.reports import payment_order as order_files
    from mureg.reports.lists import invoices as invoice_list

if TYPE_CHECKING:
    from mureg.operations.result import Result

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
        session.output.result_json(result, invoice=_added_json(result.done))
        return
    session.output.facts(
        [
            (N_("Invoice"), invoice.number),
            (N_("Month"), str(wanted)),
            (N_("Amount"), Money(kopecks)),
            (N_("Checked"), invoice_list.CHECKED[result.done.rounding]),
            (N_("State"), Label(N_("would be recorded")) if dry_run else None),
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
        invoices = operations.all_invoices(register)
    if session.output.wants_json:
        session.output.json_list(map(_added_json, invoices), shape=dict.fromkeys((*_FIELDS, "rounding")))
        return
    lines = [invoice_list.InvoiceLine(*invoice, rounding) for invoice, rounding in invoices]
    session.output.table(invoice_list.columns(lines), invoice_list.rows(lines))


@app.command(
    "paid",
    help=N_("Mark an invoice as paid, or all that a client bank's export shows as paid"),
    epilog="mureg invoice paid 1518 --on 2023-09-12\nmureg invoice paid --statement kl_to_1c.txt",
)
def paid(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="[N]", help=N_("The invoice's number"))] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=N_("The date (default: today)"))] = None,
    statement: Annotated[
        str | None,
        typer.Option("--statement", metavar="FILE", help=N_("A client bank's export, 1CClientBankExchange")),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Note the day of payment: of one invoice, or of those that the payments to the operator name."""
    session = session_of(ctx)
    if statement is not None:
        if number is not None or on is not None:
            raise WrongUsage(
                msg("--statement says which invoices were paid, and when"),
                msg("use it alone: mureg invoice paid --statement FILE"),
            )
        _mark_paid(ctx, session, statement, dry_run=dry_run)
        return
    number, day = needed(number, "N"), session.day(on)
    with session.register() as register:
        result = operations.pay_invoice(
            register, number, day, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    if session.output.wants_json:
        session.output.result_json(result, invoice=number, paid=day.isoformat())
        return
    session.output.facts([(N_("Invoice"), number), (N_("Paid"), day)], dry_run=dry_run)
    session.output.note_operation(result, dry_run=dry_run)


def _mark_paid(ctx: typer.Context, session: Session, path: str, *, dry_run: bool) -> None:
    settings = session.settings()
    with streams.opened(path, settings.limits) as file:
        found = payments.payments_in(types.Source(path, file), settings)
    with session.register() as register:
        result = payments.mark_paid(
            register, found.to_payee, settings, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    marked = result.done
    if session.output.wants_json:
        session.output.result_json(
            result,
            file=path,
            documents=found.documents,
            paid=list(map(_json, marked.paid)),
            unmatched=[_unmatched_json(session, each) for each in marked.unmatched],
        )
    else:
        _print_marked(session, result, found.documents, dry_run=dry_run)
    if marked.differing:
        raise DifferencesFound(
            marked.differ,
            msg("see them above; a right one can be recorded by hand: mureg invoice paid N --on DATE"),
        )


def _print_marked(session: Session, result: "Result[payments.Marked]", documents: int, *, dry_run: bool) -> None:
    output, marked = session.output, result.done
    if marked.paid:
        paid_on = N_("Would be paid") if dry_run else N_("Paid")
        output.table(
            (Column(N_("Invoice")), Column(N_("Month")), Column(N_("Amount"), "right"), Column(paid_on)),
            [
                (invoice.number, str(invoice.month), Money(invoice.amount_kopecks), invoice.paid_on)
                for invoice in marked.paid
            ],
        )
    for each in marked.unmatched:
        output.sentence(output.cell(each.sentence))
    output.note(marked.counted(documents))
    output.note_operation(result, dry_run=dry_run)


def _unmatched_json(session: Session, each: "payments.Unmatched") -> dict[str, Any]:
    payment = each.payment
    return {
        "row": payment.row,
        "number": payment.number or None,
        "on": payment.debited_on.isoformat() if payment.debited_on else None,
        "amount": format_money(payment.amount_kopecks),
        "invoice": each.invoice,
        "reason": each.reason,
        "message": session.language.say(each.message),
    }


@app.command(
    "export",
    help=N_("Write a payment order for an invoice, for 1C and client banks (1CClientBankExchange)"),
    epilog="mureg invoice export 1518 -o 1518.txt",
)
def export(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="N", help=N_("The invoice's number"))] = None,
    file: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Write to this file"))] = None,
) -> None:
    """The file of one payment order, from the accounts in mureg.toml; a terminal shows its lines."""
    session = session_of(ctx)
    number = needed(number, "N")
    settings = session.settings()
    with session.register() as register:
        order = orders.payment_order(register, number, settings, session.today)
    sender = f"mureg {__version__}"
    output = session.output
    if file is not None:
        output_file.write(session, file, [order_files.order_file(order, sender)])
    if output.wants_json:
        output.json(_order_json(number, order, file))
    elif file is None and output.is_terminal:
        for line in order_files.order_lines(order, sender):
            output.line(output.cell(line))
    elif file is None:
        output.data(order_files.order_file(order, sender))


def _order_json(number: str, order: "order_files.PaymentOrder", file: str | None) -> dict[str, Any]:
    def party(each: "order_files.Party") -> dict[str, Any]:
        bank = {key: value or None for key, value in each.bank._asdict().items()}
        return {"name": each.name, "inn": each.inn, "kpp": each.kpp or None, "bank": bank}

    return {
        "invoice": number,
        "number": order.number,
        "date": order.dated_on.isoformat(),
        "amount": format_money(order.amount_kopecks),
        "payer": party(order.payer),
        "payee": party(order.payee),
        "purpose": order.purpose,
        "file": file,
    }


_FIELDS = ("number", "month", "date", "amount", "due", "paid")


def _added_json(added: "operations.AddedInvoice") -> dict[str, Any]:
    return _json(added.invoice) | {"rounding": added.rounding or None}


def _json(invoice: "months.InvoiceRecord") -> dict[str, Any]:
    due = 0 if invoice.paid_on else invoice.amount_kopecks
    values = (
        invoice.number, str(invoice.month), invoice.dated_on.isoformat(), format_money(invoice.amount_kopecks),
        format_money(due), invoice.paid_on.isoformat() if invoice.paid_on else None,
    )  # fmt: skip
    return dict(zip(_FIELDS, values, strict=True))
