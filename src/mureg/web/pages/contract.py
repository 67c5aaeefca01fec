"""The sublicence contract on a day."""

from starlette.responses import Response

from mureg.errors import MuregError, msg
from mureg.reports import contract as reports
from mureg.web.listing import options
from mureg.web.page import Page
from mureg.web.routes import shows


def show(page: Page) -> Response:
    """Prices, discounts and rules in force, and where each comes from; what is wrong with the settings."""
    try:
        day = page.day("on") or page.today
        contract = page.office.settings().required_contract()
    except MuregError as error:
        page.error = error
        return page.html("contract.html", title=msg("Contract"), command="mureg contract show", columns=())
    return page.html(
        "contract.html",
        title=reports.title(contract),
        command=options("mureg contract show", {"on": page.day("on")}),
        facts=reports.facts(contract, day),
        columns=reports.COLUMNS,
        rows=[(None, cells) for cells in reports.rows(contract.terms_on(day))],
    )


ROUTES = [shows("/contract", show)]
