"""A register behind PgBouncer in transaction mode, whose connections are fewer than those who work."""

import os
from collections.abc import Iterator

import pytest

from support import pgbouncer, postgres_server, raw_sql
from support.child_process import assert_one_clear_error
from support.command_line import Ended, Mureg
from support.sample_data import begin, listed, row, write_table
from support.workers import assert_nothing_is_lost

pytestmark = pytest.mark.parametrize("engine", ["postgres"], indirect=True)

NUMBERS = [f"A-{number}" for number in range(12)]


@pytest.fixture(params=[1, 3], ids=lambda count: f"{count} connections")
def pool(engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A pool with so many connections for a database."""
    with pgbouncer.pgbouncer(request.param) as pool:
        yield pool


@pytest.fixture
def url(pool: str) -> Iterator[str]:
    """A database of its own, as the server has it."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def office(mureg: Mureg, pool: str, url: str, monkeypatch: pytest.MonkeyPatch) -> Mureg:
    """An empty folder whose register is behind the pool."""
    monkeypatch.setenv("MUREG_DB", pgbouncer.behind(pool, url))
    return mureg


MONTH = """
status
application list
application show ZV-1042
application set-multiuser ZV-1042 --tier 10+
application process ZV-1042 --on 2023-08-28 --dry-run
application process ZV-1042 --on 2023-08-28
undo
application reject ZV-1042 --comment нет --on 2023-08-28
licence list --on 2024-08-01
organization list
application import examples/applications/partners.xlsx
application import examples/applications/feed.jsonl
reconcile --month 2023-08
reconcile --month 2023-08 --statement examples/statement/operator-2023-08.csv
month show 2023-08
month close 2023-08 --leave-all
month list
contract show
"""


def test_the_commands_of_a_month_do_what_they_do_with_a_file(office: Mureg, url: str) -> None:
    office.done("init", "--example", "--db", "mureg.db")
    office.done("copy", "mureg.db", os.environ["MUREG_DB"])
    for line in MONTH.strip().splitlines():
        words = line.split()
        there, here = office(*words), office(*words, "--db", "mureg.db")
        assert there == here, line
        assert there.code in (0, 5, 6), there
    assert office("check") == Ended(0, "", "")
    for table in ("licence", "charge", "resolution"):
        sql = f"SELECT * FROM {table} ORDER BY 1, 2, 3"
        assert raw_sql.rows(sql, url) == raw_sql.rows(sql, "mureg.db"), table
    office.done("backup", "b.db")
    assert office("history", "--db", "b.db") == office("history")


def test_eight_processes_lose_nothing(office: Mureg) -> None:
    begin(office)
    office.done("application", "import", write_table("a.csv", *map(row, NUMBERS)))
    assert_nothing_is_lost(office, NUMBERS)


def test_an_import_that_fails_leaves_nothing_for_the_next_one(office: Mureg, url: str) -> None:
    """A statement that is prepared for the rows of an import belongs to the connection, which others get after it."""
    office.done("init")
    with postgres_server.admin(url) as admin:
        admin.execute("""
            CREATE FUNCTION mureg.fail() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
        """)
        admin.execute(
            "CREATE TRIGGER fail BEFORE INSERT ON mureg.application FOR EACH ROW WHEN (new.number = 'A-150')"
            " EXECUTE FUNCTION mureg.fail()"
        )
    table = write_table("rows.csv", *(row(f"A-{serial}") for serial in range(300)))
    for _ in range(4):
        assert_one_clear_error(office("application", "import", table), " is full\nnothing was written")
    with postgres_server.admin(url) as admin:
        admin.execute("DROP FUNCTION mureg.fail CASCADE")
    office.done("application", "import", table)
    assert len(listed(office)) == 300
    assert office("check") == Ended(0, "", "")


def test_what_others_leave_in_a_connection_does_not_matter(office: Mureg) -> None:
    """Two schemas of one database, and a program that sets what a session remembers."""
    urls = [f"{os.environ['MUREG_DB']}?schema={name}" for name in ("mureg", "partner_7")]
    for url in urls:
        office.done("init", "--db", url)
    for serial in range(6):
        for url in urls:
            with postgres_server.admin(os.environ["MUREG_DB"]) as other:
                other.execute(
                    "SET search_path = nowhere; SET lock_timeout = 1; SET default_transaction_isolation = serializable"
                )
            number = f"{url[-1]}-{serial}"
            office.done("application", "import", write_table("a.csv", row(number)), "--db", url)
            assert number in listed(office, "--db", url)
    for url in urls:
        assert len(listed(office, "--db", url)) == 6
        assert office("check", "--db", url) == Ended(0, "", "")
