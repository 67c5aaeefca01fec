"""Every field of an application: its headers in a table, and the one parser from its text to its value.

The names, headers and spellings are those of docs/files.md.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from mureg.domain.application import Kind, RequestedMode, parse_tier
from mureg.domain.dates import parse_date
from mureg.domain.identifiers import (
    inn_fault,
    is_inn,
    is_ogrn,
    kpp_fault,
    ogrn_fault,
    with_leading_zero,
)
from mureg.domain.text import is_plain
from mureg.errors import Message, msg
from mureg.readers.tables.column_checks import ColumnTest, all_inns, all_ogrns, matches_all

Value = str | int | None
Parser = Callable[[str], Value | Message]

LONGEST_NUMBER = 100
# A server keeps an index of accounts, whose entries have their limit.
LONGEST_ACCOUNT = 100
MOST_USERS = 1_000_000

# What Excel shows in a cell whose formula failed, in both languages.
CELL_ERRORS = frozenset(("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#CALC!"))
CELL_ERRORS |= {"#Н/Д", "#ДЕЛ/0!", "#ССЫЛКА!", "#ИМЯ?", "#ЗНАЧ!", "#ЧИСЛО!", "#ПУСТО!"}

# Day 0 of Excel's serial dates, which count a 29 February 1900 that never was; from 2000 to 2099.
_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050

_EMPTY = msg("the field must not be empty")

# A spreadsheet's ways to write a whole number or a text of digits: 7700123459.0, 7 700 123 459, ="7700123459".
_WHOLE = re.compile(r'(?:="([0-9]+)"|([0-9][0-9 \u00a0\u202f]*)(?:[.,]0+)?)')
_SHORTENED = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eEеЕ]\+?[0-9]+")
# The run before the hour is tried once, from its beginning.
_TIME_OF_DAY = re.compile(r"(?<![T ])[T ]++[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}")
_LOOKS_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}|[0-9]{1,2}\.[а-я]{3}")
_UNREADABLE = re.compile("[\ud800-\udfff]")

_KINDS: dict[str, Kind] = {
    "": "connection",
    "connection": "connection",
    "на подключение": "connection",
    "подключение": "connection",
    "первичное": "connection",
    "change": "change",
    "на изменение": "change",
    "изменение": "change",
    "renewal": "renewal",
    "пролонгация": "renewal",
    "на пролонгацию": "renewal",
}
_ON = ("on", "yes", "1", "true", "включен", "включено", "да", "истина", "+")
_OFF = ("off", "no", "0", "false", "отключен", "отключено", "выключен", "выключено", "нет", "ложь", "-")
_REQUESTS: dict[str, RequestedMode] = {
    "": "unstated",
    "unstated": "unstated",
    **dict.fromkeys(_ON, "on"),
    **dict.fromkeys(_OFF, "off"),
}


class Field(NamedTuple):
    """One field of a table.

    `name` is the interface's, `attribute` that of `ClientRequest`. `parse` takes stripped text and gives the value, or
    the `Message` that says what is wrong. `repeats`: the column has few different texts, so that parsed ones are
    worth remembering. `all_plain` is a quick test of a column whose texts are their own values. A field with neither
    is free text, and any is its own value.
    """

    name: str
    attribute: str
    headers: tuple[str, ...]
    parse: Parser
    all_plain: ColumnTest | None = None
    repeats: bool = False
    required: bool = False


def folded(text: str) -> str:
    """Words as they are compared: case, ё and runs of spaces do not count."""
    return " ".join(text.split()).casefold().replace("ё", "е")


def unstorable(text: str) -> Message | None:
    """What makes a text unfit to be kept, or `None`: a NUL character, or bytes that are no text."""
    if "\0" in text:
        return msg("the text contains a NUL character: the file may be damaged")
    if _UNREADABLE.search(text):
        return msg("the text contains invalid bytes: check the encoding of the file")
    return None


def parse_field(field: Field, text: str, longest: int) -> Value | Message:
    """The value of one field, or what is wrong with it. `longest` is a number of characters."""
    text = text.strip()
    if len(text) > longest:
        return msg("the text is longer than {longest} characters", longest=longest)
    if text in CELL_ERRORS:
        return msg("the cell contains an error, not a value: fix the formula, or enter the value")
    return unstorable(text) or field.parse(text)


def parse_number(text: str) -> str | Message:
    """The application's number in the Web-registrator."""
    if not text:
        return _EMPTY
    if len(text) > LONGEST_NUMBER:
        return msg("an application number can have at most {longest} characters", longest=LONGEST_NUMBER)
    if not is_plain(text):
        return msg("an application number cannot have line breaks or invisible characters")
    if text.startswith("-"):
        return msg("an application number cannot begin with a hyphen: commands would read it as an option")
    return text


def parse_kind(text: str) -> str | Message:
    """`connection`, `change` or `renewal`."""
    kind = _KINDS.get(folded(text))
    return kind or msg(
        "the type must be connection, change or renewal (“На подключение”, “На изменение”, “Пролонгация”)"
    )


def parse_day(text: str) -> str | Message:
    """An ISO date from `2023-08-07` or `07.08.2023`; a time of day after it is dropped."""
    if not text:
        return _EMPTY
    match = _TIME_OF_DAY.search(text)
    bare = text[: match.start()] if match and match.end() == len(text) else text
    day = parse_date(bare)
    if day is not None:
        return day.isoformat()
    if _SHORT_YEAR.fullmatch(bare):
        return msg("the year must have four digits: 07.08.2023")
    return msg("a date must be an existing day, as in 2023-08-07 or 07.08.2023")


def day_of_serial(text: str) -> str:
    """The date of a bare number of days, as a cell without a date format holds it."""
    if text.isascii() and text.isdigit() and len(text) == 5 and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return (_DAY_ZERO + timedelta(days=int(text))).isoformat()
    return text


def parse_account(text: str) -> str | Message:
    """The id of a subscriber's account, or empty."""
    if len(text) > LONGEST_ACCOUNT:
        return msg("an account id can have at most {longest} characters", longest=LONGEST_ACCOUNT)
    return text


def day_parser(date_format: str, *, or_iso: bool) -> Parser:
    """A parser of dates in a profile's `date_format`, and of ISO dates with `or_iso`.

    Raises `ValueError` where the format loses part of a date.
    """
    probe = datetime(2017, 11, 23)  # noqa: DTZ001  a date, not an instant
    # A double-digit year, month and day, all different: what the format drops does not come back.
    if datetime.strptime(probe.strftime(date_format), date_format).date() != probe.date():  # noqa: DTZ007
        raise ValueError(date_format)

    def parse(text: str) -> str | Message:
        if not text:
            return _EMPTY
        if or_iso and type(known := parse_day(text)) is str and text.startswith(known):
            return known
        # strptime takes foreign digits for digits.
        foreign = any(character.isdigit() and not character.isascii() for character in text)
        try:
            day = None if foreign else datetime.strptime(text, date_format).date()  # noqa: DTZ007
        except ValueError:
            day = None
        wrong = msg("the date does not have the format of the profile: {date_format}", date_format=date_format)
        return wrong if day is None else day.isoformat()

    return parse


def parse_inn(text: str) -> str | Message:
    """An ИНН, with the leading zero that a spreadsheet dropped."""
    if not text:
        return _EMPTY
    if is_inn(text):
        return text
    inn = with_leading_zero("inn", whole_text(text))
    return inn if is_inn(inn) else shortened_fault(text) or inn_fault(inn) or inn


def parse_kpp(text: str) -> str | Message:
    """A КПП, or empty."""
    if kpp_fault(text) is None:
        return text
    kpp = with_leading_zero("kpp", whole_text(text))
    return kpp and (kpp_fault(kpp) or kpp)


def parse_ogrn(text: str) -> str | Message:
    """An ОГРН or ОГРНИП, or empty."""
    if is_ogrn(text):
        return text
    ogrn = with_leading_zero("ogrn", whole_text(text))
    return ogrn and (shortened_fault(text) or ogrn_fault(ogrn) or ogrn)


def parse_text(text: str) -> str:
    """Free text is kept as it is; whatever it holds is harmless in the register and escaped when shown."""
    return text


def parse_requested(text: str) -> str | Message:
    """`on`, `off` or `unstated`: empty is not stated."""
    request = _REQUESTS.get(folded(text))
    return request or msg("the multi-user mode must be on or off (Включен, Отключен, Да, Нет), or empty")


def parse_requested_tier(text: str) -> str | Message:
    """`2-9`, `10+`, or empty."""
    if not text:
        return ""
    tier = parse_tier(text)
    if tier is not None:
        return tier
    # Typed into a cell, 2-9 becomes the second of September.
    if _LOOKS_LIKE_A_DATE.fullmatch(text):
        return msg("Excel turned the tier into a date: format the cell as text and enter 2-9")
    return msg("the tier must be 2-9 or 10+ (“от 2 до 9”, “10 и более”)")


def parse_users(text: str) -> int | Message | None:
    """A whole number of users; `None` where not stated."""
    if not text:
        return None
    digits = whole_text(text)
    if digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= MOST_USERS:
        return int(digits)
    return msg("the number of users must be a whole number from 0 to {most}", most=MOST_USERS)


def whole_text(text: str) -> str:
    """The digits of a whole number as a spreadsheet writes it; any other text as it was."""
    match = _WHOLE.fullmatch(text)
    return re.sub(r"\s", "", match[1] or match[2]) if match else text


def shortened_fault(text: str) -> Message | None:
    """What is wrong with `7,70012E+09`, or `None`."""
    if _SHORTENED.fullmatch(text):
        return msg("Excel shortened the number: format the column as text and enter the digits again")
    return None


_NUMBER_EDGE = "[0-9A-Za-zА-Яа-яЁё_/№.-]"
_PLAIN_ACCOUNT = rf"[0-9A-Za-z_-]{{0,{LONGEST_ACCOUNT}}}"
_PLAIN_NUMBER = rf"(?!-){_NUMBER_EDGE}(?:[0-9A-Za-zА-Яа-яЁё_/№. -]{{0,{LONGEST_NUMBER - 2}}}{_NUMBER_EDGE})?"
_PLAIN_KPP = "(?:[0-9]{4}[0-9A-Z]{2}[0-9]{3})?"

FIELDS: tuple[Field, ...] = (
    Field(
        "number",
        "number",
        ("number", "Номер", "№ заявления", "Номер заявления"),
        parse_number,
        all_plain=matches_all(_PLAIN_NUMBER),
        required=True,
    ),
    Field("type", "kind", ("type", "Тип", "Тип заявления"), parse_kind, repeats=True),
    Field(
        "submitted_on",
        "submitted_on",
        ("submitted_on", "Дата", "Дата заявления", "Дата отправки"),
        parse_day,
        repeats=True,
        required=True,
    ),
    Field("inn", "inn", ("inn", "ИНН"), parse_inn, all_plain=all_inns, required=True),
    Field("kpp", "kpp", ("kpp", "КПП"), parse_kpp, all_plain=matches_all(_PLAIN_KPP)),
    Field("ogrn", "ogrn", ("ogrn", "ОГРН"), parse_ogrn, all_plain=all_ogrns),
    Field("name", "name", ("name", "Наименование", "Организация", "Краткое наименование"), parse_text),
    Field(
        "multiuser", "requested", ("multiuser", "Многопользовательский режим"), parse_requested, repeats=True
    ),
    Field("tier", "requested_tier", ("tier", "Вид расширения", "Тариф расширения"), parse_requested_tier, repeats=True),
    Field("users", "users", ("users", "Пользователей", "Количество пользователей"), parse_users, repeats=True),
    Field("promotion", "promotion", ("promotion", "Акция"), parse_text, repeats=True),
    Field("client_comment", "comment", ("comment", "client_comment", "Комментарий"), parse_text),
    Field("account", "account", ("account", "Учетная запись"), parse_account, all_plain=matches_all(_PLAIN_ACCOUNT)),
    Field("program_number", "program_number", ("program_number", "Номер программы"), parse_text),
)  # fmt: skip
FIELD_BY_NAME = {field.name: field for field in FIELDS}
