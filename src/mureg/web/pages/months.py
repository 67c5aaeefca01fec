"""The list of months."""

from starlette.responses import Response

from mureg.errors import msg
from mureg.operations.months.overview import overview
from mureg.reports.lists import months as month_list
from mureg.reports.month import layout
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import shows


def show(page: Page) -> Response:
    """Every month with its state and amounts, the newest first."""
    contract = page.office.contract()
    with page.register() as register:
        lines = overview(register, contract)[::-1]
    return page.html(
        "months.html",
        title=msg("Months"),
        command="mureg month list",
        columns=month_list.COLUMNS,
        rows=[
            (address("/month", month=line.month), (layout.month_name(line.month), *cells[1:]))
            for line, cells in zip(lines, month_list.rows(lines), strict=True)
        ],
    )


ROUTES = [shows("/months", show)]
