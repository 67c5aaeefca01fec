"""Look through several things on a terminal, one at a time, and answer each with a key, as in `git add -p`."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple, TypeVar

from mureg.cli.framework.input.prompt import typed_line
from mureg.cli.framework.session import Session
from mureg.errors import N_, Message, MuregError, WrongUsage, msg

Item = TypeVar("Item")


class Then(Enum):
    """What follows an action."""

    NEXT = "it is done with: the next one is shown"
    AGAIN = "something was done, which can be undone: it is shown again"
    STAY = "nothing was done: it is shown again"


class Key(NamedTuple):
    """What is typed for an action, and what that does, marked by `N_`. `others` are typed for it too."""

    name: str
    help: str
    others: tuple[str, ...] = ()


SKIP = Key("s", N_("skip it, and leave it as it is"))
UNDO = Key("u", N_("undo the last thing that was done here"))
QUIT = Key("q", N_("quit"))
HELP = Key("?", N_("show this help"), ("h",))

# The Latin letters of a Russian keyboard: the layout need not be changed for one key.
_SAME_KEY = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")


def require_terminal(session: Session, command: str, hint: Message) -> None:
    """Refuse what asks at every step where there is no terminal to ask on. Raises `WrongUsage`."""
    if not session.may_ask:
        raise WrongUsage(msg("{command} asks questions, which needs a terminal", command=command), hint)


def look_through(
    session: Session,
    items: Sequence[Item],
    actions: Sequence[Key] | Callable[[Item], Sequence[Key]],
    *,
    show: Callable[[Item], None],
    question: Callable[[Item], Message],
    act: Callable[[Item, str], Then],
    undo: Callable[[Item], None],
) -> None:
    """Show each item, ask, and act, until all were answered or the person quits.

    `actions` are those of every item, or say which ones an item has. `act` is given the item and the name of a key.
    `undo` takes back the last thing that `act` did, which was to that item. An error of ours is shown, and the item
    stays.
    """
    done: list[int] = []
    place = 0
    while place < len(items):
        item = items[place]
        try:
            show(item)
        except MuregError as error:
            session.output.error(error)
            place += 1
            continue
        of_item = actions(item) if callable(actions) else actions
        name = _asked(session, question(item), [*of_item, SKIP, UNDO, QUIT, HELP])
        if name in (None, QUIT.name):
            return
        if name == SKIP.name:
            place += 1
            continue
        try:
            if name == UNDO.name and not done:
                session.output.note(msg("nothing has been done here yet"))
            elif name == UNDO.name:
                undo(items[done[-1]])
                place = done.pop()
            else:
                then = act(item, str(name))
                done += [place] * (then is not Then.STAY)
                place += then is Then.NEXT
        except MuregError as error:
            session.output.error(error)


def _asked(session: Session, question: Message, keys: Sequence[Key]) -> str | None:
    """The name of the key that was typed; `None` where the input ends."""
    known = {typed: key for key in keys for typed in (key.name, *key.others)}
    prompt = msg("{question} [{keys}] ", question=question, keys=",".join(key.name for key in keys))
    while True:
        line = typed_line(session, prompt)
        if line is None:
            return None
        answer = line.strip().lower()
        key = known.get(answer) or known.get(answer.translate(_SAME_KEY))
        if key is not None and key != HELP:
            return key.name
        for each in keys:
            session.output.note(msg("{key} - {help}", key=each.name, help=msg(each.help)))
