"""The list of invoices."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mureg.domain.dates import Month
from mureg.domain.settlement import Rounded
from mureg.errors import N_
from mureg.reports.cells import Cell, Column, Label, Money

_COLUMNS = (
    Column(N_("Invoice")), Column(N_("Month")), Column(N_("Dated")), Column(N_("Amount"), "right"),
    Column(N_("Due"), "right"), Column(N_("Paid")),
)  # fmt: skip
_ROUNDED: dict[Rounded, Label | None] = {
    "": None, "total": Label(N_("once for the total")), "rows": Label(N_("by rows")),
}  # fmt: skip
CHECKED: dict[Rounded, Label] = {
    "": Label(N_("it is the agreed amount")),
    "total": Label(N_("it is the agreed amount, rounded once for the total")),
    "rows": Label(N_("it is the agreed amount, rounded by rows")),
}


class InvoiceLine(NamedTuple):
    """One invoice, and how it is rounded."""

    number: str
    month: Month
    dated_on: date
    amount_kopecks: int
    paid_on: date | None
    rounding: Rounded


def columns(lines: Sequence[InvoiceLine]) -> tuple[Column, ...]:
    """The columns. Without a rounding difference every invoice is rounded alike, and that is not shown."""
    return (*_COLUMNS, Column(N_("Rounded"))) if _shows_rounding(lines) else _COLUMNS


def rows(lines: Sequence[InvoiceLine]) -> Iterator[tuple[Cell, ...]]:
    """The cells of each invoice, for these columns."""
    shows_rounding = _shows_rounding(lines)
    for number, month, dated_on, amount, paid_on, rounding in lines:
        cells = (number, str(month), dated_on, Money(amount), Money(0 if paid_on else amount), paid_on)
        yield (*cells, _ROUNDED[rounding]) if shows_rounding else cells


def _shows_rounding(lines: Sequence[InvoiceLine]) -> bool:
    return any(line.rounding for line in lines)
