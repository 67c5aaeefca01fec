"""The matching: one to one, deterministic, every planted difference found and none invented."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.application import Tier
from mureg.domain.dates import Month
from mureg.domain.reconciliation.pairs import Pair, reconcile
from mureg.domain.settlement import SettledSale
from support.reconciliations import charge, compared, kinds, row_of, statement_of

A, B = charge("A"), charge("B", "10+")


def test_the_same_on_both_sides_agrees() -> None:
    found = compared([A, B], [row_of(B), row_of(A)], stated=540_000)
    assert kinds(found) == []
    assert not found.total_differs
    assert [pair.id for pair in found.pairs] == ["A", "B"]


def test_a_charge_without_a_row_is_missing_in_the_statement() -> None:
    assert kinds(compared([A, B], [row_of(A)])) == [("B", ("missing_in_statement",), -360_000)]


def test_a_row_without_a_charge_is_missing_in_the_register() -> None:
    assert kinds(compared([A], [row_of(A), row_of(B)])) == [("B", ("missing_in_register",), 360_000)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"tier": "10+"}, ("tier_differs",)),
        ({"list_price_kopecks": 1}, ("price_differs",)),
        ({"discount_kopecks": 1}, ("discount_differs",)),
        ({"discount_kopecks": None, "discount_rate": 3500}, ("discount_differs",)),
        ({"discount_rate": 3500}, ()),
        ({"payable_kopecks": 1}, ("payable_differs",)),
        ({"tier": "10+", "list_price_kopecks": 1, "discount_kopecks": 2, "payable_kopecks": 3},
         ("tier_differs", "price_differs", "discount_differs", "payable_differs")),
        ({"tier": "", "list_price_kopecks": None, "discount_kopecks": None, "discount_rate": None}, ()),
    ],
)  # fmt: skip
def test_a_pair_gets_every_kind_that_applies(change: dict[str, object], expected: tuple[str, ...]) -> None:
    (pair,) = compared([A], [row_of(A)._replace(**change)]).pairs  # type: ignore[arg-type]
    assert pair.kinds == expected


def test_a_second_row_with_the_number_is_a_duplicate_and_the_better_one_is_the_pair() -> None:
    worse = row_of(A)._replace(payable_kopecks=1)
    found = compared([A], [worse, row_of(A)])
    assert [(pair.kinds, pair.difference_kopecks) for pair in found.pairs] == [
        ((), 0),
        (("duplicate_in_statement",), 1),
    ]
    (_, duplicate) = found.pairs
    assert found.pairs[0].id == "A"
    assert duplicate.id.startswith("A.")


def test_the_id_of_a_pair_does_not_depend_on_a_duplicate_beside_it() -> None:
    differing, again = row_of(A)._replace(list_price_kopecks=1), row_of(A)._replace(payable_kopecks=9, tier="10+")
    alone = compared([A], [differing])
    beside = compared([A], [again, differing])
    assert alone.pairs[0] == beside.pairs[0]
    assert compared([A], [again, differing, row_of(B)]).pairs[1] == beside.pairs[1]


def test_identical_duplicates_have_ids_of_their_own() -> None:
    found = compared([A], [row_of(A), row_of(A), row_of(A)])
    assert len({pair.id for pair in found.pairs}) == 3


@pytest.mark.parametrize("number", [A.sale.number, ""])
def test_identical_rows_are_used_in_the_order_of_the_file(number: str) -> None:
    rows = [row_of(A)._replace(row=place, number=number) for place in (2, 3, 4)]
    for given_rows in (rows, rows[::-1]):
        found = compared([A], given_rows)
        assert [(pair.kinds, pair.theirs.row) for pair in found.pairs if pair.theirs] == [
            ((), 2), (("duplicate_in_statement",), 3), (("duplicate_in_statement",), 4),
        ]  # fmt: skip


def test_swapped_numbers_show_as_differences_of_two_pairs() -> None:
    swapped = [row_of(A)._replace(number="B"), row_of(B)._replace(number="A")]
    assert [pair.kinds[0] for pair in compared([A, B], swapped).pairs] == ["tier_differs", "tier_differs"]


def test_a_row_without_a_number_is_found_by_its_organisation_and_tier() -> None:
    small, large = charge("A", inn="7700123459"), charge("B", "10+", inn="7700123459")
    rows = [row_of(large)._replace(number=""), row_of(small)._replace(number="")]
    assert kinds(compared([small, large], rows)) == []


def test_a_row_without_a_number_and_with_another_tier_is_found_where_one_charge_is_left() -> None:
    row = row_of(A)._replace(number="", tier="10+")
    assert kinds(compared([A], [row])) == [("A", ("tier_differs",), 0)]


def test_a_row_without_a_number_is_not_found_where_two_charges_are_left() -> None:
    first, second = charge("A", inn="7700123459", kpp="1"), charge("B", inn="7700123459", kpp="2")
    row = row_of(first)._replace(number="", kpp="3")
    assert sorted(kind for _, (kind,), _ in kinds(compared([first, second], [row]))) == [
        "missing_in_register", "missing_in_statement", "missing_in_statement",
    ]  # fmt: skip


def test_a_number_is_an_identity_and_no_hint_to_the_organisation() -> None:
    row = row_of(A)._replace(number="Z")
    assert [(id_, kind) for id_, kind, _ in kinds(compared([A], [row]))] == [
        ("A", ("missing_in_statement",)), ("Z", ("missing_in_register",)),
    ]  # fmt: skip


def test_a_row_of_another_months_charge_is_marked_and_its_whole_amount_differs() -> None:
    (pair,) = compared([], [row_of(A)], elsewhere=[(Month(2023, 9), A)]).pairs
    assert (pair.kinds, pair.difference_kopecks, pair.settled_in, pair.ours) == (
        ("month_differs",), 180_000, Month(2023, 9), A,
    )  # fmt: skip


def test_other_differences_from_a_charge_of_another_month_are_reported_too() -> None:
    (pair,) = compared([], [row_of(A)._replace(tier="10+", payable_kopecks=5)], elsewhere=[(Month(2023, 9), A)]).pairs
    assert pair.kinds == ("month_differs", "tier_differs", "payable_differs")
    assert pair.difference_kopecks == 5


def test_a_charge_of_another_month_answers_for_one_row_only() -> None:
    found = compared([], [row_of(A), row_of(A)], elsewhere=[(Month(2023, 9), A)])
    assert sorted(pair.kinds[0] for pair in found.pairs) == ["duplicate_in_statement", "month_differs"]


def test_a_stated_total_that_is_not_the_sum_is_reported() -> None:
    assert compared([A], [row_of(A)], stated=180_001).total_differs
    assert not compared([A], [row_of(A)]).total_differs


def test_many_equal_rows_are_matched_in_time() -> None:
    charges = [charge(f"A{index}", inn="7700123459") for index in range(3_000)]
    rows = [row_of(charges[0])._replace(number="", row=index) for index in range(3_000)]
    assert kinds(compared(charges, rows)) == []


PLANTS = ("none", "drop", "add", "tier", "price", "pay", "twice", "elsewhere", "unnumbered")


@given(
    st.lists(st.tuples(st.sampled_from(PLANTS), st.sampled_from(("2-9", "10+"))), max_size=25),
    st.integers(-50, 50),
    st.randoms(use_true_random=False),
)
def test_every_planted_difference_is_found_and_none_invented(  # noqa: C901  a case for each kind
    plan: list[tuple[str, Tier]], rounding: int, chance: random.Random
) -> None:
    charges, rows, expected = [], [], []
    elsewhere: list[tuple[Month, SettledSale]] = []
    for index, (plant, tier) in enumerate(plan):
        ours = charge(f"ZV-{index}", tier, inn=f"77{index:08d}")
        theirs = row_of(ours, index)
        if plant == "elsewhere":
            elsewhere.append((Month(2023, 9), ours))
            expected.append("month_differs")
        elif plant != "add":
            charges.append(ours)
        match plant:
            case "drop":
                expected.append("missing_in_statement")
                continue
            case "add":
                expected.append("missing_in_register")
            case "tier":
                theirs = theirs._replace(tier="10+" if tier == "2-9" else "2-9")
                expected.append("tier_differs")
            case "price":
                theirs = theirs._replace(list_price_kopecks=1)
                expected.append("price_differs")
            case "pay":
                theirs = theirs._replace(payable_kopecks=7)
                expected.append("payable_differs")
            case "twice":
                rows.append(theirs)
                expected.append("duplicate_in_statement")
            case "unnumbered":
                theirs = theirs._replace(number="")
        rows.append(theirs)
    found = reconcile(charges, rows, rounding, statement_of(rows), elsewhere)
    assert sorted(kind for pair in found.pairs for kind in pair.kinds) == sorted(expected)
    difference = found.theirs_total_kopecks - found.ours_total_kopecks
    assert difference == sum(pair.difference_kopecks for pair in found.pairs) - rounding
    assert len({pair.id for pair in found.pairs}) == len(found.pairs)
    chance.shuffle(charges)
    chance.shuffle(rows)
    chance.shuffle(elsewhere)
    again = reconcile(charges, rows, rounding, statement_of(rows), elsewhere)
    assert _content(again.pairs) == _content(found.pairs)


def _content(pairs: tuple[Pair, ...]) -> list[tuple[object, ...]]:
    return [(pair.id, pair.kinds, pair.difference_kopecks, pair.ours) for pair in pairs]


def test_a_row_without_number_and_tier_is_no_guess_between_charges_that_differ() -> None:
    small, large = charge("A", inn="7700123459"), charge("B", "10+", inn="7700123459")
    row = row_of(small)._replace(number="", tier="", payable_kopecks=190_000)
    assert sorted(kind for _, (kind,), _ in kinds(compared([small, large], [row]))) == [
        "missing_in_register", "missing_in_statement", "missing_in_statement",
    ]  # fmt: skip


def test_a_second_row_like_one_that_was_paired_is_a_duplicate() -> None:
    row = row_of(A)._replace(number="", tier="10+")
    found = compared([A], [row, row._replace(row=9)])
    assert sorted(pair.kinds for pair in found.pairs) == [("duplicate_in_statement",), ("tier_differs",)]


def test_a_number_total_is_not_the_statements_total() -> None:
    assert compared([charge("total")], []).pairs[0].id != "total"


@pytest.mark.slow
def test_many_rows_of_one_taxpayer_with_other_kpps_are_matched_in_time() -> None:
    charges = [charge(f"A{index}", inn="7700123459", kpp=f"{index:09d}") for index in range(20_000)]
    rows = [row_of(each)._replace(number="", kpp=f"9{index:08d}") for index, each in enumerate(charges)]
    found = compared(charges, rows, elsewhere=[(Month(2023, 9), each) for each in charges])
    assert len(found.pairs) == 40_000
