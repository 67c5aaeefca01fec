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


class Members:
    """The members of a JSON object, read one by one as they are written: as many as an operation changed rows."""

    def __init__(self, members: Iterable[tuple[str, object]]) -> None:
        self.members = members


def texts(value: object) -> Iterator[str]:
    """The JSON of `as_text` as it is made: an iterator is an array, `Members` are an object."""
    if isinstance(value, Members):
        yield from _joined("{", ((f"{as_text(name)}: ", member) for name, member in value.members), "}")
    elif isinstance(value, Iterator):
        yield from _joined("[", (("", item) for item in value), "]")
    elif isinstance(value, dict) and any(map(_is_read, value.values())):
        yield from texts(Members(value.items()))
    else:
        yield as_text(value)


def _is_read(value: object) -> bool:
    """Whether a value, or something in its objects, is read as it is written."""
    if isinstance(value, dict):
        return any(map(_is_read, value.values()))
    return isinstance(value, (Iterator, Members))


def _joined(start: str, items: Iterable[tuple[str, object]], end: str) -> Iterator[str]:
    before = start
    for name, item in items:
        yield before + name
        yield from texts(item)
        before = ", "
    yield end if before == ", " else start + end


def as_text(value: object) -> str:
    """JSON on one line. Control characters and invisible characters are written as JSON escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return escaped(text, lambda character: json.dumps(character)[1:-1])


def object_bytes(value: dict[str, Any]) -> Iterator[bytes]:
    """One object, in UTF-8, as it is made."""
    yield from map(str.encode, texts(value))
    yield b"\n"


def array_bytes(values: Iterable[object]) -> Iterator[bytes]:
    """An array, an item to a line, in UTF-8, as it is made."""
    separator = b"[\n"
    for value in values:
        yield separator
        yield from map(str.encode, texts(value))
        separator = b",\n"
    yield b"[]\n" if separator == b"[\n" else b"\n]\n"
