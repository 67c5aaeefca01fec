"""Exact matches are taken out by number, and the result is that of comparing every pair."""

from dataclasses import replace
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.application import Tier
from mureg.domain.reconciliation.exact_matches import ExactMatches
from mureg.domain.reconciliation.pairs import Reconciliation, id_without_number, reconcile
from mureg.domain.reconciliation.statement import StatementRow
from mureg.domain.settlement import SettledSale, terms_of
from support.reconciliations import charge, row_of, statement_of

Kind = Literal["sale", "correction"]

INNS = ("7700000001", "7700000002")
TIERS: tuple[Tier, ...] = ("2-9", "10+")

# Number, tier, ИНН, and what becomes of its row.
SALES = st.lists(
    st.tuples(
        st.sampled_from(("A", "B", "C", "D", f"{INNS[0]}.2-9.180000")),
        st.sampled_from(TIERS),
        st.sampled_from(INNS),
        st.sampled_from(("agrees", "drop", "tier", "payable", "price", "twice", "unnumbered", "bare", "correction")),
    ),
    max_size=12,
)


def reconciled(charges: list[SettledSale], rows: list[StatementRow]) -> tuple[Reconciliation, ExactMatches]:
    """The reconciliation after exact matches, as an operation asks for it."""
    statement = statement_of(rows)
    matches = ExactMatches(statement.rows)
    inns = {row.inn for row in matches.unnumbered}
    excluded = {each.sale.number for each in charges if each.kind == "correction" or each.sale.organization.inn in inns}
    excluded |= set(map(id_without_number, matches.unnumbered))
    unmatched = matches.match([(terms_of(each.charge), [each.sale.number]) for each in charges], excluded)
    ours = [each for each in charges if each.sale.number in unmatched]
    return reconcile(ours, matches.unmatched_rows(), 0, statement, (), matches), matches


@given(SALES)
def test_exact_matching_does_not_change_the_result(sales: list[tuple[str, Tier, str, str]]) -> None:
    charges: dict[tuple[str, str], SettledSale] = {}
    rows: list[StatementRow] = []
    for number, tier, inn, fate in sales:
        kind: Kind = "correction" if fate == "correction" else "sale"
        ours = charge(number, tier, inn)._replace(kind=kind)
        # A number is sold once, and corrected once.
        charges.setdefault((number, kind), ours)
        row = row_of(ours, len(rows) + 2)
        match fate:
            case "drop":
                continue
            case "tier":
                row = row._replace(tier=TIERS[tier == "2-9"])
            case "payable":
                row = row._replace(payable_kopecks=7)
            case "price":
                row = row._replace(list_price_kopecks=1, discount_kopecks=None, discount_rate=None)
            case "twice":
                rows.append(row)
                row = row._replace(row=len(rows) + 2)
            case "unnumbered":
                row = row._replace(number="")
            case "bare":
                row = row._replace(number="", tier="", kpp="")
        rows.append(row)
    ours_ = list(charges.values())
    found, _ = reconciled(ours_, rows)
    whole = reconcile(ours_, rows, 0, statement_of(rows))
    assert found.differing == whole.differing
    assert found._replace(pairs=()) == whole._replace(pairs=())


def test_of_a_month_that_agrees_every_row_is_an_exact_match() -> None:
    charges = [charge(f"A-{place}", TIERS[place % 2]) for place in range(50)]
    found, matches = reconciled(charges, [row_of(each, place) for place, each in enumerate(reversed(charges))])
    assert (matches.count, found.agreeing, found.pairs) == (50, 50, ())
    assert matches.unmatched_rows() == []


def test_a_charge_with_kopecks_of_its_own_is_no_exact_match() -> None:
    ours = charge("A")
    other = ours._replace(charge=replace(ours.charge, discount_kopecks=ours.charge.discount_kopecks + 1))
    found, matches = reconciled([other], [row_of(ours)])
    assert matches.count == 0
    assert [pair.kinds for pair in found.differing] == [("discount_differs", "payable_differs")]
