"""XLSX through python-calamine: cells become the texts that a CSV would have, and are parsed by the same parsers."""

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from mureg.errors import msg
from mureg.readers.errors import listed, rejected, shown_value
from mureg.readers.tables.column_checks import CELL_ERRORS
from mureg.readers.tables.header import HEADER_WITHIN, Header
from mureg.readers.tables.rows import CHUNK_ROWS, Chunk, NumberText, RepeatedText
from mureg.readers.tables.xlsx_guard import ErrorCells, inspect_workbook
from mureg.readers.types import Limits, Source

Cell = int | float | str | bool | time | date | datetime | timedelta
# The first and the last cell of a merged range: row and column, from 0.
_Range = tuple[tuple[int, int], tuple[int, int]]


class Sheet:
    """A worksheet of an open workbook. `repeats_merged`: merged cells all have the text of their first one."""

    def __init__(self, sheet: CalamineSheet, errors: ErrorCells, *, repeats_merged: bool) -> None:
        self.name = sheet.name
        self._sheet = sheet
        self._errors = errors
        # calamine leaves empty columns on the left out.
        self._left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
        self._merged = (sheet.merged_cell_ranges or []) if repeats_merged else []

    def head(self) -> Iterator[list[str]]:
        """The first rows, among which the header is."""
        return islice(self._rows(()), HEADER_WITHIN)

    def chunks(self, header: Header, marked: Collection[int] = ()) -> Generator[Chunk]:
        """The rows below the header. In the columns `marked` a text says if it is a `NumberText` or `RepeatedText`."""
        rows = islice(self._rows(marked), header.row, None)
        number = header.row + 1
        while some := list(islice(rows, CHUNK_ROWS)):
            yield Chunk(range(number, number + len(some)), some)
            number += len(some)

    def _rows(self, marked: Collection[int]) -> Iterator[list[str]]:
        merged = _MergedColumns(self._merged) if self._merged else None
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            texts = _texts(self._left + cells, marked)
            if number in self._errors:
                _show_errors(texts, self._errors[number])
            if merged is not None:
                merged.fill(number - 1, texts, marked)
            yield texts


def open_sheets(source: Source, limits: Limits, fixed: str, *, repeats_merged: bool = False) -> Iterator[Sheet]:
    """The worksheets of a workbook, or the one that a profile has `fixed`. Raises `Rejected`."""
    errors = inspect_workbook(source.name, source.stream, limits)
    source.stream.seek(0)
    with _calamine_errors(source.name):
        workbook = CalamineWorkbook.from_filelike(source.stream)
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if fixed and fixed not in names:
        raise rejected(
            source.name,
            msg("the profile names the sheet “{sheet}”, which the workbook does not have", sheet=fixed),
            msg("the sheets are: {names}", names=listed(names)),
        )
    for name in [fixed] if fixed else names:
        with _calamine_errors(source.name):
            sheet = Sheet(workbook.get_sheet_by_name(name), errors.get(name, {}), repeats_merged=repeats_merged)
        yield sheet


@contextmanager
def _calamine_errors(file: str) -> Iterator[None]:
    try:
        yield
    except CalamineError as error:
        raise rejected(file, msg("cannot read the workbook: {reason}", reason=shown_value(str(error)))) from None


class _Given(NamedTuple):
    """A text that the rows of a column get, from the first to the last."""

    first: int
    last: int
    text: str


class _MergedColumns:
    """Gives the text of cells that are merged over several rows to each of their rows, from the first row on.

    Ranges that overlap cost no more than those that do not: the rows of a column are given out once.
    """

    def __init__(self, ranges: Sequence[_Range]) -> None:
        self._beginning: dict[int, list[tuple[int, int]]] = {}
        for (first, column), (last, _) in sorted(ranges):
            self._beginning.setdefault(first, []).append((column, last))
        # Of each column the texts that its rows get, in order, and the last of these rows.
        self._given: dict[int, deque[_Given]] = {}
        self._ended: dict[int, int] = {}

    def fill(self, row: int, texts: list[str], marked: Collection[int]) -> None:
        """Write the texts of ranges that began above into empty cells of a row, whose number is from 0."""
        for column in list(self._given):
            given = self._given[column]
            while given and given[0].last < row:
                given.popleft()
            if not given:
                del self._given[column]
                continue
            repeated = given[0]
            if repeated.first <= row and not texts[column]:
                texts[column] = RepeatedText(repeated.text) if column in marked else repeated.text
        for column, last in self._beginning.pop(row, ()):
            if column < len(texts):
                ended = self._ended.get(column, 0)
                self._given.setdefault(column, deque()).append(_Given(max(row, ended) + 1, last, str(texts[column])))
                self._ended[column] = max(last, ended)


def _show_errors(texts: list[str], errors: dict[int, str]) -> None:
    """Write the error cells, which calamine shows as empty ones, back into a row."""
    for place, text in errors.items():
        if place < len(texts):
            texts[place] = text if text in CELL_ERRORS else "#VALUE!"


def _texts(cells: Sequence[Cell], marked: Collection[int]) -> list[str]:
    """The cells of a row as a CSV would have them."""
    texts = [cell if type(cell) is str else _TEXT_OF[type(cell)](cell) for cell in cells]
    for place in marked:
        if place < len(cells) and type(cells[place]) is float:
            texts[place] = NumberText(texts[place])
    return texts


def _text_of_float(number: float) -> str:
    # Excel keeps every number as a float: 7700123459.0 is an ИНН.
    return str(int(number)) if number.is_integer() else repr(number)


_TEXT_OF: dict[type, Callable[..., str]] = {
    bool: lambda cell: "true" if cell else "false",
    int: str,
    float: _text_of_float,
    date: date.isoformat,
    datetime: lambda cell: cell.isoformat(" "),
    time: time.isoformat,
    timedelta: str,
}
