"""What Tab completes beyond commands and options: values, and numbers of waiting applications.

Loaded only when a shell asks. Nothing but numbers leaves the register here: no name, no СНИЛС.
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
from mureg.register.queries.applications import SORT_COLUMNS

_MOST_NUMBERS = 100
_VALUES: dict[str, Iterable[str]] = {
    "--status": STATUSES,
    "--tier": TIERS,
    "--multiuser": ("on", "off"),
    "--sort": SORT_COLUMNS,
    "--lang": LANGUAGES,
}
# What these take is no new application.
_OF_OTHERS = ("cancel", "history")


def complete_values(command: str, parameters: Iterable[Any]) -> None:
    """Let a command's options and arguments complete what can be known of their values."""
    for parameter in parameters:
        values = _VALUES.get(parameter.opts[0])
        if parameter.opts[0] == "--format":
            values = _formats(command)
        if values is not None:
            parameter._custom_shell_complete = partial(_of_values, tuple(values))
        elif parameter.param_type_name == "argument" and "NUMBER" in parameter.metavar and command not in _OF_OTHERS:
            parameter._custom_shell_complete = _waiting


def _formats(command: str) -> tuple[str, ...]:
    # A noun's commands come together: none of them waits for the modules of another.
    if command == "import":
        from mureg.readers.types import FORMATS as FILE_FORMATS  # noqa: PLC0415

        return FILE_FORMATS
    from mureg.cli.views.month_formats import FORMATS as MONTH_FORMATS  # noqa: PLC0415

    return MONTH_FORMATS


def _of_values(values: tuple[str, ...], ctx: typer.Context, parameter: Any, incomplete: str) -> list[str]:
    return [value for value in values if value.startswith(incomplete)]


def _waiting(ctx: typer.Context, parameter: Any, incomplete: str) -> list[str]:
    try:
        with session_of(ctx).register() as register:
            numbers = [number for number, _ in register.applications.waiting(_MOST_NUMBERS)]
    except MuregError:
        return []  # whoever presses Tab where no register is has not yet made a mistake
    # A shell would take apart what needs quotes.
    return [number for number in numbers if number.startswith(incomplete) and quoted(number) == number]
