"""What needs a person today, each found through an index: a register of millions answers as fast as a small one."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from mureg.command_hints import quoted
from mureg.domain.dates import Month
from mureg.domain.licence_list import ListedLicence, Period
from mureg.domain.money import format_money
from mureg.domain.today import ExpiringCertificate, MonthToDo, Waiting, expiring_certificates
from mureg.domain.warnings import last_day_of_soon
from mureg.errors import Refused
from mureg.lazy_imports import lazy_imports
from mureg.operations.applications.processing import WarningFinder
from mureg.register.queries.applications import ApplicationFilter
from mureg.register.queries.licence_list import LicenceFilter
from mureg.register.queries.months import MonthRecord
from mureg.register.register import Register

with lazy_imports():
    from mureg.operations import licences
    from mureg.operations.months import reconciliation, settlement

if TYPE_CHECKING:
    # Only a comparison needs its module.
    from mureg.domain.contract import SublicenceContract

# More than that are not looked at one by one.
MOST = 1_000


def waiting(register: Register, today: date) -> Waiting:
    """The new applications."""
    count, oldest = register.applications.waiting_since()
    if count > MOST:
        return Waiting(count, oldest, None)
    finder = WarningFinder(register, today)
    new = register.applications.matching(ApplicationFilter(status="new"))
    with_warnings = sum(any(warning.level == "warning" for warning in its) for _, its in finder.of_each(new))
    return Waiting(count, oldest, with_warnings)


def soon(today: date) -> Period:
    """The days within which what ends is announced."""
    return Period(today, last_day_of_soon(today))


def count_expiring(register: Register, today: date) -> int:
    """How many licences end soon and are not renewed; `MOST` where there may be more."""
    return register.licence_list.count(_expiring(today), MOST)


def expiring(register: Register, contract: "SublicenceContract | None", today: date) -> Iterator[ListedLicence]:
    """The licences that end soon and are not renewed."""
    return licences.listed_licences(register, register.licence_list.matching(_expiring(today)), contract, today)


def _expiring(today: date) -> LicenceFilter:
    return LicenceFilter(on=today, ends_in=soon(today), is_renewed=False)


def certificates(register: Register, today: date, most: int = MOST) -> list[ExpiringCertificate]:
    """The certificates that end soon, by the day: of those who have a licence, or an application that waits.

    At most those of so many organizations.
    """
    period = soon(today)
    organizations = register.organizations.with_certificates_ending(period, most)
    current = {
        organization
        for organization, found in register.licences.of_all(organizations).items()
        if any(licence.ends_on >= max(today, licence.starts_on) for licence in found)
    }
    found: list[ExpiringCertificate] = []
    applications = register.applications.of_inns(sorted({organization.inn for organization in organizations}))
    by_organization = sorted(applications, key=lambda each: each.organization)
    for organization, each in groupby(by_organization, key=lambda application: application.organization):
        its = list(each)
        if organization in current or any(application.status == "new" for application in its):
            found += expiring_certificates(its, period)
    return sorted(found, key=lambda each: (each.until, each.application))


def months(register: Register, contract: "Callable[[], SublicenceContract | None]", today: date) -> Iterator[MonthToDo]:
    """What each month that has ended needs next, in order. `contract` is called only where a month is compared."""
    records = {record.month: record for record in register.months.records()}
    last_closed = register.months.last_closed()
    wanted = {month for month, record in records.items() if record.state != "open" or record.statement is not None}
    wanted |= set(register.licences.months_with_sales(after=last_closed))
    if last_closed is not None and settlement.has_corrections(register):
        wanted.add(last_closed.next())
    invoices = {invoice.month: invoice for invoice in register.months.invoices()}
    for month in sorted(wanted):
        record = records.get(month, MonthRecord(month))
        if record.state == "open":
            if month.last_day < today and (last_closed is None or month > last_closed):
                yield _of_open_month(register, record, contract)
        elif month in invoices:
            invoice = invoices[month]
            if invoice.paid_on is None:
                yield MonthToDo(month, "payment", f"mureg invoice paid {quoted(invoice.number)} --on DATE")
        elif record.agreed_kopecks:
            amount = format_money(record.agreed_kopecks)
            command = f"mureg invoice add --month {month} --number N --date DATE --amount {amount}"
            yield MonthToDo(month, "invoice", command)


def _of_open_month(
    register: Register, record: MonthRecord, contract: "Callable[[], SublicenceContract | None]"
) -> MonthToDo:
    month: Month = record.month
    if record.statement is None:
        return MonthToDo(month, "reconcile", f"mureg reconcile --month {month} --statement FILE")
    try:
        unresolved = reconciliation.compared_month(register, month, contract()).unresolved
    except Refused:  # a price is missing: showing the month says which
        unresolved = 1
    if unresolved:
        return MonthToDo(month, "resolve", f"mureg month show {month}")
    return MonthToDo(month, "close", f"mureg month close {month}")
