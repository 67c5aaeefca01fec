"""The list of licences: what runs out, what was renewed, and whom to call."""

from collections.abc import Iterable, Iterator

from starlette.responses import Response

from mureg.domain.application import TIERS
from mureg.domain.licence_list import LICENCE_STATES
from mureg.errors import N_, msg
from mureg.operations.licences import listed_licences
from mureg.register.queries.licence_list import SORT_COLUMNS, FoundLicence, LicenceFilter, position_of
from mureg.register.queries.position import Position
from mureg.register.register import Register
from mureg.reports.cells import Cell
from mureg.reports.labels import LICENCE_STATE, TIER
from mureg.reports.lists import licences as licence_list
from mureg.web import listing
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import shows

_SORTED_BY = {
    "Application": "application", "ИНН": "inn", "Organization": "name", "Tier": "tier", "From": "starts_on",
    "Until": "ends_on",
}  # fmt: skip
_FILTERS = ((N_("State"), "state", LICENCE_STATE), (N_("Tier"), "tier", TIER))


@listing.keeps_filters("licences.html", N_("Licences and renewals"), "mureg licence list", filters=_FILTERS)
def show(page: Page) -> Response:
    """A page of the licences that the filters let through."""
    wanted, order = _filter(page), listing.order_of(page, SORT_COLUMNS, "ends_on")
    with page.register() as register:

        def matching(order: listing.Order, after: Position | None) -> Iterator[FoundLicence]:
            limit = listing.ON_A_PAGE + 1
            return register.licence_list.matching(
                wanted, sort=order.sort, reverse=order.reverse, limit=limit, after=after
            )

        shown = listing.one_page(page, order, matching, lambda each: _position(register, each, order.sort))
        rows = list(_rows(page, register, shown.items, wanted))
    return page.html(
        "licences.html",
        title=msg("Licences and renewals"),
        command=_command(page, wanted, order),
        columns=licence_list.COLUMNS,
        rows=[(address("/application", number=cells[0]), cells) for cells in rows],
        previous=shown.previous,
        next=shown.next,
        sorts=listing.sort_links(page, _SORTED_BY, order),
        downloads=listing.downloads(page, "/licences/download"),
        filters=_FILTERS,
    )


def download(page: Page) -> Response:
    """Everything that the filters let through, as a file."""
    wanted, order = _filter(page), listing.order_of(page, SORT_COLUMNS, "ends_on")
    with page.register() as register:
        found = register.licence_list.matching(wanted, sort=order.sort, reverse=order.reverse)
        return listing.table_file(
            page, "licences", N_("Licences and renewals"), licence_list.COLUMNS, _rows(page, register, found, wanted)
        )


def _rows(
    page: Page, register: Register, found: Iterable[FoundLicence], wanted: LicenceFilter
) -> Iterator[tuple[Cell, ...]]:
    return licence_list.rows(listed_licences(register, found, page.office.contract(), wanted.on))


def _position(register: Register, found: FoundLicence, sort: str) -> Position:
    application = register.applications.find(found.licence.application) if sort == "name" else None
    return position_of(found.licence, application.request.name if application else "", sort)


def _filter(page: Page) -> LicenceFilter:
    day = page.day("on") or page.today
    return LicenceFilter(
        on=day,
        state=page.one_of("state", LICENCE_STATES),
        ends_in=listing.asked_period(page, day),
        is_renewed=False if page.asked("not-renewed") else None,
        tier=page.one_of("tier", TIERS),
        inn=page.asked("inn") or None,
        search=page.asked("search") or None,
    )


def _command(page: Page, wanted: LicenceFilter, order: listing.Order) -> str:
    return listing.options(
        "mureg licence list",
        {
            "state": wanted.state, "expires-within": page.asked("expires-within"),
            "not-renewed": wanted.is_renewed is not None, "tier": wanted.tier, "inn": wanted.inn,
            "search": wanted.search, "on": wanted.on if page.asked("on") else None,
            "sort": order.sort if order.sort != "ends_on" else None, "reverse": order.reverse,
        },
    )  # fmt: skip


ROUTES = [shows("/licences", show), shows("/licences/download", download)]
