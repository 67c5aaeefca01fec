"""The formats in which a month is shown, and which one is chosen."""

from typing import Annotated

import typer

from mureg.cli.framework.session import Session
from mureg.errors import N_, WrongUsage, msg

FORMATS = ("table", "json", "csv", "xlsx", "html", "pdf")
# The tables of CSV, each a file of its own.
PARTS = ("charges", "totals", "discrepancies", "statement")
Part = Annotated[
    str | None,
    typer.Option(
        "--part", metavar="TABLE",
        help=N_("With --format csv: charges (default), totals, discrepancies or statement"),
    ),
]  # fmt: skip
# Formats that are not text.
_BINARY = ("xlsx", "pdf")


def chosen_format(session: Session, output_format: str, file: str | None) -> str:
    """The format that `--format` and `--json` choose. Raises `WrongUsage`."""
    if output_format not in FORMATS:
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--format", value=output_format),
            msg("available: {names}", names=", ".join(FORMATS)),
        )
    if session.output.wants_json and output_format not in ("table", "json"):
        raise WrongUsage(
            msg("--json cannot be combined with --format {format}", format=output_format), msg("use only one of them")
        )
    if session.output.wants_json:
        return "json"
    if file is not None and output_format == "table":
        raise WrongUsage(
            msg("a table can only be shown on the screen"), msg("use --format csv or --format json with -o")
        )
    if output_format in _BINARY and file is None and session.output.is_terminal:
        raise WrongUsage(
            msg("{format} cannot be shown on a terminal", format=output_format),
            msg("specify a file: -o act.{format}", format=output_format),
        )
    return output_format


def chosen_part(output_format: str, part: str | None) -> str:
    """The table of CSV that is asked for. Raises `WrongUsage`."""
    if part is None:
        return PARTS[0]
    if part not in PARTS:
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--part", value=part),
            msg("available: {names}", names=", ".join(PARTS)),
        )
    if output_format != "csv":
        raise WrongUsage(
            msg("--part requires --format csv"), msg("other formats have every table; see: mureg month show -h")
        )
    return part
