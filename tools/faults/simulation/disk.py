"""A disk that forgets: what is on it for certain, and what would be after a loss of power now.

What was written to a file is certain when the file was synced, and a name when its folder was. Until then any part of
it may be there, in any order, and of one write any of its sectors.
"""

from random import Random
from typing import NamedTuple

_SECTOR = 512
_HOWS = ("nothing", "everything", "a beginning", "anything", "anything")


class Write(NamedTuple):
    """Bytes written to a file."""

    offset: int
    data: bytes


class File:
    """What a file holds: for its readers, and on the disk for certain."""

    def __init__(self, content: bytes = b"") -> None:
        self.content = bytearray(content)
        self._certain = content
        self._pending: list[Write | int] = []

    def write(self, offset: int, data: bytes) -> None:
        """Write bytes."""
        _write(self.content, offset, data)
        self._pending.append(Write(offset, data))

    def truncate(self, length: int) -> None:
        """Cut the file, or make it longer."""
        _truncate(self.content, length)
        self._pending.append(length)

    def sync(self) -> None:
        """Make it certain."""
        self._certain = bytes(self.content)
        self._pending.clear()

    def after_power_loss(self, chance: Random) -> bytes:
        """What may be on the disk."""
        content, how = bytearray(self._certain), chance.choice(_HOWS)
        kept = {"nothing": 0, "a beginning": chance.randint(0, len(self._pending))}.get(how, len(self._pending))
        fills_with_garbage = chance.random() < 0.25
        for change in self._pending[:kept]:
            if how == "anything" and chance.random() < 0.5:
                if isinstance(change, Write):
                    _write_torn(content, change, chance, fills_with_garbage=fills_with_garbage)
            elif isinstance(change, Write):
                _write(content, *change)
            else:
                _truncate(content, change)
        return bytes(content)


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _truncate(content: bytearray, length: int) -> None:
    del content[length:]
    content.extend(bytes(length - len(content)))


def _write_torn(content: bytearray, change: Write, chance: Random, *, fills_with_garbage: bool) -> None:
    """Write some of the sectors. Where the file grew, a sector that was not written may hold anything."""
    before = len(content)
    is_whole_lost = chance.random() < 0.3
    for start in range(0, len(change.data), _SECTOR):
        part, offset = change.data[start : start + _SECTOR], change.offset + start
        if not is_whole_lost and chance.random() < 0.5:
            _write(content, offset, part)
        elif fills_with_garbage and offset >= before:
            _write(content, offset, chance.randbytes(len(part)))


class Disk:
    """One folder of files."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.names = {name: File(content) for name, content in files.items()}
        self._certain = dict(self.names)
        self._pending: list[dict[str, File | None]] = []

    def change_names(self, changes: dict[str, File | None]) -> None:
        """Give and take names, all at once."""
        _change(self.names, changes)
        self._pending.append(changes)

    def sync_names(self) -> None:
        """Make the names certain."""
        self._certain = dict(self.names)
        self._pending.clear()

    def after_power_loss(self, chance: Random) -> dict[str, bytes]:
        """The files that may be there."""
        names, how = dict(self._certain), chance.choice(_HOWS)
        kept = {"nothing": 0, "a beginning": chance.randint(0, len(self._pending))}.get(how, len(self._pending))
        for changes in self._pending[:kept]:
            if how != "anything" or chance.random() < 0.5:
                _change(names, changes)
        # A file with two names is one file.
        contents = {id(file): file.after_power_loss(chance) for file in names.values()}
        return {name: contents[id(file)] for name, file in names.items()}


def _change(names: dict[str, File], changes: dict[str, File | None]) -> None:
    for name, file in changes.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file
