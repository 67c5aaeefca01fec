"""What needs a person today: what waits, what runs out, and what a month needs next."""

from datetime import date
from typing import Literal, NamedTuple

from mureg.domain.application import Application, Organization
from mureg.domain.dates import Month
from mureg.domain.licence_list import Period

MonthNeed = Literal["reconcile", "resolve", "close", "invoice", "payment"]


class Waiting(NamedTuple):
    """The new applications: how many, the first day of submission, and how many have warnings.

    `with_warnings` is `None` where there are too many to look at.
    """

    applications: int = 0
    oldest: date | None = None
    with_warnings: int | None = 0


class ExpiringCertificate(NamedTuple):
    """A КЭП certificate that ends soon, the application that brought it, and whose it is."""

    application: str
    organization: Organization
    name: str
    owner: str
    until: date


class MonthToDo(NamedTuple):
    """A month, what it needs next, and the command for that."""

    month: Month
    needs: MonthNeed
    command: str


def expiring_certificates(applications: list[Application], period: Period) -> list[ExpiringCertificate]:
    """The certificates of one organization's people that end within the days, by the day.

    `applications` are all of the organization, the oldest first: what a later one says of a person counts.
    """
    latest: dict[str, ExpiringCertificate] = {}
    name = ""
    for application in applications:
        name = application.request.name or name
        if application.status not in ("new", "processed") or application.effective == "off":
            continue
        for owner in application.owners:
            person = owner.identity or owner.name
            if owner.removed:
                latest.pop(person, None)
            elif owner.certificate_until:
                until = date.fromisoformat(owner.certificate_until)
                latest[person] = ExpiringCertificate(
                    application.number, application.organization, name, owner.name, until
                )
    ending = (each for each in latest.values() if period.first <= each.until <= period.last)
    return sorted(ending, key=lambda each: (each.until, each.application))
