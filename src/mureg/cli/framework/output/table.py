"""Tables on a terminal, by Rich."""

import sys
from collections.abc import Sequence
from textwrap import wrap

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mureg.cli.framework.output.columns import Column

_GAP = 2
_TEXT_WIDTH = 20


def print_table(
    columns: Sequence[Column],
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    last_is_total: bool,
    no_color: bool,
) -> list[str]:
    """A table, or, where a terminal is too narrow for what is needed most, a paragraph for each row.

    Returns the headings of the columns that were left out because they do not fit.
    """
    console = Console(
        file=sys.stdout, markup=False, emoji=False, highlight=False, color_system=None if no_color else "auto"
    )
    widths = [
        _least_width(heading, [row[place] for row in rows], may_wrap=column.may_wrap)
        for place, (column, heading) in enumerate(zip(columns, headings, strict=True))
    ]
    wanted = [
        max(cell_len(line) for text in (heading, *(row[place] for row in rows)) for line in text.split("\n"))
        for place, heading in enumerate(headings)
    ]
    filled = [
        place for place, column in enumerate(columns) if not (rows and column.may_go) or any(row[place] for row in rows)
    ]
    shown = _columns_that_fit(columns, widths, filled, console.width)
    if not shown:
        _print_paragraphs(console, headings, rows)
        return []
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=(0, 1, 0, 0), show_edge=False)
    given = _given_widths([widths[place] for place in shown], [wanted[place] for place in shown], console.width)
    for place, width in zip(shown, given, strict=True):
        table.add_column(Text(headings[place]), justify=columns[place].align, overflow="fold", width=width)
    for row in rows:
        is_total = last_is_total and row is rows[-1]
        table.add_row(*(Text(row[place]) for place in shown), style="bold" if is_total else None)
    console.print(table)
    return [headings[place] for place in filled if rows and place not in shown]


def _columns_that_fit(columns: Sequence[Column], widths: Sequence[int], places: Sequence[int], width: int) -> list[int]:
    """Those of the places that fit, the least needed left out first; none where what is needed most is too wide."""
    left = list(places)
    while sum(widths[place] + _GAP for place in left) > width + 1:
        least = max(reversed(left), key=lambda place: columns[place].may_go)
        if not columns[least].may_go:
            return []
        left.remove(least)
    return left


def _given_widths(least: Sequence[int], wanted: Sequence[int], width: int) -> list[int]:
    """What each column gets: its least, and of what is left over more where a row would have the most lines."""
    given = list(least)
    for _ in range(width + 1 - sum(least) - _GAP * len(least)):
        place = max(range(len(given)), key=lambda each: wanted[each] / max(given[each], 1))
        if given[place] >= wanted[place]:
            break
        given[place] += 1
    return given


def _least_width(heading: str, cells: Sequence[str], *, may_wrap: bool) -> int:
    """The least width of a column. Texts may be broken, but no word of a heading and no number."""
    longest_word = max(map(cell_len, heading.split()), default=0)
    parts = [part for cell in cells for part in (cell.split() if may_wrap else cell.split("\n"))]
    longest = max(map(cell_len, parts), default=0)
    return max(longest_word, min(longest, _TEXT_WIDTH) if may_wrap else longest)


def _print_paragraphs(console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Each row as a paragraph: its first cell, then the others with their headings."""
    for row in rows:
        others = [f"{heading}: {cell}" for heading, cell in zip(headings[1:], row[1:], strict=True) if cell]
        first = row[0] or headings[0]
        # Unlike Rich, textwrap does not break an amount at its no-break spaces.
        lines = wrap(f"{first}  {' · '.join(others)}", console.width, subsequent_indent="  ", break_on_hyphens=False)
        text = Text("\n".join(lines))
        text.stylize("bold", 0, len(first))
        console.print(text)
