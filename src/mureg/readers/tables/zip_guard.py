"""A ZIP that every program reads alike: what is checked here is what calamine opens.

Python's zipfile reads as many bytes of an entry as its header states, calamine's reader up to the end of the data. If
an archive has two directories, or a wrong offset, they may use different directories. Such archives are refused.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_BLOCK_BYTES = 1 << 20
_LARGEST_DIRECTORY_BYTES = 1 << 20
_END = struct.Struct("<4s4H2LH")
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64_BYTES = 56
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 1


class Archive:
    """The entries of a ZIP by their names. Raises `zipfile.BadZipFile` for an archive that no office program writes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        _check_end(stream)
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
        self._entries = {entry.filename: entry for entry in entries}
        if len({name.replace("\\", "/").lower() for name in self._entries}) < len(entries):
            raise zipfile.BadZipFile

    @property
    def names(self) -> list[str]:
        """The paths inside the archive."""
        return list(self._entries)

    @property
    def unpacked_bytes(self) -> int:
        """The unpacked size of all entries, as the directory states it."""
        return sum(entry.file_size for entry in self._entries.values())

    def size(self, name: str) -> int:
        """The unpacked size of an entry; `blocks` fails where it has another. Raises `KeyError`."""
        return self._entries[name].file_size

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of an entry, up to the end of its data."""
        entry = self._entries[name]
        if entry.flag_bits & _ENCRYPTED:
            raise zipfile.BadZipFile
        left, check = entry.file_size, 0
        for block in _unpacked(entry, self._raw(entry)):
            left -= len(block)
            check = zlib.crc32(block, check)
            if left < 0:
                raise zipfile.BadZipFile
            yield block
        if left or check != entry.CRC:
            raise zipfile.BadZipFile

    def _raw(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The packed bytes of an entry."""
        self._stream.seek(entry.header_offset)
        signature, *_, name_bytes, extra_bytes = _LOCAL.unpack(_exactly(self._stream, _LOCAL.size))
        if signature != b"PK\x03\x04":
            raise zipfile.BadZipFile
        at, left = entry.header_offset + _LOCAL.size + name_bytes + extra_bytes, entry.compress_size
        while left:
            self._stream.seek(at)
            block = _exactly(self._stream, min(left, _BLOCK_BYTES))
            at, left = at + len(block), left - len(block)
            yield block


def _unpacked(entry: zipfile.ZipInfo, raw: Iterator[bytes]) -> Iterator[bytes]:
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from raw
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for packed in raw:
        rest = packed
        while rest and not unpacker.eof:
            if block := unpacker.decompress(rest, _BLOCK_BYTES):
                yield block
            rest = unpacker.unconsumed_tail
    # The rest of the output, in blocks of the same size.
    while not unpacker.eof and (block := unpacker.decompress(b"", _BLOCK_BYTES)):
        yield block
    if not unpacker.eof:
        raise zipfile.BadZipFile


def _check_end(stream: BinaryIO) -> None:
    """Refuse an archive that could be read in two ways, and one with more entries than any workbook has."""
    end = stream.seek(0, 2) - _END.size
    stream.seek(max(end, 0))
    signature, *_, size, offset, comment = _END.unpack(_exactly(stream, _END.size))
    if signature != b"PK\x05\x06" or comment:
        raise zipfile.BadZipFile
    directory_end = end
    if end >= _END_64_LOCATOR.size + _END_64_BYTES:
        stream.seek(end - _END_64_LOCATOR.size)
        signature, _, place, _ = _END_64_LOCATOR.unpack(_exactly(stream, _END_64_LOCATOR.size))
        if signature == b"PK\x06\x07":
            directory_end = end - _END_64_LOCATOR.size - _END_64_BYTES
            stream.seek(directory_end)
            record = _exactly(stream, _END_64_BYTES)
            if place != directory_end or not record.startswith(b"PK\x06\x06"):
                raise zipfile.BadZipFile
            size, offset = struct.unpack_from("<2Q", record, 40)
    if offset + size != directory_end or size > _LARGEST_DIRECTORY_BYTES:
        raise zipfile.BadZipFile


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise zipfile.BadZipFile
    return content
