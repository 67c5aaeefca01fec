"""The file of a register, as it was when it was opened: how it can be used, and whether it is still the same one."""

import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

from mureg.errors import RegisterUnusable, msg
from mureg.register.engines import interface
from mureg.register.engines.sqlite import place
from mureg.register.engines.sqlite.errors import (
    code_of,
    damaged,
    may_be_read_only,
    not_a_register,
    unusable,
    unwritable,
)

# "mure" in ASCII: marks a SQLite file as a register, in its header.
APPLICATION_ID = 0x6D757265


class OpenedFile:
    """A file that exists. SQLite coordinates its readers and writers by further files beside it.

    Where those cannot be made the file can still be read, as long as it is complete in itself and nothing changes it
    meanwhile: then `why_unwritable` says why nothing can be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.why_unwritable: RegisterUnusable | None = None
        self._mode = "?mode=rw"
        self._stamp: tuple[int, int] | None = None
        self._inode = _inode(path)

    @classmethod
    def tried(cls, path: Path) -> "OpenedFile":
        """The file, after a first attempt to read it. Raises `RegisterUnusable`."""
        opened, location = cls(path), str(path)
        place.require_local(path)
        with suppress(OSError):
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise not_a_register(location)
            if found.st_nlink > 1:
                place.require_one_link(path)
        try:
            with closing(opened.connection()) as connection:
                connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        except UnicodeDecodeError:
            raise damaged(location) from None
        except sqlite3.Error as error:
            if not may_be_read_only(error):
                raise unusable(location, error) from None
            try:
                opened._open_read_only(error)
            except OSError:
                raise unusable(location, error) from None
        return opened

    def _open_read_only(self, why: sqlite3.Error) -> None:
        log = Path(f"{self.path}-wal")
        if log.exists() and log.stat().st_size:
            raise RegisterUnusable(
                msg("the last changes of {path} are in {log}, and mureg cannot write there",
                    path=str(self.path), log=str(log)),
                msg("copy both files into a folder where you can write, and use them there: --db PATH"),
            )  # fmt: skip
        self.why_unwritable = unwritable(str(self.path), why)
        self._mode = "?mode=ro&immutable=1"
        self._stamp = _stamp(self.path)

    def connection(self) -> sqlite3.Connection:
        """A connection to the file; a file that was deleted is not made again."""
        address = place.address_of(self.path)
        return sqlite3.connect(f"{address}{self._mode}", uri=True, isolation_level=None, timeout=interface.WAIT_SECONDS)

    def require_unchanged(self) -> None:
        """Raise `RegisterUnusable` where what was just read may have been changed without SQLite's noticing it."""
        if self._stamp is not None and _stamp(self.path) != self._stamp:
            raise RegisterUnusable(
                msg("another program changed {path} while it was being read", path=str(self.path)),
                msg("run the command again"),
            )

    def require_in_place(self) -> None:
        """Raise `RegisterUnusable` where another file, or none, has the name: what is written would go nowhere."""
        if _inode(self.path) != self._inode and not self._is_being_written():
            raise RegisterUnusable(
                msg("the register {path} was removed or replaced while it was in use", path=str(self.path)),
                msg("nothing was written; put the file back, or restore a backup: mureg restore FILE --db PATH"),
            )

    def _is_being_written(self) -> bool:
        """Whether it is our own file after all: on some network drives a file's number changes."""
        try:
            with closing(self.connection()) as connection:
                connection.execute("PRAGMA busy_timeout = 0")
                connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            return code_of(error) == sqlite3.SQLITE_BUSY
        return False


def _stamp(file: Path) -> tuple[int, int]:
    """What changes when a file is written to; zeros where it does not exist."""
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _inode(file: Path) -> tuple[int, int] | None:
    """Which file has the name; `None` where none has."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
