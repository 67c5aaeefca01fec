"""A list as a table, CSV, a workbook or JSON, on stdout or in the file of `-o`, from one declaration of columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Annotated, Any

import typer

from mureg.cli.framework.output.columns import Column
from mureg.cli.framework.session import Session
from mureg.errors import N_, Message
from mureg.lazy_imports import lazy_imports
from mureg.reports import cells

with lazy_imports():
    from mureg.cli.framework.output import formats, output_file
    from mureg.reports import csv_table
    from mureg.reports.lists import xlsx

FORMATS = ("table", "csv", "xlsx", "json")

Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="FORMAT", help=N_("table (default), csv, xlsx or json; else by the ending of -o FILE")
    ),
]
File = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Write to this .csv, .xlsx or .json file"))
]


class ListOutput:
    """Where a list goes and in which format. Raises `WrongUsage`, and `Refused` for a file that must not be lost."""

    def __init__(self, session: Session, output_format: str | None, file: str | None) -> None:
        self._session = session
        self._file = file
        self._format = formats.chosen_format(session, output_format, file, FORMATS, "list")
        if self.wants_json:
            session.output.wants_json = True
        if file is not None:
            output_file.require_harmless(session, file, ())

    @property
    def wants_json(self) -> bool:
        """Whether the list is printed as JSON."""
        return self._format == "json"

    def json(self, values: Iterable[dict[str, Any]], *, shape: dict[str, Any]) -> None:
        """An array, an item to a line. `shape` is an item, for the names of fields."""
        output_file.write(self._session, self._file, self._session.output.json_array(values, shape=shape))

    def rows(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        counted: Callable[[int], Message] | None = None,
    ) -> None:
        """The cells of each row. `title` names a worksheet; `counted` makes the line on stderr that says how many."""
        rows = _Counted(rows)
        if self._format == "table":
            self._session.output.table(columns, rows)
        elif self._format == "csv":
            headings: list[cells.Cell] = [cells.Label(column.heading) for column in columns]
            content = csv_table.csv_bytes(chain([headings], rows), self._session.language)
            output_file.write(self._session, self._file, content)
        else:
            workbook = xlsx.list_workbook(title, columns, rows, self._session.language)
            output_file.write(self._session, self._file, [workbook])
        if counted is not None:
            self._session.output.note(counted(rows.count))


class _Counted(Iterable[Sequence[Any]]):
    """Rows, and how many of them have gone through."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.count += 1
            yield row
