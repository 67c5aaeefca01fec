"""The records of the history as people read them."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from mureg.cli.framework.output.columns import Cell
from mureg.cli.framework.session import Session
from mureg.domain.dates import parse_date
from mureg.errors import msg, plural
from mureg.register.history import ERASED, HistoryRecord
from mureg.reports.cells import Label
from mureg.reports.labels import CHANGED, STATUS, SWITCH, TIER, local_time

if TYPE_CHECKING:
    from mureg.register.register import Register

_NUMBERS_SHOWN = 5
_FIELDS_SHOWN = STATUS | SWITCH | TIER


def history_rows(
    session: Session, register: "Register", records: Iterable[HistoryRecord]
) -> Iterator[tuple[Cell, ...]]:
    """The cells of each record."""
    for record in records:
        yield (
            record.operation,
            _when(session, record.done_at),
            record.done_by,
            record.command,
            numbers_text(record),
            _summary(session, register, record),
        )


def _when(session: Session, instant: str) -> str:
    """Local time; on a terminal with the date as the user's language writes it."""
    when = local_time(instant)
    if not session.output.is_terminal:
        return when
    day, _, time = when.partition(" ")
    return f"{session.language.date(date.fromisoformat(day))} {time}"


def numbers_text(record: HistoryRecord) -> str:
    """The first applications of a record, and how many there are."""
    numbers = json.loads(record.numbers)
    shown = ", ".join(numbers[:_NUMBERS_SHOWN])
    return shown if len(numbers) <= _NUMBERS_SHOWN else f"{shown} … ({len(numbers)})"


def _summary(session: Session, register: "Register", record: HistoryRecord) -> str:
    """What changed, of the first application where several changed alike."""
    say = session.language.say
    if record.undoes is not None:
        return say(msg("undid operation {operation}", operation=record.undoes))
    before, after = json.loads(record.before), json.loads(record.after)
    text = _changes(session, before, after)
    erased = after.get(ERASED)
    if erased is not None:
        text = say(plural("data of {count} person erased: {reason}", "data of {count} people erased: {reason}",
                          count=erased["people"], reason=erased["reason"]))  # fmt: skip
    if not text and "files" in after:
        text = ", ".join(after["files"][:_NUMBERS_SHOWN])
    if not text:
        text = ", ".join(_months(register, record, after))
    if reason := after.get("reason"):
        text = "; ".join(filter(None, (text, say(msg("reason: {reason}", reason=reason)))))
    undone_by = register.history.undone_by(record.operation)
    if undone_by is not None:
        text = say(msg("{text} (undone by {operation})", text=text, operation=undone_by))
    return text


def _changes(session: Session, before: dict[str, Any], after: dict[str, Any]) -> str:
    first = next(iter(after.get("application", {})), None)
    if first is None:
        return ""
    old, new = before.get("application", {}).get(first, {}), after["application"][first]
    values = {name: (_value(session, old.get(name)), _value(session, new[name])) for name in CHANGED if name in new}
    return "; ".join(
        f"{session.language.translate(CHANGED[name])}: {was} → {became}"
        for name, (was, became) in values.items()
        if was != became
    )


def _months(register: "Register", record: HistoryRecord, after: dict[str, Any]) -> Iterator[str]:
    """The months that an operation wrote, and the file of the statement that it kept."""
    resolved = (key.partition(" ")[0] for key in after.get("resolution", {}))
    yield from dict.fromkeys([*after.get("month", {}), *resolved])
    if register.statements.months().get(record.operation) is not None:
        yield register.statements.source(record.operation).file


def _value(session: Session, value: object) -> str:
    if value is None or value == "":
        return "—"
    text = str(value)
    day = parse_date(text)
    return session.output.cell(day or (Label(_FIELDS_SHOWN[text]) if text in _FIELDS_SHOWN else text))
