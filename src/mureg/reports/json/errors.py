"""Errors, faults and JSON as text. Every command may need it, so it imports next to nothing."""

import json
from collections.abc import Callable
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
