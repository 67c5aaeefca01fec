"""A register on a PostgreSQL server: one schema of a database, `mureg` unless the address names another.

Every transaction names the schema and its limits anew, in the same round trip that begins it: behind a pool of
connections the next transaction may run on another one.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from itertools import count

import psycopg
from psycopg.pq import TransactionStatus

from mureg.errors import Message, RegisterUnusable, msg
from mureg.lazy_imports import lazy_imports
from mureg.register.engines import interface, schema
from mureg.register.engines.address import location_of
from mureg.register.engines.database import EngineDatabase, already_there, waiting
from mureg.register.engines.interface import Engine, Report, Row, report_nothing
from mureg.register.engines.postgres.address import connection_to, schema_of
from mureg.register.engines.postgres.connection import Connection
from mureg.register.engines.postgres.errors import perhaps_written, unusable
from mureg.register.engines.postgres.parameters import by_name, by_place

# Only what makes, upgrades or saves a register needs them.
with lazy_imports():
    from mureg.register.engines import transfer
    from mureg.register.engines.postgres import migrations
    from mureg.register.engines.postgres import schema as postgres_schema
    from mureg.register.engines.sqlite import database as sqlite

# "mure" in ASCII: with a number of the schema's name, the lock of the one who writes.
_LOCK = 0x6D757265
_ROWS_AT_ONCE = 2_000
# From so many rows on an INSERT takes them by COPY, in a quarter of the time. Another statement is prepared for them,
# and forgotten with them: it takes half of it.
_MANY = 100
_INSERT = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \(([^()]+)\)(.*)", re.DOTALL)


class PostgreSQL(EngineDatabase):
    """One connection to a register on a server."""

    # A LIKE, since an administrator may give it an index of trigrams.
    contains = (
        "{column} LIKE '%' || replace(replace(replace({text}, '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!'"
    )
    # Others read while an import writes, and whoever works need not own the tables.
    may_drop_indexes = False

    def __init__(self, connection: Connection, location: str, report: Report, schema_name: str) -> None:
        self._connection = connection
        self._schema = schema_name
        self._report = report
        self._cursors = count(1)
        self.has_committed = False
        self.location = location

    # --- how a register is found and made: see `Engine` ---------------------------------------------------------

    @classmethod
    def exists(cls, url: str, report: Report = report_nothing) -> bool:
        """Whether the database has a register."""
        database = cls._connected(url, report)
        try:
            return database._has_register()
        finally:
            database.close()

    @classmethod
    def open(cls, url: str, report: Report = report_nothing) -> "PostgreSQL":
        """The register on a server. One of an older mureg is left to those who run the server."""
        database = cls._connected(url, report)
        with database._closed_on_error():
            if database.checked_version() < schema.VERSION:
                raise RegisterUnusable(
                    msg("{path} has the format of an older mureg, and others may be using it", path=database.location),
                    msg("when no one is using it, back it up (mureg backup FILE) and upgrade it: mureg init --upgrade"),
                )
        return database

    @classmethod
    def open_to_read(cls, url: str, report: Report = report_nothing) -> "PostgreSQL":
        """The register on a server, which an older one does not become by being read."""
        return cls.open(url, report)

    @classmethod
    @contextmanager
    def making(cls, url: str, report: Report = report_nothing) -> "Iterator[PostgreSQL]":
        """A new register; needs a user who may make a schema, or who owns the schema."""
        database = cls._connected(url, report)
        try:
            with database._transaction():
                database._make_tables()
                yield database
                with database._translate_errors():
                    migrations.make_triggers(database._connection)
        finally:
            database.close()

    @classmethod
    def roles(cls, url: str, report: Report = report_nothing) -> str:
        """The SQL for roles that read and that work."""
        with closing(cls._connected(url, report)) as database:
            ((name,),) = database.rows("SELECT current_database()")
        return postgres_schema.roles(str(name), schema_of(url))

    @classmethod
    def _connected(cls, url: str, report: Report) -> "PostgreSQL":
        schema_name = schema_of(url)
        return cls(connection_to(url, report), location_of(url), report, schema_name)

    # --- reading and writing: see `Database` --------------------------------------------------------------------

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of a query, all at once."""
        with self._translate_errors():
            self._begin_reading()
            return self._connection.execute(by_name(sql), values or {}).fetchall()

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        """The rows of a query, some thousands at a time."""
        with self._translate_errors():
            self._begin_reading()
            with self._connection.cursor(f"rows_{next(self._cursors)}") as cursor:
                cursor.itersize = _ROWS_AT_ONCE
                cursor.execute(by_name(sql), values or {})
                yield from cursor

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""
        with self._translate_errors():
            return self._connection.execute(by_name(sql), values or {}).rowcount

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""
        if not values:
            return 0
        is_worth_preparing = len(values) >= _MANY
        insert = _INSERT.fullmatch(sql)
        if insert and is_worth_preparing and self._may_copy:
            return self._insert_copied(insert, values)
        with self._translate_errors(), self._connection.cursor() as cursor:
            self._connection.prepare_threshold = 0 if is_worth_preparing else None
            cursor.executemany(by_place(sql), values)
            if is_worth_preparing:
                self._forget_prepared()
            return cursor.rowcount

    def _insert_copied(self, insert: re.Match[str], values: Sequence[Sequence[object]]) -> int:
        """Insert rows that COPY brings into a temporary table first: itself it cannot skip those that exist."""
        table, names, given, rest = insert.groups()
        pairs = list(zip(names.split(", "), given.split(", "), strict=True))
        placed = ", ".join(name for name, value in pairs if value == "?")
        chosen = ", ".join(name if value == "?" else value for name, value in pairs)
        with self._translate_errors(), self._connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE copied_rows ON COMMIT DROP AS SELECT {placed} FROM {table} WITH NO DATA"
            )
            with cursor.copy("COPY pg_temp.copied_rows FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM pg_temp.copied_rows{rest}")
            inserted = cursor.rowcount
            cursor.execute("DROP TABLE pg_temp.copied_rows")
            return inserted

    @cached_property
    def _may_copy(self) -> bool:
        """Whether the user may make a temporary table: everybody may, unless an administrator says otherwise."""
        ((may_copy,),) = self.rows("SELECT has_database_privilege(current_database(), 'TEMPORARY')")
        return bool(may_copy)

    def drop_indexes(self, names: Iterable[str]) -> None:
        """Take indexes off."""
        for name in names:
            self.run(f"DROP INDEX {name}")

    def make_indexes(self, statements: Iterable[str]) -> None:
        """Make indexes; the server's own settings say in how much memory."""
        for statement in statements:
            self.run(statement)

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        sql = """
            SELECT column_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = :table ORDER BY ordinal_position
        """
        return [name for (name,) in self.rows(sql, {"table": table})]

    def back_up(self, file: str) -> None:
        """Write the register into a SQLite file, which can be restored to a file or to a server."""
        with sqlite.SQLite.making(file, version=self.checked_version()) as target:
            transfer.fill(self, target)

    def scrub(self) -> Message | None:
        """Write the tables that hold people's data anew, where one may: the deleted rows then have no file any more."""
        tables = ", ".join(f'"{self._schema}".{table}' for table in ("person", "application"))
        refusals: list[str] = []
        self._connection.add_notice_handler(lambda notice: refusals.append(notice.message_primary or ""))
        try:
            if self._connection.info.transaction_status != TransactionStatus.IDLE:
                self._connection.execute("ROLLBACK")
            self._connection.execute(f"VACUUM (FULL, SKIP_LOCKED) {tables}")
        except psycopg.Error as error:
            refusals.append(error.diag.message_primary or type(error).__name__)
        if not refusals:
            return None
        return msg(
            "the server's files still contain the erased data until the owner of the register runs: {sql}",
            sql=f"VACUUM FULL {tables}",
        )

    def open_to_others(self) -> Iterable[tuple[str, int]]:
        """None: those of the server are its administrator's."""
        return ()

    def problems(self) -> Iterable[str]:
        """What the server knows of damage: blocks with wrong check sums, and indexes that are not whole."""
        sql = "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
        for (failures,) in self.rows(sql):
            if failures:
                yield f"checksum failures: {failures}"
        sql = """
            SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = CAST(current_schema() AS TEXT)::regnamespace AND NOT indisvalid
        """
        for (index,) in self.rows(sql):
            yield f"invalid index: {index}"

    def schema_objects(self) -> dict[str, str]:
        """Tables with their columns, views, and the triggers of tables with their functions."""
        return postgres_schema.objects(self.rows)

    def expected_schema_objects(self) -> dict[str, str]:
        """Those that the statements of the schema make."""
        return postgres_schema.expected_objects()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def _search_path(self) -> str:
        return f'SET LOCAL search_path = "{self._schema}", pg_temp'

    # --- transactions -------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction of the only writer, who holds a lock: so it needs no more than to read what is committed."""
        self.has_committed = False
        self._begin_writing()
        try:
            yield
            self._commit()
            self.has_committed = True
        except KeyboardInterrupt:
            # Its end undoes the transaction too, without waiting for an answer.
            self.close()
            raise
        except BaseException:
            with suppress(psycopg.Error):
                self._forget_prepared("ROLLBACK; ")
            raise

    def _forget_prepared(self, before: str = "") -> None:
        """Forget what `run_many` prepared, in one message with what ends the transaction.

        Behind a pool of connections the next message may go to another one, and leave it to those who come after.
        """
        # psycopg forgets its names only where it may prepare.
        self._connection.prepare_threshold = 0
        self._connection.execute(f"{before}DEALLOCATE ALL", prepare=False)
        self._connection.prepare_threshold = None

    def _begin_reading(self) -> None:
        if self._connection.info.transaction_status == TransactionStatus.IDLE:
            # Everything that a command reads is as one moment has it, whoever writes meanwhile.
            self._connection.execute(
                f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {self._search_path};"
                f" SET LOCAL lock_timeout = '{interface.WAIT_SECONDS}s'"
            )

    def _begin_writing(self) -> None:
        """Begin as the only writer: the server keeps the order of those who wait."""
        with self._translate_errors():
            try:
                self._begin_and_lock(interface.REPORT_AFTER_SECONDS)
            except psycopg.errors.LockNotAvailable:
                self._report(waiting(self.location))
                self._begin_and_lock(interface.WAIT_SECONDS - interface.REPORT_AFTER_SECONDS)

    def _begin_and_lock(self, seconds: int) -> None:
        if self._connection.info.transaction_status != TransactionStatus.IDLE:
            self._connection.execute("ROLLBACK")
        self._connection.execute(
            f"BEGIN ISOLATION LEVEL READ COMMITTED; {self._search_path}; SET LOCAL lock_timeout = '{seconds}s';"
            f" SELECT pg_advisory_xact_lock({_LOCK}, {_signed(zlib.crc32(self._schema.encode()))})"
        )

    def _commit(self) -> None:
        try:
            answer = self._connection.execute("COMMIT").statusmessage
        except KeyboardInterrupt:
            raise perhaps_written(self.location) from None
        except psycopg.Error as error:
            is_lost = self._connection.closed
            raise (perhaps_written(self.location) if is_lost else self._unusable(error)) from None
        # A transaction in which a statement failed ends without an error, and without anything written.
        assert answer == "COMMIT", answer

    # --- versions -----------------------------------------------------------------------------------------------

    def _has_register(self) -> bool:
        sql = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = :schema AND tablename = 'migration'"
        return bool(self.rows(sql, {"schema": self._schema}))

    def _version(self) -> int | None:
        with self._translate_errors():
            self._begin_reading()
            try:
                # By its whole name: of a schema that one may not use, the search path would say that it is not there.
                sql = f'SELECT max(version) FROM "{self._schema}".migration'
                ((version,),) = self._connection.execute(sql).fetchall()
                return int(version)
            except psycopg.errors.UndefinedTable:
                return None

    def _make_tables(self) -> None:
        if self._has_register():
            raise already_there(self.location)
        with self._translate_errors():
            migrations.make_schema(self._connection, self._schema, self.location)
            migrations.migrate(self._connection, 0)

    def _upgrade(self) -> None:
        with self._transaction():
            version = self.checked_version()
            if version < schema.VERSION:
                with self._translate_errors():
                    migrations.migrate(self._connection, version)
                    migrations.make_triggers(self._connection)

    # --- errors -------------------------------------------------------------------------------------------------

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: psycopg.Error) -> RegisterUnusable:
        return unusable(self.location, error, is_lost=self._connection.closed)


ENGINE: Engine = PostgreSQL


def _signed(number: int) -> int:
    """A number of 32 bits as PostgreSQL's INTEGER has it."""
    return number - 2**32 if number >= 2**31 else number
