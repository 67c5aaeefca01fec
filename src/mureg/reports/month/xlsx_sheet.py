"""A sheet of a workbook: typed cells in formats of their own, columns as wide as their amounts, rows as high as texts.

Rows are written in order and go to a temporary file: a month may have a hundred thousand.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from mureg.domain.text import printable
from mureg.errors import Message
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.language import Language

# The height of a line of text, in points.
LINE = 15
Places = tuple[int, int]
"""The first and the last of some columns."""
_WIDEST = 32
# What a column is wider than its text, in characters.
_MARGIN = 2


class Styles:
    """The formats of the cells."""

    def __init__(self, book: Workbook) -> None:
        def style(**properties: Any) -> Format:
            return book.add_format({"valign": "top", **properties})

        self.title = style(bold=True, font_size=14)
        self.head = style(bold=True, bottom=1, text_wrap=True)
        self.amount_head = style(bold=True, bottom=1, text_wrap=True, align="right")
        self.group = style(bold=True, align="center", bottom=1)
        self.bold = style(bold=True)
        self.small = style(font_color="#59636E", font_size=8)
        self.quiet = style(font_color="#59636E", font_size=8, text_wrap=True)
        self.text = style(text_wrap=True, num_format="@")
        self.plain = style(num_format="@")
        # A text to the right of an amount keeps its distance.
        self.after_amount = style(text_wrap=True, num_format="@", align="left", indent=1)
        self.after_amount_head = style(bold=True, bottom=1, text_wrap=True, align="left", indent=1)
        self.day = style(num_format="dd.mm.yyyy", align="left")
        self.money = style(num_format="#,##0.00")
        mark = {"bold": True, "bg_color": "#FFF2CC"}
        self._marked_money = style(num_format="#,##0.00", **mark)
        self._marked_percent = style(num_format="0.00%", **mark)
        self._marked_text = style(num_format="@", text_wrap=True, indent=1, **mark)
        self.total = style(num_format="#,##0.00", bold=True, top=1)
        self.count = style(num_format="#,##0")
        self.place = style(num_format="0", align="center")
        self.total_count = style(num_format="#,##0", bold=True, top=1)
        self.total_label = style(bold=True, top=1)
        self.percent = style(num_format="0.00%")
        # Of an act: a line to write on, its caption, and the boxes of the parties.
        self.line = style(bottom=1, text_wrap=True, align="center", valign="bottom")
        self.caption = style(font_color="#59636E", font_size=8, align="center")
        self.right = style(align="right", num_format="dd.mm.yyyy")
        self.bold_text = style(bold=True, text_wrap=True)
        self.boxed_quiet = style(left=1, right=1, top=1, font_color="#59636E")
        self.boxed_bold = style(left=1, right=1, bold=True, text_wrap=True)
        self.boxed_last = style(left=1, right=1, bottom=1, text_wrap=True)

    def marked(self, cell: Cell) -> Format:
        """The format of a cell that differs."""
        match cell:
            case Money():
                return self._marked_money
            case Rate():
                return self._marked_percent
        return self._marked_text


class Sheet:
    """Writes typed cells to a worksheet, each kind in its own format unless another one is given.

    `widths` are those of the columns, in characters; a column of amounts that needs more gets more.
    """

    def __init__(self, sheet: Worksheet, language: Language, styles: Styles, widths: Sequence[int]) -> None:
        self.sheet = sheet
        self.styles = styles
        self._language = language
        self._widths = list(widths)
        self._largest = [0] * len(widths)

    def write(self, row: int, place: int, cell: Cell, style: Format | None = None) -> None:
        """One cell; nothing for `None`."""
        sheet, styles = self.sheet, self.styles
        match cell:
            case None:
                pass
            case str():
                sheet.write_string(row, place, printable(cell), style or styles.plain)
            case Money(kopecks):
                self._widen(place, kopecks)
                sheet.write_number(row, place, kopecks / 100, style or styles.money)
            case Rate(basis_points):
                sheet.write_number(row, place, basis_points / 10_000, style or styles.percent)
            case date():
                sheet.write_datetime(row, place, cell, style or styles.day)
            case int():
                sheet.write_number(row, place, cell, style or styles.count)
            case _:
                sheet.write_string(row, place, self.text(cell), style or styles.plain)

    def text(self, cell: Cell) -> str:
        """A cell as a text."""
        match cell:
            case str():
                return printable(cell)
            case Label(text):
                return self._language.translate(text)
            case Message():
                return self._language.say(cell)
            case Money(kopecks):
                return self._language.money(kopecks)
        return "" if cell is None else printable(str(cell))

    def write_sum(self, row: int, place: int, cells: Sequence[str], value: Money) -> None:
        """A SUM over cells or ranges of them, with its value."""
        self._widen(place, value.kopecks)
        self.sheet.write_formula(row, place, f"=SUM({','.join(cells) or 0})", self.styles.total, value.kopecks / 100)

    def write_across(self, row: int, places: Places, cell: Cell, style: Format) -> None:
        """One cell that reaches over several columns of a row of its own."""
        self.write_parts(row, [(places, cell)], style)

    def write_parts(self, row: int, parts: Sequence[tuple[Places, Cell]], style: Format, *, least: int = 1) -> None:
        """The cells of a row that reach over several columns each; it is as high as they need, at least some lines."""
        texts = [(first, last, self.text(cell)) for (first, last), cell in parts]
        lines = [_lines_of(text, sum(self._widths[first : last + 1])) for first, last, text in texts]
        self.sheet.set_row(row, LINE * max(least, *lines))
        for first, last, text in texts:
            if last > first:
                self.sheet.merge_range(row, first, row, last, text, style)
            else:
                self.sheet.write_string(row, first, text, style)

    def set_height(self, row: int, texts: Mapping[int, str]) -> None:
        """Make a row as high as its texts need that wrap, by their places: not every program finds it by itself."""
        lines = max([_lines_of(text, self._widths[place]) for place, text in texts.items()])
        if lines > 1:
            self.sheet.set_row(row, LINE * lines)

    def finish(self, *, is_one_page: bool = False) -> None:
        """Set the columns' widths, and how the sheet is printed: on one page, or on as many as its rows need."""
        for place, width in enumerate(self._widths):
            # Kopecks with commas between thousands are as long as the amount with its point; a sign, and some room.
            amount = f"{-self._largest[place]:,}"
            self.sheet.set_column(place, place, max(width, len(amount) + 3))
        if not is_one_page:
            self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, int(is_one_page))
        self.sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        self.sheet.set_footer("&C&P / &N")

    def widen_to_text(self, place: int, text: str) -> None:
        """Make a column as wide as a text, so that it is not broken; a very long one wraps."""
        if 3 * (self._widths[place] - _MARGIN) < 4 * len(text):
            needed = -(-_size(text) // 3) + _MARGIN
            self._widths[place] = max(self._widths[place], min(needed, _WIDEST))

    def _widen(self, place: int, kopecks: int) -> None:
        self._largest[place] = max(self._largest[place], abs(kopecks))


def _lines_of(text: str, width: int) -> int:
    """How many lines a text needs in a column. Widths are measured by digits; a capital letter is a third wider."""
    thirds = 3 * (width - _MARGIN)
    # Most texts are short: then nothing needs to be counted.
    if 4 * len(text) <= thirds and "\n" not in text:
        return 1
    return sum(_wrapped_lines(line, thirds) for line in text.split("\n"))


def _wrapped_lines(line: str, thirds: int) -> int:
    size = _size(line)
    return 1 if size <= thirds else len(wrap(line, max(1, thirds * len(line) // size)))


def _size(line: str) -> int:
    """The width of a line, in thirds of a digit."""
    return 3 * len(line) + sum(map(str.isupper, line))


def column_of(place: int, first: int, last: int) -> str:
    """The cells of a column from a row to a row."""
    return f"{xl_rowcol_to_cell(first, place)}:{xl_rowcol_to_cell(last, place)}"
