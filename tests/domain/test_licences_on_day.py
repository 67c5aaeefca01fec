"""Applications that are processed on one day one after the other: what each finds is what a new look would find."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.application import KINDS, Application, ClientRequest, Kind, Organization, Tier
from mureg.domain.licence import Licence, LicenceChanges, LicencesOnDay, active_licence, licence_changes

_ORGANIZATION = Organization("7700123459", "770001001")
_ON = date(2024, 2, 29)
_TIERS: tuple[Tier, ...] = ("2-9", "10+")


@st.composite
def _licence(draw: st.DrawFn) -> Licence:
    starts_on = _ON + timedelta(days=draw(st.integers(-500, 500)))
    # Some ended before they began.
    ends_on = starts_on + timedelta(days=draw(st.sampled_from([-100, -1, 0, 1, 30, 365, 600])))
    number = f"L-{draw(st.integers(0, 10_000)):05}"
    return Licence(number, _ORGANIZATION, draw(st.sampled_from(_TIERS)), starts_on, ends_on, starts_on)


class _What(NamedTuple):
    kind: Kind
    option: Literal["2-9", "10+", "off"]


def _application(number: str, what: _What) -> Application:
    request = ClientRequest(number, what.kind, "2023-08-01", *_ORGANIZATION, requested="on", users=3)
    if what.option == "off":
        return Application(request, set_option="off")
    return Application(request, set_option="on", set_tier=what.option)


_OPTIONS: tuple[Literal["2-9", "10+", "off"], ...] = ("2-9", "10+", "off")
_WHAT = [_What(kind, option) for kind in KINDS for option in _OPTIONS]
_MANY = st.lists(st.sampled_from(_WHAT), max_size=25)


def _in_order(licences: dict[str, Licence]) -> list[Licence]:
    """As the register reads them."""
    return sorted(licences.values(), key=lambda each: (each.starts_on, each.application))


@given(st.lists(_licence(), max_size=8, unique_by=lambda each: each.application), _MANY, st.sampled_from([1, 12]))
def test_each_application_finds_what_a_new_look_would_find(stored: list[Licence], many: list[_What], term: int) -> None:
    licences = {each.application: each for each in stored}
    followed = LicencesOnDay(_in_order(licences), _ON)
    for place, what in enumerate(many):
        application = _application(f"A-{place:02}", what)
        looked = LicencesOnDay(_in_order(licences), _ON)
        assert followed.active() == looked.active()
        changes = licence_changes(application, followed, term)
        assert changes == licence_changes(application, looked, term)
        followed.take(changes)
        licences |= {each.application: each for each in changes.changed}
        if changes.made is not None:
            licences[application.number] = changes.made


@given(st.lists(_licence(), max_size=8, unique_by=lambda each: each.application))
def test_only_licences_that_are_active_or_end_later_matter(stored: list[Licence]) -> None:
    licences = LicencesOnDay(stored, _ON)
    assert set(licences.active()) == {each for each in stored if each.is_active(_ON)}
    assert set(licences.ending_later()) == {each for each in stored if each.ends_on > _ON}
    assert active_licence(licences.active(), _ON) == active_licence(_in_order({e.application: e for e in stored}), _ON)


@pytest.mark.parametrize("what", [_What("renewal", "2-9"), _What("change", "2-9"), _What("change", "off")])
def test_the_work_grows_with_the_applications_and_not_with_their_square(
    what: _What, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    def counted(look: Callable[..., bool]) -> Callable[..., bool]:
        def counting(*given: object) -> bool:
            nonlocal looks
            looks += 1
            return look(*given)

        return counting

    monkeypatch.setattr(Licence, "is_active", counted(Licence.is_active))
    counts = []
    for many in (200, 400):
        looks, licences = 0, LicencesOnDay((), _ON)
        for place in range(many):
            changes = licence_changes(
                _application(f"A-{place}", what if place else _What("connection", "2-9")), licences, 1
            )
            assert isinstance(changes, LicenceChanges)
            licences.take(changes)
        counts.append(looks)
    assert counts[1] <= 2 * counts[0] + 10
