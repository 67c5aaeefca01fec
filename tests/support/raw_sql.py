"""SQL on the register in use, on either engine, without mureg."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from mureg.register.engines.schema import TABLES

Row = tuple[Any, ...]


def tamper(sql: str) -> int:
    """Change rows with every trigger off; how many were changed."""
    with _connected() as connection:
        if isinstance(connection, sqlite3.Connection):
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f'DROP TRIGGER "{name}"')
            changed = int(connection.execute(sql).rowcount)
            for _, statement in triggers:
                connection.execute(statement)
            return changed
        connection.execute("SET session_replication_role = replica")
        return int(connection.execute(sql).rowcount)


def refusal(sql: str, url: str | None = None) -> str:
    """The error of the engine for a statement; empty where it is executed."""
    with _connected(url) as connection:
        try:
            connection.execute(sql)
        except Exception as error:  # noqa: BLE001  either driver's
            return str(error)
    return ""


def rows(sql: str, url: str | None = None) -> list[Row]:
    """The rows of a query, of the register in use by default."""
    with _connected(url) as connection:
        return list(connection.execute(sql).fetchall())


def content(url: str | None = None) -> list[list[Row]]:
    """Everything that is kept, in the register in use by default."""
    with _connected(url) as connection:
        return [list(connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()) for table in TABLES]


@contextmanager
def _connected(url: str | None = None) -> Iterator[Any]:
    url = url or os.environ.get("MUREG_DB", "mureg.db")
    if "://" not in url:
        with closing(sqlite3.connect(url, isolation_level=None)) as connection:
            yield connection
        return
    from support import postgres_server

    with postgres_server.admin(url) as connection:
        connection.execute("SET search_path = mureg")
        yield connection
