"""Applications as a partner sees them: found by their numbers, with their warnings and licence."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application
from mureg.domain.dates import Month
from mureg.domain.licence import Licence, active_licence
from mureg.domain.text import look_alike_key
from mureg.domain.warnings import ApplicationWarning, warnings_of
from mureg.errors import Ambiguous, Message, NotFound, msg
from mureg.lazy_imports import lazy_imports
from mureg.register.queries.applications import ApplicationFilter, WaitingApplication, position_of
from mureg.register.register import Register

with lazy_imports():
    from mureg.operations.months import accepted_rows

if TYPE_CHECKING:
    # Commands that only read do not load it.
    from mureg.register.transaction import Operation

MOST_CANDIDATES = 20
_MOST_NEAR = 3
_AT_ONCE = 500
# Of how many ИНН the numbers are kept while the warnings of a list are found.
_INNS_KEPT = 100


def next_waiting(register: Register, after: Application) -> str | None:
    """The number of the new application that follows one in the order of submission, or of the first of the others."""
    wanted, place = ApplicationFilter(status="new"), position_of(after, "submitted_on")
    behind = register.applications.matching(wanted, limit=1, after=place)
    first = register.applications.matching(wanted, limit=1)
    return next((each.number for each in chain(behind, first) if each.number != after.number), None)


class Card(NamedTuple):
    """An application as it is shown, with its warnings and its licence."""

    application: Application
    warnings: list[ApplicationWarning]
    licence: Licence | None


class Candidates(NamedTuple):
    """The new applications that may be meant: how many there are, and the oldest of them."""

    total: int
    shown: list[WaitingApplication]


def candidates(register: Register, text: str | None = None) -> Candidates:
    """The new applications, or those with the text in the number, ИНН or name."""
    shown = register.applications.waiting(MOST_CANDIDATES, text)
    is_all = len(shown) < MOST_CANDIDATES
    return Candidates(len(shown) if is_all else register.applications.waiting_count(text), shown)


def is_waiting(register: Register, number: str) -> bool:
    """Whether there is a new application with exactly this number."""
    application = register.applications.find(number)
    return application is not None and application.status == "new"


def no_candidates() -> NotFound:
    """The error where no number is given and no application is new."""
    return NotFound(
        msg("no application is waiting"),
        msg("specify one: mureg application show NUMBER; list all: mureg application list"),
    )


def several_candidates(found: Candidates, command: str, options: str) -> Ambiguous:
    """The error where no number is given and several applications are new, with the command for each."""
    commands = tuple(f"{command} {quoted(number)} {options}".rstrip() for number, _ in found.shown)
    message = msg("{count} applications are waiting: specify one", count=found.total)
    if found.total > len(found.shown):
        return Ambiguous(
            message, msg("the oldest:\n{commands}\nlist all: mureg application list --status new", commands=commands)
        )
    return Ambiguous(message, msg("choose one:\n{commands}", commands=commands))


def find_application(register: Register, number: str, operation: "Operation | None" = None) -> Application:
    """The application with this number, for an operation that changes it. Raises `NotFound`, naming similar ones."""
    application = register.applications.find(number) if operation is None else operation.find(number)
    if application is None:
        near = _near(register, number) if number.strip() else []
        hint: Message = msg("list all: mureg application list")
        if near:
            hint = msg("did you mean {numbers}?", numbers=", ".join(near))
        raise NotFound(msg("no application {number}", number=number), hint)
    return application


def _near(register: Register, number: str) -> list[str]:
    alike = register.applications.numbers_looking_like(number, _MOST_NEAR)
    return alike or register.applications.numbers_like(number.strip(), _MOST_NEAR)


def card(register: Register, number: str, today: date) -> Card:
    """Everything about one application: that with the number, or the only one whose number looks like it."""
    application = register.applications.find(number)
    if application is None:
        alike = register.applications.numbers_looking_like(number, 2)
        application = find_application(register, alike[0] if len(alike) == 1 else number)
    licence = register.licences.made_by(application.number)
    return Card(application, WarningFinder(register, today).of(application), licence)


class ListedApplication(NamedTuple):
    """An application, and the licence that it made."""

    application: Application
    licence: Licence | None


def with_licences(register: Register, found: Iterable[Application]) -> Iterator[ListedApplication]:
    """The applications with the licences that they made, in the same order."""
    found = iter(found)
    while some := list(islice(found, _AT_ONCE)):
        licences = register.licences.made_by_each([each.number for each in some if each.is_processed])
        for application in some:
            yield ListedApplication(application, licences.get(application.number))


class WarningFinder:
    """Finds the warnings of applications; those about licences depend on the day."""

    def __init__(self, register: Register, today: date) -> None:
        self._register = register
        self._licences = register.licences
        self._today = today
        # Nearly always there are none: a list of 100,000 applications queries it once.
        self._has_any_accepted_rows: bool | None = None
        self._numbers_of = lru_cache(_INNS_KEPT)(self._numbers_by_look)

    def of(self, application: Application) -> list[ApplicationWarning]:
        """The warnings of one application."""
        living = None
        kind = application.request.kind
        # For a change, only the warning about its sender depends on the licence: one without owners needs no query.
        matters = kind == "connection" or (kind == "change" and application.owners)
        if application.status == "new" and application.effective == "on" and matters:
            living = active_licence(self._licences.of(application.organization), self._today)
        licensed_until = living.ends_on if living else None
        settled_in = self.maybe_settled_in(application, licensed_until)
        return warnings_of(application, self._today, licensed_until, settled_in, self._look_alikes(application))

    def has_accepted_rows(self, cell: str) -> bool:
        """Whether a row of the operator without a charge of ours was accepted that has this number or ИНН."""
        if self._has_any_accepted_rows is None:
            self._has_any_accepted_rows = self._licences.has_accepted_rows()
        return self._has_any_accepted_rows and self._licences.has_accepted_rows(cell)

    def _look_alikes(self, application: Application) -> list[str]:
        """Other numbers of the same ИНН that look like that of a new application."""
        if application.status != "new":
            return []
        numbers = self._numbers_of(application.request.inn)
        alike = numbers.get(look_alike_key(application.number), []) if numbers else []
        return [number for number in alike if number != application.number]

    def _numbers_by_look(self, inn: str) -> dict[str, list[str]]:
        """The numbers of an ИНН by what they look like; empty where there is only one."""
        numbers = self._register.applications.numbers_of(inn)
        by_look: dict[str, list[str]] = {}
        for number in numbers if len(numbers) > 1 else ():
            by_look.setdefault(look_alike_key(number), []).append(number)
        return by_look

    def maybe_settled_in(self, application: Application, licensed_until: date | None) -> Month | None:
        """The month in which an accepted row without a number may have settled the sale of an application."""
        if not self.has_accepted_rows(application.request.inn):
            return None
        if application.status == "new":
            sells = application.effective == "on" and (application.request.kind != "change" or licensed_until is None)
        else:
            licence = self._licences.made_by(application.number)
            sells = licence is not None and licence.is_sale
        found = accepted_rows.possible_row_of(self._register, application) if sells else None
        # While the month of a processed one is open, the row is compared with the sale itself.
        return found.month if found is not None and (application.status == "new" or not found.is_open) else None
