"""XLSX workbooks made on the spot."""

import io
from datetime import date, datetime
from typing import Any

import xlsxwriter

HEADER = [
    "Номер",
    "Дата",
    "ИНН",
    "КПП",
    "Наименование",
    "Вид\nрасширения",
    "Пользователей",
    "Многопользовательский режим",
]


def workbook(*sheets: tuple[str, list[Any]]) -> bytes:
    """An XLSX of these sheets; dates are written with a date format, texts that begin with «#» as errors."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    day_format = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date | datetime):
                    sheet.write_datetime(row, column, cell, day_format)
                elif isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(row, column, "=1/0", None, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return content.getvalue()
