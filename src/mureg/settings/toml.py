"""A settings file as TOML, and the errors of one that is none."""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import tomli

from mureg.domain.text import is_plain
from mureg.errors import Fault, Message, Rejected, msg, plural
from mureg.settings.locate import LARGEST_BYTES, no_file

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


def db_of(file: Path) -> str | None:
    """The value of `db`; `None` where it is not set. Raises `Rejected`."""
    document = read_document(file)
    if "db" not in document.values:
        return None
    try:
        return parse_db(document.values["db"])
    except Unsuitable as error:
        # Imported here: only an error asks for lines.
        from mureg.settings.line_numbers import Lines  # noqa: PLC0415

        fault = Fault(error.message, str(file), row=Lines(document.text).of(("db",)), column="db")
        raise rejected(file, [fault]) from error


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
        raise no_file(file) from error
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
