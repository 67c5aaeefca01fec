"""What depends on how an application was processed: closed months, resolutions and later licences.

Each is named with the command that clears it, all at once.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.domain.licence_replay import Recomputed
from mureg.errors import Fault, Message, Refused, msg, plural
from mureg.operations.months.pair_content import charge_number
from mureg.register.register import Register


class Dependent(NamedTuple):
    """What does not let an application be changed, and the commands that clear it, in their order."""

    message: Message
    commands: tuple[str, ...]


def refuse_dependents(numbers: Sequence[str], dependents: Iterable[Dependent]) -> None:
    """Refuse to change applications that something depends on: all of it, with the commands in their order."""
    found = list(dependents)
    if not found:
        return
    commands = tuple(dict.fromkeys(command for each in found for command in each.commands))
    raise Refused(
        plural(
            "{numbers} cannot be changed: {count} thing depends on it",
            "{numbers} cannot be changed: {count} things depend on it",
            count=len(found), numbers=", ".join(numbers[:5]),
        ),
        msg("first:\n{commands}", commands=commands),
        [Fault(each.message) for each in found],
    )  # fmt: skip


def in_closed_months(
    register: Register, application: Application, licence: Licence | None, days: Iterable[date]
) -> list[Dependent]:
    """The closed months that hold the application: those of these days, and those that charged its licence.

    A late sale belongs to the month that charges it.
    """
    is_late = licence is not None and licence.late
    months = [Month.of(day) for day in days if not is_late]
    months = [month for month in months if register.months.is_past(month)]
    months += [month for month, _ in register.charges.of_number(application.number)]
    return [
        Dependent(
            msg("{number} belongs to {month}, which is closed", number=application.number, month=month),
            _commands_that_open(register, month, application, licence),
        )
        for month in sorted(set(months))
    ]


def _commands_that_open(
    register: Register, month: Month, application: Application, licence: Licence | None
) -> tuple[str, ...]:
    """Reopen the closed months from the last one on; where an invoice forbids that, cancel the sale."""
    closed = [record for record in register.months.records() if record.state != "open" and record.month >= month]
    if not any(record.state == "invoiced" for record in closed):
        return tuple(f"mureg month reopen {record.month} --reason TEXT" for record in reversed(closed))
    if licence is not None and licence.is_sale:
        return (f"mureg application cancel {quoted(application.number)} --reason TEXT",)
    return (f"mureg month show {month}",)


def resolutions_of(register: Register, number: str) -> list[Dependent]:
    """The resolutions of open months that were given to the application's charge."""
    found = []
    for month, resolution, operation in register.months.resolutions_naming(number):
        if charge_number(resolution.content) != number or register.months.record(month).state != "open":
            continue
        found.append(
            Dependent(
                plural("the discrepancy {pair} of {month} was resolved in operation {operation}, which resolved "
                       "{count} discrepancy",
                       "the discrepancy {pair} of {month} was resolved in operation {operation}, which resolved "
                       "{count} discrepancies",
                       pair=resolution.pair, month=month, operation=operation,
                       count=register.months.resolved_by(operation)),
                (f"mureg undo {operation}",),
            )
        )  # fmt: skip
    return found


def later_applications(register: Register, recomputed: Recomputed) -> list[Dependent]:
    """Applications whose licence follows from what is to be changed; one command returns them all."""
    command = f"mureg application return {' '.join(map(quoted, recomputed.dependents))} --reason TEXT"
    found = [
        Dependent(_later(number, register.licences.made_by(number)), (command,)) for number in recomputed.dependents
    ]
    for number in recomputed.called_off:
        application = register.applications.find(number)
        assert application is not None, "it was just read"
        message = msg("the sale of {number}, which was cancelled in operation {operation}, depends on it",
                      number=number, operation=application.operation)  # fmt: skip
        found.append(Dependent(message, (f"mureg undo {application.operation}",)))
    return found


def _later(number: str, licence: Licence | None) -> Message:
    if licence is None:
        return msg("{number} was processed without a sale, because the organization had this licence", number=number)
    return msg("the licence of {number}, from {starts_on} to {ends_on}, depends on it",
               number=number, starts_on=licence.starts_on, ends_on=licence.ends_on)  # fmt: skip
