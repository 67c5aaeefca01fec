"""A month as an Excel workbook: the act of reconciliation, what differs, and the list of licences.

Cells are typed: amounts are numbers, days are dates, identifiers and clients' texts are text and never formulas. The
only formulas are SUMs, with their values beside them for programs that do not compute.
"""

import io
from collections.abc import Sequence
from itertools import count

from xlsxwriter import Workbook

from mureg.domain.text import printable
from mureg.errors import N_, Refused, msg
from mureg.reports.cells import Label
from mureg.reports.language import Language
from mureg.reports.month import act, layout
from mureg.reports.month.discrepancies import PAIR_HEADINGS, PairRow, Side, pair_rows
from mureg.reports.month.document import MonthDocument
from mureg.reports.month.layout import HEADINGS, INN_AND_KPP, ChargeRow, SumRow
from mureg.reports.month.xlsx_act import WIDTHS, fill_act
from mureg.reports.month.xlsx_sheet import LINE, Sheet, Styles, column_of

# The columns of the sheets and their widths in characters.
_CHARGE_COLUMNS = {
    "place": 6, "number": 10, "processed_on": 12, "inn": 14, "kpp": 11, "name": 40, "tier": 13, "list_price": 13,
    "discount_rate": 10, "discount": 13, "payable": 13, "promotion": 20, "kind": 16, "corrects": 14,
}  # fmt: skip
_WRAPPED = ("number", "name", "promotion", "kind")
_PAIR_COLUMNS = {"id": 13, "kinds": 24, "name": 26, "inn": 14, "row": 8}
_SIDE_WIDTHS = (13, 10, 9, 10, 10)
_PAIR_WIDTHS = (*_PAIR_COLUMNS.values(), *_SIDE_WIDTHS, *_SIDE_WIDTHS, 12, 24)
_ANNEXES = (N_("Discrepancies"), N_("Licence list"))
_AMOUNTS = ("list_price", "discount_rate", "discount", "payable")
# A sheet's rows, without the headings and the totals.
_MOST_CHARGES = 1_048_576 - 10


def month_workbook(document: MonthDocument, language: Language, *, is_annex: bool = False) -> bytes:
    """The workbook; as an annex to an act in another file, without the act.

    Raises `Refused` for more charges than a sheet has rows.
    """
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

        pairs = pair_rows(document)
        if not is_annex:
            fill_act(sheet(N_("Act"), WIDTHS), document, language, sheets=_ANNEXES[not pairs :])
        if pairs:
            _fill_discrepancies(sheet(_ANNEXES[0], _PAIR_WIDTHS), pairs)
        columns = _charge_columns(document)
        _List(sheet(_ANNEXES[1], tuple(columns.values())), document, tuple(columns)).fill()
    return file.getvalue()


def _charge_columns(document: MonthDocument) -> dict[str, int]:
    """The columns of the list; those of corrections only where there are any."""
    if document.settlement.corrections is not None:
        return _CHARGE_COLUMNS
    return {name: width for name, width in _CHARGE_COLUMNS.items() if name not in ("kind", "corrects")}


class _List:
    """The sheet of every charge, sales and corrections apart, with the sums."""

    def __init__(self, sheet: Sheet, document: MonthDocument, columns: Sequence[str]) -> None:
        self._sheet = sheet
        self._document = document
        self._place = {name: place for place, name in enumerate(columns)}
        styles = dict.fromkeys(_WRAPPED, sheet.styles.text)
        styles |= {"place": sheet.styles.place, "promotion": sheet.styles.after_amount}
        self._cells = [(name, place, styles.get(name)) for name, place in self._place.items()]
        self._wrapped = [(name, self._place[name]) for name in _WRAPPED if name in self._place]

    def fill(self) -> None:
        sheet, styles, sections = self._sheet, self._sheet.styles, layout.sections(self._document)
        self._fill_headings()
        row, places, ranges = 0, count(1), []
        for section in sections:
            if section.title:
                row += 1
                sheet.write(row, self._place["number"], section.title, styles.bold)
            first = row + 1
            for row, charge in enumerate(section.rows(), start=first):
                self._fill_charge(row, next(places), charge)
            ranges.append((first, row))
            if len(sections) > 1:
                row += 1
                self._fill_sums(row, section.total, ranges[-1:])
        self._fill_sums(row + 1, layout.charges_total(self._document), ranges)
        for place, note in enumerate(act.notes(self._document), start=row + 3):
            sheet.write(place, 0, note, styles.small)
        sheet.sheet.freeze_panes(1, 0)
        if len(sections) == 1:
            sheet.sheet.autofilter(0, 0, max(row, 1), len(self._place) - 1)
        sheet.sheet.repeat_rows(0)
        sheet.finish()

    def _fill_headings(self) -> None:
        styles = self._sheet.styles
        for name, place in self._place.items():
            head = styles.amount_head if name in _AMOUNTS else styles.head
            head = styles.after_amount_head if name == "promotion" else head
            self._sheet.write(0, place, Label(HEADINGS[name]), head)
        self._sheet.sheet.set_row(0, 2 * LINE)

    def _fill_charge(self, row: int, place: int, charge: ChargeRow) -> None:
        sheet, cells = self._sheet, charge._asdict() | {"place": place}
        sheet.widen_to_text(self._place["number"], charge.number)
        sheet.set_height(row, {column: sheet.text(cells[name]) for name, column in self._wrapped})
        for name, column, style in self._cells:
            sheet.write(row, column, cells[name], style)

    def _fill_sums(self, row: int, total: SumRow, ranges: Sequence[tuple[int, int]]) -> None:
        self._sheet.write(row, self._place["number"], total.label, self._sheet.styles.bold)
        for name in ("list_price", "discount", "payable"):
            cells = [column_of(self._place[name], first, last) for first, last in ranges if first <= last]
            self._sheet.write_sum(row, self._place[name], cells, getattr(total, name))


def _fill_discrepancies(sheet: Sheet, pairs: Sequence[PairRow]) -> None:
    """Every pair that differs, one to a row with both sides, and the statement's own total."""
    styles, first = sheet.styles, len(_PAIR_COLUMNS)
    sides = Side._fields
    for place, name in ((first, "ours"), (first + len(sides), "theirs")):
        title = sheet.text(Label(act.SIDES[name]))
        sheet.sheet.merge_range(0, place, 0, place + len(sides) - 1, title, styles.group)
    sheet.sheet.set_row(1, 2 * LINE)
    for place, name in enumerate(_PAIR_COLUMNS):
        heading = INN_AND_KPP if name == "inn" else PAIR_HEADINGS[name]
        sheet.write(1, place, Label(heading), styles.head)
    for place, name in enumerate((*sides, *sides), start=first):
        sheet.write(
            1, place, Label(HEADINGS[name]), styles.amount_head if name in _AMOUNTS else styles.after_amount_head
        )
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
    inn = " /\n".join(filter(None, (pair.inn, pair.kpp)))
    sheet.set_height(row, {0: pair.id, 1: kinds, 2: name, 3: inn, first + 2 * sides + 1: resolution})
    for place, text in enumerate((printable(pair.id), kinds, name)):
        sheet.sheet.write_string(row, place, text, styles.text)
    sheet.sheet.write_string(row, 3, inn, styles.text)
    sheet.write(row, 4, pair.row)
    for start, side, marked in ((first, pair.ours, frozenset()), (first + sides, pair.theirs, pair.differs)):
        for place, (field, cell) in enumerate(side._asdict().items() if side else (), start=start):
            style = styles.after_amount if field == "tier" else None
            sheet.write(row, place, cell, styles.marked(cell) if field in marked else style)
    sheet.write(row, first + 2 * sides, pair.difference)
    sheet.sheet.write_string(row, first + 2 * sides + 1, resolution, styles.after_amount)
