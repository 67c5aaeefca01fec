"""A month as people, programs and documents get it: what `reconcile` and `month show` print."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mureg.cli.labels import TIER, tier_label
from mureg.cli.output import Cell, Column, Label, Money, Output, Rate
from mureg.cli.session import Session
from mureg.domain.licence import quoted
from mureg.domain.reconciliation import TOTAL as TOTAL_ID
from mureg.domain.reconciliation import DiscrepancyKind, Pair
from mureg.domain.settlement import SettledSale, Settlement, Sum
from mureg.errors import N_, DifferencesFound, Message, Rejected, WrongUsage, msg, plural
from mureg.operations.months import Compared
from mureg.reports.reconciliation_json import discrepancies_json, statement_json
from mureg.reports.settlement_csv import TOTAL, settlement_csv
from mureg.reports.settlement_json import charge_json, totals_json

FORMATS = ("table", "json", "csv", "xlsx")

STATE = {"open": N_("open"), "closed": N_("closed"), "invoiced": N_("invoiced")}

# Each kind's heading, and what to do about it.
KIND: dict[DiscrepancyKind, tuple[str, str]] = {
    "missing_in_statement": (
        N_("Not in the statement"),
        N_("leave it to the next month: mureg month carry {month} {id} --reason TEXT; or take the operator's word"),
    ),
    "missing_in_register": (
        N_("Not in the register"),
        N_(
            "import and process the application, and reconcile again; or: mureg month accept {month} {id} --reason TEXT"
        ),
    ),
    "tier_differs": (
        N_("Another tier"),
        N_("mend the register by mureg undo, and reconcile again; or: mureg month accept {month} {id} --reason TEXT"),
    ),
    "price_differs": (
        N_("Another list price"),
        N_("check the price in mureg.toml; or: mureg month accept {month} {id} --reason TEXT"),
    ),
    "discount_differs": (
        N_("Another discount"),
        N_("check the partner discount in mureg.toml; or: mureg month accept {month} {id} --reason TEXT"),
    ),
    "payable_differs": (
        N_("Another amount payable"),
        N_("ask the operator; or: mureg month accept {month} {id} --reason TEXT"),
    ),
    "month_differs": (
        N_("Settled in another month"),
        N_("process it on the right day; or settle it here: mureg month accept {month} {id} --reason TEXT"),
    ),
    "duplicate_in_statement": (
        N_("Twice in the statement"),
        N_("ask the operator for a corrected statement; or: mureg month accept {month} {id} --reason TEXT"),
    ),
    "total_differs": (
        N_("The statement's total is not the sum of its rows"),
        N_("ask the operator for a corrected statement; or: mureg month accept {month} {id} --reason TEXT"),
    ),
}


def show_month(session: Session, compared: Compared, output_format: str, file: str | None, *, whole: bool) -> None:
    """Print a month in a format, or write it to a file; exit 6 while a discrepancy is unresolved."""
    if output_format == "table":
        _print_month(session.output, compared, whole=whole)
    elif output_format == "json":
        write(session, file, session.output.json_bytes(month_json(compared)))
    elif output_format == "csv":
        word = session.language.word
        charges = (charge.settled for charge in compared.charges)
        write(session, file, settlement_csv(compared.settled.settlement, charges, word, lambda tier: word(TIER[tier])))
    else:
        _write_workbook(session, compared, file)
    _note_undiscounted(session, compared.settled.settlement)
    if compared.unresolved:
        month = compared.settled.record.month
        raise DifferencesFound(
            plural(
                "{count} discrepancy is unresolved", "{count} discrepancies are unresolved", count=compared.unresolved
            ),
            msg("resolve them, then: mureg month close {month}", month=month),
        )


def _write_workbook(session: Session, compared: Compared, file: str | None) -> None:
    # A workbook's library is slow to load, and only a workbook pays for it.
    from mureg.reports.month_workbook import MonthDocument, Words, month_workbook  # noqa: PLC0415

    settled, word = compared.settled, session.language.word
    partner = session.settings().partner
    is_draft = settled.record.state == "open"
    document = MonthDocument(
        month=settled.record.month,
        state=word(N_("draft: the reconciliation is not finished") if is_draft else STATE[settled.record.state]),
        partner=f"{partner.name}, {word(N_('ИНН'))} {partner.inn}" if partner else "",
        contract=settled.contract,
        vat_note=settled.vat_note,
        settlement=settled.settlement,
        charges=[charge.settled for charge in compared.charges],
        statement=compared.statement,
        reconciliation=compared.reconciliation,
        resolutions=compared.resolutions,
        agreed_kopecks=settled.record.agreed_kopecks,
    )
    kinds = {kind: heading for kind, (heading, _) in KIND.items()}
    write(session, file, month_workbook(document, Words(word, kinds, ACTION)))


def chosen_format(session: Session, output_format: str, file: str | None) -> str:
    """The format asked for by `--format` and `--json`. Raises `WrongUsage`."""
    if output_format not in FORMATS:
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--format", value=output_format),
            msg("there are: {names}", names=", ".join(FORMATS)),
        )
    if session.output.wants_json and output_format not in ("table", "json"):
        raise WrongUsage(
            msg("--json and --format {format} are two formats", format=output_format), msg("leave one of them out")
        )
    if session.output.wants_json:
        return "json"
    if file is not None and output_format == "table":
        raise WrongUsage(msg("a table is for the screen"), msg("say --format csv or --format json with -o"))
    if output_format == "xlsx" and file is None and session.output.is_terminal:
        raise WrongUsage(msg("a workbook is no text for a terminal"), msg("name a file: -o август.xlsx"))
    return output_format


def write(session: Session, file: str | None, content: bytes) -> None:
    """Write to the file, or to stdout where none is named."""
    if file is None:
        session.output.data(content)
        return
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise Rejected(
            msg("{path} cannot be written: {reason}", path=file, reason=error.strerror or str(error)),
            msg("choose another file, or close the program that holds it"),
        ) from None
    session.output.note(msg("written: {path}", path=file))


def month_json(compared: Compared) -> dict[str, Any]:
    """The object of interface.md."""
    settled, found = compared.settled, compared.reconciliation
    return {
        "month": str(settled.record.month),
        "state": settled.record.state,
        "contract": settled.contract,
        "charges": [charge_json(charge.settled) for charge in compared.charges],
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
        output.line(output.cell(Label(STATE[record.state])))
    if compared.reconciliation is not None:
        _print_reconciliation(output, compared)
    if compared.reconciliation is None or whole:
        output.line()
        _print_charges(output, [charge.settled for charge in compared.charges])
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
        output.line(output.cell(settled.vat_note))


def _print_reconciliation(output: Output, compared: Compared) -> None:
    """First one sentence; then what differs, by kind, and what to do."""
    found, statement = compared.reconciliation, compared.statement
    assert found is not None, "the caller has looked"
    assert statement is not None, "there is one where there is a reconciliation"
    differing = compared.differing
    agreeing = len(found.pairs) - len(differing)
    output.line()
    difference = found.theirs_total_kopecks - found.ours_total_kopecks
    if differing or found.total_differs:
        places = len(differing) + found.total_differs
        output.line(
            output.cell(
                plural(
                    "The statement {file} differs from our settlement by {amount} in {count} place; {agreeing} agree",
                    "The statement {file} differs from our settlement by {amount} in {count} places; {agreeing} agree",
                    count=places,
                    file=statement.file,
                    amount=output.money(difference),
                    agreeing=agreeing,
                )
            )
        )
    else:
        output.line(
            output.cell(
                msg("The statement {file} agrees with our settlement: {agreeing} of {agreeing}",
                    file=statement.file, agreeing=agreeing)
            )
        )  # fmt: skip
    for kind, (heading, _) in KIND.items():
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

ACTION = {"accept": N_("the operator's figure"), "carry": N_("left to the next month")}


def _pair_row(output: Output, pair: Pair, compared: Compared) -> tuple[Cell, ...]:
    ours = theirs = None
    name = ""
    if pair.ours is not None:
        name = pair.ours.sale.name
        ours = _side(output, pair.ours.sale.tier, pair.ours.charge.payable_kopecks)
    if pair.theirs is not None:
        name = name or pair.theirs.name
        theirs = _side(output, pair.theirs.tier, pair.theirs.payable_kopecks)
    resolution = compared.resolutions.get(pair.id)
    done = None
    if resolution is not None:
        done = msg("{action}: {reason}", action=msg(ACTION[resolution.action]), reason=resolution.reason)
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
        output.line(
            f"  {output.cell(name)}: " + output.cell(Message(KIND[kind][1], {"month": str(month), "id": quoted(name)}))
        )


def _print_charges(output: Output, charges: Sequence[SettledSale]) -> None:
    columns = [
        Column(N_("Number")), Column(N_("Processed")), Column(N_("ИНН"), may_go=True),
        Column(N_("Organisation"), may_wrap=True), Column(N_("Tier")), Column(N_("List price"), "right"),
        Column(N_("Discount %"), "right"), Column(N_("Discount"), "right"), Column(N_("Payable"), "right"),
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
         _sum_row(msg(TOTAL), settlement.total)],
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
            count=len({day for _, day in settlement.undiscounted}), tier=tier, day=day,
        )
    )  # fmt: skip
