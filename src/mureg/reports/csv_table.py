"""A table as CSV that Excel in Russia opens by a double click: UTF-8 with BOM, `;`, decimal comma, dd.mm.yyyy."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mureg.domain.money import format_money, format_rate
from mureg.domain.text import printable
from mureg.errors import Message
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.language import Language

# What Excel takes for a formula at the beginning of a cell.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Rows that are made into bytes together.
_CHUNK_ROWS = 500


def csv_bytes(rows: Iterable[Sequence[Cell]], language: Language) -> Iterator[bytes]:
    """The file, made as its rows are."""
    yield b"\xef\xbb\xbf"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for place, row in enumerate(rows, start=1):
        writer.writerow([csv_text(cell, language) for cell in row])
        if place % _CHUNK_ROWS == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def csv_text(cell: Cell, language: Language) -> object:  # noqa: PLR0911  one for each kind of cell
    """A cell as the file has it."""
    match cell:
        case None:
            return ""
        case str():
            return as_cell(cell)
        case Money(kopecks):
            return format_money(kopecks).replace(".", ",")
        case Rate(basis_points):
            return format_rate(basis_points).replace(".", ",")
        case Label(text):
            return language.translate(text)
        case Message():
            return as_cell(language.say(cell))
        case date():
            return f"{cell:%d.%m.%Y}"
    return cell


def as_cell(text: str) -> str:
    """A client's text as a cell that no spreadsheet computes."""
    shown = printable(text)
    return "'" + shown if shown.startswith(_FORMULA_STARTS) else shown
