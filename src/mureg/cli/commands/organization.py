"""`mureg organization …`: the organisation's card with its products, and the erasure of its personal data."""

from typing import Annotated

import typer

from mureg.cli.framework.columns import Column
from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.session import session_of
from mureg.cli.framework.values import needed
from mureg.domain.application import Organization
from mureg.errors import N_, Ambiguous, NotFound, msg
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.cli.views import application_card
    from mureg.operations import erasure
    from mureg.register import register as registers
    from mureg.reports.json import applications as reports

app = typer.Typer()


@app.command(
    "list",
    help=N_("List organizations"),
    epilog="mureg organization list\nmureg organization list --json",
)
def list_organizations(ctx: typer.Context) -> None:
    """Every organisation that sent an application."""
    session = session_of(ctx)
    with session.register() as register:
        found = register.organizations.all()
        if session.output.wants_json:
            session.output.json_list(
                (
                    reports.organization_json(organization, register.organizations.details(organization)._asdict())
                    | {"applications": applications}
                    for organization, _, applications in found
                ),
                shape=dict.fromkeys(("inn", "kpp", "ogrn", "name", "account", "program_number", "applications")),
            )
            return
        session.output.table(
            (
                Column(N_("ИНН")),
                Column(N_("КПП")),
                Column(N_("Organization"), may_wrap=True),
                Column(N_("Applications"), "right"),
            ),
            ((organization.inn, organization.kpp, name, count) for organization, name, count in found),
        )


@app.command(
    "show",
    help=N_("Show an organization's card: its products and applications"),
    epilog="mureg organization show 7700123459\nmureg organization show 7700123459 --kpp 770001001 --on 2023-09-01",
)
def show(
    ctx: typer.Context,
    inn: Annotated[str | None, typer.Argument(metavar="INN", help=N_("The ИНН"))] = None,
    kpp: Annotated[
        str | None, typer.Option("--kpp", metavar="KPP", help=N_("The КПП, if several organizations have the ИНН"))
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=N_("The state on this date (default: today)"))
    ] = None,
) -> None:
    """The tab «Продукты» of the card, on a day."""
    session = session_of(ctx)
    inn, day = needed(inn, "INN"), session.day(on)
    with session.register() as register:
        organization = _found(register, inn, kpp, "mureg organization show {} --kpp {}")
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
    output.facts(
        [
            (N_("ИНН"), organization.inn),
            (N_("КПП"), organization.kpp),
            (N_("ОГРН"), details.ogrn),
            (N_("Account"), details.account),
            (N_("Registration number of the program"), details.program_number),
            (N_("As of"), day),
        ]
    )
    if licences:
        output.heading(f"{session.output.language.translate(N_('Products'))}:")
        for licence in licences:
            output.sentence(output.cell(application_card.product_line(licence, licence.state(day))), " ")
    else:
        output.facts([(N_("Products"), msg("no multi-user mode"))])
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
        organization = _found(register, inn, kpp, "mureg organization erase {} --kpp {} --reason TEXT")
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
        ]
    )
    if result.done.still_stored is not None:
        output.note(result.done.still_stored)
    output.note(
        msg("not erased: backups and copies of the register, exports, clients' files; names of organizations, "
            "including sole proprietors; comments and reasons, names of files")
    )  # fmt: skip
    output.note_dry_run(dry_run=dry_run)
    if result.operation is not None:
        output.note(msg("operation {operation}; it cannot be undone", operation=result.operation))
    elif not dry_run:
        output.note(msg("there was nothing left to erase"))


def _found(register: "registers.Register", inn: str, kpp: str | None, command: str) -> Organization:
    found = register.organizations.with_inn(inn)
    if kpp is not None:
        found = [organization for organization in found if organization.kpp == kpp]
    if not found:
        raise NotFound(
            msg("no organization with the ИНН {inn}", inn=inn if kpp is None else f"{inn}, КПП {kpp}"),
            msg("list all: mureg organization list"),
        )
    if len(found) > 1:
        commands = tuple(command.format(inn, each.kpp or '""') for each in found)
        raise Ambiguous(
            msg("{count} organizations have the ИНН {inn}: specify the КПП", count=len(found), inn=inn),
            msg("choose one:\n{commands}", commands=commands),
        )
    return found[0]
