"""Typed values of a table or a document, before a language and a format are applied."""

from datetime import date
from typing import Literal, NamedTuple

from mureg.errors import Message


class Money(NamedTuple):
    """Kopecks that are to be shown as an amount."""

    kopecks: int


class Rate(NamedTuple):
    """Basis points that are to be shown as percent."""

    basis_points: int


class Label(NamedTuple):
    """A constant text of ours, marked by `N_`."""

    text: str


Cell = str | int | date | Money | Rate | Label | Message | None
"""A `str` comes from a client, the operator or the partner, and is never markup, a formula or a terminal's command."""


class Column(NamedTuple):
    """A column of a table: its heading, marked by `N_`, and the alignment of its cells.

    `may_wrap`: its texts may be wrapped. `may_go`: 0, or a rank; where a terminal is too narrow for all columns, those
    with the highest rank are left out first. `width`: of a worksheet's column, in characters.
    """

    heading: str
    align: Literal["left", "right"] = "left"
    may_wrap: bool = False
    may_go: int = 0
    width: int = 14
