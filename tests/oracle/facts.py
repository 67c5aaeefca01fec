"""What the oracle knows: applications, licences, months and prices, in the plainest form. Money is kopecks."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

MONTHS = ["2023-08", "2023-09", "2023-10", "2023-11", "2023-12", "2024-01"]
TIERS = ["2-9", "10+"]
SALES_BEGAN = "2023-08-01"
# tier, or None for both; from; kopecks, or basis points.
PRICES = [("2-9", "2023-08-01", 300_001), ("10+", "2023-08-01", 700_005), ("2-9", "2023-09-10", 350_005)]
DISCOUNTS = [(None, "2023-08-01", 3333), ("10+", "2023-08-20", 4150), (None, "2023-10-01", 2525)]


class Refusal(Exception):
    """A rule that forbids a step; its text says which."""


@dataclass
class Application:
    number: str
    kind: str
    submitted_on: str
    inn: str
    kpp: str
    requested: str
    users: int | None
    set_option: str = ""
    set_tier: str = ""
    status: str = "new"
    processed_on: str = ""
    cancelled_on: str = ""
    without_sale: bool = False

    @property
    def is_on(self) -> bool:
        return (self.set_option or self.requested) == "on"

    @property
    def says_off(self) -> bool:
        return (self.set_option or self.requested) == "off"

    @property
    def tier(self) -> str:
        if self.set_tier:
            return self.set_tier
        if self.users is None or self.users < 2:
            return ""
        return "2-9" if self.users < 10 else "10+"


@dataclass
class Licence:
    number: str
    inn: str
    kpp: str
    tier: str
    starts_on: str
    ends_on: str
    sold_on: str  # empty where it was sold elsewhere
    is_late: bool = False
    is_cancelled: bool = False

    @property
    def is_sale(self) -> bool:
        return bool(self.sold_on) and not self.is_cancelled


@dataclass
class Entry:
    """What a closed month has of a sale: our charge as it was shown, and the amount that the month settled for it."""

    month: str
    charge: dict[str, Any]
    amount: int
    is_carried: bool = False
    is_taken: bool = False
    theirs: dict[str, Any] | None = None

    @property
    def is_refund(self) -> bool:
        return bool(kopecks(self.charge["list_price"]) < 0)


@dataclass
class Month:
    """A closed month has `shown`, what it showed right after it was closed, and its entries."""

    rows: list[dict[str, Any]] | None = None
    resolutions: dict[tuple[str, str], tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """By what they were given to, and the id that this had then: the action and the pair."""
    stated_total: int | None = None
    shown: dict[str, Any] | None = None
    entries: list[Entry] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # sales that a later month had taken when it was closed

    @property
    def is_closed(self) -> bool:
        return self.shown is not None


@dataclass
class Facts:
    applications: dict[str, Application] = field(default_factory=dict)
    licences: dict[str, Licence] = field(default_factory=dict)
    months: dict[str, Month] = field(default_factory=lambda: {month: Month() for month in MONTHS})
    markup: int = 0
    """What mureg.toml has been changed by: so many kopecks more on each list price."""

    def copied(self) -> "Facts":
        months = {
            name: replace(each, resolutions={**each.resolutions}, entries=[*each.entries], left=[*each.left])
            for name, each in self.months.items()
        }
        return Facts(copy.deepcopy(self.applications), copy.deepcopy(self.licences), months, self.markup)

    @property
    def last_closed(self) -> str:
        return max((name for name, month in self.months.items() if month.is_closed), default="")

    @property
    def first_open(self) -> str:
        return next_month(self.last_closed) if self.last_closed else ""

    def is_past(self, month: str) -> bool:
        return month <= self.last_closed

    def of_organization(self, inn: str, kpp: str) -> list[Licence]:
        return [each for each in self.licences.values() if (each.inn, each.kpp) == (inn, kpp)]

    def entries(self, number: str = "") -> list[Entry]:
        return [
            entry for month in self.months.values() for entry in month.entries
            if number in ("", entry.charge["number"])
        ]  # fmt: skip


# --- dates and money --------------------------------------------------------------------------------------------------


def next_month(month: str) -> str:
    return (date.fromisoformat(month + "-01") + timedelta(days=31)).isoformat()[:7]


def day_after(day: str, days: int = 1) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def a_year_later(day: str) -> str:
    """The last day of twelve months that begin on the day."""
    year, rest = int(day[:4]) + 1, day[4:]
    return f"{year}-02-28" if rest == "-02-29" else day_after(f"{year}{rest}", -1)


def kopecks(text: str) -> int:
    amount = Fraction(text) * 100
    assert amount.denominator == 1
    return int(amount)


def roubles(amount: int) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}"


def half_up(amount: Fraction) -> int:
    """Rounded half up, away from zero."""
    size = int(abs(amount) + Fraction(1, 2))
    return size if amount >= 0 else -size


def in_force(rows: Sequence[tuple[str | None, str, int]], tier: str, day: str) -> int:
    """The row for the tier before one for both, then the latest."""
    for wanted in (tier, None):
        found = [row for row in rows if row[0] == wanted and row[1] <= day]
        if found:
            return max(found, key=lambda row: row[1])[2]
    raise AssertionError((tier, day))


def price_of(tier: str, day: str, markup: int = 0) -> tuple[int, int, int]:
    """List price, rate and discount of one licence."""
    price, rate = in_force(PRICES, tier, day) + markup, in_force(DISCOUNTS, tier, day)
    return price, rate, half_up(Fraction(price * rate, 10_000))
