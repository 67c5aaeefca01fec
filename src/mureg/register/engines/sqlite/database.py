"""A register in a SQLite file, for reading and writing.

This goes through the standard sqlite3 module; sqlite-utils is loaded only where tables are made, because importing it
costs more than a whole reading command.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from mureg import safe_files
from mureg.errors import RegisterUnusable, msg
from mureg.lazy_imports import lazy_imports
from mureg.register.engines import schema
from mureg.register.engines.database import EngineDatabase, in_use, not_found
from mureg.register.engines.database import waiting as busy
from mureg.register.engines.interface import Engine, Report, Row, report_nothing
from mureg.register.engines.sqlite.errors import not_a_register, translate_errors, unusable
from mureg.register.engines.sqlite.file import APPLICATION_ID, OpenedFile
from mureg.register.engines.sqlite.place import require_no_mount

with lazy_imports():
    from mureg.register.engines.sqlite import migrations, new_file, waiting

SQLITE_VERSION = sqlite3.sqlite_version

# Rows are sorted in pieces of the cache's size, which go to a temporary file that no other user can open.
# Pieces that fit into the processor's cache are sorted twice as fast: a million entries at once take 100 MB more.
_CACHE_KILOBYTES = 32_768
_CACHE_FOR_SORTING_KILOBYTES = 4_096
# A page shows fifty, and asks for one more; hundreds at a time are no faster.
_ROWS_AT_ONCE = 51
# After so many steps of SQLite's, some tenths of a second, Python may see that Ctrl-C was pressed. Without it a file
# whose table is an endless view could not be stopped.
_ASK_AFTER_STEPS = 5_000_000


class SQLite(EngineDatabase):
    """One connection to a register file."""

    # Half the time of a LIKE, which looks at every character in both cases and takes patterns of 50,000 bytes only.
    contains = "instr({column}, {text}) > 0"
    may_drop_indexes = True

    def __init__(
        self,
        connection: sqlite3.Connection,
        location: str,
        report: Report = report_nothing,
        file: OpenedFile | None = None,
    ) -> None:
        self._connection = connection
        # One in memory has no file that could go away.
        self._file = file or OpenedFile(Path(location))
        self._report = report
        self.has_committed = False
        self.location = location
        for pragma in ("foreign_keys = ON", "synchronous = FULL", f"cache_size = -{_CACHE_KILOBYTES}"):
            connection.execute(f"PRAGMA {pragma}")
        self._let_interrupt_statements(may=True)

    # --- how a register is found and made: see `Engine` ---------------------------------------------------------

    @classmethod
    def exists(cls, url: str, report: Report = report_nothing) -> bool:  # noqa: ARG003  see `Engine`
        """Whether there is a file, or something that cannot be looked at: opening it reports why."""
        return safe_files.exists(Path(url))

    @classmethod
    def open(cls, url: str, report: Report = report_nothing) -> "SQLite":
        """The register in an existing file. One of an older mureg is upgraded, after a copy of it beside it."""
        database = cls._connected(url, report)
        with database._closed_on_error():
            if database.checked_version() < schema.VERSION:
                database._upgrade()
        return database

    @classmethod
    def open_to_read(cls, url: str, report: Report = report_nothing) -> "SQLite":
        """The register in a file that must stay as it is; one of an older mureg is read from an upgraded copy."""
        database = cls.open_to_save(url, report)
        if database.checked_version() == schema.VERSION:
            return database
        copy = sqlite3.connect(":memory:", isolation_level=None)
        with closing(database), translate_errors(url):
            database._connection.rollback()
            database._connection.backup(copy)
        upgraded = cls(copy, url)
        upgraded._migrate()
        return upgraded

    @classmethod
    @contextmanager
    def making(
        cls,
        url: str,
        report: Report = report_nothing,
        *,
        version: int | None = None,
    ) -> "Iterator[SQLite]":
        """A new register in a file that its owner alone can read; of an earlier version where that is to be saved."""
        with new_file.writing(url) as temporary:
            database = cls._connected_to(OpenedFile(temporary), report)
            database.location = url
            # Twice SQLite's own: a large import takes a tenth less.
            database.run("PRAGMA page_size = 8192")
            try:
                with database._transaction():
                    migrations.migrate(database._connection, url, version)
                    yield database
                    # A saved register of an earlier version gets them when it is brought to this one.
                    if version in (None, schema.VERSION):
                        migrations.make_triggers(database._connection, url)
                # Whole in one file, to be put in its place as it is.
                database.run("PRAGMA journal_mode = DELETE")
            finally:
                database.close()
        # WAL: it can be read while another command writes. A read-only file gets it with its first write.
        with suppress(RegisterUnusable), closing(cls._connected_to(OpenedFile(Path(url)))) as placed:
            placed.run("PRAGMA journal_mode = WAL")

    @classmethod
    def roles(cls, url: str, report: Report = report_nothing) -> str:  # noqa: ARG003  see `Engine`
        """None: the file's permissions decide who can read it."""
        return ""

    @classmethod
    def in_memory(cls) -> "SQLite":
        """A register in memory, for tests."""
        database = cls(sqlite3.connect(":memory:", isolation_level=None), ":memory:")
        database._migrate()
        return database

    @classmethod
    def _connected(cls, url: str, report: Report) -> "SQLite":
        if not cls.exists(url):
            raise not_found(url)
        return cls._connected_to(OpenedFile.tried(Path(url)), report)

    @classmethod
    def _connected_to(cls, file: OpenedFile, report: Report = report_nothing) -> "SQLite":
        with translate_errors(str(file.path)):
            return cls(file.connection(), str(file.path), report, file)

    # --- reading and writing: see `Database` --------------------------------------------------------------------

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of a query, all at once."""
        with translate_errors(self.location):
            found = self._cursor(sql, values).fetchall()
        self._file.require_unchanged()
        return found

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        """The rows of a query, some at a time: one at a time they take twice as long."""
        with translate_errors(self.location):
            cursor = self._cursor(sql, values)
            while some := cursor.fetchmany(_ROWS_AT_ONCE):
                self._file.require_unchanged()
                yield from some

    def _cursor(self, sql: str, values: Mapping[str, object] | None) -> sqlite3.Cursor:
        if not self._connection.in_transaction:
            # A command reads one snapshot, whatever is written meanwhile.
            self._connection.execute("BEGIN")
        return self._connection.execute(sql, values or {})

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""
        with translate_errors(self.location):
            return self._connection.execute(sql, values or {}).rowcount

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""
        with translate_errors(self.location):
            return self._connection.executemany(sql, values).rowcount

    def drop_indexes(self, names: Iterable[str]) -> None:
        """Take indexes off."""
        for name in names:
            self.run(f"DROP INDEX {name}")
        # A small cache is enough for one index; the memory is used for sorting at the end of the import.
        self.run(f"PRAGMA cache_size = -{_CACHE_FOR_SORTING_KILOBYTES}")

    def make_indexes(self, statements: Iterable[str]) -> None:
        """Make the indexes that were taken off."""
        for statement in statements:
            self.run(statement)

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        return [name for (name,) in self.rows("SELECT name FROM pragma_table_info(:table)", {"table": table})]

    def back_up(self, file: str) -> None:
        """Write the register into a new file by SQLite's own way, page by page, while others write."""
        with (
            new_file.writing(file) as temporary,
            translate_errors(self.location, target=file),
            # A connection of its own: one that writes cannot be read from page by page.
            closing(self._file.connection()) as source,
            closing(OpenedFile(temporary).connection()) as target,
        ):
            source.backup(target)
            self._file.require_unchanged()
            # A copy is one file, whatever its register was.
            target.execute("PRAGMA journal_mode = DELETE")

    def scrub(self) -> None:
        """Write the file anew, without the pages and cells that still hold deleted rows, and empty its log."""
        reason = msg("another program is using it")
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            # VACUUM uses a temporary file that no other user can open: a large register does not fit into memory.
            self._connection.execute("PRAGMA temp_store = FILE")
            if self._waits_for(self._has_vacuumed) and self._waits_for(
                lambda: waiting.has_emptied_log(self._connection)
            ):
                return
        except sqlite3.Error as error:
            reason = unusable(self.location, error).message
        finally:
            self._connection.execute("PRAGMA temp_store = MEMORY")
        raise RegisterUnusable(
            msg("the erased data can still be read in the file {path}: {reason}", path=self.location, reason=reason),
            msg("fix this and run the command again; nothing is erased twice"),
        )

    def open_to_others(self) -> Iterable[tuple[str, int]]:
        """The file, or SQLite's files beside it, which get the file's own mode when they are made again; the folder."""
        beside = (self.location + suffix for suffix in safe_files.SQLITE_SUFFIXES)
        files = list(safe_files.open_to_others([self.location])) or list(safe_files.open_to_others(beside))
        return [*files, *safe_files.folder_open_to_others(self.location)]

    def problems(self) -> Iterable[str]:
        """What SQLite's own checks find."""
        for (text,) in self.rows("PRAGMA integrity_check"):
            if text != "ok":
                yield text
        for table, rowid, parent, _ in self.rows("PRAGMA foreign_key_check"):
            yield f"{table} {rowid} → {parent}"

    def schema_objects(self) -> dict[str, str]:
        """As SQLite keeps their statements, but for spaces; its own objects aside."""
        sql = r"SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        return {f"{kind} {name}": " ".join(str(text).split()) for kind, name, text in self.rows(sql)}

    def expected_schema_objects(self) -> dict[str, str]:
        """Those of an empty register in memory."""
        with closing(SQLite.in_memory()) as empty:
            return empty.schema_objects()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # --- writing as the only one --------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A transaction that begins as a writer's: a deferred one that reads first fails where another writes."""
        self.has_committed = False
        with translate_errors(self.location):
            self._begin_writing()
        self._let_interrupt_statements(may=False)
        is_done = False
        try:
            yield
            self._file.require_in_place()
            is_done = True
            self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                # A failing disk fails here too; what was not committed is gone anyway.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                is_done = False
            raise
        finally:
            # Ctrl-C in the middle of COMMIT comes through when that has ended.
            self.has_committed = is_done
            self._let_interrupt_statements(may=True)

    def _let_interrupt_statements(self, *, may: bool) -> None:
        """Let Ctrl-C end a statement, or not: one that writes would end the whole transaction, and its savepoints."""
        # 0 lets it go on. An interrupt that is raised in the call ends it.
        self._connection.set_progress_handler((lambda: 0) if may else None, _ASK_AFTER_STEPS)

    def _begin_writing(self) -> None:
        """Begin as the only writer.

        SQLite's own busy handler retries less and less often, so that the command that waits longest gets in last, and
        it delays Ctrl-C. This retries at a constant rate, at random intervals.
        """
        if self._file.why_unwritable is not None:
            raise self._file.why_unwritable
        require_no_mount(self._file.path)
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        if not self._waits_for(lambda: waiting.has_begun(self._connection)):
            raise in_use(self.location)

    def _waits_for(self, has_done: Callable[[], bool]) -> bool:
        return waiting.waits_for(self._connection, has_done, lambda: self._report(busy(self.location)))

    def _has_vacuumed(self) -> bool:
        return waiting.has_run(self._connection, "VACUUM")

    # --- versions -----------------------------------------------------------------------------------------------

    def _version(self) -> int:
        ((application_id,),) = self.rows("PRAGMA application_id")
        ((version,),) = self.rows("PRAGMA user_version")
        if application_id != APPLICATION_ID:
            raise not_a_register(self.location)
        return int(version)

    def _upgrade(self) -> None:
        """Upgrade the file, after a copy of it beside it."""
        with self._transaction():
            version = self.checked_version()
            if version == schema.VERSION:
                return
            copy = new_file.free_name(f"{self.location}.version-{version}")
            self.back_up(copy)
            try:
                migrations.migrate(self._connection, self.location)
                migrations.make_triggers(self._connection, self.location)
            except BaseException:
                Path(copy).unlink(missing_ok=True)
                raise
        self._report(msg("the register was upgraded; the previous version is kept: {path}", path=copy))

    def _migrate(self) -> None:
        with self._transaction():
            migrations.migrate(self._connection, self.location)
            migrations.make_triggers(self._connection, self.location)


ENGINE: Engine = SQLite
