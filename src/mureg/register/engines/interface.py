"""What an engine gives the register, and how one is opened."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Protocol

from mureg.errors import Message, RegisterUnusable, msg

Row = tuple[Any, ...]

Tell = Callable[[Message], None]
"""Takes what a person should know while the register works: that it waits, that it was upgraded."""

# SQLite takes 32,766 parameters; with more than some hundreds a statement becomes no faster.
_VALUES_AT_ONCE = 500

TELL_AFTER_SECONDS = 2
WAIT_SECONDS = 30
"""How long a command waits for those that write before it, and after how long it says so."""


def tell_nobody(message: Message) -> None:
    """Say nothing."""


class Database(Protocol):
    """The engines differ below this line and nowhere else.

    Statements are written once, with `:name` parameters; bulk statements take `?` by position. Everything that is read
    outside of `atomic` is read as one moment has it, from the first reading to the next `atomic`.
    """

    location: str
    """Where the register is, as it may be shown: never with a password."""

    contains: str
    """The condition that `{column}` holds `{text}` somewhere, as the engine is quickest at it."""

    may_drop_indexes: bool
    """Whether a large first import may take indexes off: not where others work beside it."""

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> Iterable[Row]:
        """The rows of a query: a few, or so many that they still fit into memory."""

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterable[Row]:
        """The rows of a query that may be as many as the register has; others may be asked between them."""

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""

    def drop_indexes(self, names: Iterable[str]) -> None:
        """Take indexes off before millions of rows come."""

    def make_indexes(self, statements: Iterable[str]) -> None:
        """Make the indexes that were taken off, in steady memory."""

    has_committed: bool
    """Whether the last `atomic` was kept, even where an interrupt came out of its end."""

    def atomic(self) -> AbstractContextManager[None]:
        """One transaction that sees no other writer: kept whole, or undone by any exception.

        Waits for those who write, and tells so; raises `RegisterUnusable` after `WAIT_SECONDS`.
        """

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""

    def back_up(self, file: str) -> None:
        """Write the register, as one moment has it, into a new file. Raises `RegisterUnusable`."""

    def scrub(self) -> Message | None:
        """Leave no bytes behind of rows that were deleted; what could not be reached, where that is no error."""

    def open_to_others(self) -> Iterable[tuple[str, int]]:
        """The register's files that others than their owner may read or change, with their modes."""

    def problems(self) -> Iterable[str]:
        """What the engine itself finds wrong with its storage."""

    def close(self) -> None:
        """Let go of the register."""


class Engine(Protocol):
    """How a kind of register is found and made; `url` is a path or an address. All raise `RegisterUnusable`."""

    def stands(self, url: str) -> bool:
        """Whether there is something at the place."""

    def open(self, url: str, tell: Tell) -> Database:
        """The existing register. An older file is upgraded, an older server refused."""

    def upgrade(self, url: str, tell: Tell, *, dry_run: bool) -> bool:
        """Bring an existing register to this mureg's version; whether there was anything to do."""

    def roles(self, url: str) -> str:
        """The SQL for roles that read and that work, for those who run the server; nothing where there is none."""

    def open_to_read(self, url: str) -> Database:
        """An existing register that is only read: an older file is upgraded in memory."""

    def open_to_save(self, url: str) -> Database:
        """An existing register of this version or an earlier one, which stays so: for `back_up` and the history."""

    def making(self, url: str) -> AbstractContextManager[Database]:
        """A new register to be filled: there as a whole when the block ends, and not at all where it fails."""


def engine_of(url: str) -> Engine:
    """The engine for a path or an address. Raises `RegisterUnusable` for an unknown kind, or where a driver is missing.

    A driver is loaded only where its engine is used.
    """
    scheme, is_address, _ = url.partition("://")
    if re.match(r"postgres(?:ql)?:(?!//)", url) or (not is_address and re.search(r"\bpassword\s*=", url)):
        raise RegisterUnusable(
            msg("that is neither a path nor an address"), msg("a server's address: --db postgresql://user@host/base")
        )
    if not is_address:
        return _engine("mureg.register.engines.sqlite")
    if scheme not in ("postgresql", "postgres"):
        raise RegisterUnusable(
            msg("mureg cannot open registers of the kind {scheme}://", scheme=scheme),
            msg("give the path of a file, --db mureg.db, or a server's address, --db postgresql://user@host/base"),
        )
    try:
        return _engine("mureg.register.engines.postgres")
    except ImportError:
        raise RegisterUnusable(
            msg("a register on a server needs psycopg, which is not installed"),
            msg("install it: pip install 'mureg[postgres]'"),
        ) from None


# An address without its parameters: user, password, places, database. What is special in a name is written %XX.
_PLACE = r"(?:[\w.%-]*|\[[\w.:%]*\])(?::[0-9]*)?"
_ADDRESS = re.compile(rf"(?P<user>[\w.~%+-]*)(?::[^@/]*)?(?P<at>@?)(?P<places>{_PLACE}(?:,{_PLACE})*(?:/[\w.~%+-]*)?)")
# The parameters that say where a register is; a mistyped one, or one with a strange value, may hold the password.
_HARMLESS = re.compile(
    r"(?:host|hostaddr|port|dbname|user|service|schema|sslmode|target_session_attrs)=[\w./:,%~+-]*", re.ASCII
)


def in_list(values: Iterable[str]) -> tuple[str, dict[str, object]]:
    """The parameters of an IN, and their values by name."""
    named: dict[str, object] = {f"value{index}": value for index, value in enumerate(values)}
    return ", ".join(f":{name}" for name in named), named


def in_lists(values: Sequence[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """The same for values that may be too many for one statement: some hundreds at a time, in their order."""
    for start in range(0, len(values), _VALUES_AT_ONCE):
        yield in_list(values[start : start + _VALUES_AT_ONCE])


def location_of(url: str) -> str:
    """A path or an address as it may be shown: without a password.

    Of an address that does not look like one nothing is shown.
    """
    scheme, is_address, rest = url.partition("://")
    if not is_address:
        return url
    head, question, query = rest.partition("?")
    credentials, at, place = head.rpartition("@")
    match = _ADDRESS.fullmatch(f"{credentials}{at}{place}") if at else _ADDRESS.fullmatch(f"@{place}")
    # An @ behind the question mark may end a password in which that stands.
    if match is None or (not at and "@" in query):
        return f"{scheme}://…"
    shown = "&".join(parameter for parameter in query.split("&") if _HARMLESS.fullmatch(parameter))
    return f"{scheme}://{match['user']}{at}{match['places']}{question if shown else ''}{shown}"


def waiting(location: str) -> Message:
    """What a command says that has been waiting for a while."""
    return msg("waiting: another command writes to {path}", path=location)


def in_use(location: str) -> RegisterUnusable:
    """The error of a command that has waited long enough."""
    return RegisterUnusable(
        msg("the register {path} is in use by another program", path=location),
        msg("try again when the other command has ended"),
    )


def too_new(location: str, version: int, known: int) -> RegisterUnusable:
    """The error of an older mureg that meets a newer register."""
    return RegisterUnusable(
        msg("{path} was written by a newer mureg (version {version} of the register, this one knows {known})",
            path=location, version=version, known=known),
        msg("update mureg: pip install --upgrade mureg"),
    )  # fmt: skip


def _engine(module: str) -> Engine:
    engine: Engine = import_module(module).ENGINE
    return engine
