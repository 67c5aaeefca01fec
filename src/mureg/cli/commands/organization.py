"""`mureg organization …`: the organisation's card with its products, and the erasure of its personal data."""

from datetime import date
from typing import Annotated, Any

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import labelled, needed, period_of
from mureg.cli.framework.output.list_output import File, Format, ListOutput
from mureg.cli.framework.session import session_of
from mureg.domain.licence_list import LICENCE_STATES, ListedOrganization
from mureg.errors import N_, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.reports.labels import LICENCE_STATE

with lazy_imports():
    from mureg.operations import erasure
    from mureg.operations import organizations as operations
    from mureg.register import register as registers
    from mureg.register.queries import organizations
    from mureg.reports import application_card, organization_card
    from mureg.reports.json import applications as reports
    from mureg.reports.lists import organizations as organization_list

app = typer.Typer()


@app.command(
    "list",
    help=N_("List organizations"),
    epilog="mureg organization list\nmureg organization list --state on --expires-within 30d\n"
    "mureg organization list --search ромашка --json",
)
def list_organizations(
    ctx: typer.Context,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", help=N_("Only with a licence that is on, ended or upcoming")),
    ] = None,
    expires_within: Annotated[
        str | None,
        typer.Option("--expires-within", metavar="30d|3m|MONTH", help=N_("Only if the licence ends within the period")),
    ] = None,
    search: Annotated[
        str | None, typer.Option("--search", metavar="TEXT", help=N_("Only with this text in the name or the ИНН"))
    ] = None,
    output_format: Format = None,
    file: File = None,
) -> None:
    """Every organization that sent an application, with the licence that counts today."""
    session = session_of(ctx)
    output = ListOutput(session, output_format, file)
    wanted_state = labelled(session, "--state", state, LICENCE_STATES, LICENCE_STATE) if state is not None else None
    ends_in = period_of(session, expires_within, session.today) if expires_within is not None else None
    with session.register() as register:
        wanted = organizations.OrganizationFilter(search, ends_in)
        found = operations.listed_organizations(register, wanted, wanted_state, session.today)
        if output.wants_json:
            output.json(
                (_listed_json(register, each, session.today) for each in found), shape=dict.fromkeys(_LISTED_FIELDS)
            )
        else:
            output.rows(
                N_("Organizations"),
                organization_list.COLUMNS,
                organization_list.rows(found, session.today),
                lambda count: plural("{count} organization", "{count} organizations", count=count),
            )


_LISTED_FIELDS = (
    "inn", "kpp", "ogrn", "name", "account", "program_number", "phone", "email", "applications", "state", "tier",
    "until",
)  # fmt: skip


def _listed_json(register: "registers.Register", listed: ListedOrganization, today: date) -> dict[str, Any]:
    details = register.organizations.details(listed.organization)
    licence = listed.licence
    return reports.organization_json(listed.organization, details._asdict()) | {
        "applications": listed.applications,
        "state": licence.state(today) if licence else None,
        "tier": licence.tier if licence else None,
        "until": licence.ends_on.isoformat() if licence else None,
    }


@app.command(
    "show",
    help=N_("Show an organization's card: its products and applications"),
    epilog="mureg organization show 7700123459\nmureg organization show ромашка\n"
    "mureg organization show 7700123459 --kpp 770001001 --on 2023-09-01",
)
def show(
    ctx: typer.Context,
    inn: Annotated[str | None, typer.Argument(metavar="INN|NAME", help=N_("The ИНН, or a part of the name"))] = None,
    kpp: Annotated[
        str | None, typer.Option("--kpp", metavar="KPP", help=N_("The КПП, if several organizations have the ИНН"))
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=N_("The state on this date (default: today)"))
    ] = None,
) -> None:
    """The tab «Продукты» of the card, on a day."""
    session = session_of(ctx)
    text, day = needed(inn, "INN|NAME"), session.day(on)
    command = "mureg organization show {} --kpp {}"
    with session.register() as register:
        if kpp is None and not text.isdigit():
            organization = operations.find_by_text(register, text, command)
        else:
            organization = operations.find_by_inn(register, text, kpp, command)
        details = register.organizations.details(organization)
        licences = register.licences.of(organization)
        numbers = register.organizations.numbers_of(organization)
    output = session.output
    if output.wants_json:
        output.json(
            {
                "organization": reports.organization_json(organization, details._asdict()),
                "products": [reports.licence_json(licence, day) for licence in licences],
                "applications": numbers,
            }
        )
        return
    output.heading(output.cell(details.name or organization.inn))
    output.facts(organization_card.facts(organization, details._asdict(), day))
    if licences:
        output.heading(f"{session.output.language.translate(N_('Products'))}:")
        for licence in licences:
            output.sentence(output.cell(application_card.product_line(licence, licence.state(day))), " ")
    else:
        output.facts([(N_("Products"), organization_card.NO_PRODUCTS)])
    output.facts([(N_("Applications"), ", ".join(numbers))])


# What an erasure does not reach, for programs: see SECURITY.md.
NOT_REACHED = ("backups", "exports", "source_files", "organization_names", "comments_and_reasons", "file_names")


@app.command(
    "erase",
    help=N_("Erase the personal data of an organization's key owners permanently"),
    epilog='mureg organization erase 7700123459 --reason "Письмо клиента от 14.08.2025"\n'
    'mureg organization erase 7700123459 --reason "Срок хранения истёк" --dry-run',
)
def erase(
    ctx: typer.Context,
    inn: Annotated[str | None, typer.Argument(metavar="INN", help=N_("The ИНН"))] = None,
    kpp: Annotated[
        str | None, typer.Option("--kpp", metavar="KPP", help=N_("The КПП, if several organizations have the ИНН"))
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=N_("The reason, for the history; no personal names"))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Delete names, СНИЛС, posts, ИНН and the client's comments; keep money, licences and the history."""
    session = session_of(ctx)
    inn, reason = needed(inn, "INN"), needed(reason, "--reason")
    with session.register() as register:
        organization = operations.find_by_inn(register, inn, kpp, "mureg organization erase {} --kpp {} --reason TEXT")
        result = erasure.erase(
            register, organization, reason, today=session.today, actor=session.actor(ctx), dry_run=dry_run
        )
    output = session.output
    if output.wants_json:
        output.result_json(
            result,
            organization={"inn": organization.inn, "kpp": organization.kpp or None},
            people=result.done.people,
            not_reached=[*NOT_REACHED, *(["server_files"] if result.done.still_stored else [])],
        )
        return
    output.facts(
        [
            (N_("Organization"), str(organization)),
            (N_("People erased"), result.done.people),
            (N_("Applications"), ", ".join(result.numbers)),
        ],
        dry_run=dry_run,
    )
    if result.done.still_stored is not None:
        output.note(result.done.still_stored)
    output.note(organization_card.NOT_ERASED)
    output.note_dry_run(dry_run=dry_run)
    if result.operation is not None:
        output.note(msg("operation {operation}; it cannot be undone", operation=result.operation))
    elif not dry_run:
        output.note(msg("there was nothing left to erase"))
