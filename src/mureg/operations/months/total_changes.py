"""How much a decision about sales changes the totals of open months."""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.errors import Refused
from mureg.operations.months.reconciliation import settled_month
from mureg.operations.months.settlement import first_open_month
from mureg.register.register import Register
from mureg.register.transaction import Operation


class TotalChange(NamedTuple):
    """The payable of an open month before and after."""

    month: Month
    before_kopecks: int
    after_kopecks: int


def payable_of(register: Register, months: Iterable[Month], contract: SublicenceContract | None) -> dict[Month, int]:
    """The payable of each month; one that cannot be priced is left out."""
    found = {}
    for month in months:
        with suppress(Refused):
            found[month] = settled_month(register, month, contract).settlement.total.payable_kopecks
    return found


def months_of_sales(register: Register, licences: Iterable[Licence | None]) -> list[Month]:
    """The open months whose totals may have the sales among these licences.

    A sale may be in its own month, in the one with corrections, and in one that took it.
    """
    sales = [(each.application, each.sold_on) for each in licences if each is not None and each.sold_on is not None]
    if not sales:
        return []
    taken = register.months.taken()
    months = {first_open_month(register)}
    for number, day in sales:
        months |= {Month.of(day), taken.get(number)}
    return sorted(month for month in months if month is not None and not register.months.is_past(month))


def changes_since(
    before: dict[Month, int], register: Register, operation: Operation, contract: SublicenceContract | None
) -> tuple[TotalChange, ...]:
    """The months whose payable is another one than before, by what an operation under way has changed so far."""
    operation.count_changed_sales()
    after = payable_of(register, before, contract)
    return tuple(
        TotalChange(month, before[month], after[month])
        for month in before
        if month in after and before[month] != after[month]
    )
