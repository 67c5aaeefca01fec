"""The page of a month: both sides, what differs and what to do, and the settlement."""

from typing import Any

from starlette.responses import Response

from mureg.errors import N_
from mureg.operations.months import notes
from mureg.operations.months.document import month_document
from mureg.operations.months.reconciliation import Compared, compared_month
from mureg.operations.months.seen import operation_seen
from mureg.register.register import Register
from mureg.reports.cells import Cell, Column, Money
from mureg.reports.month import layout
from mureg.reports.month.document import MonthDocument
from mureg.settings.schema import Settings
from mureg.web.page import Page
from mureg.web.pages.month.charges import first_charges
from mureg.web.pages.month.documents import files_of
from mureg.web.pages.month.pairs import pairs_of
from mureg.web.routes import shows

_SUM_COLUMNS = [
    Column(layout.HEADINGS[name], "right" if place else "left") for place, name in enumerate(layout.SUM_COLUMNS)
]


def show(page: Page) -> Response:
    """The month beside the statement that is kept with it."""
    month = page.needed_month()
    settings = page.office.settings()
    with page.register() as register:
        compared = compared_month(register, month, settings.contract)
        return shown(page, register, settings, compared)


def shown(
    page: Page, register: Register, settings: Settings, compared: Compared, *, is_kept: bool = True, command: str = ""
) -> Response:
    """The page. Where the statement is not the one that is kept, nothing can be resolved."""
    record = compared.settled.record
    month = record.month
    closing = register.history.closing_of(month) if record.state != "open" else None
    document = month_document(compared, settings, closing)
    is_past = register.months.is_past(month)
    may_resolve = is_kept and not is_past
    return page.html(
        "month/month.html",
        title=layout.month_name(month),
        command=command or f"mureg month show {month}",
        month=month,
        state=layout.state(document),
        closed_by=notes.closed_by(closing) if closing else None,
        is_past=is_past,
        may_reopen=record.state == "closed" and register.months.last_closed() == month,
        may_invoice=record.state == "closed" and bool(record.agreed_kopecks),
        is_kept=is_kept,
        may_resolve=may_resolve,
        has_statement=compared.statement is not None,
        unresolved=compared.unresolved,
        seen=operation_seen(register, month),
        comparison=notes.comparison(compared),
        remarks=list(notes.remarks(compared)),
        facts=_facts(document, compared),
        sum_columns=_SUM_COLUMNS,
        sums=[(None, cells) for cells in (*layout.tier_rows(document), layout.total_row(document))],
        vat_note=layout.money_note(document),
        profiles=settings.profiles_for("statement"),
        files=files_of(document) if is_kept else [],
        **pairs_of(page, register, compared, document, may_resolve=may_resolve),
        **_charges(document),
    )


def _facts(document: MonthDocument, compared: Compared) -> list[tuple[str, Cell]]:
    amounts = layout.amounts(document)._asdict()
    if_closed = None
    if document.agreed_kopecks is None and compared.statement is not None:
        if_closed = Money(compared.agreed_kopecks)
    return [
        (N_("Contract"), document.contract),
        *((layout.AMOUNT_LABELS[name], cell) for name, cell in amounts.items()),
        (N_("Agreed, if rounded by rows"), layout.agreed_by_rows(document)),
        (N_("Agreed, if closed now"), if_closed),
        (N_("Closed without a statement"), document.without_statement),
    ]


def _charges(document: MonthDocument) -> dict[str, Any]:
    """The first charges, where nothing was compared; else a link leads to them."""
    if document.reconciliation is not None:
        return {"charge_columns": [], "charges": [], "has_more_charges": True}
    columns, rows, has_more = first_charges(document)
    return {"charge_columns": columns, "charges": rows, "has_more_charges": has_more}


ROUTES = [shows("/month", show)]
