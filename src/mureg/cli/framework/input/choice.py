"""The options that choose new applications instead of numbers, and the question before something is done to them."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from mureg.cli.framework.input.prompt import typed_line
from mureg.cli.framework.input.values import require_inn
from mureg.cli.framework.session import Session
from mureg.errors import N_, Message, WrongUsage, msg
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.operations.applications import choice as operations
    from mureg.register import register as registers

Numbers = Annotated[
    list[str] | None, typer.Argument(metavar="[NUMBER…]", help=N_("The applications' numbers, unless --all-new"))
]
AllNew = Annotated[bool, typer.Option("--all-new", help=N_("All new applications, or those that the options choose"))]
SubmittedBefore = Annotated[
    str | None, typer.Option("--submitted-before", metavar="DATE", help=N_("Only submitted before this date"))
]
SubmittedIn = Annotated[
    str | None, typer.Option("--submitted-in", metavar="MONTH", help=N_("Only submitted in this month"))
]
Inn = Annotated[str | None, typer.Option("--inn", metavar="INN", help=N_("Only this ИНН"))]
Search = Annotated[
    str | None, typer.Option("--search", metavar="TEXT", help=N_("Only with this text in the number, ИНН or name"))
]
WithoutWarnings = Annotated[bool, typer.Option("--without-warnings", help=N_("Only without a warning"))]
Yes = Annotated[bool, typer.Option("--yes", help=N_("Do not ask: required with --all-new in a script"))]


class Choosing(NamedTuple):
    """The options of a choice, as they were typed."""

    all_new: bool = False
    submitted_before: str | None = None
    submitted_in: str | None = None
    inn: str | None = None
    search: str | None = None
    without_warnings: bool = False
    yes: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether an option narrows the choice."""
        return any((self.submitted_before, self.submitted_in, self.inn, self.search, self.without_warnings))

    def must_ask(self, *, dry_run: bool) -> bool:
        """Whether what was chosen is shown, and confirmed, before anything is written."""
        return self.all_new and not self.yes and not dry_run


def check_choice(
    session: Session, numbers: Sequence[str] | None, choosing: Choosing, command: str, *, dry_run: bool
) -> None:
    """Raise `WrongUsage` where numbers and options contradict each other, or where a script does not say `--yes`."""
    see_help = msg("see: {command} -h", command=command)
    if choosing.all_new and numbers:
        raise WrongUsage(msg("specify numbers or --all-new, not both"), see_help)
    if choosing.is_narrowed and not choosing.all_new:
        raise WrongUsage(msg("an option that chooses applications needs --all-new"), see_help)
    if choosing.yes and not choosing.all_new:
        raise WrongUsage(msg("--yes needs --all-new"), see_help)
    if choosing.must_ask(dry_run=dry_run) and not session.may_ask:
        raise WrongUsage(
            msg("--all-new asks for confirmation, which needs a terminal: add --yes"),
            msg("see first what would be done: --dry-run"),
        )


def chosen_numbers(session: Session, register: "registers.Register", choosing: Choosing) -> list[str]:
    """The numbers of the applications that are chosen, by submission."""
    if choosing.inn is not None:
        require_inn("--inn", choosing.inn)
    choice = operations.Choice(
        submitted_before=session.day(choosing.submitted_before) if choosing.submitted_before is not None else None,
        submitted_in=session.month(choosing.submitted_in) if choosing.submitted_in is not None else None,
        inn=choosing.inn,
        search=choosing.search,
        without_warnings=choosing.without_warnings,
    )
    return [application.number for application in operations.chosen(register, choice, session.today)]


def note_none_chosen(session: Session) -> None:
    """Say that nothing fits the choice, which is no error."""
    session.output.note(msg("no waiting application matches: nothing was written"))


_YES = ("y", "yes", "д", "да")


def is_confirmed(session: Session, question: Message) -> bool:
    """Whether a person answers yes; anything else, also the end of the input, is no."""
    answer = typed_line(session, msg("{question} [y/N] ", question=question))
    if answer is not None and answer.strip().lower() in _YES:
        return True
    session.output.note(msg("nothing was written"))
    return False
