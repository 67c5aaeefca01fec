"""The frozen charges of closed months, and what of them the first open month has to settle."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from mureg.domain.application import Organization, Tier
from mureg.domain.contract import Charge
from mureg.domain.dates import Month
from mureg.domain.sale import Sale
from mureg.domain.settlement import Cause, SettledSale
from mureg.register.engines.interface import Database, Row, in_lists


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


class ChargeInMonth(NamedTuple):
    """A frozen charge, and the closed month that it is a charge of."""

    month: Month
    charge: FrozenCharge


class _ChargeRow(NamedTuple):
    month: str
    place: int
    number: str
    inn: str
    kpp: str
    name: str
    tier: Tier
    sold_on: str
    promotion: str
    kind: Literal["sale", "correction"]
    corrects: str
    cause: str
    list_price_kopecks: int
    discount_rate: int
    discount_kopecks: int
    carried: int
    taken_from: str


CHARGE_COLUMNS = _ChargeRow._fields
_COLUMNS = ", ".join(f"c.{name}" for name in CHARGE_COLUMNS)
_SELECT = f"SELECT {_COLUMNS} FROM charge c"


class Charges:
    """Questions about frozen charges."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_month(self, month: Month) -> Iterator[FrozenCharge]:
        """The charges of a closed month, in their order; those that it took from other months come last."""
        rows = self._database.stream(f"{_SELECT} WHERE c.month = :month ORDER BY c.place", {"month": str(month)})
        return (_in_month(row).charge for row in rows)

    def of_number(self, number: str) -> list[ChargeInMonth]:
        """Where an application's charges were settled."""
        return self.of_numbers([number]).get(number, [])

    def of_numbers(self, numbers: Sequence[str]) -> dict[str, list[ChargeInMonth]]:
        """The same of many applications: of each that has any."""
        found: dict[str, list[ChargeInMonth]] = {}
        for names, values in in_lists(numbers):
            sql = f"{_SELECT} WHERE c.number IN ({names}) ORDER BY c.month, c.place"
            for row in map(_ChargeRow._make, self._database.rows(sql, values)):
                found.setdefault(row.number, []).append(_in_month(row))
        return found

    def carried(self) -> list[ChargeInMonth]:
        """Charges left to the next month that no later month has settled, unless the sale was called off since.

        What takes a called-off sale back, with negative amounts, can be left to the next month too.
        """
        sql = f"""
            {_SELECT} LEFT JOIN licence l ON l.application = c.number
            WHERE c.carried = 1 AND (l.cancelled_on IS NULL OR c.list_price_kopecks < 0) AND NOT EXISTS
                (SELECT 1 FROM charge k WHERE k.cause = 'carried:' || c.month || ':' || CAST(c.place AS TEXT))
            ORDER BY c.month, c.place
        """
        return list(map(_in_month, self._database.rows(sql)))

    def called_off(self) -> list[ChargeInMonth]:
        """Settled charges of sales that were called off since, and that no correction has taken back."""
        # CROSS JOIN: SQLite begins with the few licences that were called off, not with every charge.
        sql = f"""
            SELECT {_COLUMNS} FROM licence l CROSS JOIN charge c
            WHERE c.number = l.application AND l.cancelled_on IS NOT NULL AND c.carried = 0
              AND c.list_price_kopecks >= 0 AND c.cause NOT LIKE 'cancelled:%' AND NOT EXISTS
                (SELECT 1 FROM charge k WHERE k.cause = 'cancelled:' || c.month || ':' || CAST(c.place AS TEXT))
            ORDER BY c.month, c.place
        """
        return list(map(_in_month, self._database.rows(sql)))


def charge_row(month: Month, place: int, frozen: FrozenCharge) -> Row:
    """A frozen charge as the register keeps it: `CHARGE_COLUMNS`."""
    sale, charge, corrects = frozen.settled.sale, frozen.settled.charge, frozen.settled.corrects
    return _ChargeRow(
        month=str(month),
        place=place,
        number=sale.number,
        inn=sale.organization.inn,
        kpp=sale.organization.kpp,
        name=sale.name,
        tier=sale.tier,
        sold_on=sale.sold_on.isoformat(),
        promotion=sale.promotion,
        kind=frozen.settled.kind,
        corrects=str(corrects) if corrects else "",
        cause=frozen.cause,
        list_price_kopecks=charge.list_price_kopecks,
        discount_rate=charge.discount_rate,
        discount_kopecks=charge.discount_kopecks,
        carried=int(frozen.carried),
        taken_from=str(frozen.taken_from) if frozen.taken_from else "",
    )


def _cause(row: _ChargeRow) -> Cause | None:
    """Why a correction is in its month: `carried:2023-08:3` was carried from the third charge of August."""
    causes: dict[str, Cause] = {"carried": "carried", "late": "late", "cancelled": "cancelled"}
    return causes.get(row.cause.partition(":")[0])


def _in_month(values: Row) -> ChargeInMonth:
    row = _ChargeRow._make(values)
    sale = Sale(
        row.number, Organization(row.inn, row.kpp), row.name, row.tier, date.fromisoformat(row.sold_on), row.promotion
    )
    charge = Charge(row.tier, row.list_price_kopecks, row.discount_rate, row.discount_kopecks)
    corrects = Month.parse(row.corrects) if row.corrects else None
    settled = SettledSale(sale, charge, row.kind, corrects, _cause(row) if row.kind == "correction" else None)
    taken_from = Month.parse(row.taken_from) if row.taken_from else None
    return ChargeInMonth(
        Month.parse(row.month), FrozenCharge(settled, row.cause, bool(row.carried), taken_from, row.place)
    )
