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
    """Run the steps that a register of this version has not run yet, inside a transaction."""
    if version == 0:
        connection.execute(
            "CREATE TABLE migration (version BIGINT NOT NULL PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)"
        )
    guards = """
        SELECT proname FROM pg_catalog.pg_proc
        WHERE pronamespace = CAST(current_schema() AS TEXT)::regnamespace AND proname LIKE 'guard!_%' ESCAPE '!'
    """
    statements = [f"DROP FUNCTION {name}() CASCADE" for (name,) in connection.execute(guards).fetchall()]
    for number, step in enumerate(schema.MIGRATIONS[version:], start=version + 1):
        statements += map(ddl, step)
        statements.append(f"INSERT INTO migration (version, applied_at) VALUES ({number}, now())")
    # All in one round trip.
    connection.execute(";\n".join([*statements, *triggers()]))
