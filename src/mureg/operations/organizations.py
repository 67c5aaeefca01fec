"""List organizations with the licence that counts today, and find one by its ИНН or a part of its name."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from mureg.command_hints import quoted
from mureg.domain.application import Organization
from mureg.domain.licence import Licence
from mureg.domain.licence_list import LicenceState, ListedOrganization, Period, current_licence
from mureg.errors import Ambiguous, NotFound, msg
from mureg.register.queries.organizations import OrganizationFilter
from mureg.register.queries.position import Position
from mureg.register.register import Register

_AT_ONCE = 200
_MOST_CANDIDATES = 20


def listed_organizations(
    register: Register,
    wanted: OrganizationFilter,
    state: LicenceState | None,
    on: date,
    *,
    reverse: bool = False,
    after: Position | None = None,
) -> Iterator[ListedOrganization]:
    """The organizations that the filter lets through, by ИНН and КПП; with a state, those whose licence has it.

    `after`: only those behind the position.
    """
    found = register.organizations.matching(wanted, reverse=reverse, after=after)
    while some := list(islice(found, _AT_ONCE)):
        organizations = [organization for organization, _ in some]
        today = register.organizations.today(organizations)
        licences = register.licences.of_all(organizations)
        for organization, applications in some:
            licence = current_licence(licences.get(organization, []), on)
            if _is_wanted(licence, wanted.ends_in, state, on):
                yield ListedOrganization(organization, today[organization].name, applications, licence)


def _is_wanted(licence: Licence | None, ends_in: Period | None, state: LicenceState | None, on: date) -> bool:
    if licence is None:
        return state is None and ends_in is None
    ends_then = ends_in is None or ends_in.first <= licence.ends_on <= ends_in.last
    return ends_then and state in (None, licence.state(on))


def find_by_inn(register: Register, inn: str, kpp: str | None, command: str) -> Organization:
    """The one organization with this ИНН. `command` is what a person types with an ИНН and a КПП.

    Raises `NotFound`, and `Ambiguous` with the candidates.
    """
    found = register.organizations.with_inn(inn)
    if kpp is not None:
        found = [organization for organization in found if organization.kpp == kpp]
    if not found:
        raise NotFound(
            msg("no organization with the ИНН {inn}", inn=inn if kpp is None else f"{inn}, КПП {kpp}"),
            msg("list all: mureg organization list"),
        )
    if len(found) > 1:
        commands = tuple(_command(command, each) for each in found)
        raise Ambiguous(
            msg("{count} organizations have the ИНН {inn}: specify the КПП", count=len(found), inn=inn),
            msg("choose one:\n{commands}", commands=commands),
        )
    return found[0]


def find_by_text(register: Register, text: str, command: str) -> Organization:
    """The one organization with the text in its name, or in a number or an ИНН. Raises as `find_by_inn`."""
    found = register.organizations.like(text, _MOST_CANDIDATES + 1)
    if not found:
        raise NotFound(msg("no organization matches “{text}”", text=text), msg("list all: mureg organization list"))
    if len(found) == 1:
        return found[0]
    if len(found) > _MOST_CANDIDATES:
        raise Ambiguous(
            msg("“{text}” matches more than {count} organizations", text=text, count=_MOST_CANDIDATES),
            msg("list them: mureg organization list --search {text}", text=quoted(text)),
        )
    today = register.organizations.today(found)
    names = ", ".join(today[each].name or each.inn for each in found)
    raise Ambiguous(
        msg("“{text}” matches {count} organizations: {names}", text=text, count=len(found), names=names),
        msg("choose one:\n{commands}", commands=tuple(_command(command, each) for each in found)),
    )


def _command(command: str, organization: Organization) -> str:
    return command.format(organization.inn, organization.kpp or '""')
