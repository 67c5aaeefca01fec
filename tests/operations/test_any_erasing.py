"""Whatever was done before: an erasing leaves none of the organisation's people anywhere, and all else as it was."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mureg.domain.application import Organization
from mureg.errors import MuregError, Refused
from mureg.operations.applications.decisions import set_multiuser
from mureg.operations.check.checks import check_register
from mureg.operations.erasure import erase
from mureg.register.queries.applications import ApplicationFilter
from support.office import ACTOR, TODAY, Office
from support.sample_data import application, owner

pytestmark = pytest.mark.slow

ERASED = Organization("7700123459", "770001001")
NUMBERS = st.sampled_from(["A-1", "A-2", "B-1"])
STEPS = st.one_of(
    st.tuples(st.just("import"), NUMBERS, st.integers(0, 4), st.integers(0, 2)),
    st.tuples(st.just("set"), NUMBERS),
    st.tuples(st.just("process"), NUMBERS),
    st.tuples(st.just("reject"), NUMBERS),
    st.tuples(st.just("cancel"), NUMBERS),
    st.tuples(st.just("undo")),
)


Steps = list[tuple[Any, ...]]
MOSTLY = st.sampled_from([True, True, True, False])


def brought(number: str, users: int, wording: int) -> dict[str, Any]:
    """An application whose people and comment contain a word of their own: A's or B's."""
    request = "Вишневецкий" if number[0] == "A" else "Оболенский"
    people = [
        owner(serial % 3 + 1, name=f"{request} {wording} {serial}", email=f"{request}@{serial}.example")
        for serial in range(users)
    ]
    organization = {
        "inn": ERASED.inn if number[0] == "A" else "7700010303",
        "phone": f"{request} {wording}" if wording else None,
    }
    comment = f"Зовите: {request} {wording}" if wording else None
    return application(number, owners=people, client_comment=comment, organization=organization)


def take(office: Office, step: tuple[Any, ...]) -> None:
    match step:
        case "import", number, users, wording:
            office.import_json(brought(number, users, wording))
        case "set", number:
            set_multiuser(office.register, [number], "on", "10+", actor=ACTOR)
        case "process", number:
            office.process(number)
        case "reject", number:
            office.reject(number)
        case "cancel", number:
            office.cancel(number, "2023-08-20")
        case ("undo",):
            office.undo()


def texts(office: Office) -> str:
    return json.dumps(office.dump(), ensure_ascii=False)


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=12), MOSTLY, st.lists(STEPS, max_size=6))
def test_any_erasing(before: Steps, is_settled: bool, after: Steps) -> None:
    live_through("sqlite", before, after, is_settled=is_settled)


@settings(max_examples=8)
@given(st.lists(STEPS, max_size=8), MOSTLY, st.lists(STEPS, max_size=4))
def test_any_erasing_on_a_server(before: Steps, is_settled: bool, after: Steps) -> None:
    live_through("postgres", before, after, is_settled=is_settled)


def live_through(engine: str, before: Steps, after: Steps, *, is_settled: bool) -> None:
    office = Office(engine)
    try:
        for number in ("A-1", "A-2", "B-1"):
            office.import_json(brought(number, 2, 1))
        # Most often nothing waits in the end.
        settled = [("process", "A-1"), ("reject", "A-1"), ("process", "A-2"), ("reject", "A-2")] if is_settled else []
        for step in [*before, *settled]:
            with suppress(MuregError):
                take(office, step)
        unerased = office.dump()
        waiting = ApplicationFilter(status="new", inn=ERASED.inn)
        is_waiting = any(each.organization == ERASED for each in office.register.applications.matching(waiting))
        try:
            done = erase(office.register, ERASED, "закон", today=TODAY, actor=ACTOR)
        except Refused:
            event("refused")
            assert is_waiting
            assert office.dump() == unerased
            return
        event("erased" if done.operation else "nothing to erase")
        assert not is_waiting
        assert "Вишневецкий" not in texts(office)
        assert check_register(office.register) == []
        kept = office.dump()
        for table in ("licence", "month", "charge"):
            assert kept[table] == unerased[table]
        assert [row for row in kept["person"] if row[1] == "B-1"] == [
            row for row in unerased["person"] if row[1] == "B-1"
        ]
        cannot_be_undone(office, done.operation, done.numbers)
        # Life goes on, and the erased stay so.
        for step in after:
            with suppress(MuregError):
                take(office, step)
        assert check_register(office.register) == []
        for number in done.numbers:
            left = office.register.applications.find(number)
            assert left is not None
            assert all(each.erased for each in left.owners)
    finally:
        office.close()


def cannot_be_undone(office: Office, erasing: int | None, numbers: tuple[str, ...]) -> None:
    """Neither the erasure nor an operation that it depends on."""
    if erasing is None:
        return
    for record in list(office.register.history.records()):
        if record.operation == erasing or set(numbers) & set(json.loads(record.numbers)):
            before = office.dump()
            try:
                office.undo(record.operation)
            except Refused:
                assert office.dump() == before
            else:
                raise AssertionError(record)
