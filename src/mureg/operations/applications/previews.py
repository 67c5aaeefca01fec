"""What processing several applications would do to each, and which of them would be refused."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mureg.errors import MuregError, NotFound, Refused
from mureg.operations.applications.decisions import Processed, process_one, require_new
from mureg.operations.applications.processing import find_application
from mureg.register.history import Actor
from mureg.register.register import Register


class RefusedApplication(NamedTuple):
    """An application that cannot be processed, and why."""

    number: str
    reason: MuregError


class Preview(NamedTuple):
    """What would become of each application."""

    processed: list[Processed]
    refused: list[RefusedApplication]

    @property
    def numbers(self) -> list[str]:
        """The numbers of those that can be processed."""
        return [each.application.number for each in self.processed]


def preview_processing(
    register: Register,
    numbers: Sequence[str],
    on: date,
    *,
    today: date,
    term_months: int | None,
    without_sale: str,
    late: bool = False,
    actor: Actor,
) -> Preview:
    """Process each of the applications that can be, one after the other, and write nothing."""
    preview = Preview([], [])
    with register.operation(actor, dry_run=True) as operation:
        for number in dict.fromkeys(numbers):
            try:
                application = find_application(register, number, operation)
                require_new(register, application)
                prepared = application._replace(without_sale=without_sale)
                preview.processed.append(
                    process_one(register, operation, prepared, on, today=today, term_months=term_months, late=late)
                )
            except (Refused, NotFound) as error:
                preview.refused.append(RefusedApplication(number, error))
    return preview
