"""A month as `reconcile` and `month show` print it, for people and programs."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mureg.cli.framework.output.columns import Cell, Column
from mureg.cli.framework.output.output import Output
from mureg.cli.framework.output.output_file import after_operation, write
from mureg.cli.framework.session import Session
from mureg.domain.application import TIER_LABELS
from mureg.domain.settlement import Settlement
from mureg.errors import N_, DifferencesFound, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.months.document import month_document
from mureg.operations.months.reconciliation import Compared
from mureg.register.register import Register
from mureg.reports.cells import Money
from mureg.reports.labels import local_time
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
    from mureg.operations.months import resolutions
    from mureg.reports.json import reconciliation as reconciliation_json
    from mureg.reports.json import settlement as settlement_json
    from mureg.reports.month import discrepancies

if TYPE_CHECKING:
    from mureg.register.history import HistoryRecord

# So many numbers are listed in a note.
_MOST_SHOWN = 10
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
            write(session, file, session.output.json_object(_month_json(session.output, compared, closing)))
        else:
            if part in ("discrepancies", "statement") and compared.statement is None:
                raise resolutions.no_statement(compared.settled.record.month)
            document = month_document(compared, settings, closing)
            document_view.write_document(session, register, settings, document, output_format, file, part)
    _note_undiscounted(session, compared.settled.settlement)
    _note_look_alikes(session, compared)
    if compared.lapsed:
        session.output.note(
            msg(
                "no longer in force, because the charge or the row has changed: {pairs}",
                pairs=", ".join(resolution.pair for resolution in compared.lapsed),
            )
        )
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


def _month_json(output: Output, compared: Compared, closing: "HistoryRecord | None") -> dict[str, Any]:
    """The object of docs/reference.md; its charges, up to a hundred thousand, are read only if they are printed."""
    settled, found = compared.settled, compared.reconciliation
    charges = settled.charges() if output.prints("charges") else iter(())
    return {
        "month": str(settled.record.month),
        "state": settled.record.state,
        "closed": {"at": closing.done_at, "by": closing.done_by, "operation": closing.operation} if closing else None,
        "contract": settled.contract,
        "charges": (settlement_json.charge_json(charge.settled) for charge in charges),
        **settlement_json.totals_json(settled.settlement, settled.record.agreed_kopecks),
        "statement": reconciliation_json.statement_json(compared.statement, found) if compared.statement else None,
        "discrepancies": reconciliation_json.discrepancies_json(found, compared.resolutions) if found else [],
        "lapsed": [
            {"id": resolution.pair, "action": resolution.action, "reason": resolution.reason}
            for resolution in compared.lapsed
        ],
    }


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
        output.sentence(
            output.cell(
                msg("closed by {user} on {time}, operation {operation}",
                    user=closing.done_by, time=local_time(closing.done_at), operation=closing.operation)
            )
        )  # fmt: skip
    if document.reconciliation is not None:
        _print_reconciliation(output, compared, discrepancies.pair_rows(document))
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
            (N_("Agreed, if rounded by rows"), _agreed_by_rows(document)),
            (N_("Closed without a statement"), document.without_statement),
        ]
    )
    if document.vat_note:
        output.sentence(output.cell(document.vat_note))


def _agreed_by_rows(document: MonthDocument) -> Money | None:
    """The agreed amount as the operator's paper has it where it is rounded by rows, and that makes a difference."""
    difference, agreed = document.settlement.rounding_difference_kopecks, document.agreed_kopecks
    return Money(agreed - difference) if difference and agreed is not None else None


def _print_reconciliation(output: Output, compared: Compared, pairs: "Sequence[discrepancies.PairRow]") -> None:
    """First one sentence; then what differs, and what to do."""
    found, statement = compared.reconciliation, compared.statement
    assert found is not None, "the caller has looked"
    assert statement is not None, "there is one where there is a reconciliation"
    agreeing = found.agreeing
    output.line()
    difference = found.theirs_total_kopecks - found.ours_total_kopecks
    if pairs:
        sentence = plural(
            "The statement {file} differs from our settlement by {amount} in {count} place; {agreeing} agree",
            "The statement {file} differs from our settlement by {amount} in {count} places; {agreeing} agree",
            count=len(pairs), file=statement.file, amount=output.money(difference), agreeing=agreeing,
        )  # fmt: skip
    elif difference:
        # Row by row nothing differs: what does is the total, which the contract has rounded by itself.
        sentence = msg(
            "The statement {file} agrees with our settlement in every row: {agreeing} of {agreeing}; "
            "our total is rounded once, which makes a difference of {amount}",
            file=statement.file, agreeing=agreeing, amount=output.money(-difference),
        )  # fmt: skip
    else:
        sentence = msg(
            "The statement {file} agrees with our settlement: {agreeing} of {agreeing}",
            file=statement.file, agreeing=agreeing,
        )  # fmt: skip
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


def _note_look_alikes(session: Session, compared: Compared) -> None:
    found = compared.reconciliation.look_alikes if compared.reconciliation else []
    if not found:
        return
    shown = [f"{pair.theirs.number} = {pair.ours.sale.number}" for pair in found if pair.ours and pair.theirs]
    session.output.note(
        plural(
            "{count} number of the statement is written differently, and was matched by its look: {numbers}",
            "{count} numbers of the statement are written differently, and were matched by their look: {numbers}",
            count=len(found), numbers=", ".join(shown[:_MOST_SHOWN]) + ("…" if len(shown) > _MOST_SHOWN else ""),
        )
    )  # fmt: skip


def _note_undiscounted(session: Session, settlement: Settlement) -> None:
    if not settlement.undiscounted:
        return
    tier, day = settlement.undiscounted[0]
    session.output.note(
        plural(
            "the contract has no partner discount on {count} day of sales ({tier}, {day}): 0 % was used",
            "the contract has no partner discount on {count} days of sales (first {tier}, {day}): 0 % was used",
            count=len({day for _, day in settlement.undiscounted}), tier=msg(TIER_LABELS[tier]), day=day,
        )
    )  # fmt: skip
