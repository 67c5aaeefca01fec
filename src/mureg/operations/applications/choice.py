"""A choice of new applications, instead of their numbers, and what is to be known of many."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mureg.domain.application import Application
from mureg.domain.dates import Month
from mureg.domain.warnings import Level
from mureg.errors import Message
from mureg.operations.applications.processing import WarnedApplication, WarningFinder
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
    found = (each for each in register.applications.matching(wanted) if _is_submitted_so(each, choice))
    if not choice.without_warnings:
        return list(found)
    return [each for each, its in warnings.of_each(found) if all(warning.level != "warning" for warning in its)]


def _is_submitted_so(application: Application, choice: Choice) -> bool:
    day = application.submitted_on
    is_before = choice.submitted_before is None or day < choice.submitted_before
    return is_before and (choice.submitted_in is None or choice.submitted_in.contains(day))


class FirstWarning(NamedTuple):
    """One of the applications that have a warning."""

    number: str
    message: Message


class CountedWarning(NamedTuple):
    """How many of the applications have a warning of this code, and the first ones of them."""

    code: str
    level: Level
    applications: int
    first: list[FirstWarning]


def counted_warnings(warned: Iterable[WarnedApplication], most: int) -> list[CountedWarning]:
    """The warnings of many applications by their codes: warnings before notes, then the most frequent first.

    Of each code so many applications are kept.
    """
    found: dict[str, CountedWarning] = {}
    for application, warnings in warned:
        for code, level, message in warnings:
            known = found.get(code, CountedWarning(code, level, 0, []))
            if known.applications < most:
                known.first.append(FirstWarning(application.number, message))
            found[code] = known._replace(applications=known.applications + 1)
    return sorted(found.values(), key=lambda each: (each.level == "note", -each.applications, each.code))
