"""A month's totals against a slow computation in fractions that shares no code with the product."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.application import Organization, Tier
from mureg.domain.contract import Discount, Price, Rounding, SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.sale import Sale, SaleCount
from mureg.domain.settlement import Pricing, Settlement, Sum, settlement_of_sales
from mureg.errors import Refused

_AUGUST = Month(2023, 8)
_FIRST, _MIDDLE, _LAST = date(2023, 8, 1), date(2023, 8, 15), date(2023, 8, 31)
_TIERS: tuple[Tier, ...] = ("2-9", "10+")
# Illustrative figures: the vendor's prices are not public.
_CONTRACT = SublicenceContract(
    "С-15/2023",
    date(2023, 7, 20),
    12,
    prices=(Price(300000, _FIRST, "2-9"), Price(700000, _FIRST, "10+")),
    discounts=(Discount(4000, _FIRST),),
)


def _odd(rounding: Rounding) -> SublicenceContract:
    """33.33 % of 1,000.01 roubles leaves a rest on every licence."""
    return SublicenceContract(
        "1", None, 12, rounding=rounding, prices=(Price(100001, _FIRST),), discounts=(Discount(3333, _FIRST),)
    )


def test_a_month_has_the_sums_of_its_tiers_and_of_all() -> None:
    counts = [SaleCount("10+", _LAST, 1), SaleCount("2-9", _FIRST, 2), SaleCount("2-9", _MIDDLE, 1)]
    settlement = settlement_of_sales(_AUGUST, counts, _CONTRACT)
    assert settlement.month == _AUGUST
    assert settlement.tiers == (("2-9", Sum(3, 900000, 360000)), ("10+", Sum(1, 700000, 280000)))
    assert settlement.total == Sum(4, 1600000, 640000)
    assert settlement.total.payable_kopecks == 960000
    assert settlement.rounding_difference_kopecks == 0
    assert settlement.undiscounted == ()


@pytest.mark.parametrize("rounding", ["licence", "total"])
def test_a_month_without_sales_has_both_tiers_and_nothing_to_pay(rounding: Rounding) -> None:
    settlement = settlement_of_sales(_AUGUST, [], _odd(rounding))
    assert settlement.tiers == (("2-9", Sum()), ("10+", Sum()))
    assert settlement.total == Sum(0, 0, 0)
    assert settlement.rounding_difference_kopecks == 0


def test_rounding_per_licence_rounds_each_licence() -> None:
    # 333.303333 roubles each
    settlement = settlement_of_sales(_AUGUST, [SaleCount("2-9", _FIRST, 3)], _odd("licence"))
    assert settlement.total.discount_kopecks == 3 * 33330
    assert settlement.rounding_difference_kopecks == 0


def test_rounding_the_total_rounds_once_and_shows_the_difference() -> None:
    settlement = settlement_of_sales(_AUGUST, [SaleCount("2-9", _FIRST, 3)], _odd("total"))
    assert settlement.total.discount_kopecks == 99991
    assert settlement.tiers[0][1].discount_kopecks == 99990
    assert settlement.rounding_difference_kopecks == -1


def test_rounding_the_total_rounds_once_per_tier_and_rate_and_not_per_price() -> None:
    contract = SublicenceContract(
        "1",
        None,
        12,
        rounding="total",
        prices=(Price(101, _FIRST), Price(103, _MIDDLE)),
        discounts=(Discount(5000, _FIRST), Discount(5000, date(2023, 8, 20))),
    )
    # One tier and one rate, whatever row it comes from: half of 101 + 103 + 103.
    one_tier = [SaleCount("2-9", day, 1) for day in (_FIRST, _MIDDLE, _LAST)]
    assert settlement_of_sales(_AUGUST, one_tier, contract).total.discount_kopecks == 154
    # Another tier is rounded by itself: half of 101, and half of 103.
    two_tiers = [SaleCount("10+", _FIRST, 1), SaleCount("2-9", _MIDDLE, 1)]
    assert settlement_of_sales(_AUGUST, two_tiers, contract).total.discount_kopecks == 51 + 52


def test_sales_without_a_discount_are_named_and_charged_in_full() -> None:
    contract = SublicenceContract(
        "1", None, 12, prices=(Price(300000, _FIRST),), discounts=(Discount(4000, _MIDDLE, "10+"),)
    )
    counts = [SaleCount(tier, day, 1) for day in (_FIRST, _MIDDLE) for tier in _TIERS]
    settlement = settlement_of_sales(_AUGUST, counts, contract)
    assert sorted(settlement.undiscounted) == [("10+", _FIRST), ("2-9", _FIRST), ("2-9", _MIDDLE)]
    assert settlement.total.discount_kopecks == 120000


def test_a_month_with_a_sale_that_has_no_price_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        settlement_of_sales(Month(2023, 7), [SaleCount("2-9", date(2023, 7, 31), 1)], _CONTRACT)
    assert str(refused.value) == "no list price for tier 2 to 9 on 2023-07-31"


def test_a_sale_is_priced_on_its_day() -> None:
    contract = SublicenceContract("1", None, 12, prices=(Price(300000, _FIRST), Price(330000, _MIDDLE)))
    pricing = Pricing(contract)
    before, after = _sale("2-9", date(2023, 8, 14)), _sale("2-9", _MIDDLE)
    assert [pricing.settle(sale).charge.list_price_kopecks for sale in (before, after, before)] == [
        300000,
        330000,
        300000,
    ]
    settled = pricing.settle(before)
    assert (settled.sale, settled.kind, settled.corrects) == (before, "sale", None)
    with pytest.raises(Refused):
        pricing.settle(_sale("2-9", date(2023, 7, 31)))


def test_a_promotion_changes_no_charge() -> None:
    plain, promoted = _sale("2-9", _FIRST), _sale("2-9", _FIRST)._replace(promotion="Welcome!")
    assert Pricing(_CONTRACT).settle(plain).charge == Pricing(_CONTRACT).settle(promoted).charge


# --- against the slow computation ------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """A price in kopecks or a rate in basis points, as a settings file states it."""

    value: int
    from_on: date
    tier: Tier | None


class _Month(NamedTuple):
    prices: Sequence[_Row]
    discounts: Sequence[_Row]
    sales: Sequence[tuple[Tier, date]]

    def contract(self, rounding: Rounding) -> SublicenceContract:
        prices = tuple(Price(*row) for row in self.prices)
        return SublicenceContract("1", None, 12, rounding, "", prices, tuple(Discount(*row) for row in self.discounts))

    def settled(self, rounding: Rounding) -> Settlement:
        counts = [SaleCount(tier, day, count) for (tier, day), count in Counter(self.sales).items()]
        return settlement_of_sales(_AUGUST, counts, self.contract(rounding))


def _sale(tier: Tier, day: date) -> Sale:
    return Sale("ZV-1", Organization("7700123459", "770001001"), "ООО «Ромашка»", tier, day, "")


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _in_force(rows: Sequence[_Row], tier: Tier, day: date) -> int:
    """The value of the row in force: walks back day by day, first over the tier's own rows, then over common ones."""
    for wanted in (tier, None):
        for ordinal in range(day.toordinal(), date(2023, 6, 29).toordinal(), -1):
            for row in rows:
                if row.tier == wanted and row.from_on.toordinal() == ordinal:
                    return row.value
    return 0


def _rows(most: int) -> st.SearchStrategy[list[_Row]]:
    rows = st.builds(
        _Row,
        st.integers(0, most),
        st.dates(date(2023, 7, 1), _LAST),
        st.sampled_from([None, *_TIERS]),
    )
    return st.lists(rows, max_size=5, unique_by=lambda row: (row.tier, row.from_on))


def _months() -> st.SearchStrategy[_Month]:
    """Every day has a price; a discount may be missing."""
    before = date(2023, 6, 30)
    prices = _rows(1_000_000).map(lambda rows: [*rows, _Row(123457, before, None)])
    discounts = st.one_of(_rows(10_000), _rows(10_000).map(lambda rows: [*rows, _Row(3333, before, None)]))
    sales = st.lists(st.tuples(st.sampled_from(_TIERS), st.dates(_FIRST, _LAST)), max_size=12)
    return st.builds(_Month, prices, discounts, sales)


def _exact(month: _Month) -> list[tuple[Tier, int, int]]:
    """Tier, list price and rate of each sale."""
    return [
        (tier, _in_force(month.prices, tier, day), _in_force(month.discounts, tier, day)) for tier, day in month.sales
    ]


@given(_months())
def test_rounding_per_licence_is_the_slow_sum(month: _Month) -> None:
    settlement = month.settled("licence")
    sales = _exact(month)
    for tier, part in settlement.tiers:
        own = [(price, rate) for sold, price, rate in sales if sold == tier]
        assert part.count == len(own)
        assert part.list_price_kopecks == sum(price for price, _ in own)
        assert part.discount_kopecks == sum(_half_up(Fraction(price * rate, 10_000)) for price, rate in own)
    for field in ("count", "list_price_kopecks", "discount_kopecks", "payable_kopecks"):
        assert getattr(settlement.total, field) == sum(getattr(part, field) for _, part in settlement.tiers)
    assert settlement.rounding_difference_kopecks == 0


@given(_months())
def test_rounding_the_total_is_the_slow_sum_per_tier_and_rate(month: _Month) -> None:
    settlement = month.settled("total")
    discounts: defaultdict[tuple[Tier, int], Fraction] = defaultdict(Fraction)
    for tier, price, rate in _exact(month):
        discounts[tier, rate] += Fraction(price * rate, 10_000)
    assert settlement.total.discount_kopecks == sum(_half_up(discount) for discount in discounts.values())
    assert settlement.total.count == len(month.sales)
    assert settlement.tiers == month.settled("licence").tiers


@given(_months(), st.sampled_from(["licence", "total"]))
def test_the_rounding_difference_is_the_total_less_the_charges(month: _Month, rounding: Rounding) -> None:
    settlement = month.settled(rounding)
    pricing = Pricing(month.contract(rounding))
    payable = sum(pricing.settle(_sale(tier, day)).charge.payable_kopecks for tier, day in month.sales)
    assert settlement.rounding_difference_kopecks == settlement.total.payable_kopecks - payable
    assert abs(settlement.rounding_difference_kopecks) <= len(month.sales)


@given(_months(), st.sampled_from(["licence", "total"]))
def test_the_charges_one_by_one_make_the_sums_of_the_tiers(month: _Month, rounding: Rounding) -> None:
    pricing = Pricing(month.contract(rounding))
    sums = dict.fromkeys(_TIERS, Sum())
    for tier, day in month.sales:
        sums[tier] = sums[tier].plus(pricing.settle(_sale(tier, day)).charge, 1)
    assert month.settled(rounding).tiers == tuple(sums.items())


@given(_months(), st.randoms(use_true_random=False))
def test_the_order_of_the_sales_changes_nothing(month: _Month, random: Random) -> None:
    counts = [SaleCount(tier, day, 1) for tier, day in month.sales]
    shuffled = list(counts)
    random.shuffle(shuffled)
    contract = month.contract("total")
    one, other = settlement_of_sales(_AUGUST, counts, contract), settlement_of_sales(_AUGUST, shuffled, contract)
    assert one == other
