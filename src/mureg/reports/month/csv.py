"""A month as CSV that Excel in Russia opens by a double click: UTF-8 with BOM, `;`, decimal comma.

The list of licences comes first, with its totals; then, after an empty line, what the act of reconciliation says.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mureg.domain.money import format_money, format_rate
from mureg.domain.text import printable
from mureg.errors import Message
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.month import layout
from mureg.reports.month.document import Language, MonthDocument
from mureg.reports.month.layout import AMOUNT_LABELS, FACT_LABELS, HEADINGS, UNRESOLVED, ChargeRow, PairRow, SumRow

_DISCREPANCIES = ("id", "kinds", "inn", "kpp", "name", "ours", "theirs", "difference", "resolution")
_FACTS = (
    "state", "partner", "contract", "statement", "sha256", "ours", "theirs", "difference", "without_statement",
    "agreed",
)  # fmt: skip

# What Excel takes for a formula at the beginning of a cell.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def month_csv(document: MonthDocument, language: Language) -> bytes:
    """The list, its totals by tier and in all, and the act."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in _rows(document, language):
        writer.writerow([_text(cell, language) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _text(cell: Cell, language: Language) -> object:  # noqa: PLR0911  one for each kind of cell
    match cell:
        case None:
            return ""
        case str():
            return as_cell(cell)
        case Money(kopecks):
            return format_money(kopecks).replace(".", ",")
        case Rate(basis_points):
            return format_rate(basis_points).replace(".", ",")
        case Label(text):
            return language.translate(text)
        case Message():
            return as_cell(language.say(cell))
        case date():
            return f"{cell:%d.%m.%Y}"
    return cell


def as_cell(text: str) -> str:
    """A client's text as a cell that no spreadsheet computes."""
    shown = printable(text)
    return "'" + shown if shown.startswith(_FORMULA_STARTS) else shown


def _rows(document: MonthDocument, language: Language) -> Iterator[Sequence[Cell]]:
    yield _headings(ChargeRow._fields)
    yield from layout.charge_rows(document)
    yield from _totals(document)
    yield ()
    yield from _facts(document)
    yield from _discrepancies(document, language)


def _headings(names: Iterable[str]) -> list[Cell]:
    return [Label(HEADINGS[name]) for name in names]


def _totals(document: MonthDocument) -> Iterator[Sequence[Cell]]:
    """The sums below their columns."""
    yield from map(_sum, layout.tier_rows(document))
    rounding = layout.amounts(document).rounding_difference
    if rounding:
        label = Label(AMOUNT_LABELS["rounding_difference"])
        yield (label, *(None,) * 7, Money(-rounding.kopecks), rounding, None, None, None)
    yield _sum(layout.total_row(document))


def _sum(row: SumRow) -> Sequence[Cell]:
    before = (row.label, None, None, None, None, row.licences)
    return (*before, row.list_price, None, row.discount, row.payable, None, Money(0), None)


def _facts(document: MonthDocument) -> Iterator[Sequence[Cell]]:
    labels = FACT_LABELS | AMOUNT_LABELS
    facts = layout.facts(document)
    if document.statement is not None:
        facts |= layout.amounts(document)._asdict()
    facts |= {"agreed": layout.amounts(document).agreed}
    for name in _FACTS:
        if facts.get(name):
            yield Label(labels[name]), facts[name]
    if document.vat_note:
        yield (document.vat_note,)


def _discrepancies(document: MonthDocument, language: Language) -> Iterator[Sequence[Cell]]:
    pairs = layout.pair_rows(document)
    if not pairs:
        return
    yield ()
    yield _headings(_DISCREPANCIES)
    yield from (_pair(pair, language) for pair in pairs)


def _pair(row: PairRow, language: Language) -> Sequence[Cell]:
    kinds = ", ".join(str(_text(kind, language)) for kind in row.kinds.values())
    sides = [side.payable if side else None for side in (row.ours, row.theirs)]
    return row.id, kinds, row.inn, row.kpp, row.name, *sides, row.difference, row.resolution or UNRESOLVED
