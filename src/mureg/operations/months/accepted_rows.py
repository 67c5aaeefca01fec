"""Rows of the operator that were accepted although no charge of ours matched them: each has settled one sale.

docs/reference.md, `missing_in_register`: a sale is settled under its number at the operator's figure, and never again.
"""

import json
from typing import NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application
from mureg.domain.dates import Month
from mureg.domain.money import Amount
from mureg.domain.reconciliation.statement import StatementRow
from mureg.errors import Message, Refused, msg
from mureg.operations.months.pair_content import row_of_pair_content
from mureg.register.register import Register

_YEAR = 12  # months


class AcceptedRow(NamedTuple):
    """A row that was accepted as `missing_in_register`, the month that it is settled in, and the operation."""

    month: Month
    is_open: bool
    row: StatementRow
    operation: int


def accepted_row_of(register: Register, number: str) -> AcceptedRow | None:
    """The accepted row that settled the sale of this number, if there is one."""
    return next((each for each in _accepted_rows(register, number) if each.row.number == number), None)


def accepted_numbered_rows(register: Register) -> list[AcceptedRow]:
    """Every accepted row that has a number."""
    return [each for each in _accepted_rows(register) if each.row.number]


def possible_row_of(register: Register, application: Application) -> AcceptedRow | None:
    """An accepted row without a number that may have settled the application's sale: its ИНН, КПП and tier fit."""
    request = application.request
    submitted_in = Month.of(application.submitted_on)
    for each in _accepted_rows(register, request.inn):
        row = each.row
        is_near = abs(submitted_in.months_since(each.month)) < _YEAR
        fits = row.kpp in ("", request.kpp) and row.tier in ("", application.tier)
        if not row.number and row.inn == request.inn and fits and is_near:
            return each
    return None


def require_unsettled(register: Register, number: str, hint: Message | None = None) -> None:
    """Refuse a sale that an accepted row has settled already. The default hint is that for processing."""
    settled = accepted_row_of(register, number)
    if settled is None:
        return
    if hint is None and settled.is_open:
        hint = msg(
            "process it without a sale: mureg application process {number} --without-sale --reason "
            "TEXT; or undo the acceptance first: mureg undo {operation}",
            number=quoted(number), operation=settled.operation,
        )  # fmt: skip
    elif hint is None:
        hint = msg(
            "process it without a sale: mureg application process {number} --without-sale --reason TEXT",
            number=quoted(number),
        )
    raise Refused(
        msg("{number} is already settled in {month}: the operator's row of {amount} was accepted",
            number=number, month=settled.month, amount=Amount(settled.row.payable_kopecks)),
        hint,
    )  # fmt: skip


def _accepted_rows(register: Register, cell: str = "") -> list[AcceptedRow]:
    """The accepted rows, or those of them that have the text in a cell."""
    wanted = json.dumps(cell, ensure_ascii=False) if cell else ""
    return [
        AcceptedRow(month, is_open, row_of_pair_content(content), operation)
        for month, is_open, content, operation in register.months.accepted_without_charge()
        if wanted in content
    ]
