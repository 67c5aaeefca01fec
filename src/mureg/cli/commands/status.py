"""`mureg status`: what needs a person today, each with the next command."""

from collections.abc import Callable, Iterator
from typing import Any

import typer

from mureg.cli.framework.session import Session, session_of
from mureg.command_hints import quoted
from mureg.domain.today import MonthToDo, Waiting
from mureg.errors import N_, Message, msg, plural
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.operations import today as operations
    from mureg.register import register as registers
    from mureg.reports.json import licences as licence_reports
    from mureg.reports.json import today as reports

app = typer.Typer()

_CERTIFICATES_SHOWN = 10


@app.command("status", help=N_("Show what needs attention today"), epilog="mureg status\nmureg status --json")
def show_status(ctx: typer.Context) -> None:
    """Waiting applications, licences and certificates that end soon, and what months need; always 0."""
    session = session_of(ctx)
    output = session.output
    with session.register() as register:
        if output.wants_json:
            _print_json(session, register)
            return
        lines = list(_lines(session, register))
    for sentence, command in lines:
        output.sentence(output.cell(sentence))
        output.line(f"  {command}")
    if not lines:
        output.sentence(output.cell(msg("Nothing needs attention today.")))


def _print_json(session: Session, register: "registers.Register") -> None:
    today, prints = session.today, session.output.prints

    found: dict[str, Callable[[], Any]] = {
        "waiting": lambda: reports.waiting_json(operations.waiting(register, today)),
        "expiring": lambda: list(
            map(
                licence_reports.listed_licence_json,
                operations.expiring(register, session.settings().contract, today),
            )
        ),
        "certificates": lambda: list(map(reports.certificate_json, operations.certificates(register, today))),
        "months": lambda: list(
            map(reports.month_json, operations.months(register, lambda: session.settings().contract, today))
        ),
    }
    parts = {name: find() if prints(name) else None for name, find in found.items()}
    session.output.json({"today": today.isoformat(), **parts})


def _lines(session: Session, register: "registers.Register") -> Iterator[tuple[Message, str]]:
    """What waits, each with the next command."""
    today = session.today
    waiting = operations.waiting(register, today)
    if waiting.applications:
        yield _waiting(waiting), "mureg application review"
    expiring = operations.count_expiring(register, today)
    if expiring:
        yield _expiring(expiring), "mureg licence list --expires-within 30d --not-renewed"
    certificates = operations.certificates(register, today)
    for certificate in certificates[:_CERTIFICATES_SHOWN]:
        message = msg("a КЭП certificate expires on {day}: {owner}, {name}", day=certificate.until,
                      owner=certificate.owner, name=certificate.name)  # fmt: skip
        yield message, f"mureg application show {quoted(certificate.application)}"
    if len(certificates) > _CERTIFICATES_SHOWN:
        more = len(certificates) - _CERTIFICATES_SHOWN
        message = plural(
            "{count} more КЭП certificate expires within 30 days",
            "{count} more КЭП certificates expire within 30 days",
            count=more,
        )
        yield message, "mureg status --json"
    for to_do in operations.months(register, lambda: session.settings().contract, today):
        yield _month(to_do), to_do.command


def _waiting(waiting: Waiting) -> Message:
    message = plural(
        "{count} application is waiting, since {day}",
        "{count} applications are waiting, the oldest since {day}",
        count=waiting.applications, day=waiting.oldest,
    )  # fmt: skip
    if not waiting.with_warnings:
        return message
    return msg("{waiting}; with warnings: {count}", waiting=message, count=waiting.with_warnings)


def _expiring(count: int) -> Message:
    if count == operations.MOST:
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
