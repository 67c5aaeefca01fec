"""What to do about the discrepancies of a month: one paragraph for each kind of remedy, with commands to paste."""

from collections.abc import Callable, Sequence

from mureg.cli.framework.output.output import Output
from mureg.command_hints import quoted
from mureg.domain.dates import Month
from mureg.errors import N_, Message, msg, plural
from mureg.operations.months.remedies import Remedy, RemedyKind
from mureg.reports.cells import Label

# So many ids are in one command, and so many commands in one paragraph; the others are of the same kind.
_MOST_IDS = 20
_MOST_COMMANDS = 5

_SENTENCES: dict[RemedyKind, Callable[[int], Message]] = {
    "carry": lambda count: plural(
        "{count} charge is not in the statement; carry it to the next month",
        "{count} charges are not in the statement; carry them to the next month",
        count=count,
    ),
    "amend_tier": lambda count: plural(
        "{count} application was processed with another tier; if the operator is right, amend it",
        "{count} applications were processed with another tier; if the operator is right, amend them",
        count=count,
    ),
    "amend_day": lambda count: plural(
        "{count} application was processed in another month; if the operator is right, amend its day",
        "{count} applications were processed in another month; if the operator is right, amend their days",
        count=count,
    ),
    "process": lambda count: plural(
        "{count} application is in the register and waiting; process it",
        "{count} applications are in the register and waiting; process them",
        count=count,
    ),
    "return": lambda count: plural(
        "{count} application was rejected; if that was wrong, make it new again, and process it",
        "{count} applications were rejected; if that was wrong, make them new again, and process them",
        count=count,
    ),
    "import": lambda count: plural(
        "{count} application is not in the register; import it, and process it",
        "{count} applications are not in the register; import them, and process them",
        count=count,
    ),
    "price": lambda count: plural(
        "{count} charge has another list price; compare the contract",
        "{count} charges have another list price; compare the contract",
        count=count,
    ),
    "discount": lambda count: plural(
        "{count} charge has another partner discount; compare the contract",
        "{count} charges have another partner discount; compare the contract",
        count=count,
    ),
    "settled_elsewhere": lambda count: plural(
        "{count} row is already settled in another month; ask the operator for a corrected statement",
        "{count} rows are already settled in another month; ask the operator for a corrected statement",
        count=count,
    ),
    "unclear": lambda count: plural(
        "{count} discrepancy is of an organization with several sales; ask the operator for a statement with "
           "application numbers or tiers",
        "{count} discrepancies are of organizations with several sales; ask the operator for a statement with "
           "application numbers or tiers",
        count=count,
    ),
    "wrong_statement": lambda count: plural(
        "{count} discrepancy is in the statement itself; ask the operator for a corrected one",
        "{count} discrepancies are in the statement itself; ask the operator for a corrected one",
        count=count,
    ),
    "ask": lambda count: plural(
        "{count} discrepancy has to be discussed with the operator",
        "{count} discrepancies have to be discussed with the operator",
        count=count,
    ),
}  # fmt: skip


def print_advice(output: Output, month: Month, found: Sequence[Remedy], *, more: int) -> None:
    """What to do about open discrepancies, those of a kind together; `more` of them were not looked at."""
    output.line()
    output.heading(output.cell(Label(N_("What to do"))))
    for kind, sentence_of in _SENTENCES.items():
        group = [remedy for remedy in found if remedy.kind == kind]
        if group:
            _print_group(output, month, sentence_of(len(group)), group)
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
        _print_commands(output, [_of_ids("accept", month, acceptable)])
    output.sentence(output.cell(msg("Or decide one by one: mureg month resolve {month}", month=month)), " ")


def _print_group(output: Output, month: Month, sentence: Message, group: Sequence[Remedy]) -> None:
    ids = [remedy.pair for remedy in group]
    shown = ", ".join(ids[:_MOST_IDS]) + ("…" if len(ids) > _MOST_IDS else "")
    output.sentence(output.cell(msg("{sentence}: {ids}", sentence=sentence, ids=shown)), " ")
    if group[0].kind == "carry":
        commands = [_of_ids("carry", month, ids)]
    else:
        # Several charges may have the same command, such as a price of one day.
        commands = list({str(command): command for remedy in group for command in remedy.commands}.values())
    _print_commands(output, commands)


def _print_commands(output: Output, commands: Sequence[Message]) -> None:
    for command in commands[:_MOST_COMMANDS]:
        output.line(f"    {output.cell(command)}")
    if len(commands) > _MOST_COMMANDS:
        output.line(f"    {output.cell(msg('and {count} more like these', count=len(commands) - _MOST_COMMANDS))}")


def _of_ids(action: str, month: Month, ids: Sequence[str]) -> Message:
    names = " ".join(map(quoted, ids[:_MOST_IDS]))
    return msg("mureg month {action} {month} {ids} --reason TEXT", action=action, month=month, ids=names)
