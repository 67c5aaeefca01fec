"""What differs between our settlement and the operator's statement: a row for each pair, with both sides."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from mureg.domain.dates import Month
from mureg.domain.reconciliation.exact_matches import DiscrepancyKind
from mureg.domain.reconciliation.pairs import TOTAL_ID, Pair, Reconciliation
from mureg.domain.reconciliation.statement import Statement, StatementRow
from mureg.domain.settlement import SettledSale
from mureg.errors import N_, Message, msg
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.month.document import MonthDocument, Resolved
from mureg.reports.month.labels import DISCREPANCY, RESOLUTION
from mureg.reports.month.layout import HEADINGS, tier_label

UNRESOLVED = Label(N_("unresolved"))


class Side(NamedTuple):
    """What one side says of a licence; what a statement has no column for is `None`."""

    tier: Label | None
    list_price: Money | None
    discount_rate: Rate | None
    discount: Money | None
    payable: Money


class PairRow(NamedTuple):
    """A pair that differs, or the statement's own total.

    `row` is the operator's. `differs` has the names of the fields of `Side` that differ. A charge that another month
    settles, `settled_in`, is no part of ours here. Of the statement's own total `theirs` is what it states, and
    `rows_sum` is what its rows come to; it has no `difference`, because that is no part of theirs − ours.
    """

    id: str
    kinds: tuple[Message, ...]
    inn: str
    kpp: str
    name: str
    row: int | None
    ours: Side | None
    theirs: Side | None
    differs: frozenset[str]
    settled_in: Month | None
    difference: Money | None
    resolution: Message | Label
    rows_sum: Money | None = None


PAIR_HEADINGS = {
    "id": N_("Discrepancy"),
    "kinds": N_("What differs"),
    "name": HEADINGS["name"],
    "inn": HEADINGS["inn"],
    "kpp": HEADINGS["kpp"],
    "row": N_("Row"),
    "ours": N_("Ours"),
    "theirs": N_("Theirs"),
    "our_tier": N_("Our tier"),
    "our_list_price": N_("Our list price"),
    "our_discount_rate": N_("Our discount %"),
    "our_discount": N_("Our discount"),
    "our_payable": N_("Our payable"),
    "their_tier": N_("Their tier"),
    "their_list_price": N_("Their list price"),
    "their_discount_rate": N_("Their discount %"),
    "their_discount": N_("Their discount"),
    "their_payable": N_("Their payable"),
    "difference": N_("Difference"),
    "resolution": N_("Resolution"),
}
# The columns of a table with one cell for each value.
FLAT_COLUMNS = tuple(name for name in PAIR_HEADINGS if name not in ("ours", "theirs"))

# The field of a side that each kind is about.
_FIELDS: dict[DiscrepancyKind, str] = {
    "tier_differs": "tier", "price_differs": "list_price", "discount_differs": "discount",
    "payable_differs": "payable", "total_differs": "payable",
}  # fmt: skip


def pair_rows(document: MonthDocument) -> list[PairRow]:
    """What differs: every pair once, then the statement's total where it contradicts its rows."""
    found = document.reconciliation
    if found is None:
        return []
    total = stated_total_row(document)
    return [*(pair_row(document, pair) for pair in found.differing), *([total] if total else [])]


def pair_row(document: MonthDocument, pair: Pair) -> PairRow:
    """One pair that differs."""
    return _pair_row(pair, document.resolutions.get(pair.id))


def stated_total_row(document: MonthDocument) -> PairRow | None:
    """The statement's total, where it contradicts its rows."""
    found, statement = document.reconciliation, document.statement
    if found is None or statement is None or not found.total_differs:
        return None
    return _stated_total_row(found, statement, document.resolutions.get(TOTAL_ID))


class Line(NamedTuple):
    """A line of what one side says. `differs` marks it."""

    text: str
    differs: bool


# The lines of a side, by its fields.
_LINES = (("tier",), ("list_price",), ("discount_rate", "discount"), ("payable",))
NOTHING = "—"


def our_lines(pair: PairRow, text: Callable[[Cell], str]) -> list[Line]:
    """What we say of a pair: tier, list price, discount, payable; and the month that settles it, if it is another."""
    lines = _side_lines(pair.ours, frozenset(), text)
    if pair.settled_in:
        lines.append(Line(text(msg("settled in {month}", month=str(pair.settled_in))), differs=True))
    return lines


def their_lines(pair: PairRow, text: Callable[[Cell], str]) -> list[Line]:
    """What the operator says of a pair, each line below its counterpart of ours; what differs is marked."""
    if pair.rows_sum is not None and pair.theirs is not None:
        return [
            Line(text(msg("rows: {amount}", amount=text(pair.rows_sum))), differs=False),
            Line(text(msg("stated: {amount}", amount=text(pair.theirs.payable))), differs=True),
        ]
    return _side_lines(pair.theirs, pair.differs, text)


def _side_lines(side: Side | None, differs: Collection[str], text: Callable[[Cell], str]) -> list[Line]:
    if side is None:
        return []
    cells: dict[str, Cell] = side._asdict()
    lines = []
    for names in _LINES:
        parts = [text(cells[name]) for name in names if cells[name] is not None]
        lines.append(Line(" ".join(parts) or NOTHING, any(name in differs for name in names)))
    return lines


def flat_cells(pair: PairRow, text: Callable[[Cell], str]) -> list[Cell]:
    """A row with one cell for each value: `FLAT_COLUMNS`."""
    name: Cell = pair.name
    if pair.rows_sum is not None:
        name = msg("rows: {amount}", amount=text(pair.rows_sum))
    cells: dict[str, Cell] = {
        "id": pair.id, "kinds": kinds_text(pair), "name": name, "inn": pair.inn, "kpp": pair.kpp, "row": pair.row,
        "difference": pair.difference, "resolution": pair.resolution,
    }  # fmt: skip
    for whose, side in (("our", pair.ours), ("their", pair.theirs)):
        cells |= {f"{whose}_{name}": cell for name, cell in side._asdict().items()} if side else {}
    return [cells.get(name) for name in FLAT_COLUMNS]


def kinds_text(pair: PairRow) -> Message:
    """Every kind of a pair, in one line."""
    kinds = {f"kind{place}": kind for place, kind in enumerate(pair.kinds)}
    return Message(", ".join(f"{{{name}}}" for name in kinds), dict(kinds))


def _pair_row(pair: Pair, resolution: Resolved | None) -> PairRow:
    inn = kpp = name = ""
    if pair.theirs is not None:
        inn, kpp, name = pair.theirs.inn, pair.theirs.kpp, pair.theirs.name
    if pair.ours is not None:
        (inn, kpp), name = pair.ours.sale.organization, pair.ours.sale.name
    return PairRow(
        pair.id, tuple(_kind(pair, kind) for kind in pair.kinds), inn, kpp, name,
        pair.theirs.row if pair.theirs else None,
        _our_side(pair.ours) if pair.ours else None, _their_side(pair.theirs) if pair.theirs else None,
        frozenset(_differing_fields(pair)), pair.settled_in, Money(pair.difference_kopecks), _resolution(resolution),
    )  # fmt: skip


def _our_side(settled: SettledSale) -> Side:
    charge = settled.charge
    return Side(
        tier_label(charge.tier), Money(charge.list_price_kopecks), Rate(charge.discount_rate),
        Money(charge.discount_kopecks), Money(charge.payable_kopecks),
    )  # fmt: skip


def _their_side(row: StatementRow) -> Side:
    return Side(
        tier_label(row.tier) if row.tier else None,
        None if row.list_price_kopecks is None else Money(row.list_price_kopecks),
        None if row.discount_rate is None else Rate(row.discount_rate),
        None if row.discount_kopecks is None else Money(row.discount_kopecks),
        Money(row.payable_kopecks),
    )


def _differing_fields(pair: Pair) -> list[str]:
    fields = {kind: _FIELDS[kind] for kind in pair.kinds if kind in _FIELDS}
    # Rates are compared where the statement has no amounts.
    if "discount_differs" in fields and pair.theirs is not None and pair.theirs.discount_kopecks is None:
        fields["discount_differs"] = "discount_rate"
    return list(fields.values())


def _kind(pair: Pair, kind: DiscrepancyKind) -> Message:
    """A kind by its name; the other month follows in brackets."""
    if kind == "month_differs":
        return Message("{kind} ({month})", {"kind": msg(DISCREPANCY[kind]), "month": str(pair.settled_in)})
    return msg(DISCREPANCY[kind])


def _stated_total_row(found: Reconciliation, statement: Statement, resolution: Resolved | None) -> PairRow:
    stated = statement.stated_total_kopecks
    assert stated is not None, "what differs was stated"
    return PairRow(
        id=TOTAL_ID, kinds=(msg(DISCREPANCY["total_differs"]),), inn="", kpp="", name="", row=None, ours=None,
        theirs=Side(None, None, None, None, Money(stated)), differs=frozenset(["payable"]), settled_in=None,
        difference=None, resolution=_resolution(resolution), rows_sum=Money(found.theirs_total_kopecks),
    )  # fmt: skip


def _resolution(resolution: Resolved | None) -> Message | Label:
    if resolution is None:
        return UNRESOLVED
    return msg("{action}: {reason}", action=msg(RESOLUTION[resolution.action]), reason=resolution.reason)
