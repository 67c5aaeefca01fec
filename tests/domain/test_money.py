"""Kopecks and basis points: how they are written, read and rounded."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.money import NotMoney, format_money, format_rate, parse_money, parse_rate, share_kopecks

_NO_BREAK, _NARROW, _THIN = "\u00a0", "\u202f", "\u2009"
_LARGEST = 10**15 * 100 - 1

KOPECKS = st.integers(-_LARGEST, _LARGEST)
RATES = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("5400.00", 540000),
        ("5400,00", 540000),
        ("5 400,00", 540000),
        (f"5{_NO_BREAK}400,00", 540000),
        (f"1{_NARROW}234{_THIN}567,8", 123456780),
        ("5400", 540000),
        ("0", 0),
        ("0,01", 1),
        ("0.1", 10),
        (" 12 ", 1200),
        (f"{_NO_BREAK}12{_NO_BREAK}", 1200),
        ("-1200.50", -120050),
        ("\u2212" + "1 200,50", -120050),
        ("-0", 0),
        ("007", 700),
        ("9" * 15 + ".99", _LARGEST),
    ],
)
def test_an_amount_is_read_as_people_and_excel_write_it(text: str, kopecks: int) -> None:
    assert parse_money(text) == kopecks


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ",", ".5", "5.", "5,400.00", "5.400,00", "5400.000", "1e3", "1_000", "54 00", "5  400", "1234 567",
        "+5", "--5", "- 5", "5-", "٥٤٠٠", "５４００", "²", "0x10", "inf", "NaN", "5400 руб.", "5400₽", "5400\n",
        "5\t400", "12 34,00", "5 400 ,00", "1" * 16,
    ],
)  # fmt: skip
def test_anything_else_is_not_an_amount(text: str) -> None:
    with pytest.raises(NotMoney) as refused:
        parse_money(text)
    assert str(refused.value) == "write the amount as 5400.00 or 5 400,00"


def test_an_amount_has_at_most_fifteen_digits_of_roubles() -> None:
    with pytest.raises(NotMoney) as refused:
        parse_money("1 000 000 000 000 000")
    assert str(refused.value.message) == "an amount can have at most 15 digits of roubles"


@pytest.mark.parametrize(
    ("kopecks", "text"),
    [(450000, "4500.00"), (1, "0.01"), (10, "0.10"), (0, "0.00"), (-1, "-0.01"), (-120050, "-1200.50")],
)
def test_an_amount_is_written_with_a_point_and_two_decimals(kopecks: int, text: str) -> None:
    assert format_money(kopecks) == text


@given(KOPECKS)
def test_what_is_written_is_read_back(kopecks: int) -> None:
    assert parse_money(format_money(kopecks)) == kopecks


@given(KOPECKS, st.sampled_from([" ", _NO_BREAK, _NARROW, _THIN]), st.sampled_from([".", ","]))
def test_spaces_between_thousands_and_a_decimal_comma_change_nothing(kopecks: int, space: str, separator: str) -> None:
    sign = "-" if kopecks < 0 else ""
    grouped = f"{abs(kopecks) // 100:,}".replace(",", space)
    assert parse_money(f"{space}{sign}{grouped}{separator}{abs(kopecks) % 100:02d}{space}") == kopecks


@given(st.one_of(st.text(), st.text("0123456789 .,-\u2212\u00a0e%", max_size=25)))
def test_reading_money_gives_an_integer_or_raises_not_money(text: str) -> None:
    for parse in (parse_money, parse_rate):
        try:
            value = parse(text)
        except NotMoney:
            continue
        assert type(value) is int


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("40%", 4000),
        ("40", 4000),
        ("40.00", 4000),
        ("12,5 %", 1250),
        (f"12,5{_NO_BREAK}%", 1250),
        ("0%", 0),
        ("0", 0),
        ("0.00", 0),
        ("0.4%", 40),
        ("1", 100),
        ("100%", 10000),
        (" 33.33% ", 3333),
    ],
)
def test_a_rate_is_a_percentage(text: str, rate: int) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "%", "-5%", "1e1", "12.345%", "40%%", "40  %", "40 процентов", "٤٠%", "1000%%"])
def test_anything_else_is_not_a_rate(text: str) -> None:
    with pytest.raises(NotMoney) as refused:
        parse_rate(text)
    assert str(refused.value) == "write the rate as 40% or 12,5%"


@pytest.mark.parametrize("text", ["0.4", "0,40", "0.99", "0.01"])
def test_a_number_below_one_could_be_a_share_and_needs_its_percent_sign(text: str) -> None:
    with pytest.raises(NotMoney) as refused:
        parse_rate(text)
    assert str(refused.value) == "a rate below 1 needs its percent sign: 0.4% or 40%?"


@pytest.mark.parametrize("text", ["100.01", "100,01%", "101%", "999"])
def test_a_rate_above_100_percent_is_refused(text: str) -> None:
    with pytest.raises(NotMoney) as refused:
        parse_rate(text)
    assert str(refused.value) == "a rate cannot be more than 100%"


@given(RATES)
def test_a_rate_that_is_written_is_read_back(rate: int) -> None:
    assert parse_rate(format_rate(rate) + "%") == rate


def test_a_rate_is_written_in_percent() -> None:
    assert format_rate(4000) == "40.00"
    assert format_rate(1250) == "12.50"


@pytest.mark.parametrize(
    ("amount", "rate", "share"),
    [
        (300000, 4000, 120000),
        (1, 5000, 1),  # half a kopeck: up, where banker's rounding gives 0
        (3, 5000, 2),
        (5, 5000, 3),  # 2.5: up, where banker's rounding gives 2
        (1, 4999, 0),
        (-1, 5000, -1),
        (-5, 5000, -3),
        (-1, 4999, 0),
        (12345, 0, 0),
        (12345, 10000, 12345),
        (0, 4000, 0),
    ],
)
def test_half_a_kopeck_is_rounded_away_from_zero(amount: int, rate: int, share: int) -> None:
    assert share_kopecks(amount, rate) == share


@given(KOPECKS, RATES)
def test_a_share_is_the_exact_one_rounded_half_up(amount: int, rate: int) -> None:
    exact = Fraction(amount * rate, 10_000)
    share = share_kopecks(amount, rate)
    assert abs(share - exact) <= Fraction(1, 2)
    if abs(share - exact) == Fraction(1, 2):
        assert abs(share) > abs(exact)


@given(KOPECKS, RATES)
def test_the_share_of_a_negative_amount_is_the_negative_share(amount: int, rate: int) -> None:
    assert share_kopecks(-amount, rate) == -share_kopecks(amount, rate)
