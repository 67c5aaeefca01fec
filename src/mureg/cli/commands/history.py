"""`mureg history` and `mureg undo`: operations listed, and undone."""

import json
from typing import Annotated, Any

import typer

from mureg.cli.framework.columns import Column
from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.session import Session, session_of
from mureg.cli.views.labels import CHANGED, STATUS, SWITCH, TIER
from mureg.domain.dates import parse_date
from mureg.errors import N_, NotFound, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.reports.cells import Label

with lazy_imports():
    from mureg.operations import undo as operations
    from mureg.register import history as records

app = typer.Typer()

_NUMBERS_SHOWN = 5
_FIELDS = ("operation", "at", "user", "command", "numbers", "before", "after", "undoes", "hash")


@app.command(
    "history",
    help=N_("Show what was done, by whom and when"),
    epilog="mureg history\nmureg history ZV-1042 --json",
)
def show_history(
    ctx: typer.Context,
    number: Annotated[
        str | None, typer.Argument(metavar="[NUMBER]", help=N_("Only operations on this application"))
    ] = None,
) -> None:
    """Every operation, or those that touched one application."""
    session = session_of(ctx)
    with session.register() as register:
        records = list(register.history.records(number))
        if number is not None and not records:
            raise NotFound(msg("no application {number}", number=number), msg("list all: mureg application list"))
        if session.output.wants_json:
            session.output.json_list(map(_record_json, records), shape=dict.fromkeys(_FIELDS))
            return
        undone = {record.undoes: record.operation for record in records}
        session.output.table(
            (
                Column(N_("No."), "right"),
                Column(N_("When (UTC)")),
                Column(N_("Who")),
                Column(N_("Command"), may_wrap=True),
                Column(N_("Applications"), may_wrap=True),
                Column(N_("What changed"), may_wrap=True),
            ),
            [
                (
                    record.operation,
                    record.done_at,
                    record.done_by,
                    record.command,
                    _numbers(record),
                    _summary(session, record, undone.get(record.operation)),
                )
                for record in records
            ],
        )


@app.command(
    "undo",
    help=N_("Undo the last operation, or the given one"),
    epilog="mureg undo\nmureg undo 17 --dry-run",
)
def undo(
    ctx: typer.Context,
    operation: Annotated[
        str | None,
        typer.Argument(metavar="[OPERATION]", help=N_("The operation's number in the history (default: the last one)")),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Restore the state before an operation; the undo is itself an operation."""
    session = session_of(ctx)
    wanted = _operation(operation)
    with session.register() as register:
        result = operations.undo(register, wanted, actor=session.actor(ctx), dry_run=dry_run)
    record = result.done
    if session.output.wants_json:
        session.output.result_json(result, undoes=record.operation)
        return
    session.output.facts(
        [
            (
                N_("Undone"),
                msg("operation {operation}: {command}", operation=record.operation, command=record.command),
            ),
            (N_("Applications"), _numbers(record)),
        ]
    )
    session.output.note_dry_run(dry_run=dry_run)


def _operation(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise WrongUsage(
            msg("{text} is not an operation number", text=text), msg("find the operation's number: mureg history")
        )
    return int(text)


def _record_json(record: "records.HistoryRecord") -> dict[str, Any]:
    operation, done_at, done_by, command, numbers, before, after, undoes, hash_ = record
    images = map(json.loads, (numbers, before, after))
    return dict(zip(_FIELDS, (operation, done_at, done_by, command, *images, undoes, hash_), strict=True))


def _numbers(record: "records.HistoryRecord") -> str:
    numbers = json.loads(record.numbers)
    shown = ", ".join(numbers[:_NUMBERS_SHOWN])
    return shown if len(numbers) <= _NUMBERS_SHOWN else f"{shown} … ({len(numbers)})"


_VALUES = STATUS | SWITCH | TIER


def _summary(session: Session, record: "records.HistoryRecord", undone_by: int | None) -> str:
    """What changed, of the first application where several changed alike."""
    say = session.language.say
    if record.undoes is not None:
        return say(msg("undid operation {operation}", operation=record.undoes))
    before, after = json.loads(record.before), json.loads(record.after)
    first = next(iter(after.get("application", {})), None)
    text = ""
    if first is not None:
        old, new = before.get("application", {}).get(first, {}), after["application"][first]
        values = {name: (_value(session, old.get(name)), _value(session, new[name])) for name in CHANGED if name in new}
        text = "; ".join(
            f"{session.language.translate(CHANGED[name])}: {was} → {became}"
            for name, (was, became) in values.items()
            if was != became
        )
    erased = after.get(records.ERASED)
    if erased is not None:
        text = say(plural("data of {count} person erased: {reason}", "data of {count} people erased: {reason}",
                          count=erased["people"], reason=erased["reason"]))  # fmt: skip
    if not text and "files" in after:
        text = ", ".join(after["files"][:_NUMBERS_SHOWN])
    if undone_by is not None:
        text = say(msg("{text} (undone by {operation})", text=text, operation=undone_by))
    return text


def _value(session: Session, value: object) -> str:
    if value is None or value == "":
        return "—"
    text = str(value)
    day = parse_date(text)
    return session.output.cell(day or (Label(_VALUES[text]) if text in _VALUES else text))
