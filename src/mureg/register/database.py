"""What an engine gives the register, and how one is opened."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from mureg.errors import RegisterUnusable, msg

Row = tuple[Any, ...]


class Database(Protocol):
    """The engines differ below this line and nowhere else.

    Statements are written once, with `:name` parameters; bulk statements take `?` by position.
    """

    location: str
    """Where the register is, as it may be shown: never with a password."""

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> Iterable[Row]:
        """The rows of a query."""

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""

    def atomic(self) -> AbstractContextManager[None]:
        """One transaction that sees no other writer: kept whole, or undone by any exception."""

    def create(self) -> None:
        """Make the tables of an empty register."""

    def problems(self) -> Iterable[str]:
        """What the engine itself finds wrong with its storage."""

    def close(self) -> None:
        """Let go of the register."""


def open_database(url: str) -> Database:
    """The existing register at a path or an address. Raises `RegisterUnusable`."""
    return _engine(url, create=False)


def create_database(url: str) -> Database:
    """A new register at a path or an address where there is none. Raises `RegisterUnusable`."""
    return _engine(url, create=True)


def location_of(url: str) -> str:
    """A path or an address as it may be shown: without a password."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1@", url)


def _engine(url: str, *, create: bool) -> Database:
    if "://" in url:
        scheme = url.partition("://")[0]
        raise RegisterUnusable(
            msg("mureg cannot open registers of the kind {scheme}://", scheme=scheme),
            msg("give the path of a file: --db mureg.db"),
        )
    from mureg.register.sqlite import SQLite  # noqa: PLC0415  a driver is loaded only where its engine is used

    return SQLite.create_file(url) if create else SQLite.open_file(url)
