"""Charges of August 2023, rows of a statement, and their reconciliation."""

from datetime import date

from mureg.domain.application import Organization, Tier
from mureg.domain.contract import Charge
from mureg.domain.dates import Month
from mureg.domain.reconciliation.pairs import Reconciliation, reconcile
from mureg.domain.reconciliation.statement import Statement, StatementRow, StatementRows
from mureg.domain.sale import Sale
from mureg.domain.settlement import SettledSale

PRICE: dict[Tier, int] = {"2-9": 300_000, "10+": 600_000}


def charge(number: str, tier: Tier = "2-9", inn: str = "", kpp: str = "770001001", day: int = 5) -> SettledSale:
    inn = inn or f"77{sum(map(ord, number)):08d}"
    sale = Sale(number, Organization(inn, kpp), f"ООО {number}", tier, date(2023, 8, day), "")
    return SettledSale(sale, Charge(tier, PRICE[tier], 4000, PRICE[tier] * 4 // 10))


def row_of(settled: SettledSale, place: int = 1) -> StatementRow:
    sale, paid = settled.sale, settled.charge
    return StatementRow(
        place, paid.payable_kopecks, sale.number, sale.organization.inn, sale.organization.kpp, sale.name, sale.tier,
        sale.sold_on, paid.list_price_kopecks, paid.discount_rate, paid.discount_kopecks,
    )  # fmt: skip


def statement_of(rows: list[StatementRow], stated: int | None = None) -> Statement:
    return Statement("a.csv", "0", StatementRows(rows), stated)


def compared(
    charges: list[SettledSale], rows: list[StatementRow], stated: int | None = None,
    elsewhere: list[tuple[Month, SettledSale]] | None = None,
) -> Reconciliation:  # fmt: skip
    return reconcile(charges, rows, 0, statement_of(rows, stated), elsewhere or [])


def kinds(found: Reconciliation) -> list[tuple[str, tuple[str, ...], int]]:
    return sorted((pair.id, pair.kinds, pair.difference_kopecks) for pair in found.pairs if pair.kinds)
