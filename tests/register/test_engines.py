"""What both engines must do alike: the register depends on nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from mureg.domain.dates import Month
from mureg.errors import RegisterUnusable
from mureg.operations.applications.decisions import set_multiuser
from mureg.register.engines.address import engine_of
from mureg.register.engines.interface import Database, report_nothing
from mureg.register.queries.applications import SORT_COLUMNS, ApplicationFilter
from mureg.register.register import Register
from support.office import ACTOR, Office
from support.sample_data import application


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place with an empty register."""
    if request.param == "sqlite":
        url = str(tmp_path / "mureg.db")
        Register.create(url).close()
        return url
    from support import postgres_server

    return postgres_server.emptied(postgres_server.own_database())


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An open register."""
    database = engine_of(url).open(url, report_nothing)
    yield database
    database.close()


@pytest.fixture
def office(database: Database) -> Office:
    """What a manager does in it."""
    office = Office.__new__(Office)
    office.database, office.register = database, Register(database)
    return office


def test_all_that_is_read_is_as_one_moment_has_it(office: Office, url: str) -> None:
    office.import_numbers("A-1")
    assert office.register.applications.find("A-1") is not None
    other = Register.open(url)
    set_multiuser(other, ["A-1"], "off", None, actor=ACTOR)
    other.close()
    found = office.register.applications.find("A-1")
    assert found is not None
    assert (found.set_option, office.register.history.head()[0]) == ("", 1)
    # An operation meets the register as it is now.
    with office.register.operation(ACTOR):
        found = office.register.applications.find("A-1")
        assert found is not None
        assert (found.set_option, office.register.history.head()[0]) == ("off", 2)
    assert office.register.history.head()[0] == 2


def test_queries_may_run_between_the_rows_of_another(office: Office) -> None:
    office.import_numbers(*(f"A-{number:04d}" for number in range(1200)))
    seen = 0
    for found in office.register.applications.matching(sort="number"):
        if seen % 100 == 0:
            assert office.register.applications.find(found.number) == found
            assert len(list(islice(office.register.applications.matching(), 3))) == 3
        seen += 1
    assert seen == 1200


def test_texts_are_ordered_by_code_points(office: Office) -> None:
    names = ["ёлка", "Ёлка", "ель", "Ель", "яблоко", "Zebra", "apple", "_x", "10", "9", "-", "«а»", "é", "𐀀", "\uffff"]
    items = [application(f"N{name}", organization={"name": name}) for name in names]
    assert not office.import_json(*items).faults
    for sort, expected in (("name", sorted(names)), ("number", sorted(f"N{name}" for name in names))):
        for reverse in (False, True):
            found = office.register.applications.matching(sort=sort, reverse=reverse)
            assert [getattr(each.request, sort) for each in found] == sorted(expected, reverse=reverse)


@pytest.mark.parametrize("reverse", [False, True])
def test_what_was_not_processed_comes_before_what_was(office: Office, *, reverse: bool) -> None:
    office.import_numbers("A-1", "A-2", "A-3")
    office.process("A-2", on="2023-08-14")
    found = [each.number for each in office.register.applications.matching(sort="processed_on", reverse=reverse)]
    assert found == (["A-2", "A-3", "A-1"] if reverse else ["A-1", "A-3", "A-2"])
    assert set(SORT_COLUMNS) >= {"processed_on"}


@pytest.mark.parametrize(
    "text", ["100%", "a_b", "a!b", "%", "!!", "ё", "'; DROP TABLE history; --", ":name", "?", "%я" * 4_000]
)
def test_a_search_takes_every_character_as_it_is(office: Office, text: str) -> None:
    items = [
        application("A-1", organization={"name": f"До {text} после"}),
        application("A-2", organization={"name": "1"}),
    ]
    assert not office.import_json(*items).faults
    found = [each.number for each in office.register.applications.matching(ApplicationFilter(search=text))]
    assert found == ["A-1"]
    assert office.register.applications.numbers_like(text, 5) == ["A-1"]
    assert office.register.applications.find(text) is None
    assert list(office.register.applications.matching(ApplicationFilter(search=text * 20))) == []


def test_an_operation_that_fails_leaves_the_register_to_the_next(office: Office, url: str) -> None:
    office.import_numbers("A-1")
    with pytest.raises(RegisterUnusable), office.register.operation(ACTOR):
        office.database.run("INSERT INTO application (number) VALUES (:number)", {"number": "x"})
    set_multiuser(office.register, ["A-1"], "off", None, actor=ACTOR)
    assert office.register.history.head()[0] == 2


@pytest.mark.parametrize("count", [1, 300], ids=["few rows", "many rows"])
def test_rows_come_in_as_they_are_and_skip_those_that_exist(database: Database, count: int) -> None:
    columns, values = "digest, application, salt, snils, name, position, inn", "?, ?, '', '', ?, '', ''"
    sql = f"INSERT INTO person ({columns}) VALUES ({values}) ON CONFLICT (digest) DO NOTHING"
    texts = ["", "\\N", "\\.", "a\tb\nc\r\\d", "ООО «Ромашка»", "'\"%s?:name", "\x1f\u2028😀"]
    rows = [(f"{place:03}", f"N-{place}", texts[place % len(texts)]) for place in range(count)]
    with database.atomic():
        assert database.run_many(sql, rows) == count
        assert database.run_many(sql, [*rows, ("new", "N-new", "")]) == 1
    found = database.rows("SELECT digest, application, name FROM person WHERE digest <> 'new' ORDER BY digest")
    assert list(found) == rows


def test_a_month_without_anything_is_open(office: Office) -> None:
    assert office.register.months.record(Month(2023, 8)).state == "open"
    assert office.register.licences.sale_counts(Month(2023, 8), ["A-1"]) == []


def test_a_new_register_is_not_made_over_another(url: str) -> None:
    with pytest.raises(RegisterUnusable, match="already exists and is not overwritten"):
        Register.create(url)


def test_reading_a_file_loads_no_driver_of_a_server(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom mureg.cli.main import command\n"
        "try: command().main(['init', '--example'])\nexcept SystemExit: pass\n"
        "for name in list(sys.modules):\n"
        "    if name.startswith(('sqlite_utils', 'mureg.register')): del sys.modules[name]\n"
        "try: command().main(['application', 'list'])\nexcept SystemExit as ended: assert not ended.code\n"
        "assert not {'psycopg', 'sqlite_utils'} & set(sys.modules), sys.modules\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
