"""A server's address: the schema that mureg takes from it, and the connection by the rest of it."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from mureg.errors import RegisterUnusable, msg
from mureg.register.engines.address import location_of
from mureg.register.engines.interface import Report
from mureg.register.engines.postgres.connection import Connection, ServerSilent, connect
from mureg.register.engines.postgres.errors import unusable

# What an address may say otherwise. Without the last ones a lost network is noticed after hours.
_DEFAULTS = {
    "application_name": "mureg",
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_SCHEMA = "schema="
_DEFAULT_SCHEMA = "mureg"
# PostgreSQL's names have 63 characters, of which those of the roles need some; its own begin with pg_.
_SCHEMA_NAME = re.compile(r"(?!pg_|public$|information_schema$)[a-z_][a-z0-9_]{0,49}")
_LONG_PASSWORD = 6
# Where libpq looks for passwords.
_PASSWORD_FILE = r"%APPDATA%\postgresql\pgpass.conf" if sys.platform == "win32" else "~/.pgpass"
# What libpq calls the refusal to send a password in clear text.
_NO_CLEAR_TEXT = "!password"

# What it logs is in its errors too, and names its users and databases.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
logging.getLogger("psycopg").propagate = False


def schema_of(url: str) -> str:
    """The schema that an address names as `schema=`, which libpq does not know. Raises `RegisterUnusable`."""
    named = [request.removeprefix(_SCHEMA) for request in _parameters(url) if request.startswith(_SCHEMA)]
    if not named:
        return _DEFAULT_SCHEMA
    if len(named) > 1 or not _SCHEMA_NAME.fullmatch(named[0]):
        raise RegisterUnusable(
            msg("the address {path} does not name a valid schema", path=location_of(url)),
            msg("use one name of lower-case Latin letters, digits and _, as in ?schema=partner_7; not public or pg_…"),
        )
    return named[0]


def connection_to(url: str, report: Report) -> Connection:
    """A new connection. Raises `RegisterUnusable`, in which no password is ever shown."""
    location = location_of(url)
    head = url.partition("?")[0]
    parameters = "&".join(request for request in _parameters(url) if not request.startswith(_SCHEMA))
    try:
        # In a second @ libpq sees the end of the password, and calls its rest the host.
        if head.count("@") > 1:
            raise psycopg.ProgrammingError
        given: dict[str, Any] = conninfo_to_dict(f"{head}?{parameters}" if parameters else head)
    except psycopg.Error:
        # What psycopg says of it may hold a part of the password.
        raise RegisterUnusable(
            msg("{path} is not the address of a server", path=location),
            msg("use postgresql://user@host/base; write special characters as %XX"),
        ) from None
    try:
        return connect(
            make_conninfo("", **{**_DEFAULTS, **given, "client_encoding": "UTF8"}),
            lambda: report(msg("waiting: the server of {path} does not answer", path=location)),
            is_repeated="connect_timeout" not in given,
        )
    except ServerSilent as error:
        raise unusable(location, error, is_lost=True) from None
    except psycopg.Error as error:
        hint = msg(
            "check the address, the network and the password (PGPASSWORD, {file} or the service file)",
            file=_PASSWORD_FILE,
        )
        if given.get("require_auth") == _NO_CLEAR_TEXT and f'"{_NO_CLEAR_TEXT}"' in str(error):
            hint = msg(
                "the server asks for the password in clear text; if you trust it, name it yourself: --db or MUREG_DB"
            )
        raise RegisterUnusable(
            msg("cannot reach the register {path}: {reason}",
                path=location, reason=_without_password(str(error), given)),
            hint,
        ) from None  # fmt: skip


def _parameters(url: str) -> list[str]:
    """The parameters behind the question mark."""
    query = url.partition("?")[2]
    return query.split("&") if query else []


def _without_password(text: str, given: Mapping[str, Any]) -> str:
    """What libpq says, in one line, without a password that it might repeat."""
    text = " ".join(text.split())
    password = str(given.get("password") or "")
    # A short one may be a part of any sentence by chance, and what is left out there would give it away.
    return text.replace(password, "…") if len(password) >= _LONG_PASSWORD else text
