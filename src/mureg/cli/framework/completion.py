"""What Tab completes besides commands and options: values, and numbers of new applications.

Of the register only numbers are shown: no name, no СНИЛС.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

import typer

from mureg.cli.framework.language import LANGUAGES
from mureg.cli.framework.session import session_of
from mureg.command_hints import quoted
from mureg.domain.application import STATUSES, TIERS
from mureg.errors import MuregError
from mureg.lazy_imports import lazy_imports
from mureg.register.queries.applications import SORT_COLUMNS

with lazy_imports():
    from mureg.cli.views import month_formats
    from mureg.readers import types

_MOST_NUMBERS = 100
_VALUES: dict[str, Iterable[str]] = {
    "--status": STATUSES,
    "--tier": TIERS,
    "--multiuser": ("on", "off"),
    "--sort": SORT_COLUMNS,
    "--lang": LANGUAGES,
}
# These commands take other applications than new ones.
_NOT_NEW = ("cancel", "history")


def complete_values(command: str, parameters: Iterable[Any]) -> None:
    """Complete the values of a command's options and arguments where they are known."""
    for parameter in parameters:
        values = _VALUES.get(parameter.opts[0])
        if parameter.opts[0] == "--format":
            values = _formats(command)
        if values is not None:
            parameter._custom_shell_complete = partial(_of_values, tuple(values))
        elif parameter.param_type_name == "argument" and "NUMBER" in parameter.metavar and command not in _NOT_NEW:
            parameter._custom_shell_complete = _new_numbers


def _formats(command: str) -> tuple[str, ...]:
    return types.FORMATS if command == "import" else month_formats.FORMATS


def _of_values(values: tuple[str, ...], ctx: typer.Context, parameter: Any, incomplete: str) -> list[str]:
    return [value for value in values if value.startswith(incomplete)]


def _new_numbers(ctx: typer.Context, parameter: Any, incomplete: str) -> list[str]:
    session = session_of(ctx)
    # A note would be printed into the line that is typed.
    session.output.wants_json = True
    try:
        with session.register() as register:
            numbers = [number for number, _ in register.applications.waiting(_MOST_NUMBERS)]
    except MuregError:
        return []  # Tab is no place for an error
    # The shell would split a number that needs quotes.
    return [number for number in numbers if number.startswith(incomplete) and quoted(number) == number]
