"""`mureg application set-multiuser`: the partner's option and tier."""

from typing import Annotated

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.choice import (
    AllNew,
    Choosing,
    Inn,
    Numbers,
    Search,
    SubmittedBefore,
    SubmittedIn,
    WithoutWarnings,
    Yes,
    check_choice,
    chosen_numbers,
    is_confirmed,
    note_none_chosen,
)
from mureg.cli.framework.input.prompt import chosen_number
from mureg.cli.framework.input.values import tier_of
from mureg.cli.framework.session import Session, session_of
from mureg.command_hints import quoted
from mureg.domain.application import Application, Switch, Tier
from mureg.errors import N_, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result
from mureg.reports.cells import Label
from mureg.reports.labels import mode_label, tier_label

with lazy_imports():
    from mureg.cli.views import application_result
    from mureg.operations.applications import decisions
    from mureg.reports.json import applications as reports

app = typer.Typer()


@app.command(
    "set-multiuser",
    help=N_("Set the multi-user option and its tier, or reset it to the client's request"),
    epilog="mureg application set-multiuser --tier 10+\nmureg application set-multiuser ZV-1042 --off\n"
    "mureg application set-multiuser ZV-1042 ZV-1043 --reset\n"
    "mureg application set-multiuser --all-new --search ромашка --tier 2-9",
)
def set_multiuser(
    ctx: typer.Context,
    numbers: Numbers = None,
    tier: Annotated[
        str | None, typer.Option("--tier", metavar="2-9|10+", help=N_("Turn the option on with this tier"))
    ] = None,
    on: Annotated[
        bool, typer.Option("--on", help=N_("Turn the option on; the tier follows from the number of users"))
    ] = False,
    off: Annotated[bool, typer.Option("--off", help=N_("Turn the option off"))] = False,
    reset: Annotated[bool, typer.Option("--reset", help=N_("Return to what the client asked for"))] = False,
    all_new: AllNew = False,
    submitted_before: SubmittedBefore = None,
    submitted_in: SubmittedIn = None,
    inn: Inn = None,
    search: Search = None,
    without_warnings: WithoutWarnings = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Set the partner's decision. The partner cannot add users."""
    session = session_of(ctx)
    wanted_tier = tier_of(tier) if tier is not None else None
    option = _option(wanted_tier, on=on, off=off, reset=reset)
    choosing = Choosing(all_new, submitted_before, submitted_in, inn, search, without_warnings, yes)
    check_choice(session, numbers, choosing, "mureg application set-multiuser", dry_run=dry_run)
    with session.register() as register:
        if all_new:
            numbers = chosen_numbers(session, register, choosing)
        elif not numbers:
            options = _options_as_typed(ctx, wanted_tier)
            numbers = [chosen_number(session, register, None, "mureg application set-multiuser", options)]
        if not numbers:
            note_none_chosen(session)
        actor = session.actor(ctx)
        if numbers and choosing.must_ask(dry_run=dry_run):
            shown = decisions.set_multiuser(register, numbers, option, wanted_tier, actor=actor, dry_run=True)
            application_result.print_options_set(
                session.output, shown.done, dry_run=True, most=application_result.MOST_IN_PREVIEW
            )
            question = plural("Set {count} application?", "Set {count} applications?", count=len(numbers))
            if not is_confirmed(session, question):
                return
        result = decisions.set_multiuser(register, numbers, option, wanted_tier, actor=actor, dry_run=dry_run)
    if session.output.wants_json:
        _print_json(session, result, is_list=all_new or len(numbers) > 1)
    elif len(result.done) == 1:
        _show_one(session, result, actor.user, dry_run=dry_run)
    elif result.done and not choosing.must_ask(dry_run=dry_run):
        application_result.print_options_set(session.output, result.done, dry_run=dry_run)
    if numbers and not session.output.wants_json:
        session.output.note_operation(result, dry_run=dry_run, applications=_changed(result))


def _changed(result: "Result[list[decisions.OptionSet]]") -> int:
    return sum(before != after for before, after in result.done)


def _print_json(session: Session, result: "Result[list[decisions.OptionSet]]", *, is_list: bool) -> None:
    def multiuser(application: Application) -> object:
        return reports.application_json(application, [], session.language.say)["multiuser"]

    if is_list:
        session.output.result_json(
            result,
            applications=[
                {"number": after.number, "multiuser": multiuser(after), "before": multiuser(before)}
                for before, after in result.done
            ],
        )
        return
    ((before, after),) = result.done
    session.output.result_json(result, multiuser=multiuser(after), before=multiuser(before))


def _show_one(session: Session, result: "Result[list[decisions.OptionSet]]", user: str, *, dry_run: bool) -> None:
    output, ((before, after),) = session.output, result.done
    output.facts(
        [
            (N_("Application"), after.number),
            (N_("Status"), Label(N_("would be set")) if dry_run and before != after else None),
            (N_("Multi-user mode"), mode_label(after)),
            (N_("Tier"), tier_label(after.tier)),
        ]
    )
    if before == after:
        output.note(msg("already set; nothing was written"))
    elif before.set_by not in ("", user):
        # If two people work on one application, the second sees what the first had set.
        output.note(
            msg("set before by {user} in operation {operation}: {mode}, {tier}",
                user=before.set_by, operation=before.operation,
                mode=session.language.translate(mode_label(before).text), tier=before.tier or "—")
        )  # fmt: skip
    if after.effective == "on" and after.tier is None:
        number = quoted(after.number)
        output.note(msg("a tier is still needed: mureg application set-multiuser {number} --tier 2-9", number=number))


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
