"""One application, and what is decided about it."""

from itertools import islice
from typing import NamedTuple

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.application import Switch, Tier
from mureg.errors import N_, WrongUsage, msg
from mureg.operations.applications import decisions, processing, quotes
from mureg.operations.history import may_be_undone
from mureg.operations.unchanged import expect_unchanged
from mureg.register.queries.history import HistoryFilter
from mureg.register.register import Register
from mureg.reports import application_card
from mureg.reports.cells import Cell
from mureg.reports.labels import TIER
from mureg.web.page import Page
from mureg.web.pages import history, organizations
from mureg.web.routes import does, shows

_MOST_OPERATIONS = 5


class Done(NamedTuple):
    """An operation of the application's history; `undone` is its number where it may be undone."""

    address: str
    cells: tuple[Cell, ...]
    undone: int | None


class Option(NamedTuple):
    """A choice of the partner's option and tier; an option of `None` returns to what the client asked for."""

    label: str
    option: Switch | None
    tier: Tier | None


OPTIONS = {
    "2-9": Option(TIER["2-9"], "on", "2-9"),
    "10+": Option(TIER["10+"], "on", "10+"),
    "on": Option(N_("On, the tier by the number of users"), "on", None),
    "off": Option(N_("Switched off"), "off", None),
    "reset": Option(N_("As the client asked"), None, None),
}


def show(page: Page) -> Response:
    """The card, as the Web-registrator shows it."""
    number = page.needed("number", N_("Number"))
    contract = page.office.contract()
    with page.register() as register:
        card = processing.card(register, number, page.today)
        application = card.application
        quote = quotes.quote_of(register, application, page.today, contract)
        following = processing.next_waiting(register, application)
        done = _history(page, register, application.number)
    return page.html(
        "application.html",
        title=application_card.title(application),
        command=f"mureg application show {quoted(application.number)}",
        application=application,
        identity=application_card.identity(application),
        connection=application_card.connection(application, card.licence, quote),
        owner_columns=application_card.OWNER_COLUMNS,
        owner_rows=[(None, cells) for cells in application_card.owner_rows(application, page.language.translate)],
        no_users=application_card.NO_USERS if application.effective == "on" else None,
        # The card says of the promotion itself that it gives no discount.
        warnings=[each for each in card.warnings if each.code != "promotion_ignored"],
        options=OPTIONS,
        chosen=page.asked("option") or _set_now(application.set_option, application.set_tier),
        tiers=TIER,
        is_sale=application.status == "processed" and card.licence is not None and card.licence.sold_on is not None,
        organization=organizations.address_of(application.organization),
        following=following,
        history_columns=history.COLUMNS,
        history=done[:_MOST_OPERATIONS],
        has_more_history=len(done) > _MOST_OPERATIONS,
    )


def _history(page: Page, register: Register, number: str) -> list[Done]:
    """The last operations, and one more if there is one."""
    found = register.history.matching(HistoryFilter(number), newest_first=True)
    return [
        Done(
            history.address_of(record.operation), history.cells_of(page, register, record),
            record.operation if may_be_undone(register, record) else None,
        )
        for record in islice(found, _MOST_OPERATIONS + 1)
    ]  # fmt: skip


def _set_now(option: str, tier: str) -> str:
    return (tier or option) if option == "on" else option or "reset"


def set_multiuser(page: Page) -> Response:
    """Set the partner's option and tier."""
    number = page.needed("number", N_("Number"))
    _, option, tier = asked_option(page)
    with page.register() as register:
        expect_unchanged(register, page.seen())
        actor = page.office.actor("application set-multiuser")
        result = decisions.set_multiuser(register, [number], option, tier, actor=actor)
    return page.done("/application", result, number=number)


def asked_option(page: Page) -> Option:
    """The option that was chosen. Raises `WrongUsage` where none was."""
    chosen = page.one_of("option", tuple(OPTIONS))
    if chosen is None:
        raise WrongUsage(msg("choose what to set"))
    return OPTIONS[chosen]


def process(page: Page) -> Response:
    """Process it on a day."""
    number = page.needed("number", N_("Number"))
    day, without_sale = page.day("on") or page.today, asked_without_sale(page)
    contract = page.office.contract()
    with page.register() as register:
        expect_unchanged(register, page.seen())
        result = decisions.process(
            register, [number], day, today=page.today, term_months=contract.term_months if contract else None,
            without_sale=without_sale, late=bool(page.asked("late")), actor=page.office.actor("application process"),
        )  # fmt: skip
    return page.done("/application", result, number=number)


def asked_without_sale(page: Page) -> str:
    """The reason for processing without a sale; empty for a sale. Raises `WrongUsage`."""
    if page.asked("without-sale"):
        return page.needed("reason", N_("Reason"))
    if page.asked("reason"):
        raise WrongUsage(
            msg("a reason is only needed to process without a sale"),
            msg("tick “Without a sale”, or leave the reason empty"),
        )
    return ""


def reject(page: Page) -> Response:
    """Reject it with a comment."""
    number, comment = page.needed("number", N_("Number")), page.needed("comment", N_("Comment"))
    day = page.day("rejected-on") or page.today
    with page.register() as register:
        expect_unchanged(register, page.seen())
        actor = page.office.actor("application reject")
        result = decisions.reject(register, [number], comment, day, today=page.today, actor=actor)
    return page.done("/application", result, number=number)


ROUTES = [
    shows("/application", show),
    does("/application/set-multiuser", set_multiuser, again=show),
    does("/application/process", process, again=show),
    does("/application/reject", reject, again=show),
]
