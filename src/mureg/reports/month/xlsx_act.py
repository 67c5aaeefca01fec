"""The first sheet of a workbook: the act of reconciliation, to be printed and signed."""

from collections.abc import Sequence

from xlsxwriter.format import Format

from mureg.errors import N_, msg
from mureg.reports.cells import Cell, Label
from mureg.reports.language import Language
from mureg.reports.month import act, layout
from mureg.reports.month.document import MonthDocument
from mureg.reports.month.layout import AMOUNT_LABELS, HEADINGS
from mureg.reports.month.xlsx_sheet import LINE, Places, Sheet, column_of

# The columns: those of the partner, a gap, and those of the operator.
WIDTHS = (26, 12, 17, 3, 25, 25)
_LAST = len(WIDTHS) - 1
_HALVES = ((0, 2), (4, _LAST))
# The columns of the sums.
_SUMS = (0, 1, 2, 4, 5)


def fill_act(sheet: Sheet, document: MonthDocument, language: Language, *, sheets: Sequence[str]) -> None:
    """Who, what, how much on both sides, what was agreed, and room for signatures. `sheets` are the others."""
    styles = sheet.styles
    sheet.write_across(0, (0, _LAST), act.title(document), styles.title)
    sheet.write(1, 0, act.SUBJECT)
    sheet.write(1, _LAST, act.dated(document), styles.right)
    row = 3
    if document.agreed_kopecks is None:
        sheet.write(2, 0, layout.state(document), styles.bold)
    parties = act.sides(document)
    row = _fill_parties(sheet, row, parties)
    sheet.write_across(row + 1, (0, _LAST), act.introduction(document), styles.text)
    row = _fill_sums(sheet, row + 3, document)
    sheet.write_across(row + 1, (0, _LAST), act.result(document), styles.text)
    annexes = ", ".join(map(language.translate, sheets))
    sheet.write_across(row + 2, (0, _LAST), msg("Annexes (sheets): {sheets}", sheets=annexes), styles.text)
    row = _fill_amounts(sheet, row + 4, document)
    sheet.write(row, 0, Label(N_("Agreed amount")), styles.bold)
    agreed = act.agreed(document, language) or "—"
    sheet.write_across(row, (1, _LAST), agreed, styles.bold_text)
    sheet.write_across(row + 1, (0, _LAST), layout.money_note(document), styles.quiet)
    _fill_signatures(sheet, row + 3, parties)
    sheet.sheet.print_area(0, 0, row + 11, _LAST)
    sheet.finish(is_one_page=True)


def _fill_parties(sheet: Sheet, row: int, parties: Sequence[act.ActSide]) -> int:
    styles = sheet.styles
    _fill_halves(sheet, row, [party.role for party in parties], styles.boxed_quiet)
    _fill_halves(sheet, row + 1, [party.name for party in parties], styles.boxed_bold)
    details = [
        "   ".join(f"{sheet.text(label)} {value or '_' * 14}" for label, value in party.details) for party in parties
    ]
    _fill_halves(sheet, row + 2, details, styles.boxed_last)
    return row + 3


def _fill_halves(sheet: Sheet, row: int, cells: Sequence[Cell], style: Format) -> None:
    """What both parties have, beside each other; the row is as high as the longer of both needs."""
    sheet.write_parts(row, list(zip(_HALVES, cells, strict=True)), style)


def _fill_sums(sheet: Sheet, row: int, document: MonthDocument) -> int:
    styles = sheet.styles
    for place, name in zip(_SUMS, layout.SUM_COLUMNS, strict=True):
        sheet.write(row, place, Label(HEADINGS[name]), styles.amount_head if place else styles.head)
    sheet.sheet.write_blank(row, 3, None, styles.head)
    parts, total = layout.tier_rows(document), layout.total_row(document)
    first = row + 1
    for part in parts:
        row += 1
        cells: Sequence[Cell] = part
        for place, cell in zip(_SUMS, cells, strict=True):
            sheet.write(row, place, cell)
    row += 1
    sheet.write(row, 0, total.label, styles.total_label)
    sheet.write(row, 1, total.licences, styles.total_count)
    for place, amount in zip(_SUMS[2:], (total.list_price, total.discount, total.payable), strict=True):
        # The contract may have the total rounded by itself: then it is no sum.
        if document.settlement.rounding_difference_kopecks:
            sheet.write(row, place, amount, styles.total)
        else:
            sheet.write_sum(row, place, [column_of(place, first, row - 1)], amount)
    return row + 1


def _fill_amounts(sheet: Sheet, row: int, document: MonthDocument) -> int:
    """What both sides come to, below the sums of what is payable."""
    amounts = layout.amounts(document)._asdict()
    del amounts["agreed"]
    for name, amount in amounts.items():
        if amount is not None:
            sheet.write(row, 0, Label((AMOUNT_LABELS | act.FIGURES)[name]))
            sheet.write(row, _LAST, amount)
            row += 1
    return row


def _fill_signatures(sheet: Sheet, row: int, parties: Sequence[act.ActSide]) -> None:
    styles = sheet.styles
    _fill_halves(sheet, row, [party.signer for party in parties], styles.bold_text)
    _fill_halves(sheet, row + 1, [party.name for party in parties], styles.text)
    _fill_blanks(sheet, row + 2, [(half, party.position) for half, party in zip(_HALVES, parties, strict=True)])
    _fill_halves(sheet, row + 3, [act.POSITION] * 2, styles.caption)
    # The signature has the first column, the name the others.
    signed = [((first, first), (first + 1, last)) for first, last in _HALVES]
    names = zip(signed, parties, strict=True)
    _fill_blanks(
        sheet, row + 4, [part for (line, name), party in names for part in ((line, ""), (name, party.signatory))]
    )
    captions: Sequence[tuple[Places, Cell]] = [
        part for line, name in signed for part in ((line, act.SIGNATURE), (name, act.FULL_NAME))
    ]
    sheet.write_parts(row + 5, captions, styles.caption)
    sheet.sheet.set_row(row + 6, 2 * LINE)
    sheet.write_parts(row + 6, [((first, first), act.SEAL) for first, _ in _HALVES], styles.plain)
    sheet.write_parts(row + 7, [((first, last), act.BLANK_DATE) for first, last in _HALVES], styles.plain)


def _fill_blanks(sheet: Sheet, row: int, parts: Sequence[tuple[Places, str]]) -> None:
    """Lines to write on, with what is known on them."""
    sheet.write_parts(row, parts, sheet.styles.line, least=2)
