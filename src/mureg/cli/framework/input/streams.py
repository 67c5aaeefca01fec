"""Input that can be read only once, copied so that readers may seek in it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from mureg.errors import NotFound, Rejected, msg
from mureg.lazy_imports import lazy_imports
from mureg.readers.errors import too_many_bytes
from mureg.readers.types import Limits

with lazy_imports():
    import tempfile

    from mureg import system_errors

_IN_MEMORY_BYTES = 1 << 20


@contextmanager
def opened(path: str, limits: Limits) -> Iterator[BinaryIO]:
    """A file that was named, to seek in. Raises `NotFound`, and `Rejected` for more bytes than a file may have."""
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  closed below; only opening may fail here
    except FileNotFoundError:
        raise NotFound(msg("no such file: {path}", path=path), msg("check the name and the folder")) from None
    except OSError as error:
        raise unreadable(path, error) from None
    with stream, seekable(path, stream, limits) as file:
        yield file


def unreadable(path: str, error: OSError) -> Rejected:
    """The error of a file that exists and cannot be read."""
    return Rejected(
        msg("cannot read {path}: {reason}", path=path, reason=system_errors.reason_of(error)),
        msg("check that you can read the file and that no other program is using it"),
    )


@contextmanager
def seekable(name: str, stream: BinaryIO, limits: Limits) -> Iterator[BinaryIO]:
    """The stream itself where it is a regular file; else, as for `<(…)` or a device, a copy. Raises `Rejected`."""
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        yield stream
        return
    with spooled(name, stream, limits) as copy:
        yield copy


@contextmanager
def spooled(name: str, stream: BinaryIO, limits: Limits) -> Iterator[BinaryIO]:
    """A copy of a stream that can only be read once. Raises `Rejected` for more bytes than a file may have."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spool:
        size = 0
        while block := stream.read(_IN_MEMORY_BYTES):
            size += len(block)
            if size > limits.file_bytes:
                raise too_many_bytes(name, limits.file_bytes)
            spool.write(block)
        spool.seek(0)
        yield cast("BinaryIO", spool)
