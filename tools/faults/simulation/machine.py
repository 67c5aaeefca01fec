"""A computer whose disk, clock and scheduler follow one seed: one process runs at a time, from call to call."""

import ctypes
import errno
import json
import os
import socket
import subprocess
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from faults.simulation.disk import Disk, File
from faults.simulation.shim import DIE, GO, SHORT, Request, What, next_request, reply

_CAN_FAIL = {What.READ, What.WRITE, What.SYNC, What.TRUNCATE, What.OPEN, What.UNLINK, What.RENAME, What.LINK}
_NEEDS_ROOM = {What.WRITE, What.TRUNCATE}
_SAME_ADDRESSES = 0x0040000
_MOST_NANOSECONDS = 2_000_000
_NEVER = 1 << 62


class Faults(NamedTuple):
    """What goes wrong, at which call of a process, or of the whole computer."""

    power_lost_at: int | None = None
    disk_full_from: int | None = None
    """From this call of the computer on."""
    dies_at: Mapping[int, int] = MappingProxyType({})
    """Process → its call."""
    fails_at: Mapping[int, int] = MappingProxyType({})
    """Process → its call; the first one from it on that can fail does, with EIO."""


class PowerLost(Exception):
    """The computer has stopped."""


class Process:
    """A process, and the call that it waits to make. `wakes_at` is set while it sleeps."""

    def __init__(self, number: int, connection: socket.socket, request: Request | None) -> None:
        self.number = number
        self.connection = connection
        self.request = request
        self.wakes_at = 0
        self.calls = 0
        self.has_failed = False
        self.code: int | None = None
        self.handles: dict[int, File | None] = {}
        """Its open files; `None` is the folder."""


class Programs:
    """The process from which all others are forked."""

    def __init__(self, shim: Path, folder: Path) -> None:
        self.folder = folder
        self._listening = socket.socket(socket.AF_UNIX)
        self._address = str(folder / "harness")
        self._listening.bind(self._address)
        self._listening.listen()
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("process.py"))],
            env=os.environ | {"PYTHONPATH": paths, "LD_PRELOAD": str(shim), "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE, text=True, encoding="utf-8",
            preexec_fn=lambda: ctypes.CDLL(None).personality(_SAME_ADDRESSES),  # noqa: PLW1509  no threads here
        )  # fmt: skip

    def start(self, number: int, words: list[str], watched: Path, office: Path, variables: dict[str, str]) -> Process:
        """A new process, before its first call."""
        out, err = (str(self.folder / f"{number}.{what}") for what in ("out", "err"))
        order = {"number": number, "words": words, "folder": str(watched), "office": str(office), "out": out,
                 "err": err, "variables": variables, "harness": self._address}  # fmt: skip
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        connection, _ = self._listening.accept()
        return Process(number, connection, next_request(connection))

    def printed(self, process: Process) -> tuple[str, str]:
        """What a process printed."""
        out, err = (self.folder / f"{process.number}.{what}" for what in ("out", "err"))
        return out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._listening.close()


class Machine:
    """Runs processes on the files of a folder. `log` has every call."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self._folder = folder
        self._chance = chance
        self._alive: dict[int, Process] = {}
        self._next_handle = 0
        self.now = 0
        self.calls = 0
        self.faults = Faults()
        self.log: list[str] = []
        self.disk = Disk({path.name: path.read_bytes() for path in folder.iterdir()})

    def boot(self, files: dict[str, bytes], faults: Faults) -> None:
        """Begin anew with what was on the disk."""
        for path in self._folder.iterdir():
            path.unlink()
        for name, content in files.items():
            (self._folder / name).write_bytes(content)
            (self._folder / name).chmod(0o600)
        self.disk = Disk(files)
        self.faults, self.calls = faults, 0

    def add(self, process: Process) -> None:
        """Let a process run beside the others."""
        self._alive[process.number] = process

    def is_ready(self, process: Process) -> bool:
        """Whether it need not sleep."""
        return process.wakes_at <= self.now

    def wake_next(self) -> None:
        """All sleep: let the time pass."""
        self.now = min(process.wakes_at for process in self._alive.values())

    def step(self, process: Process) -> bool:
        """Let a process make its call, and run to its next one; whether it has ended. Raises `PowerLost`."""
        request = process.request
        assert request is not None
        self.calls += 1
        process.calls += 1
        self.now += self._chance.randrange(_MOST_NANOSECONDS)
        action, value = self._decided(process, request)
        digest = f" {zlib.crc32(request.data):08x}" if request.data else ""
        self.log.append(
            f"{process.number} {request.what.name} {self._name(request.path)} {self._name(request.other)}"
            f" {request.handle} {request.offset} {request.length}{digest} → {action} {value}"
        )
        if action == DIE and self.calls == self.faults.power_lost_at:
            self.stop()
            raise PowerLost
        if request.what == What.EXIT:
            process.code = request.flags
        process.wakes_at = self.now + request.length if request.what == What.SLEEP else 0
        reply(process.connection, action, value, self.now)
        process.request = next_request(process.connection)
        if process.request is None:
            process.connection.close()
            del self._alive[process.number]
        return process.request is None

    def stop(self) -> None:
        """End all processes at once."""
        for process in self._alive.values():
            reply(process.connection, DIE, 0, self.now)
            while next_request(process.connection) is not None:
                pass
            process.connection.close()
        self._alive.clear()

    def _decided(self, process: Process, request: Request) -> tuple[int, int]:
        if self.calls == self.faults.power_lost_at or process.calls == self.faults.dies_at.get(process.number):
            return DIE, 0
        if request.what == What.HELLO:
            return GO, self._chance.getrandbits(62)
        if request.what == What.IS_ALIVE:
            return (GO if request.handle in self._alive else errno.ESRCH), 0
        if not process.has_failed and process.calls >= self.faults.fails_at.get(process.number, _NEVER):
            process.has_failed = self._can_fail(process, request)
            if process.has_failed:
                return errno.EIO, 0
        if self.faults.disk_full_from is not None and self.calls >= self.faults.disk_full_from:
            return self._done_on_full_disk(process, request)
        return GO, self._done(process, request)

    def _done_on_full_disk(self, process: Process, request: Request) -> tuple[int, int]:
        """What a file holds can be written over, and no more."""
        file = process.handles.get(request.handle)
        if request.what not in _NEEDS_ROOM or file is None or _end(request) <= len(file.content):
            return GO, self._done(process, request)
        room = len(file.content) - request.offset
        if request.what != What.WRITE or room <= 0:
            return errno.ENOSPC, 0
        file.write(request.offset, request.data[:room])
        return SHORT, room

    def _can_fail(self, process: Process, request: Request) -> bool:
        """Whether a call can fail. SQLite ignores it where a folder cannot be synced: then nothing would be certain."""
        is_folder = request.path == str(self._folder) or process.handles.get(request.handle, self) is None
        return request.what in _CAN_FAIL and not is_folder

    def _done(self, process: Process, request: Request) -> int:
        """Do on our disk what the kernel will do; the new handle of an opened file."""
        name, other = self._name(request.path), self._name(request.other)
        file = process.handles.get(request.handle)
        match request.what:
            case What.OPEN:
                return self._opened(process, name, request.flags)
            case What.WRITE if file is not None:
                file.write(request.offset, request.data)
            case What.TRUNCATE if file is not None:
                file.truncate(request.length)
            case What.SYNC if file is not None:
                file.sync()
            case What.SYNC:
                self.disk.sync_names()
            case What.UNLINK if name in self.disk.names:
                self.disk.change_names({name: None})
            case What.RENAME if name in self.disk.names:
                self.disk.change_names({name: None, other: self.disk.names[name]})
            case What.LINK if name in self.disk.names and other not in self.disk.names:
                self.disk.change_names({other: self.disk.names[name]})
        return 0

    def _opened(self, process: Process, name: str, flags: int) -> int:
        if name and name not in self.disk.names:
            if not flags & os.O_CREAT:
                return 0
            self.disk.change_names({name: File()})
        elif name and flags & os.O_TRUNC and not flags & os.O_EXCL:
            self.disk.names[name].truncate(0)
        self._next_handle += 1
        process.handles[self._next_handle] = self.disk.names[name] if name else None
        return self._next_handle

    def _name(self, path: str) -> str:
        """The name in the folder; empty for the folder itself."""
        return path.removeprefix(str(self._folder)).removeprefix("/")

    def differences(self) -> list[str]:
        """Where our disk is not the folder. SQLite's index of its log is written through memory, which is not seen."""
        real = {path.name: path.read_bytes() for path in self._folder.iterdir()}
        ours = {name: bytes(file.content) for name, file in self.disk.names.items()}
        names = real.keys() | ours.keys()
        return [name for name in names if real.get(name) != ours.get(name) and not name.endswith("-shm")]


def _end(request: Request) -> int:
    return request.length if request.what == What.TRUNCATE else request.offset + len(request.data)
