"""A month's settlement: our computation of what the partner pays for the licences sold in the month.

Each charge is rounded on its own. With `rounding = "total"` the month's discount is rounded once per tier and rate,
and the difference to the sum of the charges is always shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from mureg.domain.application import TIERS, Tier
from mureg.domain.contract import Charge, SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.money import share_kopecks
from mureg.domain.reconciliation.exact_matches import ChargeTerms
from mureg.domain.sale import Sale, SaleCount

Cause = Literal["carried", "late", "cancelled"]
"""Why a month has a correction of a closed one."""


class SettledSale(NamedTuple):
    """A sale with its charge. A correction says which closed month it corrects, and why."""

    sale: Sale
    charge: Charge
    kind: Literal["sale", "correction"] = "sale"
    corrects: Month | None = None
    cause: Cause | None = None

    @property
    def licences(self) -> int:
        """How many licences it counts: a sale that is taken back counts −1."""
        return -1 if self.cause == "cancelled" or self.charge.list_price_kopecks < 0 else 1


@dataclass(frozen=True, slots=True)
class Sum:
    """Money of several licences. `count` is net: a sale that is taken back counts −1."""

    count: int = 0
    list_price_kopecks: int = 0
    discount_kopecks: int = 0

    @property
    def payable_kopecks(self) -> int:
        """List price − discount."""
        return self.list_price_kopecks - self.discount_kopecks

    def plus(self, charge: Charge, count: int, licences: int | None = None) -> "Sum":
        """This sum and `count` such charges more, which are so many licences: as many as charges, if not given."""
        return Sum(
            self.count + (count if licences is None else licences),
            self.list_price_kopecks + count * charge.list_price_kopecks,
            self.discount_kopecks + count * charge.discount_kopecks,
        )


Rounded = Literal["total", "rows", ""]
"""How a paper of the operator is rounded, where the contract rounds the total once."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A month's totals. `tiers` has every tier, in order; `total` is rounded as the contract says.

    `corrections` is what of them corrects closed months; `None` where nothing does.
    """

    month: Month
    tiers: tuple[tuple[Tier, Sum], ...]
    total: Sum
    rounding_difference_kopecks: int
    undiscounted: tuple[tuple[Tier, date], ...]
    """Tiers and days for which the contract has no discount, and 0 % was counted."""
    corrections: Sum | None


def settlement_of_sales(
    month: Month, counts: Iterable[SaleCount], contract: SublicenceContract, corrections: Iterable[SettledSale] = ()
) -> Settlement:
    """The month's totals from the counted sales and the corrections. Raises `Refused` where a price is missing."""
    counts = sorted(counts, key=lambda row: (row.sold_on, row.tier))
    contract.require_prices((tier, sold_on) for tier, sold_on, _ in counts)
    tiers = {tier: Sum() for tier in TIERS}
    groups: dict[tuple[Tier, int], int] = {}
    undiscounted = []
    for tier, sold_on, count in counts:
        charge = contract.charge(tier, sold_on)
        tiers[tier] = tiers[tier].plus(charge, count)
        group = (tier, charge.discount_rate)
        groups[group] = groups.get(group, 0) + count * charge.list_price_kopecks
        if charge.discount is None:
            undiscounted.append((tier, sold_on))
    difference = 0
    if contract.rounding == "total":
        by_licence = sum(part.discount_kopecks for part in tiers.values())
        difference = by_licence - sum(share_kopecks(amount, rate) for (_, rate), amount in groups.items())
    corrected = None
    for correction in corrections:
        tier = correction.sale.tier
        tiers[tier] = tiers[tier].plus(correction.charge, 1, correction.licences)
        corrected = (corrected or Sum()).plus(correction.charge, 1, correction.licences)
    return settlement_of_sums(month, tiers, difference, corrected, tuple(undiscounted))


def settlement_of_charges(month: Month, charges: Iterable[SettledSale], rounding_difference_kopecks: int) -> Settlement:
    """The totals of charges whose amounts are fixed, as those of a closed month are."""
    tiers = {tier: Sum() for tier in TIERS}
    corrected = None
    for charge in charges:
        tiers[charge.sale.tier] = tiers[charge.sale.tier].plus(charge.charge, 1, charge.licences)
        if charge.kind == "correction":
            corrected = (corrected or Sum()).plus(charge.charge, 1, charge.licences)
    return settlement_of_sums(month, tiers, rounding_difference_kopecks, corrected)


def settlement_of_sums(
    month: Month,
    tiers: dict[Tier, Sum],
    rounding_difference_kopecks: int,
    corrections: Sum | None,
    undiscounted: tuple[tuple[Tier, date], ...] = (),
) -> Settlement:
    """The totals of the sums of every tier, in which the corrections are contained."""
    parts, difference = tiers.values(), rounding_difference_kopecks
    total = Sum(
        sum(part.count for part in parts),
        sum(part.list_price_kopecks for part in parts),
        sum(part.discount_kopecks for part in parts) - difference,
    )
    return Settlement(month, tuple(tiers.items()), total, difference, undiscounted, corrections)


def rounding_of(amount_kopecks: int, total_kopecks: int, rounding_difference_kopecks: int) -> Rounded | None:
    """How a paper of the operator rounds an amount: once for the `total`, or by `rows`; `None` where it is another one.

    Both are right (docs/reference.md, “Months and money”), and empty where they are the same.
    """
    if amount_kopecks == total_kopecks:
        return "total" if rounding_difference_kopecks else ""
    return "rows" if amount_kopecks == total_kopecks - rounding_difference_kopecks else None


def terms_of(charge: Charge) -> ChargeTerms:
    """The amounts of a charge that a statement is compared with."""
    return ChargeTerms(charge.tier, charge.list_price_kopecks, charge.discount_rate, charge.discount_kopecks)


class Pricing:
    """Prices single sales; a month has few tiers and days, so the charge of each pair of them is computed once."""

    def __init__(self, contract: SublicenceContract) -> None:
        self._contract = contract
        self._known: dict[tuple[Tier, date], Charge] = {}

    def settle(self, sale: Sale) -> SettledSale:
        """The sale with its charge. Raises `Refused` where a price is missing."""
        return SettledSale(sale, self.charge(sale.tier, sale.sold_on))

    def charge(self, tier: Tier, sold_on: date) -> Charge:
        """The charge of a licence of the tier, sold on the day. Raises `Refused` where a price is missing."""
        charge = self._known.get((tier, sold_on))
        if charge is None:
            charge = self._known[tier, sold_on] = self._contract.charge(tier, sold_on)
        return charge
