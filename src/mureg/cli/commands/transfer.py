"""`mureg backup`, `mureg restore` and `mureg copy`: the whole register, from one place to another."""

from typing import Annotated

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import needed
from mureg.cli.framework.session import Session, session_of
from mureg.errors import N_, WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result
from mureg.register.engines.address import location_of

with lazy_imports():
    from mureg.operations import transfer

app = typer.Typer()


@app.command(
    "backup",
    help=N_("Back up the register to a new file; others can go on working"),
    epilog="mureg backup mureg-2023-08-31.db",
)
def backup(
    ctx: typer.Context,
    file: Annotated[str | None, typer.Argument(metavar="FILE", help=N_("A new file"))] = None,
    dry_run: DryRun = False,
) -> None:
    """Write one SQLite file, from a file or a server; `restore` writes it to either."""
    session = session_of(ctx)
    wanted = _file(needed(file, "FILE"))
    with session.register(to_save=True) as register:
        session.makes_files = not dry_run
        source = register.location
        result = transfer.back_up(register, wanted, dry_run=dry_run)
    _show_copy(session, source, wanted, result, dry_run=dry_run)


@app.command(
    "restore",
    help=N_("Restore a register from a backup, to a place with no register or an empty one"),
    epilog="mureg restore mureg-2023-08-31.db\nmureg restore mureg-2023-08-31.db --db postgresql://olga@server/base",
)
def restore(
    ctx: typer.Context,
    file: Annotated[str | None, typer.Argument(metavar="FILE", help=N_("A file written by mureg backup"))] = None,
    dry_run: DryRun = False,
) -> None:
    """Restore a backup as the register in use, checked before it is kept."""
    session = session_of(ctx)
    _copy(session, _file(needed(file, "FILE")), session.register_url, dry_run=dry_run)


@app.command(
    "copy",
    help=N_("Copy a whole register between files and servers, and check the copy"),
    epilog="mureg copy mureg.db postgresql://olga@server/base\nmureg copy postgresql://olga@server/base mureg.db",
)
def copy(
    ctx: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="FROM", help=N_("The register: a path or an address"))] = None,
    target: Annotated[
        str | None, typer.Argument(metavar="TO", help=N_("A place with no register yet, or with an empty one"))
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Copy a register with its history; a copy that fails a check is not kept."""
    _copy(session_of(ctx), needed(source, "FROM"), needed(target, "TO"), dry_run=dry_run)


def _copy(session: Session, source: str, target: str, *, dry_run: bool) -> None:
    session.makes_files = not dry_run
    result = transfer.copy(source, target, report=session.output.note, dry_run=dry_run)
    _show_copy(session, location_of(source), location_of(target), result, dry_run=dry_run)


def _file(text: str) -> str:
    if "://" in text:
        raise WrongUsage(
            msg("{text} is not a file", text=location_of(text)), msg("between registers: mureg copy FROM TO")
        )
    return text


def _show_copy(session: Session, source: str, target: str, result: "Result[transfer.Copied]", *, dry_run: bool) -> None:
    copied = result.done
    if session.output.wants_json:
        places = {"from": source, "to": target}
        session.output.result_json(result, **places, operations=copied.operations, head=copied.head or None)
        return
    session.output.facts(
        [
            (N_("Copied from"), source),
            (N_("Copied to"), target),
            (N_("Operations"), copied.operations),
            (N_("History head"), copied.head or None),
        ],
        dry_run=dry_run,
    )
    session.output.note_dry_run(dry_run=dry_run)
