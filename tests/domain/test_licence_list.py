"""What a list says of a licence, and which licence it shows of an organization."""

from datetime import date

import pytest

from mureg.domain.application import Organization
from mureg.domain.contract import Price, SublicenceContract
from mureg.domain.licence import Licence
from mureg.domain.licence_list import OrganizationToday, current_licence, listed_licence

ROMASHKA = Organization("7700123459", "770001001")
TODAY = date(2024, 8, 1)
CONTRACT = SublicenceContract(
    "1", None, 12,
    prices=(Price(300_000, date(2023, 8, 1), "2-9"), Price(600_000, date(2023, 8, 1), "10+")),
)  # fmt: skip


def licence(first: str, last: str, number: str = "A-1") -> Licence:
    starts_on, ends_on = date.fromisoformat(first), date.fromisoformat(last)
    return Licence(number, ROMASHKA, "2-9", starts_on, ends_on, starts_on)


@pytest.mark.parametrize(
    ("last", "days_left", "state"), [("2024-08-01", 0, "on"), ("2024-08-31", 30, "on"), ("2024-07-31", -1, "ended")]
)
def test_days_are_left_until_the_last_day_which_counts(last: str, days_left: int, state: str) -> None:
    listed = listed_licence(licence("2023-08-02", last), None, OrganizationToday(), None, TODAY)
    assert (listed.days_left, listed.state, listed.list_price_kopecks) == (days_left, state, None)


@pytest.mark.parametrize(
    ("users", "needed", "price"), [(None, None, 300_000), (1, None, 300_000), (9, "2-9", 300_000), (10, "10+", 600_000)]
)
def test_a_renewal_costs_what_the_tier_costs_that_the_users_need(
    users: int | None, needed: str | None, price: int
) -> None:
    today = OrganizationToday(users=users)
    listed = listed_licence(licence("2023-08-02", "2024-08-01"), None, today, CONTRACT, TODAY)
    assert (listed.needed_tier, listed.list_price_kopecks) == (needed, price)


def test_without_a_price_on_the_day_there_is_none() -> None:
    listed = listed_licence(licence("2023-08-02", "2024-08-01"), None, OrganizationToday(), CONTRACT, date(2023, 7, 31))
    assert listed.list_price_kopecks is None


def test_of_an_organization_the_licence_in_force_is_shown_else_the_next_else_the_last() -> None:
    ended, older = licence("2023-08-02", "2024-07-31", "E"), licence("2022-08-02", "2023-08-01", "O")
    running, upcoming = licence("2023-08-03", "2024-08-02", "R"), licence("2024-08-03", "2025-08-02", "U")
    never = licence("2024-09-01", "2024-08-15", "N")
    assert current_licence([older, ended, running, upcoming, never], TODAY) == running
    assert current_licence([older, ended, upcoming, never], TODAY) == upcoming
    assert current_licence([older, ended, never], TODAY) == ended
    assert current_licence([never], TODAY) is None
