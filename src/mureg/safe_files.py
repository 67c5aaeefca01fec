"""Files and folders that their owner alone reads, from the first moment on, whatever the umask.

On Windows the access list of the profile's folder says who reads what is made in it.
"""

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
_OTHERS = 0o077
# Names of streams, which may lead to files.
_STREAMS = ("/dev/std", "/dev/fd/", "/proc/")
# Of Windows.
_MAY_ASK, _NO_SUCH_PROCESS = 0x1000, 87


def make_folder(folder: Path) -> None:
    """Make what is missing of a folder's path. Raises `OSError`."""
    missing = [folder]
    while not missing[-1].exists() and missing[-1] != missing[-1].parent:
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        # Made by somebody else meanwhile, it is as good.
        each.mkdir(mode=0o700, exist_ok=True)


def make_file(file: Path) -> None:
    """Make an empty file. Raises `OSError`, where there is one as well."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))


def name_beside(file: Path) -> Path:
    """A name in the same folder that nothing else has; what killed processes left there of such names is cleared away.

    It tells the machine and the process that made it: what belongs to a living process, to another machine that uses
    the same folder, or to anything but mureg, is never touched.
    """
    with suppress(OSError):
        _clear_away(file)
    return file.with_name(f".{file.name}.{_machine()}-{os.getpid()}-{os.urandom(4).hex()}")


def _clear_away(file: Path) -> None:
    ours = re.compile(
        rf"\.{re.escape(file.name)}\.{_machine()}-([0-9]+)-[0-9a-f]{{8}}(?:-wal|-shm|-journal)?", re.ASCII
    )
    with os.scandir(file.parent) as entries:
        left = [(entry.path, match) for entry in entries if (match := ours.fullmatch(entry.name))]
    for path, match in left:
        if not _is_alive(int(match[1])):
            with suppress(OSError):
                Path(path).unlink()


def _machine() -> str:
    """Eight digits for where the numbers of processes count: a machine, or a container of it."""
    name = os.uname().nodename if os.name == "posix" else os.environ.get("COMPUTERNAME", "")
    with suppress(OSError):
        name += str(Path("/proc/self/ns/pid").stat().st_ino)
    return f"{crc32(name.encode()):08x}"


def _is_alive(process: int) -> bool:
    """Whether there may be a process of this number; also where we may not know."""
    if sys.platform == "win32":
        # os.kill would end it.
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_MAY_ASK, False, process)  # noqa: FBT003  the system's own signature
        if handle:
            kernel.CloseHandle(handle)
        return bool(handle) or kernel.GetLastError() != _NO_SUCH_PROCESS
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet: the whole of it, or none. Raises `OSError`."""
    with _written_beside(file, content) as temporary:
        put_new(temporary, file)


def write_over(file: Path, content: bytes) -> None:
    """Write a file, in the place of one that is there: the whole of it, or the old one stays. Raises `OSError`."""
    if (file.exists() and not file.is_file()) or str(file).startswith(_STREAMS):
        # A device, or a stream of somebody's: nothing can take its place, nor the place of what went into it before.
        with file.open("ab") as stream:
            stream.write(content)
        return
    # What a link leads to is written, and the link stays.
    file = file.resolve()
    with _written_beside(file, content) as temporary:
        temporary.replace(file)


@contextmanager
def _written_beside(file: Path, content: bytes) -> Iterator[Path]:
    temporary = name_beside(file)
    try:
        make_file(temporary)
        temporary.write_bytes(content)
        settle(temporary)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def put_new(temporary: Path, file: Path) -> None:
    """Give a file its name, for good. Raises `FileExistsError` where another has taken the name meanwhile."""
    settle(temporary)
    try:
        os.link(temporary, file)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links; Windows would refuse to rename over a file anyway.
        if file.exists():
            raise FileExistsError from None
        temporary.rename(file)
    with suppress(OSError):  # Windows knows no such thing, and some file systems refuse it
        settle(file.parent)


def settle(path: Path) -> None:
    """Have it written to the disk itself."""
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def open_to_others(paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Of those that are there, the files that others may read or change, with their modes."""
    if os.name != "posix":
        return
    for path in paths:
        with suppress(OSError):
            mode = stat.S_IMODE(Path(path).stat().st_mode)
            if mode & _OTHERS:
                yield path, mode
