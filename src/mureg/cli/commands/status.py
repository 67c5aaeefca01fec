"""`mureg status`: what needs a person today, each with the next command."""

from collections.abc import Callable, Iterator
from typing import Any

import typer

from mureg.cli.framework.session import Session, session_of
from mureg.errors import N_, msg
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.operations import today as operations
    from mureg.register import register as registers
    from mureg.reports import today as sentences
    from mureg.reports.json import licences as licence_reports
    from mureg.reports.json import today as reports

app = typer.Typer()


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
    for line in lines:
        output.sentence(output.cell(line.sentence))
        output.line(f"  {line.command}")
    if not lines:
        output.sentence(output.cell(msg("Nothing needs attention today.")))


def _print_json(session: Session, register: "registers.Register") -> None:
    today, prints = session.today, session.output.prints

    found: dict[str, Callable[[], Any]] = {
        "waiting": lambda: reports.waiting_json(operations.waiting(register, today)),
        # In a large register there are many: they are read as they are written.
        "expiring": lambda: map(
            licence_reports.listed_licence_json,
            operations.expiring(register, session.settings().contract, today),
        ),
        "certificates": lambda: list(map(reports.certificate_json, operations.certificates(register, today))),
        "months": lambda: list(
            map(reports.month_json, operations.months(register, lambda: session.settings().contract, today))
        ),
    }
    parts = {name: find() if prints(name) else None for name, find in found.items()}
    session.output.json({"today": today.isoformat(), **parts})


def _lines(session: Session, register: "registers.Register") -> "Iterator[sentences.Line]":
    """What waits, each with the next command."""
    today = session.today
    return sentences.lines(
        operations.waiting(register, today),
        operations.count_expiring(register, today),
        operations.certificates(register, today),
        operations.months(register, lambda: session.settings().contract, today),
        most=operations.MOST,
    )
