"""A month as an Excel workbook: the act of reconciliation, and the list of its licences.

Cells are typed: amounts are numbers, days are dates, identifiers and clients' texts are text and never formulas. The
only formulas are the SUMs of the list, with their values beside them for programs that do not compute.
"""

import io
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from mureg.domain.reconciliation import TOTAL_ID, Pair, Reconciliation
from mureg.domain.statement import Statement
from mureg.domain.text import printable
from mureg.errors import N_, Refused, msg
from mureg.reports.month.document import OPERATOR, TIER, MonthDocument, Words, kind_texts, month_name, resolution_text

# The height of a line of text, in points, and the widths of the act's columns, in characters.
_LINE = 15
_WIDTHS = (46, 38, 16, 16, 16, 44)
# A sheet's rows, without the headings and the totals.
_MOST_CHARGES = 1_048_576 - 2


def month_workbook(document: MonthDocument, words: Words) -> bytes:
    """The workbook. Raises `Refused` for more charges than a sheet has rows."""
    if len(document.charges) > _MOST_CHARGES:
        raise Refused(
            msg("a sheet has no room for {count} licences", count=len(document.charges)), msg("take --format csv")
        )
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        styles = _Styles(book)
        _act(book.add_worksheet(words.word(N_("Act"))), document, words, styles)
        _list(book.add_worksheet(words.word(N_("Licences"))), document, words, styles)
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
        # A text that stands to the right of an amount keeps its distance.
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


def _list(sheet: Worksheet, document: MonthDocument, words: Words, styles: _Styles) -> None:
    """Every charge, and the sums."""
    columns = (
        (N_("Number"), 12), (N_("Processed"), 12), (N_("ИНН"), 14), (N_("КПП"), 11), (N_("Organisation"), 40),
        (N_("Tier"), 16), (N_("List price"), 13), (N_("Discount %"), 11), (N_("Discount"), 13), (N_("Payable"), 13),
        (N_("Promotion"), 20), (N_("Corrects"), 15),
    )  # fmt: skip
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        head = styles.amount_head if 6 <= place <= 9 else styles.after_amount_head if place == 10 else styles.head
        sheet.write_string(0, place, words.word(heading), head)
    sheet.set_row(0, 2 * _LINE)
    for row, settled in enumerate(document.charges, start=1):
        sale, charge, _, corrects = settled
        texts = (sale.number, "", sale.organization.inn, sale.organization.kpp, sale.name, words.word(TIER[sale.tier]))
        for place, text in enumerate(texts):
            sheet.write_string(row, place, printable(text), styles.text if place == 4 else styles.plain)
        sheet.write_datetime(row, 1, sale.sold_on, styles.day)
        for place, kopecks in (
            (6, charge.list_price_kopecks),
            (8, charge.discount_kopecks),
            (9, charge.payable_kopecks),
        ):
            sheet.write_number(row, place, kopecks / 100, styles.money)
        sheet.write_number(row, 7, charge.discount_rate / 10_000, styles.percent)
        sheet.write_string(row, 10, printable(sale.promotion), styles.after_amount)
        sheet.write_string(row, 11, str(corrects) if corrects else "", styles.plain)
        sheet.set_row(row, _height((sale.name, 40), (sale.promotion, 20)))
    last = len(document.charges)
    sheet.write_string(last + 1, 0, words.word(N_("Total")), styles.bold)
    sums = {
        6: sum(each.charge.list_price_kopecks for each in document.charges),
        8: sum(each.charge.discount_kopecks for each in document.charges),
        9: sum(each.charge.payable_kopecks for each in document.charges),
    }
    for place, kopecks in sums.items():
        cells = f"{xl_rowcol_to_cell(1, place)}:{xl_rowcol_to_cell(last, place)}" if last else "0"
        formula = f"=SUM({cells})"
        sheet.write_formula(last + 1, place, formula, styles.total, kopecks / 100)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    _print_set_up(sheet)
    sheet.repeat_rows(0)


def _act(sheet: Worksheet, document: MonthDocument, words: Words, styles: _Styles) -> None:
    """Who, what, how much on both sides, where they differ, what was agreed, and room for signatures."""
    word = words.word
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, f"{word(N_('Act of reconciliation'))}: {month_name(document.month, words)}", styles.title)
    row = 2
    for label, text in (
        (N_("Partner"), document.partner), (N_("Operator"), word(OPERATOR)), (N_("Contract"), document.contract),
        (N_("State"), document.state), (N_("Statement"), document.statement.file if document.statement else ""),
        ("SHA-256", document.statement.sha256 if document.statement else ""),
        (N_("Closed without a statement"), document.without_statement),
    ):  # fmt: skip
        if text:
            sheet.write_string(row, 0, word(label), styles.bold)
            sheet.write_string(row, 1, printable(text), styles.plain)
            row += 1
    row = _sums(sheet, row + 1, document, words, styles)
    row = _sides(sheet, row + 1, document, words, styles)
    if document.reconciliation is not None:
        row = _discrepancies(sheet, row + 1, document, document.reconciliation, words, styles)
    if document.vat_note:
        sheet.write_string(row + 1, 0, printable(document.vat_note), styles.plain)
        row += 1
    row += 3
    for place, side, name in ((0, N_("The partner"), document.partner), (3, N_("The operator"), word(OPERATOR))):
        sheet.write_string(row, place, word(side), styles.bold)
        sheet.write_string(row + 1, place, printable(name), styles.plain)
        for column in (place, place + 1):
            sheet.write_blank(row + 3, column, None, styles.line)
        sheet.write_string(row + 4, place, word(N_("signature, name, date")), styles.plain)
    _print_set_up(sheet)


def _sums(sheet: Worksheet, row: int, document: MonthDocument, words: Words, styles: _Styles) -> int:
    headings = (N_("Tier"), N_("Licences"), N_("List price"), N_("Discount"), N_("Payable"))
    for place, heading in enumerate(headings):
        sheet.write_string(row, place, words.word(heading), styles.amount_head if place else styles.head)
    parts = [(words.word(TIER[tier]), part) for tier, part in document.settlement.tiers]
    for label, part in [*parts, (words.word(N_("Total")), document.settlement.total)]:
        row += 1
        is_total = part is document.settlement.total
        sheet.write_string(row, 0, label, styles.total_label if is_total else styles.plain)
        sheet.write_number(row, 1, part.count, styles.total_count if is_total else styles.count)
        amounts = (part.list_price_kopecks, part.discount_kopecks, part.payable_kopecks)
        for place, kopecks in enumerate(amounts, start=2):
            sheet.write_number(row, place, kopecks / 100, styles.total if is_total else styles.money)
    # The contract may have the total rounded by itself: then it is no sum.
    if not document.settlement.rounding_difference_kopecks:
        for place, kopecks in enumerate(amounts, start=2):
            cells = f"{xl_rowcol_to_cell(row - len(parts), place)}:{xl_rowcol_to_cell(row - 1, place)}"
            sheet.write_formula(row, place, f"=SUM({cells})", styles.total, kopecks / 100)
    return row + 1


def _sides(sheet: Worksheet, row: int, document: MonthDocument, words: Words, styles: _Styles) -> int:
    found = document.reconciliation
    ours = document.settlement.total.payable_kopecks
    lines: list[tuple[str, int | None]] = [
        (N_("Rounding difference"), document.settlement.rounding_difference_kopecks or None), (N_("Ours"), ours),
        (N_("Theirs"), found.theirs_total_kopecks if found else None),
        (N_("Difference"), found.theirs_total_kopecks - ours if found else None),
        (N_("Agreed"), document.agreed_kopecks),
    ]  # fmt: skip
    for label, kopecks in lines:
        if kopecks is not None:
            sheet.write_string(row, 0, words.word(label), styles.bold)
            sheet.write_number(row, 1, kopecks / 100, styles.money)
            row += 1
    return row


def _discrepancies(
    sheet: Worksheet, row: int, document: MonthDocument, found: Reconciliation, words: Words, styles: _Styles
) -> int:
    """Every pair that differs, one to a row, and the statement's own total where it is not the sum of its rows."""
    headings = (N_("Discrepancy"), N_("Organisation"), N_("Ours"), N_("Theirs"), N_("Difference"), N_("Resolution"))
    for place, heading in enumerate(headings):
        head = styles.amount_head if 2 <= place <= 4 else styles.after_amount_head if place == 5 else styles.head
        sheet.write_string(row, place, words.word(heading), head)
    for pair in found.differing:
        row += 1
        done = printable(resolution_text(document.resolutions.get(pair.id), words))
        _pair(sheet, row, pair, done, words, styles)
    if found.total_differs and document.statement is not None:
        row += 1
        done = printable(resolution_text(document.resolutions.get(TOTAL_ID), words))
        _stated_total(sheet, row, document.statement, done, words, styles)
    if not found.total_differs and not found.differing:
        row += 1
        sheet.write_string(row, 0, words.word(N_("Both sides agree")), styles.plain)
    return row + 1


def _pair(sheet: Worksheet, row: int, pair: Pair, done: str, words: Words, styles: _Styles) -> None:
    what = "\n".join([printable(pair.id), *kind_texts(pair, words)])
    sheet.write_string(row, 0, what, styles.text)
    name = printable(pair.ours.sale.name if pair.ours else pair.theirs.name if pair.theirs else "")
    sheet.write_string(row, 1, name, styles.text)
    # What another month settles is no part of ours here.
    if pair.ours is not None and not pair.settled_in:
        sheet.write_number(row, 2, pair.ours.charge.payable_kopecks / 100, styles.money)
    if pair.theirs is not None:
        sheet.write_number(row, 3, pair.theirs.payable_kopecks / 100, styles.money)
    sheet.write_number(row, 4, pair.difference_kopecks / 100, styles.money)
    sheet.write_string(row, 5, done, styles.after_amount)
    sheet.set_row(row, _height((what, _WIDTHS[0]), (name, _WIDTHS[1]), (done, _WIDTHS[5])))


def _stated_total(sheet: Worksheet, row: int, statement: Statement, done: str, words: Words, styles: _Styles) -> None:
    """The total that the statement states, beside the sum of its rows: no part of theirs − ours, which counts rows."""
    stated = statement.stated_total_kopecks
    assert stated is not None, "what differs was stated"
    what = f"{TOTAL_ID}\n{words.word(words.kinds['total_differs'])}"
    rows_sum = f"{words.word(N_('sum of the rows'))} {words.money(statement.total_kopecks)}"
    sheet.write_string(row, 0, what, styles.text)
    sheet.write_string(row, 1, rows_sum, styles.text)
    sheet.write_number(row, 3, stated / 100, styles.money)
    sheet.write_string(row, 5, done, styles.after_amount)
    sheet.set_row(row, _height((what, _WIDTHS[0]), (rows_sum, _WIDTHS[1]), (done, _WIDTHS[5])))


def _height(*texts: tuple[str, int]) -> int:
    """The height of a row whose texts wrap in columns of so many characters: not every program finds it by itself."""
    return _LINE * max(
        sum(-(-len(printable(line)) // (width - 2)) or 1 for line in text.split("\n")) for text, width in texts
    )


def _print_set_up(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_footer("&C&P / &N")
