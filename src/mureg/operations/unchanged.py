"""Refuse an operation where another user changed something after a person had looked at it."""

import hashlib
from collections.abc import Iterable, Mapping

from mureg.command_hints import quoted
from mureg.errors import Fault, Message, Refused, msg
from mureg.register.register import Register


def expect_unchanged(register: Register, seen: Mapping[str, int]) -> None:
    """Let the next operations be refused where one of the applications is not as it was seen.

    `seen` has the number of each application with the operation that had changed it last. It is compared as the only
    writer, so that nothing can come between.
    """
    register.before_writing = lambda: _require_unchanged(register, seen)


def _require_unchanged(register: Register, seen: Mapping[str, int]) -> None:
    faults = []
    for number, operation in seen.items():
        application = register.applications.find(number)
        if application is None:
            faults.append(Fault(msg("{number} is no longer in the register", number=number)))
        elif application.operation != operation:
            record = register.history.record(application.operation)
            by, command = (record.done_by, record.command) if record is not None else ("", "")
            faults.append(
                Fault(msg("{number} was changed by {user}: operation {operation}, {command}",
                          number=number, user=by, operation=application.operation, command=command))
            )  # fmt: skip
    if faults:
        first = next(iter(seen))
        hint = msg("look at it as it is now, and decide again; see: mureg history {number}", number=quoted(first))
        raise changed_meanwhile(faults, hint)


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
