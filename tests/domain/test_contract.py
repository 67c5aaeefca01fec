"""Which price and which discount are in force, and the charge that follows."""

from dataclasses import replace
from datetime import date

import pytest

from mureg.domain.application import TIER_LABELS, Tier
from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.errors import Refused

_AUGUST, _MIDDLE, _SEPTEMBER = date(2023, 8, 1), date(2023, 8, 15), date(2023, 9, 1)
# Illustrative figures: the vendor's prices are not public.
_LOW, _HIGH = Price(300000, _AUGUST, "2-9"), Price(700000, _AUGUST, "10+")
_DISCOUNT = Discount(4000, _AUGUST)
_CONTRACT = SublicenceContract("С-15/2023", date(2023, 7, 20), 12, prices=(_LOW, _HIGH), discounts=(_DISCOUNT,))


def test_a_charge_is_the_list_price_less_the_partner_discount() -> None:
    charge = _CONTRACT.charge("2-9", date(2023, 8, 14))
    assert charge.list_price_kopecks == 300000
    assert charge.discount_rate == 4000
    assert charge.discount_kopecks == 120000
    assert charge.payable_kopecks == 180000


def test_a_charge_holds_its_price_and_its_discount() -> None:
    charge = _CONTRACT.charge("10+", _AUGUST)
    assert charge.tier == "10+"
    assert charge.price is _HIGH
    assert charge.discount is _DISCOUNT


def test_a_price_counts_from_its_day_on() -> None:
    dearer = Price(330000, _MIDDLE, "2-9")
    contract = replace(_CONTRACT, prices=(dearer, _LOW))
    assert contract.price_on("2-9", date(2023, 7, 31)) is None
    assert contract.price_on("2-9", _AUGUST) is _LOW
    assert contract.price_on("2-9", date(2023, 8, 14)) is _LOW
    assert contract.price_on("2-9", _MIDDLE) is dearer
    assert contract.price_on("2-9", date(2030, 1, 1)) is dearer


def test_a_discount_counts_from_its_day_on() -> None:
    better = Discount(4500, _MIDDLE)
    contract = replace(_CONTRACT, discounts=(_DISCOUNT, better))
    assert contract.discount_on("10+", date(2023, 8, 14)) is _DISCOUNT
    assert contract.discount_on("10+", _MIDDLE) is better


@pytest.mark.parametrize("reverse", [False, True])
def test_a_row_for_the_tier_goes_before_a_later_row_for_both(reverse: bool) -> None:
    own, both = Discount(5000, _AUGUST, "10+"), Discount(3000, _SEPTEMBER)
    rows = (both, own) if reverse else (own, both)
    contract = replace(_CONTRACT, discounts=rows)
    assert contract.discount_on("10+", date(2023, 9, 2)) is own
    assert contract.discount_on("2-9", date(2023, 9, 2)) is both
    assert contract.discount_on("2-9", _AUGUST) is None


def test_a_row_for_the_tier_that_is_not_in_force_yet_leaves_the_row_for_both() -> None:
    both, own = Price(250000, _AUGUST), Price(260000, _SEPTEMBER, "2-9")
    contract = replace(_CONTRACT, prices=(own, both))
    assert contract.price_on("2-9", _MIDDLE) is both
    assert contract.price_on("2-9", _SEPTEMBER) is own


def test_the_row_of_another_tier_never_counts() -> None:
    contract = replace(_CONTRACT, prices=(_HIGH,))
    assert contract.price_on("2-9", _MIDDLE) is None


def test_a_contract_without_a_discount_gives_none_and_marks_it() -> None:
    charge = replace(_CONTRACT, discounts=()).charge("2-9", _AUGUST)
    assert charge.discount is None
    assert (charge.discount_rate, charge.discount_kopecks, charge.payable_kopecks) == (0, 0, 300000)


def test_a_discount_of_zero_is_a_discount() -> None:
    nothing = Discount(0, _AUGUST)
    assert replace(_CONTRACT, discounts=(nothing,)).charge("2-9", _AUGUST).discount is nothing


def test_half_a_kopeck_of_discount_is_the_partners() -> None:
    contract = replace(_CONTRACT, prices=(Price(100001, _AUGUST),), discounts=(Discount(5000, _AUGUST),))
    charge = contract.charge("2-9", _AUGUST)
    assert (charge.discount_kopecks, charge.payable_kopecks) == (50001, 50000)


@pytest.mark.parametrize(("tier", "day"), [("2-9", date(2023, 7, 31)), ("10+", date(2023, 7, 1))])
def test_the_refusal_of_a_sale_without_a_price_shows_what_to_add(tier: Tier, day: date) -> None:
    with pytest.raises(Refused) as refused:
        _CONTRACT.charge(tier, day)
    assert str(refused.value) == f"no list price for tier {TIER_LABELS[tier]} on {day}"
    assert str(refused.value.hint) == (
        f'add it to mureg.toml:\n\n[[contract.price]]\ntier = "{tier}"\namount = "…"\nfrom = 2023-07-01'
    )
