"""The languages of mureg, and the translation of a `Message`."""

import gettext
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from mureg.domain.money import Amount, format_money
from mureg.domain.text import printable
from mureg.errors import Message
from mureg.reports.cells import Cell, Label, Money, Rate
from mureg.reports.labels import local_time

LANGUAGES = ("ru", "en")

# Between thousands, so that an amount is never wrapped.
NO_BREAK = "\u00a0"

_CATALOGUES = Path(__file__).parents[1] / "locale"


class Language:
    """Translates messages. Control characters in their values are escaped."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()
        if code != "en":
            with (_CATALOGUES / code / "LC_MESSAGES" / "mureg.mo").open("rb") as file:
                self._catalogue = gettext.GNUTranslations(file)

    def translate(self, text: str) -> str:
        """A constant text that `N_` marked."""
        return self._catalogue.gettext(text) if text else ""

    def template(self, message: Message) -> str:
        """A sentence, with the names of its values in braces."""
        if message.plural is None:
            return self.translate(message.template)
        count = message.values["count"]
        assert isinstance(count, int)
        return self._catalogue.ngettext(message.template, message.plural, count)

    def filled(self, template: str, values: Mapping[str, object], *, iso_dates: bool = False) -> str:
        """A sentence, or a part of it, with its values."""
        if not values:
            return template
        return template.format(**{name: self._value(value, iso_dates=iso_dates) for name, value in values.items()})

    def say(self, message: Message, *, iso_dates: bool = False) -> str:
        """A sentence with its values; with ISO dates and plain amounts, as in a pipe."""
        return self.filled(self.template(message), message.values, iso_dates=iso_dates)

    def date(self, day: date) -> str:
        """A day as people write it."""
        return f"{day:%d.%m.%Y}" if self.code == "ru" else day.isoformat()

    def time(self, instant: str) -> str:
        """An instant of the history by the clock on the wall, as people write it."""
        day, _, time = local_time(instant).partition(" ")
        return f"{self.date(date.fromisoformat(day))} {time}"

    def money(self, kopecks: int) -> str:
        """An amount as people write it: «1 234,50» in Russian, 1,234.50 in English."""
        roubles, hundredths = format_money(abs(kopecks)).split(".")
        grouped = f"{int(roubles):,}"
        amount = f"{grouped.replace(',', NO_BREAK)},{hundredths}" if self.code == "ru" else f"{grouped}.{hundredths}"
        return f"-{amount}" if kopecks < 0 else amount

    def cell(self, value: Cell) -> str:  # noqa: PLR0911  one for each kind of cell
        """A cell of a page or a document as people read it. What clients wrote is escaped for the eye, not for HTML."""
        match value:
            case None:
                return ""
            case Money(kopecks):
                return self.money(kopecks)
            case Rate(basis_points):
                # Always two decimals: rates are compared one below the other.
                return f"{self.money(basis_points)}{NO_BREAK}%"
            case Label(text):
                return self.translate(text)
            case Message():
                return self.say(value)
            case date():
                return self.date(value)
        return printable(str(value))

    def _value(self, value: object, *, iso_dates: bool) -> object:
        if isinstance(value, Message):
            return self.say(value, iso_dates=iso_dates)
        if isinstance(value, Amount):
            return format_money(value) if iso_dates else self.money(value)
        if isinstance(value, date):
            return value.isoformat() if iso_dates else self.date(value)
        if isinstance(value, tuple) and type(value) is tuple:
            return "\n".join(printable(str(line)) for line in value)
        return value if isinstance(value, int) else printable(str(value))
