"""The line of each key in a TOML text, which tomli does not give and every error needs."""

import re
from bisect import bisect_right
from collections.abc import Iterator

import tomli

# The way to a key through tables (their names) and lists (an index from 0).
KeyPath = tuple[str | int, ...]

# The settings nest five deep. Of a deeper path only this many parts are kept.
_DEEPEST = 8

_BASIC = r'"(?:\\.|[^"\\\n])*"'
_LITERAL = r"'[^'\n]*'"
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACES = re.compile(r"[ \t]*")
_NAME = re.compile(rf"[A-Za-z0-9_-]+|{_BASIC}|{_LITERAL}")
_STRING = re.compile(rf'"""(?:\\.|[^\\])*?"""(?:"{{1,2}})?|\'\'\'.*?\'\'\'\'{{0,2}}|{_BASIC}|{_LITERAL}', re.DOTALL)
_PLAIN = re.compile(r"[^\s,\[\]{}#\"']+")


class Lines:
    """The lines, from 1, of all tables, keys and items of lists.

    The text must be one that tomli accepts. For another text there is no error, but lines may be wrong.
    The keys of an inline table have the line of that table.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [match.end() for match in re.finditer("\n", text)]
        self._lines: dict[KeyPath, int] = {}
        # How many tables each [[list]] has so far.
        self._counts: dict[KeyPath, int] = {}
        self._read()

    def of(self, path: KeyPath) -> int:
        """The line of a key. Where it is missing, the line of its table; where that is missing too, 1."""
        path = path[:_DEEPEST]
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _read(self) -> None:
        table: KeyPath = ()
        at = 0
        while (at := _end(_BLANK, self._text, at)) < len(self._text):
            start = at
            if self._text.startswith("[", at):
                in_list = self._text.startswith("[[", at)
                names, at = self._names(at + 1 + in_list)
                table = self._open(names, start, in_list=in_list)
                at = self._line_end(at)
            else:
                names, at = self._names(at)
                key = (table + names)[:_DEEPEST]
                self._note(key, start)
                at = self._value(key, at)

    def _open(self, names: tuple[str, ...], start: int, *, in_list: bool) -> KeyPath:
        """The path of the table whose header is at `start`."""
        path: KeyPath = ()
        for depth, name in enumerate(names, start=1):
            path += (name,)
            if in_list and depth == len(names):
                self._counts[path] = self._counts.get(path, 0) + 1
                self._note(path, start)
            if path in self._counts:
                path += (self._counts[path] - 1,)
        self._note(path, start)
        # The table's own header replaces the line of an earlier key or header that only implied the table.
        self._lines[path] = self._line(start)
        return path

    def _note(self, path: KeyPath, start: int) -> None:
        line = self._line(start)
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], line)

    def _names(self, at: int) -> tuple[tuple[str, ...], int]:
        """The names of a dotted key, at most `_DEEPEST`, and where it ends."""
        names: list[str] = []
        while match := _NAME.match(self._text, _end(_SPACES, self._text, at)):
            if len(names) < _DEEPEST:
                names.append(_unquoted(match.group()))
            at = _end(_SPACES, self._text, match.end())
            if not self._text.startswith(".", at):
                break
            at += 1
        return tuple(names), at

    def _value(self, key: KeyPath, at: int) -> int:
        """Note the items of a list, and return where the value ends: at a line's end outside of all brackets."""
        depth = 0
        item = -1
        awaited = False
        for part, start in self._tokens(at):
            if part == "\n" and depth <= 0:
                return start
            if awaited and part not in ("\n", "]"):
                item += 1
                awaited = False
                self._note((*key, item)[:_DEEPEST], start)
            if part in ("[", "{"):
                depth += 1
                awaited = part == "[" and depth == 1 and item < 0
            elif part in ("]", "}"):
                depth -= 1
            elif part == "," and depth == 1:
                awaited = item >= 0
        return len(self._text)

    def _tokens(self, at: int) -> Iterator[tuple[str, int]]:
        """Strings, brackets, commas, line ends and the rest, without spaces and comments."""
        text = self._text
        while at < len(text):
            if text[at] == "#":
                at = self._line_end(at)
                continue
            match = _STRING.match(text, at) or _PLAIN.match(text, at)
            end = match.end() if match else at + 1
            if text[at] == "\n" or not text[at].isspace():
                yield text[at:end], at
            at = end

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at) + 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a match of the pattern at `at` ends; `at` itself where nothing matches."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _unquoted(name: str) -> str:
    if name[0] not in "\"'":
        return name
    if "\\" not in name:
        return name[1:-1]
    try:
        return str(tomli.loads(f"name = {name}")["name"])
    except tomli.TOMLDecodeError:
        return name
