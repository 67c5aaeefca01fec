"""Tables on a terminal, by Rich; loaded only where a person looks."""

import sys
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from mureg.cli.output import Column


def print_table(
    columns: Sequence[Column],
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    last_is_total: bool,
    no_color: bool,
) -> None:
    """A table as wide as it needs to be, or, on a narrow terminal, a block of lines for each row."""
    console = Console(file=sys.stdout, markup=False, emoji=False, highlight=False, no_color=no_color)
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column, heading in zip(columns, headings, strict=True):
        table.add_column(Text(heading), justify=column.align, overflow="fold")
    for row in rows:
        is_total = last_is_total and row is rows[-1]
        table.add_row(*map(Text, row), style="bold" if is_total else None)
    if Measurement.get(console, console.options, table).minimum <= console.width:
        console.print(table)
        return
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            if cell:
                console.print(Text.assemble((f"{heading}: ", "bold"), cell))
        console.print()
