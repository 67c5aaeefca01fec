"""Rows of one kind held by columns: the fields of a `NamedTuple` by their names, each with its values of all rows.

A million rows are read, checked, hashed and written in this form; only the few that are shown become rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, NamedTuple, TypeVar

Columns = Mapping[str, Sequence[Any]]
"""The columns in the order of the fields, all equally long."""

_Row = TypeVar("_Row", bound=NamedTuple)


def columns_of(kind: type[_Row], rows: Sequence[Sequence[Any]]) -> Columns:
    """The columns of rows that have the fields of `kind`, in its order."""
    if not rows:
        return dict.fromkeys(kind._fields, ())
    return dict(zip(kind._fields, zip(*rows, strict=True), strict=True))


def rows_of(kind: type[_Row], columns: Mapping[str, Iterable[Any]]) -> list[_Row]:
    """The rows of the columns, whose order does not count."""
    return list(map(kind._make, zip(*(columns[name] for name in kind._fields), strict=True)))


def selected(columns: Columns, chosen: Iterable[object]) -> Columns:
    """The columns with those rows only for which `chosen` has something true."""
    chosen = list(chosen)
    return {name: list(compress(values, chosen)) for name, values in columns.items()}
