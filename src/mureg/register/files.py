"""Files that are there as a whole or not at all, and that only their owner reads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mureg.errors import RegisterUnusable, msg

# What SQLite keeps beside a file. Left behind by a file that was moved away, it would be played into the next one.
_REMAINS = ("-wal", "-shm", "-journal")


@contextmanager
def new_file(path: str) -> Iterator[Path]:
    """A temporary file beside the path, readable by its owner only, that takes the name when all went well."""
    file = Path(path)
    temporary = file.with_name(f".{file.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for suffix in ("", *_REMAINS):
            if Path(path + suffix).exists():
                raise _taken(path + suffix)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise _unmakeable(path, error) from None
    try:
        yield temporary
        try:
            _put(temporary, file)
        except OSError as error:
            raise _unmakeable(path, error) from None
    finally:
        for suffix in ("", *_REMAINS):
            with suppress(OSError):
                temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)


def _put(temporary: Path, file: Path) -> None:
    """Give a file its name, for good, unless another has taken the name meanwhile."""
    _settle(temporary)
    try:
        os.link(temporary, file)
    except FileExistsError:
        raise _taken(str(file)) from None
    except OSError:
        # A file system without hard links; Windows would refuse to rename over a file anyway.
        if file.exists():
            raise _taken(str(file)) from None
        temporary.rename(file)
    with suppress(OSError):  # Windows knows no such thing, and some file systems refuse it
        _settle(file.parent)


def _settle(path: Path) -> None:
    """Have it written to the disk itself."""
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def free_name(path: str) -> str:
    """The path, or one like it that nothing has."""
    name, number = path, 1
    while Path(name).exists():
        number += 1
        name = f"{path}-{number}"
    return name


def _taken(path: str) -> RegisterUnusable:
    return RegisterUnusable(
        msg("{path} is there already: it is not written over", path=path), msg("choose another name")
    )


def _unmakeable(path: str, error: OSError) -> RegisterUnusable:
    return RegisterUnusable(
        msg("a register cannot be made at {path}: {reason}", path=path, reason=error.strerror or str(error)),
        msg("choose another place: --db PATH"),
    )
