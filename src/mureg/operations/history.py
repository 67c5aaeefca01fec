"""What was done, as people read it: a record in one line, and what one operation changed."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from mureg.errors import NotFound, msg, plural
from mureg.register.history import ERASED, HistoryRecord, first_numbers, is_erasure
from mureg.register.register import Register
from mureg.reports.cells import Cell, Label, Money
from mureg.reports.labels import CHANGED, CHANGED_ELSEWHERE, CHANGED_TABLE, STATUS, SWITCH, TIER
from mureg.reports.language import Language
from mureg.reports.month.labels import MONTH_STATE, RESOLUTION

_NUMBERS_SHOWN = 5
# Of one operation so many applications and values are shown; an operation may change a million.
_MOST_SHOWN = 200
# The labels of the values of a column; other texts are what a person wrote.
_VALUES = {
    "status": STATUS, "set_option": SWITCH, "requested": SWITCH, "set_tier": TIER, "requested_tier": TIER,
    "tier": TIER, "state": MONTH_STATE, "action": RESOLUTION,
}  # fmt: skip

Show = Callable[[Cell], str]
Images = Mapping[str, Mapping[str, Mapping[str, Any]]]


class Change(NamedTuple):
    """A value that an operation changed: of which row, and what it was before and after. `label` is marked by `N_`."""

    table: str
    row: str
    label: str
    before: Cell
    after: Cell


class OneOperation(NamedTuple):
    """An operation whole. Of many numbers and changes they are the first ones; `has_more`: there are more changes."""

    record: HistoryRecord
    numbers: tuple[str, ...]
    files: tuple[str, ...]
    reason: str
    changes: tuple[Change, ...]
    has_more: bool
    undone_by: int | None

    @property
    def may_be_undone(self) -> bool:
        """Whether it is neither an undo, nor undone, nor an erasure; what depends on it is found when it is tried."""
        return _may_be_undone(self.record, self.undone_by)


def may_be_undone(register: Register, record: HistoryRecord) -> bool:
    """The same for a record of a list."""
    return _may_be_undone(record, register.history.undone_by(record.operation))


def _may_be_undone(record: HistoryRecord, undone_by: int | None) -> bool:
    return record.undoes is None and undone_by is None and not is_erasure(record)


def one_operation(register: Register, operation: int) -> OneOperation:
    """What an operation did. Raises `NotFound`."""
    record = register.history.record(operation)
    if record is None:
        raise NotFound(msg("no operation {operation}", operation=operation), msg("list all: mureg history"))
    after = json.loads(record.after)
    every = (change for images in register.history.images(record) for change in _changes(*images))
    changes = list(islice(every, _MOST_SHOWN + 1))
    return OneOperation(
        record,
        tuple(first_numbers(record, _MOST_SHOWN)),
        tuple(after.get("files", ())),
        after.get("reason", "") or after.get(ERASED, {}).get("reason", ""),
        tuple(changes[:_MOST_SHOWN]),
        len(changes) > _MOST_SHOWN,
        register.history.undone_by(operation),
    )


def numbers_text(record: HistoryRecord) -> str:
    """The first applications of a record, and how many there are."""
    shown = ", ".join(first_numbers(record, _NUMBERS_SHOWN))
    return shown if record.number_count <= _NUMBERS_SHOWN else f"{shown} … ({record.number_count})"


def summary(register: Register, record: HistoryRecord, language: Language, show: Show) -> str:
    """What changed, of the first application where several changed alike. `show` makes a cell a text."""
    say = language.say
    if record.undoes is not None:
        return say(msg("undid operation {operation}", operation=record.undoes))
    before, after = json.loads(record.before), json.loads(record.after)
    text = _first_changes(before, after, language, show)
    erased = after.get(ERASED)
    if erased is not None:
        text = say(plural("data of {count} person erased: {reason}", "data of {count} people erased: {reason}",
                          count=erased["people"], reason=erased["reason"]))  # fmt: skip
    if not text and "files" in after:
        text = ", ".join(after["files"][:_NUMBERS_SHOWN])
    if not text:
        text = ", ".join(_months(register, record))
    if reason := after.get("reason"):
        text = "; ".join(filter(None, (text, say(msg("reason: {reason}", reason=reason)))))
    undone_by = register.history.undone_by(record.operation)
    if undone_by is not None:
        text = say(msg("{text} (undone by {operation})", text=text, operation=undone_by))
    return text


def _first_changes(before: Images, after: Images, language: Language, show: Show) -> str:
    first = next(iter(after.get("application", {})), None)
    if first is None:
        return ""
    old, new = before.get("application", {}).get(first, {}), after["application"][first]
    shown = ((label, show(was), show(became)) for label, was, became in _changed(CHANGED, old, new))
    # Two values may look alike: the client's tier that was not stated, and none.
    return "; ".join(f"{language.translate(label)}: {was} → {became}" for label, was, became in shown if was != became)


def _changes(before: Images, after: Images) -> Iterator[Change]:
    """Every value that a person can read, table by table; a row that is new was nothing before."""
    for table, labels in (("application", CHANGED), *CHANGED_ELSEWHERE.items()):
        for row in {**before.get(table, {}), **after.get(table, {})}:
            old, new = before.get(table, {}).get(row, {}), after.get(table, {}).get(row, {})
            names = {**old, **new}
            whole = ({**dict.fromkeys(names), **image} for image in (old, new))
            for label, was, became in _changed(labels, *whole):
                if was != became:
                    yield Change(CHANGED_TABLE[table], row, label, was, became)


def _changed(
    labels: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, Cell, Cell]]:
    for name, label in labels.items():
        if name in new:
            yield label, _cell(name, old.get(name)), _cell(name, new[name])


def _months(register: Register, record: HistoryRecord) -> Iterator[str]:
    """The months that an operation wrote, and the file of the statement that it kept."""
    written = [
        key.partition(" ")[0]
        for images in register.history.images(record)
        for table in ("month", "resolution")
        for key in images.after.get(table, {})
    ]
    yield from dict.fromkeys(written)
    if register.statements.months().get(record.operation) is not None:
        yield register.statements.source(record.operation).file


def _cell(name: str, value: object) -> Cell:
    if value is None or value == "":
        return "—"
    if name.endswith("_kopecks") and isinstance(value, int):
        return Money(value)
    text = str(value)
    if name.endswith("_on"):
        return date.fromisoformat(text)
    labels = _VALUES.get(name, {})
    return Label(labels[text]) if text in labels else text
