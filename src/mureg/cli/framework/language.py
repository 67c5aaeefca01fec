"""The user's language: from `--lang`, `MUREG_LANG`, then the locale; and the translation of a `Message`."""

import gettext
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from mureg.domain.money import Amount, format_money
from mureg.domain.text import printable
from mureg.errors import Message

if sys.platform == "win32":
    import ctypes
    import locale

LANGUAGES = ("ru", "en")

# Between thousands, so that an amount is never wrapped.
NO_BREAK = "\u00a0"

_CATALOGUES = Path(__file__).parents[2] / "locale"


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

    def say(self, message: Message, *, iso_dates: bool = False) -> str:
        """A sentence with its values; with ISO dates and plain amounts, as in a pipe."""
        if message.plural is None:
            template = self.translate(message.template)
        else:
            count = message.values["count"]
            assert isinstance(count, int)
            template = self._catalogue.ngettext(message.template, message.plural, count)
        if not message.values:
            return template
        return template.format(
            **{name: self._value(value, iso_dates=iso_dates) for name, value in message.values.items()}
        )

    def date(self, day: date) -> str:
        """A day as people write it."""
        return f"{day:%d.%m.%Y}" if self.code == "ru" else day.isoformat()

    def money(self, kopecks: int) -> str:
        """An amount as people write it: «1 234,50» in Russian, 1,234.50 in English."""
        roubles, hundredths = format_money(abs(kopecks)).split(".")
        grouped = f"{int(roubles):,}"
        amount = f"{grouped.replace(',', NO_BREAK)},{hundredths}" if self.code == "ru" else f"{grouped}.{hundredths}"
        return f"-{amount}" if kopecks < 0 else amount

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


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The chosen language; an unknown one is ignored here and refused later."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and place + 1 < len(arguments) and arguments[place + 1] in LANGUAGES:
            return arguments[place + 1]
        if argument.startswith("--lang=") and argument[7:] in LANGUAGES:
            return argument[7:]
    of_variable = language_of(environment.get("MUREG_LANG", ""))
    if of_variable in LANGUAGES:
        return of_variable
    return "ru" if _locale_name(environment).lower().startswith(("ru", "be", "kk")) else "en"


def language_of(name: str) -> str:
    """The language of a locale's name: `ru` of `ru`, `RU`, `ru_RU.UTF-8` or `ru-RU`."""
    for separator in "_-.@":
        name = name.partition(separator)[0]
    return name.strip().lower()


def _locale_name(environment: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return environment[name]
    if sys.platform == "win32":
        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""
