"""A month's settlement as the JSON of docs/reference.md. Money is a string of roubles, a rate of percent."""

from typing import Any

from mureg.domain.contract import Charge
from mureg.domain.licence import Licence
from mureg.domain.money import format_money, format_rate
from mureg.domain.settlement import SettledSale, Settlement, Sum


def charge_json(settled: SettledSale) -> dict[str, Any]:
    """One charge of a settlement."""
    sale, charge = settled.sale, settled.charge
    return {
        "number": sale.number,
        "inn": sale.organization.inn,
        "kpp": sale.organization.kpp or None,
        "name": sale.name or None,
        "tier": sale.tier,
        "processed_on": sale.sold_on.isoformat(),
        "kind": settled.kind,
        "corrects": None if settled.corrects is None else str(settled.corrects),
        "cause": settled.cause,
        "list_price": format_money(charge.list_price_kopecks),
        "discount_rate": format_rate(charge.discount_rate),
        "discount": format_money(charge.discount_kopecks),
        "payable": format_money(charge.payable_kopecks),
        "promotion": sale.promotion or None,
        "promotion_discount": format_money(0),
    }


def totals_json(settlement: Settlement, agreed_kopecks: int | None) -> dict[str, Any]:
    """The sums of a settlement, by tier and in all; what was agreed, where the month is closed."""
    return {
        "tiers": [{"tier": tier, **sum_json(part)} for tier, part in settlement.tiers],
        "total": {
            **sum_json(settlement.total),
            "rounding_difference": format_money(settlement.rounding_difference_kopecks),
            "agreed": None if agreed_kopecks is None else format_money(agreed_kopecks),
        },
    }


def sum_json(part: Sum) -> dict[str, Any]:
    """Money of several licences."""
    return {
        "count": part.count,
        "list_price": format_money(part.list_price_kopecks),
        "discount": format_money(part.discount_kopecks),
        "payable": format_money(part.payable_kopecks),
    }


def licence_charge_json(licence: Licence, charge: Charge | None) -> dict[str, Any]:
    """What a sold licence costs; `null` where its price is not known."""
    return {
        "number": licence.application,
        "tier": licence.tier,
        "list_price": format_money(charge.list_price_kopecks) if charge else None,
        "discount_rate": format_rate(charge.discount_rate) if charge else None,
        "discount": format_money(charge.discount_kopecks) if charge else None,
        "payable": format_money(charge.payable_kopecks) if charge else None,
    }
