"""Licences as the JSON of docs/reference.md. Dates are ISO, money a string of roubles."""

from typing import Any

from mureg.domain.licence_list import ListedLicence
from mureg.domain.money import format_money

LISTED_FIELDS = (
    "application", "inn", "kpp", "name", "tier", "starts_on", "ends_on", "days_left", "state", "renewal", "phone",
    "email", "users", "needed_tier", "list_price",
)  # fmt: skip


def listed_licence_json(listed: ListedLicence) -> dict[str, Any]:
    """One licence of a list."""
    licence, organization, price = listed.licence, listed.organization, listed.list_price_kopecks
    values = (
        licence.application, licence.organization.inn, licence.organization.kpp or None, organization.name or None,
        licence.tier, licence.starts_on.isoformat(), licence.ends_on.isoformat(), listed.days_left, listed.state,
        listed.renewal, organization.phone or None, organization.email or None, organization.users,
        listed.needed_tier, None if price is None else format_money(price),
    )  # fmt: skip
    return dict(zip(LISTED_FIELDS, values, strict=True))
