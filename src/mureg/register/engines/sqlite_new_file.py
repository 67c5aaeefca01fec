"""Registers' files: there as a whole or not at all, and only their owner reads them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mureg.errors import RegisterUnusable, msg
from mureg.safe_files import make_file, make_folder, rename_new, temporary_path

# What SQLite keeps beside a file. Left behind by a file that was moved away, it would be played into the next one.
REMAINS = ("-wal", "-shm", "-journal")


@contextmanager
def new_file(path: str) -> Iterator[Path]:
    """A temporary file beside the path, readable by its owner only, that takes the name when all went well."""
    file = Path(path)
    temporary = temporary_path(file)
    try:
        make_folder(file.parent)
        for suffix in ("", *REMAINS):
            if Path(path + suffix).exists():
                raise _taken(path + suffix)
        make_file(temporary)
    except OSError as error:
        raise _unmakeable(path, error) from None
    try:
        yield temporary
        try:
            rename_new(temporary, file)
        except FileExistsError:
            raise _taken(path) from None
        except OSError as error:
            raise _unmakeable(path, error) from None
    finally:
        for suffix in ("", *REMAINS):
            with suppress(OSError):
                temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)


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
