"""A server that stops answering at any moment: reported, given up, and left by Ctrl-C; one that works long is not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mureg.register.engines import interface
from mureg.register.engines.postgres.database import PostgreSQL
from mureg.register.transaction import Operation
from support import raw_sql
from support.child_process import PROCESS, SET
from support.command_line import Ended, Mureg
from support.sample_data import row, write_table
from support.server_proxy import Proxy, proxy_of

pytestmark = [
    pytest.mark.parametrize("engine", ["postgres"], indirect=True),
    pytest.mark.skipif(sys.platform == "win32", reason="a server's socket and its signals are POSIX"),
]

WAITING = {"en": "waiting: the server of ", "ru": "ожидание: сервер "}
GIVEN_UP = {"en": " has not answered for 4 seconds\n", "ru": " не отвечает уже 4 с\n"}
HINT = {
    "en": "nothing was written; run the command again when the server is available\n",
    "ru": "ничего не записано; повторите команду, когда сервер снова будет доступен\n",
}


@pytest.fixture
def proxy(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The way to the example partner's register."""
    with proxy_of(os.environ["MUREG_DB"]) as proxy:
        monkeypatch.setenv("MUREG_DB", proxy.url)
        yield proxy


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command gives up after four seconds."""
    monkeypatch.setattr(interface, "WAIT_SECONDS", 4)


def assert_given_up(ended: Ended, lang: str = "en") -> None:
    """One line that it waits; then the error and its hint."""
    assert (ended.code, ended.out) == (7, ""), ended
    waiting, error, hint = ended.err.splitlines(keepends=True)
    assert waiting.startswith(WAITING[lang]), ended.err
    assert error.endswith(GIVEN_UP[lang]), ended.err
    assert hint == HINT[lang], ended.err


def at_the_end_of_the_operation(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Call a function before the last record is written."""
    record = Operation.record

    def recorded(operation: Operation) -> None:
        act()
        record(operation)

    monkeypatch.setattr(Operation, "record", recorded)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("words", "lang"),
    [(("init",), "en"), (SET, "ru"), (("backup", "b.db"), "en"), (("copy", "{db}", "c.db"), "ru")],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_server_that_does_not_answer_to_a_connection_is_given_up(
    example: Mureg, proxy: Proxy, engine: str, words: tuple[str, ...], lang: str
) -> None:
    proxy.freeze()
    assert_given_up(example(*(word.format(db=proxy.url) for word in words), lang=lang), lang)
    assert not list(Path().glob("*.db*"))


@pytest.mark.usefixtures("soon")
def test_a_program_gets_one_object(example: Mureg, proxy: Proxy, engine: str) -> None:
    proxy.freeze()
    ended = example(*SET, "--json")
    assert (ended.code, ended.out) == (7, "")
    assert ended.error["code"] == "register_unusable"


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(("words", "lang"), [(SET, "en"), (PROCESS, "ru")])
def test_a_server_that_falls_silent_in_mid_operation_is_given_up(
    example: Mureg, proxy: Proxy, engine: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], lang: str
) -> None:
    before = raw_sql.content()
    with monkeypatch.context() as patch:
        at_the_end_of_the_operation(patch, proxy.freeze)
        assert_given_up(example(*words, lang=lang), lang)
    proxy.cut()
    proxy.resume()
    assert raw_sql.content() == before
    assert example("check") == Ended(0, "", "")


@pytest.mark.usefixtures("soon")
def test_a_server_that_falls_silent_while_rows_are_sent_is_given_up(example: Mureg, proxy: Proxy, engine: str) -> None:
    before = raw_sql.content()
    table = write_table("rows.csv", *(row(f"A-{serial}", name="я" * 200) for serial in range(20_000)))
    proxy.freeze_after(1_000_000)
    assert_given_up(example("application", "import", table))
    assert proxy.is_frozen
    proxy.cut()
    proxy.resume()
    assert raw_sql.content() == before
    assert example("check") == Ended(0, "", "")


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(("lang", "part"), [("en", "it may have been written\n"), ("ru", "могла быть записана\n")])
def test_a_commit_whose_answer_does_not_come_may_have_been_written(
    example: Mureg, proxy: Proxy, engine: str, monkeypatch: pytest.MonkeyPatch, lang: str, part: str
) -> None:
    commit = PostgreSQL._commit

    def unanswered(database: PostgreSQL) -> None:
        proxy.freeze()
        commit(database)

    with monkeypatch.context() as patch:
        patch.setattr(PostgreSQL, "_commit", unanswered)
        ended = example(*SET, lang=lang)
    assert (ended.code, ended.out) == (7, "")
    assert part in ended.err
    assert ended.err.endswith(" mureg history --limit 1\n")
    proxy.resume()
    example.done("history", "--limit", "1")
    assert example("check") == Ended(0, "", "")


@pytest.mark.usefixtures("soon")
def test_a_server_that_works_long_is_waited_for(example: Mureg, proxy: Proxy, engine: str) -> None:
    from support import postgres_server

    with postgres_server.admin(proxy.server_url) as admin:
        admin.execute("""
            CREATE FUNCTION mureg.work_long() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(6); RETURN NULL; END $$
        """)
        admin.execute(
            "CREATE TRIGGER work_long AFTER INSERT ON mureg.history FOR EACH ROW EXECUTE FUNCTION mureg.work_long()"
        )
    try:
        example.done(*SET)
    finally:
        with postgres_server.admin(proxy.server_url) as admin:
            admin.execute("DROP FUNCTION mureg.work_long CASCADE")
    assert example("check") == Ended(0, "", "")


@pytest.mark.usefixtures("soon")
def test_a_server_whose_processes_are_stopped_is_given_up_and_used_again(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from support import postgres_server

    first = os.environ["MUREG_DB"]
    with postgres_server.another() as (url, _, _):
        example.done("copy", first, url)
        monkeypatch.setenv("MUREG_DB", url)
        before = raw_sql.content()
        with monkeypatch.context() as patch:
            at_the_end_of_the_operation(patch, lambda: signal_server(url, signal.SIGSTOP))
            assert_given_up(example(*SET))
        assert_given_up(example("application", "list"))
        signal_server(url, signal.SIGCONT)
        assert raw_sql.content() == before
        example.done(*SET)
        assert example("check") == Ended(0, "", "")


def wait_for_a_lock(connection: Any) -> None:
    """Until a command of mureg waits for a lock that somebody else holds."""
    sql = """
        SELECT 1 FROM pg_stat_activity WHERE application_name = 'mureg' AND wait_event_type = 'Lock'
        AND datname = current_database()
    """
    while not connection.execute(sql).fetchall():
        time.sleep(0.05)


def signal_server(url: str, number: int) -> None:
    """Send a signal to every process of a server."""
    from support import postgres_server

    folder = Path(url.partition("host=")[2].partition("&")[0])
    postmaster = int((folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    postgres_server.signal_processes(postmaster, number)


@pytest.mark.parametrize("moment", ["it connects", "a statement runs", "a server is silent"])
def test_an_interrupt_ends_a_command_at_once(example: Mureg, proxy: Proxy, engine: str, moment: str) -> None:
    from support import postgres_server

    before = raw_sql.content()
    path = os.pathsep.join(part for part in sys.path if part)
    with postgres_server.admin(proxy.server_url) as holder, postgres_server.admin(proxy.server_url) as watcher:
        if moment == "it connects":
            proxy.freeze()
        else:
            holder.execute("BEGIN; SELECT 1 FROM mureg.application WHERE number = 'ZV-1042' FOR UPDATE")
        with subprocess.Popen(
            [sys.executable, "-m", "mureg", *SET, "--json"],
            env=os.environ | {"PYTHONPATH": path, "MUREG_DB": proxy.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            if moment == "it connects":
                time.sleep(3)
            else:
                wait_for_a_lock(watcher)
            if moment == "a server is silent":
                proxy.freeze()
                time.sleep(3)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            # It would wait for half a minute.
            out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, b"")
    assert json.loads(err)["error"]["hint"] == "nothing was written"
    proxy.cut()
    proxy.resume()
    assert raw_sql.content() == before
