"""Columns of tables, and the cells that only a terminal has."""

from typing import Literal, NamedTuple

from mureg.reports import cells


class Typed(NamedTuple):
    """A text that is typed or copied: it is never wrapped, however narrow the terminal is."""

    text: str


Cell = cells.Cell | Typed


class Column(NamedTuple):
    """A column of a table: its heading, marked by `N_`, and the alignment of its cells.

    `may_wrap`: its texts may be wrapped. `may_go`: it is left out where a terminal is too narrow for all columns.
    """

    heading: str
    align: Literal["left", "right"] = "left"
    may_wrap: bool = False
    may_go: bool = False
