"""Reconciliation: our settlement of a month against the operator's statement, pair by pair.

Every row and every charge is used once, whatever the order of rows; the differences of the pairs explain
theirs − ours to the kopeck.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mureg.domain.dates import Month
from mureg.domain.reconciliation.exact_matches import DiscrepancyKind, ExactMatches
from mureg.domain.reconciliation.matching import charge_order, differences, match, row_order
from mureg.domain.reconciliation.statement import Statement, StatementRow
from mureg.domain.settlement import Rounded, SettledSale, rounding_of
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    import hashlib

# The id of the statement's own total.
TOTAL_ID = "total"


class Pair(NamedTuple):
    """A charge and a row of the same sale, or one of them alone. `kinds` is empty where both agree."""

    id: str
    ours: SettledSale | None
    theirs: StatementRow | None
    kinds: tuple[DiscrepancyKind, ...]
    difference_kopecks: int
    """theirs − ours within this month."""
    settled_in: Month | None = None
    """For `month_differs`: the month in which our charge is settled."""

    @property
    def looks_alike(self) -> bool:
        """Whether the numbers of both sides only look alike."""
        ours, theirs = self.ours, self.theirs
        return ours is not None and theirs is not None and theirs.number not in ("", ours.sale.number)


class Reconciliation(NamedTuple):
    """The pairs that were compared, in the order of our charges, then of the statement's rows by content.

    Exact matches have no pair; `agreeing` counts them too.
    """

    pairs: tuple[Pair, ...]
    agreeing: int
    stated_total_kopecks: int | None
    ours_total_kopecks: int
    theirs_total_kopecks: int
    rounding_difference_kopecks: int

    @property
    def stated_rounding(self) -> Rounded | None:
        """How the stated total is rounded; `None` where there is none, or it contradicts the rows."""
        if self.stated_total_kopecks is None:
            return None
        rounded_once = self.theirs_total_kopecks + self.rounding_difference_kopecks
        return rounding_of(self.stated_total_kopecks, rounded_once, self.rounding_difference_kopecks)

    @property
    def total_differs(self) -> bool:
        """Whether the stated total contradicts the rows."""
        return self.stated_total_kopecks is not None and self.stated_rounding is None

    @property
    def differing(self) -> list[Pair]:
        """The pairs that do not agree."""
        return [pair for pair in self.pairs if pair.kinds]

    @property
    def look_alikes(self) -> list[Pair]:
        """The pairs whose numbers only look alike."""
        return [pair for pair in self.pairs if pair.looks_alike]


def reconcile(
    charges: Sequence[SettledSale],
    rows: Iterable[StatementRow],
    rounding_difference_kopecks: int,
    statement: Statement,
    other_months: Sequence[tuple[Month, SettledSale]] = (),
    exact_matches: ExactMatches | None = None,
) -> Reconciliation:
    """Pair our charges of a month with the operator's rows; `other_months` are our charges that other months settle.

    `charges` and `rows` are all of them, or those that are not among the `exact_matches`. Which row means which charge:
    see `matching`.
    """
    matches = match(charges, rows, other_months)
    found = [_pair(charge, row) for charge, row in matches.pairs]
    found += [
        Pair("", charge, None, ("missing_in_statement",), -charge.charge.payable_kopecks)
        for charge in matches.unmatched
    ]
    found.sort(key=lambda pair: charge_order(pair.ours) if pair.ours else (date.min,))
    found += [Pair("", None, row, ("duplicate_in_statement",), row.payable_kopecks) for row in matches.duplicates]
    for month, charge, row in matches.elsewhere:
        kinds: tuple[DiscrepancyKind, ...] = ("month_differs", *differences(charge, row))
        found.append(Pair("", charge, row, kinds, row.payable_kopecks, month))
    found += [Pair("", None, row, ("missing_in_register",), row.payable_kopecks) for row in matches.unknown]
    agreeing = sum(not pair.kinds for pair in found)
    ours_total = sum(charge.charge.payable_kopecks for charge in charges) + rounding_difference_kopecks
    if exact_matches is not None:
        agreeing += exact_matches.count
        ours_total += exact_matches.payable_kopecks
    explained = sum(pair.difference_kopecks for pair in found) - rounding_difference_kopecks
    assert statement.total_kopecks - ours_total == explained, "the pairs explain theirs − ours to the kopeck"
    return Reconciliation(
        pairs=_with_ids(found),
        agreeing=agreeing,
        stated_total_kopecks=statement.stated_total_kopecks,
        ours_total_kopecks=ours_total,
        theirs_total_kopecks=statement.total_kopecks,
        rounding_difference_kopecks=rounding_difference_kopecks,
    )


def id_without_number(row: StatementRow) -> str:
    """The id of a pair that has no charge of ours, and whose row has no number."""
    return f"{row.inn}.{row.tier or 'x'}.{row.payable_kopecks}"


def _pair(charge: SettledSale, row: StatementRow) -> Pair:
    return Pair("", charge, row, differences(charge, row), row.payable_kopecks - charge.charge.payable_kopecks)


def _with_ids(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs with their ids, which other rows of the statement change as little as possible.

    A pair with a charge has the charge's number; a row without one has its number or its organisation. Where that is
    not unique, and for every duplicate, a digest of its content follows.
    """
    ours = Counter(pair.ours.sale.number for pair in pairs if pair.ours)
    theirs = Counter(
        _row_name(pair.theirs)
        for pair in pairs
        if pair.theirs and not pair.ours and pair.kinds == ("missing_in_register",)
    )
    seen: Counter[str] = Counter()
    named = []
    for pair in pairs:
        if pair.ours is not None:
            name, is_enough = pair.ours.sale.number, ours[pair.ours.sale.number] == 1
        else:
            assert pair.theirs is not None, "a pair has a side"
            name = _row_name(pair.theirs)
            is_enough = pair.kinds == ("missing_in_register",) and theirs[name] == 1 and name not in ours
        # A number `total` would be taken for the statement's own total.
        if not is_enough or name == TOTAL_ID:
            name = f"{name}.{hashlib.sha256(repr(_content(pair)).encode()).hexdigest()[:6]}"
        seen[name] += 1
        named.append(pair._replace(id=name if seen[name] == 1 else f"{name}.{seen[name]}"))
    return tuple(named)


def _row_name(row: StatementRow) -> str:
    return row.number or id_without_number(row)


def _content(pair: Pair) -> object:
    return (charge_order(pair.ours) if pair.ours else None, row_order(pair.theirs) if pair.theirs else None)
