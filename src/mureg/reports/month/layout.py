"""A month laid out once, as typed cells. The terminal, CSV, HTML, PDF and XLSX choose columns and render them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from mureg.domain.application import TIER_LABELS
from mureg.domain.dates import Month
from mureg.domain.exact_matches import DiscrepancyKind
from mureg.domain.reconciliation import TOTAL_ID, Pair, Reconciliation
from mureg.domain.settlement import SettledSale, Sum
from mureg.domain.statement import Statement
from mureg.errors import N_, Message, msg
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.month.document import MonthDocument, Resolved
from mureg.reports.month.labels import DISCREPANCY, MONTH_STATE, RESOLUTION

# The operator of 1C-Reporting, with whom every partner settles.
OPERATOR = Label(N_("KALUGA ASTRAL"))
UNRESOLVED = Label(N_("unresolved"))


class ChargeRow(NamedTuple):
    """A charge in the list of licences. `corrects` is empty for a sale of the month."""

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
    corrects: str


class SumRow(NamedTuple):
    """Money of several licences."""

    label: Label
    licences: int
    list_price: Money
    discount: Money
    payable: Money


class Side(NamedTuple):
    """What one side says of a sale. `tier` is empty where the statement names none."""

    tier: str
    payable: Money


class PairRow(NamedTuple):
    """A pair that differs, or the statement's own total. `ours` is `None` too where another month settles our charge.

    `difference` is `None` for the statement's total: that is no part of theirs − ours, which counts rows.
    """

    id: str
    kinds: Mapping[DiscrepancyKind, Cell]
    inn: str
    kpp: str
    name: str
    ours: Side | None
    theirs: Side | None
    settled_in: Month | None
    difference: Money | None
    resolution: Message | None
    rows_sum: Money | None = None
    """Of the statement's total: what its rows come to."""


HEADINGS = {
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
    "corrects": N_("Corrects"),
    "id": N_("Discrepancy"),
    "kinds": N_("What differs"),
    "ours": N_("Ours"),
    "theirs": N_("Theirs"),
    "difference": N_("Difference"),
    "resolution": N_("Resolution"),
}

# The headings of a `SumRow`.
SUM_COLUMNS = ("tier", "licences", "list_price", "discount", "payable")


def charge_rows(document: MonthDocument) -> Iterator[ChargeRow]:
    """Every charge, by processing date, then number."""
    return map(charge_row, document.charges())


def charge_row(settled: SettledSale) -> ChargeRow:
    """One charge."""
    sale, charge, corrects = settled.sale, settled.charge, settled.corrects
    return ChargeRow(
        sale.number, sale.sold_on, *sale.organization, sale.name, tier_label(sale.tier),
        Money(charge.list_price_kopecks), Rate(charge.discount_rate), Money(charge.discount_kopecks),
        Money(charge.payable_kopecks), sale.promotion, Money(0), str(corrects or ""),
    )  # fmt: skip


def charges_total(document: MonthDocument) -> SumRow:
    """The sums of the list: those of the charges, each rounded by itself."""
    parts = [part for _, part in document.settlement.tiers]
    return SumRow(
        Label(N_("Total")),
        document.settlement.total.count,
        Money(sum(part.list_price_kopecks for part in parts)),
        Money(sum(part.discount_kopecks for part in parts)),
        Money(sum(part.payable_kopecks for part in parts)),
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


FACT_LABELS = {
    "partner": N_("Partner"),
    "operator": N_("Operator"),
    "contract": N_("Contract"),
    "month": N_("Month"),
    "state": N_("State"),
    "statement": N_("Statement"),
    "sha256": "SHA-256",
    "without_statement": N_("Closed without a statement"),
}


def facts(document: MonthDocument) -> dict[str, Cell]:
    """What there is to say of the month besides money, by the names of `FACT_LABELS`; `None` where there is nothing."""
    statement = document.statement
    inn: dict[str, object] = {"name": document.partner, "label": msg(HEADINGS["inn"]), "inn": document.partner_inn}
    partner = Message("{name}, {label} {inn}", inn)
    return {
        "partner": partner if document.partner_inn else document.partner or None,
        "operator": OPERATOR,
        "contract": document.contract,
        "month": month_name(document.month),
        "state": state(document),
        "statement": statement.file if statement else None,
        "sha256": statement.sha256 if statement else None,
        "without_statement": document.without_statement or None,
    }


def state(document: MonthDocument) -> Label:
    """The month's state, as a sentence: a reader might take a draft for an act."""
    is_open = document.state == "open"
    return Label(N_("draft; the reconciliation is not finished") if is_open else MONTH_STATE[document.state])


def pair_rows(document: MonthDocument) -> list[PairRow]:
    """What differs: every pair once, then the statement's total where it contradicts its rows."""
    found, statement = document.reconciliation, document.statement
    if found is None or statement is None:
        return []
    rows = [_pair_row(pair, document.resolutions.get(pair.id)) for pair in found.differing]
    if found.total_differs:
        rows.append(_stated_total_row(found, statement, document.resolutions.get(TOTAL_ID)))
    return rows


def _pair_row(pair: Pair, resolution: Resolved | None) -> PairRow:
    ours = theirs = None
    inn = kpp = name = ""
    if pair.theirs is not None:
        inn, kpp, name = pair.theirs.inn, pair.theirs.kpp, pair.theirs.name
        theirs = Side(pair.theirs.tier, Money(pair.theirs.payable_kopecks))
    if pair.ours is not None:
        (inn, kpp), name = pair.ours.sale.organization, pair.ours.sale.name
        # What another month settles is no part of ours here.
        if not pair.settled_in:
            ours = Side(pair.ours.sale.tier, Money(pair.ours.charge.payable_kopecks))
    return PairRow(
        pair.id, _kinds(pair), inn, kpp, name, ours, theirs, pair.settled_in, Money(pair.difference_kopecks),
        _resolution(resolution),
    )  # fmt: skip


def _kinds(pair: Pair) -> dict[DiscrepancyKind, Cell]:
    """What differs, each kind by its name; tiers and the other month follow in brackets."""
    kinds: dict[DiscrepancyKind, Cell] = {kind: Label(DISCREPANCY[kind]) for kind in pair.kinds}
    if "month_differs" in kinds:
        kinds["month_differs"] = Message(
            "{kind} ({month})", {"kind": msg(DISCREPANCY["month_differs"]), "month": str(pair.settled_in)}
        )
    if "tier_differs" in kinds and pair.ours is not None and pair.theirs is not None:
        ours, theirs = (msg(tier_label(tier).text) for tier in (pair.ours.sale.tier, pair.theirs.tier))
        kinds["tier_differs"] = Message(
            "{kind} ({ours} / {theirs})", {"kind": msg(DISCREPANCY["tier_differs"]), "ours": ours, "theirs": theirs}
        )
    return kinds


def _stated_total_row(found: Reconciliation, statement: Statement, resolution: Resolved | None) -> PairRow:
    stated = statement.stated_total_kopecks
    assert stated is not None, "what differs was stated"
    return PairRow(
        TOTAL_ID, {"total_differs": Label(DISCREPANCY["total_differs"])}, "", "", "", None, Side("", Money(stated)),
        None, None, _resolution(resolution), rows_sum=Money(found.theirs_total_kopecks),
    )  # fmt: skip


def _resolution(resolution: Resolved | None) -> Message | None:
    if resolution is None:
        return None
    return msg("{action}: {reason}", action=msg(RESOLUTION[resolution.action]), reason=resolution.reason)


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
