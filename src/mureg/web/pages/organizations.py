"""The list of organizations, one of them with its products, and the erasing of its personal data."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.application import Organization
from mureg.domain.licence_list import LICENCE_STATES
from mureg.errors import N_, Refused, WrongUsage, msg
from mureg.operations import erasure
from mureg.operations import organizations as operations
from mureg.operations.applications.processing import WarningFinder
from mureg.operations.result import Result
from mureg.operations.unchanged import fingerprint
from mureg.register.queries.applications import ApplicationFilter
from mureg.register.queries.organizations import OrganizationFilter
from mureg.register.queries.position import Position
from mureg.register.register import Register
from mureg.reports import application_card, organization_card
from mureg.reports.labels import LICENCE_STATE
from mureg.reports.lists import applications as application_list
from mureg.reports.lists import organizations as organization_list
from mureg.web import listing
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import does, shows

_FILTERS = ((N_("State"), "state", LICENCE_STATE),)
_USUAL = listing.Order("inn", reverse=False)
_OF_ORGANIZATION = (N_("ИНН"), N_("Organization"))


def address_of(organization: Organization) -> str:
    """The card of an organization; an empty КПП is one, too."""
    return f"/organization?{urlencode(organization._asdict())}"


@listing.keeps_filters("organizations.html", N_("Organizations"), "mureg organization list", filters=_FILTERS)
def show_list(page: Page) -> Response:
    """A page of the organizations that the filters let through."""
    state = page.one_of("state", LICENCE_STATES)
    wanted = OrganizationFilter(page.asked("search") or None, listing.asked_period(page, page.today))
    with page.register() as register:
        shown = listing.one_page(
            page,
            _USUAL,
            lambda order, after: operations.listed_organizations(
                register, wanted, state, page.today, reverse=order.reverse, after=after
            ),
            lambda each: Position(*each.organization),
        )
    rows = organization_list.rows(shown.items, page.today)
    period = page.asked("expires-within")
    return page.html(
        "organizations.html",
        title=msg("Organizations"),
        command=listing.options(
            "mureg organization list", {"state": state, "expires-within": period, "search": wanted.search}
        ),
        columns=organization_list.COLUMNS,
        rows=[(address_of(each.organization), cells) for each, cells in zip(shown.items, rows, strict=True)],
        previous=shown.previous,
        next=shown.next,
        downloads=listing.downloads(page, "/organizations/download"),
        filters=_FILTERS,
    )


def download(page: Page) -> Response:
    """Everything that the filters let through, as a file."""
    wanted = OrganizationFilter(page.asked("search") or None, listing.asked_period(page, page.today))
    with page.register() as register:
        found = operations.listed_organizations(register, wanted, page.one_of("state", LICENCE_STATES), page.today)
        return listing.table_file(
            page, "organizations", N_("Organizations"), organization_list.COLUMNS,
            organization_list.rows(found, page.today),
        )  # fmt: skip


def show(page: Page) -> Response:
    """The card, with the tab «Продукты» on a day. The result is what was erased."""
    day = page.day("on") or page.today
    with page.register() as register:
        organization = _asked(page, register, "show")
        details = register.organizations.details(organization)
        licences = register.licences.of(organization)
        finder = WarningFinder(register, page.today)
        found = register.applications.matching(ApplicationFilter(inn=organization.inn))
        applications = [each for each in found if each.organization == organization]
        rows = list(application_list.rows(finder.of_each(applications)))
    # The card names the organization once, above its applications.
    shown = [place for place, each in enumerate(application_list.COLUMNS) if each.heading not in _OF_ORGANIZATION]
    kpp = f" --kpp {quoted(organization.kpp)}"
    return page.html(
        "organization.html",
        title=msg("Organization {name}", name=details.name or organization.inn),
        command=f"mureg organization show {organization.inn}{kpp}"
        + (f" --on {day.isoformat()}" if day != page.today else ""),
        organization=organization,
        identity=organization_card.facts(organization, details._asdict(), day),
        products=[application_card.product_line(each, each.state(day)) for each in licences]
        or [organization_card.NO_PRODUCTS],
        columns=[application_list.COLUMNS[place] for place in shown],
        rows=[(address("/application", number=cells[0]), [cells[place] for place in shown]) for cells in rows],
        erase=f"/organization/erase?{urlencode(organization._asdict())}",
        erased=page.result,
        not_erased=organization_card.NOT_ERASED,
    )


def show_erasing(page: Page) -> Response:
    """What an erasure would remove; where it is refused, the card with the reason."""
    try:
        with page.register() as register:
            organization = _asked(page, register, "erase")
            erased = _erase(page, register, organization, dry_run=True)
    except Refused as error:
        page.error = page.error or error
        return show(page)
    return page.html(
        "organization_erase.html",
        title=msg("Erase the personal data of {organization}", organization=organization),
        command=f"mureg organization erase {organization.inn} --kpp {quoted(organization.kpp)} --reason TEXT",
        organization=organization,
        card=address_of(organization),
        identity=[
            (N_("People to erase"), erased.done.people),
            (N_("Applications"), ", ".join(erased.numbers)),
        ],
        not_erased=organization_card.NOT_ERASED,
        is_something=bool(erased.numbers),
        expected=fingerprint([erased.numbers, erased.done]),
    )


def erase(page: Page) -> Response:
    """Erase it for ever: the answer is the card, which says what is left."""
    page.needed("reason", N_("Reason"))
    if not page.asked("sure"):
        raise WrongUsage(msg("tick “{label}”", label=msg("I understand that it cannot be undone")))
    with page.register() as register:
        organization = _asked(page, register, "erase")
        result = _erase(page, register, organization, dry_run=False)
    return page.done_with(address_of(organization), None, result)


def _erase(page: Page, register: Register, organization: Organization, *, dry_run: bool) -> Result[erasure.Erased]:
    return erasure.erase(
        register, organization, page.asked("reason"), today=page.today,
        expected=None if dry_run else page.asked("expected"), actor=page.office.actor("organization erase"),
        dry_run=dry_run,
    )  # fmt: skip


def _asked(page: Page, register: Register, verb: str) -> Organization:
    """The organization with the ИНН and КПП, or with the name. Raises `NotFound`, and `Ambiguous`."""
    command = f"mureg organization {verb} {{}} --kpp {{}}"
    given: Any = page.form if "inn" in page.form else page.query
    if name := page.asked("name"):
        return operations.find_by_text(register, name, command)
    kpp = page.asked("kpp") if "kpp" in given else None
    return operations.find_by_inn(register, page.needed("inn", N_("ИНН")), kpp, command)


ROUTES = [
    shows("/organizations", show_list),
    shows("/organizations/download", download),
    shows("/organization", show),
    shows("/organization/erase", show_erasing),
    does("/organization/erase", erase, again=show_erasing),
]
