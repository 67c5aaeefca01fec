"""Which application is meant where no number was typed."""

import sys
from collections.abc import Sequence

from mureg.cli.framework.session import Session
from mureg.domain.text import printable
from mureg.errors import msg
from mureg.operations.applications import MOST_CANDIDATES, none_waiting, several_waiting, sole_waiting
from mureg.register.queries.applications import WaitingApplication
from mureg.register.register import Register


def chosen_number(session: Session, register: Register, number: str | None, command: str, options: str = "") -> str:
    """The number typed, the only one waiting, or the one that a person chooses from a list.

    A script that leaves several to choose from gets an error with the candidates and their commands.
    """
    if number is not None:
        return number
    sole, candidates = sole_waiting(register)
    if sole is not None:
        session.output.note(msg("the one application waiting: {number}", number=sole))
        return sole
    if not candidates:
        raise none_waiting()
    if not session.may_ask:
        raise several_waiting(candidates, command, options)
    chosen = _asked(session, candidates)
    if chosen is None:
        raise several_waiting(candidates, command, options)
    return chosen


def _asked(session: Session, candidates: Sequence[WaitingApplication]) -> str | None:
    """The person's choice; `None` where the person ends the input instead of answering."""
    if len(candidates) > MOST_CANDIDATES:
        session.output.note(msg("the oldest of those waiting; all of them: mureg application list --status new"))
        candidates = candidates[:MOST_CANDIDATES]
    for place, (number, name) in enumerate(candidates, start=1):
        print(f"{place:3}  {printable(number)}  {printable(name)}", file=sys.stderr)
    choices = {str(place): number for place, (number, _) in enumerate(candidates, start=1)}
    choices |= {number: number for number, _ in candidates}
    prompt = session.language.say(msg("Which one (1 to {count})? ", count=len(candidates)))
    session.has_read_input = True
    while True:
        line = _line_typed(prompt)
        if not line:
            return None
        answer = line.strip()
        if answer in choices:
            return choices[answer]
        if answer:
            session.output.note(msg("{answer} is none of them", answer=answer))
        session.output.note(msg("answer with a number from 1 to {count}", count=len(candidates)))


def _line_typed(prompt: str) -> str:
    """A line with its end; nothing at the end of the input. Whatever is said next stands on a line of its own."""
    line = ""
    try:
        print(prompt, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
    finally:
        if not line:
            print(file=sys.stderr)
    return line
