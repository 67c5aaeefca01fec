"""The row that ends a table: «Итого», «Всего 16 заявлений»."""

import re
from collections.abc import Sequence

from mureg.readers.tables.header import Header
from mureg.readers.tables.rows import Rows

_WORDS = ("итого", "всего")
_TOTAL = re.compile(r"(?:итого|всего)(?:\s|:|$)", re.IGNORECASE)
SHORTEST_INN = 9
"""Digits of the ИНН of a legal entity without its leading zero."""


def begins_total(text: str) -> bool:
    """Whether a text begins with the word of a total."""
    return _TOTAL.match(text) is not None


def cell_of(row: Sequence[str], header: Header, field: str) -> str:
    """The cell of a field, empty where the row or the table has none."""
    place = header.place(field)
    return row[place] if place is not None and place < len(row) else ""


def have_inns(rows: Rows, header: Header) -> bool:
    """Whether every row has digits where the ИНН is: no such row is empty, or a total."""
    place = header.place("inn")
    if place is None or min(map(len, rows), default=0) <= place:
        return False
    inns = [row[place] for row in rows]
    return "" not in inns and "".join(inns).isdigit()


def name_total(rows: Rows) -> bool:
    """Whether any cell of the rows has one of the words of a total."""
    text = "\n".join(map("\n".join, rows)).casefold()
    return any(word in text for word in _WORDS)


def has_inn(text: str) -> bool:
    """Whether a cell has as many digits as an ИНН."""
    return sum(map(str.isdigit, text)) >= SHORTEST_INN
