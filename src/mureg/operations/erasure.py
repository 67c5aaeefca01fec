"""Erase the personal data of an organisation's key owners (Federal law 152-FZ), and nothing else.

Money, licences and the history stay. What is erased cannot come back: neither it nor anything up to it is undone.
"""

from datetime import date
from typing import NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Organization
from mureg.errors import Message, Refused, msg
from mureg.register.history import Actor
from mureg.register.register import ApplicationFilter, Register


class Erased(NamedTuple):
    """What an erasing did, and of how many people whom the applications named.

    `operation` is `None` where there was nothing to erase.
    `left` is what the storage still keeps of it, where somebody else has to see to that.
    """

    operation: int | None
    numbers: tuple[str, ...]
    people: int
    left: Message | None


def erase(
    register: Register, organization: Organization, reason: str, *, today: date, actor: Actor, dry_run: bool = False
) -> Erased:
    """Erase the people of an organisation without living licences, and their bytes in the register's storage."""
    people: set[tuple[str, str]] = set()
    with register.operation(actor, dry_run=dry_run) as operation:
        _require_no_licence(register, organization, today)
        _require_none_waiting(register, organization)
        numbers = register.people_of(organization)
        for number in sorted(numbers):
            application = register.application(number)
            assert application is not None, "its number was just read"
            operation.erase_people(application)
            # One person in several applications has one СНИЛС; who has none is somebody else each time.
            people |= {
                (owner.snils, "" if owner.snils else f"{number} {place}")
                for place, owner in enumerate(application.owners)
                if not owner.erased
            }
        if numbers:
            operation.erases(organization, people=len(people), reason=reason)
            operation.concerns(organization)
    recorded = operation.number if operation.is_recorded else None
    # Also where nothing was left to erase: whoever was interrupted before this repeats the command.
    left = None if dry_run else register.scrub()
    return Erased(recorded, tuple(sorted(numbers)), len(people), left)


def _require_no_licence(register: Register, organization: Organization, today: date) -> None:
    running = [licence for licence in register.licences(organization) if licence.ends_on >= today]
    last = max((licence for licence in running if licence.starts_on <= licence.ends_on), default=None,
               key=lambda licence: licence.ends_on)  # fmt: skip
    if last is not None:
        raise Refused(
            msg("{organization} has a licence until {day}: its people are needed",
                organization=organization, day=last.ends_on),
            msg("erase them after that day; a sale that is not to be is called off: mureg application cancel {number}"
                " --reason TEXT", number=quoted(last.application)),
        )  # fmt: skip


def _require_none_waiting(register: Register, organization: Organization) -> None:
    for application in register.applications(ApplicationFilter(status="new", inn=organization.inn)):
        if application.organization == organization:
            raise Refused(
                msg("{number} is waiting: its people are needed", number=application.number),
                msg("process or reject it first: mureg application show {number}", number=quoted(application.number)),
            )
