"""Errors, faults and JSON as text. Every command may need it, so it imports next to nothing."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mureg.domain.text import escaped
from mureg.errors import Fault, Message, MuregError

Translate = Callable[[Message], str]
"""Gives a message in the user's language."""


def error_json(error: MuregError, translate: Translate) -> dict[str, Any]:
    """The one object on stderr when a command with `--json` fails."""
    found: dict[str, Any] = {
        "code": error.code,
        "message": translate(error.message),
        "hint": translate(error.hint) if error.hint else None,
        "details": [fault_json(fault, translate) for fault in error.details],
    }
    if error.operation is not None:
        found["operation"] = error.operation
    return {"error": found}


def fault_json(fault: Fault, translate: Translate) -> dict[str, Any]:
    """One fault of the input."""
    return fault._asdict() | {"message": translate(fault.message)}


def as_text(value: object) -> str:
    """JSON on one line. Control characters and invisible characters are written as JSON escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return escaped(text, lambda character: json.dumps(character)[1:-1])


def object_bytes(value: dict[str, Any]) -> Iterator[bytes]:
    """One object, in UTF-8. A field that is an iterator is an array, written as it is read."""
    separator = "{"
    for name, field in value.items():
        yield f"{separator}{as_text(name)}: ".encode()
        separator = ", "
        if isinstance(field, Iterator):
            yield from array_bytes(field, "[", ", ", "]")
        else:
            yield as_text(field).encode()
    yield b"}\n"


def array_bytes(values: Iterable[object], start: str, separator: str, end: str, empty: str = "[]") -> Iterator[bytes]:
    """A JSON array, an item at a time, with these texts around the items."""
    before = start
    for value in values:
        yield f"{before}{as_text(value)}".encode()
        before = separator
    yield (empty if before is start else end).encode()
