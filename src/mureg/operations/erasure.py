"""Erase the personal data of an organisation's key owners (Federal law 152-FZ), and nothing else.

Money, licences and the history are kept. Erased data cannot be restored: neither the erasure nor an operation before it
can be undone.
"""

from datetime import date
from typing import NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Organization
from mureg.errors import Message, Refused, msg
from mureg.operations.result import Result
from mureg.operations.unchanged import require_as_shown
from mureg.register.history import Actor
from mureg.register.queries.applications import ApplicationFilter
from mureg.register.register import Register


class Erased(NamedTuple):
    """How many people were erased, and what the storage still contains, if only its administrator can delete that."""

    people: int
    still_stored: Message | None


def erase(
    register: Register, organization: Organization, reason: str, *, today: date, actor: Actor,
    expected: str | None = None, dry_run: bool = False,
) -> Result[Erased]:  # fmt: skip
    """Erase the people of an organisation without active licences, and their bytes in the register's storage.

    `expected` is the fingerprint of the numbers and of what is done, as a person was shown them. Raises `Refused`.
    """
    people: set[tuple[str, str]] = set()
    with register.operation(actor, dry_run=dry_run) as operation:
        _require_no_licence(register, organization, today)
        _require_none_waiting(register, organization)
        numbers = tuple(sorted(register.organizations.numbers_with_people(organization)))
        for number in numbers:
            application = operation.find(number)
            assert application is not None, "its number was just read"
            operation.erase_people(application)
            # One person has one СНИЛС in all applications; an owner without one counts as another person each time.
            people |= {
                (owner.snils, "" if owner.snils else f"{number} {place}")
                for place, owner in enumerate(application.owners)
                if not owner.erased
            }
        require_as_shown([numbers, Erased(len(people), None)], expected)
        if numbers:
            operation.note_erasure(organization, people=len(people), reason=reason)
            operation.depends_on(organization)
    # Even if nothing was erased now: an earlier run of the command may have been interrupted here.
    still_stored = None if dry_run else register.scrub()
    return Result(operation.written, numbers, Erased(len(people), still_stored))


def _require_no_licence(register: Register, organization: Organization, today: date) -> None:
    running = [licence for licence in register.licences.of(organization) if licence.ends_on >= today]
    last = max((licence for licence in running if licence.starts_on <= licence.ends_on), default=None,
               key=lambda licence: licence.ends_on)  # fmt: skip
    if last is not None:
        raise Refused(
            msg("{organization} has a licence until {day}: its personal data is still needed",
                organization=organization, day=last.ends_on),
            msg("erase them after that day; to cancel the sale: mureg application cancel {number} --reason TEXT",
                number=quoted(last.application)),
        )  # fmt: skip


def _require_none_waiting(register: Register, organization: Organization) -> None:
    for application in register.applications.matching(ApplicationFilter(status="new", inn=organization.inn)):
        if application.organization == organization:
            raise Refused(
                msg("{number} is waiting: its personal data is still needed", number=application.number),
                msg("process or reject it first: mureg application show {number}", number=quoted(application.number)),
            )
