"""Applications as a partner sees them: found by their numbers, with their warnings and licence."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application, Organization
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
# Of how many organisations and ИНН it is kept what the warnings of a list depend on.
_MOST_KEPT = 2_000


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


class WarnedApplication(NamedTuple):
    """An application and its warnings."""

    application: Application
    warnings: list[ApplicationWarning]


class WarningFinder:
    """Finds the warnings of applications; those about licences depend on the day. It remembers what it has read."""

    def __init__(self, register: Register, today: date) -> None:
        self._register = register
        self._licences = register.licences
        self._today = today
        # Nearly always there are none: a list of 100,000 applications queries it once.
        self._has_any_accepted_rows: bool | None = None
        self._licensed_until: dict[Organization, date | None] = {}
        self._numbers: dict[str, dict[str, list[str]]] = {}

    def of(self, application: Application) -> list[ApplicationWarning]:
        """The warnings of one application."""
        self._read_for([application])
        return self._found(application)

    def of_each(self, applications: Iterable[Application]) -> Iterator[WarnedApplication]:
        """The warnings of many applications, in this order. What they depend on is read for some hundreds at once."""
        applications = iter(applications)
        while some := list(islice(applications, _AT_ONCE)):
            self._read_for(some)
            for application in some:
                yield WarnedApplication(application, self._found(application))

    def _read_for(self, applications: Sequence[Application]) -> None:
        """Read the licences and the numbers on which the warnings depend, and which are not read yet."""
        if max(len(self._licensed_until), len(self._numbers)) > _MOST_KEPT:
            self._licensed_until.clear()
            self._numbers.clear()
        organizations = {each.organization for each in applications if _depends_on_licence(each)}
        missing = organizations - self._licensed_until.keys()
        found = self._licences.of_all(missing)
        for organization in missing:
            active = active_licence(found.get(organization, ()), self._today)
            self._licensed_until[organization] = active.ends_on if active else None
        inns = {each.request.inn for each in applications if each.status == "new"} - self._numbers.keys()
        for inn, numbers in self._register.applications.numbers_of(sorted(inns)).items():
            by_look = self._numbers[inn] = {}
            for number in numbers if len(numbers) > 1 else ():
                by_look.setdefault(look_alike_key(number), []).append(number)

    def _found(self, application: Application) -> list[ApplicationWarning]:
        licensed_until = None
        if _depends_on_licence(application):
            licensed_until = self._licensed_until[application.organization]
        settled_in = self.maybe_settled_in(application, licensed_until)
        return warnings_of(application, self._today, licensed_until, settled_in, self._look_alikes(application))

    def _look_alikes(self, application: Application) -> list[str]:
        """Other numbers of the same ИНН that look like that of a new application."""
        by_look = self._numbers.get(application.request.inn) if application.status == "new" else None
        alike = by_look.get(look_alike_key(application.number), []) if by_look else []
        return [number for number in alike if number != application.number]

    def has_accepted_rows(self, cell: str) -> bool:
        """Whether a row of the operator without a charge of ours was accepted that has this number or ИНН."""
        if self._has_any_accepted_rows is None:
            self._has_any_accepted_rows = self._licences.has_accepted_rows()
        return self._has_any_accepted_rows and self._licences.has_accepted_rows(cell)

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


def _depends_on_licence(application: Application) -> bool:
    """Whether a warning depends on the organisation's licence. Of a change that is only the one about its sender."""
    if application.status != "new" or application.effective != "on":
        return False
    kind = application.request.kind
    return kind == "connection" or (kind == "change" and bool(application.owners))
