"""What to do about the discrepancies of a month, those of a kind together: a sentence, the pairs, and the commands."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from mureg.command_hints import quoted
from mureg.domain.dates import Month
from mureg.errors import Message, msg, plural
from mureg.operations.months.remedies import Remedy, RemedyKind

# So many ids are in one command.
MOST_IDS = 20


class Advice(NamedTuple):
    """What to do about the pairs of one kind. The commands are alternatives or one for each pair; some are alike."""

    kind: RemedyKind
    sentence: Message
    pairs: tuple[str, ...]
    commands: tuple[Message, ...]

    @property
    def text(self) -> Message:
        """The sentence with the ids of the first pairs."""
        shown = ", ".join(self.pairs[:MOST_IDS]) + ("…" if len(self.pairs) > MOST_IDS else "")
        return msg("{sentence}: {ids}", sentence=self.sentence, ids=shown)


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


def advice_about(month: Month, found: Sequence[Remedy]) -> Iterator[Advice]:
    """What to do about discrepancies of a month, those of a kind together."""
    for kind, sentence_of in _SENTENCES.items():
        group = [remedy for remedy in found if remedy.kind == kind]
        if group:
            pairs = tuple(remedy.pair for remedy in group)
            yield Advice(kind, sentence_of(len(group)), pairs, _commands(month, group, pairs))


def _commands(month: Month, group: Sequence[Remedy], pairs: Sequence[str]) -> tuple[Message, ...]:
    if group[0].kind == "carry":
        return (resolving_command("carry", month, pairs),)
    # Several charges may have the same command, such as a price of one day.
    return tuple({str(command): command for remedy in group for command in remedy.commands}.values())


def resolving_command(action: str, month: Month, pairs: Sequence[str]) -> Message:
    """The command that resolves the first of these pairs."""
    names = " ".join(map(quoted, pairs[:MOST_IDS]))
    return msg("mureg month {action} {month} {ids} --reason TEXT", action=action, month=month, ids=names)
