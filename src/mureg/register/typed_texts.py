"""What a text that a person types may be: the same on both engines, and not longer than a person reads."""

from collections.abc import Iterator, Mapping
from itertools import chain

from mureg.errors import Refused, msg
from mureg.register.changes import Changes
from mureg.register.history import ERASED, Actor

LONGEST_NOTE = 10_000
"""Characters of a comment or a reason. One in a file is bounded by `[limits]`, which has the same default."""
LONGEST_USER = 200

_NOTES = ("comment", "reason", "without_sale", "without_statement")


def require_user(actor: Actor) -> None:
    """Raise `Refused` for a user's name that is too long or not UTF-8."""
    try:
        actor.user.encode()
    except UnicodeEncodeError:
        raise Refused(
            msg("the name of the user is not UTF-8: {user}", user=actor.user), msg("set another one: MUREG_USER")
        ) from None
    if len(actor.user) > LONGEST_USER:
        raise Refused(
            msg("the name of the user has more than {longest} characters", longest=LONGEST_USER),
            msg("set a shorter one: MUREG_USER"),
        )


def require_short(changes: Changes, facts: Mapping[str, object]) -> None:
    """Raise `Refused` for a comment or a reason that is too long."""
    for text in _notes(changes, facts):
        if len(text) > LONGEST_NOTE:
            raise Refused(
                msg("a comment or a reason has more than {longest} characters", longest=LONGEST_NOTE),
                msg("shorten it; nothing was written"),
            )


def _notes(changes: Changes, facts: Mapping[str, object]) -> Iterator[str]:
    erased = facts.get(ERASED)
    others = (facts, erased if isinstance(erased, dict) else {})
    for values in chain(others, (change.after for _, _, change in changes)):
        yield from (text for name in _NOTES if type(text := values.get(name)) is str)
