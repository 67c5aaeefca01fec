"""JSON text into plain values. Floats, NaN and repeated keys stay recognisable: all of them are faults."""

import json
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from typing import TextIO

from mureg.errors import Message, msg
from mureg.readers.errors import shown_value, too_deep
from mureg.readers.types import Limits

_BLOCK_CHARACTERS = 1 << 18
_LOOKED_AT = 4096
# `-Infinity`, or a character written by its codes.
_LONGEST_WORD = 16
_SPACES = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},]', re.DOTALL)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}
_BETWEEN_OBJECTS = re.compile(r"\}[ \t\r\n]*,[ \t\r\n]*\{")
# How far the end of an object is looked for: reading an array takes a time in proportion to its length.
_QUICK_CHARACTERS = 1 << 14
# An object takes as much as several texts.
_VALUES = {"[": 1, "{": 2, ",": 1}


class NotJson(ValueError):
    """The text is not JSON, or exceeds a limit; `message` says where or which."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Float:
    """A number with a fraction, an exponent or too many digits, or NaN: never right in our JSON.

    `text` is the number as it was written.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Object(dict[str, object]):
    """A JSON object; `repeated` are the keys that occur more than once."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated: tuple[str, ...] = ()
        if len(self) < len(pairs):
            self.repeated = tuple(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)


def parse_json(text: str, limits: Limits, most_values: int | None = None) -> object:
    """The value of a JSON text with at most `most_values`, or the fields of `limits`. Raises `NotJson`."""
    check_bounds(text, limits, most_values)
    try:
        return _DECODER.decode(text.strip(" \t\r\n"))
    except json.JSONDecodeError as error:
        raise _not_json(error, 0, 0) from None
    except RecursionError:
        raise NotJson(too_deep(limits)) from None


def is_object(text: str) -> bool:
    """Whether the text is one JSON object."""
    try:
        return isinstance(parse_json(text, Limits()), Object)
    except NotJson:
        return False


def begins_array(stream: TextIO) -> bool:
    """Whether the text begins like an array. The stream ends at its beginning again."""
    stream.seek(0)
    head = " "
    while head.isspace():
        head = stream.read(_LOOKED_AT)
    stream.seek(0)
    return head.lstrip().startswith("[")


class Items:
    """The items of a JSON array, one after another: an array may be larger than the memory.

    `quick` may read the text of an item that is an object, or give `None`; every other item comes as a plain value.
    Beside each is its length in characters.
    Iterating raises `NotJson`, also for an item that is larger than `limits` allows.
    """

    def __init__(self, stream: TextIO, limits: Limits, quick: Callable[[str], object | None]) -> None:
        self._stream = stream
        self._limits = limits
        self._quick = quick
        self._text = ""
        # What was dropped from the front of the text: whole lines, and characters of the line that began there.
        self._lines = self._columns = 0
        self._at_end = False

    def __iter__(self) -> Iterator[tuple[object, int]]:
        at = self._skip_spaces(0)
        if self._text[at : at + 1] != "[":
            raise self._not_json(at)
        at = self._skip_spaces(at + 1)
        if self._text[at : at + 1] == "]":
            return self._require_end(at + 1)
        while True:
            at = yield from self._quick_items(at)
            value, at, length = self._item(at)
            yield value, length
            at = self._skip_spaces(at)
            if self._text[at : at + 1] == "]":
                return self._require_end(at + 1)
            if self._text[at : at + 1] != ",":
                raise self._not_json(at)
            at = self._skip_spaces(at + 1)

    def _quick_items(self, at: int) -> Generator[tuple[object, int], None, int]:
        """The objects from a place on that can be read quickly; returns the place behind them."""
        text, quick = self._text, self._quick
        # An object mostly ends before the next one. If it does not, its text up to there is not JSON.
        while between := _BETWEEN_OBJECTS.search(text, at, at + _QUICK_CHARACTERS):
            end = between.start() + 1
            found = quick(text[at:end])
            if found is None:
                break
            yield found, end - at
            at = between.end() - 1
        return at

    def _item(self, at: int) -> tuple[object, int, int]:
        """The value at a place, the place behind it, and its length."""
        while True:
            fault: NotJson
            try:
                value, end = _DECODER.raw_decode(self._text, at)
                # A number that the text ends with may go on.
                if end < len(self._text) or self._at_end:
                    check_bounds(self._text[at:end], self._limits)
                    return value, end, end - at
                fault = self._not_json(end)
            except json.JSONDecodeError as error:
                fault = _not_json(error, self._lines, self._columns)
                # More text can only help where the error is at the end of this.
                if error.pos < len(self._text) - _LONGEST_WORD and not error.msg.startswith("Unterminated string"):
                    raise fault from None
            except RecursionError:
                raise NotJson(too_deep(self._limits)) from None
            if self._at_end:
                raise fault
            # The item is not whole yet, or it is none: that shows when there is more of it.
            at = self._drop(at)
            if len(self._text) > self._limits.whole_bytes:
                raise NotJson(msg("an item has more than {bytes} bytes", bytes=self._limits.whole_bytes))
            check_bounds(self._text, self._limits)
            left = self._limits.whole_bytes + 1 - len(self._text)
            self._read(min(max(_BLOCK_CHARACTERS, len(self._text)), left))

    def _skip_spaces(self, at: int) -> int:
        while True:
            match = _SPACES.match(self._text, at)
            at = match.end() if match else at
            if at < len(self._text) or self._at_end:
                return at
            at = self._drop(at)
            self._read(_BLOCK_CHARACTERS)

    def _read(self, characters: int) -> None:
        more = self._stream.read(characters)
        self._at_end = not more
        self._text += more

    def _drop(self, at: int) -> int:
        """Forget the text before a place; gives the new number of that place."""
        lines = self._text.count("\n", 0, at)
        self._lines += lines
        self._columns = at - self._text.rfind("\n", 0, at) - 1 if lines else self._columns + at
        self._text = self._text[at:]
        return 0

    def _require_end(self, at: int) -> None:
        at = self._skip_spaces(at)
        if at < len(self._text):
            raise self._not_json(at)

    def _not_json(self, at: int) -> NotJson:
        return _not_json(json.JSONDecodeError("", self._text, at), self._lines, self._columns)


def shown_scalar(value: object) -> str | None:
    """A text, number or true/false for `Fault.value`; `None` for objects and arrays, which may hold people's data."""
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, Float):
        value = value.text
    return shown_value(value if isinstance(value, str) else json.dumps(value))


def _not_json(error: json.JSONDecodeError, lines: int, columns: int) -> NotJson:
    """`lines` and `columns` are before the text that the error knows."""
    column = error.colno + (columns if error.lineno == 1 else 0)
    return NotJson(msg("invalid JSON: line {line}, position {position}", line=error.lineno + lines, position=column))


def check_bounds(text: str, limits: Limits, most_values: int | None = None) -> None:
    """Raise `NotJson` for what is nested too deep or has too many values, before memory is taken for them."""
    most = limits.fields if most_values is None else most_values
    openings = text.count("[") + text.count("{")
    values = openings + text.count(",")
    if openings <= limits.nesting and values <= most:
        return
    depth = values = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        depth += _DEPTH.get(token, 0)
        values += _VALUES.get(token, 0)
        if depth > limits.nesting:
            raise NotJson(too_deep(limits))
        if values > most:
            raise NotJson(msg("more than {values} values", values=most))


def _whole(digits: str) -> int | Float:
    # Python refuses to convert thousands of digits.
    return int(digits) if len(digits) <= 20 else Float(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=Object, parse_float=Float, parse_int=_whole, parse_constant=Float)
