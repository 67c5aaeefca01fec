"""`mureg contract show`: prices, discounts and rules in force, and where each comes from."""

from datetime import date
from typing import Annotated, Any, NamedTuple

import typer

from mureg.cli.framework.output.columns import Column
from mureg.cli.framework.output.output import Output
from mureg.cli.framework.session import session_of
from mureg.domain.application import TIERS, Tier
from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.domain.money import format_money, format_rate
from mureg.errors import N_, Refused, msg, plural
from mureg.reports.cells import Label, Money, Rate
from mureg.reports.labels import TIER

app = typer.Typer()

ROUNDING = {
    "licence": N_("kopecks are rounded for each licence"),
    "total": N_("kopecks are rounded once per tier and rate of the month"),
}


class InForce(NamedTuple):
    """What holds for a tier on a day; `None` where nothing does."""

    tier: Tier
    price: Price | None
    discount: Discount | None


@app.command(
    "show",
    help=N_("Show the prices, discounts and rules in force, and where each comes from"),
    epilog="mureg contract show\nmureg contract show --on 2023-08-01 --json",
)
def show(
    ctx: typer.Context,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=N_("Terms in force on this date (default: today)"))
    ] = None,
) -> None:
    """The sublicence contract as mureg.toml states it, on a day."""
    session = session_of(ctx)
    day = session.day(on)
    settings = session.settings()
    contract = settings.contract
    if contract is None:
        raise Refused(
            msg("mureg.toml has no sublicence contract"),
            msg("mureg init writes a template with every key; use the prices and discounts of your own contract"),
        )
    in_force = [InForce(tier, contract.price_on(tier, day), contract.discount_on(tier, day)) for tier in TIERS]
    if session.output.wants_json:
        session.output.json(_json(contract, in_force, day))
    else:
        _print(session.output, contract, in_force, day)


def _json(contract: SublicenceContract, in_force: list[InForce], day: date) -> dict[str, Any]:
    return {
        "number": contract.number,
        "signed_on": contract.signed_on.isoformat() if contract.signed_on else None,
        "term_months": contract.term_months,
        "rounding": contract.rounding,
        "vat_note": contract.vat_note or None,
        "on": day.isoformat(),
        "tiers": [
            {
                "tier": tier,
                "list_price": format_money(price.amount_kopecks) if price else None,
                "price_from": price.from_on.isoformat() if price else None,
                "price_origin": price.origin if price else None,
                "discount_rate": format_rate(discount.rate) if discount else None,
                "discount_from": discount.from_on.isoformat() if discount else None,
                "discount_origin": discount.origin if discount else None,
            }
            for tier, price, discount in in_force
        ],
    }


def _print(output: Output, contract: SublicenceContract, in_force: list[InForce], day: date) -> None:
    output.heading(output.cell(msg("Sublicence contract {number}", number=contract.number)))
    output.facts(
        [
            (N_("Signed"), contract.signed_on),
            (N_("Term of a licence"), plural("{count} month", "{count} months", count=contract.term_months)),
            (N_("Rounding"), Label(ROUNDING[contract.rounding])),
            (N_("On the invoice"), contract.vat_note),
            (N_("As of"), day),
        ]
    )
    output.line()
    output.table(
        (
            Column(N_("Tier")),
            Column(N_("List price"), "right"),
            Column(N_("From"), may_go=1),
            Column(N_("Where"), may_go=3),
            Column(N_("Partner discount, %"), "right"),
            Column(N_("From"), may_go=2),
            Column(N_("Where"), may_go=4),
        ),
        [
            (
                Label(TIER[tier]),
                Money(price.amount_kopecks) if price else Label(N_("none")),
                price.from_on if price else None,
                price.origin if price else None,
                Rate(discount.rate) if discount else Label(N_("none")),
                discount.from_on if discount else None,
                discount.origin if discount else None,
            )
            for tier, price, discount in in_force
        ],
    )
