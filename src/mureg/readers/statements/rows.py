"""Rows of a statement: what each cell means. Ambiguity is a fault, never a guess."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from mureg.domain.application import parse_tier
from mureg.domain.columns import columns_of
from mureg.domain.dates import parse_date
from mureg.domain.money import NotMoney, parse_money
from mureg.domain.statement import StatementRow
from mureg.errors import Fault, Message, msg
from mureg.readers.applications.fields import (
    CELL_ERRORS,
    day_of_serial,
    day_parser,
    parse_inn,
    parse_kpp,
    parse_number,
    unstorable,
)
from mureg.readers.errors import kpp_of_proprietor, shown_value, too_many_faults, too_many_rows
from mureg.readers.statements.discount_column import RateColumn
from mureg.readers.statements.header import FIELDS, Header
from mureg.readers.statements.row_columns import BLANKS, QuickRows, Unsure
from mureg.readers.statements.spool import SpooledRows
from mureg.readers.types import Limits, Profile

# A total names itself and little else: «Итого», «Всего к оплате:», «Итого за август»; a firm or a number does not.
_TOTAL = re.compile(r"(?:итого|всего)(?:\s|:|$)", re.IGNORECASE)
_ONLY_TOTAL = re.compile(r"(?:итого|всего)(?:\s+(?:к\s+оплате|по\s+отч[её]ту|за\s.*+))?\s*:?", re.IGNORECASE)
_VAT = re.compile(r"в\s+т(?:ом|\.)\s*ч(?:исле|\.)|(?:без\s+)?ндс", re.IGNORECASE)
_SHORTEST_INN = 9  # of a legal entity, without a leading zero
_TIME_OF_DAY = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
# The spaces before it are tried once, from their beginning.
_CURRENCY = re.compile(r"(?<!\s)\s*+(?:руб\.?+|₽|rub)\s*+$", re.IGNORECASE)
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+(?:e-?[0-9]+)?")
# A chunk in doubt is read in so many parts, unless it is short.
_PARTS = 8
_FEW_ROWS = 16
_ROWS_BELOW = 50
# How far a spreadsheet's float may lie from a whole kopeck.
_TOLERANCE = Decimal("0.000001")
_NAMES = tuple(field.name for field in FIELDS)

_Row = tuple[Any, ...]


class StatementTable:
    """Turns rows of texts into the rows of a statement."""

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
        repeated: Collection[tuple[int, int]] = (),
        texts: Collection[tuple[int, int]] = (),
    ) -> None:
        self._is_json = is_json
        self._delimiter = delimiter
        self._repeated = repeated
        self._texts = texts
        self._file = file
        self._sheet = sheet
        self._header = header
        self._limits = limits
        self._faults: list[Fault] = []
        self._day = (
            day_parser(profile.date_format, or_iso=sheet is not None) if profile and profile.date_format else None
        )
        self._rates = RateColumn(is_json=is_json, has_floats=sheet is not None)
        # Rows that have other faults, and rates of which only the whole column tells what they mean.
        self._faulty_rates: list[tuple[int, str]] = []
        self._total_row: int | None = None
        self._has_rows_below = False
        self._stated: int | None = None
        # What a cell of a workbook means may depend on where it stands.
        self._quick = None if sheet is not None else QuickRows(header.places, len(header.texts), self._parsers())

    def read(
        self, rows: Iterable[Sequence[Sequence[str]]], total: str | None
    ) -> tuple[SpooledRows, int | None, list[Fault]]:
        """The rows, the total that the file itself states, and every fault. JSON states its `total` beside the rows.

        `rows` comes in chunks, from the row below the header on. After `limits.faults` faults no more is read.
        """
        if total is not None:
            try:
                self._stated = parse_money(total)
            except NotMoney as error:
                self._faults.append(Fault(error.message, self._file, column="total", value=shown_value(total)))
        found = SpooledRows()
        # A row of JSON is called by its place in the array.
        number = 1 if self._is_json else self._header.row + 1
        for chunk in rows:
            found.add(columns_of(StatementRow, self._read(number, chunk)))
            number += len(chunk)
            # Empty rows take their time too; the total and what is signed below it are rows.
            if number > self._header.row + self._limits.rows + _ROWS_BELOW:
                raise too_many_rows(self._file, self._limits)
        self._settle_rates(found)
        return found, self._stated, sorted(self._faults, key=lambda fault: fault.row or 0)

    def _read(self, first: int, chunk: Sequence[Sequence[str]]) -> Sequence[_Row]:
        """The rows of a chunk: at once where every cell is certain, else row by row."""
        if self._quick is not None and self._total_row is None:
            quick = self._quick.rows(first, chunk)
            if quick is not None:
                return quick
        found: list[_Row] = []
        if not any(chunk):
            return found
        if self._quick is not None and len(chunk) > _FEW_ROWS:
            # A cell in doubt slows down its neighbours only.
            step = len(chunk) // _PARTS
            for start in range(0, len(chunk), step):
                found += self._read(first + start, chunk[start : start + step])
            return found
        for number, cells in enumerate(chunk, start=first):
            if self._is_row(number, cells):
                row = self._row(number, cells)
                if row is not None:
                    found.append(row)
        return found

    def _is_row(self, number: int, cells: Sequence[str]) -> bool:
        """Whether it is a row of the table: not an empty one, not the total, and nothing below that."""
        if self._is_json:
            return True
        first = next((cell.strip() for cell in cells if cell.strip()), None)
        if first is None:
            return False
        if self._total_row is not None:
            self._look_below_total(number, cells, first)
            return False
        if self._is_total(cells, first):
            self._total_row = number
            self._stated = self._money(number, "payable", self._cell(cells, "payable"), needed=True)
            return False
        beyond = cells[len(self._header.texts) :]
        # Where a comma may be a decimal one, even an empty cell too many says that an amount was cut in two.
        if any(cell.strip() for cell in beyond) or (beyond and self._delimiter == ","):
            message = msg(
                "the row has more cells than the header: put quotes around a text that contains the delimiter"
            )
            self._fault(number, "payable", "", message)
        return True

    def _is_total(self, cells: Sequence[str], first: str) -> bool:
        """A row that begins with the word, and that names neither an application nor a taxpayer.

        Beside «Итого» alone a number counts the rows; a firm whose name begins so has an application beside it.
        """
        inn, number = self._cell(cells, "inn"), self._cell(cells, "number")
        label = number if _TOTAL.match(number) else first
        if not _TOTAL.match(label) or inn not in ("", label):
            return False
        return number in ("", label) or _ONLY_TOTAL.fullmatch(label) is not None

    def _look_below_total(self, number: int, cells: Sequence[str], first: str) -> None:
        """Rows with amounts or taxpayers below a total would be lost: it was a subtotal, or there are two tables."""
        if self._has_rows_below:
            return
        payable = self._cell(cells, "payable")
        has_amount = any(character.isdigit() for character in payable)
        has_inn = sum(character.isdigit() for character in self._cell(cells, "inn")) >= _SHORTEST_INN
        if (has_amount or has_inn) and not _VAT.match(first):
            message = msg(
                "there are rows with amounts below the total of row {row}: it may be a subtotal", row=self._total_row
            )
            self._fault(number, "payable", payable, message)
            self._has_rows_below = True

    def _row(self, number: int, cells: Sequence[str]) -> _Row | None:
        before = len(self._faults)
        texts = {name: self._cell(cells, name) for name in _NAMES}
        payable = self._money(number, "payable", texts["payable"], needed=True)
        inn = self._parsed(number, "inn", texts["inn"], parse_inn)
        kpp = self._parsed(number, "kpp", texts["kpp"], parse_kpp)
        if (message := kpp_of_proprietor(inn, kpp)) is not None:
            self._fault(number, "kpp", kpp, message)
        application = texts["number"]
        for name in ("number", "name"):
            wrong = self._unusable(name, texts[name])
            if wrong is not None:
                self._fault(number, name, texts[name], wrong)
        if not application and not inn and len(self._faults) == before:
            self._fault(number, "number", "", msg("a row needs an application number or an ИНН"))
        tier = self._tier(number, texts["tier"])
        price = self._money(number, "list_price", texts["list_price"])
        discount = self._money(number, "discount", texts["discount"])
        rate = self._rate(number, texts["discount_rate"])
        day = self._date(number, texts["processed_on"])
        if self._sheet is not None:
            application = _whole(application)
        row = (number, payable or 0, application, inn, kpp, texts["name"], tier, day, price, rate, discount)
        if len(self._faults) == before:
            return row
        if isinstance(rate, str):
            self._faulty_rates.append((number, rate))
        return None

    def _parsers(self) -> dict[str, Callable[[str], object]]:
        """How the cells are read of columns that say the same again and again."""
        readers: dict[str, Callable[[str], object]] = {
            "payable": lambda text: self._money(0, "payable", text, needed=True),
            "tier": lambda text: self._tier(0, text),
            "processed_on": lambda text: self._date(0, text),
            "list_price": lambda text: self._money(0, "list_price", text),
            "discount_rate": lambda text: self._rate(0, text),
            "discount": lambda text: self._money(0, "discount", text),
        }
        return {name: self._sure(reader) for name, reader in readers.items()}

    def _sure(self, reader: Callable[[str], object]) -> Callable[[str], object]:
        """The same reader, which adds no fault: it is unsure instead."""

        def read(text: str) -> object:
            before = len(self._faults)
            value = reader(text)
            if len(self._faults) > before:
                del self._faults[before:]
                raise Unsure
            return value

        return read

    def _tier(self, number: int, text: str) -> str:
        tier = parse_tier(text) if text else ""
        if tier is None:
            self._fault(number, "tier", text, msg("the tier must be 2-9 or 10+ (“от 2 до 9”, “10 и более”)"))
        return tier or ""

    def _rate(self, number: int, text: str) -> int | str | None:
        """A rate in basis points, or the text of one that the whole column will explain."""
        rate = self._rates.read(text)
        if isinstance(rate, Message):
            self._fault(number, "discount_rate", text, rate)
            return None
        return rate

    def _settle_rates(self, found: SpooledRows) -> None:
        meanings = self._rates.meanings()
        wrong = {text: meaning for text, meaning in meanings.items() if isinstance(meaning, Message)}
        if wrong:
            rows = [
                (row, rate)
                for columns in found.unexplained()
                for row, rate in zip(columns["row"], columns["discount_rate"], strict=True)
                if rate in wrong
            ]
            for number, text in sorted([*rows, *((row, rate) for row, rate in self._faulty_rates if rate in wrong)]):
                self._fault(number, "discount_rate", text, wrong[text])
        found.explain({text: meaning for text, meaning in meanings.items() if isinstance(meaning, int)})

    def _unusable(self, name: str, text: str) -> Message | None:
        """What is wrong with a text that is kept as it is."""
        if not text:
            return None
        if text in CELL_ERRORS:
            return msg("the cell contains a spreadsheet error")
        if name == "number":
            parsed = parse_number(text)
            return parsed if isinstance(parsed, Message) else None
        return unstorable(text)

    def _date(self, number: int, text: str) -> str | None:
        """A day as ISO text."""
        if not text:
            return None
        if self._sheet is not None:
            text = day_of_serial(text)
        day: date | None
        if self._day is not None:
            parsed = self._day(text)
            if isinstance(parsed, Message):
                self._fault(number, "processed_on", text, parsed)
                return None
            day = parse_date(str(parsed))
        else:
            day = parse_date(_TIME_OF_DAY.sub("", text))
        if day is None:
            self._fault(number, "processed_on", text, msg("write the date as 2023-08-07 or 07.08.2023"))
            return None
        return day.isoformat()

    def _money(self, number: int, name: str, text: str, *, needed: bool = False) -> int | None:
        text = _CURRENCY.sub("", text)
        if not text:
            if needed:
                self._fault(number, name, text, msg("the field must not be empty"))
            return None
        if (number, self._header.places[name]) in self._repeated:
            self._fault(
                number,
                name,
                text,
                msg("an amount in a cell merged over several rows: it is not clear which row it belongs to"),
            )
            return None
        try:
            # A text of a workbook is read as strictly as one of a CSV: «1.800» is nobody's 1 rouble 80.
            is_number = self._sheet is not None and is_float(text)
            is_number = is_number and (number, self._header.places[name]) not in self._texts
            return _kopecks_of_float(text) if is_number else parse_money(text)
        except NotMoney as error:
            self._fault(number, name, text, error.message)
            return None

    def _parsed(self, number: int, name: str, text: str, parse: Callable[[str], str | Message]) -> str:
        if not text:
            return ""
        value = parse(text)
        if isinstance(value, Message):
            self._fault(number, name, text, value)
            return ""
        return value

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self._header.places.get(name)
        return cells[place].strip(BLANKS) if place is not None and place < len(cells) else ""

    def _fault(self, row: int, name: str, text: str, message: Message) -> None:
        header = self._header.texts[self._header.places[name]] if name in self._header.places else None
        self._faults.append(Fault(message, self._file, self._sheet, row, name, header, shown_value(text)))
        if len(self._faults) > self._limits.faults:
            raise too_many_faults(self._faults)


def is_float(text: str) -> bool:
    """Whether a text is what a fractional number of a workbook looks like."""
    return _FLOAT.fullmatch(text) is not None


def _kopecks_of_float(text: str) -> int:
    """An Excel float as kopecks, where it is whole kopecks but for the float's own inexactness."""
    exact = Decimal(text) * 100
    nearest = exact.to_integral_value()
    if abs(exact - nearest) > _TOLERANCE or abs(nearest) > 10**17:
        raise NotMoney(msg("the amount is not a whole number of kopecks"))
    return int(nearest)


def _whole(text: str) -> str:
    """A number that Excel keeps as a float, whole again."""
    return text.removesuffix(".0") if re.fullmatch(r"[0-9]+\.0", text) else text
