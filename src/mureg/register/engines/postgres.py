"""A register on a PostgreSQL server: one schema of a database, `mureg` unless the address names another.

Every transaction names the schema and its limits anew, in the same round trip that begins it: behind a pool of
connections the next transaction may run on another one.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count

import psycopg
from psycopg.pq import TransactionStatus

from mureg.errors import Message, RegisterUnusable, RetryNeeded, msg
from mureg.register.engines import interface as shared
from mureg.register.engines import schema
from mureg.register.engines.interface import Engine, Row, Tell, location_of, tell_nobody
from mureg.register.engines.postgres_address import connection_to, schema_of

# "mure" in ASCII: with a number of the schema's name, the lock of the one who writes.
_LOCK = 0x6D757265
_ROWS_AT_ONCE = 2_000
# Rows from which on a statement is prepared for them, and forgotten with them: they come in about twice as fast.
_MANY = 100


class PostgreSQL:
    """One connection to a register on a server."""

    # Others read while an import writes, and whoever works need not own the tables.
    # A LIKE, since an administrator may give it an index of trigrams.
    contains = (
        "{column} LIKE '%' || replace(replace(replace({text}, '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!'"
    )
    may_drop_indexes = False

    def __init__(self, connection: psycopg.Connection[Row], location: str, tell: Tell, schema_name: str) -> None:
        self._connection = connection
        self._schema = schema_name
        self._tell = tell
        self._cursors = count(1)
        self.has_committed = False
        self.location = location

    # --- how a register is found and made: see `Engine` ---------------------------------------------------------

    @classmethod
    def stands(cls, url: str) -> bool:
        """Whether the database has a register."""
        database = cls._connected(url, tell_nobody)
        try:
            return database._version() is not None
        finally:
            database.close()

    @classmethod
    def open(cls, url: str, tell: Tell = tell_nobody) -> "PostgreSQL":
        """The register on a server. One of an older mureg is left to those who run the server."""
        database = cls._connected(url, tell)
        try:
            if database._checked_version() < schema.VERSION:
                raise RegisterUnusable(
                    msg("{path} is of an older mureg, and others may be working with it", path=database.location),
                    msg("when nobody works, save it, mureg backup FILE, and upgrade it: mureg init --upgrade"),
                )
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def upgrade(cls, url: str, tell: Tell = tell_nobody, *, dry_run: bool = False) -> bool:
        """Bring the register to this mureg's version. Of two who try at once, the second finds it done."""
        database = cls._connected(url, tell)
        try:
            with database.atomic():
                version = database._checked_version()
                if version < schema.VERSION and not dry_run:
                    database._migrate(version)
            return version < schema.VERSION
        finally:
            database.close()

    @classmethod
    def roles(cls, url: str) -> str:
        """The SQL for roles that read and that work."""
        return schema.postgres_roles(schema_of(url))

    @classmethod
    def open_to_read(cls, url: str) -> "PostgreSQL":
        """The register on a server, which an older one does not become by being read."""
        return cls.open(url)

    @classmethod
    def open_to_save(cls, url: str) -> "PostgreSQL":
        """The register on a server, whatever its version: to save it is what one does before it is upgraded."""
        database = cls._connected(url, tell_nobody)
        try:
            database._checked_version()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    @contextmanager
    def making(cls, url: str) -> "Iterator[PostgreSQL]":
        """A new register; needs a user who may make a schema, or who owns the schema."""
        database = cls._connected(url, tell_nobody)
        try:
            with database.atomic():
                database._make_schema()
                database._migrate(0)
                yield database
        finally:
            database.close()

    @classmethod
    def _connected(cls, url: str, tell: Tell) -> "PostgreSQL":
        schema_name = schema_of(url)
        return cls(connection_to(url), location_of(url), tell, schema_name)

    # --- reading and writing: see `Database` --------------------------------------------------------------------

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of a query, all at once."""
        with self._told():
            self._begin_reading()
            return self._connection.execute(_by_name(sql), values or {}).fetchall()

    def stream(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        """The rows of a query, some thousands at a time."""
        with self._told():
            self._begin_reading()
            with self._connection.cursor(f"rows_{next(self._cursors)}") as cursor:
                cursor.itersize = _ROWS_AT_ONCE
                cursor.execute(_by_name(sql), values or {})
                yield from cursor

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        """Run one statement; how many rows it touched."""
        with self._told():
            return self._connection.execute(_by_name(sql), values or {}).rowcount

    def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> int:
        """Run one statement for each row of values; how many rows were touched in all."""
        if not values:
            return 0
        is_worth_preparing = len(values) >= _MANY
        with self._told(), self._connection.cursor() as cursor:
            self._connection.prepare_threshold = 0 if is_worth_preparing else None
            cursor.executemany(_by_place(sql), values)
            if is_worth_preparing:
                self._connection.execute("DEALLOCATE ALL", prepare=False)
                self._connection.prepare_threshold = None
            return cursor.rowcount

    def drop_indexes(self, names: Iterable[str]) -> None:
        """Take indexes off."""
        for name in names:
            self.run(f"DROP INDEX {name}")

    def make_indexes(self, statements: Iterable[str]) -> None:
        """Make indexes; the server's own settings say in how much memory."""
        for statement in statements:
            self.run(statement)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction of the only writer, who holds a lock: so it needs no more than to read what is committed."""
        self.has_committed = False
        self._begin_writing()
        try:
            yield
            self._commit()
            self.has_committed = True
        except BaseException:
            with suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")
            raise

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        sql = """
            SELECT column_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = :table ORDER BY ordinal_position
        """
        return [name for (name,) in self.rows(sql, {"table": table})]

    def back_up(self, file: str) -> None:
        """Write the register into a SQLite file, which can be restored to a file or to a server."""
        from mureg.register.engines.sqlite import SQLite  # noqa: PLC0415
        from mureg.register.engines.transfer import fill  # noqa: PLC0415  only backing up needs both engines

        with SQLite.making(file, self._checked_version()) as target:
            fill(self, target)

    def scrub(self) -> Message | None:
        """Write the tables that hold people's data anew, where one may: the deleted rows then have no file any more."""
        tables = ", ".join(f'"{self._schema}".{table}' for table in ("person", "application"))
        refusals: list[str] = []
        told = self._connection.add_notice_handler
        told(lambda notice: refusals.append(notice.message_primary or ""))
        try:
            if self._connection.info.transaction_status != TransactionStatus.IDLE:
                self._connection.execute("ROLLBACK")
            self._connection.execute(f"VACUUM (FULL, SKIP_LOCKED) {tables}")
        except psycopg.Error as error:
            refusals.append(error.diag.message_primary or type(error).__name__)
        if not refusals:
            return None
        return msg(
            "the server's files keep what was erased until the owner of the register runs: {sql}",
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

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def _search_path(self) -> str:
        return f'SET LOCAL search_path = "{self._schema}", pg_temp'

    # --- transactions -------------------------------------------------------------------------------------------

    def _begin_reading(self) -> None:
        if self._connection.info.transaction_status == TransactionStatus.IDLE:
            # Everything that a command reads is as one moment has it, whoever writes meanwhile.
            self._connection.execute(
                f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {self._search_path};"
                f" SET LOCAL lock_timeout = '{shared.WAIT_SECONDS}s'"
            )

    def _begin_writing(self) -> None:
        """Begin as the only writer: the server keeps the order of those who wait."""
        with self._told():
            try:
                self._begin_and_lock(shared.TELL_AFTER_SECONDS)
            except psycopg.errors.LockNotAvailable:
                self._tell(shared.waiting(self.location))
                self._begin_and_lock(shared.WAIT_SECONDS - shared.TELL_AFTER_SECONDS)

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
            raise self._perhaps_written() from None
        except psycopg.Error as error:
            raise (self._perhaps_written() if self._connection.closed else self._unusable(error)) from None
        # A transaction in which a statement failed ends without an error, and without anything written.
        assert answer == "COMMIT", answer

    def _perhaps_written(self) -> RegisterUnusable:
        return RegisterUnusable(
            msg("the connection to {path} was lost at the very end: the operation may have been written",
                path=self.location),
            msg("look before you repeat it: mureg history"),
        )  # fmt: skip

    # --- versions -----------------------------------------------------------------------------------------------

    def _version(self) -> int | None:
        """The version of the register; `None` where there is none."""
        sql = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = :schema AND tablename = 'migration'"
        if not self.rows(sql, {"schema": self._schema}):
            return None
        # By its whole name: of a schema that one may not use, the search path would say that it is not there.
        return int(self.rows(f'SELECT max(version) FROM "{self._schema}".migration')[0][0])

    def _checked_version(self) -> int:
        version = self._version()
        if version is None:
            raise RegisterUnusable(
                msg("there is no register at {path}", path=self.location),
                msg("make one: mureg init; or name another: --db PATH"),
            )
        if version > schema.VERSION:
            raise shared.too_new(self.location, version, schema.VERSION)
        return version

    def _make_schema(self) -> None:
        if self._version() is not None:
            raise RegisterUnusable(
                msg("{path} is there already: it is not written over", path=self.location), msg("choose another name")
            )
        ((encoding,),) = self.rows("SELECT current_setting('server_encoding')")
        if encoding != "UTF8":
            raise RegisterUnusable(
                msg("the database of {path} keeps texts as {encoding}, which has not every letter",
                    path=self.location, encoding=encoding),
                msg("make a database with ENCODING 'UTF8'"),
            )  # fmt: skip
        sql = """
            SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = :schema),
                has_database_privilege(current_database(), 'CREATE'), quote_ident(current_user)
        """
        ((stands, may, user),) = self.rows(sql, {"schema": self._schema})
        if not stands and not may:
            raise RegisterUnusable(
                msg("{user} may not make a schema in {path}", user=user, path=self.location),
                msg("ask the server's administrator for: CREATE SCHEMA {schema} AUTHORIZATION {user}",
                    schema=self._schema, user=user),
            )  # fmt: skip
        if not stands:
            self.run(f'CREATE SCHEMA "{self._schema}"')

    def _migrate(self, version: int) -> None:
        """Run the steps that the register has not run yet, inside a transaction."""
        if version == 0:
            self.run("CREATE TABLE migration (version BIGINT NOT NULL PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)")
        guards = """
            SELECT proname FROM pg_catalog.pg_proc
            WHERE pronamespace = CAST(current_schema() AS TEXT)::regnamespace AND proname LIKE 'guard!_%' ESCAPE '!'
        """
        statements = [f"DROP FUNCTION {name}() CASCADE" for (name,) in self.rows(guards)]
        for number, step in enumerate(schema.MIGRATIONS[version:], start=version + 1):
            statements += map(schema.postgres_ddl, step)
            statements.append(f"INSERT INTO migration (version, applied_at) VALUES ({number}, now())")
        statements += schema.postgres_guards()
        with self._told():
            # All in one round trip.
            self._connection.execute(";\n".join(statements))

    # --- errors -------------------------------------------------------------------------------------------------

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell the server's errors as ours."""
        try:
            yield
        except psycopg.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: psycopg.Error) -> RegisterUnusable:
        path = self.location
        if self._connection.closed:
            return RegisterUnusable(
                msg("the connection to {path} was lost", path=path),
                msg("nothing was written; repeat the command when the server is back"),
            )
        if isinstance(error, psycopg.errors.LockNotAvailable):
            return shared.in_use(path)
        if isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected):
            return RetryNeeded(
                msg("another program changed the same rows at the same moment"),
                msg("nothing was written: repeat the command"),
            )
        sentences: dict[type[psycopg.Error], tuple[Message, Message]] = {
            psycopg.errors.InsufficientPrivilege: (
                msg("you may not do this in the register {path}", path=path),
                msg("ask for the role that may: mureg init prints the SQL for the roles"),
            ),
            psycopg.errors.ReadOnlySqlTransaction: (
                msg("the register {path} can only be read", path=path),
                msg("write on the main server, with a role that may write"),
            ),
            psycopg.errors.QueryCanceled: (
                msg("the server of {path} ended the command, which took longer than it allows", path=path),
                msg("nothing was written; ask the server's administrator for a longer statement_timeout"),
            ),
            psycopg.errors.DiskFull: (
                msg("the disk of {path} is full", path=path),
                msg("free some space and repeat the command: nothing was written"),
            ),
        }
        for kind, (message, hint) in sentences.items():
            if isinstance(error, kind):
                return RegisterUnusable(message, hint)
        reason = error.diag.message_primary or type(error).__name__
        return RegisterUnusable(
            msg("the register {path} cannot be used: {reason}", path=path, reason=reason),
            msg("check the register: mureg check"),
        )


ENGINE: Engine = PostgreSQL

_NAME = re.compile(r"(?<![\w:']):([a-z]\w*)")


@lru_cache(maxsize=512)
def _by_name(sql: str) -> str:
    """A statement with `:name` parameters as psycopg takes it."""
    return _NAME.sub(r"%(\1)s", sql.replace("%", "%%"))


@lru_cache(maxsize=512)
def _by_place(sql: str) -> str:
    """A statement with `?` parameters as psycopg takes it."""
    return sql.replace("%", "%%").replace("?", "%s")


def _signed(number: int) -> int:
    """A number of 32 bits as PostgreSQL's INTEGER has it."""
    return number - 2**32 if number >= 2**31 else number
