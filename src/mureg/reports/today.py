"""What needs a person today, as sentences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.today import ExpiringCertificate, MonthToDo, Waiting
from mureg.errors import Message, msg, plural

_CERTIFICATES_SHOWN = 10

About = Literal["waiting", "licences", "certificate", "certificates", "month"]


class Line(NamedTuple):
    """A sentence, the next command, and what it is about: `of` is the number of an application, or a month."""

    sentence: Message
    command: str
    about: About
    of: str = ""


def lines(
    waiting: Waiting,
    expiring: int,
    certificates: Sequence[ExpiringCertificate],
    months: Iterable[MonthToDo],
    *,
    most: int,
) -> Iterator[Line]:
    """A line for each thing. `expiring` licences are counted up to `most`."""
    if waiting.applications:
        yield Line(_waiting(waiting), "mureg application review", "waiting")
    if expiring:
        command = "mureg licence list --expires-within 30d --not-renewed"
        yield Line(_expiring(expiring, most), command, "licences")
    for certificate in certificates[:_CERTIFICATES_SHOWN]:
        message = msg("a КЭП certificate expires on {day}: {owner}, {name}", day=certificate.until,
                      owner=certificate.owner, name=certificate.name)  # fmt: skip
        number = certificate.application
        yield Line(message, f"mureg application show {quoted(number)}", "certificate", number)
    if len(certificates) > _CERTIFICATES_SHOWN:
        more = len(certificates) - _CERTIFICATES_SHOWN
        message = plural(
            "{count} more КЭП certificate expires within 30 days",
            "{count} more КЭП certificates expire within 30 days",
            count=more,
        )
        yield Line(message, "mureg status --json", "certificates")
    for to_do in months:
        yield Line(_month(to_do), to_do.command, "month", str(to_do.month))


def _waiting(waiting: Waiting) -> Message:
    message = plural(
        "{count} application is waiting, since {day}",
        "{count} applications are waiting, the oldest since {day}",
        count=waiting.applications, day=waiting.oldest,
    )  # fmt: skip
    if not waiting.with_warnings:
        return message
    return msg("{waiting}; with warnings: {count}", waiting=message, count=waiting.with_warnings)


def _expiring(count: int, most: int) -> Message:
    if count == most:
        return msg("{count} or more licences end within 30 days and are not renewed", count=count)
    return plural(
        "{count} licence ends within 30 days and is not renewed",
        "{count} licences end within 30 days and are not renewed",
        count=count,
    )


def _month(to_do: MonthToDo) -> Message:
    month = to_do.month
    return {
        "reconcile": msg("{month} has ended: compare it with the operator's statement", month=month),
        "resolve": msg("{month} has discrepancies to resolve", month=month),
        "close": msg("{month} agrees with the statement: close it", month=month),
        "invoice": msg("{month} is closed: record the invoice", month=month),
        "payment": msg("the invoice for {month} is not paid", month=month),
    }[to_do.needs]
