"""Sales of licences: what a month charges."""

from datetime import date
from typing import NamedTuple

from mureg.domain.application import Organization, Tier


class Sale(NamedTuple):
    """One licence sold: what a charge is computed from."""

    number: str
    organization: Organization
    name: str
    tier: Tier
    sold_on: date
    promotion: str


class SaleCount(NamedTuple):
    """How many licences of a tier were sold on a day: enough for the totals of a month."""

    tier: Tier
    sold_on: date
    licences: int
