"""The choice of an application where no number was typed."""

import sys

from mureg.cli.framework.session import Session
from mureg.domain.text import printable
from mureg.errors import Message, msg, plural
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.operations.applications import processing as applications
    from mureg.register import register as registers


def chosen_number(
    session: Session, register: "registers.Register", number: str | None, command: str, options: str = ""
) -> str:
    """The number typed, that of the only new application, or the one that a person chooses from a list.

    Without a terminal to ask on, several candidates are an error that names them and the command for each.
    """
    if number is not None:
        return number
    waiting = applications.candidates(register)
    if not waiting.total:
        raise applications.no_candidates()
    if waiting.total == 1:
        session.output.note(msg("the only waiting application: {number}", number=waiting.shown[0].number))
        return waiting.shown[0].number
    chosen = _answer(session, register, waiting) if session.may_ask else None
    if chosen is None:
        raise applications.several_candidates(waiting, command, options)
    return chosen


def _answer(session: Session, register: "registers.Register", waiting: "applications.Candidates") -> str | None:
    """The person's choice: a line of the list, a number, or text that narrows it; `None` where the input ends."""
    while True:
        _show(session, waiting)
        lines = {str(place): each.number for place, each in enumerate(waiting.shown, start=1)}
        answer = ""
        while not answer:
            typed = typed_line(session, msg("Which one (line, number, or text to search for)? "))
            if typed is None:
                return None
            answer = typed.strip()
        if applications.is_waiting(register, answer):
            return answer
        if answer in lines:
            return lines[answer]
        found = applications.candidates(register, answer)
        if found.total:
            # Also where it is one alone: a mistyped line must not choose it.
            waiting = found
        else:
            session.output.note(msg("no waiting application has “{text}” in its number, ИНН or name", text=answer))


def _show(session: Session, waiting: "applications.Candidates") -> None:
    """The oldest ones, and how many there are."""
    for place, (number, name) in enumerate(waiting.shown, start=1):
        print(f"{place:3}  {printable(number)}  {printable(name)}", file=sys.stderr)
    session.output.note(
        plural("{count} application is waiting", "{count} applications are waiting", count=waiting.total)
        if waiting.total == len(waiting.shown)
        else msg("{count} applications are waiting; the oldest {shown} are shown",
                 count=waiting.total, shown=len(waiting.shown))
    )  # fmt: skip


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
