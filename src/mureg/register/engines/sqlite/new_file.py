"""A new file of a register: there as a whole or not at all, and only its owner can read it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mureg.errors import RegisterUnusable, msg
from mureg.register.engines.address import require_name
from mureg.register.engines.database import already_there
from mureg.register.engines.sqlite.place import require_local
from mureg.safe_files import SQLITE_SUFFIXES, make_file, make_folder, rename_new, temporary_path
from mureg.system_errors import reason_of


@contextmanager
def writing(path: str) -> Iterator[Path]:
    """A temporary file beside the path, readable by its owner only, that takes the name when all went well."""
    require_name(path)
    require_local(Path(path))
    file = Path(path)
    temporary = temporary_path(file)
    try:
        make_folder(file.parent)
        # Left by a file that was moved away, they would be applied to the new one.
        for suffix in ("", *SQLITE_SUFFIXES):
            if Path(path + suffix).exists():
                raise already_there(path + suffix)
        make_file(temporary)
    except OSError as error:
        raise _not_made(path, error) from None
    try:
        yield temporary
        try:
            rename_new(temporary, file)
        except FileExistsError:
            raise already_there(path) from None
        except OSError as error:
            raise _not_made(path, error) from None
    finally:
        for suffix in ("", *SQLITE_SUFFIXES):
            with suppress(OSError):
                temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)


def free_name(path: str) -> str:
    """The path, or one like it that nothing has."""
    name, number = path, 1
    while Path(name).exists():
        number += 1
        name = f"{path}-{number}"
    return name


def _not_made(path: str, error: OSError) -> RegisterUnusable:
    return RegisterUnusable(
        msg("cannot create a register at {path}: {reason}", path=path, reason=reason_of(error)),
        msg("choose another place: --db PATH"),
    )
