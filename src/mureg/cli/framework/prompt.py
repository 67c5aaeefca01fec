"""The choice of an application where no number was typed."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from mureg.cli.framework.session import Session
from mureg.domain.text import printable
from mureg.errors import N_, Message, msg
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.operations import applications
    from mureg.register import register as registers
    from mureg.register.queries import applications as queries

Number = Annotated[
    str | None,
    typer.Argument(metavar="[NUMBER]", help=N_("The application's number; optional if exactly one is waiting")),
]


def chosen_number(
    session: Session, register: "registers.Register", number: str | None, command: str, options: str = ""
) -> str:
    """The number typed, that of the only new application, or the one that a person chooses from a list.

    Without a terminal to ask on, several candidates are an error that names them and the command for each.
    """
    if number is not None:
        return number
    candidates = applications.candidates(register)
    if not candidates:
        raise applications.no_candidates()
    if len(candidates) == 1:
        ((number, _),) = candidates
        session.output.note(msg("the only waiting application: {number}", number=number))
        return number
    chosen = _answer(session, candidates) if session.may_ask else None
    if chosen is None:
        raise applications.several_candidates(candidates, command, options)
    return chosen


def _answer(session: Session, candidates: "Sequence[queries.WaitingApplication]") -> str | None:
    """The person's choice; `None` where the input ends without an answer."""
    if len(candidates) > applications.MOST_CANDIDATES:
        session.output.note(msg("the oldest waiting ones are shown; list all: mureg application list --status new"))
        candidates = candidates[: applications.MOST_CANDIDATES]
    for place, (number, name) in enumerate(candidates, start=1):
        print(f"{place:3}  {printable(number)}  {printable(name)}", file=sys.stderr)
    choices = {str(place): number for place, (number, _) in enumerate(candidates, start=1)}
    choices |= {number: number for number, _ in candidates}
    while True:
        line = typed_line(session, msg("Which one (1 to {count})? ", count=len(candidates)))
        if line is None:
            return None
        answer = line.strip()
        if answer in choices:
            return choices[answer]
        if answer:
            session.output.note(msg("{answer} is not one of them", answer=answer))
        session.output.note(msg("answer with a number from 1 to {count}", count=len(candidates)))


def typed_line(session: Session, prompt: Message) -> str | None:
    """What is typed after a prompt; `None` where the input ends. What is printed next begins on a new line."""
    session.has_read_input = True
    line = ""
    try:
        sys.stdout.flush()
        print(session.language.say(prompt), end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
    finally:
        if not line:
            print(file=sys.stderr)
    return line.rstrip("\r\n") if line else None
