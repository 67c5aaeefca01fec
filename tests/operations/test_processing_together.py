"""Applications that are processed together come out as if each had been processed alone, on both engines."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from mureg.errors import NotFound, Refused
from mureg.operations.applications import decisions
from mureg.operations.applications.licensing import Processed
from support.office import ACTOR, TODAY, Office
from support.sample_data import application, inn_of

ON = date(2024, 9, 15)


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """An empty register."""
    office = Office(request.param)
    yield office
    office.close()


def waiting(
    number: str,
    inn: str,
    kpp: str = "770001001",
    *,
    mode: str = "on",
    tier: str | None = "2-9",
    users: int | None = 3,
    **values: Any,
) -> dict[str, Any]:
    """An application without owners."""
    multiuser = {"requested": mode, "requested_tier": tier if mode == "on" else None, "users": users}
    return application(number, organization={"inn": inn, "kpp": kpp}, multiuser=multiuser, users=0, **values)


def of_a_mixed_kind(chance: random.Random, number: str) -> dict[str, Any]:
    """An application of one of eight organisations, of which two each have the same ИНН."""
    inn, kpp = inn_of(chance.randint(1, 4)), chance.choice(["770001001", "770002001"])
    return waiting(
        number, inn, kpp, type=chance.choice(["connection", "change", "renewal"]),
        mode=chance.choice(["on", "on", "on", "off", "unstated"]), tier=chance.choice(["2-9", "10+"]),
        promotion=chance.choice(["", "Welcome!"]),
    )  # fmt: skip


def processed(office: Office, *numbers: str, without_sale: str = "", dry_run: bool = False) -> list[Processed]:
    """Process them on the day, as one operation."""
    return decisions.process(
        office.register, numbers, ON, today=TODAY, term_months=12, without_sale=without_sale, actor=ACTOR,
        dry_run=dry_run,
    ).done  # fmt: skip


def rows(office: Office, table: str) -> list[tuple[object, ...]]:
    """The rows of a table without the operation that wrote them last."""
    names = ", ".join(name for name in office.database.columns(table) if name != "operation")
    return list(office.database.rows(f"SELECT {names} FROM {table} ORDER BY 1, 2"))


@pytest.mark.parametrize("seed", range(3))
def test_many_of_mixed_organizations_come_out_as_one_after_the_other(office: Office, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the same on each run
    numbers = [f"A-{place:03}" for place in range(150)]
    items = [of_a_mixed_kind(chance, number) for number in numbers]
    # Of these there are licences already: some ended, some active, some upcoming.
    earlier = [of_a_mixed_kind(chance, f"E-{place:02}") for place in range(20)]
    assert not office.import_json(*items, *earlier).faults
    for place, each in enumerate(earlier):
        office.process(each["number"], on=["2023-08-14", "2023-09-16", "2023-10-01", "2024-09-15"][place % 4])
    chance.shuffle(numbers)
    together = processed(office, *numbers)
    rows_together = {table: rows(office, table) for table in ("application", "licence", "person")}
    assert any(each.changed for each in together)
    assert any(each.licence is None for each in together)
    office.undo()
    alone = [each for number in numbers for each in processed(office, number)]
    assert together == [
        each._replace(application=each.application._replace(operation=then.application.operation))
        for each, then in zip(alone, together, strict=True)
    ]
    assert rows_together == {table: rows(office, table) for table in ("application", "licence", "person")}


def test_every_application_at_fault_is_named_and_nothing_is_written(office: Office) -> None:
    office.import_json(
        waiting("DONE", inn_of(1)),
        waiting("GOOD", inn_of(2)),
        waiting("EARLY", inn_of(3), submitted_on="2024-10-01"),
        waiting("UNTIERED", inn_of(4), tier=None, users=None),
    )
    office.process("DONE")
    before = office.dump()
    with pytest.raises(Refused) as refused:
        processed(office, "DONE", "GOOD", "EARLY", "MISSING", "UNTIERED")
    error = refused.value
    assert str(error) == "not possible for 4 of the 5 applications; nothing was written"
    assert [str(fault.message) for fault in error.details] == [
        "DONE was processed on 2023-08-14 and cannot be changed",
        "EARLY: 2024-09-15 is before its submission on 2024-10-01",
        "no application MISSING",
        "UNTIERED: the mode is on, but there is no tier",
    ]
    assert office.dump() == before


def test_the_error_of_several_has_the_kind_of_the_first(office: Office) -> None:
    office.import_json(waiting("DONE", inn_of(1)))
    office.process("DONE")
    for numbers, kind in ((["MISSING", "DONE"], NotFound), (["DONE", "MISSING"], Refused)):
        with pytest.raises(kind):
            processed(office, *numbers)


def test_of_one_at_fault_the_error_is_that_of_this_one_alone(office: Office) -> None:
    office.import_json(waiting("GOOD", inn_of(2)))
    with pytest.raises(NotFound) as missing:
        processed(office, "GOOD", "GOOT")
    assert str(missing.value) == "no application GOOT"
    assert str(missing.value.hint) == "list all: mureg application list"
    assert missing.value.details == ()


def test_what_depends_on_one_at_fault_is_not_judged(office: Office) -> None:
    untiered: dict[str, Any] = {"tier": None, "users": None}
    office.import_json(
        waiting("FIRST", inn_of(1), **untiered),
        # With the licence of the first it would need no tier.
        waiting("SECOND", inn_of(1), type="change", **untiered),
        waiting("OTHER", inn_of(2), type="change", **untiered),
    )
    with pytest.raises(Refused) as refused:
        processed(office, "FIRST", "SECOND", "OTHER")
    assert [str(fault.message).partition(":")[0] for fault in refused.value.details] == ["FIRST", "OTHER"]


def test_what_the_settings_lack_is_said_once(office: Office) -> None:
    office.import_json(*(waiting(f"A-{place}", inn_of(place)) for place in range(3)))
    with pytest.raises(Refused, match="the term of a licence is not known"):
        office.process("A-0", "A-1", "A-2", term=None)


def test_several_are_set_or_rejected_with_every_fault_named(office: Office) -> None:
    office.import_json(
        *(waiting(f"A-{place}", inn_of(place), tier=None) for place in range(3)),
        *(waiting(number, inn_of(5), tier=None, users=12) for number in ("CROWD-1", "CROWD-2")),
    )
    office.reject("A-1")
    numbers = ["A-0", "A-1", "CROWD-1", "CROWD-2"]
    with pytest.raises(Refused) as refused:
        decisions.set_multiuser(office.register, numbers, "on", "2-9", actor=ACTOR)
    assert [str(fault.message).split()[0] for fault in refused.value.details] == ["A-1", "CROWD-1:", "CROWD-2:"]
    with pytest.raises(Refused) as refused:
        decisions.reject(office.register, ["A-0", "A-1", "NO"], "нет", date(2023, 1, 1), today=TODAY, actor=ACTOR)
    assert len(refused.value.details) == 3
    assert str(refused.value.hint).count("\n") == 2
