"""Warnings that a partner should look at before processing: the rules that 1C itself checks, and a few of ours.

An application that breaks these rules can still reach the partner, so they only warn.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from mureg.domain.application import FNS, Application, is_higher
from mureg.domain.dates import SALES_BEGAN_ON, Month
from mureg.errors import Message, msg, plural

_FEWEST_USERS = 2
_MOST_ENCRYPTION_USERS = 3
_SOON = timedelta(days=30)


Level = Literal["warning", "note"]


class ApplicationWarning(NamedTuple):
    """`level` is `warning` (a person should act) or `note` (a person should know)."""

    code: str
    level: Level
    message: Message


def warnings_of(
    application: Application,
    today: date,
    licensed_until: date | None = None,
    maybe_settled_in: Month | None = None,
    look_alikes: Sequence[str] = (),
) -> list[ApplicationWarning]:
    """The warnings and notes about an application, as of a day.

    `licensed_until` is the last day of the organisation's active licence, if any; it matters for new ones.
    `maybe_settled_in` is the month in which a row of the operator that fits its sale was accepted.
    `look_alikes` are other numbers of the organisation's ИНН that look like its own.
    """
    found = list(_of_submission(application, today))
    if application.effective == "on":
        found += _of_users(application)
        found += _of_roles(application, switches_on=_switches_on(application, licensed_until))
        if licensed_until is not None and application.request.kind == "connection" and application.status == "new":
            message = msg(
                "the organization already has the mode, until {day}; this may be a renewal", day=licensed_until
            )
            found.append(ApplicationWarning("already_licensed", "warning", message))
    if maybe_settled_in is not None:
        found.append(maybe_settled(maybe_settled_in))
    if look_alikes:
        message = msg("its number looks like that of another application: {numbers}", numbers=", ".join(look_alikes))
        found.append(ApplicationWarning("looks_like_another", "warning", message))
    found += _of_owners(application)
    if application.status == "new":
        found += _of_certificates(application, today)
    found += _notes(application)
    return found


def maybe_settled(month: Month) -> ApplicationWarning:
    """The warning about a sale that a row of the operator without a number may have settled in the month."""
    message = msg(
        "{month} may have settled this sale already: a row of the operator without a number was accepted there",
        month=month,
    )
    return ApplicationWarning("maybe_settled", "warning", message)


def _of_users(application: Application) -> Iterator[ApplicationWarning]:
    users = application.users
    if users is None:
        message = msg("the client listed no users: only the client can send the list")
        yield ApplicationWarning("users_unknown", "warning", message)
    elif users < _FEWEST_USERS:
        message = plural("only {count} user is known", "only {count} users are known", count=users)
        yield ApplicationWarning("single_user", "warning", message)


def _switches_on(application: Application, licensed_until: date | None) -> bool:
    """Whether the mode comes with this application: 1C repeats it in every change of those who have it."""
    if application.request.kind == "change":
        return application.status == "new" and licensed_until is None
    return application.request.kind == "connection"


def _of_roles(application: Application, *, switches_on: bool) -> Iterator[ApplicationWarning]:
    present = application.present_owners
    if present and not any("administration" in owner.roles for owner in present):
        yield ApplicationWarning("no_administrator", "warning", msg("no user is an administrator"))
    if switches_on and any(owner.sender and "administration" not in owner.roles for owner in present):
        message = msg("the sender of the application is not an administrator")
        yield ApplicationWarning("sender_not_administrator", "warning", message)
    if any(FNS in owner.authorities for owner in present):
        encrypting = sum(1 for owner in present if "encryption" in owner.roles)
        if encrypting == 0:
            message = msg("no user receives messages from the tax service (encryption)")
            yield ApplicationWarning("no_encryption_user", "warning", message)
        elif encrypting > _MOST_ENCRYPTION_USERS:
            message = msg(
                "{users} users receive messages from the tax service, but at most 3 are allowed", users=encrypting
            )
            yield ApplicationWarning("too_many_encryption_users", "warning", message)
    account = set(application.authorities)
    foreign = sorted({name for owner in present for name in owner.authorities} - account) if account else []
    if foreign:
        message = msg("users have authorities that the account does not have: {names}", names=", ".join(foreign))
        yield ApplicationWarning("authority_not_in_account", "warning", message)


def _of_owners(application: Application) -> Iterator[ApplicationWarning]:
    unreadable = sum(1 for owner in application.owners if owner.certificate == "unreadable")
    if unreadable:
        message = plural(
            "{count} certificate could not be read", "{count} certificates could not be read", count=unreadable
        )
        yield ApplicationWarning("certificate_unreadable", "warning", message)
    times = Counter(owner.identity for owner in application.owners if owner.identity)
    repeated = sum(1 for count in times.values() if count > 1)
    if repeated:
        message = plural(
            "{count} person is listed more than once", "{count} people are listed more than once", count=repeated
        )
        yield ApplicationWarning("duplicate_owner", "warning", message)


def _of_submission(application: Application, today: date) -> Iterator[ApplicationWarning]:
    day = application.submitted_on
    if day > today:
        yield ApplicationWarning(
            "submitted_in_future", "warning", msg("the submission date {day} is in the future", day=day)
        )
    if day < SALES_BEGAN_ON:
        message = msg("it was submitted before sales of the multi-user mode began on {day}", day=SALES_BEGAN_ON)
        yield ApplicationWarning("submitted_before_sales", "warning", message)


def _of_certificates(application: Application, today: date) -> Iterator[ApplicationWarning]:
    until = [
        date.fromisoformat(owner.certificate_until) for owner in application.present_owners if owner.certificate_until
    ]
    expired = [day for day in until if day < today]
    if expired:
        message = plural("{count} certificate has expired", "{count} certificates have expired", count=len(expired))
        yield ApplicationWarning("certificate_expired", "warning", message)
    soon = [day for day in until if today <= day <= last_day_of_soon(today)]
    if soon:
        message = plural(
            "{count} certificate expires soon, on {day}",
            "{count} certificates expire soon, the first on {day}",
            count=len(soon),
            day=min(soon),
        )
        yield ApplicationWarning("certificate_expires_soon", "note", message)


def last_day_of_soon(today: date) -> date:
    """The last of the days within which what ends is announced."""
    return today + _SOON


def _notes(application: Application) -> Iterator[ApplicationWarning]:
    suggested = application.suggested_tier
    if application.tier and suggested and is_higher(application.tier, suggested):
        message = msg("the tier is higher than the number of users requires")
        yield ApplicationWarning("tier_above_users", "note", message)
    promotion = application.request.promotion
    if promotion:
        message = msg("the promotion “{promotion}” gives no discount on the multi-user mode", promotion=promotion)
        yield ApplicationWarning("promotion_ignored", "note", message)
