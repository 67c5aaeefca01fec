"""Rows of a statement: which column is what, and what each cell means. Ambiguity is a fault, never a guess."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from mureg.domain.application import parse_tier
from mureg.domain.calendar import parse_date
from mureg.domain.money import BASIS_POINTS, NotMoney, parse_money
from mureg.domain.statement import StatementRow
from mureg.errors import Fault, Message, msg
from mureg.formats.faults import kpp_of_proprietor, listed, shown_value, too_many_faults
from mureg.formats.fields import CELL_ERRORS, day_of_serial, day_parser, parse_inn, parse_kpp, parse_number, unstorable
from mureg.formats.records import Profile
from mureg.formats.table import header_key

# A total names itself and little else: «Итого», «Всего к оплате:», «Итого за август»; a firm or a number does not.
_TOTAL = re.compile(r"(?:итого|всего)(?:\s|:|$)", re.IGNORECASE)
_ONLY_TOTAL = re.compile(r"(?:итого|всего)(?:\s+(?:к\s+оплате|по\s+отч[её]ту|за\s.*))?\s*:?", re.IGNORECASE)
_VAT = re.compile(r"в\s+т(?:ом|\.)\s*ч(?:исле|\.)|(?:без\s+)?ндс", re.IGNORECASE)
_SHORTEST_INN = 9  # of a legal entity, without a leading zero
_TIME_OF_DAY = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_CURRENCY = re.compile(r"\s*(?:руб\.?|₽|rub)\s*$", re.IGNORECASE)
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+(?:e-?[0-9]+)?")
_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,20}))?")
# How far a spreadsheet's float may lie from a whole kopeck.
_TOLERANCE = Decimal("0.000001")


class Field(NamedTuple):
    """A field of a statement and the headers under which it may stand, English and Russian."""

    name: str
    headers: tuple[str, ...]


FIELDS = (
    Field("number", ("number", "Номер", "№ заявления", "Номер заявления")),
    Field("inn", ("inn", "ИНН")),
    Field("kpp", ("kpp", "КПП")),
    Field("name", ("name", "Наименование", "Организация", "Краткое наименование")),
    Field("tier", ("tier", "Вид расширения", "Тариф расширения")),
    Field("processed_on", ("processed_on", "Дата подключения", "Дата", "Дата обработки")),
    Field("list_price", ("list_price", "Цена", "Стоимость", "Розничная цена")),
    Field("discount_rate", ("discount_rate", "Скидка %", "Скидка, %", "Процент скидки")),
    Field("discount", ("discount", "Скидка", "Сумма скидки")),
    Field("payable", ("payable", "К оплате", "Сумма к оплате", "Итого к оплате")),
)

_APPLICATION_HEADERS = {
    header_key(text)
    for text in ("multiuser", "Многопользовательский режим", "submitted_on", "Дата заявления", "Дата отправки", "users",
                 "Пользователей", "Количество пользователей", "Тип заявления")
}  # fmt: skip


class Header(NamedTuple):
    """The row of headers: its number, its texts, where each field stands, and what is wrong with the columns."""

    row: int
    texts: tuple[str, ...]
    places: dict[str, int]
    faults: tuple[tuple[str, Message], ...] = ()


def find_header(rows: Sequence[Sequence[str]], profile: Profile | None) -> Header | None:
    """The first row that names the amount payable, and the number or the ИНН."""
    field_of = {header_key(header): field.name for field in FIELDS for header in field.headers}
    if profile is not None:
        field_of = {key: name for key, name in field_of.items() if name not in profile.columns}
        field_of |= {header_key(header): name for name, header in profile.columns.items()}
    for number, cells in enumerate(rows, start=1):
        places: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            name = field_of.get(header_key(cell)) if len(cell) < 200 else None
            if name is not None:
                places.setdefault(name, []).append(place)
        if "payable" in places and ("number" in places or "inn" in places):
            texts = tuple(" ".join(cell.split()) for cell in cells)
            return Header(
                number, texts, {name: found[0] for name, found in places.items()}, _faults(places, texts, profile)
            )
    return None


def header_of_applications(rows: Sequence[Sequence[str]]) -> bool:
    """Whether one of the rows is the header of a list of applications."""
    return any(len({header_key(cell) for cell in cells} & _APPLICATION_HEADERS) >= 2 for cells in rows)


def _faults(
    places: dict[str, list[int]], texts: Sequence[str], profile: Profile | None
) -> tuple[tuple[str, Message], ...]:
    faults = [
        (name, msg("{count} columns could be {field}: {headers}", count=len(found), field=name,
                   headers=listed(texts[place] for place in found)))
        for name, found in places.items() if len(found) > 1
    ]  # fmt: skip
    if profile is not None:
        faults += [
            (name, msg("the profile names the column «{header}», which the table has not", header=header))
            for name, header in profile.columns.items()
            if name not in places
        ]
    return tuple(faults)


class StatementTable:
    """Turns rows of texts into the rows of a statement."""

    def __init__(
        self,
        file: str,
        sheet: str | None,
        header: Header,
        profile: Profile | None,
        *,
        is_json: bool = False,
        delimiter: str = "",
        repeated: Collection[tuple[int, int]] = (),
        texts: Collection[tuple[int, int]] = (),
        most_faults: int,
    ) -> None:
        self._is_json = is_json
        self._delimiter = delimiter
        self._repeated = repeated
        self._texts = texts
        self._file = file
        self._sheet = sheet
        self._header = header
        self._faults: list[Fault] = []
        self._most_faults = most_faults
        self._day = (
            day_parser(profile.date_format, or_iso=sheet is not None) if profile and profile.date_format else None
        )

    def read(
        self, rows: Sequence[Sequence[str]], total: str | None
    ) -> tuple[list[StatementRow], int | None, list[Fault]]:
        """The rows, the total that the file itself states, and every fault. JSON states its `total` beside the rows."""
        body, stated = self._body(rows) if not self._is_json else (list(enumerate(rows, start=1)), None)
        if total is not None:
            try:
                stated = parse_money(total)
            except NotMoney as error:
                self._faults.append(Fault(error.message, self._file, column="total", value=shown_value(total)))
        rates = self._rates(body)
        found = [self._row(number, cells, rate) for (number, cells), rate in zip(body, rates, strict=True)]
        return [row for row in found if row is not None], stated, sorted(self._faults, key=lambda fault: fault.row or 0)

    def _body(self, rows: Sequence[Sequence[str]]) -> tuple[list[tuple[int, Sequence[str]]], int | None]:
        body: list[tuple[int, Sequence[str]]] = []
        for number, cells in enumerate(rows, start=self._header.row + 1):
            first = next((cell for cell in cells if cell.strip()), None)
            if first is None:
                continue
            if self._is_total(cells, first.strip()):
                self._refuse_rows_below(number, rows[number - self._header.row :])
                return body, self._money(number, cells, "payable", needed=True)
            beyond = cells[len(self._header.texts) :]
            # Where a comma may be a decimal one, even an empty cell too many says that an amount was cut in two.
            if any(cell.strip() for cell in beyond) or (beyond and self._delimiter == ","):
                message = msg("the row has more cells than the header: a text with a delimiter needs quotes around it")
                self._fault(number, "payable", "", message)
            body.append((number, cells))
        return body, None

    def _is_total(self, cells: Sequence[str], first: str) -> bool:
        """A row that begins with the word, and that names neither an application nor a taxpayer.

        Beside «Итого» alone a number counts the rows; a firm whose name begins so has an application beside it.
        """
        inn, number = self._cell(cells, "inn"), self._cell(cells, "number")
        label = number if _TOTAL.match(number) else first
        if not _TOTAL.match(label) or inn not in ("", label):
            return False
        return number in ("", label) or _ONLY_TOTAL.fullmatch(label) is not None

    def _refuse_rows_below(self, total: int, rows: Sequence[Sequence[str]]) -> None:
        """Rows with amounts or taxpayers below a total would be lost: it was a subtotal, or there are two tables."""
        for number, cells in enumerate(rows, start=total + 1):
            first = next((cell.strip() for cell in cells if cell.strip()), "")
            has_amount = any(character.isdigit() for character in self._cell(cells, "payable"))
            has_inn = sum(character.isdigit() for character in self._cell(cells, "inn")) >= _SHORTEST_INN
            if (has_amount or has_inn) and not _VAT.match(first):
                message = msg("rows with amounts stand below the total of row {row}: is it a subtotal?", row=total)
                self._fault(number, "payable", self._cell(cells, "payable"), message)
                return

    def _row(self, number: int, cells: Sequence[str], rate: int | None) -> StatementRow | None:
        before = len(self._faults)
        payable = self._money(number, cells, "payable", needed=True)
        inn = self._parsed(number, cells, "inn", parse_inn)
        kpp = self._parsed(number, cells, "kpp", parse_kpp)
        if (message := kpp_of_proprietor(inn, kpp)) is not None:
            self._fault(number, "kpp", kpp, message)
        application = self._cell(cells, "number")
        for name in ("number", "name"):
            wrong = self._unusable(name, self._cell(cells, name))
            if wrong is not None:
                self._fault(number, name, self._cell(cells, name), wrong)
        if not application and not inn and len(self._faults) == before:
            self._fault(number, "number", "", msg("a row needs the application's number or the ИНН"))
        tier = parse_tier(self._cell(cells, "tier")) if self._cell(cells, "tier") else ""
        if tier is None:
            self._fault(
                number, "tier", self._cell(cells, "tier"), msg("the tier is 2-9 or 10+ («от 2 до 9», «10 и более»)")
            )
        row = StatementRow(
            row=number,
            payable_kopecks=payable or 0,
            number=_whole(application) if self._sheet else application,
            inn=inn,
            kpp=kpp,
            name=self._cell(cells, "name"),
            tier=tier or "",
            processed_on=None,
            list_price_kopecks=self._money(number, cells, "list_price"),
            discount_rate=rate,
            discount_kopecks=self._money(number, cells, "discount"),
        )
        row = row._replace(processed_on=self._date(number, cells))
        return row if len(self._faults) == before else None

    def _unusable(self, name: str, text: str) -> Message | None:
        """What is wrong with a text that is kept as it is."""
        if not text:
            return None
        if text in CELL_ERRORS:
            return msg("the cell holds an error of the spreadsheet")
        if name == "number":
            parsed = parse_number(text)
            return parsed if isinstance(parsed, Message) else None
        return unstorable(text)

    def _date(self, number: int, cells: Sequence[str]) -> date | None:
        text = self._cell(cells, "processed_on")
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
            self._fault(number, "processed_on", text, msg("a date is written 2023-08-07 or 07.08.2023"))
        return day

    def _rates(self, body: Sequence[tuple[int, Sequence[str]]]) -> list[int | None]:
        """The discount rates, told apart by the whole column: 40, 40% or 0,4."""
        texts = [self._cell(cells, "discount_rate").replace("\u00a0", "").replace(" ", "") for _, cells in body]
        bare = [_fraction(text) for text in texts if text and not text.endswith("%")]
        known = [number for number in bare if number is not None]
        has_percent = any(text.endswith("%") for text in texts)
        small = [number for number in known if 0 < number <= 1]
        large = [number for number in known if number > 1]
        are_shares = bool(small) and not large and not has_percent and any(number < 1 for number in small)
        is_ambiguous = bool(small) and not are_shares
        if self._is_json:
            are_shares = is_ambiguous = False
        rates: list[int | None] = []
        for (row, _), text in zip(body, texts, strict=True):
            number = _fraction(text.removesuffix("%"))
            if not text:
                rates.append(None)
                continue
            percent = number if number is None or text.endswith("%") or not are_shares else number * 100
            rate = None if percent is None else self._basis_points(percent * 100)
            if rate is None or rate != int(rate) or rate > BASIS_POINTS:
                self._fault(row, "discount_rate", text, msg("a rate is written 40% or 12,5%"))
            elif is_ambiguous and number is not None and 0 < number <= 1 and not text.endswith("%"):
                message = msg("{rate} may be a share or a percentage: the column has both kinds, or nothing that tells",
                              rate=text)  # fmt: skip
                self._fault(row, "discount_rate", text, message)
            rates.append(None if rate is None else int(rate))
        return rates

    def _basis_points(self, exact: Decimal) -> Decimal:
        """A rate of a workbook, whole where it is whole but for the float's own inexactness."""
        nearest = exact.to_integral_value()
        return nearest if self._sheet is not None and abs(exact - nearest) <= _TOLERANCE else exact

    def _money(self, number: int, cells: Sequence[str], name: str, *, needed: bool = False) -> int | None:
        text = _CURRENCY.sub("", self._cell(cells, name))
        if not text:
            if needed:
                self._fault(number, name, text, msg("the field must not be empty"))
            return None
        if (number, self._header.places[name]) in self._repeated:
            self._fault(number, name, text, msg("an amount in a cell merged over several rows: whose is it?"))
            return None
        try:
            # A text of a workbook is read as strictly as one of a CSV: «1.800» is nobody's 1 rouble 80.
            is_number = self._sheet is not None and is_float(text)
            is_number = is_number and (number, self._header.places[name]) not in self._texts
            return _kopecks_of_float(text) if is_number else parse_money(text)
        except NotMoney as error:
            self._fault(number, name, text, error.message)
            return None

    def _parsed(self, number: int, cells: Sequence[str], name: str, parse: Callable[[str], str | Message]) -> str:
        text = self._cell(cells, name)
        if not text:
            return ""
        value = parse(text)
        if isinstance(value, Message):
            self._fault(number, name, text, value)
            return ""
        return value

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self._header.places.get(name)
        return cells[place].strip(" \u00a0\t") if place is not None and place < len(cells) else ""

    def _fault(self, row: int, name: str, text: str, message: Message) -> None:
        header = self._header.texts[self._header.places[name]] if name in self._header.places else None
        self._faults.append(Fault(message, self._file, self._sheet, row, name, header, shown_value(text)))
        if len(self._faults) > self._most_faults:
            raise too_many_faults(self._faults)


def is_float(text: str) -> bool:
    """Whether a text is what a fractional number of a workbook looks like."""
    return _FLOAT.fullmatch(text) is not None


def _kopecks_of_float(text: str) -> int:
    """An Excel float as kopecks, where it is whole kopecks but for the float's own inexactness."""
    exact = Decimal(text) * 100
    nearest = exact.to_integral_value()
    if abs(exact - nearest) > _TOLERANCE or abs(nearest) > 10**17:
        raise NotMoney(msg("the amount is no whole number of kopecks"))
    return int(nearest)


def _fraction(text: str) -> Decimal | None:
    match = _NUMBER.fullmatch(text)
    return None if match is None else Decimal(f"{match[1]}.{match[2] or 0}")


def _whole(text: str) -> str:
    """A number that Excel keeps as a float, whole again."""
    return text.removesuffix(".0") if re.fullmatch(r"[0-9]+\.0", text) else text
