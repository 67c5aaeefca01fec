"""A choice of new applications, instead of their numbers."""

from datetime import date
from typing import NamedTuple

from mureg.domain.application import Application
from mureg.domain.dates import Month
from mureg.operations.applications.processing import WarningFinder
from mureg.register.queries.applications import ApplicationFilter
from mureg.register.register import Register


class Choice(NamedTuple):
    """Which of the new applications are meant; `None` is no condition.

    `submitted_before` does not include the day. `without_warnings` leaves out those with a warning; a note is none.
    """

    submitted_before: date | None = None
    submitted_in: Month | None = None
    inn: str | None = None
    search: str | None = None
    without_warnings: bool = False


def chosen(register: Register, choice: Choice, today: date) -> list[Application]:
    """The new applications that the choice means, by submission, then number."""
    warnings = WarningFinder(register, today)
    wanted = ApplicationFilter(status="new", inn=choice.inn, search=choice.search)
    return [
        application
        for application in register.applications.matching(wanted)
        if _is_submitted_so(application, choice)
        and not (choice.without_warnings and any(each.level == "warning" for each in warnings.of(application)))
    ]


def _is_submitted_so(application: Application, choice: Choice) -> bool:
    day = application.submitted_on
    is_before = choice.submitted_before is None or day < choice.submitted_before
    return is_before and (choice.submitted_in is None or choice.submitted_in.contains(day))
