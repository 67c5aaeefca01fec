"""Which row means which charge: the fewest differences that any matching leaves, and never a guess."""

import random
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.application import Tier
from mureg.domain.dates import Month
from mureg.domain.reconciliation.matching import differences, match
from mureg.domain.reconciliation.statement import StatementRow
from mureg.domain.settlement import SettledSale
from support.reconciliations import charge, compared, kinds, row_of

INN = "7700123459"
SEPTEMBER = Month(2023, 9)


def firm(number: str, tier: Tier = "2-9", price: int = 0, kpp: str = "770001001") -> SettledSale:
    """A charge of one firm, at another price where one is given."""
    made = charge(number, tier, INN, kpp)
    return made._replace(charge=replace(made.charge, list_price_kopecks=price)) if price else made


def bare(settled: SettledSale, **change: object) -> StatementRow:
    """The row of a charge, without its number."""
    return row_of(settled)._replace(number="")._replace(**change)  # type: ignore[arg-type]


def test_equal_licences_at_two_prices_are_matched_without_a_difference() -> None:
    charges = [firm(f"A{place}", price=300_000 if place % 2 else 350_000) for place in range(102)]
    rows = [bare(each) for each in charges]
    assert kinds(compared(charges, rows[1::2] + rows[::2])) == []


def test_many_branches_at_prices_with_one_payable_are_matched_without_a_difference() -> None:
    charges = []
    for branch in range(640):
        made = firm(f"A{branch:03}", kpp=f"77{branch:04}001", price=300_000 + branch // 40 * 1_000)
        discount = made.charge.list_price_kopecks - 180_000
        charges.append(made._replace(charge=replace(made.charge, discount_kopecks=discount)))
    # Of each price half of the rows say it, and half say only what is to be paid, which any charge fits.
    unsaid = {"list_price_kopecks": None, "discount_kopecks": None, "discount_rate": None}
    rows = [bare(each, kpp="", **(unsaid if place % 2 else {})) for place, each in enumerate(charges)]
    assert kinds(compared(charges, rows)) == []


def test_a_row_with_empty_cells_leaves_the_charge_that_another_row_equals() -> None:
    cheap, dear = firm("A", price=300_000), firm("B", price=350_000)
    # What it pays is that of A, and its price is not given: it differs from B alone.
    unsure = bare(dear, list_price_kopecks=None, discount_kopecks=None, discount_rate=None)
    assert kinds(compared([cheap, dear], [unsure, bare(cheap)])) == []
    assert kinds(compared([dear, cheap], [bare(cheap), unsure])) == []


CHARGES = st.lists(
    st.builds(
        firm, st.uuids().map(str), st.sampled_from(("2-9", "10+")), st.sampled_from((300_000, 350_000)),
        st.sampled_from(("770001001", "770002002")),
    ),
    max_size=4,
)  # fmt: skip
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "kpp": st.sampled_from(("", "770001001", "770002002")),
        "list_price_kopecks": st.sampled_from((None, 300_000, 350_000)),
        "discount_kopecks": st.none(),
        "payable_kopecks": st.sampled_from((180_000, 230_000)),
    },
)


def fewest(charges: list[SettledSale], rows: list[StatementRow]) -> tuple[int, int, int]:
    """Pairs (negative), pairs that differ and kinds in all, of the best matching: every one is tried."""
    outcomes = []
    for order in permutations([*charges, *[None] * len(rows)], len(rows)):
        pairs = [(ours, row) for ours, row in zip(order, rows, strict=True) if ours is not None]
        if any(row.tier != ours.sale.tier or row.kpp not in ("", ours.sale.organization.kpp) for ours, row in pairs):
            continue
        found = [differences(ours, row) for ours, row in pairs]
        outcomes.append((-len(pairs), sum(map(bool, found)), sum(map(len, found))))
    return min(outcomes)


@given(CHARGES, st.lists(CHANGES, max_size=4), st.randoms(use_true_random=False))
def test_no_other_matching_leaves_fewer_differences(
    charges: list[SettledSale], changes: list[dict[str, object]], chance: random.Random
) -> None:
    # Two refunds are always left, so that no row is matched because one charge of its ИНН is left.
    refunds = [each._replace(charge=each.charge.negative()) for each in (firm("Z1"), firm("Z2"))]
    rows = [bare(chance.choice(charges), **change) for change in changes] if charges else []
    found = match([*charges, *refunds], rows)
    kinds_of_pairs = [differences(ours, row) for ours, row in found.pairs]
    assert (-len(found.pairs), sum(map(bool, kinds_of_pairs)), sum(map(len, kinds_of_pairs))) == fewest(charges, rows)


def test_rows_without_tier_are_matched_by_an_equal_amount() -> None:
    small, large, third = firm("A"), firm("B", "10+"), firm("C", "10+", price=700_000)
    rows = [bare(each, tier="") for each in (large, small)]
    found = match([small, large, third], rows)
    assert [(ours.sale.number, row.payable_kopecks) for ours, row in found.pairs] == [("A", 180_000), ("B", 360_000)]


def test_an_equal_amount_matches_a_row_without_tier_whatever_else_differs() -> None:
    low, high = firm("A", "2-9", price=300_000), firm("B", "10+", price=700_000)
    row = bare(low, tier="", list_price_kopecks=310_000)
    assert kinds(compared([low, high], [row])) == [
        ("A", ("price_differs",), 0), ("B", ("missing_in_statement",), -460_000),
    ]  # fmt: skip
    exact = bare(low, tier="")
    assert kinds(compared([low, high], [row, exact])) == kinds(compared([low, high], [exact, row]))


def test_an_amount_that_two_tiers_have_is_no_guess_for_one_row() -> None:
    small = firm("A", price=420_000)
    small = small._replace(charge=replace(small.charge, discount_kopecks=60_000))
    large, rest = firm("B", "10+"), firm("C", "10+", price=700_000)
    row = bare(large, tier="", list_price_kopecks=None, discount_kopecks=None, discount_rate=None)
    assert match([small, large, rest], [row]).pairs == []
    assert len(match([small, large, rest], [row, row]).pairs) == 2
    # A row with the tier leaves one charge of the amount.
    assert len(match([small, large, rest], [row, bare(small)]).pairs) == 2


def test_a_row_with_a_number_means_that_charge_in_another_month_too() -> None:
    later = firm("N1")
    numbered, other = row_of(later, 9), bare(later)
    found = match([], [other, numbered], [(SEPTEMBER, later)])
    assert found.elsewhere == [(SEPTEMBER, later, numbered)]
    assert found.duplicates == [other]
    twice = match([], [numbered, numbered], [(SEPTEMBER, later)])
    assert (len(twice.elsewhere), twice.duplicates) == (1, [numbered])


def test_a_row_does_not_go_to_another_month_while_it_may_mean_a_free_charge_of_this_one() -> None:
    small, large, later = firm("A"), firm("B", "10+"), firm("C")
    row = bare(small, tier="", payable_kopecks=1)
    found = match([small, large], [row], [(SEPTEMBER, later)])
    assert (found.pairs, found.elsewhere, found.unknown) == ([], [], [row])


def test_a_refund_and_a_sale_are_never_taken_for_each_other_without_a_number() -> None:
    refund = firm("A")._replace(kind="correction")
    refund = refund._replace(charge=refund.charge.negative())
    row = bare(firm("A"))
    found = match([refund], [row])
    assert (found.pairs, found.unknown) == ([], [row])


@pytest.mark.parametrize("number", ["ZV - 1042", "zv–1042", "ZV-1O42", "zv−1042"])
def test_a_number_that_looks_alike_means_the_charge_of_the_same_firm(number: str) -> None:
    ours = firm("ZV-1042")
    (pair,) = match([ours], [row_of(ours)._replace(number=number)]).pairs
    assert pair == (ours, row_of(ours)._replace(number=number))


def test_cyrillic_and_latin_letters_look_alike() -> None:
    ours = firm("ЗВ-00903")
    assert len(match([ours], [row_of(ours)._replace(number="3B-00903")]).pairs) == 1
    assert len(match([ours], [row_of(ours)._replace(number="зв-00903")]).pairs) == 1
    small = firm("АВСЕНКМОРТХУ")
    assert len(match([small], [row_of(small)._replace(number="abcehkmoptxy")]).pairs) == 1


def test_a_number_that_looks_alike_is_found_in_another_month_too_but_here_first() -> None:
    here, there = firm("ZV-1"), firm("ZV-2")
    rows = [row_of(here)._replace(number="zv-1"), row_of(there)._replace(number="zv-2")]
    found = match([here], rows, [(SEPTEMBER, there), (SEPTEMBER, firm("ZV 1")._replace(kind="correction"))])
    assert found.pairs == [(here, rows[0])]
    assert found.elsewhere == [(SEPTEMBER, there, rows[1])]


def test_a_number_that_looks_alike_needs_the_same_firm_and_one_on_each_side() -> None:
    ours, again = firm("A-1"), firm("А-1")
    assert match([ours], [row_of(ours)._replace(number="а-1", inn="7700010303")]).pairs == []
    assert match([ours, again], [row_of(ours)._replace(number="a-1")]).pairs == []
    assert match([ours], [row_of(ours)._replace(number="a-1"), row_of(ours)._replace(number="а-1")]).pairs == []
    # A number that is written exactly goes first.
    (pair,) = match([ours, again], [row_of(ours)]).pairs
    assert pair[0] == ours


@given(CHARGES, st.lists(CHANGES, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_charges_decides_nothing(
    charges: list[SettledSale], changes: list[dict[str, object]], chance: random.Random
) -> None:
    rows = [
        bare(chance.choice(charges), **change)._replace(tier=chance.choice(("", "2-9", "10+"))) for change in changes
    ] if charges else []  # fmt: skip
    elsewhere = [(SEPTEMBER, charges.pop())] if len(charges) > 2 else []
    found = match(charges, rows, elsewhere)
    chance.shuffle(charges)
    chance.shuffle(rows)
    assert match(charges, rows, elsewhere) == found
