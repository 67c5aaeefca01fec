"""Refuse an operation where another user changed something after a person had looked at it."""

import hashlib
from collections.abc import Collection, Iterable, Mapping

from mureg.command_hints import quoted
from mureg.errors import Fault, Message, Refused, msg
from mureg.register.register import Register


def expect_unchanged(register: Register, seen: Mapping[str, int], chosen: Collection[str] | None = None) -> None:
    """Let the next operations be refused where one of the applications is not as it was seen.

    `seen` has the number of each application with the operation that had changed it last. It is compared as the only
    writer, so that nothing can come between. `chosen` are the numbers that a choice means now; those that came or went
    since it was seen are refused, too.
    """
    register.before_writing = lambda: _require_unchanged(register, seen, chosen)


def _require_unchanged(register: Register, seen: Mapping[str, int], chosen: Collection[str] | None) -> None:
    chosen = seen.keys() if chosen is None else dict.fromkeys(chosen)
    now = register.applications.operations_of(list(dict.fromkeys([*seen, *chosen])))
    found: dict[str, Message] = {}
    records: dict[int, dict[str, object]] = {}

    def by(number: str) -> dict[str, object]:
        operation = now[number]
        if operation not in records:
            record = register.history.record(operation)
            user, command = (record.done_by, record.command) if record is not None else ("", "")
            records[operation] = {"user": user, "operation": operation, "command": command}
        return {"number": number, **records[operation]}

    for number, operation in seen.items():
        if number not in now:
            found[number] = msg("{number} is no longer in the register", number=number)
        elif now[number] != operation:
            found[number] = msg("{number} was changed by {user}: operation {operation}, {command}", **by(number))
        elif number not in chosen:
            found[number] = msg("{number} no longer matches", number=number)
    for number in chosen:
        if number in now and number not in seen:
            found[number] = msg("{number} matches now, too; {user}: operation {operation}, {command}", **by(number))
    if found:
        hint = msg("look at it as it is now, and decide again; see: mureg history {number}",
                   number=quoted(next(iter(found))))  # fmt: skip
        raise changed_meanwhile(map(Fault, found.values()), hint)


def changed_meanwhile(faults: Iterable[Fault], hint: Message) -> Refused:
    """The refusal of a decision about what is no longer as it was shown."""
    return Refused(msg("changed in the meantime; nothing was written"), hint, faults)


def fingerprint(shown: Iterable[object]) -> str:
    """What names the results of a dry run that a person looks at: other results have another one."""
    digest = hashlib.sha256()
    for each in shown:
        digest.update(repr(each).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


class ChangedSinceShown(Refused):
    """An operation would do something else than what a person was shown."""


def require_as_shown(done: Iterable[object], expected: str | None) -> None:
    """Refuse, inside an operation, results that are not those with the expected fingerprint; `None` expects nothing.

    Raises `ChangedSinceShown`.
    """
    if expected is not None and fingerprint(done) != expected:
        raise ChangedSinceShown(
            msg("the applications changed after they were shown; nothing was written"),
            msg("run the command again, and look at what it shows"),
        )
