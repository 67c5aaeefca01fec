"""Ctrl-C at any moment, and pipes without a reader: a few of each; tools/faults/interrupt_commands.py tries more."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from faults.interrupt_commands import interrupt_commands

from support.command_line import Mureg

MUREG = [sys.executable, "-m", "mureg"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and closed pipes are POSIX")


@pytest.mark.parametrize(("engine", "interrupts"), [("sqlite", 10), ("postgres", 4)])
def test_an_interrupt_at_any_moment_leaves_nothing_half_written(engine: str, interrupts: int) -> None:
    seed = random.SystemRandom().randrange(2**32)
    # The demo runs the other commands one after the other.
    counted, wrong = interrupt_commands(interrupts, seed=seed, engine=engine, without=["demo"])
    assert wrong == [], f"seed {seed}"
    assert counted.total() == interrupts
    assert any(outcome == "interrupted" for _, outcome in counted), "none was interrupted"


@pytest.mark.parametrize("words", [("application", "list"), ("check",), ("history", "--json")])
def test_a_table_that_is_an_endless_view_can_be_left(example: Mureg, words: tuple[str, ...]) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT"
    with closing(sqlite3.connect("mureg.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for table in ("application", "history"):
            names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall()]
            connection.execute(f"ALTER TABLE {table} RENAME TO former_{table}")
            values = ", ".join(f"x AS {name}" for name in names)
            connection.execute(f"CREATE VIEW {table} AS {endless} {values} FROM n WHERE x < 0")
    with subprocess.Popen([*MUREG, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(2)
        assert process.poll() is None, "it ended by itself"
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert "interrupted" in err


# Code that runs in the same process as mureg, and loses an interrupt.
_SWALLOWING = """
import os, sys, time
from mureg.__main__ import main
import mureg.cli.framework.session
class IgnoresInterrupts:
    def __init__(self, *arguments, **options):
        end, mark = time.monotonic() + 20, b"!"
        while time.monotonic() < end:
            try:
                os.write(1, mark)
                mark = b""
                time.sleep(20)
            except KeyboardInterrupt:
                os.write(1, b"?")
sys.modules["mureg.cli.framework.session"].Session.__init__ = IgnoresInterrupts.__init__
main()
"""
_DROPPING = """
import os, sys, time
from mureg.__main__ import main
import mureg.cli.framework.session
class Dropped:
    def __del__(self):
        os.write(1, b"!")
        time.sleep(20)
class Session:
    def __init__(self, *arguments, **options):
        Dropped()
        os.write(1, b"?")
        time.sleep(20)
sys.modules["mureg.cli.framework.session"].Session.__init__ = Session.__init__
main()
"""


@pytest.mark.parametrize("code", [_SWALLOWING, _DROPPING])
def test_an_interrupt_that_gets_lost_is_heard_again(mureg: Mureg, code: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", code, "application", "list", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert os.read(process.stdout.fileno(), 1) == b"!"
    process.send_signal(signal.SIGINT)
    assert os.read(process.stdout.fileno(), 1) == b"?"
    if code == _SWALLOWING:
        # A second press at once is a long press; one after a second asks to end now.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.1)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.1)
        process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert json.loads(err)["error"]["code"] == "interrupted"


def test_an_interrupt_that_comes_wrapped_is_no_error_of_mureg(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrapped(*arguments: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as interrupted:
            raise RuntimeError from interrupted

    monkeypatch.setattr("mureg.operations.applications.processing.card", wrapped)
    assert example("application", "show", "ZV-1042").code == 130


def test_a_command_in_the_background_goes_on_ignoring_interrupts(example: Mureg) -> None:
    line = 'trap "" INT; "$0" -c "$1" application list'
    code = """
import os, signal
from mureg.__main__ import main
os.kill(os.getpid(), signal.SIGINT)
main()
"""
    ended = subprocess.run(["sh", "-c", line, sys.executable, code], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"17 applications\n")


# Command lines that print, and their exit codes where the output is read.
_PRINTING = {
    "application list": 0, "application list --json": 0, "application show": 0, "application show ZV-1042": 0,
    "application show NOPE --json": 3, "application check": 0, "history": 0, "organization list": 0, "month list": 0,
    "reconcile --month 2023-08": 0, "reconcile --month 2023-08 --format xlsx": 0, "contract show": 0, "support": 0,
    "--help": 0, "application import -h": 0,
}  # fmt: skip


def test_pipes_without_a_reader_are_no_error(example: Mureg) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    for words, code in _PRINTING.items():
        # Side by side: the start of Python is most of the time.
        running = {
            closed: subprocess.Popen(
                [*MUREG, *words.split()], stdin=subprocess.DEVNULL,
                stdout=writing if "stdout" in closed else subprocess.PIPE,
                stderr=writing if "stderr" in closed else subprocess.PIPE,
            )
            for closed in ("stdout", "stderr", "stdout and stderr")
        }  # fmt: skip
        for closed, process in running.items():
            out, err = process.communicate()
            assert process.returncode in ({code, 0} if "stdout" in closed else {code}), (words, closed)
            for text in (out, err):
                assert b"Traceback" not in (text or b""), (words, closed)
                assert b"Exception ignored" not in (text or b""), (words, closed)
    os.close(writing)


def test_a_reader_of_one_line_gets_one_line_and_nothing_else(example: Mureg) -> None:
    rows = "\n".join(f"M-{number};2023-08-01;7700123459;on;3" for number in range(5_000))
    Path("many.csv").write_text(f"number;submitted_on;inn;multiuser;users\n{rows}\n", encoding="utf-8")
    example.done("application", "import", "many.csv")
    for words in (["application", "list"], ["application", "list", "--json"], ["history", "--json"]):
        process = subprocess.Popen([*MUREG, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        assert (process.wait(), err) == (0, b"")


def test_a_postponed_interrupt_is_raised_afterwards(mureg: Mureg) -> None:
    code = """
import os, signal
from mureg import interrupts
interrupts.listen()
try:
    with interrupts.postponed():
        os.kill(os.getpid(), signal.SIGINT)
        print("whole")
    print("not reached")
except KeyboardInterrupt:
    print("heard")
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ended.stdout.split() == [b"whole", b"heard"]


@pytest.mark.parametrize("words", ["application list", "init --example", "check", "support"])
def test_a_removed_folder_is_reported(mureg: Mureg, tmp_path: Path, words: str) -> None:
    (tmp_path / "gone").mkdir()
    line = f'rmdir "$PWD"; exec "$0" -m mureg {words}'
    environment = {**os.environ, "MUREG_LANG": "en"}
    ended = subprocess.run(
        ["sh", "-c", line, sys.executable], cwd=tmp_path / "gone", env=environment, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (3, b"")
    assert ended.stderr.startswith(b"Error: the current folder no longer exists\n")
