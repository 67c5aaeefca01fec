"""Faults of a server in the middle of an operation: one clear error, exit code 7, and nothing half written."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mureg.register.transaction import Operation
from support import raw_sql
from support.child_process import PROCESS, READING, SET, assert_one_clear_error, small_disk
from support.command_line import Ended, Mureg
from support.sample_data import row, write_table

pytestmark = pytest.mark.parametrize("engine", ["postgres"], indirect=True)


@pytest.fixture
def url(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The example partner's register in a database of its own."""
    from support import postgres_server

    url = postgres_server.new_database()
    example.done("copy", os.environ["MUREG_DB"], url)
    monkeypatch.setenv("MUREG_DB", url)
    yield url
    with postgres_server.admin() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {url.partition('?')[0].rpartition('/')[2]} WITH (FORCE)")


def before_the_end(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Call a function when all is written, and nothing committed."""
    record = Operation.record

    def recorded(operation: Operation) -> None:
        record(operation)
        act()

    monkeypatch.setattr(Operation, "record", recorded)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_connections_cut_before_the_commit_leave_nothing(
    example: Mureg, url: str, engine: str, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    from support import postgres_server

    before = raw_sql.content()

    def cut() -> None:
        with postgres_server.admin(url) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'mureg'"
            )

    with monkeypatch.context() as patch:
        before_the_end(patch, cut)
        for words in (SET, PROCESS, ("application", "import", "examples/applications/partners.xlsx"), ("undo",)):
            assert_one_clear_error(example(*words, lang=lang), "mureg history")
    assert raw_sql.content() == before
    assert example("check") == Ended(0, "", "")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_server_that_only_reads_is_reported(example: Mureg, url: str, engine: str, lang: str) -> None:
    from support import postgres_server

    name = url.partition("?")[0].rpartition("/")[2]
    with postgres_server.admin() as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    before = raw_sql.content()
    for words in READING:
        assert example(*words).code == 0, words
    for words in (SET, PROCESS, ("undo",)):
        assert_one_clear_error(
            example(*words, lang=lang),
            {"en": "is read-only\nwrite on the primary server", "ru": "только для чтения"}[lang],
        )
    assert raw_sql.content() == before


@pytest.mark.parametrize("when", ["while it writes", "at its very end"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_full_disk_of_the_server_is_reported(example: Mureg, url: str, engine: str, when: str, lang: str) -> None:
    """A trigger fails as a server with a full disk does (SQLSTATE 53100)."""
    from support import postgres_server

    before = raw_sql.content()
    kind = "CONSTRAINT TRIGGER full_disk AFTER" if when == "at its very end" else "TRIGGER full_disk BEFORE"
    deferred = "DEFERRABLE INITIALLY DEFERRED" if when == "at its very end" else ""
    with postgres_server.admin(url) as admin:
        admin.execute("""
            CREATE FUNCTION mureg.full_disk() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
        """)
        admin.execute(
            f"CREATE {kind} INSERT ON mureg.history {deferred} FOR EACH ROW EXECUTE FUNCTION mureg.full_disk()"
        )
    for words in (SET, PROCESS, ("application", "import", "examples/applications/partners.xlsx"), ("undo",)):
        assert_one_clear_error(
            example(*words, lang=lang),
            {"en": "is full\nnothing was written; free some space", "ru": "освободите место"}[lang],
        )
    assert raw_sql.content() == before
    with postgres_server.admin(url) as admin:
        admin.execute("DROP FUNCTION mureg.full_disk CASCADE")
    example.done(*SET)
    assert example("check") == Ended(0, "", "")


def test_a_disk_that_the_server_fills_for_real_is_reported(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from support import postgres_server

    first = os.environ["MUREG_DB"]
    base = Path(tempfile.mkdtemp())
    base.chmod(0o755)
    with small_disk(base / "disk", 20_000) as grow, postgres_server.on_a_disk(base / "disk") as url:
        example.done("copy", first, url)
        monkeypatch.setenv("MUREG_DB", url)
        before = raw_sql.content()
        rows = write_table(
            "rows.csv", *(row(f"A-{serial}", name="ООО «" + "я" * 200 + "»") for serial in range(20_000))
        )
        assert_one_clear_error(
            example("application", "import", rows),
            "the disk of ",
            "is full\nnothing was written; free some space and run the command again",
        )
        # The server may need room even for a new connection.
        grow(200_000)
        assert raw_sql.content() == before
        assert example("check") == Ended(0, "", "")
        example.done("application", "import", rows)
        assert example("check") == Ended(0, "", "")
    shutil.rmtree(base)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_database_that_goes_away_is_reported(
    example: Mureg, url: str, engine: str, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    from support import postgres_server

    example.done("backup", "saved.db")
    before = raw_sql.content()
    with monkeypatch.context() as patch:
        before_the_end(patch, lambda: postgres_server.drop_database(url))
        assert_one_clear_error(example(*SET, lang=lang), "mureg history")
    for words in READING:
        assert_one_clear_error(example(*words, lang=lang), "does not exist")
    # The way out.
    name = url.partition("?")[0].rpartition("/")[2]
    with postgres_server.admin() as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    example.done("restore", "saved.db")
    assert raw_sql.content() == before


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_who_may_not_connect_any_more_is_reported(example: Mureg, url: str, engine: str, lang: str) -> None:
    from support import postgres_server

    name = url.partition("?")[0].rpartition("/")[2]
    with postgres_server.admin() as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    for words in (*READING, SET):
        assert_one_clear_error(example(*words, lang=lang), "cannot reach" if lang == "en" else "недоступен")


def test_a_server_that_is_stopped_in_mid_operation_is_reported(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from support import postgres_server

    first = os.environ["MUREG_DB"]
    with postgres_server.another() as (url, stop, start):
        example.done("copy", first, url)
        monkeypatch.setenv("MUREG_DB", url)
        before = raw_sql.content()
        with monkeypatch.context() as patch:
            before_the_end(patch, stop)
            assert_one_clear_error(example(*SET), "mureg history")
        assert_one_clear_error(example("application", "list"), "cannot reach")
        assert_one_clear_error(example(*SET), "cannot reach")
        start()
        assert raw_sql.content() == before
        assert example("check") == Ended(0, "", "")
        # A restart between two commands does no harm.
        example.done(*SET)


def test_a_command_that_waits_for_a_lock_is_reported_when_its_connection_is_cut(
    example: Mureg, url: str, engine: str
) -> None:
    from support import postgres_server

    before = raw_sql.content()
    done = threading.Event()

    def cut() -> None:
        with postgres_server.admin(url) as admin:
            while not done.is_set():
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'mureg' AND wait_event_type = 'Lock' AND datname = current_database()"
                )
                time.sleep(0.05)

    with postgres_server.admin(url) as holder:
        holder.execute("BEGIN; SELECT 1 FROM mureg.application WHERE number = 'ZV-1042' FOR UPDATE")
        cutter = threading.Thread(target=cut)
        cutter.start()
        ended = example(*PROCESS)
        done.set()
        cutter.join()
    assert_one_clear_error(ended, "nothing was written; run the command again when the server is available")
    assert raw_sql.content() == before
