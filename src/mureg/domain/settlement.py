"""A month's settlement: our computation of what the partner pays for the licences sold in the month.

Every charge is rounded by itself. With `rounding = "total"` the month's discount is rounded once per tier and rate,
and the difference to the sum of the charges is shown, never hidden.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from mureg.domain.application import TIERS, Tier
from mureg.domain.calendar import Month
from mureg.domain.contract import Charge, SublicenceContract
from mureg.domain.licence import Sale, SaleCount
from mureg.domain.money import share_kopecks


class SettledSale(NamedTuple):
    """A sale with its charge. `corrects` names the closed month that a correction belongs to."""

    sale: Sale
    charge: Charge
    kind: Literal["sale", "correction"] = "sale"
    corrects: Month | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Money of several licences."""

    count: int = 0
    list_price_kopecks: int = 0
    discount_kopecks: int = 0

    @property
    def payable_kopecks(self) -> int:
        """List price − discount."""
        return self.list_price_kopecks - self.discount_kopecks

    def plus(self, charge: Charge, count: int) -> "Sum":
        """This sum and `count` such charges more."""
        return Sum(
            self.count + count,
            self.list_price_kopecks + count * charge.list_price_kopecks,
            self.discount_kopecks + count * charge.discount_kopecks,
        )


@dataclass(frozen=True, slots=True)
class Settlement:
    """A month's totals. `tiers` has every tier, in order; `total` is rounded as the contract says."""

    month: Month
    tiers: tuple[tuple[Tier, Sum], ...]
    total: Sum
    rounding_difference_kopecks: int
    undiscounted: tuple[tuple[Tier, date], ...]
    """Tiers and days for which the contract has no discount, and 0 % was counted."""


def settle(month: Month, counts: Iterable[SaleCount], contract: SublicenceContract) -> Settlement:
    """The month's totals from the counted sales. Raises `Refused` where a price is missing."""
    tiers = {tier: Sum() for tier in TIERS}
    groups: dict[tuple[Tier, int], int] = {}
    undiscounted = []
    for tier, sold_on, count in sorted(counts, key=lambda row: (row.sold_on, row.tier)):
        charge = contract.charge(tier, sold_on)
        tiers[tier] = tiers[tier].plus(charge, count)
        group = (tier, charge.discount_rate)
        groups[group] = groups.get(group, 0) + count * charge.list_price_kopecks
        if charge.discount is None:
            undiscounted.append((tier, sold_on))
    by_licence = Sum(
        sum(part.count for part in tiers.values()),
        sum(part.list_price_kopecks for part in tiers.values()),
        sum(part.discount_kopecks for part in tiers.values()),
    )
    total = by_licence
    if contract.rounding == "total":
        discount = sum(share_kopecks(amount, rate) for (_, rate), amount in groups.items())
        total = Sum(by_licence.count, by_licence.list_price_kopecks, discount)
    return Settlement(
        month=month,
        tiers=tuple(tiers.items()),
        total=total,
        rounding_difference_kopecks=total.payable_kopecks - by_licence.payable_kopecks,
        undiscounted=tuple(undiscounted),
    )


class Charges:
    """Prices sales one by one; a month has few tiers and days, so each charge is computed once."""

    def __init__(self, contract: SublicenceContract) -> None:
        self._contract = contract
        self._known: dict[tuple[Tier, date], Charge] = {}

    def of(self, sale: Sale) -> SettledSale:
        """The sale with its charge. Raises `Refused` where a price is missing."""
        key = (sale.tier, sale.sold_on)
        charge = self._known.get(key)
        if charge is None:
            charge = self._known[key] = self._contract.charge(sale.tier, sale.sold_on)
        return SettledSale(sale, charge)
