"""What a register is called on the command line: a path, or the address of a server."""

import os
import re
import sys
from importlib import import_module

from mureg.errors import Refused, RegisterUnusable, msg
from mureg.register.engines.interface import Engine
from mureg.safe_files import SQLITE_SUFFIXES

# An address without its parameters: user, password, hosts, database. Special characters are written %XX.
_PLACE = r"(?:[\w.%-]*|\[[\w.:%]*\])(?::[0-9]*)?"
_ADDRESS = rf"(?P<user>[\w.~%+-]*)(?::[^@/]*)?(?P<at>@?)(?P<places>{_PLACE}(?:,{_PLACE})*(?:/[\w.~%+-]*)?)"
# The parameters that say where a register is; a mistyped one, or one with a strange value, may hold the password.
_SCHEME = r"[A-Za-z0-9+.-]*"
# What is typed for an address and is none: libpq's own words, and postgresql: without its two slashes.
_MISTYPED = r"(?:pass(?:word|wd)?|pwd)\s*=|(?:^|[\\/])postgres(?:ql)?(?::|//)"
_DRIVE = r"[A-Za-z]:(?=[\\/])"
# On Windows.
_ANY_DRIVE = r"^(?:\\\\\?\\)?[a-z]:"
_DEVICE = r"con|prn|aux|nul|com[1-9]|lpt[1-9]|conin\$|conout\$"
_HARMLESS = r"(?:host|hostaddr|port|dbname|user|service|schema|sslmode|require_auth|target_session_attrs)=[\w./:,%~+-]*"


def engine_of(url: str) -> Engine:
    """The engine for a path or an address. Raises `RegisterUnusable` for an unknown kind, or where a driver is missing.

    A driver is loaded only where its engine is used.
    """
    scheme, is_address, _ = url.partition("://")
    if may_hold_password(url) if not is_address else not re.fullmatch(_SCHEME, scheme):
        raise RegisterUnusable(
            msg("neither a path nor an address"), msg("a server's address: --db postgresql://user@host/base")
        )
    if not is_address:
        return _engine_in("mureg.register.engines.sqlite.database")
    if scheme not in ("postgresql", "postgres"):
        raise RegisterUnusable(
            msg("mureg cannot open {scheme}:// registers", scheme=scheme),
            msg("use the path of a file (--db mureg.db) or the address of a server (--db postgresql://user@host/base)"),
        )
    try:
        return _engine_in("mureg.register.engines.postgres.database")
    except ImportError:
        raise RegisterUnusable(
            msg("a register on a server needs psycopg, which is not installed"),
            msg('install it: pip install "mureg[postgres]"'),
        ) from None


def _engine_in(module: str) -> Engine:
    engine: Engine = import_module(module).ENGINE
    return engine


def require_name(path: str) -> None:
    """Raise `Refused` for a name that is not that of one's own file.

    SQLite deletes files with some names beside a database. Windows gives some to devices, whatever their ending, and
    writes what follows a colon into a hidden part of another file; both lose a document without an error.
    """
    # Windows drops dots and spaces at the end of a name.
    name = path.lower().rstrip(". ") if sys.platform == "win32" else path
    if name.endswith(SQLITE_SUFFIXES):
        raise Refused(
            msg("SQLite makes and deletes files with names like {path}", path=location_of(path)),
            msg("choose another name"),
        )
    if sys.platform == "win32":
        bare = re.sub(_ANY_DRIVE, "", name)
        stem = re.split(r"[\\/]", bare)[-1].partition(".")[0].rstrip()
        if ":" in bare or re.fullmatch(_DEVICE, stem):
            shown = location_of(path)
            raise Refused(msg("on Windows {path} is not the name of a file", path=shown), msg("choose another name"))


def may_hold_password(text: str) -> bool:
    """Whether a text that is no address looks like a mistyped one, in which a password may be anywhere.

    A file that exists under that name is a path.
    """
    # Without these it is none; that is nearly every path, and a start does not compile the patterns.
    if not any(mark in text for mark in (":", "=", "//")):
        return False
    bare = re.sub(f"^{_DRIVE}", "", text)
    has_credentials = 0 <= bare.find(":") < bare.rfind("@")
    return (has_credentials or re.search(_MISTYPED, bare, re.IGNORECASE) is not None) and not os.path.exists(text)  # noqa: PTH110  any text


def location_of(url: str) -> str:
    """A path or an address as it may be shown: without a password.

    Nothing is shown of a text that does not look like an address, nor of a path that may be a mistyped one.
    """
    scheme, is_address, rest = url.partition("://")
    if not is_address:
        return "…" if may_hold_password(url) else url
    if not re.fullmatch(_SCHEME, scheme):
        return "…"
    head, question, query = rest.partition("?")
    credentials, at, place = head.rpartition("@")
    match = re.fullmatch(_ADDRESS, f"{credentials}{at}{place}" if at else f"@{place}")
    # An @ after the question mark may end a password that contains one.
    if match is None or (not at and "@" in query):
        return f"{scheme}://…"
    shown = "&".join(parameter for parameter in query.split("&") if re.fullmatch(_HARMLESS, parameter, re.ASCII))
    return f"{scheme}://{match['user']}{at}{match['places']}{question if shown else ''}{shown}"
