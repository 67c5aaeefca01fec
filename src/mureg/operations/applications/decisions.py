"""What a partner decides about applications: set the option, process, reject, cancel."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application, Switch, Tier, tier_holds
from mureg.domain.licence import Licence, low_tier_refusal
from mureg.errors import Refused, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.applications.licensing import Licensing, Processed, write_processed
from mureg.operations.applications.processing import find_application
from mureg.operations.applications.refusals import Refusals, require_day
from mureg.operations.result import Result
from mureg.operations.unchanged import require_as_shown
from mureg.register.history import Actor
from mureg.register.register import Register

with lazy_imports():
    from mureg.operations.months import total_changes

if TYPE_CHECKING:
    # Commands that only read do not load it.
    from mureg.domain.contract import SublicenceContract
    from mureg.register.transaction import Operation


class OptionSet(NamedTuple):
    """An application before and after its multi-user option was set."""

    before: Application
    after: Application


class Cancelled(NamedTuple):
    """The licence of a cancelled sale, and what that changes in open months."""

    licence: Licence
    changes: "tuple[total_changes.TotalChange, ...]"


def set_multiuser(
    register: Register,
    numbers: Sequence[str],
    option: Switch | None,
    tier: Tier | None,
    *,
    expected: str | None = None,
    actor: Actor,
    dry_run: bool = False,
) -> Result[list[OptionSet]]:
    """Set the multi-user option of all or none, or, with no option, return to what the clients asked for.

    A value that is set already is not written again. `expected` is the fingerprint of what a person was shown.
    """
    numbers = tuple(dict.fromkeys(numbers))
    done = []
    with register.operation(actor, dry_run=dry_run) as operation:
        refusals = Refusals(register, operation)
        for found in refusals.found_new(numbers):
            some = []
            for before in found:
                with refusals.noted(before.number, before):
                    after = with_option(before, option=option, tier=tier, by=actor.user)
                    some.append(OptionSet(before, after))
            if not refusals:
                operation.write_applications([after for before, after in some if after != before])
            done += some
        refusals.raise_any(numbers)
        require_as_shown(done, expected)
    return Result(operation.written, numbers, done)


def set_one(
    operation: "Operation", before: Application, *, option: Switch | None, tier: Tier | Literal[""] | None, by: str
) -> Application:
    """Set the partner's decision inside an operation under way. Raises `Refused` for a tier below the users."""
    after = with_option(before, option=option, tier=tier, by=by)
    if after != before:
        operation.write_applications([after])
    return after


def with_option(before: Application, *, option: Switch | None, tier: Tier | Literal[""] | None, by: str) -> Application:
    """The application with the partner's decision: the same where it is set so already.

    Raises `Refused` for a tier below the users.
    """
    after = before._replace(set_option=option or "", set_tier=tier or "", set_by=by if option else "")
    if (after.set_option, after.set_tier) == (before.set_option, before.set_tier):
        return before
    if after.set_tier and not tier_holds(after.set_tier, after.users):
        raise low_tier_refusal(after, after.set_tier)
    return after


def process(
    register: Register,
    numbers: Sequence[str],
    on: date,
    *,
    today: date,
    term_months: int | None,
    without_sale: str,
    late: bool = False,
    expected: str | None = None,
    actor: Actor,
    dry_run: bool = False,
) -> Result[list[Processed]]:
    """Process applications on a day: all of them or none.

    `term_months` is `None` where the settings have no contract: then nothing that makes a licence can be processed.
    `expected` is the fingerprint of what a person was shown. Raises `Refused` where something else would come of it.
    """
    numbers = tuple(dict.fromkeys(numbers))
    processed = []
    with register.operation(actor, dry_run=dry_run) as operation:
        refusals = Refusals(register, operation)
        licensing = Licensing(register, on, today=today, term_months=term_months, late=late)
        for found in refusals.found_new(numbers):
            licensing.read_licences(found)
            some = []
            for application in found:
                with refusals.noted(application.number, application):
                    licensing.require_day(application)
                    if not refusals.may_concern(application):
                        some.append(licensing.process(application._replace(without_sale=without_sale)))
            if not refusals:
                write_processed(operation, some)
            processed += some
        refusals.raise_any(numbers)
        require_as_shown(processed, expected)
    return Result(operation.written, numbers, processed)


def reject(
    register: Register,
    numbers: Sequence[str],
    comment: str,
    on: date,
    *,
    today: date,
    expected: str | None = None,
    actor: Actor,
    dry_run: bool = False,
) -> Result[list[Application]]:
    """Reject applications with a comment: all of them or none.

    `expected` is the fingerprint of the applications as a person was shown them.
    """
    numbers = tuple(dict.fromkeys(numbers))
    shown, rejected = [], []
    with register.operation(actor, dry_run=dry_run) as operation:
        refusals = Refusals(register, operation)
        for found in refusals.found_new(numbers):
            some = []
            for application in found:
                with refusals.noted(application.number, application):
                    some.append(rejected_one(application, comment, on, today=today))
            if not refusals:
                operation.write_applications(some)
            shown += found
            rejected += some
        refusals.raise_any(numbers)
        require_as_shown(shown, expected)
    return Result(operation.written, numbers, rejected)


def reject_one(operation: "Operation", application: Application, comment: str, on: date, *, today: date) -> None:
    """Reject one application inside an operation under way."""
    operation.write_applications([rejected_one(application, comment, on, today=today)])


def rejected_one(application: Application, comment: str, on: date, *, today: date) -> Application:
    """The application as it is after it was rejected. Raises `Refused` for a day that does not fit."""
    require_day(application, on, today)
    return application._replace(status="rejected", processed_on=on, comment=comment)


def cancel(
    register: Register,
    number: str,
    reason: str,
    on: date,
    *,
    today: date,
    contract: "SublicenceContract | None" = None,
    expected: str | None = None,
    actor: Actor,
    dry_run: bool = False,
) -> Result[Cancelled]:
    """Cancel a processed sale: its month no longer charges it, and its licence ends.

    `expected` is the fingerprint of what a person was shown.
    """
    with register.operation(actor, dry_run=dry_run) as operation:
        application = find_application(register, number, operation)
        licence = register.licences.made_by(number)
        months = total_changes.months_of_sales(register, [licence])
        before = total_changes.payable_of(register, months, contract)
        ended = cancel_one(register, operation, application, reason, on, today=today)
        changes = total_changes.changes_since(before, register, operation, contract)
        cancelled = Cancelled(ended, changes)
        require_as_shown([cancelled], expected)
    return Result(operation.written, (number,), cancelled)


def cancel_one(
    register: Register, operation: "Operation", application: Application, reason: str, on: date, *, today: date
) -> Licence:
    """Cancel one sale inside an operation under way."""
    number = application.number
    licence = register.licences.made_by(number)
    if application.status != "processed" or licence is None or licence.sold_on is None:
        raise Refused(
            msg("{number} is not a processed sale: there is nothing to cancel", number=number),
            msg("see it: mureg application show {number}", number=quoted(number)),
        )
    require_day(application, on, today, after=licence.sold_on)
    ended = licence._replace(ends_on=min(licence.ends_on, on), cancelled_on=on)
    operation.write_applications([application._replace(status="cancelled", comment=reason, cancelled_on=on)])
    operation.depends_on(application.organization)
    operation.change_licences([ended])
    return ended
