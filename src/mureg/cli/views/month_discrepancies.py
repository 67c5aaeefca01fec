"""What differs in a month, on a terminal: both sides beside each other, or below each other where it is narrow."""

from collections.abc import Callable, Sequence
from itertools import chain, zip_longest

from mureg.cli.framework.output.columns import Cell, Column
from mureg.cli.framework.output.output import Output
from mureg.cli.framework.output.wrapping import wrapped
from mureg.errors import Message, msg
from mureg.reports.cells import Label, Rate
from mureg.reports.month.discrepancies import (
    FLAT_COLUMNS,
    NOTHING,
    PAIR_HEADINGS,
    Line,
    PairRow,
    flat_cells,
    our_lines,
    their_lines,
)

# With fewer columns the two sides of a pair are printed below each other.
_WIDE = 100
_COLUMNS = tuple(
    Column(PAIR_HEADINGS[name], "right" if name in ("row", "ours", "theirs", "difference") else "left", may_wrap=wraps)
    for name, wraps in (
        ("id", False), ("name", True), ("row", False), ("ours", False), ("theirs", False), ("difference", False),
        ("resolution", True),
    )
)  # fmt: skip


def print_pairs(output: Output, pairs: Sequence[PairRow]) -> None:
    """One row for each pair. In a pipe every value has a column of its own."""
    if not output.is_terminal:
        columns = [Column(PAIR_HEADINGS[name]) for name in FLAT_COLUMNS]
        output.table(columns, (flat_cells(pair, output.cell) for pair in pairs))
        return
    sides = [tuple(_lines(output, pair, lines) for lines in (our_lines, their_lines)) for pair in pairs]
    if output.width >= _WIDE:
        output.table(_COLUMNS, [_row(output, pair, *both) for pair, both in zip(pairs, sides, strict=True)])
        return
    widths = [max(map(len, column)) for column in zip_longest(*chain.from_iterable(sides), fillvalue="")]
    for pair, both in zip(pairs, sides, strict=True):
        _print_under_each_other(output, pair, both, widths)


def _lines_of(cells: Sequence[str], width: int) -> list[list[str]]:
    """The cells, each after two spaces, in as few lines as the width allows; none is broken."""
    lines: list[list[str]] = []
    free = 0
    for cell in cells:
        if not lines or free < len(cell) + 2:
            lines.append([])
            free = width
        lines[-1].append(cell)
        free -= len(cell) + 2
    return lines


def _lines(output: Output, pair: PairRow, lines_of: Callable[..., list[Line]]) -> list[str]:
    def text(cell: Cell) -> str:
        return f"{output.cell(cell)} %" if isinstance(cell, Rate) else output.cell(cell)

    return [f"≠ {line.text}" if line.differs else line.text for line in lines_of(pair, text)]


def _row(output: Output, pair: PairRow, ours: Sequence[str], theirs: Sequence[str]) -> list[Cell]:
    what = [output.cell(pair.name), *map(output.cell, pair.kinds)]
    return [pair.id, _block(what), pair.row, _block(ours), _block(theirs), pair.difference, pair.resolution]


def _block(lines: Sequence[str]) -> Message:
    return Message("{lines}", {"lines": tuple(line for line in lines if line)})


def _print_under_each_other(
    output: Output, pair: PairRow, both: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    output.heading(f"{output.cell(pair.id)}  {output.cell(pair.name)}".rstrip())
    row = msg("row {row}", row=pair.row) if pair.row is not None else None
    what = ", ".join(output.cell(part) for part in (*pair.kinds, row) if part)
    output.line(wrapped(f"  {what}", output.width, "  "))
    labels = [output.cell(Label(PAIR_HEADINGS[name])) for name in ("ours", "theirs")]
    label_width = max(map(len, labels))
    for label, values in zip(labels, both, strict=True):
        cells = [value.rjust(width) for value, width in zip(values, widths, strict=False)]
        for cells_of_line in _lines_of(cells, output.width - label_width - 2):
            output.line("  ".join(("", label.ljust(label_width), *cells_of_line)))
            label = ""  # noqa: PLW2901  the side is named once
    difference = f"{output.cell(Label(PAIR_HEADINGS['difference']))}: {output.cell(pair.difference) or NOTHING}"
    output.sentence(output.cell(pair.resolution), f"  {difference} ·")
