"""Dates and months as people write them."""

import re
from datetime import date, timedelta
from typing import NamedTuple

# The first day of sales of the multi-user mode in Russia. Source: the vendor's information release No. 30781.
SALES_BEGAN_ON = date(2023, 8, 1)

# Compiled at first use: most commands read no dates.
_ISO_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_RUSSIAN_DATE = r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})"
_ISO_MONTH = r"([0-9]{4})-([0-9]{2})"
_RUSSIAN_MONTH = r"([0-9]{1,2})\.([0-9]{4})"
_NAMED_MONTH = r"([a-zа-я]+) ([0-9]{4})(?: г\.?| года)?"

_MONTH_NAMES = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_MONTH_NAMES_GENITIVE = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_ENGLISH_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class Month(NamedTuple):
    """A calendar month, ordered in time. `str()` gives `2023-08`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month of a text that `str()` gave. Other texts are for `parse_month`."""
        year, number = text.split("-")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that contains the day."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        if self.number == 12:
            return date(self.year, 12, 31)
        return date(self.year, self.number + 1, 1) - timedelta(days=1)

    def next(self) -> "Month":
        """The month after this one."""
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    def previous(self) -> "Month":
        """The month before this one."""
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    def months_since(self, earlier: "Month") -> int:
        """How many months later than the other this one is."""
        return (self.year - earlier.year) * 12 + self.number - earlier.number

    def contains(self, day: date) -> bool:
        """Whether the day lies in this month."""
        return (day.year, day.month) == self


def parse_date(text: str, today: date | None = None) -> date | None:
    """A day written `2023-08-14`, `14.08.2023`, or `today` where `today` is given; `None` for anything else."""
    text = text.strip()
    if today is not None and text.lower() in ("today", "сегодня"):
        return today
    if match := re.fullmatch(_ISO_DATE, text):
        year, month, day = match.groups()
    elif match := re.fullmatch(_RUSSIAN_DATE, text):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def parse_month(text: str, today: date) -> Month | None:
    """A month written `2023-08`, `08.2023`, `август 2023`, `August 2023`, `this` or `last`; `None` for others."""
    text = " ".join(text.split()).lower()
    if text in ("this", "этот", "текущий"):
        return Month.of(today)
    if text in ("last", "прошлый", "предыдущий"):
        return Month.of(today).previous()
    if match := re.fullmatch(_ISO_MONTH, text):
        year, number = int(match[1]), int(match[2])
    elif match := re.fullmatch(_RUSSIAN_MONTH, text):
        year, number = int(match[2]), int(match[1])
    elif match := re.fullmatch(_NAMED_MONTH, text):
        year, number = int(match[2]), _month_number(match[1])
    else:
        return None
    return Month(year, number) if 1 <= number <= 12 and year >= 1 else None


def russian_name(month: Month) -> str:
    """A month as Russian documents write it: «август 2023»."""
    return f"{_MONTH_NAMES[month.number - 1]} {month.year}"


def _month_number(name: str) -> int:
    for names in (_MONTH_NAMES, _MONTH_NAMES_GENITIVE, _ENGLISH_MONTH_NAMES):
        if name in names:
            return names.index(name) + 1
    return 0


def last_day_of_term(starts_on: date, months: int) -> date:
    """The last day, included, of a term of whole months: the day before the same date `months` later.

    Where that month is too short for the date, the term ends on its last day: 29 February + 12 months → 28 February.
    """
    index = starts_on.year * 12 + starts_on.month - 1 + months
    target = Month(index // 12, index % 12 + 1)
    if starts_on.day > target.last_day.day:
        return target.last_day
    return target.first_day.replace(day=starts_on.day) - timedelta(days=1)
