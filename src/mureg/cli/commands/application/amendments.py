"""`mureg application amend|return`: what was processed is corrected, or new again."""

from typing import TYPE_CHECKING, Annotated

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import needed, tier_of
from mureg.cli.framework.session import session_of
from mureg.errors import N_, WrongUsage, msg
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.cli.views import application_result
    from mureg.operations.applications import amendments as operations
    from mureg.reports.json import applications as reports

if TYPE_CHECKING:
    from mureg.domain.contract import SublicenceContract

app = typer.Typer()

Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=N_("Why"))]


@app.command(
    "amend",
    help=N_("Correct the tier or the date of a processed application"),
    epilog='mureg application amend ZV-1042 --tier 10+ --reason "Клиент уточнил число пользователей"\n'
    'mureg application amend ZV-1042 --on 2023-08-10 --reason "Ошибка в дате"',
)
def amend(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="NUMBER", help=N_("The application's number"))] = None,
    tier: Annotated[
        str | None, typer.Option("--tier", metavar="2-9|10+", help=N_("The tier that it should have"))
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=N_("The date on which it should have been processed"))
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help=N_("The option and tier that the client asked for"))] = False,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Amend: the application's licence, and what follows from it, is computed anew."""
    session = session_of(ctx)
    number, reason = needed(number, "NUMBER"), needed(reason, "--reason")
    if tier is None and on is None and not reset:
        raise WrongUsage(
            msg("specify what to amend: --tier 2-9, --tier 10+, --on DATE or --reset"),
            msg("see: mureg application amend -h"),
        )
    if tier is not None and reset:
        raise WrongUsage(msg("--reset cannot be combined with --tier"), msg("see: mureg application amend -h"))
    wanted_tier = tier_of(tier) if tier is not None else None
    day = session.day(on) if on is not None else None
    contract = session.settings().contract
    with session.register() as register:
        result = operations.amend(
            register, number, reason, tier=wanted_tier, on=day, reset=reset, today=session.today,
            term_months=_term_of(contract), contract=contract, actor=session.actor(ctx), dry_run=dry_run,
        )  # fmt: skip
    done = result.done
    if session.output.wants_json:
        licences = [*([done.licence] if done.licence else []), *done.changed]
        session.output.result_json(
            result,
            licences=[reports.licence_json(each, session.today) for each in licences],
            before={
                "processed_on": done.before.processed_on.isoformat() if done.before.processed_on else None,
                "tier": done.before.tier,
                "licence": reports.licence_json(done.licence_before, session.today) if done.licence_before else None,
            },
            changes=[reports.total_change_json(*each) for each in done.totals],
        )
        return
    application_result.print_amended(session.output, done, dry_run=dry_run)
    if done.before == done.after:
        session.output.note(msg("already so; nothing was written"))
    session.output.note_operation(result, dry_run=dry_run)


@app.command(
    "return",
    help=N_("Make processed or rejected applications new again"),
    epilog='mureg application return ZV-1042 --reason "Обработано по ошибке"',
)
def return_to_new(
    ctx: typer.Context,
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="NUMBER…", help=N_("The applications' numbers"))
    ] = None,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> None:
    """Return: the licence goes, and what it had ended or replaced runs again."""
    session = session_of(ctx)
    if not numbers:
        raise WrongUsage(
            msg("specify the applications to return"),
            msg("list the processed ones: mureg application list --status processed"),
        )
    reason = needed(reason, "--reason")
    contract = session.settings().contract
    with session.register() as register:
        result = operations.return_to_new(
            register, numbers, reason, term_months=_term_of(contract), contract=contract, actor=session.actor(ctx),
            dry_run=dry_run,
        )  # fmt: skip
    if session.output.wants_json:
        changed = [licence for each in result.done.applications for licence in each.changed]
        session.output.result_json(
            result,
            licences=[reports.licence_json(licence, session.today) for licence in changed],
            changes=[reports.total_change_json(*each) for each in result.done.totals],
        )
        return
    application_result.print_returned(session.output, result.done, dry_run=dry_run)
    session.output.note_operation(result, dry_run=dry_run, applications=len(result.numbers))


def _term_of(contract: "SublicenceContract | None") -> int | None:
    return contract.term_months if contract else None
