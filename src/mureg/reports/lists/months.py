"""The list of months."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from mureg.domain.dates import Month
from mureg.errors import N_
from mureg.reports.cells import Cell, Column, Label, Money
from mureg.reports.month.labels import MONTH_STATE

COLUMNS = (
    Column(N_("Month")),
    Column(N_("State"), width=12),
    Column(N_("Licences"), "right", may_go=3, width=10),
    Column(N_("Ours"), "right", width=15),
    Column(N_("Theirs"), "right", may_go=2, width=15),
    Column(N_("Agreed"), "right", width=15),
    Column(N_("Invoiced"), "right", may_go=1, width=15),
    Column(N_("Paid"), may_go=4),
)


class MonthLine(NamedTuple):
    """One month, money in kopecks; `None` where there is no such figure."""

    month: Month
    state: str
    licences: int
    ours_kopecks: int
    theirs_kopecks: int | None
    agreed_kopecks: int | None
    invoiced_kopecks: int | None
    paid_on: date | None


def rows(lines: Iterable[MonthLine]) -> Iterator[tuple[Cell, ...]]:
    """The cells of each month."""
    for month, state, licences, *amounts, paid in lines:
        money = (None if amount is None else Money(amount) for amount in amounts)
        yield (str(month), Label(MONTH_STATE[state]), licences, *money, paid)
