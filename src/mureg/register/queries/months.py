"""Months in the register: statements, resolutions, frozen charges, corrections that wait, and invoices."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, repeat
from typing import NamedTuple

from mureg.domain.application import Organization
from mureg.domain.columns import Columns, columns_of
from mureg.domain.contract import Charge
from mureg.domain.dates import Month
from mureg.domain.licence import Sale
from mureg.domain.settlement import SettledSale
from mureg.domain.statement import Statement, StatementRow, StatementRows
from mureg.register.engines.interface import Database, Row

_AT_ONCE = 500
_ROWS_AT_ONCE = 1_000


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


class FrozenCharge(NamedTuple):
    """A charge of a closed month. `cause` names what it settles, so that nothing is settled twice.

    `carried` is left to the next month. A charge that was `taken_from` another month is settled here by the operator's
    row: the row's amount counts, and the charge itself is no part of the month's totals.
    """

    settled: SettledSale
    cause: str
    carried: bool
    taken_from: Month | None = None
    place: int = 0


class InvoiceRecord(NamedTuple):
    """The vendor's invoice for a closed month."""

    number: str
    month: Month
    dated_on: date
    amount_kopecks: int
    paid_on: date | None


_CHARGE_COLUMNS = (
    "month", "place", "number", "inn", "kpp", "name", "tier", "sold_on", "promotion", "kind", "corrects", "cause",
    "list_price_kopecks", "discount_rate", "discount_kopecks", "carried", "taken_from",
)  # fmt: skip
_CHARGES = f"SELECT {', '.join('c.' + name for name in _CHARGE_COLUMNS)} FROM charge c"


class KeptRows(StatementRows):
    """The rows of a statement that the register keeps."""

    def __init__(self, database: Database, statement: int) -> None:
        self._database = database
        self._values = {"statement": statement}
        sql = "SELECT count(*), COALESCE(sum(payable_kopecks), 0) FROM statement_row WHERE statement = :statement"
        ((count, total),) = database.rows(sql, self._values)
        self._count, self.total_kopecks = int(count), int(total)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def chunks(self) -> Iterator[Columns]:
        """The columns of some thousands of rows at a time, in the order of the file."""
        sql = f"SELECT {', '.join(_ROW_COLUMNS)} FROM statement_row WHERE statement = :statement ORDER BY row_number"
        rows = iter(self._database.stream(sql, self._values))
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            yield columns_of(StatementRow, some)


class Months:
    """Reading what the register holds of months."""

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

    def last_closed(self) -> Month | None:
        """The last month that is closed."""
        for (month,) in self._database.rows("SELECT max(month) FROM month WHERE state <> 'open'"):
            return Month.parse(month) if month else None
        return None

    def is_past(self, month: Month) -> bool:
        """Whether nothing can be settled in the month any more: it is closed, or a later one is."""
        last = self.last_closed()
        return last is not None and month <= last

    def months_with_sales(self) -> list[Month]:
        """Months in which licences were sold, corrections of closed months apart."""
        sql = """
            SELECT DISTINCT substr(sold_on, 1, 7) FROM licence
            WHERE sold_on IS NOT NULL AND cancelled_on IS NULL AND late = 0
        """
        return sorted(Month.parse(text) for (text,) in self._database.rows(sql))

    def waiting_in(self, month: Month) -> list[str]:
        """New applications that were sent in the month."""
        sql = """
            SELECT number FROM application
            WHERE status = 'new' AND submitted_on BETWEEN :first AND :last ORDER BY submitted_on, number
        """
        days = {"first": month.first_day.isoformat(), "last": month.last_day.isoformat()}
        return [number for (number,) in self._database.rows(sql, days)]

    def charges(self, month: Month) -> Iterator[FrozenCharge]:
        """The frozen charges of a closed month, in their order; those that it took from other months come last."""
        rows = self._database.stream(f"{_CHARGES} WHERE c.month = :month ORDER BY c.place", {"month": str(month)})
        return map(_frozen, rows)

    def charges_of(self, number: str) -> list[tuple[Month, FrozenCharge]]:
        """Where an application's charges were settled."""
        sql = f"{_CHARGES} WHERE c.number = :number ORDER BY c.month, c.place"
        return [(Month.parse(row[0]), _frozen(row)) for row in self._database.rows(sql, {"number": number})]

    def carried(self) -> list[tuple[Month, FrozenCharge]]:
        """Charges left to the next month that no later month has settled, unless the sale was called off since.

        What takes a called-off sale back, with negative amounts, can be left to the next month too.
        """
        sql = f"""
            {_CHARGES} LEFT JOIN licence l ON l.application = c.number
            WHERE c.carried = 1 AND (l.cancelled_on IS NULL OR c.list_price_kopecks < 0) AND NOT EXISTS
                (SELECT 1 FROM charge k WHERE k.cause = 'carried:' || c.month || ':' || CAST(c.place AS TEXT))
            ORDER BY c.month, c.place
        """
        return [(Month.parse(row[0]), _frozen(row)) for row in self._database.rows(sql)]

    def called_off(self) -> list[tuple[Month, FrozenCharge]]:
        """Settled charges of sales that were called off since, and that no correction has taken back."""
        sql = f"""
            {_CHARGES} JOIN licence l ON l.application = c.number
            WHERE l.cancelled_on IS NOT NULL AND c.carried = 0
              AND c.list_price_kopecks >= 0 AND c.cause NOT LIKE 'cancelled:%' AND NOT EXISTS
                (SELECT 1 FROM charge k WHERE k.cause = 'cancelled:' || c.month || ':' || CAST(c.place AS TEXT))
            ORDER BY c.month, c.place
        """
        return [(Month.parse(row[0]), _frozen(row)) for row in self._database.rows(sql)]

    def late(self) -> list[Sale]:
        """Sales processed into a month that was closed, and not settled yet."""
        sql = """
            SELECT l.application, l.inn, l.kpp, a.name, l.tier, l.sold_on, a.promotion
            FROM licence l JOIN application a ON a.number = l.application
            WHERE l.late = 1 AND l.sold_on IS NOT NULL AND l.cancelled_on IS NULL
              AND NOT EXISTS (SELECT 1 FROM charge k WHERE k.cause = 'late:' || l.application)
            ORDER BY l.sold_on, l.application
        """
        return [_sale(row) for row in self._database.rows(sql)]

    def sales_of(self, column: str, values: Sequence[str]) -> Iterator[Sale]:
        """Sales of any month by their numbers (`application`) or their organisations' ИНН (`inn`)."""
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            named: dict[str, object] = {f"value{index}": value for index, value in enumerate(some)}
            sql = f"""
                SELECT l.application, l.inn, l.kpp, a.name, l.tier, l.sold_on, a.promotion
                FROM licence l JOIN application a ON a.number = l.application
                WHERE l.{column} IN ({", ".join(":" + name for name in named)})
                  AND l.sold_on IS NOT NULL AND l.cancelled_on IS NULL
                ORDER BY l.sold_on, l.application
            """
            yield from map(_sale, self._database.rows(sql, named))

    def taken(self) -> dict[str, Month]:
        """Sales that another month settles by an accepted row of the operator: the number, and that month."""
        rows = self._database.rows("SELECT takes, month FROM resolution WHERE takes <> ''")
        return {takes: Month.parse(month) for takes, month in rows}

    def made_late_by(self, operation: int) -> list[str]:
        """Numbers of the sales that the closing of their month left to a later one."""
        sql = "SELECT application FROM licence WHERE late = 1 AND operation = :operation ORDER BY application"
        return [number for (number,) in self._database.rows(sql, {"operation": operation})]

    def unsettled(self) -> list[tuple[Month, str]]:
        """Sales up to the last closed month that no month charges, and none will."""
        last = self.last_closed()
        if last is None:
            return []
        sql = """
            SELECT substr(l.sold_on, 1, 7), l.application FROM licence l
            WHERE l.sold_on <= :last AND l.cancelled_on IS NULL AND l.late = 0
              AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.cause = 'sale:' || l.application)
            ORDER BY l.sold_on, l.application
        """
        found = self._database.rows(sql, {"last": last.last_day.isoformat()})
        return [(Month.parse(month), number) for month, number in found]

    def charges_without_application(self) -> Iterable[Row]:
        """Months, and the numbers that they charge without there being such applications."""
        return self._database.rows("""
            SELECT c.month, c.number FROM charge c
            WHERE NOT EXISTS (SELECT 1 FROM application a WHERE a.number = c.number) ORDER BY c.month, c.place
        """)

    def settled_more_than_once(self) -> Iterable[Row]:
        """What several charges settle, and how many do."""
        sql = "SELECT cause, count(*) FROM charge GROUP BY cause HAVING count(*) > 1 ORDER BY cause"
        return self._database.rows(sql)

    def statement_months(self) -> dict[int, Month]:
        """Every statement that is kept, and its month."""
        rows = self._database.rows("SELECT statement, month FROM statement ORDER BY statement")
        return {statement: Month.parse(month) for statement, month in rows}

    def statement_source(self, statement: int) -> tuple[str, str]:
        """The file that a statement came in, and its SHA-256: without its rows."""
        sql = "SELECT file, sha256 FROM statement WHERE statement = :statement"
        ((file, sha256),) = self._database.rows(sql, {"statement": statement})
        return file, sha256

    def statement_total_kopecks(self, statement: int) -> int:
        """The sum of a statement's rows."""
        sql = "SELECT COALESCE(sum(payable_kopecks), 0) FROM statement_row WHERE statement = :statement"
        ((total,),) = self._database.rows(sql, {"statement": statement})
        return int(total)

    def has_corrections(self) -> bool:
        """Whether closed months left anything to the first open one."""
        return bool(self.carried() or self.late() or self.called_off())

    def statement(self, statement: int) -> Statement:
        """A statement; its rows are read as often as they are asked for."""
        ((file, sha256, stated),) = self._database.rows(
            "SELECT file, sha256, stated_total_kopecks FROM statement WHERE statement = :statement",
            {"statement": statement},
        )
        return Statement(file, sha256, KeptRows(self._database, statement), stated)

    def resolutions(self, month: Month) -> dict[str, ResolutionRecord]:
        """The resolutions of a month by their pairs."""
        sql = "SELECT pair, action, reason, content, takes FROM resolution WHERE month = :month ORDER BY pair"
        found = map(ResolutionRecord._make, self._database.rows(sql, {"month": str(month)}))
        return {record.pair: record for record in found}

    def invoices(self) -> list[InvoiceRecord]:
        """Every invoice, by month."""
        sql = "SELECT number, month, dated_on, amount_kopecks, paid_on FROM invoice ORDER BY month"
        return [
            InvoiceRecord(
                number,
                Month.parse(month),
                date.fromisoformat(dated),
                amount,
                date.fromisoformat(paid) if paid else None,
            )
            for number, month, dated, amount, paid in self._database.rows(sql)
        ]

    def _records(self, where: str, values: dict[str, object]) -> Iterator[MonthRecord]:
        sql = f"SELECT {', '.join(MonthRecord._fields)} FROM month {where} ORDER BY month"
        for month, *rest in self._database.rows(sql, values):
            yield MonthRecord(Month.parse(month), *rest)


# `row` is a word of SQL.
_ROW_COLUMNS = tuple("row_number" if name == "row" else name for name in StatementRow._fields)


def statement_rows(number: int, statement: Statement) -> Iterator[list[Row]]:
    """The rows of a statement as the register keeps them, its number, then `_ROW_COLUMNS`; some thousands at a time."""
    # zip stops at the shortest: the number is repeated for every row.
    return (list(zip(repeat(number), *columns.values(), strict=False)) for columns in statement.rows.chunks())


STATEMENT_FACT = "statement_sha256"
"""The name of a statement's digest among the facts of the record of its reconciliation."""


def statement_digest(month: Month, statement: Statement) -> str:
    """SHA-256 over all that is kept of a statement."""
    from hashlib import sha256  # noqa: PLC0415  only what writes hashes, and it is slow to load

    digest = sha256(repr((str(month), statement.file, statement.sha256, statement.stated_total_kopecks)).encode())
    for columns in statement.rows.chunks():
        digest.update("".join(map(repr, zip(*columns.values(), strict=True))).encode())
    return digest.hexdigest()


STATEMENT_ROW_COLUMNS = ("statement", *_ROW_COLUMNS)


def charge_row(month: Month, place: int, frozen: FrozenCharge) -> Row:
    """A frozen charge as the register keeps it."""
    (sale, charge, kind, corrects), cause, carried, taken_from, _ = frozen
    return (
        str(month), place, sale.number, sale.organization.inn, sale.organization.kpp, sale.name, sale.tier,
        sale.sold_on.isoformat(), sale.promotion, kind, str(corrects) if corrects else "", cause,
        charge.list_price_kopecks, charge.discount_rate, charge.discount_kopecks, int(carried),
        str(taken_from) if taken_from else "",
    )  # fmt: skip


CHARGE_COLUMNS = _CHARGE_COLUMNS


def _frozen(row: Row) -> FrozenCharge:
    (_, place, number, inn, kpp, name, tier, sold_on, promotion, kind, corrects, cause, price, rate, discount,
     carried, taken_from) = row  # fmt: skip
    sale = Sale(number, Organization(inn, kpp), name, tier, date.fromisoformat(sold_on), promotion)
    charge = Charge(tier, price, rate, discount)
    settled = SettledSale(sale, charge, kind, Month.parse(corrects) if corrects else None)
    return FrozenCharge(settled, cause, bool(carried), Month.parse(taken_from) if taken_from else None, place)


def _sale(row: Row) -> Sale:
    number, inn, kpp, name, tier, sold_on, promotion = row
    return Sale(number, Organization(inn, kpp), name, tier, date.fromisoformat(sold_on), promotion)
