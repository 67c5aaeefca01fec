"""Charts: a bar for each line, as SVG that a template draws. Its figures are in a table beside it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mureg.reports.cells import Cell

# Of each line, in pixels: its text, its bar, and what is free below it.
LINE_HEIGHT = 38
_TEXT, _BAR = 13, 20


class Part(NamedTuple):
    """A part of a bar, in hundredths of the chart's width."""

    x: float
    width: float


class Bar(NamedTuple):
    """A line of a chart: its label and its figure above its bar."""

    label: Cell
    figure: Cell
    parts: tuple[Part, ...]
    text_y: int
    bar_y: int


class Chart(NamedTuple):
    """The bars, in order, and the height of all of them in pixels."""

    bars: tuple[Bar, ...]
    height: int


class Figure(NamedTuple):
    """What a line of a chart shows: `values` are the lengths of the parts of its bar.

    `link` is the page behind it: the table beside the chart leads there.
    """

    label: Cell
    text: Cell
    values: Sequence[int]
    link: str = ""


def chart(figures: Iterable[Figure]) -> Chart:
    """A chart of these lines, none where every bar is empty; the longest is as wide as the chart.

    A part below zero has no length.
    """
    lines = list(figures)
    longest = max((sum(map(_length, line.values)) for line in lines), default=0)
    if not longest:
        return Chart((), 0)
    bars = tuple(
        Bar(
            line.label, line.text, _parts(line.values, longest),
            place * LINE_HEIGHT + _TEXT, place * LINE_HEIGHT + _BAR,
        )
        for place, line in enumerate(lines)
    )  # fmt: skip
    return Chart(bars, len(lines) * LINE_HEIGHT)


def _parts(values: Sequence[int], longest: int) -> tuple[Part, ...]:
    found, at = [], 0
    for value in values:
        length = _length(value)
        found.append(Part(round(100 * at / longest, 2), round(100 * length / longest, 2)))
        at += length
    return tuple(found)


def _length(value: int) -> int:
    return max(value, 0)
