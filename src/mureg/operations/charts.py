"""The figures behind the charts of the page, each found through an index, however large the register is.

What would be too many to count is counted up to a bound, or left out and named.
"""

from datetime import date, timedelta
from typing import NamedTuple

from mureg.domain.application import Tier
from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import SALES_BEGAN_ON, Month
from mureg.domain.licence_list import Period
from mureg.errors import Message, Refused
from mureg.operations.months import settlement
from mureg.operations.months.reconciliation import settled_month
from mureg.register.queries.licence_list import LicenceFilter
from mureg.register.register import Register

MONTHS = 12
# More applications of one age, or licences of one month, are not counted.
MOST = 1_000


class MonthPayable(NamedTuple):
    """What a month comes to for each tier, in kopecks; `None` where it is not known, and why."""

    month: Month
    payable_kopecks: dict[Tier, int] | None
    total_kopecks: int = 0
    reason: Message | None = None


class Age(NamedTuple):
    """Applications that have waited so many days; `oldest` is `None` for all that waited longer."""

    youngest: int
    oldest: int | None


AGES = (Age(0, 1), Age(2, 3), Age(4, 7), Age(8, 30), Age(31, None))


def payable_by_month(register: Register, contract: SublicenceContract | None, today: date) -> list[MonthPayable]:
    """The last twelve months up to this one, in order; none before the first month of sales."""
    records = {record.month: record for record in register.months.records()}
    last = register.months.last_closed()
    to_settle = set(register.licences.months_with_sales(after=last))
    to_settle |= {month for month, record in records.items() if record.state != "open"}
    if settlement.has_corrections(register) and last is not None:
        to_settle.add(last.next())
    found: list[MonthPayable] = []
    month = Month.of(today)
    while len(found) < MONTHS and month >= Month.of(SALES_BEGAN_ON):
        found.append(_settled(register, month, contract) if month in to_settle else MonthPayable(month, {}))
        month = month.previous()
    return found[::-1]


def _settled(register: Register, month: Month, contract: SublicenceContract | None) -> MonthPayable:
    try:
        settled = settled_month(register, month, contract).settlement
    except Refused as refusal:  # a price is missing
        return MonthPayable(month, None, reason=refusal.message)
    by_tier = {tier: part.payable_kopecks for tier, part in settled.tiers}
    return MonthPayable(month, by_tier, settled.total.payable_kopecks)


def waiting_by_age(register: Register, today: date) -> list[tuple[Age, int]]:
    """How many new applications have waited how long, up to `MOST` of each age."""
    return [
        (
            age,
            register.applications.count_waiting(
                today - timedelta(days=age.oldest) if age.oldest is not None else date.min,
                # An application may be dated after today.
                today - timedelta(days=age.youngest) if age.youngest else date.max,
                MOST,
            ),
        )
        for age in AGES
    ]


def ends_by_month(register: Register, today: date) -> list[tuple[Month, int]]:
    """How many licences end in this month and the eleven after it, from today on; up to `MOST` of each month."""
    found: list[tuple[Month, int]] = []
    month = Month.of(today)
    while len(found) < MONTHS:
        period = Period(max(today, month.first_day), month.last_day)
        found.append((month, register.licence_list.count(LicenceFilter(on=today, ends_in=period), MOST)))
        month = month.next()
    return found
