"""A list as an Excel workbook: one sheet with typed cells, a frozen header and a filter.

Rows go to a temporary file as they come: a list may have a million.
"""

import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

from mureg.errors import Refused, msg
from mureg.reports.cells import Cell, Column, Label
from mureg.reports.language import Language
from mureg.reports.month.xlsx_sheet import LINE, Sheet, Styles

# Of a sheet, without the header.
_MOST_ROWS = 1_048_576 - 1


def list_workbook(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], language: Language) -> bytes:
    """The workbook. Raises `Refused` for more rows than a sheet has."""
    file = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with Workbook(file, options) as book:
        styles = Styles(book)
        sheet = Sheet(
            book.add_worksheet(language.translate(title)), language, styles, [column.width for column in columns]
        )
        for place, column in enumerate(columns):
            head = styles.amount_head if column.align == "right" else styles.head
            sheet.write(0, place, Label(column.heading), head)
        sheet.sheet.set_row(0, 2 * LINE)
        last = 0
        for last, row in enumerate(rows, start=1):
            if last > _MOST_ROWS:
                raise Refused(
                    msg("a sheet cannot hold more than {count} rows", count=_MOST_ROWS), msg("use --format csv")
                )
            for place, cell in enumerate(row):
                if cell != "":
                    sheet.write(last, place, cell)
        sheet.sheet.freeze_panes(1, 0)
        sheet.sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.sheet.repeat_rows(0)
        sheet.finish()
    return file.getvalue()
