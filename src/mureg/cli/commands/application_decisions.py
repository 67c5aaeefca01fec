"""`mureg application set-multiuser|process|reject|cancel`: the partner's decisions."""

from typing import Annotated, Any

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.prompt import Number, chosen_number
from mureg.cli.framework.session import Session, session_of
from mureg.cli.framework.values import needed, tier_of
from mureg.cli.views.labels import mode_label, tier_label
from mureg.command_hints import quoted
from mureg.domain.application import Switch, Tier
from mureg.domain.dates import Month
from mureg.domain.money import Amount, format_money
from mureg.errors import N_, WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result

with lazy_imports():
    from mureg.cli.views import application_result
    from mureg.domain import warnings as domain_warnings
    from mureg.operations import decisions
    from mureg.reports.json import applications as reports

app = typer.Typer()

OneNumber = Annotated[str | None, typer.Argument(metavar="NUMBER", help=N_("The application's number"))]
OnDay = Annotated[str | None, typer.Option("--on", metavar="DATE", help=N_("The date (default: today)"))]


@app.command(
    "set-multiuser",
    help=N_("Set the multi-user option and its tier, or reset it to the client's request"),
    epilog="mureg application set-multiuser --tier 10+\nmureg application set-multiuser ZV-1042 --off\n"
    "mureg application set-multiuser ZV-1042 --reset",
)
def set_multiuser(
    ctx: typer.Context,
    number: Number = None,
    tier: Annotated[
        str | None, typer.Option("--tier", metavar="2-9|10+", help=N_("Turn the option on with this tier"))
    ] = None,
    on: Annotated[
        bool, typer.Option("--on", help=N_("Turn the option on; the tier follows from the number of users"))
    ] = False,
    off: Annotated[bool, typer.Option("--off", help=N_("Turn the option off"))] = False,
    reset: Annotated[bool, typer.Option("--reset", help=N_("Return to what the client asked for"))] = False,
    dry_run: DryRun = False,
) -> None:
    """Set the partner's decision. The partner cannot add users."""
    session = session_of(ctx)
    output, say = session.output, session.language.say
    wanted_tier = tier_of(tier) if tier is not None else None
    option = _option(wanted_tier, on=on, off=off, reset=reset)
    with session.register() as register:
        options = _options_as_typed(ctx, wanted_tier)
        number = chosen_number(session, register, number, "mureg application set-multiuser", options)
        actor = session.actor(ctx)
        result = decisions.set_multiuser(register, number, option, wanted_tier, actor=actor, dry_run=dry_run)
    before, after = result.done
    if output.wants_json:
        output.result_json(
            result,
            multiuser=reports.application_json(after, [], say)["multiuser"],
            before=reports.application_json(before, [], say)["multiuser"],
        )
        return
    output.facts(
        [
            (N_("Application"), number),
            (N_("Multi-user mode"), mode_label(after)),
            (N_("Tier"), tier_label(after.tier)),
        ]
    )
    if before == after:
        output.note(msg("already set; nothing was written"))
    elif before.set_by not in ("", actor.user):
        # If two people work on one application, the second sees what the first had set.
        output.note(
            msg("set before by {user} in operation {operation}: {mode}, {tier}",
                user=before.set_by, operation=before.operation,
                mode=session.language.translate(mode_label(before).text), tier=before.tier or "—")
        )  # fmt: skip
    if after.effective == "on" and after.tier is None:
        output.note(
            msg("a tier is still needed: mureg application set-multiuser {number} --tier 2-9", number=quoted(number))
        )
    output.note_operation(result, dry_run=dry_run)


def _option(tier: Tier | None, *, on: bool, off: bool, reset: bool) -> Switch | None:
    """On, off, or `None` for the client's request. Raises `WrongUsage` for flags that contradict each other."""
    is_on = on or tier is not None
    if is_on + off + reset != 1:
        raise WrongUsage(
            msg(
                "specify what to set: --tier 2-9, --tier 10+, --on, --off or --reset; only --on can be "
                "combined with --tier"
            ),
            msg("see: mureg application set-multiuser -h"),
        )
    if reset:
        return None
    return "on" if is_on else "off"


def _options_as_typed(ctx: typer.Context, tier: Tier | None) -> str:
    """The options of set-multiuser, as a hint repeats them after the number."""
    flags = [f"--{name.replace('_', '-')}" for name in ("on", "off", "reset", "dry_run") if ctx.params[name]]
    return " ".join([*([f"--tier {tier}"] if tier else []), *flags])


@app.command(
    "process",
    help=N_("Process applications: all or none"),
    epilog="mureg application process ZV-1042\nmureg application process ZV-1042 ZV-1043 --on 2023-08-14\n"
    'mureg application process ZV-1042 --without-sale --reason "..."',
)
def process(
    ctx: typer.Context,
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="NUMBER…", help=N_("The applications' numbers"))
    ] = None,
    on: OnDay = None,
    without_sale: Annotated[
        bool, typer.Option("--without-sale", help=N_("The licence was sold elsewhere, or before the register began"))
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=N_("The reason for processing without a sale"))
    ] = None,
    late: Annotated[
        bool,
        typer.Option(
            "--late", help=N_("Allow a date in a closed month; the sale becomes a correction in the first open month")
        ),
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Process: with the option on, this makes the licence."""
    session = session_of(ctx)
    if not numbers:
        raise WrongUsage(
            msg("specify the applications to process"),
            msg("list the waiting ones: mureg application list --status new"),
        )
    if reason is not None and not without_sale:
        raise WrongUsage(msg("--reason requires --without-sale"), msg("see: mureg application process -h"))
    day = session.day(on)
    contract = session.settings().contract
    with session.register() as register:
        result = decisions.process(
            register,
            numbers,
            day,
            today=session.today,
            term_months=contract.term_months if contract else None,
            without_sale=needed(reason, "--reason") if without_sale else "",
            late=late,
            actor=session.actor(ctx),
            dry_run=dry_run,
        )
    if session.output.wants_json:
        say = session.language.say
        licences = [reports.licence_json(each.licence, day) for each in result.done if each.licence]
        warnings = [
            {"number": each.application.number, **reports.warning_json(domain_warnings.maybe_settled(month), say)}
            for each in result.done
            if (month := each.maybe_settled_in)
        ]
        session.output.result_json(result, licences=licences, warnings=warnings)
        return
    for processed in result.done:
        application_result.print_licence(session.output, processed, dry_run=dry_run)
        if processed.maybe_settled_in:
            session.output.note(domain_warnings.maybe_settled(processed.maybe_settled_in).message)
    session.output.note_operation(result, dry_run=dry_run, applications=len(result.numbers))


@app.command(
    "reject",
    help=N_("Reject an application"),
    epilog='mureg application reject ZV-1042 --comment "Клиент передумал"',
)
def reject(
    ctx: typer.Context,
    number: OneNumber = None,
    comment: Annotated[str | None, typer.Option("--comment", metavar="TEXT", help=N_("Why"))] = None,
    on: OnDay = None,
    dry_run: DryRun = False,
) -> None:
    """Reject, with a comment."""
    session = session_of(ctx)
    number, comment, day = needed(number, "NUMBER"), needed(comment, "--comment"), session.day(on)
    with session.register() as register:
        result = decisions.reject(
            register, number, comment, day, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    _show_status(session, result, dry_run=dry_run, status="rejected")


@app.command(
    "cancel",
    help=N_("Cancel a processed sale: it leaves the settlement, and the licence ends"),
    epilog='mureg application cancel ZV-1042 --reason "Договор расторгнут" --on 2023-08-20',
)
def cancel(
    ctx: typer.Context,
    number: OneNumber = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=N_("Why"))] = None,
    on: OnDay = None,
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
            changes=[
                {
                    "month": str(change.month),
                    "payable_before": format_money(change.before_kopecks),
                    "payable": format_money(change.after_kopecks),
                }
                for change in changes
            ],
        )
        return
    label = application_result.status_label("cancelled", dry_run=dry_run)
    output.facts([(N_("Application"), result.numbers[0]), (N_("Status"), label)])
    for change in changes:
        output.line(
            output.cell(
                msg(
                    "Payable for {month}: {before} before, {after} now; the difference is {difference}",
                    month=change.month, before=Amount(change.before_kopecks), after=Amount(change.after_kopecks),
                    difference=Amount(change.after_kopecks - change.before_kopecks),
                )
            )
        )  # fmt: skip
    if not changes:
        output.note(msg("no open month charges the sale: no total has changed"))
    for change in changes:
        assert licence.sold_on is not None, "a sale has a day"
        if change.month.contains(licence.sold_on):
            if dry_run:
                continue
            output.note(
                msg("next, see the month without the sale: mureg reconcile --month {month}", month=change.month)
            )
        else:
            output.note(
                msg("{closed} is closed: it is a correction of {month}; see it: mureg reconcile --month {month}",
                    closed=Month.of(licence.sold_on), month=change.month)
            )  # fmt: skip
    output.note_operation(result, dry_run=dry_run)


def _show_status(session: Session, result: Result[Any], *, dry_run: bool, status: str) -> None:
    if session.output.wants_json:
        session.output.result_json(result)
        return
    label = application_result.status_label(status, dry_run=dry_run)
    session.output.facts([(N_("Application"), result.numbers[0]), (N_("Status"), label)])
    session.output.note_operation(result, dry_run=dry_run)
