"""Errors, faults and JSON as text: what every command may need, so it imports next to nothing."""

import json
from collections.abc import Callable
from typing import Any

from mureg.domain.text import escaped
from mureg.errors import Fault, Message, MuregError

Say = Callable[[Message], str]


def error_json(error: MuregError, say: Say) -> dict[str, Any]:
    """The one object on stderr when a command that was asked for JSON fails."""
    return {
        "error": {
            "code": error.code,
            "message": say(error.message),
            "hint": say(error.hint) if error.hint else None,
            "details": [fault_json(fault, say) for fault in error.details],
        }
    }


def fault_json(fault: Fault, say: Say) -> dict[str, Any]:
    """One fault of the input."""
    return fault._asdict() | {"message": say(fault.message)}


def as_text(value: object) -> str:
    """JSON on one line. What a terminal would obey, or nobody would see, is written as JSON escapes it."""
    text = json.dumps(value, ensure_ascii=False)
    return escaped(text, lambda character: json.dumps(character)[1:-1])
