"""What processing makes of applications on one day. Licences are read once, and written some hundreds together."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from mureg.domain.application import Application, Organization
from mureg.domain.dates import Month
from mureg.domain.licence import Licence, LicencesOnDay, active_licence, licence_changes
from mureg.lazy_imports import lazy_imports
from mureg.operations.applications.processing import WarningFinder
from mureg.operations.applications.refusals import require_day, require_open_month, require_term
from mureg.register.register import Register
from mureg.register.transaction import Operation

with lazy_imports():
    from mureg.operations.months import accepted_rows


class Processed(NamedTuple):
    """One processed application, and how its organisation's licences changed."""

    application: Application
    licence: Licence | None
    changed: tuple[Licence, ...]
    maybe_settled_in: Month | None = None
    """The month in which an accepted row without a number may have settled the sale."""


class Licensing:
    """Processes new applications one after the other, each with the licences that those before it have made.

    `term_months` is `None` where the settings have no contract. What it refuses, by `Refused`, leaves no trace.
    """

    def __init__(
        self, register: Register, on: date, *, today: date, term_months: int | None, late: bool = False
    ) -> None:
        self._register = register
        self._on = on
        self._today = today
        self._term_months = term_months
        self._late = late
        self._warnings = WarningFinder(register, today)
        self._licences: dict[Organization, LicencesOnDay] = {}
        # Of these the licences of all organisations are read.
        self._inns_read: set[str] = set()

    @cached_property
    def _is_past(self) -> bool:
        return self._register.months.is_past(Month.of(self._on))

    def read_licences(self, applications: Sequence[Application]) -> None:
        """Read the licences that processing these applications may change, and that are not read yet."""
        organizations = {each.organization for each in applications} - self._licences.keys()
        missing = [each for each in organizations if each.inn not in self._inns_read]
        for organization, licences in self._register.licences.of_all(missing).items():
            self._licences.setdefault(organization, LicencesOnDay(licences, self._on))
        for organization in organizations:
            self._licences.setdefault(organization, LicencesOnDay((), self._on))
        if len(missing) > 1:
            self._inns_read.update(each.inn for each in missing)

    def require_day(self, application: Application) -> None:
        """Refuse a day on which the application cannot be processed, whatever licences there are."""
        require_day(application, self._on, self._today)
        require_open_month(application, self._on, is_past=self._is_past, late=self._late)

    def process(self, application: Application) -> Processed:
        """Process an application whose licences are read."""
        licences = self._licences[application.organization]
        active = active_licence(licences.active(), self._on)
        maybe_settled_in = self._warnings.maybe_settled_in(application, active.ends_on if active else None)
        changes = licence_changes(application, licences, self._term_months or 1)
        made = changes.made._replace(late=self._is_past) if changes.made else None
        is_sold = made is not None and made.sold_on is not None
        if made is not None:
            require_term(self._term_months)
        if is_sold and self._warnings.has_accepted_rows(application.number):
            accepted_rows.require_unsettled(self._register, application.number)
        licences.take(changes._replace(made=made))
        after = application._replace(status="processed", processed_on=self._on)
        return Processed(after, made, changes.changed, maybe_settled_in if is_sold else None)


def write_processed(operation: Operation, processed: Sequence[Processed]) -> None:
    """Write what processing some applications came to."""
    operation.write_applications([each.application for each in processed])
    licences: dict[str, Licence] = {}
    for application, made, changed, _ in processed:
        # Switching off what has ended already depends on that, too.
        if application.effective == "on" or application.switches_off:
            operation.depends_on(application.organization)
        # The same licence may be changed several times.
        licences |= {each.application: each for each in changed}
        if made is not None:
            licences[made.application] = made
    new = {each.licence.application for each in processed if each.licence is not None}
    operation.change_licences([each for number, each in licences.items() if number not in new])
    operation.add_licences([each for number, each in licences.items() if number in new])


def process_one(
    register: Register,
    operation: Operation,
    application: Application,
    on: date,
    *,
    today: date,
    term_months: int | None,
    late: bool = False,
) -> Processed:
    """Process one application inside an operation under way. Raises `Refused`."""
    licensing = Licensing(register, on, today=today, term_months=term_months, late=late)
    licensing.require_day(application)
    licensing.read_licences([application])
    processed = licensing.process(application)
    write_processed(operation, [processed])
    return processed
