"""A month as `reconcile` and `month show` print it, for people and programs."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mureg.cli.framework.output.columns import Cell, Column
from mureg.cli.framework.output.output import Output
from mureg.cli.framework.output.output_file import after_operation, write
from mureg.cli.framework.session import Session
from mureg.errors import N_, DifferencesFound, Message, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.months import notes
from mureg.operations.months.document import month_document, month_json, require_part
from mureg.operations.months.reconciliation import Compared
from mureg.register.register import Register
from mureg.reports.cells import Money
from mureg.reports.month import layout
from mureg.reports.month.document import MonthDocument
from mureg.reports.month.layout import AMOUNT_LABELS, HEADINGS, ChargeRow, Section
from mureg.settings.schema import Settings

# A month is printed in one format, and often without a statement.
with lazy_imports():
    from mureg.cli.views import month_advice as advice_view
    from mureg.cli.views import month_discrepancies as discrepancies_view
    from mureg.cli.views import month_document as document_view
    from mureg.operations.months import remedies as remedy_operations
    from mureg.reports.month import discrepancies

if TYPE_CHECKING:
    from mureg.register.history import HistoryRecord

# For so many discrepancies it is looked up what can be done.
_MOST_REMEDIES = 1_000


def show_month(
    session: Session,
    register: Register,
    settings: Settings,
    compared: Compared,
    output_format: str,
    file: str | None,
    *,
    whole: bool,
    part: str,
) -> None:
    """Print a month in a format, or write it to a file; exit 6 while a discrepancy is unresolved."""
    record = compared.settled.record
    closing = register.history.closing_of(record.month) if record.state != "open" else None
    with after_operation(register):
        if output_format == "table":
            found = []
            if record.state == "open" and compared.unresolved:
                finder = remedy_operations.RemedyFinder(register, compared, session.today)
                found = finder.first(_MOST_REMEDIES)
            _print_month(
                session.output, compared, month_document(compared, settings, closing), closing, found, whole=whole
            )
        elif output_format == "json":
            value = month_json(compared, closing, with_charges=session.output.prints("charges"))
            write(session, file, session.output.json_object(value))
        else:
            require_part(compared, part)
            document = month_document(compared, settings, closing)
            document_view.write_document(session, register, settings, document, output_format, file, part)
    for remark in notes.remarks(compared):
        session.output.note(remark)
    if compared.unresolved:
        month = compared.settled.record.month
        hint = msg("resolve them, then: mureg month close {month}", month=month)
        if compared.settled.record.state != "open":
            hint = msg(
                "{month} is closed and was only compared; what comes late is a correction in the first open month",
                month=month,
            )
        raise DifferencesFound(
            plural(
                "{count} discrepancy is unresolved", "{count} discrepancies are unresolved", count=compared.unresolved
            ),
            hint,
        )


def _print_month(
    output: Output,
    compared: Compared,
    document: MonthDocument,
    closing: "HistoryRecord | None",
    found: "Sequence[remedy_operations.Remedy]",
    *,
    whole: bool,
) -> None:
    heading = msg("Settlement of {month}, contract {contract}", month=document.month, contract=document.contract)
    output.heading(output.cell(heading))
    output.line(output.cell(layout.state(document)))
    if closing is not None:
        output.sentence(output.cell(notes.closed_by(closing)))
    sentence = notes.comparison(compared)
    if sentence is not None:
        _print_reconciliation(output, sentence, discrepancies.pair_rows(document))
    if found:
        advice_view.print_advice(output, document.month, found, more=compared.unresolved - len(found))
    if document.reconciliation is None or whole:
        _print_charges(output, layout.sections(document))
    output.line()
    _print_sums(output, document)
    output.line()
    amounts = layout.amounts(document)
    output.facts(
        [
            (AMOUNT_LABELS["rounding_difference"], amounts.rounding_difference or Money(0)),
            (AMOUNT_LABELS["agreed"], amounts.agreed),
            (N_("Agreed, if rounded by rows"), layout.agreed_by_rows(document)),
            (N_("Closed without a statement"), document.without_statement),
        ]
    )
    if document.vat_note:
        output.sentence(output.cell(document.vat_note))


def _print_reconciliation(output: Output, sentence: Message, pairs: "Sequence[discrepancies.PairRow]") -> None:
    """First one sentence; then what differs, and what to do."""
    output.line()
    output.sentence(output.cell(sentence))
    if pairs:
        output.line()
        discrepancies_view.print_pairs(output, pairs)


_CHARGE_COLUMNS = {
    "number": Column(HEADINGS["number"]),
    "processed_on": Column(HEADINGS["processed_on"], may_go=1),
    "inn": Column(HEADINGS["inn"], may_go=7),
    "name": Column(HEADINGS["name"], may_wrap=True),
    "tier": Column(HEADINGS["tier"]),
    "list_price": Column(HEADINGS["list_price"], "right", may_go=3),
    "discount_rate": Column(N_("%"), "right", may_go=5),
    "discount": Column(HEADINGS["discount"], "right", may_go=4),
    "payable": Column(HEADINGS["payable"], "right"),
    "promotion": Column(HEADINGS["promotion"], may_wrap=True, may_go=6),
    "kind": Column(HEADINGS["kind"], may_wrap=True, may_go=2),
    "corrects": Column(HEADINGS["corrects"]),
}


def _print_charges(output: Output, sections: Sequence[Section]) -> None:
    for section in sections:
        columns = dict(_CHARGE_COLUMNS)
        output.line()
        if section.title:
            output.heading(output.cell(section.title))
        if not section.is_corrections:
            del columns["kind"], columns["corrects"]
        if output.is_terminal and not any(charge.promotion for charge in section.rows()):
            del columns["promotion"]
        output.table(list(columns.values()), (_charge_row(output, charge, columns) for charge in section.rows()))


def _charge_row(output: Output, charge: ChargeRow, names: Iterable[str]) -> list[Cell]:
    cells: dict[str, Cell] = charge._asdict()
    if charge.promotion:
        amount = output.cell(charge.promotion_discount)
        cells["promotion"] = msg("{promotion}: {amount}", promotion=charge.promotion, amount=amount)
    return [cells[name] for name in names]


def _print_sums(output: Output, document: MonthDocument) -> None:
    columns = [Column(HEADINGS[name], "right" if place else "left") for place, name in enumerate(layout.SUM_COLUMNS)]
    output.table(columns, [*layout.tier_rows(document), layout.total_row(document)], last_is_total=True)
