"""`mureg history` and `mureg undo`: operations listed, and undone."""

import json
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import limit_of
from mureg.cli.framework.output.list_output import File, Format, ListOutput
from mureg.cli.framework.session import session_of
from mureg.errors import N_, NotFound, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.cli.views import history as history_view
    from mureg.operations import history as listing
    from mureg.operations import undo as operations
    from mureg.register import columns
    from mureg.register import history as records
    from mureg.register.queries import history as queries
    from mureg.reports.json import errors
    from mureg.reports.lists import history as history_list

if TYPE_CHECKING:
    from mureg.register.register import Register

app = typer.Typer()

_FIELDS = ("operation", "at", "user", "command", "numbers", "before", "after", "undoes", "hash")


@app.command(
    "history",
    help=N_("Show what was done, by whom and when"),
    epilog="mureg history --limit 20\nmureg history --since 2023-08-14 --by olga\nmureg history ZV-1042 --json",
)
def show_history(
    ctx: typer.Context,
    number: Annotated[
        str | None, typer.Argument(metavar="[NUMBER]", help=N_("Only operations on this application"))
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=N_("Only what was done on this date or later"))
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="USER", help=N_("Only what this user did"))] = None,
    reverse: Annotated[bool, typer.Option("--reverse", help=N_("Oldest first"))] = False,
    limit: Annotated[str | None, typer.Option("--limit", metavar="N", help=N_("Maximum number of lines"))] = None,
    output_format: Format = None,
    file: File = None,
) -> None:
    """The operations, the newest first: all, or those that touched one application."""
    session = session_of(ctx)
    output = ListOutput(session, output_format, file)
    wanted = queries.HistoryFilter(number, records.instant_of(session.day(since)) if since is not None else None, by)
    most = limit_of(limit) if limit is not None else None
    with session.register() as register:
        if number is not None and not register.history.knows(number):
            raise NotFound(msg("no application {number}", number=number), msg("list all: mureg application list"))
        found = islice(register.history.matching(wanted, newest_first=not reverse), most)
        if output.wants_json:
            output.json((_record_json(register, record) for record in found), shape=dict.fromkeys(_FIELDS))
            return
        output.rows(
            N_("History"),
            history_list.COLUMNS,
            history_view.history_rows(session, register, found),
            lambda count: plural("{count} operation", "{count} operations", count=count),
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
            (N_("Applications"), listing.numbers_text(record)),
        ],
        dry_run=dry_run,
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


def _record_json(register: "Register", record: "records.HistoryRecord") -> dict[str, Any]:
    operation, done_at, done_by, command, _, before, after, undoes, hash_, _ = record
    content = register.history.numbers(record), json.loads(before), json.loads(after)
    values = dict(zip(_FIELDS, (operation, done_at, done_by, command, *content, undoes, hash_), strict=True))
    if records.IMAGES_FACT in values["after"]:
        for side in ("before", "after"):
            tables = {name: None for images in register.history.images(record) for name in getattr(images, side)}
            changed = {name: _rows(register, record, side, name) for name in tables if name in columns.COLUMNS}
            values[side] = changed | {name: fact for name, fact in values[side].items() if name not in changed}
    return values


def _rows(register: "Register", record: "records.HistoryRecord", side: str, table: str) -> "errors.Members":
    """The rows of a table in the images of a large operation, which are read as they are written."""
    return errors.Members(
        row for images in register.history.images(record) for row in getattr(images, side).get(table, {}).items()
    )
