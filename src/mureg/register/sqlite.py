"""A register in a SQLite file.

Reading goes through the standard sqlite3 module; sqlite-utils is loaded only where tables are made, because
importing it costs more than a whole reading command.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from mureg.errors import Message, RegisterUnusable, msg
from mureg.register.database import Row
from mureg.register.schema import MIGRATIONS, VERSION, sqlite_ddl, sqlite_guards

# "mure" in ASCII: marks a SQLite file as a register, in its header.
_APPLICATION_ID = 0x6D757265
_WAIT_SECONDS = 30


class SQLite:
    """One connection to a register file."""

    def __init__(self, connection: sqlite3.Connection, location: str) -> None:
        self._connection = connection
        self.location = location
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -32768"):
            connection.execute(f"PRAGMA {pragma}")

    @classmethod
    def open_file(cls, path: str) -> "SQLite":
        """The register in an existing file."""
        file = Path(path)
        if not file.exists():
            raise RegisterUnusable(
                msg("there is no register at {path}", path=path),
                msg("make one: mureg init; or name another: --db PATH"),
            )
        database = cls._connected(file, "rw")
        database._check_it_is_a_register()
        return database

    @classmethod
    def create_file(cls, path: str) -> "SQLite":
        """A register in a new file, readable by its owner only."""
        file = Path(path)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            raise RegisterUnusable(
                msg("a register cannot be made at {path}: {reason}", path=path, reason=error.strerror or str(error)),
                msg("choose another place: --db PATH"),
            ) from None
        database = cls._connected(file, "rw")
        database.create()
        return database

    @classmethod
    def in_memory(cls) -> "SQLite":
        """A register that is gone when it is closed: for tests."""
        database = cls(sqlite3.connect(":memory:", isolation_level=None), ":memory:")
        database.create()
        return database

    @classmethod
    def _connected(cls, file: Path, mode: str) -> "SQLite":
        try:
            connection = sqlite3.connect(
                f"{file.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=_WAIT_SECONDS
            )
            return cls(connection, str(file))
        except sqlite3.Error as error:
            raise _unusable(str(file), error) from None

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> Iterable[Row]:
        """The rows of a query."""
        try:
            # Not `yield from`: it would close the cursor of a reader that stops early, after the register is closed.
            for row in self._connection.execute(sql, values or {}):  # noqa: UP028
                yield row
        except sqlite3.Error as error:
            raise _unusable(self.location, error) from None

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""
        try:
            return self._connection.execute(sql, values or {}).rowcount
        except sqlite3.Error as error:
            raise _unusable(self.location, error) from None

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""
        try:
            return self._connection.executemany(sql, values).rowcount
        except sqlite3.Error as error:
            raise _unusable(self.location, error) from None

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction, begun as a writer's: a deferred one that reads first fails at once where another writes."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def create(self) -> None:
        """Make the tables of an empty register."""
        import sqlite_utils  # noqa: PLC0415  costs more than a whole reading command
        from sqlite_utils.migrations import Migrations  # noqa: PLC0415

        migrations = Migrations("mureg")
        for number, statements in enumerate(MIGRATIONS, start=1):

            @migrations(name=f"{number:04d}")
            def step(database: sqlite_utils.Database, statements: tuple[str, ...] = statements) -> None:
                for statement in statements:
                    database.execute(sqlite_ddl(statement))

        @migrations(name="guards")
        def guards(database: sqlite_utils.Database) -> None:
            for statement in sqlite_guards():
                database.execute(statement)

        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            migrations.apply(sqlite_utils.Database(self._connection, execute_plugins=False))
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {VERSION}")
        except sqlite3.Error as error:
            raise _unusable(self.location, error) from None

    def problems(self) -> Iterable[str]:
        """What SQLite's own checks find."""
        for (text,) in self.rows("PRAGMA integrity_check"):
            if text != "ok":
                yield text
        for table, rowid, parent, _ in self.rows("PRAGMA foreign_key_check"):
            yield f"{table} {rowid} → {parent}"

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _check_it_is_a_register(self) -> None:
        ((application_id,),) = self.rows("PRAGMA application_id")
        ((version,),) = self.rows("PRAGMA user_version")
        if application_id != _APPLICATION_ID:
            raise RegisterUnusable(
                msg("{path} is no register of mureg", path=self.location),
                msg("name the register: --db PATH; or make one: mureg init"),
            )
        if version > VERSION:
            raise RegisterUnusable(
                msg("{path} was written by a newer mureg (version {version} of the register, this one knows {known})",
                    path=self.location, version=version, known=VERSION),
                msg("update mureg: pip install --upgrade mureg"),
            )  # fmt: skip


def _unusable(location: str, error: sqlite3.Error) -> RegisterUnusable:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    sentences: dict[int, tuple[Message, Message]] = {
        sqlite3.SQLITE_NOTADB: (
            msg("{path} is no register of mureg", path=location),
            msg("name the register: --db PATH; or make one: mureg init"),
        ),
        sqlite3.SQLITE_CORRUPT: (
            msg("the register {path} is damaged", path=location),
            msg("go back to a copy of the file, and keep the damaged one"),
        ),
        sqlite3.SQLITE_BUSY: (
            msg("the register {path} is in use by another program", path=location),
            msg("try again when the other command has ended"),
        ),
        sqlite3.SQLITE_FULL: (
            msg("the disk of {path} is full", path=location),
            msg("free some space and repeat the command: nothing was written"),
        ),
        sqlite3.SQLITE_READONLY: (
            msg("the register {path} cannot be written to", path=location),
            msg("check that you may write to the file and its folder"),
        ),
        sqlite3.SQLITE_CANTOPEN: (
            msg("the register {path} cannot be opened", path=location),
            msg("check that you may read and write the file and its folder"),
        ),
    }
    message, hint = sentences.get(
        code,
        (
            msg("the register {path} cannot be used: {reason}", path=location, reason=str(error)),
            msg("check the register: mureg check"),
        ),
    )
    return RegisterUnusable(message, hint)
