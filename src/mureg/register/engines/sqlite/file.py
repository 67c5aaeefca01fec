"""The file of a register, as it was when it was opened: how it can be used, and whether it is still the same one."""

import re
import sqlite3
import stat
import time
from contextlib import closing, suppress
from pathlib import Path

from mureg.command_hints import quoted
from mureg.errors import RegisterUnusable, msg
from mureg.register.engines import interface
from mureg.register.engines.sqlite.errors import (
    code_of,
    damaged,
    may_be_read_only,
    not_a_register,
    unusable,
    unwritable,
)
from mureg.safe_files import delete_abandoned

# "mure" in ASCII: marks a SQLite file as a register, in its header.
APPLICATION_ID = 0x6D757265
# Linux's list of mounts.
_MOUNTS = Path("/proc/self/mountinfo")
_LINK_TRIES, _LINK_PAUSE_SECONDS = 10, 0.05


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
        with suppress(OSError):
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise not_a_register(location)
            if found.st_nlink > 1:
                _require_one_link(path)
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
        address = f"{self.path.resolve().as_uri()}{self._mode}"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=interface.WAIT_SECONDS)

    def require_unchanged(self) -> None:
        """Raise `RegisterUnusable` where what was just read may have been changed without SQLite's noticing it."""
        if self._stamp is not None and _stamp(self.path) != self._stamp:
            raise RegisterUnusable(
                msg("another program changed {path} while it was being read", path=str(self.path)),
                msg("run the command again"),
            )

    def require_no_mount(self) -> None:
        """Raise `RegisterUnusable` where the file alone is mounted: its log then lies in another folder than ours."""
        path = str(self.path.resolve())
        with suppress(OSError), _MOUNTS.open(encoding="utf-8", errors="surrogateescape") as mounts:
            if any(_unescaped(line.split(" ")[4]) == path for line in mounts):
                raise RegisterUnusable(
                    msg("the register {path} is mounted as a single file, apart from SQLite's files beside it",
                        path=str(self.path)),
                    msg("mount the folder of the register instead"),
                )  # fmt: skip

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


def _require_one_link(path: Path) -> None:
    """Raise `RegisterUnusable` where the file has a second name: SQLite's log beside that one would not be seen here.

    For a moment a new register has two names, and a command that was killed then leaves the second one.
    """
    for _ in range(_LINK_TRIES):
        with suppress(OSError):
            delete_abandoned(path)
        if path.stat().st_nlink == 1:
            return
        time.sleep(_LINK_PAUSE_SECONDS)
    raise RegisterUnusable(
        msg("the register {path} has a second name, a hard link: what is written under one can be lost under the other",
            path=str(path)),
        msg("keep one name and delete the other when no command is running: find / -samefile {path}",
            path=quoted(str(path))),
    )  # fmt: skip


def _unescaped(path: str) -> str:
    """A path of the list of mounts, where spaces and the like are written as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), path)


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
