"""SQLite's errors, as errors of ours: what is wrong, where, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from mureg.errors import Message, RegisterUnusable, msg
from mureg.register.engines.database import in_use

# What SQLite says of a full disk, a quota or a limit of the system that it does not recognise as such.
_WRITE_FAILURES = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE,
              sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP)  # fmt: skip

_NO_SHARED_MEMORY_FILE = (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMMAP)


@contextmanager
def translate_errors(location: str, *, target: str | None = None) -> Iterator[None]:
    """Raise SQLite's errors as ours; where something is copied, errors of writing are the target's."""
    try:
        yield
    except sqlite3.Error as error:
        if code_of(error) == sqlite3.SQLITE_INTERRUPT:
            # Ctrl-C came while SQLite was working: see `_ASK_AFTER_STEPS`.
            raise KeyboardInterrupt from None
        if target is not None and is_write_failure(error):
            raise unusable_copy(target, error) from None
        raise unusable(location, error) from None
    except UnicodeDecodeError:
        # A text of the file itself, or of what SQLite says about it.
        raise damaged(location) from None


def damaged(location: str) -> RegisterUnusable:
    """The error of a file that does not hold what was written to it."""
    return RegisterUnusable(
        msg("the register {path} is damaged", path=location),
        msg("restore a backup to another place (mureg restore FILE --db PATH), and keep the damaged file"),
    )


def code_of(error: sqlite3.Error) -> int:
    """The primary code of an error; 0 where it has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_write_failure(error: sqlite3.Error) -> bool:
    """Whether something could not be written."""
    extended = getattr(error, "sqlite_errorcode", 0)
    return code_of(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY) or extended in _WRITE_FAILURES


def may_be_read_only(error: sqlite3.Error) -> bool:
    """Whether it may be only the files beside the register that cannot be made, so that it can still be read."""
    return (
        code_of(error) in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL)
        or getattr(error, "sqlite_errorcode", 0) in _NO_SHARED_MEMORY_FILE
    )


def not_a_register(location: str) -> RegisterUnusable:
    """The error of a file that something else than mureg has made."""
    return RegisterUnusable(
        msg("{path} is not a mureg register", path=location),
        msg("specify the register: --db PATH; or create one: mureg init"),
    )


def unusable_copy(target: str, error: sqlite3.Error) -> RegisterUnusable:
    """The error of a copy that cannot be written; there is nothing of it."""
    if code_of(error) == sqlite3.SQLITE_FULL:
        return RegisterUnusable(
            msg("the disk of {path} is full", path=target),
            msg("nothing was kept; free some space there, or choose another place"),
        )
    return RegisterUnusable(
        msg("cannot write {path}: {reason}", path=target, reason=str(error)),
        msg("nothing was kept; free some space there, or choose another place"),
    )


def unwritable(location: str, error: sqlite3.Error) -> RegisterUnusable:
    """The error of writing where no file can be made beside the register."""
    if code_of(error) in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL):
        return unusable(location, error)
    return RegisterUnusable(
        msg("cannot write to the register {path}", path=location),
        msg("check that you can write to the file and its folder"),
    )


def unusable(location: str, error: sqlite3.Error) -> RegisterUnusable:
    """The error of a register that cannot be used."""
    code = code_of(error)
    if code == sqlite3.SQLITE_BUSY:
        return in_use(location)
    if code == sqlite3.SQLITE_CORRUPT or "decode to UTF-8" in str(error):
        return damaged(location)
    path, reason = location, str(error)
    sentences: dict[int, tuple[Message, Message]] = {
        sqlite3.SQLITE_NOTADB: (
            msg("{path} is not a mureg register", path=path),
            msg("specify the register: --db PATH; or create one: mureg init; if it was a register, "
                "restore a backup to another place: mureg restore FILE --db PATH"),
        ),
        sqlite3.SQLITE_FULL: (
            msg("the disk of {path} is full", path=path),
            msg("nothing was written; free some space and run the command again"),
        ),
        sqlite3.SQLITE_READONLY: (
            msg("cannot write to the register {path}", path=path),
            msg("check that you can write to the file and its folder"),
        ),
        sqlite3.SQLITE_CANTOPEN: (
            msg("cannot open the register {path}", path=path),
            msg("check that you can read and write the file and its folder"),
        ),
        sqlite3.SQLITE_IOERR: (
            msg("the disk of {path} failed: {reason}", path=path, reason=reason),
            msg("copy the file to another disk and check it there (mureg check --db PATH), or restore a "
                "backup: mureg restore FILE --db PATH"),
        ),
    }  # fmt: skip
    if code == sqlite3.SQLITE_IOERR and is_write_failure(error):
        return RegisterUnusable(
            msg("cannot write to the register {path}: {reason}", path=path, reason=reason),
            msg("nothing was written; free some space, check the disk quota, and run the command again"),
        )
    message, hint = sentences.get(
        code,
        (
            msg("cannot use the register {path}: {reason}", path=path, reason=reason),
            msg("check the register: mureg check; or restore a backup to another place: mureg restore "
                "FILE --db PATH"),
        ),
    )  # fmt: skip
    return RegisterUnusable(message, hint)
