"""The tables, triggers and roles of a register on a server, in PostgreSQL's SQL."""

import re

from mureg.register.engines.guards import APPEND_ONLY_TABLES, GUARDED_TABLES, GUARDS
from mureg.register.engines.schema import TABLES


def ddl(statement: str) -> str:
    """A statement of the schema as PostgreSQL takes it: texts compare by code points whatever the server's language."""
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', statement)


def triggers() -> list[str]:
    """The statements that make the triggers of `GUARDS`, each with its function; and no TRUNCATE of their tables."""
    refuse = "RAISE EXCEPTION 'mureg: % is closed to change', TG_TABLE_NAME"
    statements = [_function("guard_truncate", f"{refuse};")]
    statements += [_trigger("guard_truncate", "TRUNCATE", table, "STATEMENT") for table in GUARDED_TABLES]
    for guard in GUARDS:
        row = "OLD" if guard.event == "DELETE" else "NEW"
        statements.append(_function(guard.name, f"IF {guard.condition} THEN {refuse}; END IF; RETURN {row};"))
        statements.append(_trigger(guard.name, guard.event, guard.table, "ROW"))
    return statements


def _function(name: str, body: str) -> str:
    # With the register's own search path, whatever that of whoever changes a row.
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT"
        f" AS $body$ BEGIN {body} END $body$"
    )


def _trigger(name: str, event: str, table: str, each: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"


def roles(schema_name: str) -> str:
    """The SQL for a role that reads and one that works: the latter can add to the history, and never change it."""
    changed = [table for table in TABLES if table not in APPEND_ONLY_TABLES]
    reader, worker = f"{schema_name}_reader", f"{schema_name}_worker"
    return f"""\
DO $roles$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{reader}') THEN
        CREATE ROLE {reader} NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{worker}') THEN
        CREATE ROLE {worker} NOLOGIN IN ROLE {reader};
    END IF;
END $roles$;
GRANT USAGE ON SCHEMA "{schema_name}" TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA "{schema_name}" TO {reader};
GRANT INSERT ON {_listed(schema_name, [table for table in TABLES if table in APPEND_ONLY_TABLES])} TO {worker};
GRANT INSERT, UPDATE, DELETE ON {_listed(schema_name, changed)} TO {worker};
"""


def _listed(schema_name: str, tables: list[str]) -> str:
    return ", ".join(f'"{schema_name}".{table}' for table in tables)
