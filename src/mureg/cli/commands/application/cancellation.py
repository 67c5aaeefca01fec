"""`mureg application cancel`: a processed sale is taken back."""

from typing import Annotated

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import needed
from mureg.cli.framework.session import Session, session_of
from mureg.domain.dates import Month
from mureg.errors import N_, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result

with lazy_imports():
    from mureg.cli.views import application_result as views
    from mureg.operations.applications import decisions
    from mureg.reports import application_result as reports
    from mureg.reports.json import applications as json_reports

app = typer.Typer()


@app.command(
    "cancel",
    help=N_("Cancel a processed sale: it leaves the settlement, and the licence ends"),
    epilog='mureg application cancel ZV-1042 --reason "Договор расторгнут" --on 2023-08-20',
)
def cancel(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="NUMBER", help=N_("The application's number"))] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=N_("Why"))] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=N_("The date (default: today)"))] = None,
    dry_run: DryRun = False,
) -> None:
    """Cancel a sale; the application's status is then final."""
    session = session_of(ctx)
    number, reason, day = needed(number, "NUMBER"), needed(reason, "--reason"), session.day(on)
    contract = session.settings().contract
    with session.register() as register:
        result = decisions.cancel(
            register,
            number,
            reason,
            day,
            today=session.today,
            contract=contract,
            actor=session.actor(ctx),
            dry_run=dry_run,
        )
    _show_cancelled(session, result, dry_run=dry_run)


def _show_cancelled(session: Session, result: "Result[decisions.Cancelled]", *, dry_run: bool) -> None:
    """The status, what changed in money, and what comes next."""
    output, (licence, changes) = session.output, result.done
    if output.wants_json:
        output.result_json(
            result,
            changes=[json_reports.total_change_json(*change) for change in changes],
        )
        return
    label = reports.status_label("cancelled", dry_run=dry_run)
    output.facts([(N_("Application"), result.numbers[0]), (N_("Status"), label)])
    views.print_totals(output, changes, dry_run=dry_run)
    if not changes:
        output.note(reports.NO_PAYABLE_CHANGE)
    for change in () if dry_run else changes:
        assert licence.sold_on is not None, "a sale has a day"
        if change.month.contains(licence.sold_on):
            output.note(
                msg("next, see the month without the sale: mureg reconcile --month {month}", month=change.month)
            )
        else:
            output.note(
                msg("{closed} is closed: it is a correction of {month}; see it: mureg reconcile --month {month}",
                    closed=Month.of(licence.sold_on), month=change.month)
            )  # fmt: skip
    output.note_operation(result, dry_run=dry_run)
