"""The КПП of changes that state none: how much work it is to find it, and what an error says."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.office import Office
from support.sample_data import application, inn_of

HEAD, BRANCH = "770001001", "770045001"


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    office = Office(request.param)
    yield office
    office.close()


def change(number: str, account: str | None = None, **organization: Any) -> dict[str, Any]:
    """A change without a КПП."""
    return application(number, type="change", users=1, organization={"kpp": None, "account": account} | organization)


def connection(number: str, kpp: str, account: str | None = None) -> dict[str, Any]:
    return application(number, users=1, organization={"kpp": kpp, "account": account})


def steps(changes: list[dict[str, Any]], *before: dict[str, Any]) -> int:
    """How many hundreds of instructions SQLite runs to import changes into a register with other applications."""
    office = Office()
    assert not office.import_json(*before).faults
    ran = 0

    def count() -> None:
        nonlocal ran
        ran += 1

    office.database._connection.set_progress_handler(count, 100)  # type: ignore[attr-defined]
    imported = office.import_json(*changes)
    assert imported.added + len(imported.faults) == len(changes)
    office.close()
    return ran


@pytest.mark.parametrize(
    "before",
    [(), (connection("A-1", HEAD),), (connection("A-1", HEAD, "ACC-1"), connection("A-2", BRANCH, "ACC-2"))],
    ids=["a new ИНН", "one organisation", "two organisations"],
)
@pytest.mark.parametrize("accounts", [0, 1, 1000], ids=["no account", "one account", "an account each"])
def test_twice_as_many_changes_are_no_more_than_twice_the_work(before: tuple[Any, ...], accounts: int) -> None:
    changes = [change(f"C-{n:04}", f"OWN-{n % accounts}" if accounts else None) for n in range(800)]
    assert steps(changes, *before) <= 2.2 * steps(changes[:400], *before)


def test_an_error_names_at_most_twenty_of_them(office: Office) -> None:
    kpps = [f"7700{n:02}001" for n in range(10, 31)]
    office.import_json(*(connection(f"A-{kpp}", kpp) for kpp in kpps[:20]))
    (fault,) = office.import_json(change("C-1")).faults
    assert str(fault.message).endswith("one of " + ", ".join(kpps[:20]))
    office.import_json(connection("B-1", kpps[20]))
    (fault,) = office.import_json(change("C-1")).faults
    assert str(fault.message).endswith("one of " + ", ".join(kpps[:20]) + ", …")


def test_an_application_that_leaves_its_organisation_no_longer_counts_for_it(office: Office) -> None:
    office.import_json(connection("A-1", HEAD, "ACC-1"), connection("A-2", BRANCH, "ACC-2"))
    changes = [change("C-1", "ACC-2"), change("A-1", "ACC-1", inn=inn_of(7001)), change("C-2", "ACC-1")]
    assert not office.import_json(*changes).faults
    found = {number: office.register.applications.find(number) for number in ("C-1", "A-1", "C-2")}
    assert {number: each and each.request.kpp for number, each in found.items()} == {
        "C-1": BRANCH, "A-1": "", "C-2": BRANCH,
    }  # fmt: skip


def test_a_change_makes_the_organisation_of_the_next_one(office: Office) -> None:
    office.import_json(connection("A-1", HEAD), connection("A-2", BRANCH))
    moved = application("A-2", users=1, type="change", organization={"kpp": None, "account": "ACC-2"})
    assert not office.import_json(moved, change("C-1", "ACC-2")).faults
    found = office.register.applications.find("C-1")
    assert found is not None
    assert found.request.kpp == BRANCH
