"""Several people and scripts in one register at once, on either engine: nothing is lost, nothing half done."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mureg.register.engines import interface as database
from support import raw_sql
from support.command_line import Ended, Mureg
from support.sample_data import begin, history, row, shown, write_table
from support.workers import SURROUNDINGS, assert_nothing_is_lost, started

NUMBERS = [f"A-{number}" for number in range(12)]


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both."""
    return str(request.param)


@pytest.fixture
def office(mureg: Mureg) -> Mureg:
    """A register with a dozen applications."""
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", *map(row, NUMBERS)))
    return mureg


@contextmanager
def another_writes() -> Iterator[None]:
    """While another program's transaction is open."""
    url = os.environ.get("MUREG_DB")
    if url is None:
        connection: Any = sqlite3.connect("mureg.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
    else:
        from support import postgres_server

        connection = postgres_server.admin(url)
        connection.execute("BEGIN; SELECT pg_advisory_xact_lock(1836413541, 1732821864)")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_eight_processes_lose_nothing(office: Mureg) -> None:
    assert_nothing_is_lost(office, NUMBERS)


def test_of_two_processings_of_one_application_the_second_names_the_first(office: Mureg) -> None:
    with another_writes():
        both = [started_mureg("application", "process", "A-1", "--on", "2023-08-14") for _ in range(2)]
        time.sleep(1.5)
    ends = sorted((process.wait(60), *process.communicate()) for process in both)
    assert [code for code, _, _ in ends] == [0, 5]
    assert "A-1 was processed on 2023-08-14" in ends[1][2]
    assert "did it in operation 2" in ends[1][2]
    assert [record["operation"] for record in history(office, "A-1")] == [1, 2]


def test_a_month_is_closed_or_processed_into(office: Mureg) -> None:
    office.done("application", "process", *NUMBERS[1:], "--on", "2023-08-14")
    close = ("month", "close", "2023-08", "--without-statement", "--reason", "нет", "--leave", "A-0")
    with another_writes():
        both = [started_mureg(*close), started_mureg("application", "process", "A-0", "--on", "2023-08-14")]
        time.sleep(1.5)
    (closed, _, _), (processed, _, err) = ((process.wait(60), *process.communicate()) for process in both)
    assert closed == 0
    charged = len(raw_sql.rows("SELECT 1 FROM charge"))
    if processed == 0:
        assert charged == len(NUMBERS)
    else:
        assert (processed, charged) == (5, len(NUMBERS) - 1)
        assert "2023-08 is closed" in err
    assert office("check") == Ended(0, "", "")


def started_mureg(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "mureg", *words],
        env=os.environ | SURROUNDINGS | {"MUREG_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_waiting_command_reports_it_and_goes_on(office: Mureg, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    words = ("application", "set-multiuser", "A-1", "--off")
    ended = waiting_for(1.5, office, monkeypatch, *words, lang=lang)
    assert ended.code == 0
    said = {"en": "waiting: another command writes to ", "ru": "ожидание: другая команда пишет в "}[lang]
    assert ended.err.startswith(said)
    assert "mureg.db" in ended.err or "postgresql://" in ended.err
    assert shown(office, "A-1")["multiuser"]["set"] == "off"


def test_a_program_that_waits_is_not_disturbed(office: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = waiting_for(1.5, office, monkeypatch, "application", "set-multiuser", "A-1", "--off", "--json")
    assert (ended.code, ended.err) == (0, "")


def test_a_command_that_waited_too_long_ends_with_an_error(office: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 2)
    before = raw_sql.content()
    began = time.monotonic()
    with another_writes():
        monkeypatch.setattr(database, "REPORT_AFTER_SECONDS", 1)
        ended = office("application", "set-multiuser", "A-1", "--off")
    assert (ended.code, ended.out) == (7, "")
    assert 2 <= time.monotonic() - began < 10
    assert "is in use by another program\ntry again when the other command has finished\n" in ended.err
    assert raw_sql.content() == before


def test_a_reading_command_does_not_wait_and_sees_one_moment(office: Mureg) -> None:
    with another_writes():
        began = time.monotonic()
        assert len(office.done("application", "list", "--json").json) == len(NUMBERS)
        assert office("check") == Ended(0, "", "")
        assert time.monotonic() - began < 2


def test_a_backup_is_made_while_others_write(office: Mureg) -> None:
    writer = started("W", "25", ",".join(NUMBERS))
    heads = []
    for number in range(6):
        heads.append(office.done("backup", f"b{number}.db", "--json").json["operations"])
        assert office("check", "--db", f"b{number}.db") == Ended(0, "", "")
    assert writer.wait(120) == 0
    writer.communicate()
    assert heads == sorted(heads)


def waiting_for(seconds: float, office: Mureg, monkeypatch: pytest.MonkeyPatch, *words: str, **how: str) -> Ended:
    """How a command ends that starts while another one writes; its notice appears after one second here."""
    monkeypatch.setattr(database, "REPORT_AFTER_SECONDS", 1)
    begun, end = threading.Event(), threading.Event()

    def write() -> None:
        with another_writes():
            begun.set()
            end.wait()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    threading.Timer(seconds, end.set).start()
    try:
        return office(*words, **how)  # type: ignore[arg-type]
    finally:
        end.set()
        writer.join()


def test_others_work_while_an_import_waits_for_its_input(office: Mureg) -> None:
    table = Path(write_table("b.csv", *(row(f"B-{number}") for number in range(10_000)))).read_bytes()
    importing = subprocess.Popen(
        [sys.executable, "-m", "mureg", "application", "import", "-"],
        env=os.environ | SURROUNDINGS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with importing:
        assert importing.stdin is not None
        # More than a pipe holds: when this returns, the import is reading.
        importing.stdin.write(table[: len(table) // 2])
        importing.stdin.flush()
        office.done("application", "set-multiuser", "A-1", "--tier", "10+")
        out, _ = importing.communicate(table[len(table) // 2 :])
    assert importing.returncode == 0, out
    assert shown(office, "A-1")["multiuser"]["tier"] == "10+"
    assert [len(record["numbers"]) for record in history(office)] == [12, 1, 10_000]
