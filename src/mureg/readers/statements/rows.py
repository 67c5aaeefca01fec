"""Rows of a statement's table, turned into columns of `StatementRow`. Ambiguity is a fault, never a guess."""

import re
from collections.abc import Iterable, Sequence
from itertools import compress

from mureg.domain.columns import Columns, selected
from mureg.domain.money import NotMoney, parse_money
from mureg.domain.reconciliation.statement import StatementRow
from mureg.errors import Fault, Message, msg
from mureg.readers.errors import shown_value, too_many_faults, too_many_rows
from mureg.readers.statements.discount_column import RateColumn
from mureg.readers.statements.fields import (
    AMOUNTS,
    FIELDS,
    amount_in_workbook,
    number_in_workbook,
    optional_day_parser,
    strip_blanks,
)
from mureg.readers.statements.spool import SpooledRows
from mureg.readers.tables.columns import Column, Field, Value, proprietors_with_kpp
from mureg.readers.tables.header import Header
from mureg.readers.tables.rows import Chunk, RowReader, Rows, without_empty
from mureg.readers.tables.total_row import begins_total, cell_of, has_inn, have_inns, name_total
from mureg.readers.types import Limits, Profile

# A total names itself and little else: «Итого», «Всего к оплате:», «Итого за август»; a firm or a number does not.
_ONLY_TOTAL = re.compile(r"(?:итого|всего)(?:\s+(?:к\s+оплате|по\s+отч[её]ту|за\s.*+))?\s*:?", re.IGNORECASE)
_VAT = re.compile(r"в\s+т(?:ом|\.)\s*ч(?:исле|\.)|(?:без\s+)?ндс", re.IGNORECASE)
_ROWS_BELOW = 50
# A row in which one of these is wrong is not also reported for its missing number or ИНН.
_IDENTIFYING = ("payable", "inn", "kpp", "number", "name")
_ORDER = {field.name: place for place, field in enumerate(FIELDS)}
_ABSENT = {name: StatementRow._field_defaults.get(name) for name in StatementRow._fields if name != "row"}


class StatementTable:
    """Turns chunks of rows into the rows of a statement.

    `sheet` is that of a workbook, `delimiter` that of a CSV. JSON has no total among its rows, and no empty ones.
    """

    def __init__(
        self,
        file: str,
        sheet: str | None,
        header: Header,
        profile: Profile | None,
        limits: Limits,
        *,
        is_json: bool = False,
        delimiter: str = "",
    ) -> None:
        self._file = file
        self._header = header
        self._limits = limits
        self._is_json = is_json
        self._delimiter = delimiter
        self._faults: list[Fault] = []
        self._rates = RateColumn(is_percent=is_json, has_floats=sheet is not None)
        # The ambiguous rates of rows that have other faults.
        self._faulty_rates: list[tuple[int, str]] = []
        self._total_row: int | None = None
        self._has_rows_below = False
        self._stated: int | None = None
        date_format = profile.date_format if profile else ""
        columns = [
            _column(field, self._rates, date_format, limits.field_characters, in_workbook=sheet is not None)
            for field in FIELDS
        ]
        self._payable = columns[_ORDER["payable"]]
        self._reader = RowReader(file, sheet, header, columns)

    def read(self, chunks: Iterable[Chunk], total: str | None) -> tuple[SpooledRows, int | None, list[Fault]]:
        """The rows, the total that the file itself states, and every fault. JSON states its `total` beside the rows.

        Raises `Rejected` after `limits.faults` faults and `limits.rows` rows; the rest is not read.
        """
        if total is not None:
            try:
                self._stated = parse_money(total)
            except NotMoney as error:
                self._faults.append(Fault(error.message, self._file, column="total", value=shown_value(total)))
        found = SpooledRows()
        for chunk in chunks:
            found.add(self._read(chunk))
            # Empty rows, the total and what is below it count too.
            if chunk.numbers[-1] >= self._header.row + self._limits.rows + _ROWS_BELOW:
                raise too_many_rows(self._file, self._limits)
        self._explain_rates(found)
        return found, self._stated, sorted(self._faults, key=lambda fault: fault.row or 0)

    def _read(self, chunk: Chunk) -> Columns:
        """The columns of the rows of a chunk that have no fault."""
        faults: list[Fault] = []
        numbers, rows = self._within_table(chunk, faults)
        parsed = self._values(numbers, self._to_width(numbers, rows, faults), faults) if rows else {}
        columns: Columns = {
            "row": list(numbers),
            **{
                name: parsed[name] if name in parsed else (default,) * len(numbers) for name, default in _ABSENT.items()
            },
        }
        if faults:
            faults.sort(key=lambda fault: (fault.row, _ORDER[str(fault.column)]))
            self._note(faults)
            wrong = {fault.row for fault in faults}
            is_good = [number not in wrong for number in numbers]
            is_wrong = [not good for good in is_good]
            rates = compress(zip(numbers, columns["discount_rate"], strict=True), is_wrong)
            self._faulty_rates += [(number, rate) for number, rate in rates if type(rate) is str]
            columns = selected(columns, is_good)
        return columns

    def _note(self, faults: Iterable[Fault]) -> None:
        self._faults += faults
        if len(self._faults) > self._limits.faults:
            raise too_many_faults(self._faults[: self._limits.faults + 1])

    def _within_table(self, chunk: Chunk, faults: list[Fault]) -> tuple[Sequence[int], Rows]:
        """The rows of the table: none that is empty, not the total, and nothing below that."""
        numbers, rows = chunk.numbers, chunk.rows
        if self._is_json or (self._total_row is None and have_inns(rows, self._header)):
            return numbers, rows
        numbers, rows = without_empty(numbers, rows)
        if self._total_row is None and not name_total(rows):
            return numbers, rows
        is_kept = [self._is_kept(number, row, faults) for number, row in zip(numbers, rows, strict=True)]
        return list(compress(numbers, is_kept)), list(compress(rows, is_kept))

    def _is_kept(self, number: int, row: Sequence[str], faults: list[Fault]) -> bool:
        first = next(text for text in map(str.strip, row) if text)
        if self._total_row is not None:
            self._look_below_total(number, row, first, faults)
            return False
        if not self._is_total(row, first):
            return True
        self._total_row = number
        cell = self._cell(row, "payable")
        ((total,), _) = self._payable.values([cell])
        if isinstance(total, Message):
            faults.append(self._reader.fault(number, "payable", cell, total))
        else:
            assert isinstance(total, int), "an amount payable is needed"
            self._stated = total
        return False

    def _is_total(self, row: Sequence[str], first: str) -> bool:
        """A row that begins with the word, and that names neither an application nor a taxpayer.

        Beside «Итого» alone a number counts the rows; a firm whose name begins so has an application beside it.
        """
        inn, number = strip_blanks(self._cell(row, "inn")), strip_blanks(self._cell(row, "number"))
        label = number if begins_total(number) else first
        if not begins_total(label) or inn not in ("", label):
            return False
        return number in ("", label) or _ONLY_TOTAL.fullmatch(label) is not None

    def _look_below_total(self, number: int, row: Sequence[str], first: str, faults: list[Fault]) -> None:
        """Report rows with amounts or taxpayers below a total: it was a subtotal, or there are two tables."""
        if self._has_rows_below:
            return
        payable = strip_blanks(self._cell(row, "payable"))
        has_amount = any(map(str.isdigit, payable))
        if (has_amount or has_inn(self._cell(row, "inn"))) and not _VAT.match(first):
            message = msg(
                "there are rows with amounts below the total of row {row}: it may be a subtotal", row=self._total_row
            )
            faults.append(self._reader.fault(number, "payable", "", message)._replace(value=shown_value(payable)))
            self._has_rows_below = True

    def _to_width(self, numbers: Sequence[int], rows: Rows, faults: list[Fault]) -> Rows:
        """The rows as wide as the header. In a longer one an amount may have been cut in two."""
        if self._reader.are_even(rows):
            return rows
        width = self._reader.width
        for number, row in zip(numbers, rows, strict=True):
            # Where a comma may be a decimal one, one extra cell is a sign of it, even if it is empty.
            if any(map(str.strip, row[width:])) or (len(row) > width and self._delimiter == ","):
                message = msg(
                    "the row has more cells than the header: put quotes around text that contains the delimiter"
                )
                faults.append(self._reader.fault(number, "payable", "", message))
        return self._reader.to_width(rows)

    def _values(self, numbers: Sequence[int], rows: Rows, faults: list[Fault]) -> dict[str, Sequence[Value | Message]]:
        """The values of each attribute, and the faults of the cells and of what they say together."""
        found: list[Fault] = []
        parsed = self._reader.values(numbers, rows, found)
        kpps = parsed.get("kpp", ())
        for index, message in proprietors_with_kpp(parsed.get("inn", ()), kpps):
            found.append(self._reader.fault(numbers[index], "kpp", str(kpps[index]), message))
        identifiers = [parsed[name] for name in ("number", "inn") if name in parsed]
        if all("" in column for column in identifiers):
            unclear = {fault.row for fault in found if fault.column in _IDENTIFYING}
            for number, *texts in zip(numbers, *identifiers, strict=True):
                if not any(texts) and number not in unclear:
                    message = msg("a row needs an application number or an ИНН")
                    found.append(self._reader.fault(number, "number", "", message))
        faults += found
        return parsed

    def _explain_rates(self, found: SpooledRows) -> None:
        meanings = self._rates.meanings()
        wrong = {text: meaning for text, meaning in meanings.items() if isinstance(meaning, Message)}
        if wrong:
            rates = [
                (row, rate)
                for columns in found.unexplained()
                for row, rate in zip(columns["row"], columns["discount_rate"], strict=True)
                if rate in wrong
            ]
            rates += [(row, rate) for row, rate in self._faulty_rates if rate in wrong]
            self._note(self._reader.fault(row, "discount_rate", rate, wrong[rate]) for row, rate in sorted(rates))
        found.explain({text: meaning for text, meaning in meanings.items() if isinstance(meaning, int)})

    def _cell(self, row: Sequence[str], name: str) -> str:
        return cell_of(row, self._header, name)


def _column(field: Field, rates: RateColumn, date_format: str, longest: int, *, in_workbook: bool) -> Column:
    """The column of a field in this kind of table."""
    if field.name == "discount_rate":
        field = field._replace(parse=rates.read)
    elif field.name == "processed_on":
        field = field._replace(parse=optional_day_parser(date_format, in_workbook=in_workbook))
    elif in_workbook and field.name == "number":
        field = field._replace(parse=number_in_workbook, all_plain=None)
    elif in_workbook and field.name in AMOUNTS:
        # Equal texts mean different amounts where one is a number and one is not.
        return Column(field._replace(repeats=False), amount_in_workbook(field), longest)
    return Column(field, lambda cell: field.parse(field.strip(cell)), longest)
