"""What to do about the discrepancies of a month: one paragraph for each kind of remedy, with commands to paste."""

from collections.abc import Sequence

from mureg.cli.framework.output.output import Output
from mureg.domain.dates import Month
from mureg.errors import N_, Message, msg, plural
from mureg.operations.months.advice import advice_about, resolving_command
from mureg.operations.months.remedies import Remedy
from mureg.reports.cells import Label

# So many commands are in one paragraph; the others are of the same kind.
_MOST_COMMANDS = 5


def print_advice(output: Output, month: Month, found: Sequence[Remedy], *, more: int) -> None:
    """What to do about open discrepancies, those of a kind together; `more` of them were not looked at."""
    output.line()
    output.heading(output.cell(Label(N_("What to do"))))
    for advice in advice_about(month, found):
        output.sentence(output.cell(advice.text), " ")
        _print_commands(output, advice.commands)
    if more:
        rest = plural(
            "{count} more discrepancy was not looked at here",
            "{count} more discrepancies were not looked at here",
            count=more,
        )
        output.sentence(output.cell(rest), " ")
    acceptable = [remedy.pair for remedy in found if remedy.may_accept]
    if acceptable:
        output.sentence(output.cell(msg("Or accept the operator's figures:")), " ")
        _print_commands(output, [resolving_command("accept", month, acceptable)])
    output.sentence(output.cell(msg("Or decide one by one: mureg month resolve {month}", month=month)), " ")


def _print_commands(output: Output, commands: Sequence[Message]) -> None:
    for command in commands[:_MOST_COMMANDS]:
        output.line(f"    {output.cell(command)}")
    if len(commands) > _MOST_COMMANDS:
        output.line(f"    {output.cell(msg('and {count} more like these', count=len(commands) - _MOST_COMMANDS))}")
