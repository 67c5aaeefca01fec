"""The tables of a register on a server: made, and brought from one version to the next."""

from typing import Any

import psycopg

from mureg.errors import RegisterUnusable, msg
from mureg.register.engines import schema
from mureg.register.engines.postgres.schema import ddl, triggers


def make_schema(connection: psycopg.Connection[Any], schema_name: str, location: str) -> None:
    """Make the schema, unless it exists. Raises `RegisterUnusable` where that is impossible."""
    ((encoding,),) = connection.execute("SELECT current_setting('server_encoding')").fetchall()
    if encoding != "UTF8":
        raise RegisterUnusable(
            msg("the database of {path} uses the encoding {encoding}, which lacks some letters",
                path=location, encoding=encoding),
            msg("create a database with ENCODING 'UTF8'"),
        )  # fmt: skip
    sql = """
        SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s),
            has_database_privilege(current_database(), 'CREATE'), quote_ident(current_user)
    """
    ((exists, may, user),) = connection.execute(sql, [schema_name]).fetchall()
    if not exists and not may:
        raise RegisterUnusable(
            msg("{user} is not allowed to create a schema in {path}", user=user, path=location),
            msg("ask the server's administrator for: CREATE SCHEMA {schema} AUTHORIZATION {user}",
                schema=schema_name, user=user),
        )  # fmt: skip
    if not exists:
        connection.execute(f'CREATE SCHEMA "{schema_name}"')


def migrate(connection: psycopg.Connection[Any], version: int) -> None:
    """Run the steps that a register of this version has not run yet, inside a transaction.

    The triggers are off then: see `make_triggers`.
    """
    statements = []
    if version == 0:
        statements.append(
            "CREATE TABLE migration (version BIGINT NOT NULL PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)"
        )
    else:
        # Not all that is called so: in a schema that existed before there may be functions of others.
        events = ("insert", "update", "delete")
        guards = ["guard_truncate", *(f"guard_{table}_{event}" for table in schema.TABLES for event in events)]
        statements += [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in guards]
    for number, step in enumerate(schema.MIGRATIONS[version:], start=version + 1):
        statements += map(ddl, step)
        statements.append(f"INSERT INTO migration (version, applied_at) VALUES ({number}, now())")
    _run_all(connection, statements)


def make_triggers(connection: psycopg.Connection[Any]) -> None:
    """Make the triggers of `GUARDS`, inside the same transaction: after the rows of a copy, which may be damaged."""
    _run_all(connection, triggers())


def _run_all(connection: psycopg.Connection[Any], statements: list[str]) -> None:
    """Run statements in one round trip."""
    connection.execute(";\n".join(statements))
