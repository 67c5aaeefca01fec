"""Amended is as if it had been processed so; returned is as if it had never been processed: on both engines."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.domain.dates import Month
from mureg.errors import MuregError, Refused
from mureg.operations.applications.decisions import set_multiuser
from mureg.operations.check.checks import check_register
from mureg.operations.months.reconciliation import compared_month
from support.office import ACTOR, Office
from support.sample_data import application

pytestmark = pytest.mark.slow

DAYS = ["2023-08-01", "2023-08-02", "2023-08-14", "2024-07-30", "2024-08-01", "2025-09-01"]
NUMBERS = ["A-1", "A-2", "A-3", "A-4", "B-1"]
BEGAN = date(2023, 8, 1)
CONTRACT = SublicenceContract(
    "С-1", BEGAN, 12, prices=(Price(300_001, BEGAN, "2-9"), Price(700_003, BEGAN, "10+")),
    discounts=(Discount(3333, BEGAN),),
)  # fmt: skip

Tier = st.sampled_from(["2-9", "10+", "off", None])
KIND = st.sampled_from(["connection", "change", "renewal"])
REQUESTED = st.sampled_from(["on", "off", "unstated"])
ASKED = st.fixed_dictionaries({number: st.tuples(KIND, REQUESTED, st.sampled_from([2, 3, 12])) for number in NUMBERS})
# What is done, in the order of the days: each number once, and a sale may be cancelled on a later day.
DECISIONS = st.lists(
    st.tuples(st.sampled_from(NUMBERS), Tier, st.sampled_from(DAYS), st.sampled_from([None, None, None, *DAYS])),
    unique_by=lambda decision: decision[0], min_size=1, max_size=5,
)  # fmt: skip
Decision = tuple[str, str | None, str, str | None]
Event = tuple[str, str]


def decide(
    office: Office, asked: dict[str, Any], decisions: Sequence[Decision], order: Sequence[Event] = ()
) -> tuple[list[Decision], list[Event]]:
    """Import, set, and process and cancel in the order of the days.

    Gives the decisions that were not refused, and the order of what was done; in which another office does it.
    """
    office.import_json(
        *(
            application(
                number, type=kind, users=users, multiuser={"requested": requested},
                organization={"inn": "7700123459" if number[0] == "A" else "7700010303"},
            )
            for number, (kind, requested, users) in asked.items()
        )
    )  # fmt: skip
    tiers = {number: tier if is_set(office, number, tier) else None for number, tier, _, _ in decisions}
    events: list[tuple[str, Event, Callable[[], None]]] = []
    for number, _, day, cancelled in decisions:
        events.append((day, (number, "process"), partial(office.process, number, on=day)))
        if cancelled is not None and cancelled >= day:
            events.append((cancelled, (number, "cancel"), partial(office.cancel, number, cancelled)))
    events.sort(key=lambda event: (event[0], order.index(event[1]) if order else 0))
    done = [event for _, event, do in events if is_done(do)]
    made = [
        (number, tiers[number], day, cancelled if (number, "cancel") in done else None)
        for number, _, day, cancelled in decisions
        if (number, "process") in done
    ]
    return made, done


def is_done(do: Callable[[], object]) -> bool:
    try:
        do()
    except MuregError:
        return False
    return True


def is_set(office: Office, number: str, tier: str | None) -> bool:
    """Set a tier, or switch the option off; whether that was not refused."""
    if tier is None:
        return True
    wanted: Any = tier if tier != "off" else None
    return is_done(partial(set_multiuser, office.register, [number], "on" if wanted else "off", wanted, actor=ACTOR))


def content(office: Office) -> dict[str, Any]:
    """Applications, licences and charges, without the operations that wrote them and who set what."""
    applications = {
        each.number: each._replace(operation=0, imported_at="", set_by="")
        for each in office.register.applications.matching()
    }
    licences = {
        number: licence for number in NUMBERS if (licence := office.register.licences.made_by(number)) is not None
    }
    months = sorted({Month.of(date.fromisoformat(day)) for day in DAYS})
    charges = {str(month): list(compared_month(office.register, month, CONTRACT).settled.charges()) for month in months}
    return {"applications": applications, "licences": licences, "charges": charges}


class Two:
    """An office in which something is corrected, and one in which it was done so at once."""

    def __init__(self, engine: str) -> None:
        self.corrected, self.expected = Office(engine), Office("sqlite")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.corrected.close()
        self.expected.close()

    def correct(self, correction: Callable[[], None]) -> bool:
        """Correct, and whether it was allowed; a refusal leaves no trace, and undo gives back what was."""
        office = self.corrected
        before, content_before = office.dump(), content(office)
        try:
            correction()
        except Refused:
            assert office.dump() == before
            return False
        assert check_register(office.register) == []
        after = content(office)
        if after != content_before:
            office.undo()
            assert content(office) == content_before
            assert check_register(office.register) == []
            correction()
        assert content(office) == after
        return True


def require_same_as_amended(
    engine: str, asked: dict[str, Any], decisions: list[Decision], tier: str | None, day: str | None
) -> None:
    number = decisions[0][0]
    with Two(engine) as two:
        made, order = decide(two.corrected, asked, decisions)
        done = {decision[0]: decision for decision in made}
        if not two.correct(lambda: two.corrected.amend(number, tier=tier, on=day)):
            return
        _, old_tier, old_day, cancelled = done[number]
        assert cancelled is None
        done[number] = (number, tier if tier is not None else old_tier, day or old_day, None)
        assert decide(two.expected, asked, list(done.values()), order)[0] == list(done.values())
        for left, left_tier, _, _ in decisions:
            if left not in done:
                is_set(two.expected, left, left_tier)
        assert content(two.corrected) == content(two.expected)


def require_same_as_returned(engine: str, asked: dict[str, Any], decisions: list[Decision], count: int) -> None:
    returned = [number for number, _, _, _ in decisions[:count]]
    with Two(engine) as two:
        done, order = decide(two.corrected, asked, decisions)
        if not two.correct(lambda: two.corrected.return_to_new(*returned)):
            return
        left = [each for each in done if each[0] not in returned]
        assert decide(two.expected, asked, left, order)[0] == left
        for number, tier, _, _ in decisions:
            if number not in {each[0] for each in left}:
                is_set(two.expected, number, tier)
        assert content(two.corrected) == content(two.expected)


AMENDED_TIER = st.sampled_from(["2-9", "10+", None])
AMENDED_DAY = st.sampled_from([None, *DAYS])


@settings(max_examples=150)
@given(ASKED, DECISIONS, AMENDED_TIER, AMENDED_DAY)
def test_amended_is_as_if_processed_so(
    asked: dict[str, Any], decisions: list[Decision], tier: str | None, day: str | None
) -> None:
    require_same_as_amended("sqlite", asked, decisions, tier, day)


@settings(max_examples=20)
@given(ASKED, DECISIONS, AMENDED_TIER, AMENDED_DAY)
def test_so_it_is_on_a_server(
    asked: dict[str, Any], decisions: list[Decision], tier: str | None, day: str | None
) -> None:
    require_same_as_amended("postgres", asked, decisions, tier, day)


@settings(max_examples=150)
@given(ASKED, DECISIONS, st.integers(1, 3))
def test_returned_is_as_if_never_processed(asked: dict[str, Any], decisions: list[Decision], count: int) -> None:
    require_same_as_returned("sqlite", asked, decisions, count)


@settings(max_examples=20)
@given(ASKED, DECISIONS, st.integers(1, 3))
def test_so_is_returned_on_a_server(asked: dict[str, Any], decisions: list[Decision], count: int) -> None:
    require_same_as_returned("postgres", asked, decisions, count)
