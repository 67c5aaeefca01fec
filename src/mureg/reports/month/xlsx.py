"""A month as an Excel workbook: the act of reconciliation, what differs, and the list of licences.

Cells are typed: amounts are numbers, days are dates, identifiers and clients' texts are text and never formulas. The
only formulas are SUMs, with their values beside them for programs that do not compute.
"""

import io
from collections.abc import Sequence

from xlsxwriter import Workbook

from mureg.domain.text import printable
from mureg.errors import N_, Refused, msg
from mureg.reports.cells import Cell, Label
from mureg.reports.month import layout
from mureg.reports.month.discrepancies import PAIR_HEADINGS, PairRow, Side, pair_rows
from mureg.reports.month.document import Language, MonthDocument
from mureg.reports.month.layout import AMOUNT_LABELS, FACT_LABELS, HEADINGS, ChargeRow, SumRow
from mureg.reports.month.xlsx_sheet import LINE, Sheet, Styles, column_of

# The columns of the sheets and their widths in characters.
_ACT_WIDTHS = (46, 38, 16, 16, 16, 44)
_CHARGE_COLUMNS = {
    "number": 14, "processed_on": 12, "inn": 14, "kpp": 11, "name": 40, "tier": 13, "list_price": 13,
    "discount_rate": 10, "discount": 13, "payable": 13, "promotion": 20, "kind": 15, "corrects": 10,
}  # fmt: skip
_WRAPPED = ("number", "name", "promotion", "kind", "resolution", "id", "kinds")
_PAIR_COLUMNS = {"id": 14, "kinds": 20, "name": 28, "inn": 14, "kpp": 11, "row": 8}
_SIDE_WIDTHS = (12, 11, 9, 11, 11)
_AMOUNTS = ("list_price", "discount_rate", "discount", "payable")
_FACTS = ("partner", "operator", "contract", "state", "statement", "sha256", "without_statement")
# A sheet's rows, without the headings and the totals.
_MOST_CHARGES = 1_048_576 - 10


def month_workbook(document: MonthDocument, language: Language) -> bytes:
    """The workbook. Raises `Refused` for more charges than a sheet has rows."""
    count = document.settlement.total.count
    if count > _MOST_CHARGES:
        raise Refused(msg("a sheet cannot hold {count} licences", count=count), msg("use --format csv"))
    file = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with Workbook(file, options) as book:
        styles = Styles(book)

        def sheet(heading: str, widths: Sequence[int]) -> Sheet:
            return Sheet(book.add_worksheet(language.translate(heading)), language, styles, widths)

        _fill_act(sheet(N_("Act"), _ACT_WIDTHS), document)
        pairs = pair_rows(document)
        if pairs:
            _fill_discrepancies(
                sheet(N_("Discrepancies"), (*_PAIR_COLUMNS.values(), *_SIDE_WIDTHS, *_SIDE_WIDTHS, 13, 36)), pairs
            )
        _fill_list(sheet(N_("Licences"), tuple(_CHARGE_COLUMNS.values())), document)
    return file.getvalue()


def _fill_list(sheet: Sheet, document: MonthDocument) -> None:
    """Every charge, sales and corrections apart, and the sums."""
    styles, columns, sections = sheet.styles, list(_CHARGE_COLUMNS), layout.sections(document)
    for place, name in enumerate(columns):
        head = styles.amount_head if name in _AMOUNTS else styles.head
        sheet.write(0, place, Label(HEADINGS[name]), styles.after_amount_head if name == "promotion" else head)
    sheet.sheet.set_row(0, 2 * LINE)
    row, ranges = 0, []
    for section in sections:
        if section.title:
            row += 1
            sheet.write(row, 0, section.title, styles.bold)
        first = row + 1
        for row, charge in enumerate(section.rows(), start=first):
            _fill_charge(sheet, row, charge)
        ranges.append((first, row))
        if len(sections) > 1:
            row += 1
            _fill_charge_sums(sheet, row, section.total, ranges[-1:])
    _fill_charge_sums(sheet, row + 1, layout.charges_total(document), ranges)
    sheet.sheet.freeze_panes(1, 0)
    if len(sections) == 1:
        sheet.sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    sheet.sheet.repeat_rows(0)
    sheet.finish()


def _fill_charge(sheet: Sheet, row: int, charge: ChargeRow) -> None:
    cells: dict[str, Cell] = charge._asdict()
    if not charge.corrects:
        cells["kind"] = None
    columns = list(_CHARGE_COLUMNS)
    sheet.set_height(row, {columns.index(name): sheet.text(cells[name]) for name in _WRAPPED if name in columns})
    for place, name in enumerate(columns):
        style = sheet.styles.after_amount if name == "promotion" else None
        sheet.write(row, place, cells[name], sheet.styles.text if name in _WRAPPED and not style else style)


def _fill_charge_sums(sheet: Sheet, row: int, total: SumRow, ranges: Sequence[tuple[int, int]]) -> None:
    columns = list(_CHARGE_COLUMNS)
    sheet.write(row, 0, total.label, sheet.styles.bold)
    for name in ("list_price", "discount", "payable"):
        place = columns.index(name)
        cells = [column_of(place, first, last) for first, last in ranges if first <= last]
        sheet.write_sum(row, place, cells, getattr(total, name))


def _fill_discrepancies(sheet: Sheet, pairs: Sequence[PairRow]) -> None:
    """Every pair that differs, one to a row with both sides, and the statement's own total."""
    styles, first = sheet.styles, len(_PAIR_COLUMNS)
    sides = Side._fields
    for place, name in ((first, "ours"), (first + len(sides), "theirs")):
        title = sheet.text(Label(PAIR_HEADINGS[name]))
        sheet.sheet.merge_range(0, place, 0, place + len(sides) - 1, title, styles.group)
    sheet.sheet.set_row(1, 2 * LINE)
    for place, name in enumerate(_PAIR_COLUMNS):
        sheet.write(1, place, Label(PAIR_HEADINGS[name]), styles.head)
    for place, name in enumerate((*sides, *sides), start=first):
        sheet.write(1, place, Label(HEADINGS[name]), styles.amount_head if name in _AMOUNTS else styles.head)
    end = first + 2 * len(sides)
    sheet.write(1, end, Label(PAIR_HEADINGS["difference"]), styles.amount_head)
    sheet.write(1, end + 1, Label(PAIR_HEADINGS["resolution"]), styles.after_amount_head)
    for row, pair in enumerate(pairs, start=2):
        _fill_pair(sheet, row, pair)
    sheet.sheet.freeze_panes(2, 1)
    sheet.sheet.repeat_rows(0, 1)
    sheet.finish()


def _fill_pair(sheet: Sheet, row: int, pair: PairRow) -> None:
    styles, first, sides = sheet.styles, len(_PAIR_COLUMNS), len(Side._fields)
    kinds, name = "\n".join(map(sheet.text, pair.kinds)), printable(pair.name)
    if pair.rows_sum is not None:
        name = sheet.text(msg("rows: {amount}", amount=sheet.text(pair.rows_sum)))
    resolution = sheet.text(pair.resolution)
    sheet.set_height(row, {0: pair.id, 1: kinds, 2: name, first + 2 * sides + 1: resolution})
    for place, text in enumerate((printable(pair.id), kinds, name)):
        sheet.sheet.write_string(row, place, text, styles.text)
    for place, cell in enumerate((pair.inn or None, pair.kpp or None, pair.row), start=3):
        sheet.write(row, place, cell)
    for start, side, marked in ((first, pair.ours, frozenset()), (first + sides, pair.theirs, pair.differs)):
        for place, (field, cell) in enumerate(side._asdict().items() if side else (), start=start):
            sheet.write(row, place, cell, styles.marked(cell) if field in marked else None)
    sheet.write(row, first + 2 * sides, pair.difference)
    sheet.sheet.write_string(row, first + 2 * sides + 1, resolution, styles.after_amount)


def _fill_act(sheet: Sheet, document: MonthDocument) -> None:
    """Who, what, how much on both sides, where they differ, what was agreed, and room for signatures."""
    styles = sheet.styles
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
        sheet.write(row + 1, 0, layout.comparison_result(document))
        row += 2
    if document.vat_note:
        sheet.write(row + 1, 0, document.vat_note)
        row += 1
    row += 3
    signers = ((0, N_("The partner"), "partner"), (3, N_("The operator"), "operator"))
    for place, side, _ in signers:
        sheet.write(row, place, Label(side), styles.bold)
    for place, _, name in signers:
        sheet.write(row + 1, place, facts[name])
    for place, _, _ in signers:
        for column in (place, place + 1):
            sheet.sheet.write_blank(row + 3, column, None, styles.line)
    for place, _, _ in signers:
        sheet.write(row + 4, place, Label(N_("signature, name, date")))
    sheet.finish()


def _fill_sums(sheet: Sheet, row: int, document: MonthDocument) -> int:
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
            sheet.write_sum(row, place, [column_of(place, first, row - 1)], amount)
    return row + 1


def _fill_sum(sheet: Sheet, row: int, part: SumRow) -> None:
    cells: Sequence[Cell] = (part.label, part.licences, part.list_price, part.discount, part.payable)
    for place, cell in enumerate(cells):
        sheet.write(row, place, cell)


def _fill_amounts(sheet: Sheet, row: int, document: MonthDocument) -> int:
    for name, amount in layout.amounts(document)._asdict().items():
        if amount is not None:
            sheet.write(row, 0, Label(AMOUNT_LABELS[name]), sheet.styles.bold)
            sheet.write(row, 1, amount)
            row += 1
    return row
