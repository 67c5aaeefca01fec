"""Months in the register: their state, the resolutions of their discrepancies, and their invoices."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from mureg.domain.dates import Month
from mureg.register.engines.interface import Database, like_with


class MonthRecord(NamedTuple):
    """What is kept of a month. `contract` is the JSON of the rules with which it was closed; `statement` a number."""

    month: Month
    state: str = "open"
    statement: int | None = None
    without_statement: str = ""
    contract: str = ""
    agreed_kopecks: int | None = None
    hash: str = ""
    operation: int = 0


class ResolutionRecord(NamedTuple):
    """How a pair was resolved, and the content that the pair had then: a pair that changed is open again."""

    pair: str
    action: str
    reason: str
    content: str
    takes: str


class InvoiceRecord(NamedTuple):
    """The vendor's invoice for a closed month."""

    number: str
    month: Month
    dated_on: date
    amount_kopecks: int
    paid_on: date | None


class Months:
    """Questions about months."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, month: Month) -> MonthRecord:
        """A month's record; an open one without anything where nothing was kept of it."""
        for record in self._records("WHERE month = :month", {"month": str(month)}):
            return record
        return MonthRecord(month)

    def records(self) -> list[MonthRecord]:
        """Every month of which something is kept, in order."""
        return list(self._records("", {}))

    def _records(self, where: str, values: dict[str, object]) -> Iterator[MonthRecord]:
        sql = f"SELECT {', '.join(MonthRecord._fields)} FROM month {where} ORDER BY month"
        for month, *rest in self._database.rows(sql, values):
            yield MonthRecord(Month.parse(month), *rest)

    def last_closed(self, before: Month | None = None) -> Month | None:
        """The last month that is closed, or the last one before a month."""
        sql = "SELECT max(month) FROM month WHERE state <> 'open' AND month < :before"
        for (month,) in self._database.rows(sql, {"before": str(before) if before else "9999-99"}):
            return Month.parse(month) if month else None
        return None

    def is_past(self, month: Month) -> bool:
        """Whether nothing can be settled in the month any more: it is closed, or a later one is."""
        last = self.last_closed()
        return last is not None and month <= last

    def resolutions(self, month: Month) -> dict[str, ResolutionRecord]:
        """The resolutions of a month by their pairs."""
        sql = f"SELECT {', '.join(ResolutionRecord._fields)} FROM resolution WHERE month = :month ORDER BY pair"
        found = map(ResolutionRecord._make, self._database.rows(sql, {"month": str(month)}))
        return {record.pair: record for record in found}

    def resolutions_naming(self, number: str) -> list[tuple[Month, ResolutionRecord, int]]:
        """The resolutions whose pair names the number, with their month and the operation that gave them."""
        sql = f"""
            SELECT month, operation, {", ".join(ResolutionRecord._fields)} FROM resolution
            WHERE content LIKE :cell ESCAPE '!' ORDER BY month, pair
        """
        rows = self._database.rows(sql, {"cell": like_with(json.dumps(number, ensure_ascii=False))})
        return [(Month.parse(month), ResolutionRecord._make(rest), operation) for month, operation, *rest in rows]

    def resolved_by(self, operation: int) -> int:
        """How many resolutions an operation wrote that no later one changed."""
        sql = "SELECT count(*) FROM resolution WHERE operation = :operation"
        return next(int(count) for (count,) in self._database.rows(sql, {"operation": operation}))

    def taken(self) -> dict[str, Month]:
        """Sales that another month settles by an accepted row of the operator: the number, and that month."""
        rows = self._database.rows("SELECT takes, month FROM resolution WHERE takes <> ''")
        return {takes: Month.parse(month) for takes, month in rows}

    def months_that_take(self, takes: str) -> list[Month]:
        """The months that have an acceptance of what is taken, in force or not."""
        sql = "SELECT DISTINCT month FROM resolution WHERE takes = :takes ORDER BY month"
        return [Month.parse(month) for (month,) in self._database.rows(sql, {"takes": takes})]

    def accepted_without_charge(self) -> Iterable[tuple[Month, bool, str, int]]:
        """Accepted rows of the operator that no charge of ours matched.

        Of each the month, whether it is open, the content of the pair, and the operation that accepted it.
        """
        sql = """
            SELECT r.month, COALESCE(m.state, 'open') = 'open', r.content, r.operation
            FROM resolution r LEFT JOIN month m ON m.month = r.month
            WHERE r.action = 'accept' AND r.content LIKE '[["missing_in_register"]%'
            ORDER BY r.month, r.pair
        """
        for month, is_open, content, operation in self._database.rows(sql):
            yield Month.parse(month), bool(is_open), content, operation

    def invoices(self) -> list[InvoiceRecord]:
        """Every invoice, by month."""
        sql = f"SELECT {', '.join(InvoiceRecord._fields)} FROM invoice ORDER BY month"
        return [
            InvoiceRecord(
                number=number,
                month=Month.parse(month),
                dated_on=date.fromisoformat(dated_on),
                amount_kopecks=amount,
                paid_on=date.fromisoformat(paid_on) if paid_on else None,
            )
            for number, month, dated_on, amount, paid_on in self._database.rows(sql)
        ]
