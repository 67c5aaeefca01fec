"""The charges of a month, in pages: there may be a hundred thousand."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Literal

from starlette.responses import Response

from mureg.domain.settlement import SettledSale
from mureg.errors import msg
from mureg.operations.months.document import month_document
from mureg.operations.months.reconciliation import Compared, settled_month
from mureg.reports.cells import Cell, Column
from mureg.reports.month import layout
from mureg.reports.month.document import MonthDocument
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import shows

ON_A_PAGE = 50
_AMOUNTS = ("list_price", "discount_rate", "discount", "payable")
_COLUMNS = ("number", "processed_on", "inn", "name", "tier", *_AMOUNTS, "promotion")
_TEXTS = ("name", "promotion")
# Only months with corrections have something to show here.
_OF_CORRECTIONS = ("kind", "corrects")

Row = tuple[str, tuple[Cell, ...]]


def show(page: Page) -> Response:
    """Some of the charges, by processing date, then number."""
    month = page.needed_month()
    settings = page.office.settings()
    with page.register() as register:
        settled = settled_month(register, month, settings.contract)
        document = month_document(Compared(settled, None, None, {}), settings, None)
        number = page.number("page")
        some = list(islice(document.charges(), (number - 1) * ON_A_PAGE, number * ON_A_PAGE + 1))
    columns, row_of = table_of(document)
    return page.html(
        "month/charges.html",
        title=msg("Charges of {month}", month=layout.month_name(month)),
        command=f"mureg month show {month} --all",
        month=month,
        count=settled.settlement.total.count,
        columns=columns,
        rows=list(map(row_of, some[:ON_A_PAGE])),
        previous=page.here(page=number - 1) if number > 1 else None,
        following=page.here(page=number + 1) if len(some) > ON_A_PAGE else None,
    )


def first_charges(document: MonthDocument) -> tuple[list[Column], list[Row], bool]:
    """The columns, the first rows, and whether there are more."""
    columns, row_of = table_of(document)
    some = list(islice(document.charges(), ON_A_PAGE + 1))
    return columns, list(map(row_of, some[:ON_A_PAGE])), len(some) > ON_A_PAGE


def table_of(document: MonthDocument) -> tuple[list[Column], Callable[[SettledSale], Row]]:
    """The columns of the charges, and how a row of them is made; its address is the application's."""
    names = (*_COLUMNS, *(_OF_CORRECTIONS if document.settlement.corrections is not None else ()))

    def row_of(charge: SettledSale) -> Row:
        row = layout.charge_row(charge)
        cells: dict[str, Cell] = row._asdict()
        return address("/application", number=row.number), tuple(cells[name] for name in names)

    return list(_columns(names)), row_of


def _columns(names: Iterable[str]) -> Iterator[Column]:
    for name in names:
        align: Literal["left", "right"] = "right" if name in _AMOUNTS else "left"
        yield Column(layout.HEADINGS[name], align, may_wrap=name in _TEXTS, may_go=6 if name == "inn" else 0)


ROUTES = [shows("/month/charges", show)]
