"""A month as people and programs get it: what `reconcile` and `month show` print."""

from collections.abc import Sequence
from typing import Any

from mureg.cli.framework.output import Cell, Column, Output
from mureg.cli.framework.session import Session
from mureg.cli.views.labels import DISCREPANCY, MONTH_STATE, RESOLUTION, TIER, tier_label
from mureg.cli.views.month_document import write, write_document
from mureg.command_hints import quoted
from mureg.domain.exact_matches import DiscrepancyKind
from mureg.domain.reconciliation import TOTAL_ID, Pair
from mureg.domain.settlement import SettledSale, Settlement, Sum
from mureg.errors import N_, DifferencesFound, Message, msg, plural
from mureg.operations.reconciliation import Compared
from mureg.register.register import Register
from mureg.reports.cells import Label, Money, Rate
from mureg.reports.json.reconciliation import discrepancies_json, statement_json
from mureg.reports.json.settlement import charge_json, totals_json
from mureg.settings.schema import Settings

# What to do about each kind, instead of taking the operator's figure.
_ADVICE: dict[DiscrepancyKind, str] = {
    "missing_in_statement": N_("leave it to the next month: mureg month carry {month} {id} --reason TEXT"),
    "missing_in_register": N_("import and process the application, and reconcile again"),
    "tier_differs": N_("mend the register by mureg undo, and reconcile again"),
    "price_differs": N_("check the price in mureg.toml"),
    "discount_differs": N_("check the partner discount in mureg.toml"),
    "payable_differs": N_("ask the operator"),
    "month_differs": N_("process it on the right day"),
    "duplicate_in_statement": N_("ask the operator for a corrected statement"),
    "total_differs": N_("ask the operator for a corrected statement"),
}


def show_month(
    session: Session,
    register: Register,
    settings: Settings,
    compared: Compared,
    output_format: str,
    file: str | None,
    *,
    whole: bool,
) -> None:
    """Print a month in a format, or write it to a file; exit 6 while a discrepancy is unresolved."""
    if output_format == "table":
        _print_month(session.output, compared, whole=whole)
    elif output_format == "json":
        write(session, file, session.output.json_bytes(_month_json(session.output, compared)))
    else:
        write_document(session, register, settings, compared, output_format, file)
    _note_undiscounted(session, compared.settled.settlement)
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


def _month_json(output: Output, compared: Compared) -> dict[str, Any]:
    """The object of docs/reference.md; its charges, up to a hundred thousand, are read only if they are asked for."""
    settled, found = compared.settled, compared.reconciliation
    charges = settled.charges() if output.prints("charges") else iter(())
    return {
        "month": str(settled.record.month),
        "state": settled.record.state,
        "contract": settled.contract,
        "charges": [charge_json(charge.settled) for charge in charges],
        **totals_json(settled.settlement, settled.record.agreed_kopecks),
        "statement": statement_json(compared.statement) if compared.statement else None,
        "discrepancies": discrepancies_json(found, compared.resolutions) if found else [],
    }


def _print_month(output: Output, compared: Compared, *, whole: bool) -> None:
    settled = compared.settled
    settlement, record = settled.settlement, settled.record
    output.heading(
        output.cell(msg("Settlement of {month}, contract {contract}", month=record.month, contract=settled.contract))
    )
    if record.state == "open":
        output.line(output.cell(msg("draft: the reconciliation is not finished")))
    else:
        output.line(output.cell(Label(MONTH_STATE[record.state])))
    if compared.reconciliation is not None:
        _print_reconciliation(output, compared)
    if compared.reconciliation is None or whole:
        output.line()
        _print_charges(output, [charge.settled for charge in settled.charges()])
    output.line()
    _print_sums(output, settlement)
    output.line()
    output.facts(
        [
            (N_("Rounding difference"), Money(settlement.rounding_difference_kopecks)),
            (N_("Agreed"), Money(record.agreed_kopecks) if record.agreed_kopecks is not None else None),
            (N_("Closed without a statement"), record.without_statement),
        ]
    )
    if settled.vat_note:
        output.sentence(output.cell(settled.vat_note))


def _print_reconciliation(output: Output, compared: Compared) -> None:
    """First one sentence; then what differs, by kind, and what to do."""
    found, statement = compared.reconciliation, compared.statement
    assert found is not None, "the caller has looked"
    assert statement is not None, "there is one where there is a reconciliation"
    differing = compared.differing
    agreeing = found.agreeing
    output.line()
    difference = found.theirs_total_kopecks - found.ours_total_kopecks
    if differing or found.total_differs:
        sentence = plural(
            "The statement {file} differs from our settlement by {amount} in {count} place; {agreeing} agree",
            "The statement {file} differs from our settlement by {amount} in {count} places; {agreeing} agree",
            count=len(differing) + found.total_differs, file=statement.file, amount=output.money(difference),
            agreeing=agreeing,
        )  # fmt: skip
    elif difference:
        # Row by row nothing differs: what does is the total, which the contract has rounded by itself.
        sentence = msg(
            "The statement {file} agrees with our settlement row by row: {agreeing} of {agreeing}; "
            "our total is rounded by itself, which makes a difference of {amount}",
            file=statement.file, agreeing=agreeing, amount=output.money(-difference),
        )  # fmt: skip
    else:
        sentence = msg(
            "The statement {file} agrees with our settlement: {agreeing} of {agreeing}",
            file=statement.file, agreeing=agreeing,
        )  # fmt: skip
    output.sentence(output.cell(sentence))
    for kind, heading in DISCREPANCY.items():
        pairs = [pair for pair in differing if kind in pair.kinds]
        if pairs:
            output.line()
            output.heading(output.cell(Label(heading)))
            output.table(_PAIR_COLUMNS, [_pair_row(output, pair, compared) for pair in pairs])
    _print_advice(output, compared)


_PAIR_COLUMNS = (
    Column(N_("Discrepancy")), Column(N_("Organisation"), may_wrap=True, may_go=True), Column(N_("Ours")),
    Column(N_("Theirs")), Column(N_("Difference"), "right"), Column(N_("Resolution"), may_wrap=True),
)  # fmt: skip


def _pair_row(output: Output, pair: Pair, compared: Compared) -> tuple[Cell, ...]:
    ours: str | None = None
    theirs: str | None = None
    name = ""
    if pair.ours is not None:
        name = pair.ours.sale.name
        if pair.settled_in:
            # What another month settles is no part of ours here.
            ours = output.cell(msg("settled in {month}", month=pair.settled_in))
        else:
            ours = _side(output, pair.ours.sale.tier, pair.ours.charge.payable_kopecks)
    if pair.theirs is not None:
        name = name or pair.theirs.name
        theirs = _side(output, pair.theirs.tier, pair.theirs.payable_kopecks)
    resolution = compared.resolutions.get(pair.id)
    done = None
    if resolution is not None:
        done = msg("{action}: {reason}", action=msg(RESOLUTION[resolution.action]), reason=resolution.reason)
    return (pair.id, name, ours, theirs, Money(pair.difference_kopecks), done)


def _side(output: Output, tier: str, payable_kopecks: int) -> str:
    return f"{tier or '—'} {output.money(payable_kopecks)}"


def _print_advice(output: Output, compared: Compared) -> None:
    """What to do about each open discrepancy, as commands."""
    month = compared.settled.record.month
    open_pairs = [(pair.kinds[0], pair.id) for pair in compared.open_pairs]
    if compared.is_total_open:
        open_pairs.append(("total_differs", TOTAL_ID))
    if not open_pairs:
        return
    output.line()
    output.heading(output.cell(Label(N_("What to do"))))
    for kind, name in open_pairs:
        values: dict[str, object] = {"month": str(month), "id": quoted(name)}
        advice = msg(
            "{advice}; or take the operator's figure: mureg month accept {month} {id} --reason TEXT",
            advice=Message(_ADVICE[kind], values), **values,
        )  # fmt: skip
        output.sentence(output.cell(advice), f"  {output.cell(name)}:")


def _print_charges(output: Output, charges: Sequence[SettledSale]) -> None:
    columns = [
        Column(N_("Number")), Column(N_("Processed")), Column(N_("ИНН"), may_go=True),
        Column(N_("Organisation"), may_wrap=True), Column(N_("Tier")), Column(N_("List price"), "right"),
        Column(N_("%"), "right"), Column(N_("Discount"), "right"), Column(N_("Payable"), "right"),
        Column(N_("Promotion"), may_wrap=True),
    ]  # fmt: skip
    rows = [_charge_row(output, charge) for charge in charges]
    if any(charge.corrects for charge in charges):
        columns.append(Column(N_("Corrects")))
        rows = [
            (*row, str(charge.corrects) if charge.corrects else None) for row, charge in zip(rows, charges, strict=True)
        ]
    output.table(columns, rows)


def _charge_row(output: Output, settled: SettledSale) -> tuple[Cell, ...]:
    sale, charge, _, _ = settled
    promotion = None
    if sale.promotion:
        promotion = msg("{promotion}: {amount}", promotion=sale.promotion, amount=output.money(0))
    return (
        sale.number, sale.sold_on, sale.organization.inn, sale.name, tier_label(sale.tier),
        Money(charge.list_price_kopecks), Rate(charge.discount_rate), Money(charge.discount_kopecks),
        Money(charge.payable_kopecks), promotion,
    )  # fmt: skip


def _print_sums(output: Output, settlement: Settlement) -> None:
    output.table(
        (
            Column(N_("Tier")), Column(N_("Licences"), "right"), Column(N_("List price"), "right"),
            Column(N_("Discount"), "right"), Column(N_("Payable"), "right"),
        ),
        [*(_sum_row(tier_label(tier), part) for tier, part in settlement.tiers),
         _sum_row(Label(N_("Total")), settlement.total)],
        last_is_total=True,
    )  # fmt: skip


def _sum_row(label: Cell, part: Sum) -> tuple[Cell, ...]:
    return (
        label,
        part.count,
        Money(part.list_price_kopecks),
        Money(part.discount_kopecks),
        Money(part.payable_kopecks),
    )


def _note_undiscounted(session: Session, settlement: Settlement) -> None:
    if not settlement.undiscounted:
        return
    tier, day = settlement.undiscounted[0]
    session.output.note(
        plural(
            "the contract has no partner discount on {count} day of sales ({tier}, {day}): 0 % was counted",
            "the contract has no partner discount on {count} days of sales (first {tier}, {day}): 0 % was counted",
            count=len({day for _, day in settlement.undiscounted}), tier=msg(TIER[tier]), day=day,
        )
    )  # fmt: skip
