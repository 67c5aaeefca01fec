"""The list of applications."""

from collections.abc import Iterable, Iterator

from starlette.responses import Response

from mureg.domain.application import KINDS, STATUSES, TIERS, Application
from mureg.errors import N_, msg
from mureg.operations.applications.processing import WarningFinder
from mureg.register.queries.applications import SORT_COLUMNS, ApplicationFilter, position_of
from mureg.register.queries.position import Position
from mureg.register.register import Register
from mureg.reports.labels import KIND, STATUS, SWITCH, TIER
from mureg.reports.lists import applications as application_list
from mureg.web import listing
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import shows

_MODES = ("on", "off")
_SORTED_BY = {
    "Number": "number", "Submitted": "submitted_on", "ИНН": "inn", "Organization": "name", "Tier": "tier",
    "Status": "status",
}  # fmt: skip
_FILTERS = (
    (N_("Status"), "status", STATUS),
    (N_("Mode"), "multiuser", {mode: SWITCH[mode] for mode in _MODES}),
    (N_("Tier"), "tier", TIER),
    (N_("Type"), "type", KIND),
)

# What is done with several applications that were chosen.
_VERBS = {"process": N_("Process"), "set-multiuser": N_("Set the option"), "reject": N_("Reject")}


@listing.keeps_filters("applications.html", N_("Applications"), "mureg application list", filters=_FILTERS)
def show(page: Page) -> Response:
    """A page of the applications that the filters let through."""
    wanted, order = _filter(page), _order(page)
    with page.register() as register:
        finder = WarningFinder(register, page.today)
        shown = listing.one_page(
            page, order, lambda order, after: _found(page, register, finder, wanted, order, after),
            lambda application: position_of(application, order.sort),
        )  # fmt: skip
        rows = list(application_list.rows(finder.of_each(shown.items)))
    return page.html(
        "applications.html",
        title=msg("Applications"),
        command=_command(page, wanted, order),
        columns=application_list.COLUMNS,
        rows=[(_address(each), cells) for each, cells in zip(shown.items, rows, strict=True)],
        choices=[each.number if each.status == "new" else None for each in shown.items],
        choice_paths={f"/applications/{verb}": label for verb, label in _VERBS.items()},
        all_new=_all_new(page, wanted),
        previous=shown.previous,
        next=shown.next,
        sorts=listing.sort_links(page, _SORTED_BY, order),
        downloads=listing.downloads(page, "/applications/download"),
        filters=_FILTERS,
    )


def download(page: Page) -> Response:
    """Everything that the filters let through, as a file."""
    wanted, order = _filter(page), _order(page)
    with page.register() as register:
        finder = WarningFinder(register, page.today)
        found = _found(page, register, finder, wanted, order, None, is_page=False)
        return listing.table_file(
            page, "applications", N_("Applications"), application_list.COLUMNS,
            application_list.rows(finder.of_each(found)),
        )  # fmt: skip


def _filter(page: Page) -> ApplicationFilter:
    return ApplicationFilter(
        status=page.one_of("status", STATUSES),
        effective=page.one_of("multiuser", _MODES),
        tier=page.one_of("tier", TIERS),
        kind=page.one_of("type", KINDS),
        inn=page.asked("inn") or None,
        search=page.asked("search") or None,
        month=page.month("month"),
        submitted_in=page.month("submitted-in"),
    )


def _order(page: Page) -> listing.Order:
    return listing.order_of(page, SORT_COLUMNS, "submitted_on")


def _found(
    page: Page,
    register: Register,
    finder: WarningFinder,
    wanted: ApplicationFilter,
    order: listing.Order,
    after: Position | None,
    *,
    is_page: bool = True,
) -> Iterator[Application]:
    """Those behind the position; for a page at least as many as it shows, if there are so many."""
    only_warnings = bool(page.asked("warnings"))
    limit = listing.ON_A_PAGE + 1 if is_page and not only_warnings else None
    found: Iterable[Application] = register.applications.matching(
        wanted, sort=order.sort, reverse=order.reverse, limit=limit, after=after
    )
    if only_warnings:
        found = (each for each, its in finder.of_each(found) if any(warning.level == "warning" for warning in its))
    yield from found


def _address(application: Application) -> str:
    return address("/application", number=application.number)


def _all_new(page: Page, wanted: ApplicationFilter) -> list[tuple[str, str]]:
    """The addresses where all new applications of the list are decided on; none where its filters are others."""
    only = ApplicationFilter(inn=wanted.inn, search=wanted.search, submitted_in=wanted.submitted_in)
    if page.asked("warnings") or wanted not in (only, only._replace(status="new")):
        return []
    kept = {name: page.asked(name) or None for name in ("search", "inn", "submitted-in")}
    return [(address(f"/applications/{verb}", **{"all-new": 1}, **kept), label) for verb, label in _VERBS.items()]


def _command(page: Page, wanted: ApplicationFilter, order: listing.Order) -> str:
    return listing.options(
        "mureg application list",
        {
            "status": wanted.status, "multiuser": wanted.effective, "tier": wanted.tier, "type": wanted.kind,
            "inn": wanted.inn, "search": wanted.search, "month": wanted.month, "submitted-in": wanted.submitted_in,
            "warnings": bool(page.asked("warnings")), "sort": order.sort if order.sort != "submitted_on" else None,
            "reverse": order.reverse,
        },
    )  # fmt: skip


ROUTES = [shows("/applications", show), shows("/applications/download", download)]
