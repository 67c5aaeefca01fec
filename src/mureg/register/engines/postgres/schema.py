"""The tables, triggers and roles of a register on a server, in PostgreSQL's SQL."""

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from zlib import crc32

from mureg.register.engines.guards import APPEND_ONLY_TABLES, GUARDED_TABLES, GUARDS, Guard
from mureg.register.engines.interface import Row
from mureg.register.engines.schema import TABLES
from mureg.register.engines.sqlite.database import SQLite

_NAME_BYTES = 63
_REFUSE = "RAISE EXCEPTION 'mureg: % is closed to change', TG_TABLE_NAME"


def ddl(statement: str) -> str:
    """A statement of the schema as PostgreSQL takes it: texts compare by code points whatever the server's language."""
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', statement)


def triggers() -> list[str]:
    """The statements that make the triggers of `GUARDS`, each with its function; and no TRUNCATE of their tables."""
    statements = [_function("guard_truncate", f"{_REFUSE};")]
    statements += [_trigger("guard_truncate", "TRUNCATE", table, "STATEMENT") for table in GUARDED_TABLES]
    for guard in GUARDS:
        statements.append(_function(guard.name, _guard_body(guard)))
        statements.append(_trigger(guard.name, guard.event, guard.table, "ROW"))
    return statements


def _guard_body(guard: Guard) -> str:
    row = "OLD" if guard.event == "DELETE" else "NEW"
    return f"IF {guard.condition} THEN {_REFUSE}; END IF; RETURN {row};"


def _function(name: str, body: str) -> str:
    # With the register's own search path, whatever that of whoever changes a row.
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT"
        f" AS $body$ BEGIN {body} END $body$"
    )


def _trigger(name: str, event: str, table: str, each: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"


# The bits of a trigger in the catalogue: for each row, before, and its event.
_EVENT_BITS = {"INSERT": 1 + 2 + 4, "DELETE": 1 + 2 + 8, "UPDATE": 1 + 2 + 16, "TRUNCATE": 2 + 32}


def objects(rows: Callable[[str], Iterable[Row]]) -> dict[str, str]:
    """The tables, views and triggers that the schema has, with what can be compared of them."""
    found = {}
    tables = """
        SELECT CASE WHEN c.relkind = 'r' THEN 'table' ELSE 'view' END, c.relname,
            string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attname)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = CAST(current_schema() AS TEXT)::regnamespace AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
          AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        GROUP BY c.oid, c.relkind, c.relname
    """
    for kind, name, columns in rows(tables):
        found[f"{kind} {name}"] = str(columns)
    triggers_of_tables = """
        SELECT t.tgname, c.relname, t.tgtype, t.tgenabled, t.tgqual IS NULL, p.prosrc
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE c.relnamespace = CAST(current_schema() AS TEXT)::regnamespace AND NOT t.tgisinternal
    """
    for name, table, bits, enabled, is_unconditional, source in rows(triggers_of_tables):
        found[f"trigger {name} ON {table}"] = f"{bits} {enabled} {is_unconditional} {source.strip()}"
    return found


def expected_objects() -> dict[str, str]:
    """`objects` of a new register. Its tables are those that a file has, in PostgreSQL's types."""
    types = {"TEXT": "text", "INTEGER": "bigint"}
    expected = {"table migration": "applied_at timestamp with time zone NOT NULL, version bigint NOT NULL"}
    with closing(SQLite.in_memory()) as empty:
        kinds_and_names = (name.split(" ") for name in empty.schema_objects())
        for table in (name for kind, name in kinds_and_names if kind == "table" and not name.startswith("_")):
            columns = empty.rows('SELECT name, type, "notnull" FROM pragma_table_info(:table)', {"table": table})
            described = sorted(
                f"{name} {types[kind]}{' NOT NULL' if required else ''}" for name, kind, required in columns
            )
            expected[f"table {table}"] = ", ".join(described)
    for table in GUARDED_TABLES:
        expected[f"trigger guard_truncate ON {table}"] = f"{_EVENT_BITS['TRUNCATE']} O True BEGIN {_REFUSE}; END"
    for guard in GUARDS:
        expected[f"trigger {guard.name} ON {guard.table}"] = (
            f"{_EVENT_BITS[guard.event]} O True BEGIN {_guard_body(guard)} END"
        )
    return expected


def roles(database: str, schema_name: str) -> str:
    """The SQL for a role that reads and one that works: the latter can add to the history, and never change it.

    Roles belong to the whole server: their names hold the database, so that those of one do not work in another.
    """
    changed = [table for table in TABLES if table not in APPEND_ONLY_TABLES]
    reader, worker = (_role(database, schema_name, kind) for kind in ("reader", "worker"))
    return f"""\
DO $roles$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {_literal(reader)}) THEN
        CREATE ROLE {_name(reader)} NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {_literal(worker)}) THEN
        CREATE ROLE {_name(worker)} NOLOGIN IN ROLE {_name(reader)};
    END IF;
END $roles$;
GRANT USAGE ON SCHEMA "{schema_name}" TO {_name(reader)};
GRANT SELECT ON ALL TABLES IN SCHEMA "{schema_name}" TO {_name(reader)};
GRANT INSERT ON {_listed(schema_name, [table for table in TABLES if table in APPEND_ONLY_TABLES])} TO {_name(worker)};
GRANT INSERT, UPDATE, DELETE ON {_listed(schema_name, changed)} TO {_name(worker)};
"""


def _role(database: str, schema_name: str, kind: str) -> str:
    """The name of a role, within PostgreSQL's 63 bytes: of a long one the end is replaced by a check sum."""
    name = f"{database}_{schema_name}_{kind}"
    if len(name.encode()) <= _NAME_BYTES:
        return name
    end = f"_{crc32(name.encode()):08x}_{kind}"
    return name.encode()[: _NAME_BYTES - len(end)].decode(errors="ignore") + end


def _name(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _listed(schema_name: str, tables: list[str]) -> str:
    return ", ".join(f'"{schema_name}".{table}' for table in tables)
