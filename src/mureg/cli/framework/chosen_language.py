"""The language that the user chose: `--lang`, `MUREG_LANG`, then the locale."""

import sys
from collections.abc import Mapping, Sequence

from mureg.reports.language import LANGUAGES

if sys.platform == "win32":
    import ctypes
    import locale


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
