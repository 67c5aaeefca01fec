"""A register in a SQLite file.

Reading goes through the standard sqlite3 module; sqlite-utils is loaded only where tables are made, because
importing it costs more than a whole reading command.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from mureg.errors import RegisterUnusable, msg
from mureg.register.engines import interface as shared
from mureg.register.engines import schema
from mureg.register.engines.interface import Engine, Row, Tell, tell_nobody
from mureg.register.engines.sqlite_errors import code_of, no_register, told, unusable
from mureg.register.engines.sqlite_file import OpenedFile
from mureg.register.engines.sqlite_new_file import REMAINS, free_name, new_file
from mureg.safe_files import open_to_others

SQLITE_VERSION = sqlite3.sqlite_version
# "mure" in ASCII: marks a SQLite file as a register, in its header.
_APPLICATION_ID = 0x6D757265

# What is sorted is sorted in pieces of the cache's size, which stand in a temporary file that nobody else can open.
# Pieces that fit into the processor's cache are sorted twice as fast: a million entries at once take 100 MB more.
_CACHE_KILOBYTES = 32_768
_CACHE_FOR_SORTING_KILOBYTES = 4_096
_ROWS_AT_ONCE = 500


class SQLite:
    """One connection to a register file."""

    # Half the time of a LIKE, which looks at every character in both cases and takes patterns of 50,000 bytes only.
    contains = "instr({column}, {text}) > 0"
    may_drop_indexes = True

    def __init__(
        self, connection: sqlite3.Connection, location: str, tell: Tell = tell_nobody, file: OpenedFile | None = None
    ) -> None:
        self._connection = connection
        # One in memory has no file that could go away.
        self._file = file or OpenedFile(Path(location))
        self._tell = tell
        self.has_committed = False
        self.location = location
        for pragma in ("foreign_keys = ON", "synchronous = FULL", f"cache_size = -{_CACHE_KILOBYTES}"):
            connection.execute(f"PRAGMA {pragma}")

    # --- how a register is found and made: see `Engine` ---------------------------------------------------------

    @classmethod
    def stands(cls, url: str) -> bool:
        """Whether there is a file, or something that cannot be looked at: opening it will say why."""
        try:
            return Path(url).exists()
        except OSError:
            return True

    @classmethod
    def open(cls, url: str, tell: Tell = tell_nobody) -> "SQLite":
        """The register in an existing file. One of an older mureg is upgraded, after a copy of it beside it."""
        database = cls._existing(url, tell)
        try:
            version = database._checked_version()
            if version < schema.VERSION:
                database._upgrade()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def upgrade(cls, url: str, tell: Tell = tell_nobody, *, dry_run: bool = False) -> bool:
        """Upgrade a file, which opening it does too."""
        database = cls._existing(url, tell)
        try:
            is_older = database._checked_version() < schema.VERSION
            if is_older and not dry_run:
                database._upgrade()
        finally:
            database.close()
        return is_older

    @classmethod
    def roles(cls, url: str) -> str:  # noqa: ARG003  see `Engine`
        """Nothing: whoever may read the file reads it."""
        return ""

    @classmethod
    def open_to_read(cls, url: str) -> "SQLite":
        """The register in a file that must stay as it is; one of an older mureg is read from an upgraded copy."""
        database = cls.open_to_save(url)
        if database._checked_version() == schema.VERSION:
            return database
        copy = sqlite3.connect(":memory:", isolation_level=None)
        with closing(database), told(url):
            database._connection.rollback()
            database._connection.backup(copy)
        upgraded = cls(copy, url)
        with upgraded.atomic():
            upgraded._migrate()
        return upgraded

    @classmethod
    def open_to_save(cls, url: str) -> "SQLite":
        """The register in a file, whatever its version: the copy of it will be of the same."""
        database = cls._existing(url, tell_nobody)
        try:
            database._checked_version()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    @contextmanager
    def making(cls, url: str, version: int | None = None) -> "Iterator[SQLite]":
        """A new register in a file that its owner alone can read; of an earlier version where that is to be saved."""
        with new_file(url) as temporary:
            database = cls._connected(OpenedFile(temporary))
            database.location = url
            # Twice SQLite's own: a large import takes a tenth less.
            database.run("PRAGMA page_size = 8192")
            try:
                with database.atomic():
                    database._migrate(version)
                    yield database
                # Whole in one file, to be put in its place as it is.
                database.run("PRAGMA journal_mode = DELETE")
            finally:
                database.close()
        # In its place it is one that can be read while somebody writes; else it becomes so when it is written to.
        with suppress(RegisterUnusable), closing(cls._connected(OpenedFile(Path(url)))) as placed:
            placed.run("PRAGMA journal_mode = WAL")

    @classmethod
    def in_memory(cls) -> "SQLite":
        """A register that is gone when it is closed: for tests."""
        database = cls(sqlite3.connect(":memory:", isolation_level=None), ":memory:")
        with database.atomic():
            database._migrate()
        return database

    @classmethod
    def _existing(cls, url: str, tell: Tell) -> "SQLite":
        if not cls.stands(url):
            raise RegisterUnusable(
                msg("there is no register at {path}", path=url),
                msg("make one: mureg init; or name another: --db PATH"),
            )
        return cls._connected(OpenedFile.looked_at(Path(url)), tell)

    @classmethod
    def _connected(cls, file: OpenedFile, tell: Tell = tell_nobody) -> "SQLite":
        with told(str(file.path)):
            return cls(file.connection(), str(file.path), tell, file)

    # --- reading and writing: see `Database` --------------------------------------------------------------------

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of a query, all at once."""
        with told(self.location):
            found = self._asked(sql, values).fetchall()
        self._file.require_unchanged()
        return found

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        """The rows of a query, some hundreds at a time: one at a time they take twice as long."""
        with told(self.location):
            found = self._asked(sql, values)
            while some := found.fetchmany(_ROWS_AT_ONCE):
                self._file.require_unchanged()
                yield from some

    def _asked(self, sql: str, values: Mapping[str, object] | None) -> sqlite3.Cursor:
        if not self._connection.in_transaction:
            # Everything that a command reads is as one moment has it, whoever writes meanwhile.
            self._connection.execute("BEGIN")
        return self._connection.execute(sql, values or {})

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""
        with told(self.location):
            return self._connection.execute(sql, values or {}).rowcount

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""
        with told(self.location):
            return self._connection.executemany(sql, values).rowcount

    def drop_indexes(self, names: Iterable[str]) -> None:
        """Take indexes off."""
        for name in names:
            self.run(f"DROP INDEX {name}")
        # With one index to keep a small cache is as fast, and what follows a large import is sorting, and its end.
        self.run(f"PRAGMA cache_size = -{_CACHE_FOR_SORTING_KILOBYTES}")

    def make_indexes(self, statements: Iterable[str]) -> None:
        """Make the indexes that were taken off."""
        for statement in statements:
            self.run(statement)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction, begun as a writer's: a deferred one that reads first fails at once where another writes."""
        self.has_committed = False
        with told(self.location):
            self._begin_writing()
        is_done = False
        try:
            yield
            self._file.require_in_place()
            is_done = True
            self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                # A disk that fails says so a second time; what was not committed is gone all the same.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                is_done = False
            raise
        finally:
            # Ctrl-C in the middle of COMMIT is heard when that has come to its end.
            self.has_committed = is_done

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        return [name for (name,) in self.rows("SELECT name FROM pragma_table_info(:table)", {"table": table})]

    def back_up(self, file: str) -> None:
        """Write the register into a new file by SQLite's own way, page by page, while others write."""
        with (
            new_file(file) as temporary,
            told(self.location, target=file),
            # A connection of its own: one that writes cannot be read from page by page.
            closing(self._file.connection()) as source,
            closing(OpenedFile(temporary).connection()) as target,
        ):
            source.backup(target)
            self._file.require_unchanged()
            # A copy is one file, whatever its register was.
            target.execute("PRAGMA journal_mode = DELETE")

    def scrub(self) -> None:
        """Write the file anew, without the pages and cells in which deleted rows still stand, and empty its log."""
        reason = msg("another program is using it")
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            # By way of a file of SQLite's own that nobody else can open: a large register has no room in memory.
            self._connection.execute("PRAGMA temp_store = FILE")
            if self._waits_for(self._has_vacuumed) and self._waits_for(self._has_emptied_log):
                return
        except sqlite3.Error as error:
            reason = unusable(self.location, error).message
        finally:
            self._connection.execute("PRAGMA temp_store = MEMORY")
        raise RegisterUnusable(
            msg("what was erased can still be read in the file {path}: {reason}", path=self.location, reason=reason),
            msg("repeat the command when that is mended: nothing is erased twice"),
        )

    def open_to_others(self) -> Iterable[tuple[str, int]]:
        """The file, or what stands beside it: that is made anew with the file's own mode, once nobody uses it."""
        return list(open_to_others([self.location])) or list(
            open_to_others(self.location + suffix for suffix in REMAINS)
        )

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

    # --- waiting and versions -----------------------------------------------------------------------------------

    def _begin_writing(self) -> None:
        """Begin as the only writer.

        SQLite's own waiting asks ever more seldom, so that whoever waits longest is the last to get in, and Ctrl-C
        waits with it: we ask as often after ten seconds as after one, at times that differ from the others'.
        """
        if self._file.why_unwritable is not None:
            raise self._file.why_unwritable
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        if not self._waits_for(self._has_begun):
            raise shared.in_use(self.location)

    def _waits_for(self, has_done: Callable[[], bool]) -> bool:
        """Try again and again; whether it was done in time."""
        began, is_told = time.monotonic(), False
        self._connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not has_done():
                waited = time.monotonic() - began
                if waited > shared.WAIT_SECONDS:
                    return False
                if waited > shared.TELL_AFTER_SECONDS and not is_told:
                    self._tell(shared.waiting(self.location))
                    is_told = True
                time.sleep(0.001 + os.urandom(1)[0] / 10_000)
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {shared.WAIT_SECONDS * 1000}")
        return True

    def _has_begun(self) -> bool:
        return self._has_run("PRAGMA journal_mode = WAL") and self._has_run("BEGIN IMMEDIATE")

    def _has_vacuumed(self) -> bool:
        return self._has_run("VACUUM")

    def _has_emptied_log(self) -> bool:
        ((is_busy, _, _),) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not is_busy

    def _has_run(self, sql: str) -> bool:
        """Whether no other program was in the way of a statement."""
        try:
            self._connection.execute(sql)
        except sqlite3.OperationalError as error:
            if code_of(error) != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    def _checked_version(self) -> int:
        ((application_id,),) = self.rows("PRAGMA application_id")
        ((version,),) = self.rows("PRAGMA user_version")
        if application_id != _APPLICATION_ID:
            raise no_register(self.location)
        if version > schema.VERSION:
            raise shared.too_new(self.location, version, schema.VERSION)
        return int(version)

    def _upgrade(self) -> None:
        """Bring the file to this mureg's version. Of two who try at once, the second finds it done."""
        with self.atomic():
            version = self._checked_version()
            if version == schema.VERSION:
                return
            copy = free_name(f"{self.location}.version-{version}")
            self.back_up(copy)
            try:
                self._migrate()
            except BaseException:
                Path(copy).unlink(missing_ok=True)
                raise
        self._tell(msg("the register was upgraded; as it was before: {path}", path=copy))

    def _migrate(self, version: int | None = None) -> None:
        """Run the steps that the file has not run yet, up to a version, inside a transaction."""
        version = version or schema.VERSION
        import sqlite_utils  # noqa: PLC0415  costs more than a whole reading command
        from sqlite_utils.migrations import Migrations  # noqa: PLC0415

        migrations = Migrations("mureg")
        for number, statements in enumerate(schema.MIGRATIONS[:version], start=1):

            @migrations(name=f"{number:04d}")
            def step(database: sqlite_utils.Database, statements: tuple[str, ...] = statements) -> None:
                for statement in statements:
                    database.execute(schema.sqlite_ddl(statement))

        with told(self.location):
            guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
            for (name,) in self._connection.execute(guards).fetchall():
                self._connection.execute(f"DROP TRIGGER {name}")
            migrations.apply(sqlite_utils.Database(self._connection, execute_plugins=False))
            # A saved register of an earlier version gets them when it is brought to this one.
            for statement in schema.sqlite_guards() if version == schema.VERSION else ():
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {version}")


ENGINE: Engine = SQLite
