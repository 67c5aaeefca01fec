"""Every field of a statement: its headers in a table, and the one parser from its text to its value."""

import re
from collections.abc import Callable
from decimal import Decimal
from operator import methodcaller

from mureg.domain.application import parse_tier
from mureg.domain.dates import parse_date
from mureg.domain.money import NotMoney, parse_money
from mureg.errors import Message, msg
from mureg.readers.applications.fields import FIELD_BY_NAME as APPLICATION
from mureg.readers.statements.discount_column import RateColumn
from mureg.readers.tables.column_checks import CELL_ERRORS, all_inns
from mureg.readers.tables.columns import Field, Parser, Value
from mureg.readers.tables.rows import NumberText, RepeatedText
from mureg.readers.values import (
    all_plain_kpps,
    all_plain_numbers,
    day_of_serial,
    day_parser,
    parse_inn,
    parse_kpp,
    parse_number,
    unstorable,
)

# Characters that may surround the text of a cell. A line break may not.
strip_blanks: Callable[[str], str] = methodcaller("strip", " \u00a0\t")

_TIME_OF_DAY = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
# The spaces before it are tried once, from their beginning.
_CURRENCY = re.compile(r"(?<!\s)\s*+(?:руб\.?+|₽|rub)\s*+$", re.IGNORECASE)
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+(?:e-?[0-9]+)?")
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0")
# How far a spreadsheet's float may lie from a whole kopeck.
_TOLERANCE = Decimal("0.000001")
_LARGEST_KOPECKS = 10**17


def strip_currency(cell: str) -> str:
    """The text of a cell without its currency: `1800,00 руб.`."""
    return _CURRENCY.sub("", strip_blanks(cell))


def parse_amount(text: str) -> int | Message | None:
    """Kopecks, or `None` for an empty cell."""
    if not text:
        return None
    try:
        return parse_money(text)
    except NotMoney as error:
        return error.message


def parse_payable(text: str) -> int | Message | None:
    """Kopecks."""
    return parse_amount(text) if text else msg("the field must not be empty")


def amount_in_workbook(field: Field) -> Parser:
    """A parser of whole cells of a workbook. A text is read as strictly as in a CSV: «1.800» is not 1 rouble 80."""

    def parse(cell: str) -> Value | Message:
        text = field.strip(cell)
        if text and type(cell) is RepeatedText:
            return msg("an amount in a cell merged over several rows: it is not clear which row it belongs to")
        if type(cell) is NumberText and _FLOAT.fullmatch(text):
            return _kopecks_of_float(text)
        return field.parse(text)

    return parse


def _kopecks_of_float(text: str) -> int | Message:
    """An Excel float as kopecks, where it is whole kopecks but for the float's own inexactness."""
    exact = Decimal(text) * 100
    nearest = exact.to_integral_value()
    if abs(exact - nearest) > _TOLERANCE or abs(nearest) > _LARGEST_KOPECKS:
        return msg("the amount is not a whole number of kopecks")
    return int(nearest)


def parse_optional_number(text: str) -> str | Message:
    """The application's number, or empty."""
    if text in CELL_ERRORS:
        return _CELL_ERROR
    return parse_number(text) if text else ""


def number_in_workbook(text: str) -> str | Message:
    """The same where Excel may keep it as a float."""
    number = parse_optional_number(text)
    match = _WHOLE_FLOAT.fullmatch(number) if type(number) is str else None
    return match[1] if match else number


def parse_name(text: str) -> str | Message:
    """The organisation's name, or empty."""
    return _CELL_ERROR if text in CELL_ERRORS else unstorable(text) or text


def parse_optional_inn(text: str) -> str | Message:
    """An ИНН, or empty."""
    return parse_inn(text) if text else ""


def parse_optional_tier(text: str) -> str | Message:
    """`2-9`, `10+`, or empty."""
    return (parse_tier(text) or msg("the tier must be 2-9 or 10+ (“от 2 до 9”, “10 и более”)")) if text else ""


def parse_optional_day(text: str) -> str | Message | None:
    """An ISO date, or `None` for an empty cell."""
    if not text:
        return None
    day = parse_date(_TIME_OF_DAY.sub("", text))
    return msg("write the date as 2023-08-07 or 07.08.2023") if day is None else day.isoformat()


def optional_day_parser(date_format: str, *, in_workbook: bool) -> Parser:
    """A parser of dates, in a profile's `date_format` if there is one; a workbook may hold a date as a number."""
    parse_given = day_parser(date_format, or_iso=in_workbook) if date_format else parse_optional_day

    def parse(text: str) -> Value | Message:
        return parse_given(day_of_serial(text) if in_workbook else text) if text else None

    return parse


_CELL_ERROR = msg("the cell contains a spreadsheet error")

FIELDS: tuple[Field, ...] = (
    Field("payable", "payable_kopecks", ("payable", "К оплате", "Сумма к оплате", "Итого к оплате"), parse_payable,
          strip_currency, repeats=True, general_headers=("Сумма",)),
    Field("inn", "inn", APPLICATION["inn"].headers, parse_optional_inn, strip_blanks, all_plain=all_inns),
    Field("kpp", "kpp", APPLICATION["kpp"].headers, parse_kpp, strip_blanks, all_plain=all_plain_kpps),
    Field("number", "number", APPLICATION["number"].headers, parse_optional_number, strip_blanks,
          all_plain=all_plain_numbers),
    Field("name", "name", APPLICATION["name"].headers, parse_name, strip_blanks, is_free_text=True),
    Field("tier", "tier", APPLICATION["tier"].headers, parse_optional_tier, strip_blanks, repeats=True),
    Field("list_price", "list_price_kopecks", ("list_price", "Цена", "Стоимость", "Розничная цена"), parse_amount,
          strip_currency, repeats=True),
    Field("discount", "discount_kopecks", ("discount", "Скидка", "Сумма скидки"), parse_amount, strip_currency,
          repeats=True),
    Field("discount_rate", "discount_rate", ("discount_rate", "Скидка %", "Скидка, %", "Процент скидки"),
          RateColumn(is_percent=True).read, strip_blanks, repeats=True),
    Field("processed_on", "processed_on", ("processed_on", "Дата подключения", "Дата", "Дата обработки"),
          parse_optional_day, strip_blanks, repeats=True),
)  # fmt: skip
"""In the order in which the faults of a row are reported. The attributes are those of `StatementRow`."""

AMOUNTS = tuple(field.name for field in FIELDS if field.attribute.endswith("_kopecks"))
"""The fields with money."""
