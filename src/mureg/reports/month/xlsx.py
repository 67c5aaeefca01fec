"""A month as an Excel workbook: the act of reconciliation, and the list of its licences.

Cells are typed: amounts are numbers, days are dates, identifiers and clients' texts are text and never formulas. The
only formulas are the SUMs of the list, with their values beside them for programs that do not compute.
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from mureg.domain.text import printable
from mureg.errors import N_, Message, Refused, msg
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.month import layout
from mureg.reports.month.document import Language, MonthDocument
from mureg.reports.month.layout import AMOUNT_LABELS, FACT_LABELS, HEADINGS, UNRESOLVED, PairRow, SumRow

# The height of a line of text, in points, and the widths of the act's columns, in characters.
_LINE = 15
_WIDTHS = (46, 38, 16, 16, 16, 44)
# The columns of the list and their widths in characters.
_CHARGE_COLUMNS = {
    "number": 12, "processed_on": 12, "inn": 14, "kpp": 11, "name": 40, "tier": 16, "list_price": 13,
    "discount_rate": 11, "discount": 13, "payable": 13, "promotion": 20, "corrects": 15,
}  # fmt: skip
_AMOUNTS = ("list_price", "discount_rate", "discount", "payable")
_PAIR_COLUMNS = ("id", "name", "ours", "theirs", "difference", "resolution")
_FACTS = ("partner", "operator", "contract", "state", "statement", "sha256", "without_statement")
# A sheet's rows, without the headings and the totals.
_MOST_CHARGES = 1_048_576 - 2


def month_workbook(document: MonthDocument, language: Language) -> bytes:
    """The workbook. Raises `Refused` for more charges than a sheet has rows."""
    count = document.settlement.total.count
    if count > _MOST_CHARGES:
        raise Refused(msg("a sheet cannot hold {count} licences", count=count), msg("use --format csv"))
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        styles = _Styles(book)
        for heading, fill in ((N_("Act"), _fill_act), (N_("Licences"), _fill_list)):
            sheet = _Sheet(book.add_worksheet(language.translate(heading)), language, styles)
            fill(sheet, document)
            sheet.set_up_print()
    return file.getvalue()


class _Styles:
    """The formats of the cells."""

    def __init__(self, book: Workbook) -> None:
        def style(**properties: Any) -> Format:
            return book.add_format({"valign": "top", **properties})

        self.title = style(bold=True, font_size=14)
        self.head = style(bold=True, bottom=1, text_wrap=True)
        self.amount_head = style(bold=True, bottom=1, text_wrap=True, align="right")
        self.bold = style(bold=True)
        self.text = style(text_wrap=True, num_format="@")
        self.plain = style(num_format="@")
        # A text to the right of an amount keeps its distance.
        self.after_amount = style(text_wrap=True, num_format="@", align="left", indent=1)
        self.after_amount_head = style(bold=True, bottom=1, text_wrap=True, align="left", indent=1)
        self.day = style(num_format="dd.mm.yyyy", align="left")
        self.money = style(num_format="#,##0.00")
        self.total = style(num_format="#,##0.00", bold=True, top=1)
        self.count = style(num_format="#,##0")
        self.total_count = style(num_format="#,##0", bold=True, top=1)
        self.total_label = style(bold=True, top=1)
        self.percent = style(num_format="0.00%")
        self.line = style(top=1)


class _Sheet:
    """Writes typed cells to a worksheet, each kind in its own format unless another one is given."""

    def __init__(self, sheet: Worksheet, language: Language, styles: _Styles) -> None:
        self.sheet = sheet
        self.styles = styles
        self._language = language

    def write(self, row: int, place: int, cell: Cell, style: Format | None = None) -> None:
        sheet, styles = self.sheet, self.styles
        match cell:
            case None:
                pass
            case Money(kopecks):
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
        match cell:
            case Label(text):
                return self._language.translate(text)
            case Message():
                return self._language.say(cell)
            case Money(kopecks):
                return self._language.money(kopecks)
        return "" if cell is None else printable(str(cell))

    def write_sum(self, row: int, place: int, rows: tuple[int, int] | None, value: Money) -> None:
        """A SUM over the rows from the first to the last of the column, with its value."""
        cells = "0" if rows is None else f"{xl_rowcol_to_cell(rows[0], place)}:{xl_rowcol_to_cell(rows[1], place)}"
        self.sheet.write_formula(row, place, f"=SUM({cells})", self.styles.total, value.kopecks / 100)

    def set_up_print(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        self.sheet.set_footer("&C&P / &N")


def _fill_list(sheet: _Sheet, document: MonthDocument) -> None:
    """Every charge, and the sums."""
    styles, columns = sheet.styles, list(_CHARGE_COLUMNS)
    for place, (name, width) in enumerate(_CHARGE_COLUMNS.items()):
        sheet.sheet.set_column(place, place, width)
        head = styles.amount_head if name in _AMOUNTS else styles.head
        sheet.write(0, place, Label(HEADINGS[name]), styles.after_amount_head if name == "promotion" else head)
    sheet.sheet.set_row(0, 2 * _LINE)
    chosen = {"name": styles.text, "promotion": styles.after_amount}
    row = 0
    for row, charge in enumerate(layout.charge_rows(document), start=1):
        for place, name in enumerate(columns):
            sheet.write(row, place, getattr(charge, name), chosen.get(name))
        sheet.sheet.set_row(row, _height((charge.name, 40), (charge.promotion, 20)))
    total = layout.charges_total(document)
    sheet.write(row + 1, 0, total.label, styles.bold)
    for name in ("list_price", "discount", "payable"):
        sheet.write_sum(row + 1, columns.index(name), (1, row) if row else None, getattr(total, name))
    sheet.sheet.freeze_panes(1, 0)
    sheet.sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    sheet.sheet.repeat_rows(0)


def _fill_act(sheet: _Sheet, document: MonthDocument) -> None:
    """Who, what, how much on both sides, where they differ, what was agreed, and room for signatures."""
    styles = sheet.styles
    for place, width in enumerate(_WIDTHS):
        sheet.sheet.set_column(place, place, width)
    title = f"{sheet.text(Label(N_('Act of reconciliation')))}: {sheet.text(layout.month_name(document.month))}"
    sheet.write(0, 0, title, styles.title)
    facts, row = layout.facts(document), 2
    for name in _FACTS:
        if facts[name]:
            sheet.write(row, 0, Label(FACT_LABELS[name]), styles.bold)
            sheet.write(row, 1, facts[name])
            row += 1
    row = _fill_sums(sheet, row + 1, document)
    row = _fill_amounts(sheet, row + 1, document)
    if document.reconciliation is not None:
        row = _fill_discrepancies(sheet, row + 1, document)
    if document.vat_note:
        sheet.write(row + 1, 0, document.vat_note)
        row += 1
    row += 3
    for place, side, name in ((0, N_("The partner"), "partner"), (3, N_("The operator"), "operator")):
        sheet.write(row, place, Label(side), styles.bold)
        sheet.write(row + 1, place, facts[name])
        for column in (place, place + 1):
            sheet.sheet.write_blank(row + 3, column, None, styles.line)
        sheet.write(row + 4, place, Label(N_("signature, name, date")))


def _fill_sums(sheet: _Sheet, row: int, document: MonthDocument) -> int:
    styles = sheet.styles
    for place, name in enumerate(layout.SUM_COLUMNS):
        sheet.write(row, place, Label(HEADINGS[name]), styles.amount_head if place else styles.head)
    parts, total = layout.tier_rows(document), layout.total_row(document)
    first = row + 1
    for part in parts:
        row += 1
        _fill_sum(sheet, row, part)
    row += 1
    sheet.write(row, 0, total.label, styles.total_label)
    sheet.write(row, 1, total.licences, styles.total_count)
    for place, amount in enumerate((total.list_price, total.discount, total.payable), start=2):
        # The contract may have the total rounded by itself: then it is no sum.
        if document.settlement.rounding_difference_kopecks:
            sheet.write(row, place, amount, styles.total)
        else:
            sheet.write_sum(row, place, (first, row - 1), amount)
    return row + 1


def _fill_sum(sheet: _Sheet, row: int, part: SumRow) -> None:
    cells: Sequence[Cell] = (part.label, part.licences, part.list_price, part.discount, part.payable)
    for place, cell in enumerate(cells):
        sheet.write(row, place, cell)


def _fill_amounts(sheet: _Sheet, row: int, document: MonthDocument) -> int:
    for name, amount in layout.amounts(document)._asdict().items():
        if amount is not None:
            sheet.write(row, 0, Label(AMOUNT_LABELS[name]), sheet.styles.bold)
            sheet.write(row, 1, amount)
            row += 1
    return row


def _fill_discrepancies(sheet: _Sheet, row: int, document: MonthDocument) -> int:
    """Every pair that differs, one to a row, and the statement's own total where it is not the sum of its rows."""
    styles = sheet.styles
    for place, name in enumerate(_PAIR_COLUMNS):
        head = styles.amount_head if 2 <= place <= 4 else styles.head
        sheet.write(row, place, Label(HEADINGS[name]), styles.after_amount_head if name == "resolution" else head)
    pairs = layout.pair_rows(document)
    for pair in pairs:
        row += 1
        _fill_pair(sheet, row, pair)
    if not pairs:
        row += 1
        sheet.write(row, 0, Label(N_("Both sides agree")))
    return row + 1


def _fill_pair(sheet: _Sheet, row: int, pair: PairRow) -> None:
    styles = sheet.styles
    what = "\n".join([printable(pair.id), *map(sheet.text, pair.kinds.values())])
    name = printable(pair.name)
    if pair.rows_sum is not None:
        name = f"{sheet.text(Label(N_('sum of the rows')))} {sheet.text(pair.rows_sum)}"
    done = sheet.text(pair.resolution or UNRESOLVED)
    sheet.sheet.write_string(row, 0, what, styles.text)
    sheet.sheet.write_string(row, 1, name, styles.text)
    for place, side in ((2, pair.ours), (3, pair.theirs)):
        sheet.write(row, place, side.payable if side else None)
    sheet.write(row, 4, pair.difference)
    sheet.sheet.write_string(row, 5, done, styles.after_amount)
    sheet.sheet.set_row(row, _height((what, _WIDTHS[0]), (name, _WIDTHS[1]), (done, _WIDTHS[5])))


def _height(*texts: tuple[str, int]) -> int:
    """The height of a row whose texts wrap in columns of so many characters: not every program finds it by itself."""
    return _LINE * max(
        sum(-(-len(printable(line)) // (width - 2)) or 1 for line in text.split("\n")) for text, width in texts
    )
