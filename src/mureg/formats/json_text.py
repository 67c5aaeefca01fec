"""JSON text into plain values, with what must not be there kept visible: floats, NaN, and keys that stand twice."""

import json

from mureg.errors import Message, msg
from mureg.formats.faults import shown_value


class NotJson(ValueError):
    """The text is no JSON; `message` says where it stops to be."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Float(str):
    """A number with a fraction, an exponent, or none at all (NaN): never right in an application."""

    __slots__ = ()


class Object(dict[str, object]):
    """A JSON object; `repeated` are the keys that stood twice."""

    repeated: tuple[str, ...] = ()


def parse_json(text: str) -> object:
    """The value of a JSON text. Raises `NotJson`."""
    try:
        return _DECODER.decode(text.strip())
    except json.JSONDecodeError as error:
        raise NotJson(
            msg("this is no JSON: line {line}, position {position}", line=error.lineno, position=error.colno)
        ) from None
    except RecursionError:
        raise NotJson(msg("the JSON is nested too deeply")) from None


def is_object(text: str) -> bool:
    """Whether the text is one JSON object."""
    try:
        return isinstance(parse_json(text), Object)
    except NotJson:
        return False


def shown_scalar(value: object) -> str | None:
    """A text, number or true/false for `Fault.value`; `None` for objects and arrays, which may hold people's data."""
    if value is None or isinstance(value, dict | list):
        return None
    return shown_value(value if isinstance(value, str) else json.dumps(value))


def _object(pairs: list[tuple[str, object]]) -> Object:
    found = Object(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        found.repeated = tuple(key for key in found if keys.count(key) > 1)
    return found


def _whole(digits: str) -> int | Float:
    # Python refuses to convert thousands of digits.
    return int(digits) if len(digits) <= 20 else Float(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=Float, parse_int=_whole, parse_constant=Float)
