"""The sublicence contract on a day: its rules, and the prices and discounts in force with the place of each."""

from collections.abc import Iterator, Sequence
from datetime import date

from mureg.domain.contract import SublicenceContract, TermsOfTier
from mureg.errors import N_, Message, msg, plural
from mureg.reports.cells import Cell, Column, Label, Money, Rate
from mureg.reports.labels import TIER

_ROUNDING = {
    "licence": N_("kopecks are rounded for each licence"),
    "total": N_("kopecks are rounded once per tier and rate of the month"),
}

COLUMNS = (
    Column(N_("Tier")),
    Column(N_("List price"), "right"),
    Column(N_("From"), may_go=1),
    Column(N_("Where"), may_go=3),
    Column(N_("Partner discount, %"), "right"),
    Column(N_("From"), may_go=2),
    Column(N_("Where"), may_go=4),
)


def title(contract: SublicenceContract) -> Message:
    """The contract with its number."""
    return msg("Sublicence contract {number}", number=contract.number)


def facts(contract: SublicenceContract, day: date) -> list[tuple[str, Cell]]:
    """The rules, each with its label."""
    return [
        (N_("Signed"), contract.signed_on),
        (N_("Term of a licence"), plural("{count} month", "{count} months", count=contract.term_months)),
        (N_("Rounding"), Label(_ROUNDING[contract.rounding])),
        (N_("On the invoice"), contract.vat_note),
        (N_("As of"), day),
    ]


def rows(terms: Sequence[TermsOfTier]) -> Iterator[tuple[Cell, ...]]:
    """The terms of each tier."""
    for tier, price, discount in terms:
        yield (
            Label(TIER[tier]),
            Money(price.amount_kopecks) if price else Label(N_("none")),
            price.from_on if price else None,
            price.origin if price else None,
            Rate(discount.rate) if discount else Label(N_("none")),
            discount.from_on if discount else None,
            discount.origin if discount else None,
        )
