"""`mureg application process|reject`: the partner's decisions."""

from datetime import date
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
from mureg.cli.framework.input.values import needed
from mureg.cli.framework.session import Session, session_of
from mureg.errors import N_, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result

with lazy_imports():
    from mureg.cli.views import application_result
    from mureg.domain import contract as contracts
    from mureg.domain import warnings as domain_warnings
    from mureg.operations import unchanged
    from mureg.operations.applications import decisions, licensing, quotes
    from mureg.reports.json import applications as reports
    from mureg.reports.json import settlement

app = typer.Typer()

_Processed = Result["list[licensing.Processed]"]

OnDay = Annotated[str | None, typer.Option("--on", metavar="DATE", help=N_("The date (default: today)"))]


@app.command(
    "process",
    help=N_("Process applications: all or none"),
    epilog="mureg application process ZV-1042\nmureg application process ZV-1042 ZV-1043 --on 2023-08-14\n"
    "mureg application process --all-new --submitted-in 2023-08 --without-warnings\n"
    'mureg application process ZV-1042 --without-sale --reason "..."',
)
def process(
    ctx: typer.Context,
    numbers: Numbers = None,
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
    all_new: AllNew = False,
    submitted_before: SubmittedBefore = None,
    submitted_in: SubmittedIn = None,
    inn: Inn = None,
    search: Search = None,
    without_warnings: WithoutWarnings = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Process: with the option on, this makes the licence."""
    session = session_of(ctx)
    choosing = Choosing(all_new, submitted_before, submitted_in, inn, search, without_warnings, yes)
    if not numbers and not all_new:
        raise _nothing_to_process()
    check_choice(session, numbers, choosing, "mureg application process", dry_run=dry_run)
    sold_elsewhere = _sold_elsewhere(reason, without_sale=without_sale)
    day = session.day(on)
    contract = session.settings().contract
    with session.register() as register:
        numbers = chosen_numbers(session, register, choosing) if all_new else list(numbers or ())

        def processed(*, dry_run: bool, expected: str | None = None) -> _Processed:
            return decisions.process(
                register, numbers, day, today=session.today, term_months=contract.term_months if contract else None,
                without_sale=sold_elsewhere, late=late, expected=expected, actor=session.actor(ctx), dry_run=dry_run,
            )  # fmt: skip

        shown = None
        if numbers and choosing.must_ask(dry_run=dry_run):
            shown = processed(dry_run=True).done
            application_result.print_processed(
                session.output, shown, contract, dry_run=True, most=application_result.MOST_IN_PREVIEW
            )
            question = plural("Process {count} application?", "Process {count} applications?", count=len(numbers))
            if not is_confirmed(session, question):
                return
        result = processed(dry_run=dry_run, expected=unchanged.fingerprint(shown) if shown is not None else None)
    if session.output.wants_json:
        _print_json(session, result, day, contract)
    elif not numbers:
        note_none_chosen(session)
    else:
        _show(session, result, contract, is_shown=shown is not None, dry_run=dry_run)


def _sold_elsewhere(reason: str | None, *, without_sale: bool) -> str:
    if reason is not None and not without_sale:
        raise WrongUsage(msg("--reason requires --without-sale"), msg("see: mureg application process -h"))
    return needed(reason, "--reason") if without_sale else ""


def _show(
    session: Session,
    result: _Processed,
    contract: "contracts.SublicenceContract | None",
    *,
    is_shown: bool,
    dry_run: bool,
) -> None:
    if not is_shown:
        application_result.print_processed(session.output, result.done, contract, dry_run=dry_run)
    _note_warnings(session, result.done)
    session.output.note_operation(result, dry_run=dry_run, applications=len(result.numbers))


def _note_warnings(session: Session, processed: "list[licensing.Processed]") -> None:
    for each in processed:
        if each.maybe_settled_in:
            warning, number = domain_warnings.maybe_settled(each.maybe_settled_in).message, each.application.number
            is_alone = len(processed) == 1
            session.output.note(warning if is_alone else msg("{number}: {warning}", number=number, warning=warning))


def _nothing_to_process() -> WrongUsage:
    return WrongUsage(
        msg("specify the applications to process"),
        msg("list the waiting ones: mureg application list --status new; process all of them: --all-new"),
    )


def _print_json(
    session: Session, result: _Processed, day: date, contract: "contracts.SublicenceContract | None"
) -> None:
    say = session.language.say
    warnings = [
        {"number": each.application.number, **reports.warning_json(domain_warnings.maybe_settled(month), say)}
        for each in result.done
        if (month := each.maybe_settled_in)
    ]
    licences = [reports.licence_json(each.licence, day) for each in result.done if each.licence]
    charges = [
        settlement.licence_charge_json(each.licence, quotes.charge_of(each.licence, contract))
        for each in result.done
        if each.licence is not None and each.licence.is_sale
    ]
    session.output.result_json(
        result,
        licences=licences,
        charges=charges,
        total=settlement.sum_json(quotes.sum_of((each.licence for each in result.done), contract)),
        warnings=warnings,
    )


@app.command(
    "reject",
    help=N_("Reject applications: all or none"),
    epilog='mureg application reject ZV-1042 --comment "Клиент передумал"\n'
    'mureg application reject --all-new --inn 7700123459 --comment "Отозвано клиентом"',
)
def reject(
    ctx: typer.Context,
    numbers: Numbers = None,
    comment: Annotated[str | None, typer.Option("--comment", metavar="TEXT", help=N_("Why"))] = None,
    on: OnDay = None,
    all_new: AllNew = False,
    submitted_before: SubmittedBefore = None,
    submitted_in: SubmittedIn = None,
    inn: Inn = None,
    search: Search = None,
    without_warnings: WithoutWarnings = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Reject, with a comment."""
    session = session_of(ctx)
    choosing = Choosing(all_new, submitted_before, submitted_in, inn, search, without_warnings, yes)
    if not numbers and not all_new:
        needed(None, "NUMBER")
    check_choice(session, numbers, choosing, "mureg application reject", dry_run=dry_run)
    comment, day = needed(comment, "--comment"), session.day(on)
    with session.register() as register:
        numbers = chosen_numbers(session, register, choosing) if all_new else list(numbers or ())
        today, actor = session.today, session.actor(ctx)
        must_ask = bool(numbers) and choosing.must_ask(dry_run=dry_run)
        if must_ask:
            shown = decisions.reject(register, numbers, comment, day, today=today, actor=actor, dry_run=True)
            application_result.print_rejected(
                session.output, shown.done, dry_run=True, most=application_result.MOST_IN_PREVIEW
            )
            question = plural("Reject {count} application?", "Reject {count} applications?", count=len(numbers))
            if not is_confirmed(session, question):
                return
        result = decisions.reject(register, numbers, comment, day, today=today, actor=actor, dry_run=dry_run)
    if session.output.wants_json:
        session.output.result_json(result)
        return
    if not numbers:
        note_none_chosen(session)
        return
    if not must_ask:
        application_result.print_rejected(session.output, result.done, dry_run=dry_run)
    session.output.note_operation(result, dry_run=dry_run, applications=len(result.numbers))
