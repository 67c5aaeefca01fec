"""Operations as a program calls them: one transaction, one record, no trace where nothing changed."""

from collections.abc import Iterator

import pytest

from mureg.errors import MuregError
from mureg.operations.applications.decisions import set_multiuser
from mureg.operations.check.checks import check_register
from support.office import ACTOR, Office
from support.sample_data import application, owner


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """Two applications with two owners each."""
    office = Office(request.param)
    office.import_numbers("A-1", "A-2")
    yield office
    office.close()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_exception_undoes_everything(office: Office, error: type[BaseException]) -> None:
    before = office.dump()
    with pytest.raises(error), office.register.operation(ACTOR) as operation:  # noqa: PT012
        found = office.register.applications.find("A-1")
        assert found is not None
        operation.write_applications([found])
        office.database.run("DELETE FROM person")
        raise error
    if error is KeyboardInterrupt:
        office.connect_again()
    assert office.dump() == before
    # And the next operation finds the register free.
    set_multiuser(office.register, ["A-2"], "off", None, actor=ACTOR)


def test_a_dry_run_leaves_no_trace(office: Office) -> None:
    before = office.dump()
    set_multiuser(office.register, ["A-2"], "off", None, actor=ACTOR, dry_run=True)
    office.process("A-2", dry_run=True)
    office.import_json(application("A-3"), dry_run=True)
    office.import_json(application("A-1", users=5), dry_run=True)
    office.undo(dry_run=True)
    assert office.dump() == before


def test_what_changes_nothing_leaves_no_trace(office: Office) -> None:
    before = office.dump()
    with office.register.operation(ACTOR):
        pass
    set_multiuser(office.register, ["A-2"], None, None, actor=ACTOR)
    office.import_numbers("A-2", "A-1")
    assert office.dump() == before


def test_an_operation_has_a_number_only_where_something_was_written(office: Office) -> None:
    head, _ = office.register.history.head()
    tried = set_multiuser(office.register, ["A-2"], "off", None, actor=ACTOR, dry_run=True)
    written = set_multiuser(office.register, ["A-2"], "off", None, actor=ACTOR)
    repeated = set_multiuser(office.register, ["A-2"], "off", None, actor=ACTOR)
    assert (tried.operation, written.operation, repeated.operation) == (None, head + 1, None)
    assert tried.numbers == written.numbers == repeated.numbers == ("A-2",)


def test_a_refusal_leaves_no_trace(office: Office) -> None:
    before = office.dump()
    with pytest.raises(MuregError):
        office.process("A-2", "A-1", term=None)
    with pytest.raises(MuregError):
        office.process("A-2", "NOPE")
    assert office.dump() == before


def test_a_rejected_import_leaves_no_trace(office: Office) -> None:
    before = office.dump()
    assert office.import_json(application("A-3"), application("A-4", submitted_on="x")).faults
    assert office.dump() == before


def test_people_are_in_one_table_only(office: Office) -> None:
    people = [owner(place, position=f"Должность-{place}", inn="770012345606") for place in (1, 2)]
    office.import_json(application("A-3", owners=people))
    office.import_json(application("A-3", owners=people[::-1]))
    set_multiuser(office.register, ["A-3"], "on", "10+", actor=ACTOR)
    office.process("A-3")
    office.cancel("A-3", "2023-08-20")
    office.undo()
    office.reject("A-1")
    tables = office.dump()
    assert "Сотрудник 1" in repr(tables.pop("person"))
    rest = repr(tables)
    for person in people:
        for secret in (person["snils"], person["snils"].replace("-", "").replace(" ", ""), person["name"]):
            assert secret not in rest
        assert person["position"] not in rest
        assert person["inn"] not in rest


def test_the_same_person_twice_has_two_digests(office: Office) -> None:
    persons = list(office.database.rows("SELECT digest, salt, snils FROM person"))
    assert len(persons) == 4
    assert len({snils for _, _, snils in persons}) == 2
    assert len({digest for digest, _, _ in persons}) == 4
    assert len({salt for _, salt, _ in persons}) == 4


def test_undo_of_an_import_leaves_no_person(office: Office) -> None:
    office.import_json(application("A-1", users=5))
    office.undo()
    assert len(office.dump()["person"]) == 4
    office.undo()
    assert office.dump()["person"] == []
    assert office.dump()["application"] == []


def test_the_head_is_the_last_record(office: Office) -> None:
    assert office.register.history.head()[0] == 1
    office.process("A-1")
    first, second = office.register.history.records()
    assert office.register.history.head() == (2, second.hash)
    assert first.hash != second.hash
    assert check_register(office.register) == []
