"""Months, dates and terms as people write and count them."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mureg.domain.dates import SALES_BEGAN_ON, Month, last_day_of_term, parse_date, parse_month

_TODAY = date(2023, 8, 14)
_NAMES = [
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
]  # fmt: skip
_GENITIVES = [
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
]  # fmt: skip

MONTHS = st.builds(Month, st.integers(1, 9999), st.integers(1, 12))
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_sales_began_with_release_30781() -> None:
    assert date(2023, 8, 1) == SALES_BEGAN_ON


def test_a_month_is_written_with_its_year_first() -> None:
    assert str(Month(2023, 8)) == "2023-08"
    assert str(Month(900, 12)) == "0900-12"


@pytest.mark.parametrize(("month", "last"), [(2, 28), (4, 30), (8, 31), (12, 31)])
def test_a_month_ends_on_its_last_day(month: int, last: int) -> None:
    assert Month(2023, month).last_day == date(2023, month, last)


def test_months_are_ordered_in_time() -> None:
    assert sorted([Month(2024, 1), Month(2023, 12), Month(2023, 2)]) == [
        Month(2023, 2),
        Month(2023, 12),
        Month(2024, 1),
    ]


def test_a_year_ends_between_december_and_january() -> None:
    assert Month(2023, 12).next() == Month(2024, 1)
    assert Month(2024, 1).previous() == Month(2023, 12)
    assert Month(2023, 8).next() == Month(2023, 9)
    assert Month(2023, 8).previous() == Month(2023, 7)


@given(MONTHS)
def test_a_month_has_the_days_that_the_calendar_says(month: Month) -> None:
    assert month.first_day == date(month.year, month.number, 1)
    assert month.last_day == date(month.year, month.number, monthrange(month.year, month.number)[1])


@given(MONTHS)
def test_the_month_after_the_month_before_is_the_same(month: Month) -> None:
    assert month.next().previous() == month == month.previous().next()
    assert month.previous() < month < month.next()


@given(DAYS, DAYS)
def test_a_month_contains_the_days_from_its_first_to_its_last(day: date, other: date) -> None:
    month = Month.of(day)
    assert month.contains(day)
    assert month.contains(other) == (month.first_day <= other <= month.last_day)


@pytest.mark.parametrize(
    "text", ["2023-08", "08.2023", "8.2023", "август 2023", "Август  2023", "августа 2023", "август 2023 г.", "this",
             "этот", " 2023-08 ", "август\u00a02023", "АВГУСТ 2023 ГОДА", "текущий", "August 2023"],
)  # fmt: skip
def test_a_month_is_understood_as_people_write_it(text: str) -> None:
    assert parse_month(text, _TODAY) == Month(2023, 8)


def test_last_is_the_month_before_today() -> None:
    assert parse_month("last", _TODAY) == Month(2023, 7)
    assert parse_month("Прошлый", date(2024, 1, 1)) == Month(2023, 12)


@pytest.mark.parametrize(
    "text", ["", "2023", "2023-13", "2023-00", "2023-8", "13.2023", "0.2023", "0000-08", "август", "авгус 2023",
             "мартобря 2023", "2023-08-14", "٢٠٢٣-٠٨", "next", "2023/08", "-2023-08"],
)  # fmt: skip
def test_anything_else_is_not_a_month(text: str) -> None:
    assert parse_month(text, _TODAY) is None


@given(MONTHS)
def test_every_way_of_writing_a_month_is_read_back(month: Month) -> None:
    year, number = f"{month.year:04d}", month.number
    for text in (
        str(month),
        f"{number:02d}.{year}",
        f"{number}.{year}",
        f"{_NAMES[number - 1]} {year}",
        f"{_GENITIVES[number - 1].upper()} {year} года",
    ):
        assert parse_month(text, _TODAY) == month


@pytest.mark.parametrize("text", ["2023-08-14", "14.08.2023", " 14.8.2023 "])
def test_a_day_is_understood_as_people_write_it(text: str) -> None:
    assert parse_date(text) == date(2023, 8, 14)


@pytest.mark.parametrize("text", ["today", "TODAY", " сегодня "])
def test_today_is_a_day_only_where_the_date_is_given(text: str) -> None:
    assert parse_date(text, _TODAY) == _TODAY
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text", ["", "2023-02-29", "31.04.2023", "0000-01-01", "2023-8-14", "14.08.23", "2023-08-14T00:00", "14/08/2023",
             "20230814", "٢٠٢٣-٠٨-١٤", "yesterday", "2023-08"],
)  # fmt: skip
def test_anything_else_is_not_a_day(text: str) -> None:
    assert parse_date(text, _TODAY) is None


@given(st.dates())
def test_every_way_of_writing_a_day_is_read_back(day: date) -> None:
    year = f"{day.year:04d}"
    for text in (day.isoformat(), f"{day.day:02d}.{day.month:02d}.{year}", f"{day.day}.{day.month}.{year}"):
        assert parse_date(text) == day


_DATE_LIKE = st.one_of(
    st.text(),
    st.from_regex(r"[0-9]{1,5}[-./][0-9]{1,3}([-./][0-9]{1,5})?", fullmatch=True),
    st.from_regex(r"[а-яё]{3,8} [0-9]{4}( г\.?)?", fullmatch=True),
)


@given(_DATE_LIKE)
def test_no_text_makes_reading_a_day_or_a_month_fail(text: str) -> None:
    assert isinstance(parse_date(text, _TODAY), date | None)
    month = parse_month(text, _TODAY)
    assert month is None or month.first_day <= month.last_day


@pytest.mark.parametrize(
    ("starts_on", "months", "last"),
    [
        (date(2023, 8, 14), 12, date(2024, 8, 13)),
        (date(2023, 8, 1), 12, date(2024, 7, 31)),
        (date(2023, 8, 1), 1, date(2023, 8, 31)),
        (date(2023, 1, 1), 12, date(2023, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2023, 2, 28), 12, date(2024, 2, 27)),
        (date(2023, 3, 1), 12, date(2024, 2, 29)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2023, 10, 31), 1, date(2023, 11, 30)),
    ],
)
def test_a_term_ends_on_the_day_before_the_same_date(starts_on: date, months: int, last: date) -> None:
    assert last_day_of_term(starts_on, months) == last


@given(DAYS, st.integers(1, 60))
@example(date(2024, 2, 29), 12)
def test_a_term_ends_where_counting_month_by_month_ends(starts_on: date, months: int) -> None:
    year, month = starts_on.year, starts_on.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    first_free_day = date(year, month, 1)
    while first_free_day.day < starts_on.day and first_free_day.month == month:
        first_free_day += timedelta(days=1)
    assert last_day_of_term(starts_on, months) == first_free_day - timedelta(days=1)


@given(DAYS, st.integers(1, 60))
def test_a_later_start_never_ends_earlier(starts_on: date, months: int) -> None:
    last = last_day_of_term(starts_on, months)
    assert starts_on < last <= last_day_of_term(starts_on + timedelta(days=1), months)
    assert last <= last_day_of_term(starts_on, months + 1)
