"""What undo brings back, and what it takes away, on both engines."""

from collections.abc import Iterator

import pytest

from mureg.operations.check.checks import check_register
from support.office import Office
from support.sample_data import application


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """An empty register."""
    office = Office(request.param)
    yield office
    office.close()


def test_undoing_an_import_deletes_the_people_of_processed_applications_too(office: Office) -> None:
    processed = application("A-1", status="processed", processed_on="2023-08-14")
    assert not office.import_json(processed, application("A-2")).faults
    assert list(office.database.rows("SELECT 1 FROM person"))
    office.undo()
    assert list(office.database.rows("SELECT 1 FROM person")) == []
    assert list(office.database.rows("SELECT 1 FROM application")) == []
    assert check_register(office.register) == []
