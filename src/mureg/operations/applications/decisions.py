"""What a partner decides about applications: set the option, process, reject, cancel."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application, Switch, Tier, tier_holds
from mureg.domain.dates import Month
from mureg.domain.licence import Licence, active_licence, licence_changes, low_tier_refusal
from mureg.errors import Message, Refused, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.applications.processing import WarningFinder, find_application
from mureg.operations.result import Result
from mureg.operations.unchanged import require_as_shown
from mureg.register.history import Actor, is_erasure
from mureg.register.register import Register

with lazy_imports():
    from mureg.operations.months import accepted_rows, total_changes

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


class Processed(NamedTuple):
    """One processed application, and how its organisation's licences changed."""

    application: Application
    licence: Licence | None
    changed: tuple[Licence, ...]
    maybe_settled_in: Month | None = None
    """The month in which an accepted row without a number may have settled the sale."""


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
        for number in numbers:
            before = find_application(register, number, operation)
            require_new(register, before)
            done.append(OptionSet(before, set_one(operation, before, option=option, tier=tier, by=actor.user)))
        require_as_shown(done, expected)
    return Result(operation.written, numbers, done)


def set_one(
    operation: "Operation", before: Application, *, option: Switch | None, tier: Tier | Literal[""] | None, by: str
) -> Application:
    """Set the partner's decision inside an operation under way. Raises `Refused` for a tier below the users."""
    after = before._replace(set_option=option or "", set_tier=tier or "", set_by=by if option else "")
    if (after.set_option, after.set_tier) == (before.set_option, before.set_tier):
        return before
    if after.set_tier and not tier_holds(after.set_tier, after.users):
        raise low_tier_refusal(after, after.set_tier)
    operation.write_application(after)
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
        for number in numbers:
            application = find_application(register, number, operation)
            require_new(register, application)
            prepared = application._replace(without_sale=without_sale)
            processed.append(
                process_one(register, operation, prepared, on, today=today, term_months=term_months, late=late)
            )
        require_as_shown(processed, expected)
    return Result(operation.written, numbers, processed)


def process_one(
    register: Register,
    operation: "Operation",
    application: Application,
    on: date,
    *,
    today: date,
    term_months: int | None,
    late: bool = False,
) -> Processed:
    """Process one application inside an operation under way. Raises `Refused`."""
    require_day(application, on, today)
    is_late = require_open_month(register, application, on, late=late)
    licences = register.licences.of(application.organization)
    active = active_licence(licences, on)
    maybe_settled_in = WarningFinder(register, today).maybe_settled_in(application, active.ends_on if active else None)
    result = licence_changes(application, licences, on, term_months or 1)
    made = result.made._replace(late=is_late) if result.made else None
    if made is not None:
        require_term(term_months)
        if made.sold_on is not None and register.licences.has_accepted_rows(application.number):
            accepted_rows.require_unsettled(register, application.number)
    after = application._replace(status="processed", processed_on=on)
    operation.write_application(after)
    # Switching off what has ended already depends on that, too.
    if after.effective == "on" or after.switches_off:
        operation.depends_on(after.organization)
    operation.change_licences(result.changed)
    if made is not None:
        operation.add_licence(made)
    is_sold = made is not None and made.sold_on is not None
    return Processed(after, made, result.changed, maybe_settled_in if is_sold else None)


def require_open_month(register: Register, application: Application, on: date, *, late: bool) -> bool:
    """Whether the day lies in a closed month; that needs `--late`, and a correction in the first open month."""
    month = Month.of(on)
    is_closed = register.months.is_past(month)
    if is_closed and not late:
        raise Refused(
            msg("{number}: {month} is closed", number=application.number, month=month),
            msg(
                "use a later day, or charge it in the first open month: --on {day} --late",
                day=on.isoformat(),
            ),
        )
    return is_closed


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
    found, rejected = [], []
    with register.operation(actor, dry_run=dry_run) as operation:
        for number in numbers:
            application = find_application(register, number, operation)
            require_new(register, application)
            found.append(application)
            rejected.append(reject_one(operation, application, comment, on, today=today))
        require_as_shown(found, expected)
    return Result(operation.written, numbers, rejected)


def reject_one(operation: "Operation", application: Application, comment: str, on: date, *, today: date) -> Application:
    """Reject one application inside an operation under way."""
    require_day(application, on, today)
    rejected = application._replace(status="rejected", processed_on=on, comment=comment)
    operation.write_application(rejected)
    return rejected


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
        is_sale = licence is not None and licence.sold_on is not None
        months = total_changes.months_of_sale(register, licence) if licence is not None and is_sale else []
        before = total_changes.payable_of(register, months, contract)
        ended = cancel_one(register, operation, application, reason, on, today=today)
        changes = total_changes.changes_between(before, total_changes.payable_of(register, months, contract))
        cancelled = Cancelled(ended, tuple(changes))
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
    operation.write_application(application._replace(status="cancelled", comment=reason, cancelled_on=on))
    operation.depends_on(application.organization)
    operation.change_licences([ended])
    return ended


def require_new(register: Register, application: Application) -> None:
    """Refuse to change what is processed, rejected or cancelled, and say what was done to it."""
    if application.status == "new":
        return
    number = quoted(application.number)
    record = register.history.record(application.operation)
    if application.status == "cancelled":
        sentence = final_refusal(application)
    elif application.status == "rejected":
        sentence = msg("{number} was rejected on {day} and cannot be changed",
                       number=application.number, day=application.processed_on)  # fmt: skip
    else:
        sentence = msg("{number} was processed on {day} and cannot be changed",
                       number=application.number, day=application.processed_on)  # fmt: skip
    if record is not None and is_erasure(record):
        raise Refused(
            sentence,
            msg("its personal data was erased in operation {operation}; see: mureg history {number}",
                operation=application.operation, number=number),
        )  # fmt: skip
    done = {"user": record.done_by if record else "", "operation": application.operation, "number": number}
    raise Refused(sentence, _correction_hint(register, application, done))


def _correction_hint(register: Register, application: Application, done: dict[str, object]) -> Message:
    """How what was decided is corrected: of a closed month only by cancelling the sale."""
    if application.status == "cancelled":
        return msg("{user} did it in operation {operation}; to undo it: mureg undo {operation}; see: mureg history "
                   "{number}", **done)  # fmt: skip
    if application.processed_on is not None and register.months.is_past(Month.of(application.processed_on)):
        if application.status == "rejected":
            return msg("{user} did it in operation {operation}; see: mureg history {number}", **done)
        return msg("{user} did it in operation {operation}; its month is closed; to cancel a sale: mureg application "
                   "cancel {number} --reason TEXT", **done)  # fmt: skip
    if application.status == "rejected":
        return msg("{user} did it in operation {operation}; to make it new again: mureg application return {number} "
                   "--reason TEXT", **done)  # fmt: skip
    return msg("{user} did it in operation {operation}; to change its tier: mureg application amend {number} --tier "
               "2-9 --reason TEXT; to make it new again: mureg application return {number} --reason TEXT",
               **done)  # fmt: skip


def final_refusal(application: Application) -> Message:
    """That a sale was cancelled, which is final."""
    return msg("the sale of {number} was cancelled on {day}; this is final",
               number=application.number, day=application.cancelled_on)  # fmt: skip


def require_term(term_months: int | None) -> int:
    """The term of a licence. Raises `Refused` with the lines to add where the settings have no contract."""
    if term_months is None:
        raise Refused(
            msg("the term of a licence is not known: mureg.toml has no contract"),
            msg('add to mureg.toml:\n\n[contract]\nnumber = "…"\nterm_months = …'),
        )
    return term_months


def require_day(application: Application, on: date, today: date, *, after: date | None = None) -> None:
    """Refuse a day in the future, before the submission, or before what it follows."""
    number = application.number
    if on > today:
        raise Refused(
            msg("{number}: {day} is in the future", number=number, day=on),
            msg("omit --on: today is {day}", day=today),
        )
    if on < application.submitted_on:
        raise Refused(
            msg("{number}: {day} is before its submission on {submitted}",
                number=number, day=on, submitted=application.submitted_on),
            msg("use a later day: --on DATE"),
        )  # fmt: skip
    if after is not None and on < after:
        raise Refused(
            msg("{number}: {day} is before its processing on {processed}", number=number, day=on, processed=after),
            msg("use a later day: --on DATE"),
        )
