"""One parser for each kind of value that applications and statements share, whatever the format of their file.

A parser takes stripped text and gives the value, or the `Message` that says what is wrong.
"""

import re
from datetime import date, datetime, timedelta

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
from mureg.readers.tables.column_checks import LONGEST_PLAIN, matches_all
from mureg.readers.tables.columns import Parser

LONGEST_NUMBER = LONGEST_PLAIN

# Day 0 of Excel's serial dates, which count a 29 February 1900 that never was; from 2000 to 2099.
_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050

_EMPTY = msg("the field must not be empty")

# A spreadsheet's ways to write a whole number or a text of digits: 7700123459.0, 7 700 123 459, ="7700123459".
_WHOLE = re.compile(r'(?:="([0-9]+)"|([0-9][0-9 \u00a0\u202f]*)(?:[.,]0+)?)')
_SHORTENED = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eEеЕ]\+?[0-9]+")
# The run before the hour is tried once, from its beginning: linear time.
_TIME_OF_DAY = re.compile(r"(?<![T ])[T ]++[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

_NUMBER_EDGE = "[0-9A-Za-zА-Яа-яЁё_/№.-]"
_PLAIN_NUMBER = rf"(?!-){_NUMBER_EDGE}(?:[0-9A-Za-zА-Яа-яЁё_/№. -]{{0,{LONGEST_NUMBER - 2}}}{_NUMBER_EDGE})?"
_PLAIN_KPP = "(?:[0-9]{4}[0-9A-Z]{2}[0-9]{3})?"

all_plain_numbers = matches_all(_PLAIN_NUMBER)
all_plain_kpps = matches_all(_PLAIN_KPP)


def unstorable(text: str) -> Message | None:
    """What makes a text unfit to be kept, or `None`: a NUL character, or bytes that are no text."""
    if _UNSTORABLE.search(text) is None:
        return None
    if "\0" in text:
        return msg("the text contains a NUL character: the file may be damaged")
    return msg("the text contains invalid bytes: check the encoding of the file")


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


def day_parser(date_format: str, *, or_iso: bool) -> Parser:
    """A parser of dates in a profile's `date_format`, and of ISO dates with `or_iso`.

    Raises `ValueError` where the format loses part of a date.
    """
    probe = datetime(2017, 11, 23)  # noqa: DTZ001  a date, not an instant
    # Year, month and day all differ and have two digits: a part that the format drops is noticed.
    if datetime.strptime(probe.strftime(date_format), date_format).date() != probe.date():  # noqa: DTZ007
        raise ValueError(date_format)

    def parse(text: str) -> str | Message:
        if not text:
            return _EMPTY
        if or_iso and type(known := parse_day(text)) is str and text.startswith(known):
            return known
        # strptime accepts foreign digits.
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


def whole_text(text: str) -> str:
    """The digits of a whole number as a spreadsheet writes it; any other text as it was."""
    match = _WHOLE.fullmatch(text)
    return re.sub(r"\s", "", match[1] or match[2]) if match else text


def shortened_fault(text: str) -> Message | None:
    """What is wrong with `7,70012E+09`, or `None`."""
    if _SHORTENED.fullmatch(text):
        return msg("Excel shortened the number: format the column as text and enter the digits again")
    return None
