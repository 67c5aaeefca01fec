"""A process that has loaded all of mureg and forks a child for each command line, so that it can be killed early.

Reads a JSON object for each: its words, folder, variables, files for what it prints, whether it is of a mureg that is
one version newer, where to note the instants of its writing, and at which of them it dies. Prints the child's process
number and the instant of its start, then that it is about to write, and when the child has ended, how it ended.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# All that a command may load, once and for all.
import psycopg  # noqa: F401
import pydantic  # noqa: F401
import sqlite_utils  # noqa: F401

from mureg import safe_files
from mureg.cli.main import command
from mureg.register.engines import schema
from mureg.register.engines.postgres.database import PostgreSQL
from mureg.register.engines.sqlite import new_file as files
from mureg.register.engines.sqlite import sorter as notes  # noqa: F401
from mureg.register.engines.sqlite.database import SQLite

STEP = ("ALTER TABLE application ADD COLUMN partner TEXT NOT NULL DEFAULT ''", "CREATE TABLE office (name TEXT)")


def be_one_version_newer() -> None:
    """Add a migration."""
    schema.MIGRATIONS = (*schema.MIGRATIONS, STEP)
    schema.VERSION = len(schema.MIGRATIONS)


def child(order: dict[str, Any]) -> int:
    """Run one command line; its exit code."""
    os.chdir(order["folder"])
    os.environ.update(order["variables"])
    harness = os.dup(1)
    for name, number in (("out", 1), ("err", 2)):
        file = os.open(order[name], os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(file, number)
        os.close(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if order.get("newer_version"):
        be_one_version_newer()
    watch(harness, Path(order["gate"]), Path(order["times"]) if order.get("times") else None, order.get("dies_at"))
    try:
        command().main(order["words"])
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        return int(str(ended.code or 0))
    return 0


def watch(harness: int, gate: Path, notes_file: Path | None, dies_at: str | None) -> None:
    """Report that the writing is about to begin, and wait at the gate until the harness is ready.

    The notes file gets the instants at which a transaction, its commit and the naming of a file begin and end. The
    process kills itself at the one that it `dies_at`: `begin`, `commit` or `end`.
    """
    times: list[tuple[str, float]] = []

    def note(what: str) -> None:
        if not times:
            os.write(harness, b'{"writes": true}\n')
            with gate.open("rb", buffering=0) as opened:
                opened.read(1)
        if what == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        times.append((what, time.monotonic()))
        if notes_file is not None:
            notes_file.write_text(json.dumps(times), encoding="utf-8")

    def watched(transaction: Callable[[Any], Any]) -> Callable[[Any], Any]:
        @contextmanager
        def noted(database: Any) -> Iterator[None]:
            note("begin")
            with transaction(database):
                yield
                note("commit")
            note("end")

        return noted

    for engine in (SQLite, PostgreSQL):
        engine._transaction = watched(engine._transaction)  # type: ignore[assignment, method-assign]
    rename_new = safe_files.rename_new

    def noted_rename(temporary: Path, file: Path) -> None:
        note("commit")
        rename_new(temporary, file)
        note("end")

    files.rename_new = noted_rename  # type: ignore[attr-defined]


def main() -> None:
    """Read orders until there are none."""
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        order = json.loads(line)
        started = time.monotonic()
        number = os.fork()
        if number == 0:
            code = 1
            try:
                code = child(order)
            finally:
                os._exit(code)
        answer({"process": number, "started": started})
        _, status = os.waitpid(number, 0)
        answer({"status": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - started})


def answer(what: dict[str, Any]) -> None:
    """Print an answer."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
