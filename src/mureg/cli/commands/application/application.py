"""`mureg application list|show|check`: the list, the card and the warnings."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from mureg.cli.framework.input.values import labelled, limit_of, one_of, tier_of
from mureg.cli.framework.output.columns import Column
from mureg.cli.framework.output.list_output import File, Format, ListOutput
from mureg.cli.framework.session import Session, session_of
from mureg.domain.application import KINDS, STATUSES, Application, ClientRequest
from mureg.errors import N_, DifferencesFound, Rejected, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.reports.cells import Label
from mureg.reports.labels import KIND, STATUS, SWITCH

if TYPE_CHECKING:
    from mureg.domain.warnings import ApplicationWarning

with lazy_imports():
    from mureg.cli.framework.input import prompt
    from mureg.cli.framework.output import progress
    from mureg.cli.views import application_card
    from mureg.domain import contract as contracts
    from mureg.operations.applications import processing as operations
    from mureg.operations.applications import quotes
    from mureg.register.queries import applications as queries
    from mureg.reports.json import applications as reports
    from mureg.reports.lists import applications as application_list

app = typer.Typer()


_Number = Annotated[
    str | None,
    typer.Argument(metavar="[NUMBER]", help=N_("The application's number; optional if exactly one is waiting")),
]
_Sort = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="FIELD",
        help=N_("Sort by submitted_on (default), number, inn, name, status, tier or processed_on"),
    ),
]


@app.command(
    "list",
    help=N_("List applications"),
    epilog="mureg application list --status new\nmureg application list --search ромашка\n"
    "mureg application list --status new --warnings\nmureg application list --submitted-in 2023-08 -o август.xlsx\n"
    "mureg application list --month 2023-08 --json",
)
def list_applications(
    ctx: typer.Context,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="STATUS", help=N_("Only this status: new, processed, rejected or cancelled")),
    ] = None,
    multiuser: Annotated[
        str | None, typer.Option("--multiuser", metavar="on|off", help=N_("Only with the mode on or off"))
    ] = None,
    tier: Annotated[str | None, typer.Option("--tier", metavar="2-9|10+", help=N_("Only this tier"))] = None,
    inn: Annotated[str | None, typer.Option("--inn", metavar="INN", help=N_("Only this ИНН"))] = None,
    search: Annotated[
        str | None, typer.Option("--search", metavar="TEXT", help=N_("Only with this text in the number, ИНН or name"))
    ] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="MONTH", help=N_("Only applications processed in this month"))
    ] = None,
    submitted_in: Annotated[
        str | None,
        typer.Option("--submitted-in", metavar="MONTH", help=N_("Only applications submitted in this month")),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help=N_("Only this type: connection, change or renewal"))
    ] = None,
    with_warnings: Annotated[
        bool, typer.Option("--warnings", help=N_("Only with warnings that are more than notes"))
    ] = False,
    sort: _Sort = "submitted_on",
    reverse: Annotated[bool, typer.Option("--reverse", help=N_("Reverse the order"))] = False,
    limit: Annotated[str | None, typer.Option("--limit", metavar="N", help=N_("Maximum number of lines"))] = None,
    output_format: Format = None,
    file: File = None,
) -> None:
    """List applications; an empty list is no error."""
    session = session_of(ctx)
    output = ListOutput(session, output_format, file)
    wanted = queries.ApplicationFilter(
        status=labelled(session, "--status", status, STATUSES, STATUS) if status is not None else None,
        effective=labelled(session, "--multiuser", multiuser, ("on", "off"), SWITCH) if multiuser is not None else None,
        tier=tier_of(tier) if tier is not None else None,
        inn=inn,
        search=search,
        month=session.month(month) if month else None,
        submitted_in=session.month(submitted_in) if submitted_in else None,
        kind=labelled(session, "--type", kind, KINDS, KIND) if kind is not None else None,
    )
    sort = one_of("--sort", sort, tuple(queries.SORT_COLUMNS))
    most = limit_of(limit) if limit is not None else None
    limit_in_query = None if with_warnings else most
    with session.register() as register:
        finder = operations.WarningFinder(register, session.today)
        found = register.applications.matching(wanted, sort=sort, reverse=reverse, limit=limit_in_query)
        if with_warnings:
            found = islice((each for each, warnings in finder.of_each(found) if _is_serious(warnings)), most)
        if output.wants_json:
            _print_json(session, output, operations.with_licences(register, found), finder)
        else:
            _print_rows(output, found, finder)


def _print_json(
    session: Session,
    output: ListOutput,
    found: "Iterable[operations.ListedApplication]",
    finder: "operations.WarningFinder",
) -> None:
    say = session.language.say
    output.json(
        (reports.application_json(each, finder.of(each), say, licence) for each, licence in found),
        shape=reports.application_json(Application(ClientRequest("", "connection", "", "")), [], str),
    )


def _print_rows(output: ListOutput, found: Iterable[Application], finder: "operations.WarningFinder") -> None:
    output.rows(
        N_("Applications"),
        application_list.COLUMNS,
        application_list.rows(finder.of_each(found)),
        lambda count: plural("{count} application", "{count} applications", count=count),
    )


@app.command(
    "show",
    help=N_("Show an application and the next step"),
    epilog="mureg application show\nmureg application show ZV-1042 --json",
)
def show(ctx: typer.Context, number: _Number = None) -> None:
    """Show one application, as the Web-registrator's card does."""
    session = session_of(ctx)
    with session.register() as register:
        if number is None:
            number = prompt.chosen_number(session, register, None, "mureg application show")
        card = operations.card(register, number, session.today)
        contract = _contract_for_people(session)
        quote = quotes.quote_of(register, card.application, session.today, contract) if contract else None
    if session.output.wants_json:
        session.output.json(
            reports.application_json(card.application, card.warnings, session.language.say, card.licence)
        )
        return
    if card.application.number != number:
        session.output.note(
            msg("there is no {number}; this one looks like it: {found}", number=number, found=card.application.number)
        )
    application_card.print_card(session.output, card, quote)


def _contract_for_people(session: Session) -> "contracts.SublicenceContract | None":
    """The contract, for the price on a terminal: a pipe does not wait for the settings."""
    if not session.output.is_terminal:
        return None
    try:
        return session.settings().contract
    except Rejected:
        return None


@app.command(
    "check",
    help=N_("Show the warnings of the given applications, or of all new ones"),
    epilog="mureg application check\nmureg application check ZV-1042",
)
def check(
    ctx: typer.Context,
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NUMBER…]", help=N_("The applications' numbers"))
    ] = None,
) -> None:
    """Print the warnings; exit 6 where one is more than a note."""
    session = session_of(ctx)
    output, say = session.output, session.language.say
    with session.register() as register, progress.progress(session, N_("Applications checked")) as advance:
        found: Iterable[Application] = register.applications.matching(queries.ApplicationFilter(status="new"))
        if numbers:
            found = [operations.find_application(register, number) for number in numbers]
        checked, warnings = [], operations.WarningFinder(register, session.today)
        for application, its in warnings.of_each(found):
            checked.append((application.number, its))
            if len(checked) % _PROGRESS_STEP == 0:
                advance(_PROGRESS_STEP)
    if output.wants_json:
        output.json_list(
            (
                {"number": number, "warnings": [reports.warning_json(warning, say) for warning in warnings]}
                for number, warnings in checked
            ),
            shape={"number": "", "warnings": []},
        )
    else:
        rows = [
            (number, Label(_LEVEL[warning.level]), warning.message)
            for number, warnings in checked
            for warning in warnings
        ]
        if rows:
            output.table((Column(N_("Number")), Column(N_("Level")), Column(N_("Warning"), may_wrap=True)), rows)
    serious = sum(_is_serious(warnings) for _, warnings in checked)
    if serious:
        raise DifferencesFound(
            plural("{count} application has warnings", "{count} applications have warnings", count=serious),
            msg("check before you process: mureg application show NUMBER"),
        )
    done = plural("{count} application checked", "{count} applications checked", count=len(checked))
    if notes := sum(len(warnings) for _, warnings in checked):
        output.note(
            msg(
                "{checked}: no warnings, {noted}",
                checked=done,
                noted=plural("{count} note", "{count} notes", count=notes),
            )
        )
    else:
        output.note(msg("{checked}: no warnings or notes", checked=done))


_PROGRESS_STEP = 500
_LEVEL = {"warning": N_("warning"), "note": N_("note")}


def _is_serious(found: "Sequence[ApplicationWarning]") -> bool:
    return any(each.level == "warning" for each in found)
