"""Typed values of a table or a document, before a language and a format are applied."""

from datetime import date
from typing import NamedTuple

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
