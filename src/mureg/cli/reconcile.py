"""`mureg reconcile --month MONTH`: the settlement of a month."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from mureg.cli.labels import TIER, tier_label
from mureg.cli.output import Cell, Column, Money, Output, Rate
from mureg.cli.session import Session, needed, session_of
from mureg.domain.settlement import SettledSale, Settlement
from mureg.errors import N_, Rejected, WrongUsage, msg, plural
from mureg.operations.settling import SettledMonth, settled_month
from mureg.reports.error_json import as_text
from mureg.reports.settlement_csv import TOTAL, settlement_csv
from mureg.reports.settlement_json import charge_json, totals_json

app = typer.Typer()

FORMATS = ("table", "json", "csv")


@app.command(
    "reconcile",
    help=N_("The settlement of a month: every charge, the sums by tier and in all"),
    epilog="mureg reconcile --month 2023-08\nmureg reconcile --month last --format csv -o август.csv\n"
    "mureg reconcile --month 2023-08 --json",
)
def reconcile(
    ctx: typer.Context,
    month: Annotated[
        str | None, typer.Option("--month", metavar="MONTH", help=N_("As 2023-08, 08.2023, «август 2023», this, last"))
    ] = None,
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=N_("table (unless said), json or csv"))
    ] = "table",
    file: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=N_("Write to this file"))] = None,
) -> None:
    """Price the licences sold in the month by the contract in force on each day."""
    session = session_of(ctx)
    if output_format not in FORMATS:
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--format", value=output_format),
            msg("there are: {names}", names=", ".join(FORMATS)),
        )
    wanted = session.month(needed(month, "--month"))
    if session.output.wants_json:
        if output_format == "csv":
            raise WrongUsage(msg("--json and --format csv are two formats"), msg("leave one of them out"))
        output_format = "json"
    if file is not None and output_format == "table":
        raise WrongUsage(msg("a table is for the screen"), msg("say --format csv or --format json with -o"))
    contract = session.settings().contract
    with session.register() as register:
        settled = settled_month(register, wanted, contract)
        if output_format == "table":
            _print_table(session, settled)
        elif output_format == "csv":
            _write(session, file, _csv(session, settled))
        elif session.output.fields is not None:
            _write(session, file, session.output.json_bytes(_whole(settled)))
        elif file is None:
            for part in _json(settled):
                session.output.data(part)
        else:
            _write(session, file, b"".join(_json(settled)))
    _note_undiscounted(session, settled.settlement)


def _json(settled: SettledMonth) -> Iterator[bytes]:
    """The object of interface.md, written charge by charge: a month may have a hundred thousand."""
    head = _head(settled)
    yield as_text(head)[:-1].encode() + b', "charges": ['
    separator = b"\n"
    for charge in settled.charges:
        yield separator + as_text(charge_json(charge)).encode()
        separator = b",\n"
    tail = totals_json(settled.settlement) | _tail()
    yield b"],\n" + as_text(tail)[1:].encode() + b"\n"


def _whole(settled: SettledMonth) -> dict[str, Any]:
    charges = [charge_json(charge) for charge in settled.charges]
    return _head(settled) | {"charges": charges} | totals_json(settled.settlement) | _tail()


def _head(settled: SettledMonth) -> dict[str, Any]:
    return {"month": str(settled.settlement.month), "state": "open", "contract": settled.contract.number}


def _tail() -> dict[str, Any]:
    return {"statement": None, "discrepancies": []}


def _csv(session: Session, settled: SettledMonth) -> bytes:
    word = session.language.word
    return settlement_csv(settled.settlement, settled.charges, word, lambda tier: word(TIER[tier]))


def _write(session: Session, file: str | None, content: bytes) -> None:
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


def _print_table(session: Session, settled: SettledMonth) -> None:
    output = session.output
    settlement, contract = settled.settlement, settled.contract
    output.heading(output.cell(msg("Settlement of {month}, contract {contract}",
                                   month=str(settlement.month), contract=contract.number)))  # fmt: skip
    output.line(output.cell(msg("draft: the reconciliation is not finished")))
    output.line()
    output.table(
        (
            Column(N_("Number")), Column(N_("Processed")), Column(N_("ИНН"), may_go=True),
            Column(N_("Organisation"), may_wrap=True),
            Column(N_("Tier")), Column(N_("List price"), "right"), Column(N_("Discount %"), "right"),
            Column(N_("Discount"), "right"), Column(N_("Payable"), "right"), Column(N_("Promotion"), may_wrap=True),
        ),
        (_charge_row(output, charge) for charge in settled.charges),
    )  # fmt: skip
    output.line()
    output.table(
        (
            Column(N_("Tier")), Column(N_("Licences"), "right"), Column(N_("List price"), "right"),
            Column(N_("Discount"), "right"), Column(N_("Payable"), "right"),
        ),
        [*(_sum_row(tier_label(tier), part) for tier, part in settlement.tiers),
         _sum_row(msg(TOTAL), settlement.total)],
        last_is_total=True,
    )  # fmt: skip
    output.line()
    output.facts(
        [
            (N_("Rounding difference"), Money(settlement.rounding_difference_kopecks)),
        ]
    )
    if contract.vat_note:
        output.line(output.cell(contract.vat_note))


def _charge_row(output: Output, settled: SettledSale) -> tuple[Cell, ...]:
    sale, charge, _, _ = settled
    promotion = (
        msg("{promotion}: {amount}", promotion=sale.promotion, amount=output.money(0)) if sale.promotion else None
    )
    return (
        sale.number, sale.sold_on, sale.organization.inn, sale.name, tier_label(sale.tier),
        Money(charge.list_price_kopecks), Rate(charge.discount_rate), Money(charge.discount_kopecks),
        Money(charge.payable_kopecks), promotion,
    )  # fmt: skip


def _sum_row(label: Cell, part: Any) -> tuple[Cell, ...]:
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
            count=len(settlement.undiscounted), tier=tier, day=day,
        )
    )  # fmt: skip
