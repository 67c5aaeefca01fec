"""`mureg reconcile --month MONTH`: the settlement of a month, beside the operator's statement where there is one."""

from typing import Annotated

import typer

from mureg.cli.framework.input.values import needed
from mureg.cli.framework.output.formats import chosen_format
from mureg.cli.framework.session import Session, session_of
from mureg.cli.views.month_formats import FORMATS, Format, Part, chosen_part
from mureg.command_hints import quoted
from mureg.errors import N_, WrongUsage, msg
from mureg.lazy_imports import lazy_imports

# The help needs none of these.
with lazy_imports():
    from mureg.cli.framework.input import streams
    from mureg.cli.views import month as month_view
    from mureg.domain import dates
    from mureg.domain.reconciliation import statement as statements
    from mureg.operations import result as results
    from mureg.operations.months import reconciliation, statement_file
    from mureg.readers import types
    from mureg.settings import schema

app = typer.Typer()


@app.command(
    "reconcile",
    help=N_("Show a month's settlement, and compare it with the operator's statement if there is one"),
    epilog="mureg reconcile --month 2023-08\nmureg reconcile --month 2023-08 --statement отчёт.xlsx\n"
    "mureg reconcile --month last --format csv -o август.csv\n"
    "mureg reconcile --month last --format csv --part discrepancies",
)
def reconcile(
    ctx: typer.Context,
    named: Annotated[str | None, typer.Argument(metavar="[MONTH]", help=N_("The month; --month does the same"))] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="MONTH", help=N_("For example 2023-08, 08.2023, “август 2023”, this, last")),
    ] = None,
    statement: Annotated[
        str | None,
        typer.Option("--statement", metavar="FILE", help=N_("The operator's statement: CSV, XLSX or JSON")),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="NAME", help=N_("The profile in mureg.toml to read the statement with")),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help=N_("Also if the statement plainly belongs to another month"))
    ] = False,
    whole: Annotated[bool, typer.Option("--all", help=N_("Also list the rows that agree"))] = False,
    output_format: Format = None,
    part: Part = None,
    file: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Write to this file"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only compare; do not keep the statement"))] = False,
) -> None:
    """Price the month's licences, and compare them with the operator's statement, row by row."""
    session = session_of(ctx)
    chosen = chosen_format(session, output_format, file, FORMATS, "act")
    table = chosen_part(chosen, part)
    wanted = session.month(needed(_month_of(named, month), "--month"))
    if profile is not None and statement is None:
        raise WrongUsage(msg("--profile requires --statement"), msg("see: mureg reconcile -h"))
    if anyway and statement is None:
        raise WrongUsage(msg("--anyway requires --statement"), msg("see: mureg reconcile -h"))
    settings = session.settings()
    theirs = None if statement is None else _read(settings, statement, profile)
    with session.register() as register:
        if theirs is None:
            compared = reconciliation.compared_month(register, wanted, settings.contract)
        else:
            result = reconciliation.keep_statement(
                register,
                wanted,
                settings.contract,
                theirs,
                own_month="" if anyway else _typed(statement or "", profile),
                actor=session.actor(ctx),
                dry_run=dry_run,
            )
            compared = result.done.compared
            _note_kept(session, result, wanted, dry_run=dry_run)
            if whole or chosen != "table":
                # The charges are printed too: both are read again in one snapshot, so that they agree.
                compared = reconciliation.compared_month(register, wanted, settings.contract, theirs)
        month_view.show_month(session, register, settings, compared, chosen, file, whole=whole, part=table)


def _note_kept(
    session: Session, result: "results.Result[reconciliation.KeptStatement]", month: "dates.Month", *, dry_run: bool
) -> None:
    """Whether the statement was saved with the month, and which one it replaced."""
    compared, replaced_file = result.done
    if result.operation is not None and replaced_file is None:
        session.output.note(msg("the statement was saved with {month}", month=month))
    elif result.operation is not None:
        session.output.note(
            msg("the statement was saved with {month}, replacing {file}", month=month, file=replaced_file)
        )
    elif dry_run and compared.unresolved:
        session.output.note(msg("dry run: the statement was not saved; to resolve what differs, omit --dry-run"))


def _typed(path: str, profile: str | None) -> str:
    """The options by which the statement was typed."""
    return f"--statement {quoted(path)}" + (f" --profile {quoted(profile)}" if profile else "")


def _month_of(named: str | None, month: str | None) -> str | None:
    if named is not None and month is not None:
        raise WrongUsage(msg("the month is given twice: {first}, {second}", first=named, second=month),
                         msg("use only one of them"))  # fmt: skip
    return named if month is None else month


def _read(settings: "schema.Settings", path: str, profile: str | None) -> "statements.Statement":
    with streams.opened(path, settings.limits) as file:
        return statement_file.statement_in(types.Source(path, file), settings, profile)
