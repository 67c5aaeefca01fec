"""Where mureg.toml is, and the one value of it that every command needs: the register.

Commands that neither price nor read tables go no further than this module, so it imports no parser of TOML, no
pydantic and no contract. `mureg.settings.reading` reads the rest.
"""

from collections.abc import Mapping
from pathlib import Path

from mureg.domain.text import is_plain
from mureg.errors import Rejected, msg

FILE_NAME = "mureg.toml"
LARGEST_BYTES = 1 << 16


def find_config(explicit: str | None, environment: Mapping[str, str], folder: Path) -> Path | None:
    """The settings file in use, or `None` where there is none.

    `--config`, else MUREG_CONFIG, else mureg.toml of the folder, else of the user's configuration folder. One that was
    named and is not there raises `Rejected`.
    """
    named = explicit if explicit is not None else environment.get("MUREG_CONFIG") or None
    if named is not None:
        file = folder / named
        if not _stands(file):
            raise no_file(file)
        return file
    local = folder / FILE_NAME
    if _stands(local):
        return local
    # Imported here: it costs more than reading the file does, and most people have one in their folder.
    from platformdirs import user_config_path  # noqa: PLC0415

    # Roaming: on Windows the settings follow the person; the register, which is large, stays on the machine.
    common = user_config_path("mureg", appauthor=False, roaming=True) / FILE_NAME
    return common if _stands(common) else None


def default_register() -> Path:
    """The register in the user's data folder, for those who named none."""
    # Imported here: whoever names a register does not wait for it.
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path("mureg", appauthor=False) / "mureg.db"


def read_db(file: Path) -> str | None:
    """The value of `db` alone: an absolute path, or an address with `://` as it is; `None` where it is not set.

    A relative path counts from the file's folder. Raises `Rejected` where `db` is no path; other faults of the file
    are left to `read_settings`, and so is all that follows a `db` in the first line.
    """
    db = _first_setting(file)
    if db is None:
        # Imported here: a parser of TOML costs as much as all else that a reading command loads of its own.
        from mureg.settings.toml import db_of  # noqa: PLC0415

        db = db_of(file)
    if db is None:
        return None
    return db if "://" in db else str((file.parent / db).absolute())


def _first_setting(file: Path) -> str | None:
    """The `db` of a file that begins with it, written plainly, as most do; `None` means that a parser has to look."""
    try:
        with file.open(encoding="utf-8-sig") as stream:
            text = stream.read(LARGEST_BYTES)
    except (OSError, ValueError):
        return None
    for line in text.splitlines():
        if line and not line.isspace() and not line.lstrip().startswith("#"):
            break
    else:
        return None
    key, _, rest = line.partition("=")
    quote, _, rest = rest.partition('"')
    db, _, rest = rest.partition('"')
    is_plainly_written = key.strip() == "db" and not quote.strip() and rest.lstrip()[:1] in ("", "#")
    return db if is_plainly_written and db.strip() and is_plain(db) and "\\" not in db else None


def _stands(file: Path) -> bool:
    """Whether the file is there. One that is there and cannot be looked at is: reading it will say why."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def no_file(file: Path) -> Rejected:
    """The error of a settings file that was named and is not there."""
    return Rejected(
        msg("there is no settings file {file}", file=str(file)),
        msg("make one: mureg init, or name another: mureg --config FILE"),
    )
