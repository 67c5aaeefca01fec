"""Licences in the register, and the sales that they are."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from mureg.domain.application import Organization, Tier
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.lazy_imports import lazy_imports
from mureg.register import columns
from mureg.register.engines.interface import Database, Row, in_lists, like_with

# Only months need them.
with lazy_imports():
    from mureg.domain import sale as sales


class Licences:
    """Questions about licences. A sale that was called off is none; a late one is settled after its month."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, organization: Organization) -> list[Licence]:
        """The organisation's licences, in the order in which they begin."""
        sql = f"{_SELECT} WHERE inn = :inn AND kpp = :kpp ORDER BY starts_on, application"
        return list(map(columns.licence_from, self._database.rows(sql, organization._asdict())))

    def of_all(self, organizations: Collection[Organization]) -> dict[Organization, list[Licence]]:
        """The licences of each of the organisations that has any, in the order in which they begin.

        There may be others with the same ИНН.
        """
        found: dict[Organization, list[Licence]] = {}
        if len(organizations) == 1:
            # The index finds it alone, whatever the other organisations of its ИНН have.
            return {each: licences for each in organizations if (licences := self.of(each))}
        for names, values in in_lists(sorted({organization.inn for organization in organizations})):
            sql = f"{_SELECT} WHERE inn IN ({names}) ORDER BY starts_on, application"
            for licence in map(columns.licence_from, self._database.rows(sql, values)):
                found.setdefault(licence.organization, []).append(licence)
        return found

    def made_by(self, number: str) -> Licence | None:
        """The licence that the application made."""
        for row in self._database.rows(f"{_SELECT} WHERE application = :number", {"number": number}):
            return columns.licence_from(row)
        return None

    def made_by_each(self, numbers: Sequence[str]) -> dict[str, Licence]:
        """The licences that the applications made, by their numbers."""
        found: dict[str, Licence] = {}
        for names, values in in_lists(numbers):
            for row in self._database.rows(f"{_SELECT} WHERE application IN ({names})", values):
                licence = columns.licence_from(row)
                found[licence.application] = licence
        return found

    def has_accepted_rows(self, cell: str = "") -> bool:
        """Whether a row of the operator without a charge of ours was accepted: any, or one with this number or ИНН."""
        sql = """
            SELECT 1 FROM resolution
            WHERE action = 'accept' AND content LIKE '[["missing_in_register"]%' AND content LIKE :cell ESCAPE '!'
            LIMIT 1
        """
        text = json.dumps(cell, ensure_ascii=False) if cell else ""
        return bool(list(self._database.rows(sql, {"cell": like_with(text)})))

    def sale_counts(self, month: Month, without: Collection[str] = ()) -> "list[sales.SaleCount]":
        """How many licences of each tier were sold on each day of the month, but those with the numbers `without`."""
        days = columns.days_of(month)
        sql = "SELECT tier, sold_on, licences FROM sale_count WHERE sold_on BETWEEN :first AND :last"
        counts = {(tier, sold_on): int(count) for tier, sold_on, count in self._database.rows(sql, days)}
        for names, values in in_lists(sorted(without)):
            sql = f"SELECT l.tier, l.sold_on FROM licence l WHERE {_IN_MONTH} AND l.application IN ({names})"
            for tier, sold_on in self._database.rows(sql, days | values):
                counts[tier, sold_on] -= 1
        return [
            sales.SaleCount(tier, date.fromisoformat(sold_on), count)
            for (tier, sold_on), count in sorted(counts.items(), key=lambda item: (item[0][1], item[0][0]))
            if count
        ]

    def sold_numbers(self, tier: Tier, sold_on: date) -> list[str]:
        """The numbers of the licences of a tier sold on a day: an index knows no more, and no less."""
        sql = f"SELECT l.application FROM licence l WHERE l.sold_on = :sold_on AND l.tier = :tier AND {IS_TIMELY}"
        values = {"sold_on": sold_on.isoformat(), "tier": tier}
        return [number for (number,) in self._database.rows(sql, values)]

    def months_with_sales(self, after: Month | None = None) -> list[Month]:
        """Months in which licences were sold, corrections of closed months apart; those after a month, or all."""
        sql = "SELECT DISTINCT substr(sold_on, 1, 7) FROM sale_count WHERE sold_on > :after ORDER BY 1"
        values = {"after": after.last_day.isoformat() if after else ""}
        return [Month.parse(month) for (month,) in self._database.rows(sql, values)]

    def sales_in(self, month: Month, without: Collection[str] = ()) -> "Iterator[sales.Sale]":
        """The licences sold in the month, by day, then number, but those with the numbers `without`."""
        sales = _sales_from(self._database.stream(_SALES.format(_IN_MONTH), columns.days_of(month)))
        return (sale for sale in sales if sale.number not in without)

    def sales_with(self, numbers: Sequence[str], month: Month | None = None) -> "Iterator[sales.Sale]":
        """The sales with these numbers: those of a month, or any that was not called off."""
        condition, days = (_IS_SALE, {}) if month is None else (_IN_MONTH, columns.days_of(month))
        for names, values in in_lists(numbers):
            sql = _SALES.format(f"{condition} AND l.application IN ({names})")
            yield from _sales_from(self._database.rows(sql, days | values))

    def sales_to(self, inns: Sequence[str]) -> "Iterator[sales.Sale]":
        """The sales of any month to the organisations with these ИНН."""
        for names, values in in_lists(inns):
            yield from _sales_from(self._database.rows(_SALES.format(f"{_IS_SALE} AND l.inn IN ({names})"), values))

    def late_sales(self) -> "list[sales.Sale]":
        """Sales processed into a month that was closed, and not settled yet."""
        is_settled = "EXISTS (SELECT 1 FROM charge k WHERE k.cause = 'late:' || l.application)"
        sql = _SALES.format(f"l.late = 1 AND {_IS_SALE} AND NOT {is_settled}")
        return list(_sales_from(self._database.rows(sql)))


_SELECT = f"SELECT {', '.join(columns.LICENCE_COLUMNS)} FROM licence"
_SALES = """
    SELECT l.application, l.inn, l.kpp, a.name, l.tier, l.sold_on, a.promotion
    FROM licence l JOIN application a ON a.number = l.application
    WHERE {} ORDER BY l.sold_on, l.application
"""
# The same conditions as in the partial indexes of sales: otherwise these are not used.
_IS_SALE = "l.sold_on IS NOT NULL AND l.cancelled_on IS NULL"
IS_TIMELY = f"{_IS_SALE} AND l.late = 0"
_IN_MONTH = f"l.sold_on BETWEEN :first AND :last AND {IS_TIMELY}"


def _sales_from(rows: Iterable[Row]) -> "Iterator[sales.Sale]":
    # A month has thousands of sales and some thirty days.
    days: dict[str, date] = {}
    for number, inn, kpp, name, tier, sold_on, promotion in rows:
        day = days.get(sold_on) or days.setdefault(sold_on, date.fromisoformat(sold_on))
        yield sales.Sale(number, Organization(inn, kpp), name, tier, day, promotion)
