"""XLSX through python-calamine: cells become the texts that a CSV would have, and are parsed by the same parsers."""

from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from mureg.errors import Rejected, msg
from mureg.readers.applications.fields import CELL_ERRORS, day_of_serial
from mureg.readers.applications.table import CHUNK_ROWS, HEADER_WITHIN, Header, HeaderNames, Table
from mureg.readers.errors import listed, rejected, shown_value
from mureg.readers.tables.xlsx_guard import ErrorCells, inspect_workbook
from mureg.readers.types import Batch, FileReport, Limits, Profile, Source

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(source: Source, profile: Profile | None, limits: Limits) -> Generator[Batch, None, FileReport]:
    """Applications of the profile's sheet, else of the first one that has a header. Raises `Rejected`."""
    names = HeaderNames(source.name, profile)
    errors = inspect_workbook(source.name, source.stream, limits)
    source.stream.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(source.stream)
        sheet, header = _sheet(workbook, names, source.name, profile.sheet if profile else "")
    except CalamineError as error:
        raise rejected(source.name, msg("cannot read the workbook: {reason}", reason=shown_value(str(error)))) from None
    names.check(header, sheet.name)
    table = Table(source.name, sheet.name, header, profile, limits)
    error_cells = errors.get(sheet.name, {})
    rows = islice(sheet_rows(sheet), header.row, None)
    number = header.row + 1
    while chunk := [cell_texts(cells, table.place("submitted_on")) for cells in islice(rows, CHUNK_ROWS)]:
        if error_cells:
            show_errors(number, chunk, error_cells)
        yield table.batch(range(number, number + len(chunk)), chunk)
        number += len(chunk)
    fixed_format = profile.date_format if profile else None
    return FileReport(source.name, "xlsx", None, None, sheet.name, fixed_format or None, table.rows)


def _sheet(workbook: CalamineWorkbook, names: HeaderNames, file: str, fixed: str) -> tuple[CalamineSheet, Header]:
    worksheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if fixed and fixed not in worksheets:
        raise _no_such_sheet(file, fixed, worksheets)
    for name in [fixed] if fixed else worksheets:
        sheet = workbook.get_sheet_by_name(name)
        header = names.find(cell_texts(cells, None) for cells in islice(sheet_rows(sheet), HEADER_WITHIN))
        if header is not None:
            return sheet, header
    raise names.not_found()


def _no_such_sheet(file: str, name: str, worksheets: list[str]) -> Rejected:
    return rejected(
        file,
        msg("the profile names the sheet “{sheet}”, which the workbook does not have", sheet=name),
        msg("the sheets are: {names}", names=listed(worksheets)),
    )


def sheet_rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    """The rows with every cell in its column: calamine leaves empty columns on the left out."""
    left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    return (left + cells for cells in sheet.iter_rows()) if left else sheet.iter_rows()


def show_errors(first: int, chunk: list[list[str]], errors: ErrorCells) -> None:
    """Write the error cells, which calamine shows as empty ones, back into the rows from number `first` on."""
    for row in errors.keys() & set(range(first, first + len(chunk))):
        cells = chunk[row - first]
        for place, text in errors[row].items():
            if place < len(cells):
                cells[place] = text if text in CELL_ERRORS else "#VALUE!"


def cell_texts(cells: Iterable[Cell], day_place: int | None) -> list[str]:
    """The cells of a row as a CSV would have them; `day_place` is the column in which bare serial numbers are days."""
    texts = [cell if type(cell) is str else _TEXT_OF[type(cell)](cell) for cell in cells]
    if day_place is not None and day_place < len(texts):
        texts[day_place] = day_of_serial(texts[day_place])
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
