"""`mureg month …`: the life of a month."""

from typing import Annotated, Any

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import needed
from mureg.cli.framework.output.formats import chosen_format
from mureg.cli.framework.output.list_output import File, Format, ListOutput
from mureg.cli.framework.session import Session, session_of
from mureg.cli.views import month_formats
from mureg.cli.views.month_formats import FORMATS, Part, chosen_part
from mureg.domain.dates import Month
from mureg.domain.money import format_money
from mureg.errors import N_, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result
from mureg.reports.cells import Money
from mureg.reports.month.labels import RESOLUTION

# A month needs many modules, which no help of its commands loads.
with lazy_imports():
    from mureg.cli.views import month as month_view
    from mureg.operations.months import closing as month_closing
    from mureg.operations.months import overview, reconciliation, resolutions
    from mureg.reports.lists import months as month_list

app = typer.Typer()
# So many numbers are listed in a note.
_MOST_SHOWN = 10

OneMonth = Annotated[str | None, typer.Argument(metavar="MONTH", help=N_("For example 2023-08, 08.2023, this, last"))]
Pairs = Annotated[
    list[str] | None, typer.Argument(metavar="ID…", help=N_("Ids of discrepancies, or application numbers"))
]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=N_("Why"))]


@app.command(
    "list",
    help=N_("List months with their state and amounts"),
    epilog="mureg month list\nmureg month list -o месяцы.xlsx\nmureg month list --json",
)
def list_months(ctx: typer.Context, output_format: Format = None, file: File = None) -> None:
    """Months with sales, statements or invoices, in order."""
    session = session_of(ctx)
    output = ListOutput(session, output_format, file)
    contract = session.settings().contract
    with session.register() as register:
        lines = overview.overview(register, contract)
    if output.wants_json:
        output.json(map(_line_json, lines), shape=dict.fromkeys(_LINE_FIELDS))
        return
    output.rows(
        N_("Months"),
        month_list.COLUMNS,
        month_list.rows(lines),
        lambda count: plural("{count} month", "{count} months", count=count),
    )


_LINE_FIELDS = ("month", "state", "count", "ours", "theirs", "agreed", "invoiced", "paid")


def _line_json(line: "month_list.MonthLine") -> dict[str, Any]:
    month, state, licences, *amounts, paid = line
    texts = [None if amount is None else format_money(amount) for amount in amounts]
    values = (str(month), state, licences, *texts, paid.isoformat() if paid else None)
    return dict(zip(_LINE_FIELDS, values, strict=True))


@app.command(
    "show",
    help=N_("Show a month: its settlement and the discrepancies"),
    epilog="mureg month show 2023-08\nmureg month show 2023-08 --format csv -o август.csv",
)
def show(
    ctx: typer.Context,
    month: OneMonth = None,
    whole: Annotated[bool, typer.Option("--all", help=N_("Also list the rows that agree"))] = False,
    output_format: month_formats.Format = None,
    part: Part = None,
    file: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Write to this file"))] = None,
) -> None:
    """The month beside the statement that is kept with it."""
    session = session_of(ctx)
    chosen = chosen_format(session, output_format, file, FORMATS, "act")
    table = chosen_part(chosen, part)
    wanted = _month(session, month)
    settings = session.settings()
    with session.register() as register:
        compared = reconciliation.compared_month(register, wanted, settings.contract)
        month_view.show_month(session, register, settings, compared, chosen, file, whole=whole, part=table)


@app.command(
    "accept",
    help=N_("Accept the operator's figure for a discrepancy"),
    epilog='mureg month accept 2023-08 ZV-1032 --reason "Письмо оператора от 05.09.2023"',
)
def accept(
    ctx: typer.Context, month: OneMonth = None, pairs: Pairs = None, reason: Reason = None, dry_run: DryRun = False
) -> None:
    """Resolve by the operator's figure."""
    _resolve(ctx, month, pairs, reason, "accept", dry_run=dry_run)


@app.command(
    "carry",
    help=N_("Carry a charge that is missing in the statement to the next month"),
    epilog='mureg month carry 2023-08 ZV-1045 --reason "Оператор включит в сентябрь"',
)
def carry(
    ctx: typer.Context, month: OneMonth = None, pairs: Pairs = None, reason: Reason = None, dry_run: DryRun = False
) -> None:
    """Resolve by leaving the charge to the next month."""
    _resolve(ctx, month, pairs, reason, "carry", dry_run=dry_run)


@app.command(
    "close",
    help=N_("Close a month; it cannot be changed afterwards"),
    epilog="mureg month close 2023-08\nmureg month close 2023-08 --leave ZV-1042\n"
    "mureg month close 2023-08 --leave-all\n"
    'mureg month close 2023-08 --without-statement --reason "Оператор отчёта не прислал"',
)
def close(
    ctx: typer.Context,
    month: OneMonth = None,
    leave: Annotated[
        list[str] | None,
        typer.Option("--leave", metavar="NUMBER", help=N_("A new application of the month to leave waiting")),
    ] = None,
    leave_all: Annotated[
        bool, typer.Option("--leave-all", help=N_("Leave all new applications of the month waiting"))
    ] = False,
    without_statement: Annotated[
        bool, typer.Option("--without-statement", help=N_("Close without the operator's statement"))
    ] = False,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Freeze every charge with the rules that made it."""
    session = session_of(ctx)
    if reason is not None and not without_statement:
        raise WrongUsage(msg("--reason requires --without-statement"), msg("see: mureg month close -h"))
    wanted = _month(session, month)
    contract = session.settings().contract
    with session.register() as register:
        result = month_closing.close(
            register,
            wanted,
            contract,
            today=session.today,
            leave=leave or (),
            leave_all=leave_all,
            without_statement=needed(reason, "--reason") if without_statement else "",
            actor=session.actor(ctx),
            dry_run=dry_run,
        )
    _show_closed(session, result, wanted, dry_run=dry_run)


@app.command(
    "reopen",
    help=N_("Reopen the last closed month, if it has no invoice"),
    epilog='mureg month reopen 2023-08 --reason "Оператор прислал исправленный отчёт"',
)
def reopen(ctx: typer.Context, month: OneMonth = None, reason: Reason = None, dry_run: DryRun = False) -> None:
    """Reopen, with a reason."""
    session = session_of(ctx)
    wanted, why = _month(session, month), needed(reason, "--reason")
    with session.register() as register:
        result = month_closing.reopen(register, wanted, why, actor=session.actor(ctx), dry_run=dry_run)
    if session.output.wants_json:
        session.output.result_json(result, month=str(wanted), agreed=None)
        return
    state = msg("would be open") if dry_run else msg("open")
    session.output.facts([(N_("Month"), str(wanted)), (N_("State"), state)])
    session.output.note_dry_run(dry_run=dry_run)


def _resolve(
    ctx: typer.Context, month: str | None, pairs: list[str] | None, reason: str | None, action: str, *, dry_run: bool
) -> None:
    session = session_of(ctx)
    wanted = _month(session, month)
    if not pairs:
        raise WrongUsage(
            msg("specify the discrepancies"),
            msg("list those of the month: mureg reconcile --month {month}", month=wanted),
        )
    why = needed(reason, "--reason")
    contract = session.settings().contract
    with session.register() as register:
        result = resolutions.resolve(
            register, wanted, pairs, action, why, contract, actor=session.actor(ctx), dry_run=dry_run
        )
    for before in result.done:
        action_before = msg(RESOLUTION[before.action])
        session.output.note(
            msg("{pair} was resolved differently before: {action}: {reason}",
                pair=before.pair, action=action_before, reason=before.reason)
        )  # fmt: skip
    if session.output.wants_json:
        session.output.result_json(result, month=str(wanted), action=action)
        return
    facts = [(N_("Month"), str(wanted)), (N_("Resolved"), ", ".join(result.numbers))]
    session.output.facts(facts, dry_run=dry_run)
    session.output.note_operation(result, dry_run=dry_run)


def _show_closed(session: Session, result: "Result[month_closing.Closed]", month: Month, *, dry_run: bool) -> None:
    """What was closed, in money, and what comes next."""
    compared, left = result.done
    agreed, output = compared.agreed_kopecks, session.output
    amounts = {"carried": -compared.resolved_kopecks("carry"), "accepted": compared.resolved_kopecks("accept")}
    if output.wants_json:
        texts = {name: format_money(amount) for name, amount in amounts.items()}
        output.result_json(result, month=str(month), agreed=format_money(agreed), **texts, left=list(left))
        return
    ours = compared.settled.settlement.total.payable_kopecks
    output.facts(
        [
            (N_("Month"), str(month)),
            (N_("State"), msg("would be closed") if dry_run else msg("closed")),
            (N_("Ours"), Money(ours)),
            (N_("Accepted differences"), compared.sum_of_resolved("accept")),
            (N_("Carried to the next month"), compared.sum_of_resolved("carry")),
            (N_("Agreed"), Money(agreed)),
        ]
    )
    if left:
        output.note(
            plural(
                "{count} new application of the month was left waiting: {numbers}",
                "{count} new applications of the month were left waiting: {numbers}",
                count=len(left), numbers=", ".join(left[:_MOST_SHOWN]) + ("…" if len(left) > _MOST_SHOWN else ""),
            )
        )  # fmt: skip
    if agreed > 0 and not dry_run:
        output.note(
            msg("next, when the operator's invoice comes: mureg invoice add --month {month} --number NUMBER "
                "--date DATE --amount {amount}",
                month=month, amount=format_money(agreed))
        )  # fmt: skip
    output.note_dry_run(dry_run=dry_run)


def _month(session: Session, text: str | None) -> Month:
    return session.month(needed(text, "MONTH"))
