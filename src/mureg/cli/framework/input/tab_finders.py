"""What Tab finds in the register: each finder gives what begins with a text, and fits the command."""

from collections.abc import Callable, Iterable

import typer

from mureg.cli.framework.session import Session
from mureg.domain.application import Status
from mureg.domain.dates import Month, parse_month
from mureg.lazy_imports import lazy_imports
from mureg.register.register import Register

with lazy_imports():
    from mureg.operations.months import reconciliation

Finder = Callable[[Session, Register, typer.Context, str], Iterable[str]]

_MOST = 100


def new_numbers(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    """New applications, the oldest first."""
    return [number for number, _ in register.applications.waiting(_MOST)]


def _any_numbers(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    return register.applications.numbers_from(text, _MOST)


def _processed(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    return register.applications.numbers_from(text, _MOST, ("processed",))


def _decided(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    statuses: tuple[Status, ...] = ("processed", "rejected")
    return register.applications.numbers_from(text, _MOST, statuses)


NUMBERS: dict[str, Finder] = {
    "cancel": _processed, "amend": _processed, "return": _decided, "history": _any_numbers,
}  # fmt: skip
"""The commands that take other applications than new ones."""


def inns(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    """ИНН of organizations."""
    return register.organizations.inns_from(text, _MOST)


def invoices(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    """The numbers of invoices that are not paid."""
    return [invoice.number for invoice in register.months.invoices() if invoice.paid_on is None]


def all_months(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    """Months with sales, statements or invoices, the newest first."""
    months = {*register.licences.months_with_sales(), *(record.month for record in register.months.records())}
    return map(str, sorted(months, reverse=True))


def _open_months(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    last_closed = register.months.last_closed()
    months = set(register.licences.months_with_sales(after=last_closed))
    months |= {record.month for record in register.months.records() if record.state == "open"}
    return map(str, sorted(months, reverse=True))


def _months_with_statement(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    records = register.months.records()
    return [str(each.month) for each in records if each.state == "open" and each.statement is not None]


def _closed_months(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    return [str(record.month) for record in register.months.records() if record.state == "closed"]


MONTHS: dict[str, Finder] = {
    "close": _open_months, "accept": _months_with_statement, "carry": _months_with_statement,
    "resolve": _months_with_statement, "reopen": _closed_months, "add": _closed_months,
}  # fmt: skip
"""The commands that take some months only."""


def pairs(session: Session, register: Register, ctx: typer.Context, text: str) -> Iterable[str]:
    """The ids of the unresolved discrepancies of the month that is typed before; `carry` takes some kinds only."""
    month: Month | None = parse_month(str(ctx.params.get("month") or ""), session.today)
    if month is None or register.months.record(month).statement is None:
        return []
    compared = reconciliation.compared_month(register, month, session.settings().contract)
    is_carry = ctx.command.name == "carry"
    return [pair.id for pair in compared.open_pairs if not is_carry or "missing_in_statement" in pair.kinds]
