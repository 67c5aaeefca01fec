"""Licences as mureg's own JSON states them: what processing made when it was done, in whatever order that was."""

from collections.abc import Iterable
from datetime import date

from mureg.domain.application import Application, Organization
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.errors import Message, Refused, msg
from mureg.operations.applications.refusals import require_day, require_open_month
from mureg.operations.months import accepted_rows
from mureg.readers.types import PartnerDecision, Record, StatedLicence
from mureg.register.register import Register
from mureg.register.transaction import Operation


def organizations_to_restore(register: Register, records: Iterable[Record]) -> set[Organization]:
    """The organisations of which the input states every licence, and the register has none."""
    complete: dict[Organization, bool] = {}
    for request, _, partner in records:
        if partner.status in ("processed", "cancelled"):
            organization = Organization(request.inn, request.kpp)
            complete[organization] = partner.licence is not None and complete.get(organization, True)
    return {each for each, states_all in complete.items() if states_all and not register.licences.of(each)}


def restore_one(
    register: Register, operation: Operation, application: Application, partner: PartnerDecision, *, today: date
) -> None:
    """Write a processed application with the licence that the input states. Raises `Refused`."""
    on = partner.processed_on
    assert on is not None, "what is processed has a day"
    require_day(application, on, today)
    is_late = isinstance(partner.licence, StatedLicence) and partner.licence.late
    require_open_month(application, on, is_past=register.months.is_past(Month.of(on)), late=is_late)
    require_closed_for_late(register, application.number, on, is_late=is_late)
    licence = _licence_of(application, partner, on)
    if licence is not None and licence.is_sale and register.licences.has_accepted_rows(application.number):
        accepted_rows.require_unsettled(register, application.number)
    restored = application._replace(status=partner.status, processed_on=on)
    if partner.status == "cancelled":
        if licence is None or licence.sold_on is None or partner.cancelled_on is None:
            raise Refused(_does_not_fit(application.number))
        require_day(application, partner.cancelled_on, today, after=on)
        restored = restored._replace(comment=partner.comment, cancelled_on=partner.cancelled_on)
    operation.write_applications([restored])
    operation.depends_on(application.organization)
    if licence is not None:
        operation.add_licences([licence])


def require_closed_for_late(register: Register, number: str, on: date, *, is_late: bool) -> None:
    """Refuse a sale that was processed late into a month which is open here: no month would charge it."""
    month = Month.of(on)
    if is_late and not register.months.is_past(month):
        raise Refused(
            msg("{number} was processed late into {month}, which is not closed in this register: import it after "
                "closing {month}, or copy the whole register with mureg copy",
                number=number, month=month)
        )  # fmt: skip


def differs_from_stated(register: Register, number: str, partner: PartnerDecision) -> Message | None:
    """What to say where the rules have made another licence than the input states; `None` where it is the same."""
    made, stated = register.licences.made_by(number), partner.licence
    if stated is None:
        return None
    days = None if made is None else (made.tier, made.starts_on, made.ends_on)
    if days == (None if stated == "none" else (stated.tier, stated.starts_on, stated.ends_on)):
        return None
    return msg("{number}: processing it here does not make the licence that the file states; without the key "
               "“licence” it is processed by the rules",
               number=number)  # fmt: skip


def _licence_of(application: Application, partner: PartnerDecision, on: date) -> Licence | None:
    stated = partner.licence
    is_on = application.effective == "on"
    if not isinstance(stated, StatedLicence):
        if is_on and application.request.kind != "change":
            raise Refused(_does_not_fit(application.number))
        return None
    if not is_on or stated.tier != application.tier or stated.starts_on < on:
        raise Refused(_does_not_fit(application.number))
    return Licence(
        application=application.number,
        organization=application.organization,
        tier=stated.tier,
        starts_on=stated.starts_on,
        ends_on=stated.ends_on,
        sold_on=None if application.without_sale else on,
        cancelled_on=partner.cancelled_on,
        late=stated.late,
        term_ends_on=stated.term_ends_on,
    )


def _does_not_fit(number: str) -> Message:
    return msg("{number}: the licence in the file does not match the application; without "
               "the key “licence” it is processed by the rules",
               number=number)  # fmt: skip
