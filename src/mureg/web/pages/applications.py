"""The list of applications."""

from itertools import islice

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.application import KINDS, STATUSES, TIERS, Application
from mureg.errors import N_, msg
from mureg.operations.applications.processing import WarningFinder
from mureg.register.queries.applications import ApplicationFilter
from mureg.reports.labels import KIND, STATUS, TIER
from mureg.reports.lists import applications as application_list
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import shows

_ON_A_PAGE = 50


def show(page: Page) -> Response:
    """The applications that the filters let through."""
    wanted = ApplicationFilter(
        status=page.one_of("status", STATUSES),
        tier=page.one_of("tier", TIERS),
        kind=page.one_of("type", KINDS),
        inn=page.asked("inn") or None,
        search=page.asked("search") or None,
        month=page.month("month"),
        submitted_in=page.month("submitted-in"),
    )
    with page.register() as register:
        finder = WarningFinder(register, page.today)
        found = list(islice(register.applications.matching(wanted, limit=_ON_A_PAGE), _ON_A_PAGE))
        rows = list(application_list.rows((each, finder.of(each)) for each in found))
    return page.html(
        "applications.html",
        title=msg("Applications"),
        command=_command(wanted),
        columns=application_list.COLUMNS,
        rows=[(_address(each), cells) for each, cells in zip(found, rows, strict=True)],
        filters=[
            (N_("Status"), "status", STATUS),
            (N_("Tier"), "tier", TIER),
            (N_("Type"), "type", KIND),
        ],
    )


def _address(application: Application) -> str:
    return address("/application", number=application.number)


def _command(wanted: ApplicationFilter) -> str:
    options = {
        "status": wanted.status, "tier": wanted.tier, "type": wanted.kind, "inn": wanted.inn, "search": wanted.search,
        "month": wanted.month, "submitted-in": wanted.submitted_in,
    }  # fmt: skip
    given = [f"--{name} {quoted(str(value))}" for name, value in options.items() if value is not None]
    return " ".join(["mureg application list", *given])


ROUTES = [shows("/applications", show)]
