"""Columns of tables, and the cells that only a terminal has."""

from typing import NamedTuple

from mureg.reports import cells


class Typed(NamedTuple):
    """A text that is typed or copied: it is never wrapped, however narrow the terminal is."""

    text: str


Cell = cells.Cell | Typed
Column = cells.Column
