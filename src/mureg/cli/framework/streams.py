"""Input that can be read once only, as a file that readers may look at from both ends."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from mureg.readers.errors import too_many_bytes
from mureg.readers.types import Limits

_IN_MEMORY_BYTES = 1 << 20


@contextmanager
def whole(name: str, stream: BinaryIO, limits: Limits) -> Iterator[BinaryIO]:
    """The stream of a file; a copy of what a shell puts in the place of `<(…)`, or of a device. Raises `Rejected`."""
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        yield stream
        return
    with spooled(name, stream, limits) as copy:
        yield copy


@contextmanager
def spooled(name: str, stream: BinaryIO, limits: Limits) -> Iterator[BinaryIO]:
    """A copy of a stream that can only be read once. Raises `Rejected` for more bytes than a file may have."""
    from tempfile import SpooledTemporaryFile  # noqa: PLC0415  slow to load, and rarely needed

    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spool:
        size = 0
        while block := stream.read(_IN_MEMORY_BYTES):
            size += len(block)
            if size > limits.file_bytes:
                raise too_many_bytes(name, limits.file_bytes)
            spool.write(block)
        spool.seek(0)
        yield cast("BinaryIO", spool)
