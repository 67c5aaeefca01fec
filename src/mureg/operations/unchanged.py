"""Refuse an operation where somebody else changed an application after a person had looked at it."""

from collections.abc import Mapping

from mureg.command_hints import quoted
from mureg.errors import Fault, Refused, msg
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
        raise Refused(
            msg("changed in the meantime; nothing was written"),
            msg("look at it as it is now, and decide again; see: mureg history {number}", number=quoted(first)),
            faults,
        )
