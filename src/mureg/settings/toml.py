"""Reads a settings file as TOML, with an error that names the line where it is not TOML."""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import tomli

from mureg.errors import Fault, Message, Rejected, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.settings.locate import LARGEST_BYTES, no_file, register_fault
from mureg.system_errors import reason_of

with lazy_imports():
    from mureg.settings import line_numbers, values


class Document(NamedTuple):
    """A settings file: its text, for the line numbers of errors, and what it holds, with floats as `Decimal`."""

    text: str
    values: dict[str, object]


def read_document(file: Path) -> Document:
    """Parse a file. Raises `Rejected`. A BOM, which Windows Notepad writes, is skipped."""
    text = _text(file)
    try:
        return Document(text, tomli.loads(text, parse_float=Decimal))
    except tomli.TOMLDecodeError as error:
        lines = text.split("\n")
        row = min(error.lineno, len(lines))
        fault = Fault(msg("invalid TOML: {reason}", reason=error.msg), str(file), row=row)
        raise rejected(file, [fault], hint=_syntax_hint(lines[row - 1])) from error
    except (RecursionError, ValueError) as error:
        # Deeper nesting and longer whole numbers than tomli reads.
        fault = Fault(msg("brackets are nested too deep, or a number is too long"), str(file))
        raise rejected(file, [fault]) from error


def read_register(file: Path) -> str | None:
    """The value of `db`; `None` where it is not set. Raises `Rejected`. Other keys are not checked."""
    document = read_document(file)
    if "db" not in document.values:
        return None
    value = document.values["db"]
    if fault := register_fault(value):
        row = line_numbers.Lines(document.text).of(("db",))
        raise rejected(file, [Fault(fault, str(file), row=row, column="db")])
    return str(value)


def rejected(file: Path, faults: list[Fault], *, hint: Message | None = None, count: int | None = None) -> Rejected:
    """The error that reports faults together. `count` is how many there are, where not all of them are given."""
    count = len(faults) if count is None else count
    message = plural("{file} has {count} error", "{file} has {count} errors", count=count, file=str(file))
    return Rejected(message, hint or msg("fix it, then see the result: mureg contract show"), faults)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise no_file(file) from error
    except OSError as error:
        message = msg("cannot read {file}: {reason}", file=str(file), reason=reason_of(error))
        raise Rejected(message, msg("specify a settings file: mureg --config FILE")) from error
    if len(content) > LARGEST_BYTES:
        raise Rejected(
            msg("{file} is larger than 64 KiB: not a settings file", file=str(file)),
            msg("specify a settings file: mureg --config FILE"),
        )
    try:
        # tomli replaces line ends in the same way, so that its positions are positions in this text.
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        fault = Fault(msg("the text is not UTF-8"), str(file), row=row)
        raise rejected(file, [fault], hint=msg("open it in a text editor and save it as UTF-8")) from error


def _syntax_hint(line: str) -> Message | None:
    """How to correct the commonest mistakes, where the line shows one of them."""
    if values.PLACEHOLDER in line:
        return msg("replace {placeholder} with a value", placeholder=values.PLACEHOLDER)
    if "\\" in line:
        return msg("write a path with / or in single quotes: 'C:\\mureg\\mureg.db'")
    return None
