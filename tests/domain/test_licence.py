"""What processing sells, what it replaces and what it ends: by example, and over random lives of an organisation."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mureg.domain.application import Application, ClientRequest, Kind, Organization, RequestedMode, Switch, Tier
from mureg.domain.dates import last_day_of_term
from mureg.domain.licence import Licence, LicenceChanges, LicencesOnDay, active_licence, licence_changes, makes_sale
from mureg.errors import Refused

_ORGANIZATION = Organization("7700123459", "770001001")
_DAY = timedelta(days=1)
_START, _END = date(2023, 8, 14), date(2024, 8, 13)
_LATER = date(2023, 10, 2)

# The application's number that made an earlier licence.
_LOW = Licence("ZV-1", _ORGANIZATION, "2-9", _START, _END, _START)
_HIGH = _LOW._replace(tier="10+")


def _application(
    kind: Kind = "connection",
    tier: Tier | None = "2-9",
    *,
    requested: RequestedMode = "on",
    partner: Switch | None = None,
    without_sale: str = "",
    users: int | None = None,
    number: str = "ZV-2",
) -> Application:
    request = ClientRequest(number, kind, "2023-08-07", *_ORGANIZATION, requested=requested, users=users)
    return Application(request, set_option=partner or "", set_tier=tier or "", without_sale=without_sale)


def _whole(tier: Tier, starts_on: date, ends_on: date, sold_on: date | None) -> Licence:
    """The licence of ZV-2 as it was made, with its whole term."""
    return Licence("ZV-2", _ORGANIZATION, tier, starts_on, ends_on, sold_on, term_ends_on=ends_on)


def _process(application: Application, on: date, *licences: Licence, term_months: int = 12) -> LicenceChanges:
    return licence_changes(application, LicencesOnDay(licences, on), term_months)


def _made(application: Application, on: date, *licences: Licence, term_months: int = 12) -> Licence:
    made = _process(application, on, *licences, term_months=term_months).made
    assert made is not None
    return made


def _refusal(application: Application, on: date, *licences: Licence) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        _process(application, on, *licences)
    return str(refused.value), str(refused.value.hint)


# --- the licence -----------------------------------------------------------------------------------------------------


def test_a_licence_works_from_its_first_day_to_its_last() -> None:
    assert [_LOW.is_active(day) for day in (_START - _DAY, _START, _END, _END + _DAY)] == [False, True, True, False]


def test_the_card_shows_a_licence_as_upcoming_on_and_ended() -> None:
    assert [_LOW.state(day) for day in (_START - _DAY, _START, _END, _END + _DAY)] == ["upcoming", "on", "on", "ended"]


def test_a_licence_that_was_ended_before_it_began_is_ended_on_every_day() -> None:
    never = _LOW._replace(ends_on=_START - _DAY)
    for day in (_START - 2 * _DAY, _START - _DAY, _START, _END):
        assert never.state(day) == "ended"
        assert not never.is_active(day)


def test_the_living_licence_is_the_highest_and_then_the_one_that_lasts_longest() -> None:
    longer = _LOW._replace(ends_on=_END + _DAY)
    assert active_licence([], _START) is None
    assert active_licence([_LOW], _END + _DAY) is None
    assert active_licence([longer, _HIGH, _LOW], _START) is _HIGH
    assert active_licence([_LOW, longer], _START) is longer
    assert active_licence([_HIGH, longer], _END + _DAY) is longer


# --- what is sold ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["connection", "change", "renewal"])
def test_the_first_application_with_the_mode_on_sells_a_licence_from_its_day(kind: Kind) -> None:
    assert _process(_application(kind), _START) == LicenceChanges(made=_whole("2-9", _START, _END, sold_on=_START))


def test_the_term_is_the_contracts() -> None:
    assert _made(_application(), _START, term_months=6).ends_on == date(2024, 2, 13)


def test_a_licence_that_starts_on_29_february_ends_on_28_february() -> None:
    assert _made(_application(), date(2024, 2, 29)).ends_on == date(2025, 2, 28)


def test_a_renewal_after_29_february_starts_on_the_first_of_march() -> None:
    leap = _made(_application(), date(2024, 2, 29))
    renewed = _made(_application("renewal"), date(2025, 2, 1), leap)
    assert (renewed.starts_on, renewed.ends_on) == (date(2025, 3, 1), date(2026, 2, 28))


@pytest.mark.parametrize("kind", ["connection", "renewal"])
def test_a_renewal_of_the_same_tier_starts_the_day_after_the_living_one_ends(kind: Kind) -> None:
    done = _process(_application(kind), _LATER, _LOW)
    assert done.made == _whole("2-9", date(2024, 8, 14), date(2025, 8, 13), sold_on=_LATER)
    assert done.changed == ()


def test_a_renewal_on_the_last_day_still_follows_the_living_licence() -> None:
    assert _made(_application("renewal"), _END, _LOW).starts_on == _END + _DAY


def test_a_renewal_after_the_end_starts_at_once() -> None:
    assert _made(_application("renewal"), _END + 2 * _DAY, _LOW).starts_on == _END + 2 * _DAY


def test_a_second_renewal_follows_the_first() -> None:
    first = _made(_application("renewal"), _LATER, _LOW)
    second = _made(_application("renewal", number="ZV-3"), _LATER, _LOW, first)
    assert second.starts_on == first.ends_on + _DAY == date(2025, 8, 14)


@pytest.mark.parametrize("kind", ["connection", "change", "renewal"])
def test_a_higher_tier_starts_at_once_and_replaces_the_lower_one(kind: Kind) -> None:
    done = _process(_application(kind, "10+"), _LATER, _LOW)
    assert done.made == _whole("10+", _LATER, date(2024, 10, 1), sold_on=_LATER)
    assert done.changed == (_LOW._replace(ends_on=_LATER - _DAY),)


def test_a_higher_tier_on_the_first_day_leaves_the_lower_one_no_day() -> None:
    (replaced,) = _process(_application(tier="10+"), _START, _LOW).changed
    assert replaced.ends_on == _START - _DAY
    assert replaced.state(_START) == "ended"


def test_a_higher_tier_leaves_ended_and_upcoming_licences_alone() -> None:
    ended = _LOW._replace(application="ZV-0", starts_on=date(2023, 8, 1), ends_on=date(2023, 8, 13))
    upcoming = _LOW._replace(application="ZV-3", starts_on=_END + _DAY, ends_on=date(2025, 8, 13))
    (replaced,) = _process(_application(tier="10+"), _LATER, ended, _LOW, upcoming).changed
    assert replaced.application == "ZV-1"


@pytest.mark.parametrize("kind", ["connection", "renewal"])
def test_a_lower_tier_starts_the_day_after_the_living_one_ends(kind: Kind) -> None:
    done = _process(_application(kind, "2-9"), _LATER, _HIGH)
    assert done.made is not None
    assert (done.made.tier, done.made.starts_on, done.changed) == ("2-9", _END + _DAY, ())


def test_a_lower_tier_follows_the_renewal_of_the_higher_one() -> None:
    renewed = _made(_application("renewal", "10+"), _LATER, _HIGH)
    assert _made(_application("renewal", "2-9"), _LATER, _HIGH, renewed).starts_on == renewed.ends_on + _DAY


def test_the_client_may_go_back_to_the_higher_tier_before_the_lower_one_begins() -> None:
    lower = _made(_application("renewal", "2-9"), _LATER, _HIGH)
    assert _made(_application("renewal", "10+"), _LATER, _HIGH, lower).starts_on == _END + _DAY


@pytest.mark.parametrize(("licence", "tier"), [(_LOW, "2-9"), (_HIGH, "2-9"), (_HIGH, "10+")])
def test_a_change_sells_nothing_while_the_licence_lives(licence: Licence, tier: Tier) -> None:
    change = _application("change", tier)
    for day in (_START, _LATER, _END):
        assert not makes_sale(change, active_licence([licence], day))
        assert _process(change, day, licence) == LicenceChanges()


def test_a_change_sells_when_the_licence_has_ended_or_not_begun() -> None:
    change = _application("change")
    assert _made(change, _END + _DAY, _LOW).starts_on == _END + _DAY
    assert makes_sale(change, active_licence([_LOW], _START - _DAY))


def test_a_change_that_states_no_users_sells_nothing_while_the_licence_lives() -> None:
    for users in (None, 1):
        change = _application("change", tier=None, users=users)
        assert change.tier is None
        assert _process(change, _LATER, _LOW) == LicenceChanges()


def test_a_change_that_repeats_the_mode_before_sales_began_sells_nothing_either() -> None:
    early = _LOW._replace(starts_on=date(2023, 7, 1), sold_on=None)
    assert _process(_application("change"), date(2023, 7, 31), early) == LicenceChanges()


def test_an_application_without_the_mode_sells_and_ends_nothing() -> None:
    application = _application(tier=None, requested="unstated")
    assert not makes_sale(application, None)
    assert _process(application, _LATER, _LOW) == LicenceChanges()


def test_the_partners_decision_decides_about_the_sale() -> None:
    assert _made(_application(requested="unstated", partner="on"), _START).tier == "2-9"
    assert _process(_application(requested="on", partner="off"), _START) == LicenceChanges()


def test_the_suggested_tier_is_sold_if_no_other_is_set() -> None:
    assert _made(_application(tier=None, users=9), _START).tier == "2-9"
    assert _made(_application(tier=None, users=10), _START).tier == "10+"
    assert _made(_application(tier="10+", users=9), _START).tier == "10+"


# --- switching off ---------------------------------------------------------------------------------------------------


def test_switching_off_ends_the_licence_that_day() -> None:
    done = _process(_application("change", tier=None, requested="off"), _LATER, _LOW)
    assert done == LicenceChanges(changed=(_LOW._replace(ends_on=_LATER),))
    assert done.changed[0].is_active(_LATER)


def test_switching_off_ends_upcoming_licences_too() -> None:
    upcoming = _made(_application("renewal"), _LATER, _LOW)
    done = _process(_application("change", tier=None, requested="off"), _LATER, _LOW, upcoming)
    assert done.changed == (_LOW._replace(ends_on=_LATER), upcoming._replace(ends_on=_LATER))
    assert done.changed[1].state(upcoming.starts_on) == "ended"


def test_switching_off_leaves_ended_licences_as_they_were() -> None:
    assert _process(_application(requested="off"), _END, _LOW) == LicenceChanges()
    assert _process(_application(requested="off"), _END + _DAY, _LOW) == LicenceChanges()
    assert _process(_application(requested="off"), _START) == LicenceChanges()


def test_an_option_that_the_partner_cleared_switches_off() -> None:
    done = _process(_application("change", requested="on", partner="off"), _LATER, _LOW)
    assert [licence.ends_on for licence in done.changed] == [_LATER]


def test_switching_off_is_possible_before_sales_began() -> None:
    assert _process(_application(requested="off"), date(2023, 7, 1)) == LicenceChanges()


# --- sold elsewhere --------------------------------------------------------------------------------------------------


def test_a_licence_sold_elsewhere_lives_like_any_other_but_is_no_sale() -> None:
    made = _made(_application(without_sale="sold by another partner"), _START)
    assert made == _whole("2-9", _START, _END, sold_on=None)
    assert _process(_application("change"), _LATER, made) == LicenceChanges()


def test_a_change_may_rely_on_a_licence_outside_the_register() -> None:
    assert _made(_application("change", without_sale="before the register"), _START).sold_on is None


@pytest.mark.parametrize(
    ("application", "licences"),
    [
        (_application("change", without_sale="x"), [_LOW]),
        (_application(requested="off", without_sale="x"), [_LOW]),
        (_application(tier=None, requested="unstated", without_sale="x"), []),
    ],
)
def test_where_nothing_is_sold_there_is_no_sale_to_leave_out(
    application: Application, licences: Sequence[Licence]
) -> None:
    assert _refusal(application, _LATER, *licences) == (
        "ZV-2: processing it makes no sale, so --without-sale does not apply",
        "process it without the option --without-sale",
    )


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["connection", "change", "renewal"])
def test_a_sale_before_sales_began_is_refused(kind: Kind) -> None:
    assert _refusal(_application(kind), date(2023, 7, 31)) == (
        "ZV-2: the mode is sold from 2023-08-01, so not on 2023-07-31",
        "use a later day: --on DATE; or, if the licence was sold elsewhere: --without-sale --reason TEXT",
    )
    assert _made(_application(kind), date(2023, 8, 1)).starts_on == date(2023, 8, 1)
    assert _made(_application(kind, without_sale="x"), date(2023, 7, 31)).starts_on == date(2023, 7, 31)


@pytest.mark.parametrize("users", [None, 0, 1])
def test_a_sale_without_a_tier_is_refused(users: int | None) -> None:
    assert _refusal(_application(tier=None, users=users), _START) == (
        "ZV-2: the mode is on, but there is no tier",
        "set it: mureg application set-multiuser ZV-2 --tier 2-9",
    )
    assert _refusal(_application("change", tier=None, users=users), _END + _DAY, _LOW)[0].endswith("there is no tier")


@pytest.mark.parametrize("licences", [(), (_LOW,)])
@pytest.mark.parametrize("kind", ["connection", "change", "renewal"])
def test_a_tier_below_the_users_is_refused(kind: Kind, licences: tuple[Licence, ...]) -> None:
    assert _refusal(_application(kind, users=12), _START, *licences) == (
        "ZV-2: the client lists 12 users, but tier 2 to 9 allows at most 9",
        "set the higher tier: mureg application set-multiuser ZV-2 --tier 10+",
    )


def test_a_mode_that_is_off_needs_no_tier() -> None:
    assert _process(_application(tier="2-9", requested="off", users=12), _START) == LicenceChanges()


# --- the life of an organisation -------------------------------------------------------------------------------------


class _Step(NamedTuple):
    after_days: int
    application: Application


_KINDS: tuple[Kind, ...] = ("connection", "change", "renewal")
_TIERS: tuple[Tier, ...] = ("2-9", "10+")
_APPLICATIONS = st.one_of(
    st.builds(
        _application,
        st.sampled_from(_KINDS),
        st.sampled_from(_TIERS),
        without_sale=st.sampled_from(["", "", "", "x"]),
    ),
    st.builds(_application, st.sampled_from(_KINDS), st.none(), requested=st.sampled_from(["off", "unstated"])),
)
# Gaps of no day, of days, of about a term.
_GAPS = st.one_of(st.integers(0, 2), st.integers(0, 90), st.integers(360, 370))
LIVES = st.lists(st.builds(_Step, _GAPS, _APPLICATIONS), min_size=1, max_size=8)
TERMS = st.sampled_from([1, 6, 12])


class _Lived(NamedTuple):
    """One processing with the licences before and after it."""

    application: Application
    on: date
    before: tuple[Licence, ...]
    done: LicenceChanges
    after: tuple[Licence, ...]


def _live(steps: Iterable[_Step], term_months: int) -> list[_Lived]:
    """Process one after another on days that never go back; what is refused changes nothing."""
    day, licences = date(2024, 2, 26), tuple[Licence, ...]()
    lived = []
    known: dict[str, Licence] = {}
    for place, step in enumerate(steps):
        day += timedelta(days=step.after_days)
        request = step.application.request._replace(number=f"ZV-{place}")
        application = step.application._replace(request=request)
        try:
            done = licence_changes(application, LicencesOnDay(licences, day), term_months)
        except Refused:
            continue
        for licence in (*done.changed, *([done.made] if done.made else [])):
            known[licence.application] = licence
        before, licences = licences, tuple(known.values())
        lived.append(_Lived(application, day, before, done, licences))
    return lived


def _days(licences: Iterable[Licence], tier: Tier) -> set[int]:
    """The days on which the mode works for as many users as the tier allows."""
    days: set[int] = set()
    for licence in licences:
        if licence.tier in (tier, "10+"):
            days.update(range(licence.starts_on.toordinal(), licence.ends_on.toordinal() + 1))
    return days


@given(LIVES, TERMS)
def test_licences_of_one_tier_never_share_a_day(steps: list[_Step], term_months: int) -> None:
    for step in _live(steps, term_months):
        for tier in _TIERS:
            own = [licence for licence in step.after if licence.tier == tier]
            lengths = [max(0, (licence.ends_on - licence.starts_on).days + 1) for licence in own]
            each_day = {
                day for licence in own for day in range(licence.starts_on.toordinal(), licence.ends_on.toordinal() + 1)
            }
            assert sum(lengths) == len(each_day)


@given(LIVES, TERMS)
def test_every_licence_made_gives_its_tier_for_a_whole_term_of_new_days(steps: list[_Step], term_months: int) -> None:
    for step in _live(steps, term_months):
        made = step.done.made
        if made is not None:
            assert made.ends_on == last_day_of_term(made.starts_on, term_months)
            term = set(range(made.starts_on.toordinal(), made.ends_on.toordinal() + 1))
            assert not term & _days(step.before, made.tier)


@given(LIVES, TERMS)
def test_only_switching_off_takes_days_from_the_client(steps: list[_Step], term_months: int) -> None:
    for step in _live(steps, term_months):
        for tier in _TIERS:
            lost = _days(step.before, tier) - _days(step.after, tier)
            if not step.application.switches_off:
                assert not lost
            else:
                assert all(day > step.on.toordinal() for day in lost)


@given(LIVES, TERMS)
def test_after_switching_off_no_later_day_is_left(steps: list[_Step], term_months: int) -> None:
    for step in _live(steps, term_months):
        if step.application.switches_off:
            assert step.done.made is None
            assert max(_days(step.after, "2-9"), default=0) <= step.on.toordinal()


@given(LIVES, TERMS)
def test_with_the_mode_on_it_works_on_the_day_of_processing(steps: list[_Step], term_months: int) -> None:
    for step in _live(steps, term_months):
        if step.application.effective == "on":
            living = active_licence(step.after, step.on)
            assert living is not None
            assert living.tier in (step.application.tier, "10+")


@given(LIVES, TERMS)
def test_a_change_is_a_sale_only_where_there_is_no_licence_or_a_lower_one(steps: list[_Step], term_months: int) -> None:
    for step in _live(steps, term_months):
        if step.application.request.kind == "change" and step.application.effective == "on":
            assert step.application.tier is not None
            covered = step.on.toordinal() in _days(step.before, step.application.tier)
            assert (step.done.made is None) == covered
        elif step.application.effective == "on":
            assert step.done.made is not None


@given(LIVES, TERMS)
def test_processing_shortens_living_and_upcoming_licences_and_changes_nothing_else(
    steps: list[_Step], term_months: int
) -> None:
    for step in _live(steps, term_months):
        before = {licence.application: licence for licence in step.before}
        for licence in step.done.changed:
            old = before[licence.application]
            assert licence == old._replace(ends_on=licence.ends_on)
            assert step.on - _DAY <= licence.ends_on < old.ends_on
        made = step.done.made
        if made is not None:
            assert made.application == step.application.number
            assert made.organization == step.application.organization
            assert made.starts_on >= step.on
            assert made.sold_on == (None if step.application.without_sale else step.on)
            assert step.done.changed == () or made.starts_on == step.on


@settings(max_examples=50)
@given(LIVES, TERMS, st.dates(date(2023, 1, 1), date(2030, 1, 1)), _APPLICATIONS)
def test_a_processing_on_any_earlier_day_is_done_or_refused(
    steps: list[_Step], term_months: int, on: date, late: Application
) -> None:
    lived = _live(steps, term_months)
    licences = lived[-1].after if lived else ()
    try:
        done = licence_changes(late, LicencesOnDay(licences, on), term_months)
    except Refused:
        return
    assert {licence.application for licence in done.changed} <= {licence.application for licence in licences}
    assert done.made is None or done.made.starts_on >= on
