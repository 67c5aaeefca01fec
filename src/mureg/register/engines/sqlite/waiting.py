"""Waiting for other programs that use the file."""

import os
import sqlite3
import time
from collections.abc import Callable

from mureg.register.engines import interface
from mureg.register.engines.sqlite.errors import code_of


def waits_for(connection: sqlite3.Connection, has_done: Callable[[], bool], report: Callable[[], None]) -> bool:
    """Retry until `WAIT_SECONDS`, and report once that it waits; whether it succeeded."""
    began, is_reported = time.monotonic(), False
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not has_done():
            waited = time.monotonic() - began
            if waited > interface.WAIT_SECONDS:
                return False
            if waited > interface.REPORT_AFTER_SECONDS and not is_reported:
                report()
                is_reported = True
            time.sleep(0.001 + os.urandom(1)[0] / 10_000)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {interface.WAIT_SECONDS * 1000}")
    return True


def has_begun(connection: sqlite3.Connection) -> bool:
    """Begin a writer's transaction; whether no other program writes."""
    return has_run(connection, "PRAGMA journal_mode = WAL") and has_run(connection, "BEGIN IMMEDIATE")


def has_emptied_log(connection: sqlite3.Connection) -> bool:
    """Write the log into the file and empty it; whether no other program reads."""
    ((is_busy, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return not is_busy


def has_run(connection: sqlite3.Connection, sql: str) -> bool:
    """Run a statement; whether no other program was in its way."""
    try:
        connection.execute(sql)
    except sqlite3.OperationalError as error:
        if code_of(error) != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
