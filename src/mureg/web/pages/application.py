"""One application, and what is done with it."""

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.application import SWITCHES, TIERS
from mureg.errors import N_
from mureg.operations.applications import decisions, processing, quotes
from mureg.operations.unchanged import expect_unchanged
from mureg.reports import application_card
from mureg.reports.labels import TIER
from mureg.web.page import Page
from mureg.web.routes import does, shows


def show(page: Page) -> Response:
    """The card, as the Web-registrator shows it."""
    number = page.needed("number", N_("Number"))
    contract = page.office.contract()
    with page.register() as register:
        card = processing.card(register, number, page.today)
        quote = quotes.quote_of(register, card.application, page.today, contract)
    application = card.application
    return page.html(
        "application.html",
        title=application_card.title(application),
        command=f"mureg application show {quoted(application.number)}",
        application=application,
        identity=application_card.identity(application),
        connection=application_card.connection(application, card.licence, quote),
        owner_columns=application_card.OWNER_COLUMNS,
        owner_rows=[(None, cells) for cells in application_card.owner_rows(application, page.language.translate)],
        warnings=card.warnings,
        tiers=TIER,
    )


def set_multiuser(page: Page) -> Response:
    """Set the partner's option and tier."""
    number = page.needed("number", N_("Number"))
    option = page.one_of("option", SWITCHES)
    with page.register() as register:
        expect_unchanged(register, page.seen())
        result = decisions.set_multiuser(
            register, [number], option, page.one_of("tier", TIERS), actor=page.office.actor("application set-multiuser")
        )
    return page.done("/application", result, number=number)


def process(page: Page) -> Response:
    """Process it on a day."""
    number = page.needed("number", N_("Number"))
    contract = page.office.contract()
    with page.register() as register:
        expect_unchanged(register, page.seen())
        result = decisions.process(
            register, [number], page.day("on") or page.today, today=page.today,
            term_months=contract.term_months if contract else None, without_sale="",
            actor=page.office.actor("application process"),
        )  # fmt: skip
    return page.done("/application", result, number=number)


ROUTES = [
    shows("/application", show),
    does("/application/set-multiuser", set_multiuser, again=show),
    does("/application/process", process, again=show),
]
