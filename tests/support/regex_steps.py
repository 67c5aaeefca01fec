"""How much work a regular expression does, counted in steps of a plain backtracking matcher, not in seconds.

The steps of Python's own engine cannot be counted. This matcher walks the same parsed pattern, tries the same
alternatives in the same order, and counts each comparison; it takes at least as many steps as the engine.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_Items = Sequence[tuple[Any, Any]]
_Then = Callable[[int], int | None]

_ONE_CHARACTER = {sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN}
_BRANCHING = {sre.SUBPATTERN, sre.BRANCH, sre.MAX_REPEAT, sre.MIN_REPEAT}
_STRANGER = "\x01"  # no pattern takes it, but one that takes anything


class TooManySteps(Exception):
    """The work went beyond the limit."""


class Use(NamedTuple):
    """A pattern, and the method that it is used with: `search` stands for all that look at every place."""

    name: str
    pattern: "re.Pattern[Any]"
    method: str


class Matcher:
    """Counts the steps of one pattern on texts; those of a pattern of bytes are given as Latin-1."""

    def __init__(self, pattern: "re.Pattern[Any]") -> None:
        self._flags = pattern.flags
        self._is_bytes = isinstance(pattern.pattern, bytes)
        self.items: _Items = list(_parser.parse(pattern.pattern, pattern.flags))
        self._known: dict[tuple[Any, Any, str], bool] = {}
        self._text = ""
        self.steps = 0
        self._most = 0

    def count(self, text: str, method: str, most: int) -> int:
        """The steps that a method takes on a text. Raises `TooManySteps` beyond `most`."""
        self._text, self.steps, self._most = text, 0, most
        # A repeat of a group takes some calls for each time.
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(before + 20 * len(text))
        try:
            self._run(text, method)
        finally:
            sys.setrecursionlimit(before)
        return self.steps

    def _run(self, text: str, method: str) -> None:
        if method == "fullmatch":
            self._sequence(self.items, 0, 0, lambda place: place if place == len(text) else None)
        elif method == "match":
            self._sequence(self.items, 0, 0, lambda place: place)
        else:
            start = 0
            while start <= len(text):
                end = self._sequence(self.items, 0, start, lambda place: place)
                start = start + 1 if end is None or end == start else end

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self._most:
            raise TooManySteps

    def _sequence(self, items: _Items, index: int, place: int, then: _Then) -> int | None:
        while index < len(items):
            operation, about = items[index]
            if operation in _BRANCHING:
                return self._branching(operation, about, place, partial(self._rest, items, index + 1, then))
            end = self._only_end(operation, about, place)
            if end is None:
                return None
            place, index = end, index + 1
        return then(place)

    def _rest(self, items: _Items, index: int, then: _Then, place: int) -> int | None:
        return self._sequence(items, index, place, then)

    def _only_end(self, operation: Any, about: Any, place: int) -> int | None:
        """Where an item ends that can be matched in one way only."""
        if operation in _ONE_CHARACTER:
            return place + 1 if self._is_one(operation, about, place) else None
        if operation is sre.ATOMIC_GROUP:
            return self._sequence(about, 0, place, lambda at: at)
        if operation is sre.POSSESSIVE_REPEAT:
            return self._repeated(about, place, 0, lambda at: at, greedy=True)
        if operation is sre.AT:
            self._step()
            return place if self._is_at(about, place) else None
        direction, inside = about
        start = place if direction > 0 else place - inside.getwidth()[0]
        end = None if start < 0 else self._sequence(inside, 0, start, lambda at: at)
        return place if (end is not None) == (operation is sre.ASSERT) else None

    def _branching(self, operation: Any, about: Any, place: int, then: _Then) -> int | None:
        if operation is sre.SUBPATTERN:
            return self._sequence(about[-1], 0, place, then)
        if operation is sre.BRANCH:
            _, branches = about
            for branch in branches:
                self._step()
                end = self._sequence(branch, 0, place, then)
                if end is not None:
                    return end
            return None
        assert operation in (sre.MAX_REPEAT, sre.MIN_REPEAT), operation
        return self._repeated(about, place, 0, then, greedy=operation is sre.MAX_REPEAT)

    def _repeated(self, about: Any, place: int, done: int, then: _Then, *, greedy: bool) -> int | None:
        least, most, inside = about
        if len(inside) == 1 and inside[0][0] in _ONE_CHARACTER:
            return self._repeated_character(about, place, then, greedy=greedy)

        def again() -> int | None:
            if done >= most:
                return None
            return self._sequence(
                inside, 0, place,
                lambda at: None if at == place else self._repeated(about, at, done + 1, then, greedy=greedy),
            )  # fmt: skip

        self._step()
        if done < least:
            return again()
        end = again() if greedy else then(place)
        if end is not None:
            return end
        return then(place) if greedy else again()

    def _repeated_character(self, about: Any, place: int, then: _Then, *, greedy: bool) -> int | None:
        least, most, ((operation, one),) = about
        count = 0
        if greedy:
            while count < most and self._is_one(operation, one, place + count):
                count += 1
            for taken in range(count, least - 1, -1):
                self._step()
                end = then(place + taken)
                if end is not None:
                    return end
            return None
        while True:
            if count >= least:
                end = then(place + count)
                if end is not None:
                    return end
            if count >= most or not self._is_one(operation, one, place + count):
                return None
            count += 1

    def _is_one(self, operation: Any, about: Any, place: int) -> bool:
        self._step()
        if place >= len(self._text):
            return False
        character = self._text[place]
        key = (operation, id(about) if isinstance(about, list) else about, character)
        if key not in self._known:
            folded = {character}
            if self._flags & re.IGNORECASE:
                folded |= {character.lower(), character.upper()}
            self._known[key] = any(self._takes(operation, about, each) for each in folded)
        return self._known[key]

    def _takes(self, operation: Any, about: Any, character: str) -> bool:
        if operation is sre.ANY:
            return bool(self._flags & re.DOTALL) or character != "\n"
        if operation is sre.LITERAL:
            return bool(ord(character) == about)
        if operation is sre.NOT_LITERAL:
            return bool(ord(character) != about)
        is_negated = about[0][0] is sre.NEGATE
        return any(self._is_in(part, character) for part in about[is_negated:]) != is_negated

    def _is_in(self, part: tuple[Any, Any], character: str) -> bool:
        operation, about = part
        if operation is sre.LITERAL:
            return bool(ord(character) == about)
        if operation is sre.RANGE:
            first, last = about
            return bool(first <= ord(character) <= last)
        assert operation is sre.CATEGORY, operation
        known = character.isascii() or not self._is_bytes
        return {
            sre.CATEGORY_DIGIT: known and character.isdigit(),
            sre.CATEGORY_SPACE: known and character.isspace(),
            sre.CATEGORY_NOT_SPACE: not (known and character.isspace()),
            sre.CATEGORY_WORD: known and (character.isalnum() or character == "_"),
            sre.CATEGORY_NOT_WORD: not (known and (character.isalnum() or character == "_")),
        }[about]

    def _is_at(self, where: Any, place: int) -> bool:
        if where in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return place == 0 or (bool(self._flags & re.MULTILINE) and self._text[place - 1] == "\n")
        if where is sre.AT_END:
            return place == len(self._text) or (place == len(self._text) - 1 and self._text[place] == "\n")
        if where is sre.AT_END_STRING:
            return place == len(self._text)
        assert where is sre.AT_BOUNDARY, where
        sides = self._text[max(place - 1, 0) : place], self._text[place : place + 1]
        before, after = (side.isalnum() or side == "_" for side in sides)
        return before != after


class Attacks:
    """Hostile texts for a pattern: pieces that its parts take, repeated."""

    def __init__(self, pattern: "re.Pattern[Any]", randomness: Random) -> None:
        self._items = list(_parser.parse(pattern.pattern, pattern.flags))
        self._sequences = list(_sequences(self._items))
        self._randomness = randomness

    def texts(self) -> Iterator[Callable[[int], str]]:
        """Without end: functions that give a text of about so many characters."""
        while True:
            before, again, after = (self._piece() for _ in range(3))
            if again:
                yield lambda size, before=before, again=again, after=after: (  # type: ignore[misc]
                    before + again * (size // len(again)) + after
                )

    def _piece(self) -> str:
        pieces = []
        for _ in range(self._randomness.choice((0, 1, 1, 1, 2))):
            items = self._randomness.choice(self._sequences)
            start = self._randomness.randrange(len(items))
            end = self._randomness.randrange(start, len(items)) + 1
            pieces.append(self._sample(items[start:end]))
        if self._randomness.random() < 0.2:
            pieces.append(_STRANGER)
        return "".join(pieces)[:40]

    def _sample(self, items: _Items) -> str:
        return "".join(self._sample_one(operation, about) for operation, about in items)

    def _sample_one(self, operation: Any, about: Any) -> str:
        choice = self._randomness.choice
        if operation is sre.LITERAL:
            return chr(about)
        if operation is sre.IN:
            return choice(_members(about))
        if operation in (sre.ANY, sre.NOT_LITERAL):
            return choice("a1 <>\"'=")
        if operation in (sre.BRANCH, sre.ATOMIC_GROUP):
            return self._sample(choice(about[1]) if operation is sre.BRANCH else about)
        if operation in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return ""
        least, most = (1, 1) if operation is sre.SUBPATTERN else about[:2]
        times = min(int(most), choice((least, least, least + 1, least + 2)))
        return "".join(self._sample(about[-1]) for _ in range(times))


def _sequences(items: _Items) -> Iterator[_Items]:
    if items:
        yield items
    for operation, about in items:
        if operation is sre.BRANCH:
            for branch in about[1]:
                yield from _sequences(list(branch))
        elif operation in (sre.SUBPATTERN, sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield from _sequences(list(about[-1]))
        elif operation is sre.ATOMIC_GROUP:
            yield from _sequences(list(about))


def _members(parts: Sequence[tuple[Any, Any]]) -> list[str]:
    """Some characters of a set."""
    if parts[0][0] is sre.NEGATE:
        return ["a", "1", " ", ">", '"', "t", "s", "="]
    found = []
    for operation, about in parts:
        if operation is sre.LITERAL:
            found.append(chr(about))
        elif operation is sre.RANGE:
            found += [chr(about[0]), chr(about[1])]
        else:
            found += {sre.CATEGORY_DIGIT: ["1"], sre.CATEGORY_SPACE: [" "]}.get(about, ["a"])
    return found
