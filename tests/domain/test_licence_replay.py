"""An organization's licences computed anew: what follows from a change, and what depends on it."""

from datetime import date

import pytest

from mureg.domain.application import Application, ClientRequest, Kind, Organization, Switch, Tier
from mureg.domain.licence import Licence, LicencesOnDay, licence_changes
from mureg.domain.licence_replay import Recomputed, Step, recompute
from mureg.errors import Refused

_ORGANIZATION = Organization("7700123459", "770001001")
_FIRST, _SECOND, _THIRD = date(2023, 8, 1), date(2023, 8, 14), date(2023, 8, 20)
_END = date(2024, 7, 31)


def _application(number: str, on: date, tier: Tier | None = "2-9", kind: Kind = "connection") -> Application:
    request = ClientRequest(number, kind, "2023-08-01", *_ORGANIZATION, requested="on" if tier else "off")
    return Application(
        request, status="processed", processed_on=on, set_option="on" if tier else "", set_tier=tier or ""
    )


def _processed(*applications: Application) -> list[Step]:
    """Process them in this order; the steps with the licences as they are in the end."""
    licences: dict[str, Licence] = {}
    for application in applications:
        assert application.processed_on is not None
        changes = licence_changes(application, LicencesOnDay(licences.values(), application.processed_on), 12)
        licences |= {each.application: each for each in changes.changed}
        if changes.made is not None:
            licences[application.number] = changes.made
    return [
        Step(application, licences.get(application.number), (place, 0))
        for place, application in enumerate(applications)
    ]


def _amended(steps: list[Step], number: str, *, tier: Tier = "2-9", on: date = _FIRST) -> Recomputed:
    (step,) = (step for step in steps if step.number == number)
    option: Switch = "on"
    changed = step.application._replace(set_option=option, set_tier=tier, processed_on=on)
    return recompute(steps, {number: changed}, 12)


def test_one_alone_is_as_if_processed_so() -> None:
    recomputed = _amended(_processed(_application("A", _FIRST)), "A", tier="10+", on=_SECOND)
    made = recomputed.made["A"]
    assert made is not None
    assert (made.tier, made.starts_on, made.ends_on) == ("10+", _SECOND, date(2024, 8, 13))
    assert (recomputed.others, recomputed.dependents, recomputed.called_off) == ((), (), ())


def test_what_it_replaced_has_its_whole_term_again() -> None:
    steps = _processed(_application("A", _FIRST), _application("B", _SECOND, "10+"))
    recomputed = recompute(steps, {"B": None}, 12)
    assert [(each.application, each.ends_on) for each in recomputed.others] == [("A", _END)]
    assert recomputed.made == {}
    assert recomputed.dependents == ()


def test_the_licence_that_replaced_it_depends_on_it() -> None:
    steps = _processed(_application("A", _FIRST), _application("B", _SECOND, "10+"))
    assert recompute(steps, {"A": None}, 12).dependents == ("B",)
    assert _amended(steps, "A", tier="10+").dependents == ("B",)


def test_a_renewal_depends_on_the_day_and_not_on_the_tier() -> None:
    steps = _processed(_application("A", _FIRST), _application("B", _SECOND))
    assert _amended(steps, "A", on=date(2023, 8, 2)).dependents == ("B",)
    assert _amended(steps, "A", tier="10+").dependents == ()


def test_a_change_without_a_sale_depends_on_the_licence_that_there_was() -> None:
    steps = _processed(_application("A", _FIRST), _application("B", _SECOND, kind="change"))
    assert [step.licence is None for step in steps] == [False, True]
    assert recompute(steps, {"A": None}, 12).dependents == ("B",)
    assert _amended(steps, "A", on=date(2023, 8, 2)).dependents == ()


def test_switching_off_depends_on_nothing_and_ends_what_there_is_then() -> None:
    steps = _processed(_application("A", _FIRST), _application("B", _SECOND, "10+"), _application("OFF", _THIRD, None))
    recomputed = recompute(steps, {"OFF": None}, 12)
    assert [(each.application, each.ends_on) for each in recomputed.others] == [("B", date(2024, 8, 13))]
    recomputed = recompute(steps, {"B": None}, 12)
    assert [(each.application, each.ends_on) for each in recomputed.others] == [("A", _THIRD)]
    assert recomputed.dependents == ()


def test_several_that_follow_each_other_are_changed_together() -> None:
    steps = _processed(_application("A", _FIRST), _application("B", _SECOND), _application("C", _THIRD))
    assert recompute(steps, {"A": None}, 12).dependents == ("B", "C")
    assert recompute(steps, {"A": None, "B": None}, 12).dependents == ("C",)
    assert recompute(steps, {"A": None, "B": None, "C": None}, 12).dependents == ()


def test_of_one_day_the_places_in_the_history_decide() -> None:
    first, second = _application("A", _FIRST), _application("B", _FIRST)
    for steps, last in ((_processed(first, second), "B"), (_processed(second, first), "A")):
        assert recompute(steps, {last: None}, 12).dependents == ()


def test_a_cancelled_sale_that_would_be_none_is_named() -> None:
    steps = _processed(_application("A", _THIRD), _application("B", _FIRST, kind="change"))
    # B was sold first by its day: with A before it, it would be a change of what there is.
    called_off = steps[1].application._replace(status="cancelled", cancelled_on=_THIRD)
    steps[1] = steps[1]._replace(application=called_off)
    changed = steps[0].application._replace(processed_on=date(2023, 7, 31), without_sale="elsewhere")
    assert recompute(steps, {"A": changed}, 12).called_off == ("B",)


def test_a_licence_of_an_earlier_mureg_gets_the_term_of_the_contract() -> None:
    steps = _processed(_application("A", _FIRST), _application("B", _SECOND, "10+"))
    old = steps[0].licence
    assert old is not None
    steps[0] = steps[0]._replace(licence=old._replace(term_ends_on=None))
    (again,) = recompute(steps, {"B": None}, 12).others
    assert (again.ends_on, again.term_ends_on) == (_END, _END)


def test_what_cannot_be_processed_so_is_refused() -> None:
    application = _application("A", _FIRST, "10+")
    application = application._replace(request=application.request._replace(users=12))
    steps = _processed(application)
    with pytest.raises(Refused) as refused:
        _amended(steps, "A", tier="2-9")
    assert "mureg application amend A --tier 10+ --reason TEXT" in str(refused.value.hint)
