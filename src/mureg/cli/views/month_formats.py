"""The formats in which a month is shown, and which one is chosen."""

from typing import Annotated

import typer

from mureg.errors import N_, WrongUsage, msg
from mureg.reports.month.labels import PART

# The tables of CSV.
PARTS = tuple(PART)
FORMATS = ("table", "json", "csv", "xlsx", "html", "pdf")
Part = Annotated[
    str | None,
    typer.Option(
        "--part", metavar="TABLE",
        help=N_("With --format csv: charges (default), totals, discrepancies or statement"),
    ),
]  # fmt: skip
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help=N_("table (default), json, csv, xlsx, html or pdf; else by the ending of -o FILE"),
    ),
]


def chosen_part(output_format: str, part: str | None) -> str:
    """The table that CSV gets. Raises `WrongUsage`."""
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
