"""Compiles shim.c, and speaks with the processes that have it loaded."""

import shutil
import socket
import struct
import subprocess
import sys
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

_SOURCE = Path(__file__).with_name("shim.c")
_REQUEST, _REPLY = struct.Struct("=iiqqqii"), struct.Struct("=iiqq")
GO, DIE, SHORT = 0, -1, -2


class What(IntEnum):
    """The calls, as shim.c numbers them."""

    HELLO = 0
    OPEN = 1
    READ = 2
    WRITE = 3
    SYNC = 4
    TRUNCATE = 5
    UNLINK = 6
    RENAME = 7
    LINK = 8
    MKDIR = 9
    LOCK = 10
    SLEEP = 11
    IS_ALIVE = 12
    EXIT = 13


class Request(NamedTuple):
    """A call that waits for its reply. `flags` is also the code of an exit, `length` also how long to sleep, in ns."""

    what: What
    flags: int
    handle: int
    offset: int
    length: int
    path: str
    other: str
    data: bytes


def why_not() -> str | None:
    """Why nothing can be simulated here; `None` where it can."""
    if sys.platform != "linux":
        return "the shim in front of the system's calls is for Linux"
    if shutil.which("cc") is None:
        return "no C compiler (cc) to compile the shim in front of the system's calls"
    return None


def compiled(folder: Path) -> Path:
    """The shared library."""
    made = folder / "shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made, _SOURCE], check=True)
    return made


def next_request(connection: socket.socket) -> Request | None:
    """The next call of a process; `None` where it has ended."""
    try:
        head = _received(connection, _REQUEST.size)
        if head is None:
            return None
        what, flags, handle, offset, length, path, other = _REQUEST.unpack(head)
        name, new_name = ((_received(connection, size) or b"").decode() if size else "" for size in (path, other))
        data = _received(connection, length) if what == What.WRITE and length else b""
    except ConnectionError:
        return None
    return Request(What(what), flags, handle, offset, length, name, new_name, data or b"")


def reply(connection: socket.socket, action: int, value: int, now: int) -> None:
    """Let a call go on, fail, or die."""
    connection.sendall(_REPLY.pack(action, 0, value, now))


def _received(connection: socket.socket, size: int) -> bytes | None:
    parts = []
    while size:
        part = connection.recv(size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
