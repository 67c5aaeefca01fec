"""The sublicence contract: dated list prices and partner discounts, and the charge of a sale.

Neither the vendor's prices nor the discounts are public: every figure comes from the partner's settings.
Promotions («Welcome!», «СуперХод» and others) do not change the price of this licence: so says the vendor's page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple, TypeVar

from mureg.domain.application import TIER_LABELS, TIERS, Tier
from mureg.domain.money import share_kopecks
from mureg.errors import Refused, msg

Rounding = Literal["licence", "total"]


@dataclass(frozen=True, slots=True)
class Price:
    """The list price of one licence from a day on; for both tiers where `tier` is `None`.

    `origin` is its place in the settings, `mureg.toml:15`.
    """

    amount_kopecks: int
    from_on: date
    tier: Tier | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Discount:
    """The partner discount from a day on, in basis points; for both tiers where `tier` is `None`."""

    rate: int
    from_on: date
    tier: Tier | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """What one licence costs the partner, with the price and the discount that it comes from.

    `discount` is `None` where the contract has none for the day, which means 0 %. Of a charge that was stored when its
    month was closed, both are `None`: its amounts are not computed again.
    """

    tier: Tier
    list_price_kopecks: int
    discount_rate: int
    discount_kopecks: int
    price: Price | None = None
    discount: Discount | None = None

    @property
    def payable_kopecks(self) -> int:
        """List price − discount."""
        return self.list_price_kopecks - self.discount_kopecks

    def negative(self) -> "Charge":
        """The charge with the opposite sign, which cancels this one."""
        return replace(self, list_price_kopecks=-self.list_price_kopecks, discount_kopecks=-self.discount_kopecks)


class TermsOfTier(NamedTuple):
    """What is in force for a tier on a day; `None` where nothing is."""

    tier: Tier
    price: Price | None
    discount: Discount | None


_Dated = TypeVar("_Dated", Price, Discount)


@dataclass(frozen=True, slots=True)
class SublicenceContract:
    """The partner's contract with its dated prices and discounts."""

    number: str
    signed_on: date | None
    term_months: int
    rounding: Rounding = "licence"
    vat_note: str = ""
    prices: tuple[Price, ...] = ()
    discounts: tuple[Discount, ...] = ()

    def price_on(self, tier: Tier, day: date) -> Price | None:
        """The price in force: one for the tier goes before one for both tiers, then the latest `from_on`."""
        return _in_force(self.prices, tier, day)

    def discount_on(self, tier: Tier, day: date) -> Discount | None:
        """The discount in force, chosen like the price."""
        return _in_force(self.discounts, tier, day)

    def terms_on(self, day: date) -> list[TermsOfTier]:
        """The price and the discount of each tier."""
        return [TermsOfTier(tier, self.price_on(tier, day), self.discount_on(tier, day)) for tier in TIERS]

    def require_prices(self, sold: Iterable[tuple[Tier, date]]) -> None:
        """Raise `Refused` where a sale has no price, with the lines to add to mureg.toml for each such tier.

        The sales are in order of date.
        """
        missing: dict[Tier, date] = {}
        for tier, day in sold:
            if self.price_on(tier, day) is None:
                missing.setdefault(tier, day)
        if missing:
            raise _no_price(missing)

    def charge_if_priced(self, tier: Tier, sold_on: date) -> Charge | None:
        """The charge of one licence sold on the day; `None` where no price is in force."""
        return self.charge(tier, sold_on) if self.price_on(tier, sold_on) is not None else None

    def charge(self, tier: Tier, sold_on: date) -> Charge:
        """The charge of one licence sold on the day. Raises `Refused` where no price is in force."""
        price = self.price_on(tier, sold_on)
        if price is None:
            raise _no_price({tier: sold_on})
        discount = self.discount_on(tier, sold_on)
        rate = discount.rate if discount else 0
        return Charge(
            tier=tier,
            list_price_kopecks=price.amount_kopecks,
            discount_rate=rate,
            discount_kopecks=share_kopecks(price.amount_kopecks, rate),
            price=price,
            discount=discount,
        )


def _in_force(rows: tuple[_Dated, ...], tier: Tier, day: date) -> _Dated | None:
    candidates = [row for row in rows if row.from_on <= day and row.tier in (tier, None)]
    return max(candidates, key=lambda row: (row.tier is not None, row.from_on), default=None)


def _no_price(missing: dict[Tier, date]) -> Refused:
    tier, day = next(iter(missing.items()))
    # TOML, which is not translated.
    lines = tuple(
        f'[[contract.price]]\ntier = "{each}"\namount = "…"\nfrom = {first.replace(day=1).isoformat()}\n'
        for each, first in missing.items()
    )
    return Refused(
        msg("no list price for tier {tier} on {day}", tier=msg(TIER_LABELS[tier]), day=day),
        msg("add it to mureg.toml:\n\n{lines}", lines=tuple("\n".join(lines).rstrip().split("\n"))),
    )
