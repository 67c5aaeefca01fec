"""Where mureg.toml is, and the one value of it that every command needs: the register.

Commands that neither price nor read tables go no further than this module, so it imports neither pydantic nor the
contract. `mureg.settings.model` reads the rest.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import tomli

from mureg.domain.text import is_plain
from mureg.errors import Fault, Message, Rejected, msg, plural

FILE_NAME = "mureg.toml"
LARGEST_BYTES = 1 << 16
# What stands in the template where a value is to be filled in.
PLACEHOLDER = "…"


class Document(NamedTuple):
    """A settings file: its text, whose lines errors name, and what TOML makes of it."""

    text: str
    values: dict[str, object]


class Unsuitable(ValueError):
    """A value does not suit its key; `message` says what would."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def find_config(explicit: str | None, environment: Mapping[str, str], folder: Path) -> Path | None:
    """The settings file in use, or `None` where there is none.

    `--config`, else MUREG_CONFIG, else mureg.toml of the folder, else of the user's configuration folder. One that was
    named and is not there raises `Rejected`.
    """
    named = explicit if explicit is not None else environment.get("MUREG_CONFIG") or None
    if named is not None:
        file = folder / named
        if not _stands(file):
            raise _no_file(file)
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

    A relative path counts from the file's folder. Raises `Rejected` where the file is no TOML or `db` no path;
    other faults of the file are left to `read_settings`.
    """
    document = read_document(file)
    if "db" not in document.values:
        return None
    try:
        db = parse_db(document.values["db"])
    except Unsuitable as error:
        # Imported here: only an error asks for lines.
        from mureg.settings.lines import Lines  # noqa: PLC0415

        fault = Fault(error.message, str(file), row=Lines(document.text).of(("db",)), column="db")
        raise rejected(file, [fault]) from error
    return db if "://" in db else str((file.parent / db).absolute())


def parse_db(value: object) -> str:
    """The path or address of a register. Raises `Unsuitable`."""
    if not isinstance(value, str) or not value.strip():
        raise Unsuitable(msg("a path or an address in quotes is needed"))
    if not is_plain(value):
        raise Unsuitable(msg("one line of visible characters is needed"))
    return value


def read_document(file: Path) -> Document:
    """The file as TOML, floats as `Decimal`. Raises `Rejected`; a BOM, which Windows Notepad writes, is read past."""
    text = _text(file)
    try:
        return Document(text, tomli.loads(text, parse_float=Decimal))
    except tomli.TOMLDecodeError as error:
        lines = text.split("\n")
        row = min(error.lineno, len(lines))
        fault = Fault(msg("this is no TOML: {reason}", reason=error.msg), str(file), row=row)
        raise rejected(file, [fault], hint=_syntax_hint(lines[row - 1])) from error
    except (RecursionError, ValueError) as error:
        # Nesting and whole numbers beyond what tomli reads.
        fault = Fault(msg("brackets are nested too deep, or a number is too long"), str(file))
        raise rejected(file, [fault]) from error


def rejected(file: Path, faults: list[Fault], *, hint: Message | None = None, count: int | None = None) -> Rejected:
    """The error that tells the faults of a settings file together; `count` where there are more than are told."""
    count = len(faults) if count is None else count
    message = plural("{file} has {count} fault", "{file} has {count} faults", count=count, file=str(file))
    return Rejected(message, hint or msg("correct it, then look at the result: mureg contract show"), faults)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise _no_file(file) from error
    except OSError as error:
        message = msg("{file} cannot be read: {reason}", file=str(file), reason=error.strerror or str(error))
        raise Rejected(message, msg("name a settings file: mureg --config FILE")) from error
    if len(content) > LARGEST_BYTES:
        raise Rejected(
            msg("{file} is larger than 64 KiB: no settings file", file=str(file)),
            msg("name a settings file: mureg --config FILE"),
        )
    try:
        # tomli does the same to line ends; after it a position in the text is a position in what tomli read.
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        fault = Fault(msg("the text is not UTF-8"), str(file), row=row)
        raise rejected(file, [fault], hint=msg("open it in a text editor and save it as UTF-8")) from error


def _syntax_hint(line: str) -> Message | None:
    """What people stumble over most, seen in the line that is no TOML."""
    if PLACEHOLDER in line:
        return msg("put a value in the place of {placeholder}", placeholder=PLACEHOLDER)
    if "\\" in line:
        return msg("write a path with / or in single quotes: 'C:\\mureg\\mureg.db'")
    return None


def _stands(file: Path) -> bool:
    """Whether the file is there. One that is there and cannot be looked at is: reading it will say why."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def _no_file(file: Path) -> Rejected:
    return Rejected(
        msg("there is no settings file {file}", file=str(file)),
        msg("make one: mureg init, or name another: mureg --config FILE"),
    )
