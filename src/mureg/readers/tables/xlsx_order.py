"""A sheet gives each row and each cell once, in order: of two with one number calamine would silently take one.

Rows and cells may have no number: calamine then counts on from the one before. Where some have one and some have none,
two cells may come to one place.
"""

import re
from collections.abc import Iterable

from mureg.errors import Message, Rejected, msg
from mureg.readers.errors import rejected

_ROW = re.compile(rb"""<(?:\w{1,9}+:)?+row\b[^<>]*?\sr\s*=\s*["']([0-9]+)["']""")
_CELL = re.compile(rb"""r(?<=\sr)\s*=\s*["']([A-Za-z]+)([0-9]+)["']""")
# Only the cells of a row without a number take its place from the row before.
_ROW_WITHOUT = re.compile(rb"""<(?:\w{1,9}+:)?+row(?!\sr=)(?=[\s/>])(?![^<>]*\sr\s*=)""")
_CELL_WITHOUT = re.compile(rb"""<(?:\w{1,9}+:)?+c(?!\sr=)(?=[\s/>])(?![^<>]*\sr\s*=)""")
_END = re.compile(rb"</(?:\w+:)?sheetData\b")
# More than a tag has.
_LONGEST_TAG = 10_000
_DIGITS = 10

Cell = tuple[bytes, bytes]


class SheetOrder:
    """Checks the rows and cells of a sheet, block by block."""

    def __init__(self, file: str) -> None:
        self._file = file
        # The end of the block before, where a tag may begin.
        self._rest = b""
        self._has_ended = False
        self._row = 0
        # The row of the last cell, and all cells that it has so far.
        self._cells_row = 0
        self._cells: set[Cell] = set()
        self._has_rows_without = self._has_cells_without = False

    def check(self, block: bytes) -> None:
        """Check what is whole by now. Raises `Rejected`."""
        if self._has_ended:
            return
        text = self._rest + block
        end = text.rfind(b"<")
        if end < 0 or len(text) - end > _LONGEST_TAG:
            end = len(text)
        text, self._rest = text[:end], text[end:]
        if ended := _END.search(text):
            # Behind the cells, others are named that mean something else.
            self._has_ended, text = True, text[: ended.start()]
        self._check_rows(_number(row) for row in _ROW.findall(text))
        self._check_cells(_CELL.findall(text))
        self._check_numbering(text)

    def _check_rows(self, rows: Iterable[int]) -> None:
        for row in rows:
            if row <= self._row:
                raise self._refused(msg("the sheet has row {row} more than once, or out of order", row=row))
            self._row = row

    def _check_cells(self, cells: list[Cell]) -> None:
        rows = [_number(digits) for _, digits in cells]
        if not rows:
            return
        in_order = self._cells_row <= rows[0] and rows == sorted(rows)
        if not in_order or len(set(cells)) < len(cells) or not self._cells.isdisjoint(cells):
            raise self._refused(
                msg("the sheet has cell {cell} more than once, or out of order", cell=self._first_wrong(cells, rows))
            )
        if rows[-1] > self._cells_row:
            self._cells_row, self._cells = rows[-1], set()
        for cell, row in zip(reversed(cells), reversed(rows), strict=True):
            if row < self._cells_row:
                break
            self._cells.add(cell)

    def _check_numbering(self, text: bytes) -> None:
        self._has_rows_without = self._has_rows_without or bool(_ROW_WITHOUT.search(text))
        self._has_cells_without = self._has_cells_without or bool(_CELL_WITHOUT.search(text))
        has_rows, has_cells = self._row > 0, self._cells_row > 0
        if self._has_cells_without and (has_cells or (self._has_rows_without and has_rows)):
            raise self._refused(
                msg("the sheet has rows or cells with a number and others without: their order is unclear")
            )

    def _first_wrong(self, cells: list[Cell], rows: list[int]) -> str:
        last, known = self._cells_row, set(self._cells)
        for cell, row in zip(cells, rows, strict=True):
            if row < last or cell in known:
                return b"".join(cell)[:_DIGITS].decode()
            last = row
            known.add(cell)
        raise AssertionError("one of them is wrong")

    def _refused(self, message: Message) -> Rejected:
        return rejected(self._file, message, msg("save it again, or download it again"))


def _number(digits: bytes) -> int:
    return int(digits[:_DIGITS])
