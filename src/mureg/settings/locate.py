"""Finds mureg.toml, and in it the one value that every command needs: the register.

Most commands need nothing else of the file, so this module loads no parser of TOML and no contract.
`mureg.settings.reading` reads the whole file.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mureg.domain.text import is_plain
from mureg.errors import Message, Rejected, msg
from mureg.lazy_imports import lazy_imports
from mureg.safe_files import exists

with lazy_imports():
    import platformdirs

    from mureg.settings import toml

FILE_NAME = "mureg.toml"
REGISTER_NAME = "mureg.db"
LARGEST_BYTES = 1 << 16
# libpq's own parameter; of several with one name the last one counts.
NO_CLEAR_TEXT = "require_auth=!password"


class FoundConfig(NamedTuple):
    """The settings file in use, if there is one, and the one that was found and is not followed."""

    file: Path | None
    not_followed: Path | None = None
    is_the_users: bool = True
    """Whether the user named the file, or it is in the user's configuration folder."""


def find_config(explicit: str | None, environment: Mapping[str, str], folder: Path) -> FoundConfig:
    """Find the settings file.

    `--config` (`explicit`), else MUREG_CONFIG, else mureg.toml in the folder or the nearest one above it, else in the
    user's configuration folder. One that was found so and belongs to another user is not followed: it could name a
    register of theirs. Raises `Rejected` where the first two name a file that does not exist.
    """
    named = explicit if explicit is not None else environment.get("MUREG_CONFIG") or None
    if named is not None:
        file = folder / named
        if not exists(file):
            raise no_file(file)
        return FoundConfig(file)
    nearest = next((each for each in _here_and_above(folder) if exists(each)), None)
    if nearest is not None and not is_foreign(nearest):
        return FoundConfig(nearest, is_the_users=False)
    # Roaming: on Windows the settings follow the user to other machines. The register, which is large, does not.
    common = platformdirs.user_config_path("mureg", appauthor=False, roaming=True) / FILE_NAME
    return FoundConfig(common if exists(common) else None, nearest)


def _here_and_above(folder: Path) -> list[Path]:
    return [each / FILE_NAME for each in (folder, *folder.parents)]


def is_foreign(file: Path) -> bool:
    """Whether the file, or a link to it, belongs to another user. On Windows the folder's access list decides."""
    if sys.platform == "win32":
        return False
    try:
        return {file.stat().st_uid, file.lstat().st_uid} != {os.geteuid()}
    except OSError:
        return False


def default_register() -> Path:
    """The register in the user's data folder, for users who name none."""
    return platformdirs.user_data_path("mureg", appauthor=False) / REGISTER_NAME


def read_db(file: Path) -> str | None:
    """The value of `db` alone: an absolute path, or an address with `://` as it is; `None` where it is not set.

    A relative path counts from the file's folder. Raises `Rejected` where the file is not TOML or `db` is not a path.
    Other faults are left to `read_settings`. Where `db` is the first setting, nothing after it is read here.
    """
    # Without the parser of TOML where possible: it takes as long to load as the rest of a reading command.
    db = _first_setting(file) or toml.read_register(file)
    if db is None:
        return None
    return db if "://" in db else str((file.parent / db).absolute())


def without_clear_password(db: str) -> str:
    """A register that the user has not named: if it is a server, no password is sent to it in clear text."""
    if "://" not in db:
        return db
    return f"{db}{'&' if '?' in db else '?'}{NO_CLEAR_TEXT}"


def register_fault(value: object) -> Message | None:
    """What is wrong with a value of `db`, or `None`."""
    if not isinstance(value, str) or not value.strip():
        return msg("must be a path or an address in quotes")
    return None if is_plain(value) else msg("must be one line of visible characters")


def _first_setting(file: Path) -> str | None:
    """The `db` of a file that begins with it, in double quotes and without escapes; `None` for any other file."""
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
    db, closing, rest = rest.partition('"')
    is_simple = key.strip() == "db" and not quote.strip() and rest.lstrip()[:1] in ("", "#")
    # An open quote, and a control character in a comment, are for the parser to report.
    is_simple = is_simple and bool(closing) and is_plain(rest)
    return db if is_simple and "\\" not in db and register_fault(db) is None else None


def no_file(file: Path) -> Rejected:
    """The error of a settings file that was named and does not exist."""
    return Rejected(
        msg("no settings file {file}", file=str(file)),
        msg("create one: mureg init; or use another: mureg --config FILE"),
    )
