"""The client's request, the partner's decision, and what follows from both."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.application import (
    Application,
    ClientRequest,
    KeyOwner,
    Organization,
    RequestedMode,
    Switch,
    Tier,
    is_higher,
    parse_tier,
    shown_authorities,
    tier_for,
    tier_holds,
)

_WORD = ClientRequest("ZV-1042", "connection", "2023-08-07", "7700123459", "770001001")


def _owners(*owners: KeyOwner) -> Application:
    return Application(_WORD, owners=owners)


def test_an_application_is_known_by_what_the_client_sent() -> None:
    application = Application(_WORD._replace(authorities="ФНС\nСФР"))
    assert application.number == "ZV-1042"
    assert application.submitted_on == date(2023, 8, 7)
    assert application.organization == Organization("7700123459", "770001001")
    assert application.authorities == ("ФНС", "СФР")
    assert application.status == "new"


def test_an_account_without_authorities_has_none() -> None:
    assert Application(_WORD).authorities == ()


def test_an_organization_is_its_inn_and_kpp() -> None:
    assert str(Organization("7700123459", "770001001")) == "7700123459/770001001"
    assert str(Organization("770012345606", "")) == "770012345606"
    assert Organization("7700123459", "770001001") != Organization("7700123459", "770101001")


# --- the option ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requested", "partner", "effective", "switches_off"),
    [
        ("on", "", "on", False),
        ("on", "on", "on", False),
        ("on", "off", "off", True),
        ("off", "", "off", True),
        ("off", "on", "on", False),
        ("off", "off", "off", True),
        ("unstated", "", "off", False),
        ("unstated", "on", "on", False),
        ("unstated", "off", "off", True),
    ],
)
def test_the_partners_decision_goes_before_the_clients_request(
    requested: RequestedMode, partner: Switch, effective: Switch, switches_off: bool
) -> None:
    application = Application(_WORD._replace(requested=requested), set_option=partner)
    assert application.effective == effective
    assert application.switches_off == switches_off
    assert application.request.requested == requested


# --- users and tiers -------------------------------------------------------------------------------------------------


def test_users_are_the_sender_other_owners_and_potential_users() -> None:
    application = _owners(
        KeyOwner("112-233-445 95", sender=True),
        KeyOwner("112-233-446 96"),
        KeyOwner("112-233-447 97", potential=True),
    )
    assert application.users == 3


def test_an_owner_being_removed_is_no_user_unless_it_is_the_sender() -> None:
    assert _owners(KeyOwner("1", sender=True), KeyOwner("2", removed=True)).users == 1
    assert _owners(KeyOwner("1", sender=True, removed=True), KeyOwner("2")).users == 2


def test_one_person_is_one_user_however_often_listed() -> None:
    assert _owners(KeyOwner("1", sender=True), KeyOwner("1", potential=True), KeyOwner("2")).users == 2


def test_people_without_a_snils_are_counted_each() -> None:
    assert _owners(KeyOwner(name="Иванова"), KeyOwner(name="Иванова")).users == 2


def test_a_table_states_the_count_itself() -> None:
    assert Application(_WORD._replace(users=12)).users == 12
    assert Application(_WORD).users is None


def test_a_list_of_owners_goes_before_a_stated_count() -> None:
    assert Application(_WORD._replace(users=12), owners=(KeyOwner("1"),)).users == 1


@pytest.mark.parametrize(
    ("users", "tier"),
    [(None, None), (0, None), (1, None), (2, "2-9"), (9, "2-9"), (10, "10+"), (1000, "10+")],
)
def test_the_suggested_tier_holds_the_users(users: int | None, tier: Tier | None) -> None:
    assert tier_for(users) == tier
    assert Application(_WORD._replace(users=users)).suggested_tier == tier


@pytest.mark.parametrize(
    ("tier", "users", "holds"),
    [
        ("2-9", None, True), ("2-9", 1, True), ("2-9", 2, True), ("2-9", 9, True), ("2-9", 10, False),
        ("10+", None, True), ("10+", 1, True), ("10+", 9, True), ("10+", 10, True), ("10+", 5000, True),
    ],
)  # fmt: skip
def test_a_tier_above_the_users_is_enough_and_one_below_is_not(tier: Tier, users: int | None, holds: bool) -> None:
    assert tier_holds(tier, users) == holds


@given(st.integers(0, 10_000))
def test_a_suggested_tier_is_the_lowest_that_holds(users: int) -> None:
    suggested = tier_for(users)
    if suggested is not None:
        assert tier_holds(suggested, users)
    assert (suggested == "10+") == (not tier_holds("2-9", users))


def test_only_the_tier_for_ten_is_higher_than_the_other() -> None:
    assert is_higher("10+", "2-9")
    assert not is_higher("2-9", "10+")
    assert not is_higher("2-9", "2-9")
    assert not is_higher("10+", "10+")


def test_the_tier_is_the_partners_else_the_clients_else_the_suggested_one() -> None:
    request = _WORD._replace(requested="on", users=3)
    assert Application(request).tier == "2-9"
    assert Application(request._replace(requested_tier="10+")).tier == "10+"
    assert Application(request._replace(requested_tier="10+"), set_option="on", set_tier="2-9").tier == "2-9"
    assert Application(request._replace(users=1)).tier is None


@pytest.mark.parametrize("partner", ["", "off"])
def test_a_mode_that_is_off_has_no_tier(partner: Switch) -> None:
    request = _WORD._replace(users=3, requested_tier="10+")
    assert Application(request, set_option=partner, set_tier="10+").tier is None


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("2-9", "2-9"), ("2–9", "2-9"), ("2—9", "2-9"), (" 2 - 9 ", "2-9"), ("от 2 до 9", "2-9"), ("От  2 до 9", "2-9"),
        ("от\u00a02\u00a0до\u00a09", "2-9"), ("10+", "10+"), ("10 и более", "10+"), ("10 И БОЛЕЕ", "10+"),
        ("2 to 9", "2-9"), ("10 and more", "10+"),
    ],
)  # fmt: skip
def test_a_tier_is_understood_as_the_web_registrator_shows_it(text: str, tier: Tier) -> None:
    assert parse_tier(text) == tier


@pytest.mark.parametrize(
    "text", ["", "2", "9", "10", "2-10", "3-9", "+10", "11+", "2023-09-02", "02.сен", "2−9 +", "٢-٩"]
)
def test_anything_else_is_no_tier(text: str) -> None:
    assert parse_tier(text) is None


@given(st.text())
def test_no_text_makes_reading_a_tier_fail(text: str) -> None:
    assert parse_tier(text) in ("2-9", "10+", None)


# --- authorities -----------------------------------------------------------------------------------------------------


def test_the_pension_and_the_social_fund_are_one_authority_and_statistics_has_its_own_name() -> None:
    assert shown_authorities(["ФНС", "ПФР", "ФСС", "ФСГС", "ЦБ", "ФСРАР", "РПН", "ФТС"]) == (
        "ФНС", "СФР", "Росстат", "ЦБ", "ФСРАР", "РПН", "ФТС",
    )  # fmt: skip


def test_authorities_stay_in_the_order_of_the_file_each_once() -> None:
    assert shown_authorities(["ФСС", "ФНС", "СФР", "ПФР", "ФНС"]) == ("СФР", "ФНС")
    assert shown_authorities([]) == ()
