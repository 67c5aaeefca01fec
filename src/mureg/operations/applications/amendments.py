"""Correct what was processed: another tier or day (amend), or new again (return); of a batch one alone, or several."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application, Organization, Tier
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.domain.licence_replay import Place, Recomputed, Step, recompute
from mureg.errors import Refused, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.applications.dependents import (
    in_closed_months,
    later_applications,
    refuse_dependents,
    resolutions_of,
)
from mureg.operations.applications.processing import find_application
from mureg.operations.applications.refusals import final_refusal, require_day, require_term
from mureg.operations.result import Result
from mureg.operations.unchanged import require_as_shown
from mureg.register.history import Actor
from mureg.register.register import Register
from mureg.register.transaction import Operation

with lazy_imports():
    from mureg.operations.months import accepted_rows, total_changes

if TYPE_CHECKING:
    from mureg.domain.contract import SublicenceContract


class Amended(NamedTuple):
    """An application before and after, its licence before and after, and what else changes.

    `changed` are the other licences that end otherwise now, `totals` the open months that charge another amount.
    """

    before: Application
    after: Application
    licence_before: Licence | None
    licence: Licence | None
    changed: tuple[Licence, ...]
    totals: "tuple[total_changes.TotalChange, ...]" = ()


def amend(
    register: Register,
    number: str,
    reason: str,
    *,
    tier: Tier | None = None,
    on: date | None = None,
    reset: bool = False,
    today: date,
    term_months: int | None,
    contract: "SublicenceContract | None" = None,
    expected: str | None = None,
    actor: Actor,
    dry_run: bool = False,
) -> Result[Amended]:
    """Let a processed application be as if it had been processed with that tier, or on that day. Raises `Refused`.

    `reset` returns to what the client asked for. What is so already is not written again. `contract` has the prices of
    the totals; without it none are computed. `expected` is the fingerprint of what a person was shown.
    """
    with register.operation(actor, dry_run=dry_run) as operation:
        before = find_application(register, number, operation)
        _require_processed(before)
        licence = register.licences.made_by(number)
        after = _amended(before, tier, on, reset=reset, by=actor.user)
        result = Amended(before, after, licence, licence, ())
        if after._replace(set_by=before.set_by) != before:
            result = _amend_one(register, operation, result, contract, today=today, term_months=term_months)
            operation.add_facts(reason=reason)
        require_as_shown([result], expected)
    return Result(operation.written, (number,), result)


def _amended(before: Application, tier: Tier | None, on: date | None, *, reset: bool, by: str) -> Application:
    after = before._replace(processed_on=on or before.processed_on)
    if reset:
        after = after._replace(set_option="", set_tier="", set_by="")
    elif tier is not None and (before.set_option, before.set_tier) != ("on", tier):
        after = after._replace(set_option="on", set_tier=tier, set_by=by)
    return after


def _amend_one(
    register: Register,
    operation: Operation,
    wanted: Amended,
    contract: "SublicenceContract | None",
    *,
    today: date,
    term_months: int | None,
) -> Amended:
    before, after, licence = wanted.before, wanted.after, wanted.licence_before
    number = before.number
    assert before.processed_on is not None, "it is processed"
    assert after.processed_on is not None, "it stays processed"
    require_day(after, after.processed_on, today)
    is_past = register.months.is_past(Month.of(after.processed_on))
    is_late = licence is not None and licence.late and is_past
    dependents = in_closed_months(register, before, licence, [before.processed_on])
    if is_past and not is_late and not dependents:
        raise Refused(
            msg("{number}: {month} is closed", number=number, month=Month.of(after.processed_on)),
            msg("use a later day: --on DATE"),
        )
    recomputed = _recomputed(register, before.organization, {number: after}, term_months)
    made = recomputed.made[number]
    made = made._replace(late=is_late) if made is not None else None
    refuse_dependents(
        [number],
        [*dependents, *resolutions_of(register, number), *later_applications(register, recomputed)],
    )
    if made is not None:
        require_term(term_months)
        if made.is_sale and not (licence is not None and licence.is_sale):
            hint = msg("return it, and process it without a sale: mureg application return {number} --reason TEXT",
                       number=quoted(number))  # fmt: skip
            accepted_rows.require_unsettled(register, number, hint)
    months = total_changes.months_of_sales(register, [licence, made]) if contract is not None else []
    payable = total_changes.payable_of(register, months, contract)
    operation.write_applications([after])
    operation.depends_on(after.organization)
    _write_licence(operation, licence, made)
    operation.change_licences(recomputed.others)
    totals = total_changes.changes_since(payable, register, operation, contract)
    return wanted._replace(licence=made, changed=recomputed.others, totals=totals)


class Returned(NamedTuple):
    """An application that is new again, the licence that it had made, and the licences that run again."""

    application: Application
    licence: Licence | None
    changed: tuple[Licence, ...]


class AllReturned(NamedTuple):
    """The applications that are new again, and the open months that charge another amount."""

    applications: list[Returned]
    totals: "tuple[total_changes.TotalChange, ...]"


def return_to_new(
    register: Register,
    numbers: Sequence[str],
    reason: str,
    *,
    term_months: int | None,
    contract: "SublicenceContract | None" = None,
    expected: str | None = None,
    actor: Actor,
    dry_run: bool = False,
) -> Result[AllReturned]:
    """Let processed or rejected applications be new again, as if nothing had been decided. All or none.

    `contract` and `expected` are those of `amend`. Raises `Refused`.
    """
    numbers = tuple(dict.fromkeys(numbers))
    with register.operation(actor, dry_run=dry_run) as operation:
        found = [find_application(register, number, operation) for number in numbers]
        for application in found:
            _require_returnable(application)
        recomputed = {
            organization: _recomputed(register, organization, changes, term_months)
            for organization, changes in _by_organization(found).items()
        }
        licences = {number: register.licences.made_by(number) for number in numbers}
        dependents = [
            each
            for application in found
            for each in (
                *in_closed_months(register, application, licences[application.number], _days_of(application)),
                *resolutions_of(register, application.number),
            )
        ]
        later = [each for one in recomputed.values() for each in later_applications(register, one)]
        refuse_dependents(numbers, [*dependents, *later])
        months = total_changes.months_of_sales(register, licences.values()) if contract is not None else []
        payable = total_changes.payable_of(register, months, contract)
        returned = []
        for application in found:
            changed = recomputed.get(application.organization)
            number = application.number
            new = application._replace(status="new", processed_on=None, comment="", without_sale="")
            operation.write_applications([new])
            if application.status == "processed":
                operation.depends_on(application.organization)
            _write_licence(operation, licences[number], None)
            # Of an organisation with several of them, the first one names what runs again.
            returned.append(Returned(new, licences[number], changed.others if changed else ()))
            recomputed.pop(application.organization, None)
            operation.change_licences(changed.others if changed else ())
        operation.add_facts(reason=reason)
        totals = total_changes.changes_since(payable, register, operation, contract)
        done = AllReturned(returned, totals)
        require_as_shown([done], expected)
    return Result(operation.written, numbers, done)


def _by_organization(applications: Iterable[Application]) -> dict[Organization, dict[str, Application | None]]:
    """The numbers of the processed ones by their organisation, as `recompute` takes them."""
    found: dict[Organization, dict[str, Application | None]] = {}
    for application in applications:
        if application.status == "processed":
            found.setdefault(application.organization, {})[application.number] = None
    return found


def _days_of(application: Application) -> list[date]:
    return [application.processed_on] if application.processed_on is not None else []


def _write_licence(operation: Operation, before: Licence | None, after: Licence | None) -> None:
    if before is not None and after is not None:
        operation.change_licences([after])
    elif before is not None:
        operation.delete_licence(before.application)
    elif after is not None:
        operation.add_licences([after])


# --- the organisation's licences -------------------------------------------------------------------------------------


def _recomputed(
    register: Register,
    organization: Organization,
    changes: Mapping[str, Application | None],
    term_months: int | None,
) -> Recomputed:
    licences = {licence.application: licence for licence in register.licences.of(organization)}
    steps = [Step(each, licences.get(each.number)) for each in register.applications.processed_of(organization)]
    return recompute(_placed(register, steps, changes), changes, term_months or 1)


def _placed(register: Register, steps: list[Step], changes: Mapping[str, Application | None]) -> list[Step]:
    """The steps with their places in the history, where several belong to one day."""
    days = Counter(
        day
        for application in (*(step.application for step in steps), *changes.values())
        if application is not None
        for day in (application.processed_on, application.cancelled_on)
        if day is not None
    )
    if len(steps) < 2 or max(days.values()) < 2:
        return steps
    return [
        step._replace(
            processed_at=_processed_at(register, step.number),
            cancelled_at=(step.application.operation, 0) if step.application.status == "cancelled" else (0, 0),
        )
        for step in steps
    ]


def _processed_at(register: Register, number: str) -> Place:
    """The operation in force that processed an application, and its place among those processed with it."""
    for record in register.history.in_force_of(number):
        images = (images.after.get("application", {}).get(number, {}) for images in register.history.images(record))
        if any(image.get("status") == "processed" for image in images):
            return record.operation, register.history.numbers(record).index(number)
    return (0, 0)


# --- refusals --------------------------------------------------------------------------------------------------------


def _require_processed(application: Application) -> None:
    number = quoted(application.number)
    if application.status == "cancelled":
        raise Refused(final_refusal(application), msg("see: mureg history {number}", number=number))
    if application.status == "new":
        raise Refused(
            msg("{number} is not processed yet", number=application.number),
            msg("set its tier: mureg application set-multiuser {number} --tier 2-9", number=number),
        )
    if application.status == "rejected":
        raise Refused(
            msg("{number} was rejected on {day}: there is nothing to amend",
                number=application.number, day=application.processed_on),
            msg("make it new again: mureg application return {number} --reason TEXT", number=number),
        )  # fmt: skip


def _require_returnable(application: Application) -> None:
    number = quoted(application.number)
    if application.status == "cancelled":
        raise Refused(final_refusal(application), msg("see: mureg history {number}", number=number))
    if application.status == "new":
        raise Refused(
            msg("{number} is already new", number=application.number),
            msg("see it: mureg application show {number}", number=number),
        )
    if any(owner.erased for owner in application.owners):
        raise Refused(
            msg("the personal data of {number} was erased: it cannot be new again", number=application.number),
            msg("see: mureg history {number}", number=number),
        )
