"""A month as CSV, one table a file."""

from collections.abc import Iterable, Iterator, Sequence

from mureg.domain.reconciliation.statement import StatementRow
from mureg.errors import N_
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.csv_table import csv_bytes, csv_text
from mureg.reports.language import Language
from mureg.reports.month import layout
from mureg.reports.month.discrepancies import FLAT_COLUMNS, PAIR_HEADINGS, flat_cells, pair_rows
from mureg.reports.month.document import MonthDocument
from mureg.reports.month.layout import AMOUNT_LABELS, HEADINGS, SUM_COLUMNS, ChargeRow, SumRow

_STATEMENT_COLUMNS = {
    "row": N_("Row"), "number": HEADINGS["number"], "inn": HEADINGS["inn"], "kpp": HEADINGS["kpp"],
    "name": HEADINGS["name"], "tier": HEADINGS["tier"], "processed_on": HEADINGS["processed_on"],
    "list_price": HEADINGS["list_price"], "discount_rate": HEADINGS["discount_rate"],
    "discount": HEADINGS["discount"], "payable": HEADINGS["payable"],
}  # fmt: skip


def month_csv(document: MonthDocument, language: Language, part: str = "charges") -> Iterator[bytes]:
    """One table of the month: `charges`, `totals`, `discrepancies`, or the `statement` of the operator."""
    rows = {"charges": _charges, "totals": _totals, "discrepancies": _discrepancies, "statement": _statement}[part]
    return csv_bytes(rows(document, language), language)


def _headings(names: Iterable[str]) -> list[Cell]:
    return [Label(HEADINGS[name]) for name in names]


def _charges(document: MonthDocument, _: Language) -> Iterator[Sequence[Cell]]:
    """The sales, then the corrections."""
    yield _headings(ChargeRow._fields)
    for section in layout.sections(document):
        yield from section.rows()


def _totals(document: MonthDocument, _: Language) -> Iterator[Sequence[Cell]]:
    """The sums by tier and in all; then what the operator counts, the difference, and what was agreed."""
    yield _headings(SUM_COLUMNS)
    yield from map(_sum, layout.tier_rows(document))
    amounts = layout.amounts(document)._asdict()
    rounding = amounts.pop("rounding_difference")
    if rounding:
        yield Label(AMOUNT_LABELS["rounding_difference"]), None, None, Money(-rounding.kopecks), rounding
    yield _sum(layout.total_row(document))
    for name in ("theirs", "difference", "agreed"):
        if amounts[name] is not None:
            yield Label(AMOUNT_LABELS[name]), None, None, None, amounts[name]


def _sum(row: SumRow) -> Sequence[Cell]:
    return row


def _discrepancies(document: MonthDocument, language: Language) -> Iterator[Sequence[Cell]]:
    yield [Label(PAIR_HEADINGS[name]) for name in FLAT_COLUMNS]
    for pair in pair_rows(document):
        yield flat_cells(pair, lambda cell: str(csv_text(cell, language)))


def _statement(document: MonthDocument, _: Language) -> Iterator[Sequence[Cell]]:
    yield [Label(heading) for heading in _STATEMENT_COLUMNS.values()]
    yield from map(_statement_row, document.statement.rows if document.statement else ())


def _statement_row(row: StatementRow) -> Sequence[Cell]:
    amounts = [
        None if kopecks is None else Money(kopecks)
        for kopecks in (row.list_price_kopecks, row.discount_kopecks, row.payable_kopecks)
    ]
    rate = None if row.discount_rate is None else Rate(row.discount_rate)
    tier = layout.tier_label(row.tier) if row.tier else None
    return (
        row.row, row.number, row.inn, row.kpp, row.name, tier, row.processed_on, amounts[0], rate, amounts[1],
        amounts[2],
    )  # fmt: skip
