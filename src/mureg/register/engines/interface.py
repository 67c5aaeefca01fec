"""What an engine gives the register: a database that is open, and the ways to find and make one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from mureg.errors import Message

Row = tuple[Any, ...]

Report = Callable[[Message], None]
"""Gets messages for the user while the register works: that it waits, that it was upgraded."""

REPORT_AFTER_SECONDS = 2
WAIT_SECONDS = 30
"""How long a command waits for those that write before it, and after how long it says so."""

# SQLite takes 32,766 parameters; more than some hundreds make a statement no faster.
_VALUES_AT_ONCE = 500


def report_nothing(message: Message) -> None:
    """Ignore a report."""


class Database(Protocol):
    """An open register. The engines differ below this line and nowhere else.

    Statements are written once, with `:name` parameters; bulk statements take `?` by position. Everything that is read
    outside of `atomic` is one snapshot, from the first reading to the next `atomic`.
    """

    location: str
    """Where the register is, as it may be shown: never with a password."""

    contains: str
    """The engine's fastest condition for “`{column}` contains `{text}`”."""

    may_drop_indexes: bool
    """Whether a large first import may drop indexes: not where others use the register at the same time."""

    has_committed: bool
    """Whether the last `atomic` was kept, even where an interrupt came out of its end."""

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> Iterable[Row]:
        """The rows of a query: a few, or so many that they still fit into memory."""

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterable[Row]:
        """The rows of a query, streamed: as many as the register has. Other queries may run between them."""

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""

    def atomic(self) -> AbstractContextManager[None]:
        """One transaction that sees no other writer: kept whole, or undone by any exception.

        Waits for those who write, and reports it; raises `RegisterUnusable` after `WAIT_SECONDS`, and where the
        register was upgraded by a newer mureg meanwhile.
        """

    def drop_indexes(self, names: Iterable[str]) -> None:
        """Drop indexes before millions of rows are inserted."""

    def make_indexes(self, statements: Iterable[str]) -> None:
        """Make the indexes that were dropped, in constant memory."""

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""

    def back_up(self, file: str) -> None:
        """Write a snapshot of the register into a new file. Raises `RegisterUnusable`."""

    def scrub(self) -> Message | None:
        """Remove the bytes of deleted rows from the storage; the result says what could not be removed."""

    def open_to_others(self) -> Iterable[tuple[str, int]]:
        """The register's files that other users can read or change, and their folder if they can, with their modes."""

    def problems(self) -> Iterable[str]:
        """What the engine itself finds wrong with its storage."""

    def schema_objects(self) -> dict[str, str]:
        """The tables, views, indexes and triggers of the register by kind and name, with their definitions."""

    def expected_schema_objects(self) -> dict[str, str]:
        """Those that a new register has."""

    def close(self) -> None:
        """Close the register."""


class Engine(Protocol):
    """How a kind of register is found and made; `url` is a path or an address. All raise `RegisterUnusable`."""

    def exists(self, url: str, report: Report) -> bool:
        """Whether there is something at the place."""

    def open(self, url: str, report: Report) -> Database:
        """The existing register. An older file is upgraded, an older server refused."""

    def open_to_read(self, url: str, report: Report) -> Database:
        """An existing register that is only read: an older file is upgraded in memory."""

    def open_to_save(self, url: str, report: Report) -> Database:
        """An existing register of this version or an earlier one, which stays so: for `back_up` and the history."""

    def upgrade(self, url: str, report: Report, *, dry_run: bool) -> bool:
        """Bring an existing register to this mureg's version; whether there was anything to do."""

    def making(self, url: str, report: Report) -> AbstractContextManager[Database]:
        """A new register to be filled: there as a whole when the block ends, and not at all where it fails."""

    def roles(self, url: str, report: Report) -> str:
        """The SQL for roles that read and that work, for those who run the server; nothing where there is none."""


def in_list(values: Iterable[str]) -> tuple[str, dict[str, object]]:
    """The parameters of an IN, and their values by name."""
    named: dict[str, object] = {f"value{index}": value for index, value in enumerate(values)}
    return ", ".join(f":{name}" for name in named), named


def in_lists(values: Sequence[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """The same for values that may be too many for one statement: some hundreds at a time, in their order."""
    for start in range(0, len(values), _VALUES_AT_ONCE):
        yield in_list(values[start : start + _VALUES_AT_ONCE])


def like_with(text: str) -> str:
    """The pattern of a LIKE … ESCAPE '!' for what has the text somewhere."""
    for special in "!%_":
        text = text.replace(special, "!" + special)
    return f"%{text}%"
