"""How much the cancelling of a sale changes the totals of open months."""

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


def months_of_sale(register: Register, licence: Licence) -> list[Month]:
    """The open months whose total may have the sale: its own, the one with corrections, one that took it."""
    assert licence.sold_on is not None, "it is a sale"
    months = {Month.of(licence.sold_on), register.months.taken().get(licence.application), first_open_month(register)}
    return sorted(month for month in months if month is not None and not register.months.is_past(month))


def changes_between(before: dict[Month, int], after: dict[Month, int]) -> list[TotalChange]:
    """The months whose payable is another one now."""
    return [
        TotalChange(month, before[month], after[month])
        for month in before
        if month in after and before[month] != after[month]
    ]
