"""Where the file of a register may lie: under one name, on a disk of this computer."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mureg.command_hints import quoted
from mureg.errors import RegisterUnusable, msg
from mureg.safe_files import delete_abandoned

if sys.platform == "win32":
    import ctypes

# Linux's list of mounts.
_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs"}
# Windows: the answer of GetDriveTypeW.
_DRIVE_REMOTE = 4
_LONG_MARK = "\\\\?\\"
# Of 259 characters, SQLite's files beside the register need some.
_LONGEST_WITHOUT_MARK = 250
_LINK_TRIES, _LINK_PAUSE_SECONDS = 10, 0.05


def require_local(path: Path) -> None:
    """Raise `RegisterUnusable` on a network drive: SQLite's locks and its log are not safe between computers there."""
    if _is_remote(path):
        raise RegisterUnusable(
            msg("the register {path} is on a network drive, where it could be damaged", path=str(path)),
            msg("when no command is using it, copy it to a disk of this computer and use that one: --db PATH; "
                "for several computers use a server: mureg copy PATH postgresql://user@host/base"),
        )  # fmt: skip


def require_one_link(path: Path) -> None:
    """Raise `RegisterUnusable` where the file has a second name: SQLite's log beside that one would not be seen here.

    For a moment a new register has two names, and a command that was killed then leaves the second one.
    """
    for _ in range(_LINK_TRIES):
        with suppress(OSError):
            delete_abandoned(path)
        if path.stat().st_nlink == 1:
            return
        time.sleep(_LINK_PAUSE_SECONDS)
    find = "fsutil hardlink list" if sys.platform == "win32" else "find / -samefile"
    raise RegisterUnusable(
        msg("the register {path} has a second name, a hard link: what is written under one can be lost under the other",
            path=str(path)),
        msg("keep one name and delete the other when no command is running: {find} {path}",
            find=find, path=quoted(str(path))),
    )  # fmt: skip


def require_no_mount(path: Path) -> None:
    """Raise `RegisterUnusable` where the file alone is mounted: its log then lies in another folder than ours."""
    whole = os.path.realpath(path)
    if any(mount == whole for mount, _ in _mounts()):
        raise RegisterUnusable(
            msg("the register {path} is mounted as a single file, apart from SQLite's files beside it", path=str(path)),
            msg("mount the folder of the register instead"),
        )


def whole_path(path: Path) -> Path:
    """The absolute path without links. On Windows a drive letter stays, and the mark of a long path goes."""
    if sys.platform == "win32":
        text = os.path.abspath(path)  # noqa: PTH100  `resolve` makes a network path of a drive letter
        is_long = re.match(r"\\\\\?\\[A-Za-z]:", text)
        return Path(text[4:] if is_long else text)
    # `Path.resolve` fails where links lead in a circle, up to Python 3.12: opening the file says so better.
    return Path(os.path.realpath(path))


def address_of(path: Path) -> str:
    """SQLite's address of a file on this computer. From Python 3.14 on `Path.as_uri` loads HTTP and TLS.

    On Windows a long path has the mark of one: without it many machines find none.
    """
    whole = whole_path(path)
    start, text = "file:///", whole.as_posix().lstrip("/")
    if sys.platform == "win32" and len(str(whole)) > _LONGEST_WITHOUT_MARK:
        start, text = "file:", f"{_LONG_MARK}{whole}"
    return start + text.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _is_remote(path: Path) -> bool:
    if sys.platform == "win32":
        names = [str(whole_path(path))]
        with suppress(OSError):
            # A link may lead to another computer, too.
            names.append(os.path.realpath(path))
        for each in names:
            is_share = re.match(r"\\\\(?![?.]\\)|\\\\[?.]\\UNC\\", each, re.IGNORECASE)
            if is_share or ctypes.windll.kernel32.GetDriveTypeW(f"{os.path.splitdrive(each)[0]}\\") == _DRIVE_REMOTE:
                return True
        return False
    whole = f"{os.path.realpath(path)}/"
    above = [(mount, kind) for mount, kind in _mounts() if whole.startswith(f"{mount.rstrip('/')}/")]
    _, kind = max(above, key=lambda each: len(each[0]), default=("", ""))
    return kind in _NETWORK_FILE_SYSTEMS


def _mounts() -> Iterator[tuple[str, str]]:
    """Linux's mounts: where each is, and the kind of its file system. None on other systems."""
    with suppress(OSError), _MOUNTS.open(encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            mounted, _, rest = line.partition(" - ")
            yield _unescaped(mounted.split(" ")[4]), rest.partition(" ")[0]


def _unescaped(path: str) -> str:
    """A path of the list of mounts, where spaces and the like are written as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), path)
