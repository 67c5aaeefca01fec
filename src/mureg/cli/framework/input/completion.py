"""What Tab completes besides commands and options: values, and what the register has that fits the command.

Of the register only numbers, ИНН, months and ids are shown: no name, no СНИЛС.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import typer

from mureg.cli.framework.session import session_of
from mureg.command_hints import quoted
from mureg.domain.application import KINDS, STATUSES, TIERS
from mureg.domain.licence_list import LICENCE_STATES
from mureg.domain.text import search_key
from mureg.errors import MuregError
from mureg.lazy_imports import lazy_imports
from mureg.register.queries.applications import SORT_COLUMNS
from mureg.reports.labels import KIND, LICENCE_STATE, STATUS, SWITCH
from mureg.reports.language import LANGUAGES

with lazy_imports():
    from mureg.cli.framework.input import tab_finders as finders
    from mureg.cli.framework.output import list_output
    from mureg.cli.views import month_formats
    from mureg.readers import types
    from mureg.register.queries import licence_list

# Options whose values have labels, which a person may type in the user's language.
_LABELLED: dict[str, tuple[Iterable[str], Mapping[str, str]]] = {
    "--status": (STATUSES, STATUS),
    "--type": (KINDS, KIND),
    "--multiuser": (("on", "off"), SWITCH),
    "--state": (LICENCE_STATES, LICENCE_STATE),
}
_VALUES: dict[str, Iterable[str]] = {
    "--tier": TIERS,
    "--lang": LANGUAGES,
    "--expires-within": ("30d", "3m"),
    "--part": month_formats.PARTS,
}
_LISTS = ("list", "history")


def complete_values(command: str, parameters: Iterable[Any]) -> None:
    """Complete the values of a command's options and arguments where they are known."""
    options = {option for parameter in parameters for option in parameter.opts}
    for parameter in parameters:
        option, metavar = parameter.opts[0], str(parameter.metavar or "")
        if option in _LABELLED:
            parameter._custom_shell_complete = partial(_of_labels, *_LABELLED[option])
        elif values := _values(command, option, options):
            parameter._custom_shell_complete = partial(_of_values, tuple(values))
        elif find := _finder(command, option, metavar, is_argument=parameter.param_type_name == "argument"):
            parameter._custom_shell_complete = partial(_of_register, find)


def _values(command: str, option: str, options: Iterable[str]) -> Iterable[str]:
    if option == "--format":
        if command == "import":
            return types.FORMATS
        return list_output.FORMATS if command in _LISTS else month_formats.FORMATS
    if option == "--sort":
        return licence_list.SORT_COLUMNS if "--not-renewed" in options else SORT_COLUMNS
    return _VALUES.get(option, ())


def _finder(command: str, option: str, metavar: str, *, is_argument: bool) -> "finders.Finder | None":
    if option in ("--month", "--submitted-in") or (is_argument and "MONTH" in metavar):
        return finders.MONTHS.get(command, finders.all_months)
    if option == "--inn" or (is_argument and metavar.startswith("INN")):
        return finders.inns
    if is_argument and metavar == "ID…":
        return finders.pairs
    if is_argument and metavar in ("N", "[N]"):
        return finders.invoices
    if option == "--leave" or (is_argument and "NUMBER" in metavar):
        return finders.NUMBERS.get(command, finders.new_numbers)
    return None


def _of_values(values: tuple[str, ...], ctx: typer.Context, parameter: Any, incomplete: str) -> list[str]:
    return [value for value in values if value.startswith(incomplete)]


def _of_labels(
    values: Iterable[str], labels: Mapping[str, str], ctx: typer.Context, parameter: Any, incomplete: str
) -> list[str]:
    """The values in the user's language, where the shell needs no quotes around them; else, or if typed so, ours."""
    language = session_of(ctx).language
    shown = [language.translate(labels[value]).lower() for value in values]
    own = [label if quoted(label) == label else value for value, label in zip(values, shown, strict=True)]
    found = [each for each in own if search_key(each).startswith(search_key(incomplete))]
    return found or [value for value in values if value.startswith(incomplete)]


def _of_register(find: "finders.Finder", ctx: typer.Context, parameter: Any, incomplete: str) -> list[str]:
    session = session_of(ctx)
    # A note would be printed into the line that is typed.
    session.output.wants_json = True
    try:
        with session.register() as register:
            found = list(find(session, register, ctx, incomplete))
    except MuregError:
        return []  # Tab is no place for an error
    # The shell would split what needs quotes.
    return [each for each in found if each.startswith(incomplete) and quoted(each) == each]
