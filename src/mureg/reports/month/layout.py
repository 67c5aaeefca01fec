"""A month laid out once, as typed cells. The terminal, CSV, HTML, PDF and XLSX choose columns and render them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from mureg.domain.application import TIER_LABELS
from mureg.domain.dates import Month
from mureg.domain.settlement import Cause, SettledSale, Sum
from mureg.errors import N_, Message, msg, plural
from mureg.reports.cells import Label, Money, Rate
from mureg.reports.month.document import MonthDocument
from mureg.reports.month.labels import MONTH_STATE


class ChargeRow(NamedTuple):
    """A charge in the list. `kind` is a sale, or what a correction is; `corrects` is the month corrected, or empty."""

    number: str
    processed_on: date
    inn: str
    kpp: str
    name: str
    tier: Label
    list_price: Money
    discount_rate: Rate
    discount: Money
    payable: Money
    promotion: str
    promotion_discount: Money
    kind: Label
    corrects: str


class SumRow(NamedTuple):
    """Money of several licences."""

    label: Label
    licences: int
    list_price: Money
    discount: Money
    payable: Money


HEADINGS = {
    "place": N_("No."),
    "number": N_("Number"),
    "processed_on": N_("Processed"),
    "inn": N_("ИНН"),
    "kpp": N_("КПП"),
    "name": N_("Organization"),
    "tier": N_("Tier"),
    "licences": N_("Licences"),
    "list_price": N_("List price"),
    "discount_rate": N_("Discount %"),
    "discount": N_("Discount"),
    "payable": N_("Payable"),
    "promotion": N_("Promotion"),
    "promotion_discount": N_("Promotion's discount"),
    "kind": N_("Kind"),
    "corrects": N_("Corrects"),
}

INN_AND_KPP = N_("ИНН / КПП")

# The headings of a `SumRow`.
SUM_COLUMNS = ("tier", "licences", "list_price", "discount", "payable")


class Section(NamedTuple):
    """The sales of a month, or its corrections, by processing date, then number; and their sums.

    Sales have no title where there are no corrections. Each row is read when it is asked for.
    """

    title: Label | None
    is_corrections: bool
    rows: Callable[[], Iterator[ChargeRow]]
    total: SumRow


def sections(document: MonthDocument) -> list[Section]:
    """The sales, and the corrections, if there are any."""
    corrections, every = document.settlement.corrections, _sum_of_charges(document)
    total, title = Label(N_("Total")), Label(N_("Corrections of closed months"))
    if corrections is None:
        return [_section(document, None, "sale", _sum_row(total, every))]
    sales = Sum(
        every.count - corrections.count,
        every.list_price_kopecks - corrections.list_price_kopecks,
        every.discount_kopecks - corrections.discount_kopecks,
    )
    if not sales.count:
        return [_section(document, title, "correction", _sum_row(total, corrections))]
    subtotal = Label(N_("Subtotal"))
    return [
        _section(document, Label(N_("Sales")), "sale", _sum_row(subtotal, sales)),
        _section(document, title, "correction", _sum_row(subtotal, corrections)),
    ]


def _section(document: MonthDocument, title: Label | None, kind: str, total: SumRow) -> Section:
    def rows() -> Iterator[ChargeRow]:
        return (charge_row(charge) for charge in document.charges() if charge.kind == kind)

    return Section(title, kind == "correction", rows, total)


# What a charge is: the correction of a closed month has a cause.
_KINDS: Mapping[Cause | None, str] = {
    "carried": N_("carried over"),
    "late": N_("processed late"),
    "cancelled": N_("cancellation"),
    None: N_("correction"),
}


def charge_row(settled: SettledSale) -> ChargeRow:
    """One charge."""
    sale, charge = settled.sale, settled.charge
    kind = N_("sale") if settled.kind == "sale" else _KINDS[settled.cause]
    return ChargeRow(
        sale.number, sale.sold_on, *sale.organization, sale.name, tier_label(sale.tier),
        Money(charge.list_price_kopecks), Rate(charge.discount_rate), Money(charge.discount_kopecks),
        Money(charge.payable_kopecks), sale.promotion, Money(0), Label(kind), str(settled.corrects or ""),
    )  # fmt: skip


def charges_total(document: MonthDocument) -> SumRow:
    """The sums of the list: those of the charges, each rounded by itself."""
    return _sum_row(Label(N_("Total")), _sum_of_charges(document))


def _sum_of_charges(document: MonthDocument) -> Sum:
    parts = [part for _, part in document.settlement.tiers]
    return Sum(
        document.settlement.total.count,
        sum(part.list_price_kopecks for part in parts),
        sum(part.discount_kopecks for part in parts),
    )


def tier_rows(document: MonthDocument) -> list[SumRow]:
    """The sums of each tier."""
    return [_sum_row(tier_label(tier), part) for tier, part in document.settlement.tiers]


def total_row(document: MonthDocument) -> SumRow:
    """The sums of the month, rounded as the contract says."""
    return _sum_row(Label(N_("Total")), document.settlement.total)


def _sum_row(label: Label, part: Sum) -> SumRow:
    return SumRow(
        label, part.count, Money(part.list_price_kopecks), Money(part.discount_kopecks), Money(part.payable_kopecks)
    )


class Amounts(NamedTuple):
    """What both sides come to. `rounding_difference` is part of `ours`; `None` is what there is not, or not yet."""

    rounding_difference: Money | None
    ours: Money
    theirs: Money | None
    difference: Money | None
    agreed: Money | None


AMOUNT_LABELS = {
    "rounding_difference": N_("Rounding difference"),
    "ours": N_("Ours"),
    "theirs": N_("Theirs"),
    "difference": N_("Difference"),
    "agreed": N_("Agreed"),
}


def amounts(document: MonthDocument) -> Amounts:
    """The totals of both sides, and what was agreed."""
    ours = document.settlement.total.payable_kopecks
    theirs = document.statement.total_kopecks if document.statement else None
    rounding, agreed = document.settlement.rounding_difference_kopecks, document.agreed_kopecks
    return Amounts(
        Money(rounding) if rounding else None,
        Money(ours),
        None if theirs is None else Money(theirs),
        None if theirs is None else Money(theirs - ours),
        None if agreed is None else Money(agreed),
    )


def agreed_by_rows(document: MonthDocument) -> Money | None:
    """The agreed amount as the operator's paper has it where it is rounded by rows, and that makes a difference."""
    difference, agreed = document.settlement.rounding_difference_kopecks, document.agreed_kopecks
    return Money(agreed - difference) if difference and agreed is not None else None


def state(document: MonthDocument) -> Label:
    """The month's state, as a sentence: a reader might take a draft for an act."""
    is_open = document.state == "open"
    return Label(N_("draft; the reconciliation is not finished") if is_open else MONTH_STATE[document.state])


def money_note(document: MonthDocument) -> Message:
    """The unit of the amounts, and the contract's note on VAT."""
    currency = msg("Amounts are in roubles")
    if not document.vat_note:
        return currency
    return Message("{currency}. {note}", {"currency": currency, "note": document.vat_note})


def comparison_result(document: MonthDocument) -> Message:
    """How the comparison with the operator ended."""
    found = document.reconciliation
    if found is None:
        return msg("Not compared with a statement of the operator")
    count = len(found.differing) + found.total_differs
    return plural("{count} discrepancy", "{count} discrepancies", count=count) if count else msg("Both sides agree")


# The names of the months, as they are written before a year.
_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def month_name(month: Month) -> Message:
    """A month as people read it: «август 2023»."""
    return Message("{month} {year}", {"month": msg(_MONTHS[month.number - 1]), "year": month.year})


def tier_label(tier: str) -> Label:
    """A tier as the Web-registrator names it; a statement may name none."""
    return Label(TIER_LABELS[tier] if tier else "")
