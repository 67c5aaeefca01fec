"""The tables of a SQLite file: made, and brought from one version to the next."""

import re
import sqlite3

import sqlite_utils
from sqlite_utils.migrations import Migrations

from mureg.register.engines import guards, schema
from mureg.register.engines.sqlite.errors import translate_errors
from mureg.register.engines.sqlite.file import APPLICATION_ID


def migrate(connection: sqlite3.Connection, location: str, version: int | None = None) -> None:
    """Run the steps that a file has not run yet, up to a version (this mureg's unless given), inside a transaction.

    The triggers are off then: see `make_triggers`.
    """
    version = version or schema.VERSION
    steps = Migrations("mureg")
    for number, statements in enumerate(schema.MIGRATIONS[:version], start=1):

        @steps(name=f"{number:04d}")
        def step(database: sqlite_utils.Database, statements: tuple[str, ...] = statements) -> None:
            for statement in statements:
                database.execute(ddl(statement))

    with translate_errors(location):
        known = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
        for (name,) in connection.execute(known).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        steps.apply(sqlite_utils.Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")


def make_triggers(connection: sqlite3.Connection, location: str) -> None:
    """Make the triggers of `GUARDS`, inside the same transaction: after the rows of a copy, which may be damaged."""
    with translate_errors(location):
        for statement in triggers():
            connection.execute(statement)


def ddl(statement: str) -> str:
    """A statement of the schema as SQLite takes it: STRICT tables, INTEGER for BIGINT."""
    statement = re.sub(r"\bBIGINT\b", "INTEGER", statement).strip()
    if not statement.startswith("CREATE TABLE"):
        return statement
    # A table with a key of several columns is its own index: kept beside one, a row would be written twice.
    return statement + (" STRICT, WITHOUT ROWID" if "PRIMARY KEY (" in statement else " STRICT")


def triggers() -> list[str]:
    """The statements that make the triggers of `GUARDS`."""
    return [
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} WHEN {guard.condition}"
        f" BEGIN SELECT RAISE(ABORT, 'mureg: {guard.table} is closed to change'); END"
        for guard in guards.GUARDS
    ]
