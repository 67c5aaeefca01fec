"""Values typed on the command line: checked, and turned into ours. Each function raises `WrongUsage`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from mureg.domain.application import Tier, parse_tier
from mureg.domain.text import search_key
from mureg.errors import WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.reports.language import LANGUAGES, Language

if TYPE_CHECKING:
    from mureg.cli.framework.session import Session

with lazy_imports():
    from mureg.domain import identifiers, licence_list

Choice = TypeVar("Choice", bound=str)


def needed(value: str | None, name: str) -> str:
    """The value of an option or argument that is required."""
    if value is None or not value.strip():
        raise WrongUsage(msg("{name} is required", name=name), msg("see the help of the command: add -h"))
    return value.strip()


def one_of(option: str, value: str, known: Sequence[Choice]) -> Choice:
    """A value from a list."""
    for each in known:
        if each == value:
            return each
    raise WrongUsage(
        msg("{option} cannot be {value}", option=option, value=value), msg("available: {names}", names=", ".join(known))
    )


def labelled(session: "Session", option: str, text: str, known: Sequence[Choice], labels: Mapping[str, str]) -> Choice:
    """A value, typed as itself or as any language's label for it: what is shown can be typed.

    `labels` has the English label of each value. The error names the values in the user's language.
    """
    wanted = _typed(text)
    own = {value: session.language.translate(labels[value]) for value in known}
    for value, label in own.items():
        if wanted in (_typed(value), _typed(label)):
            return value
    for code in LANGUAGES:
        language = Language(code)
        for value in known:
            if wanted == _typed(language.translate(labels[value])):
                return value
    names = [value if _typed(label) == value else f"{label} ({value})" for value, label in own.items()]
    raise WrongUsage(
        msg("{option} cannot be {value}", option=option, value=text), msg("available: {names}", names=", ".join(names))
    )


def _typed(text: str) -> str:
    return search_key(" ".join(text.split()))


def require_inn(option: str, text: str) -> None:
    """Raise `WrongUsage` for what is no ИНН: a search by it would find nothing, and look like an answer."""
    if fault := identifiers.inn_fault(text):
        raise WrongUsage(
            msg("{option} cannot be {value}", option=option, value=text),
            msg("{reason}; to search for a part of it: --search TEXT", reason=fault),
        )


def tier_of(text: str) -> Tier:
    """A tier: `2-9`, `10+`, or its Russian name."""
    tier = parse_tier(text)
    if tier is None:
        raise WrongUsage(msg("{text} is not a tier", text=text), msg("use 2-9 (от 2 до 9) or 10+ (10 и более)"))
    return tier


def limit_of(text: str) -> int:
    """The number of items for `--limit`. No engine counts beyond 19 digits."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--limit", value=text),
            msg("write a whole number, as in --limit 20"),
        )
    return int(text)


def period_of(session: "Session", text: str, on: date) -> "licence_list.Period":
    """The days from a day on that `30d` or `3m` names, or those of a month."""
    period = licence_list.parse_period(text, on, session.today)
    if period is None:
        raise WrongUsage(
            msg("{text} is neither a period nor a month", text=text), msg("write 30d, 3m, or a month: 2023-08")
        )
    return period
