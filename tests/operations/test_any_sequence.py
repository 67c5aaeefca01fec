"""Whatever a manager does in whatever order: the register stays whole, and all of it can be taken back."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mureg.errors import MuregError
from mureg.operations.applications.decisions import set_multiuser
from mureg.operations.check.checks import check_register
from support.office import ACTOR, Office
from support.sample_data import application

pytestmark = pytest.mark.slow

NUMBERS = st.sampled_from(["A-1", "A-2", "A-3", "B-1"])
DAYS = st.sampled_from(["2023-08-01", "2023-08-14", "2023-08-20", "2024-08-13", "2024-08-20"])
STEPS = st.one_of(
    st.tuples(st.just("import"), NUMBERS, st.sampled_from(["connection", "change", "renewal"]), st.integers(0, 12),
              st.sampled_from(["on", "off", "unstated"])),
    st.tuples(st.just("set"), NUMBERS, st.sampled_from([("on", "2-9"), ("on", "10+"), ("on", None), ("off", None),
                                                        (None, None)])),
    st.tuples(st.just("process"), st.lists(NUMBERS, min_size=1, max_size=3), DAYS),
    st.tuples(st.just("reject"), NUMBERS, DAYS),
    st.tuples(st.just("cancel"), NUMBERS, DAYS),
    st.tuples(st.just("amend"), NUMBERS, st.sampled_from(["2-9", "10+", None]), st.none() | DAYS),
    st.tuples(st.just("reset"), NUMBERS),
    st.tuples(st.just("return"), st.lists(NUMBERS, min_size=1, max_size=3)),
    st.tuples(st.just("undo"), st.integers(1, 30)),
    st.tuples(st.just("undo last")),
)  # fmt: skip


def take(office: Office, step: tuple[Any, ...]) -> None:  # noqa: C901  one case for each kind of step
    """One step, as it may be refused."""
    match step:
        case "import", number, kind, users, requested:
            kpp = None if kind == "change" else "770001001"
            office.import_json(
                application(
                    number,
                    type=kind,
                    users=users,
                    multiuser={"requested": requested},
                    organization={"kpp": kpp, "inn": "7700123459" if number[0] == "A" else "7700010303"},
                )
            )
        case "set", number, (option, tier):
            set_multiuser(office.register, [number], option, tier, actor=ACTOR)
        case "process", numbers, day:
            office.process(*numbers, on=day)
        case "reject", number, day:
            office.reject(number, day)
        case "cancel", number, day:
            office.cancel(number, day)
        case "amend", number, tier, day:
            office.amend(number, tier=tier, on=day)
        case "reset", number:
            office.amend(number, reset=True)
        case "return", numbers:
            office.return_to_new(*numbers)
        case "undo", operation:
            office.undo(operation)
        case ("undo last",):
            office.undo()
        case _:
            raise AssertionError(step)


def kept(office: Office) -> tuple[Any, ...]:
    tables = office.dump()
    return tables["application"], tables["licence"], tables["person"]


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=14))
def test_any_sequence_leaves_the_register_whole_and_can_be_taken_back(steps: list[tuple[Any, ...]]) -> None:
    live_through("sqlite", steps)


@settings(max_examples=25)
@given(st.lists(STEPS, max_size=10))
def test_so_does_any_sequence_on_a_server(steps: list[tuple[Any, ...]]) -> None:
    live_through("postgres", steps)


def live_through(engine: str, steps: list[tuple[Any, ...]]) -> None:
    office = Office(engine)
    try:
        office.import_numbers("A-1", "A-2", "B-1")
        beginning = kept(office)
        for step in steps:
            before = office.dump()
            try:
                take(office, step)
            except MuregError:
                assert office.dump() == before
        assert check_register(office.register) == []
        undone = {record.undoes for record in office.register.history.records()}
        while (last := office.register.history.last_in_force()) not in (1, None):
            office.undo(last)
        # Unless the random steps took the beginning itself back, it is what is left.
        assert kept(office) == (([], [], []) if 1 in undone else beginning)
        assert check_register(office.register) == []
    finally:
        office.close()
