"""`mureg reconcile --month MONTH`: the settlement of a month, beside the operator's statement where there is one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mureg.cli.framework.session import Session, needed, session_of
from mureg.cli.views.month_formats import chosen_format
from mureg.errors import N_, NotFound, WrongUsage, msg

if TYPE_CHECKING:
    from mureg.domain.statement import Statement
    from mureg.settings.schema import Settings

app = typer.Typer()


@app.command(
    "reconcile",
    help=N_("The settlement of a month, beside the operator's statement where there is one"),
    epilog="mureg reconcile --month 2023-08\nmureg reconcile --month 2023-08 --statement отчёт.xlsx\n"
    "mureg reconcile --month last --format csv -o август.csv",
)
def reconcile(
    ctx: typer.Context,
    month: Annotated[
        str | None, typer.Option("--month", metavar="MONTH", help=N_("As 2023-08, 08.2023, «август 2023», this, last"))
    ] = None,
    statement: Annotated[
        str | None,
        typer.Option("--statement", metavar="FILE", help=N_("The operator's statement: CSV, XLSX or JSON")),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help=N_("How to read the statement, from mureg.toml"))
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help=N_("Also what agrees"))] = False,
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=N_("table (unless said), json, csv, xlsx, html or pdf"))
    ] = "table",
    file: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Write to this file"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Compare only: keep nothing"))] = False,
) -> None:
    """Price the month's licences, and compare them with the operator's statement, row by row."""
    # The help does not wait for what a month needs.
    from mureg.cli.views.month import show_month  # noqa: PLC0415
    from mureg.operations.reconciliation import compared_month, keep_statement  # noqa: PLC0415

    session = session_of(ctx)
    output_format = chosen_format(session, output_format, file)
    wanted = session.month(needed(month, "--month"))
    if profile is not None and statement is None:
        raise WrongUsage(msg("--profile goes with --statement"), msg("see: mureg reconcile -h"))
    settings = session.settings()
    theirs = None if statement is None else _read(session, settings, statement, profile)
    with session.register() as register:
        if theirs is None:
            compared = compared_month(register, wanted, settings.contract)
        else:
            result = keep_statement(
                register, wanted, settings.contract, theirs, actor=session.actor(ctx), dry_run=dry_run
            )
            compared, replaced_file = result.done
            if result.operation is not None:
                session.output.note(
                    msg("the statement is kept with {month}", month=wanted)
                    if replaced_file is None
                    else msg("the statement is kept with {month}, in place of {file}", month=wanted, file=replaced_file)
                )
            if whole or output_format != "table":
                # The charges that are printed too are of the same moment as their sums.
                compared = compared_month(register, wanted, settings.contract, theirs)
        show_month(session, register, settings, compared, output_format, file, whole=whole)


def _read(session: Session, settings: "Settings", path: str, profile: str | None) -> "Statement":
    # Readers are slow to load: only a statement pays for them.
    from mureg.cli.framework.streams import whole  # noqa: PLC0415
    from mureg.readers.statements.statement import read_statement  # noqa: PLC0415
    from mureg.readers.types import Source  # noqa: PLC0415

    if profile is not None and profile not in settings.profiles:
        known = ", ".join(settings.profiles) or "—"
        raise WrongUsage(
            msg("there is no profile {name}", name=profile), msg("mureg.toml has these: {names}", names=known)
        )
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  closed below; only opening may fail here
    except OSError:
        raise NotFound(msg("there is no file {path}", path=path), msg("check the name and the folder")) from None
    with stream, whole(path, stream, settings.limits) as file:
        return read_statement(
            Source(path, file), profile=settings.profiles[profile] if profile else None, limits=settings.limits
        )
