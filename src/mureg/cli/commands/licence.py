"""`mureg licence list`: which licences run out, which were renewed, and whom to call."""

from typing import Annotated

import typer

from mureg.cli.framework.input.values import labelled, limit_of, one_of, period_of, tier_of
from mureg.cli.framework.output.list_output import File, Format, ListOutput
from mureg.cli.framework.session import session_of
from mureg.domain.licence_list import LICENCE_STATES
from mureg.errors import N_, plural
from mureg.lazy_imports import lazy_imports
from mureg.reports.labels import LICENCE_STATE

with lazy_imports():
    from mureg.operations import licences as operations
    from mureg.register.queries import licence_list as queries
    from mureg.reports.json import licences as reports
    from mureg.reports.lists import licences as licence_list

app = typer.Typer()


@app.command(
    "list",
    help=N_("List licences, with what a renewal needs"),
    epilog="mureg licence list\nmureg licence list --expires-within 30d --not-renewed -o продления.xlsx\n"
    "mureg licence list --state ended --search ромашка --json",
)
def list_licences(
    ctx: typer.Context,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help=N_("Only on, ended or upcoming"))
    ] = None,
    expires_within: Annotated[
        str | None,
        typer.Option("--expires-within", metavar="30d|3m|MONTH", help=N_("Only those that end within the period")),
    ] = None,
    not_renewed: Annotated[
        bool, typer.Option("--not-renewed", help=N_("Only without a later licence or a waiting application"))
    ] = False,
    tier: Annotated[str | None, typer.Option("--tier", metavar="2-9|10+", help=N_("Only this tier"))] = None,
    inn: Annotated[str | None, typer.Option("--inn", metavar="INN", help=N_("Only this ИНН"))] = None,
    search: Annotated[
        str | None, typer.Option("--search", metavar="TEXT", help=N_("Only with this text in the number, ИНН or name"))
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=N_("The state on this date (default: today)"))
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort", metavar="FIELD", help=N_("Sort by ends_on (default), starts_on, application, inn, name or tier")
        ),
    ] = "ends_on",
    reverse: Annotated[bool, typer.Option("--reverse", help=N_("Reverse the order"))] = False,
    limit: Annotated[str | None, typer.Option("--limit", metavar="N", help=N_("Maximum number of lines"))] = None,
    output_format: Format = None,
    file: File = None,
) -> None:
    """Every licence, the first to end first; an empty list is no error."""
    session = session_of(ctx)
    output, day = ListOutput(session, output_format, file), session.day(on)
    wanted = queries.LicenceFilter(
        on=day,
        state=labelled(session, "--state", state, LICENCE_STATES, LICENCE_STATE) if state is not None else None,
        ends_in=period_of(session, expires_within, day) if expires_within is not None else None,
        is_renewed=False if not_renewed else None,
        tier=tier_of(tier) if tier is not None else None,
        inn=inn,
        search=search,
    )
    sort = one_of("--sort", sort, tuple(queries.SORT_COLUMNS))
    most = limit_of(limit) if limit is not None else None
    contract = session.settings().contract
    with session.register() as register:
        found = register.licence_list.matching(wanted, sort=sort, reverse=reverse, limit=most)
        listed = operations.listed_licences(register, found, contract, day)
        if output.wants_json:
            shape = dict.fromkeys(reports.LISTED_FIELDS)
            output.json(map(reports.listed_licence_json, listed), shape=shape)
        else:
            output.rows(
                N_("Licences and renewals"),
                licence_list.COLUMNS,
                licence_list.rows(listed),
                lambda count: plural("{count} licence", "{count} licences", count=count),
            )
