"""Tables on a terminal, by Rich; loaded only where a person looks."""

import sys
from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mureg.cli.output import Column

_PADDING = 2
_TEXT_WIDTH = 16


def print_table(
    columns: Sequence[Column],
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    last_is_total: bool,
    no_color: bool,
) -> None:
    """A table as wide as it needs to be, or, on a narrow terminal, a block of lines for each row."""
    console = Console(
        file=sys.stdout, markup=False, emoji=False, highlight=False, color_system=None if no_color else "auto"
    )
    widths = [
        _least_width(heading, [row[place] for row in rows], may_wrap=column.may_wrap)
        for place, (column, heading) in enumerate(zip(columns, headings, strict=True))
    ]
    if sum(widths) + _PADDING * len(widths) > console.width:
        _print_blocks(console, headings, rows)
        return
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column, heading, width in zip(columns, headings, widths, strict=True):
        table.add_column(Text(heading), justify=column.align, overflow="fold", min_width=width)
    for row in rows:
        is_total = last_is_total and row is rows[-1]
        table.add_row(*map(Text, row), style="bold" if is_total else None)
    console.print(table)


def _least_width(heading: str, cells: Sequence[str], *, may_wrap: bool) -> int:
    """No word of a heading and no number is broken; long texts are, between words, or where a word is too long."""
    longest_word = max(map(cell_len, heading.split()), default=0)
    longest = max(map(cell_len, cells), default=0)
    if may_wrap:
        longest = min(longest, _TEXT_WIDTH)
    return max(longest_word, longest)


def _print_blocks(console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            if cell:
                console.print(Text.assemble((f"{heading}: ", "bold"), cell))
        console.print()
