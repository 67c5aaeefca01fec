"""The partner's decisions of applications that come from mureg's own JSON, made again in the order of their days."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from mureg.domain.application import Application, Organization
from mureg.errors import MuregError
from mureg.operations.application_import.stated_licences import (
    differs_from_stated,
    organizations_to_restore,
    require_closed_for_late,
    restore_one,
)
from mureg.operations.application_import.tally import Place, Tally
from mureg.operations.application_import.writer import ApplicationWriter
from mureg.operations.applications.decisions import cancel_one, reject_one, set_one
from mureg.operations.applications.licensing import process_one
from mureg.readers.types import PartnerDecision, Record, StatedLicence
from mureg.register.register import Register
from mureg.register.transaction import Operation

# In which order applications of one day are processed again.
_KINDS_IN_ORDER = ("connection", "renewal", "change")


class _Placed(NamedTuple):
    place: Place
    record: Record

    @property
    def organization(self) -> Organization:
        return Organization(self.record.request.inn, self.record.request.kpp)


class DecisionRepeater:
    """Makes decisions again by the rules for the partner; what they refuse is a fault, and not imported."""

    def __init__(
        self,
        register: Register,
        operation: Operation,
        writer: ApplicationWriter,
        tally: Tally,
        *,
        today: date,
        term_months: int | None,
    ) -> None:
        self._register = register
        self._operation = operation
        self._writer = writer
        self._tally = tally
        self._today = today
        self._term_months = term_months
        self._records: list[_Placed] = []
        self._restored: set[Organization] = set()

    def add(self, place: Place, record: Record) -> None:
        """Add the decision of a record whose application was written."""
        if record.partner != PartnerDecision():
            self._records.append(_Placed(place, record))

    def repeat_all(self) -> None:
        """Make all decisions again, the cancellations last; licences that the input states are as it states them."""
        self._restored = organizations_to_restore(self._register, (entry.record for entry in self._records))
        self._records.sort(key=_order_of_processing)
        for place, record in self._records:
            self._attempt(place, record, self._repeat)
        by_rules = [entry for entry in self._records if entry.organization not in self._restored]
        cancelled = [entry for entry in by_rules if entry.record.partner.status == "cancelled"]
        cancelled.sort(key=_order_of_cancelling)
        for place, record in cancelled:
            self._attempt(place, record, self._repeat_cancelling)
        for place, record in by_rules:
            difference = differs_from_stated(self._register, record.request.number, record.partner)
            if difference is not None and self._is_processed(record.request.number):
                self._tally.fault(place, difference)

    def _attempt(self, place: Place, record: Record, repeat: Callable[[str, PartnerDecision], None]) -> None:
        try:
            with self._operation.attempt():
                repeat(record.request.number, record.partner)
        except MuregError as error:
            self._tally.fault(place, error.message)
            self._writer.leave_out(record.request.number)

    def _repeat(self, number: str, partner: PartnerDecision) -> None:
        application = self._operation.find(number)
        assert application is not None
        application = application._replace(without_sale=partner.without_sale)
        if partner.set_option:
            application = set_one(
                self._operation, application, option=partner.set_option, tier=partner.set_tier, by=partner.set_by
            )
        if partner.status == "new":
            return
        on = partner.processed_on or application.submitted_on
        if partner.status == "rejected":
            reject_one(self._operation, application, partner.comment, on, today=self._today)
        elif application.organization in self._restored:
            restore_one(self._register, self._operation, application, partner, today=self._today)
        else:
            self._process(application, partner, on)

    def _process(self, application: Application, partner: PartnerDecision, on: date) -> None:
        is_late = isinstance(partner.licence, StatedLicence) and partner.licence.late
        require_closed_for_late(self._register, application.number, on, is_late=is_late)
        process_one(
            self._register, self._operation, application, on,
            today=self._today, term_months=self._term_months, late=is_late,
        )  # fmt: skip

    def _is_processed(self, number: str) -> bool:
        application = self._operation.find(number)
        return application is not None and application.is_processed

    def _repeat_cancelling(self, number: str, partner: PartnerDecision) -> None:
        application = self._operation.find(number)
        if application is None or application.status != "processed":
            return  # its processing was refused, and is a fault already
        assert application.processed_on is not None
        on = partner.cancelled_on or application.processed_on
        cancel_one(self._register, self._operation, application, partner.comment, on, today=self._today)


def _order_of_processing(entry: _Placed) -> tuple[date, int, bool, str, str]:
    """By day; within a day, whose own order JSON does not keep, connections before what changes or ends them."""
    request, partner = entry.record.request, entry.record.partner
    switches_off = (partner.set_option or request.requested) == "off"
    return (
        partner.processed_on or date.max,
        _KINDS_IN_ORDER.index(request.kind),
        switches_off,
        request.submitted_on,
        request.number,
    )


def _order_of_cancelling(entry: _Placed) -> tuple[date, str]:
    return entry.record.partner.cancelled_on or date.max, entry.record.request.number
