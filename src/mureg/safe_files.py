"""Files that only their owner can read from the moment they exist, and that are written completely or not at all.

The umask does not matter. On Windows the access list of the user's profile folder decides who reads a new file.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

if sys.platform == "win32":
    import ctypes

_OWNER_ONLY = 0o600
# On Windows a new folder has the access list of the one above it: private in the user's profile, a team's in the
# team's folder. With 0o700 new CPythons would shut the team out.
_NEW_FOLDER = 0o777 if sys.platform == "win32" else 0o700
_GROUP_AND_OTHERS = 0o077
# The endings of the files that SQLite keeps beside a database, and the beginning of a database.
SQLITE_SUFFIXES = ("-wal", "-shm", "-journal")
_DATABASE = b"SQLite format 3\0"
# Errors after which what was written may be lost. Others say that the system syncs no folders, as on Windows and some
# file systems, or that the user may not read this one.
_LOST = {errno.EIO, errno.ENOSPC, errno.EDQUOT}
# The names of open streams, which may lead to files.
_STREAM_PREFIXES = ("/dev/std", "/dev/fd/", "/proc/")
# Windows: PROCESS_QUERY_LIMITED_INFORMATION, ERROR_INVALID_PARAMETER of a number that no process has, STILL_ACTIVE.
_QUERY_PROCESS, _NO_SUCH_PROCESS, _STILL_RUNNING = 0x1000, 87, 259
# ERROR_INVALID_NAME and ERROR_CANT_RESOLVE_FILENAME of Windows.
_NO_FILE = (123, 1921)


class NotSynced(OSError):
    """A file that is in its place, but whose folder could not be saved to the disk: it may be lost with the power."""


def exists(file: Path) -> bool:
    """Whether there is a file. One that may not be looked at counts as existing: opening it reports why.

    `Path.exists` raises then, and from Python 3.14 on it says that there is none.
    """
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        # Links that lead in a circle lead to no file. Windows numbers that otherwise, and a name that none can have.
        return error.errno != errno.ELOOP and getattr(error, "winerror", None) not in _NO_FILE
    return True


def make_folder(folder: Path) -> None:
    """Make a folder with the missing folders above it. Raises `OSError`."""
    missing = [folder]
    while not missing[-1].exists() and missing[-1] != missing[-1].parent:
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        # Another process may have made it in the meantime.
        each.mkdir(mode=_NEW_FOLDER, exist_ok=True)


def make_file(file: Path) -> None:
    """Make an empty file. Raises `OSError`, `FileExistsError` where it exists."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))


def temporary_path(file: Path) -> Path:
    """A new name in the file's folder. Temporary files that killed processes left there for the file are deleted.

    The name holds the machine and the process, so that the files of a running process, of another machine that shares
    the folder, and of other programs are never deleted.
    """
    with suppress(OSError):
        delete_abandoned(file)
    return file.with_name(f".{file.name}.{_machine()}-{os.getpid()}-{os.urandom(4).hex()}")


def delete_abandoned(file: Path) -> None:
    """Delete the temporary files that killed processes of this machine left for a file. Raises `OSError`."""
    ours = re.compile(
        rf"\.{re.escape(file.name)}\.{_machine()}-([0-9]+)-[0-9a-f]{{8}}(?:-wal|-shm|-journal)?", re.ASCII
    )
    with os.scandir(file.parent) as entries:
        found = [(entry.path, match) for entry in entries if (match := ours.fullmatch(entry.name))]
    for path, match in found:
        if not _may_be_running(int(match[1])):
            with suppress(OSError):
                Path(path).unlink()


def _machine() -> str:
    """Eight digits for the scope of process numbers: a machine, or a container on it."""
    name = os.uname().nodename if os.name == "posix" else os.environ.get("COMPUTERNAME", "")
    with suppress(OSError):
        name += str(Path("/proc/self/ns/pid").stat().st_ino)
    return f"{crc32(name.encode()):08x}"


def _may_be_running(process: int) -> bool:
    """Whether a process has this number. True where the system does not say."""
    if sys.platform == "win32":
        # On Windows os.kill would end the process.
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(_QUERY_PROCESS, False, process)  # noqa: FBT003  the system's own signature
        if not handle:
            return ctypes.get_last_error() != _NO_SUCH_PROCESS
        # A process that has ended keeps its number as long as any program has a handle of it.
        code = ctypes.c_ulong()
        has_code = kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return not has_code or code.value == _STILL_RUNNING
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def write_new(file: Path, content: bytes) -> None:
    """Write a new file, completely or not at all. Raises `OSError`, `FileExistsError` where the file exists."""
    with _temporary_file(file, [content]) as temporary:
        rename_new(temporary, file)


def write_over(file: Path, content: Iterable[bytes]) -> None:
    """Write a file completely, or keep the one that exists under its name. Raises `OSError`."""
    if (file.exists() and not file.is_file()) or str(file).startswith(_STREAM_PREFIXES):
        # A device or an open stream cannot be replaced, and what was written to it before must stay.
        with file.open("ab") as stream:
            stream.writelines(content)
        return
    # The target of a symbolic link is written, and the link stays.
    file = file.resolve()
    with _temporary_file(file, content) as temporary:
        temporary.replace(file)
    _sync_folder(file.parent)


def is_database(file: Path) -> bool:
    """Whether the file is an SQLite database. False where it cannot be read."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return stream.read(len(_DATABASE)) == _DATABASE
    except (OSError, ValueError):
        return False


@contextmanager
def _temporary_file(file: Path, content: Iterable[bytes]) -> Iterator[Path]:
    temporary = temporary_path(file)
    try:
        make_file(temporary)
        with temporary.open("wb") as stream:
            stream.writelines(content)
        sync_to_disk(temporary)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def rename_new(temporary: Path, file: Path) -> None:
    """Give a temporary file its final name, durably. Raises `FileExistsError` where the name is taken by now."""
    sync_to_disk(temporary)
    try:
        os.link(temporary, file)
    except FileExistsError:
        raise
    except OSError:
        # The file system has no hard links. On Windows `rename` refuses to replace a file.
        if file.exists():
            raise FileExistsError from None
        temporary.rename(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    """Wait until the names in the folder are on the disk. Raises `NotSynced` where they may be lost."""
    try:
        sync_to_disk(folder)
    except OSError as error:
        if error.errno in _LOST:
            raise NotSynced(error.errno, error.strerror) from None


def sync_to_disk(path: Path) -> None:
    """Wait until a file or a folder is on the disk itself, not only in the system's cache."""
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_to_others(paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The existing files among the paths that other users can read or change, with their modes."""
    if os.name != "posix":
        return
    for path in paths:
        with suppress(OSError):
            mode = stat.S_IMODE(Path(path).stat().st_mode)
            if mode & _GROUP_AND_OTHERS:
                yield path, mode


def folder_open_to_others(file: str) -> Iterator[tuple[str, int]]:
    """The file's folder with its mode, if every user can put files into it: SQLite would take a journal from there."""
    folder = str(Path(file).absolute().parent)
    return ((path, mode) for path, mode in open_to_others([folder]) if mode & stat.S_IWOTH)


def outside_profile(paths: Iterable[str]) -> list[str]:
    """On Windows, the existing files among the paths that are not in the user's profile folder.

    Who can read those is decided by access lists of others, which are not examined.
    """
    if sys.platform == "win32":
        existing = [path for path in paths if os.path.exists(path)]  # noqa: PTH110  never raises
        return [path for path in existing if not _real_path(path).is_relative_to(_real_path(Path.home()))]
    return []


def _real_path(path: str | Path) -> Path:
    """A path of Windows without links, short names and the mark of a long path."""
    return Path(os.path.realpath(path).removeprefix("\\\\?\\"))
