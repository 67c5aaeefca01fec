"""`mureg application …`: what a manager does all day."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from mureg.cli.commands import application_import
from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.output import Cell, Column
from mureg.cli.framework.prompt import chosen_number
from mureg.cli.framework.session import Session, needed, session_of
from mureg.cli.views.application_card import print_card, print_licence
from mureg.cli.views.labels import STATUS, mode_label, tier_label
from mureg.command_hints import quoted
from mureg.domain.application import STATUSES, Application, ClientRequest, Switch, Tier, parse_tier
from mureg.domain.warnings import maybe_settled
from mureg.errors import N_, DifferencesFound, WrongUsage, msg, plural
from mureg.operations import applications as operations
from mureg.operations.result import Result
from mureg.register.queries.applications import SORT_COLUMNS, ApplicationFilter
from mureg.reports.cells import Label
from mureg.reports.json.applications import application_json, licence_json, warning_json

app = typer.Typer()

Number = Annotated[
    str | None, typer.Argument(metavar="[NUMBER]", help=N_("The application; may be left out where one is waiting"))
]
OneNumber = Annotated[str | None, typer.Argument(metavar="NUMBER", help=N_("The application"))]
OnDay = Annotated[str | None, typer.Option("--on", metavar="DATE", help=N_("The day; today if not given"))]

app.command(
    "import",
    help=N_("Import applications from files: XML of 1C, CSV, XLSX, JSON, JSON lines"),
    epilog="mureg application import ZV-1042.xml\nmureg application import august.csv partners.xlsx\n"
    "mureg application import - --number ZV-1042",
)(application_import.import_files)


@app.command(
    "list",
    help=N_("List applications"),
    epilog="mureg application list --status new\nmureg application list --search ромашка\n"
    "mureg application list --month 2023-08 --json",
)
def list_applications(
    ctx: typer.Context,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="STATUS", help=N_("Only these: new, processed, rejected or cancelled")),
    ] = None,
    multiuser: Annotated[
        str | None, typer.Option("--multiuser", metavar="on|off", help=N_("Only with the mode on, or off"))
    ] = None,
    tier: Annotated[str | None, typer.Option("--tier", metavar="2-9|10+", help=N_("Only of this tier"))] = None,
    inn: Annotated[str | None, typer.Option("--inn", metavar="INN", help=N_("Only of this ИНН"))] = None,
    search: Annotated[
        str | None, typer.Option("--search", metavar="TEXT", help=N_("Only with this in the number, ИНН or name"))
    ] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="MONTH", help=N_("Only processed in this month"))
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="FIELD",
            help=N_("By submitted_on (unless said), number, inn, name, status, tier or processed_on"),
        ),
    ] = "submitted_on",
    reverse: Annotated[bool, typer.Option("--reverse", help=N_("The last first"))] = False,
    limit: Annotated[str | None, typer.Option("--limit", metavar="N", help=N_("At most this many"))] = None,
) -> None:
    """List applications; an empty list is no error."""
    session = session_of(ctx)
    wanted = ApplicationFilter(
        status=_one_of("--status", status, STATUSES),
        effective=_one_of("--multiuser", multiuser, ("on", "off")),
        tier=_tier(tier),
        inn=inn,
        search=search,
        month=session.month(month) if month else None,
    )
    sort = _one_of("--sort", sort, tuple(SORT_COLUMNS)) or sort
    with session.register() as register:
        found = register.applications.matching(wanted, sort=sort, reverse=reverse, limit=_limit(limit))
        if session.output.wants_json:
            say = session.language.say
            session.output.json_list(
                (
                    application_json(application, operations.warnings_for(register, application, session.today), say)
                    for application in found
                ),
                shape=_SHAPE,
            )
            return
        session.output.table(_LIST_COLUMNS, map(_list_row, found))


_SHAPE = application_json(Application(ClientRequest("", "connection", "", "")), [], str)

_LIST_COLUMNS = (
    Column(N_("Number")),
    Column(N_("Submitted")),
    Column(N_("ИНН"), may_go=True),
    Column(N_("Organisation"), may_wrap=True),
    Column(N_("Mode")),
    Column(N_("Tier")),
    Column(N_("Status")),
)


def _list_row(application: Application) -> tuple[Cell, ...]:
    request = application.request
    return (
        request.number,
        application.submitted_on,
        request.inn,
        request.name,
        mode_label(application),
        tier_label(application.tier),
        Label(STATUS[application.status]),
    )


@app.command(
    "show",
    help=N_("Show everything about an application, and the next step"),
    epilog="mureg application show\nmureg application show ZV-1042 --json",
)
def show(ctx: typer.Context, number: Number = None) -> None:
    """Show one application, as the Web-registrator's card does."""
    session = session_of(ctx)
    with session.register() as register:
        number = chosen_number(session, register, number, "mureg application show")
        card = operations.card(register, number, session.today)
    if session.output.wants_json:
        session.output.json(application_json(card.application, card.warnings, session.language.say))
    else:
        print_card(session.output, card)


@app.command(
    "check",
    help=N_("Warnings of applications: of those named, or of all new ones"),
    epilog="mureg application check\nmureg application check ZV-1042",
)
def check(
    ctx: typer.Context,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[NUMBER…]", help=N_("The applications"))] = None,
) -> None:
    """Print the warnings; exit 6 where one is more than a note."""
    # Only what looks at many applications needs a bar.
    from mureg.cli.framework.progress import progress  # noqa: PLC0415

    session = session_of(ctx)
    with session.register() as register, progress(session, N_("Applications checked")) as told:
        found: Iterable[Application] = register.applications.matching(ApplicationFilter(status="new"))
        if numbers:
            found = [operations.find_application(register, number) for number in numbers]
        warned = []
        for application in found:
            warned.append((application.number, operations.warnings_for(register, application, session.today)))
            if len(warned) % _TOLD_AT_ONCE == 0:
                told(_TOLD_AT_ONCE)
    if session.output.wants_json:
        say = session.language.say
        session.output.json_list(
            (
                {"number": number, "warnings": [warning_json(warning, say) for warning in warnings]}
                for number, warnings in warned
            ),
            shape={"number": "", "warnings": []},
        )
    else:
        rows = [
            (number, Label(_LEVEL[warning.level]), warning.message)
            for number, warnings in warned
            for warning in warnings
        ]
        if rows:
            session.output.table(
                (Column(N_("Number")), Column(N_("Level")), Column(N_("Warning"), may_wrap=True)), rows
            )
    serious = sum(any(warning.level == "warning" for warning in warnings) for _, warnings in warned)
    if serious:
        raise DifferencesFound(
            plural("{count} application has warnings", "{count} applications have warnings", count=serious),
            msg("look before you process: mureg application show NUMBER"),
        )
    session.output.note(
        msg(
            "{checked}: no warnings, {noted}",
            checked=plural("{count} application checked", "{count} applications checked", count=len(warned)),
            noted=plural("{count} note", "{count} notes", count=sum(len(warnings) for _, warnings in warned)),
        )
    )


_TOLD_AT_ONCE = 500
_LEVEL = {"warning": N_("warning"), "note": N_("note")}


@app.command(
    "set-multiuser",
    help=N_("Set the multi-user option and its tier, or return to the client's word"),
    epilog="mureg application set-multiuser --tier 10+\nmureg application set-multiuser ZV-1042 --off\n"
    "mureg application set-multiuser ZV-1042 --reset",
)
def set_multiuser(
    ctx: typer.Context,
    number: Number = None,
    tier: Annotated[str | None, typer.Option("--tier", metavar="2-9|10+", help=N_("Switch on, with this tier"))] = None,
    on: Annotated[bool, typer.Option("--on", help=N_("Switch on; the tier follows from the number of users"))] = False,
    off: Annotated[bool, typer.Option("--off", help=N_("Switch off"))] = False,
    reset: Annotated[bool, typer.Option("--reset", help=N_("Return to what the client asked for"))] = False,
    dry_run: DryRun = False,
) -> None:
    """Set the partner's word. The users are the client's: the partner never adds any."""
    session = session_of(ctx)
    option, wanted_tier = _setting(tier=_tier(tier), on=on, off=off, reset=reset)
    with session.register() as register:
        number = chosen_number(session, register, number, "mureg application set-multiuser", _as_typed(ctx))
        actor = session.actor(ctx)
        result = operations.set_multiuser(register, number, option, wanted_tier, actor=actor, dry_run=dry_run)
    before, after = result.done
    if session.output.wants_json:
        session.output.result_json(
            result,
            multiuser=application_json(after, [], session.language.say)["multiuser"],
            before=application_json(before, [], session.language.say)["multiuser"],
        )
        return
    session.output.facts(
        [
            (N_("Application"), number),
            (N_("Multi-user mode"), mode_label(after)),
            (N_("Tier"), tier_label(after.tier)),
        ]
    )
    if before == after:
        session.output.note(msg("it was set so already: nothing was written"))
    elif before.set_by not in ("", actor.user):
        # Two people at one application: the second learns what the first had said.
        session.output.note(
            msg("{user} had set it in operation {operation}: {mode}, {tier}",
                user=before.set_by, operation=before.operation,
                mode=session.language.translate(mode_label(before).text), tier=before.tier or "—")
        )  # fmt: skip
    if after.effective == "on" and after.tier is None:
        session.output.note(
            msg("the tier is still needed: mureg application set-multiuser {number} --tier 2-9", number=quoted(number))
        )
    session.output.note_operation(result, dry_run=dry_run)


@app.command(
    "process",
    help=N_("Process applications: all or none"),
    epilog="mureg application process ZV-1042\nmureg application process ZV-1042 ZV-1043 --on 2023-08-14\n"
    'mureg application process ZV-1042 --without-sale --reason "..."',
)
def process(
    ctx: typer.Context,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="NUMBER…", help=N_("The applications"))] = None,
    on: OnDay = None,
    without_sale: Annotated[
        bool, typer.Option("--without-sale", help=N_("The licence was sold elsewhere, or before the register began"))
    ] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=N_("Why there is no sale"))] = None,
    late: Annotated[
        bool, typer.Option("--late", help=N_("In a closed month: a correction in the first open month charges it"))
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Process: with the option on, this makes the licence."""
    session = session_of(ctx)
    if not numbers:
        raise WrongUsage(
            msg("name the applications to process"), msg("those waiting: mureg application list --status new")
        )
    if reason is not None and not without_sale:
        raise WrongUsage(msg("--reason goes with --without-sale"), msg("see: mureg application process -h"))
    day = session.day(on)
    contract = session.settings().contract
    with session.register() as register:
        result = operations.process(
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
        licences = [licence_json(entry.licence, day) for entry in result.done if entry.licence]
        say = session.language.say
        warnings = [
            {"number": entry.application.number, **warning_json(maybe_settled(entry.maybe_settled_in), say)}
            for entry in result.done
            if entry.maybe_settled_in
        ]
        session.output.result_json(result, licences=licences, warnings=warnings)
        return
    for entry in result.done:
        print_licence(session.output, entry)
        if entry.maybe_settled_in:
            session.output.note(maybe_settled(entry.maybe_settled_in).message)
    session.output.note_operation(result, dry_run=dry_run)


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
        result = operations.reject(
            register, number, comment, day, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    _show_status(session, result, dry_run=dry_run, status="rejected")


@app.command(
    "cancel",
    help=N_("Call off a processed sale: it leaves the settlement, and the licence ends"),
    epilog='mureg application cancel ZV-1042 --reason "Договор расторгнут" --on 2023-08-20',
)
def cancel(
    ctx: typer.Context,
    number: OneNumber = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=N_("Why"))] = None,
    on: OnDay = None,
    dry_run: DryRun = False,
) -> None:
    """Call off a sale; the application's status is then final."""
    session = session_of(ctx)
    number, reason, day = needed(number, "NUMBER"), needed(reason, "--reason"), session.day(on)
    with session.register() as register:
        result = operations.cancel(
            register, number, reason, day, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    _show_status(session, result, dry_run=dry_run, status="cancelled")


def _show_status(session: Session, result: Result[Any], *, dry_run: bool, status: str) -> None:
    if session.output.wants_json:
        session.output.result_json(result)
        return
    session.output.facts([(N_("Application"), result.numbers[0]), (N_("Status"), Label(STATUS[status]))])
    session.output.note_operation(result, dry_run=dry_run)


def _setting(*, tier: Tier | None, on: bool, off: bool, reset: bool) -> tuple[Switch | None, Tier | None]:
    if reset and not (tier or on or off):
        return None, None
    if off and not (tier or on or reset):
        return "off", None
    if (tier or on) and not (off or reset):
        return "on", tier
    raise WrongUsage(
        msg("say what to set: --tier 2-9, --tier 10+, --on, --off or --reset; only --on goes with --tier"),
        msg("see: mureg application set-multiuser -h"),
    )


def _as_typed(ctx: typer.Context) -> str:
    """The options of set-multiuser as they were typed: a hint repeats them after the number."""
    tier = _tier(ctx.params["tier"])
    flags = [f"--{name.replace('_', '-')}" for name in ("on", "off", "reset", "dry_run") if ctx.params[name]]
    return " ".join([*([f"--tier {tier}"] if tier else []), *flags])


def _tier(text: str | None) -> Tier | None:
    if text is None:
        return None
    tier = parse_tier(text)
    if tier is None:
        raise WrongUsage(msg("{text} is no tier", text=text), msg("there are: 2-9 (от 2 до 9), 10+ (10 и более)"))
    return tier


def _one_of(option: str, value: str | None, known: tuple[str, ...]) -> str | None:
    if value is not None and value not in known:
        raise WrongUsage(
            msg("{option} cannot be {value}", option=option, value=value),
            msg("there are: {names}", names=", ".join(known)),
        )
    return value


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    # No engine counts further than 19 digits.
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--limit", value=text),
            msg("write a whole number, as in --limit 20"),
        )
    return int(text)
