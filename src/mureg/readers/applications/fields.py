"""Every field of an application: its headers in a table, and the one parser from its text to its value.

The names, headers and spellings are those of docs/files.md.
"""

import re

from mureg.domain.application import Kind, RequestedMode, parse_tier
from mureg.errors import Message, msg
from mureg.readers.tables.column_checks import CELL_ERRORS, all_inns, all_ogrns, matches_all
from mureg.readers.tables.columns import Field, Value
from mureg.readers.values import (
    all_plain_kpps,
    all_plain_numbers,
    parse_day,
    parse_inn,
    parse_kpp,
    parse_number,
    parse_ogrn,
    unstorable,
    whole_text,
)

# A server keeps an index of accounts, whose entries have their limit.
LONGEST_ACCOUNT = 100
MOST_USERS = 1_000_000

_LOOKS_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}|[0-9]{1,2}\.[а-я]{3}")
# A separator of thousands in one country, of decimals in another.
_THOUSANDS = re.compile(r"[0-9]{1,3}[.,]000")

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


def folded(text: str) -> str:
    """A text as it is compared: case, ё and runs of spaces do not count."""
    return " ".join(text.split()).casefold().replace("ё", "е")


def parse_field(field: Field, text: str, longest: int) -> Value | Message:
    """The value of one field, or what is wrong with it. `longest` is a number of characters."""
    text = text.strip()
    if len(text) > longest:
        return msg("the text is longer than {longest} characters", longest=longest)
    if text in CELL_ERRORS:
        return msg("the cell contains an error, not a value: fix the formula, or enter the value")
    return unstorable(text) or field.parse(text)


def parse_kind(text: str) -> str | Message:
    """`connection`, `change` or `renewal`."""
    kind = _KINDS.get(folded(text))
    return kind or msg(
        "the type must be connection, change or renewal (“На подключение”, “На изменение”, “Пролонгация”)"
    )


def parse_account(text: str) -> str | Message:
    """The id of a subscriber's account, or empty."""
    if len(text) > LONGEST_ACCOUNT:
        return msg("an account id can have at most {longest} characters", longest=LONGEST_ACCOUNT)
    return text


def parse_text(text: str) -> str:
    """Free text is kept as it is; it is escaped when it is shown."""
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
    # A spreadsheet turns 2-9 into the second of September.
    if _LOOKS_LIKE_A_DATE.fullmatch(text):
        return msg("Excel turned the tier into a date: format the cell as text and enter 2-9")
    return msg("the tier must be 2-9 or 10+ (“от 2 до 9”, “10 и более”)")


def parse_users(text: str) -> int | Message | None:
    """A whole number of users; `None` where not stated."""
    if not text:
        return None
    if _THOUSANDS.fullmatch(text):
        return msg("{text} can mean a thousand or a fraction: write the number of users without a separator", text=text)
    digits = whole_text(text)
    if digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= MOST_USERS:
        return int(digits)
    return msg("the number of users must be a whole number from 0 to {most}", most=MOST_USERS)


_PLAIN_ACCOUNT = rf"[0-9A-Za-z_-]{{0,{LONGEST_ACCOUNT}}}"

FIELDS: tuple[Field, ...] = (
    Field(
        "number",
        "number",
        ("number", "Номер", "№ заявления", "Номер заявления"),
        parse_number,
        all_plain=all_plain_numbers,
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
    Field("kpp", "kpp", ("kpp", "КПП"), parse_kpp, all_plain=all_plain_kpps),
    Field("ogrn", "ogrn", ("ogrn", "ОГРН"), parse_ogrn, all_plain=all_ogrns),
    Field("name", "name", ("name", "Наименование", "Организация", "Краткое наименование"), parse_text,
          is_free_text=True),
    Field(
        "multiuser", "requested", ("multiuser", "Многопользовательский режим"), parse_requested, repeats=True
    ),
    Field("tier", "requested_tier", ("tier", "Вид расширения", "Тариф расширения"), parse_requested_tier, repeats=True),
    Field("users", "users", ("users", "Пользователей", "Количество пользователей"), parse_users, repeats=True),
    Field("promotion", "promotion", ("promotion", "Акция"), parse_text, repeats=True),
    Field("client_comment", "comment", ("comment", "client_comment", "Комментарий"), parse_text, is_free_text=True),
    Field("phone", "phone", ("phone", "Телефон", "Основной телефон"), parse_text, is_free_text=True),
    Field("email", "email", ("email", "e-mail", "Электронная почта", "Эл. почта"), parse_text, is_free_text=True),
    Field("account", "account", ("account", "Учетная запись"), parse_account, all_plain=matches_all(_PLAIN_ACCOUNT)),
    Field("program_number", "program_number", ("program_number", "Номер программы"), parse_text, is_free_text=True),
)  # fmt: skip
FIELD_BY_NAME = {field.name: field for field in FIELDS}
