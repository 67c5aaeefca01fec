"""`mureg contract show`: prices, discounts and rules in force, and where each comes from."""

from datetime import date
from typing import Annotated, Any

import typer

from mureg.cli.framework.output.output import Output
from mureg.cli.framework.session import session_of
from mureg.domain.contract import SublicenceContract, TermsOfTier
from mureg.domain.money import format_money, format_rate
from mureg.errors import N_
from mureg.reports import contract as reports

app = typer.Typer()


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
    contract = settings.required_contract()
    terms = contract.terms_on(day)
    if session.output.wants_json:
        session.output.json(_json(contract, terms, day))
    else:
        _print(session.output, contract, terms, day)


def _json(contract: SublicenceContract, terms: list[TermsOfTier], day: date) -> dict[str, Any]:
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
            for tier, price, discount in terms
        ],
    }


def _print(output: Output, contract: SublicenceContract, terms: list[TermsOfTier], day: date) -> None:
    output.heading(output.cell(reports.title(contract)))
    output.facts(reports.facts(contract, day))
    output.line()
    output.table(reports.COLUMNS, reports.rows(terms))
