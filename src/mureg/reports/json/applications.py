"""Applications, organisations and licences as the JSON of docs/reference.md. Dates are ISO."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from mureg.domain.application import Application, KeyOwner, Organization
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.domain.money import format_money
from mureg.domain.warnings import ApplicationWarning
from mureg.reports.json.errors import Translate


def application_json(
    application: Application,
    warnings: Iterable[ApplicationWarning],
    translate: Translate,
    licence: Licence | None = None,
) -> dict[str, Any]:
    """One application, as `application show` and `list` print it and as `import` takes it; the licence that it made."""
    request = application.request
    return {
        "number": request.number,
        "type": request.kind,
        "submitted_on": request.submitted_on,
        "status": application.status,
        "processed_on": _iso_text(application.processed_on),
        "cancelled_on": _iso_text(application.cancelled_on),
        "comment": application.comment or None,
        "client_comment": request.comment or None,
        "without_sale": application.without_sale or None,
        "licence": None if licence is None else _made_licence_json(licence),
        "organization": {
            "inn": request.inn,
            "kpp": request.kpp or None,
            "ogrn": request.ogrn or None,
            "name": request.name or None,
            "account": request.account or None,
            "program_number": request.program_number or None,
            "phone": request.phone or None,
            "email": request.email or None,
        },
        "multiuser": {
            "requested": request.requested,
            "requested_tier": request.requested_tier or None,
            "set": application.set_option or None,
            "set_tier": application.set_tier or None,
            "set_by": application.set_by or None,
            "effective": application.effective,
            "tier": application.tier,
            "suggested_tier": application.suggested_tier,
            "users": application.users,
        },
        "owners": [_owner_json(owner) for owner in application.owners],
        "authorities": list(application.authorities),
        "promotion": request.promotion or None,
        "source": {"file": application.source_file or None, "imported_at": application.imported_at or None},
        "warnings": [warning_json(warning, translate) for warning in warnings],
    }


def warning_json(warning: ApplicationWarning, translate: Translate) -> dict[str, str]:
    """One warning, its sentence in the user's language."""
    return {"code": warning.code, "level": warning.level, "message": translate(warning.message)}


def licence_json(licence: Licence, day: date) -> dict[str, Any]:
    """One licence, with its state on the day, as the products of an organisation list it."""
    return {
        "product": "multiuser",
        "state": licence.state(day),
        "tier": licence.tier,
        "starts_on": licence.starts_on.isoformat(),
        "ends_on": licence.ends_on.isoformat(),
        "application": licence.application,
    }


def total_change_json(month: Month, before_kopecks: int, after_kopecks: int) -> dict[str, str]:
    """An open month that charges another amount after a decision."""
    return {
        "month": str(month),
        "payable_before": format_money(before_kopecks),
        "payable": format_money(after_kopecks),
    }


def organization_json(organization: Organization, details: dict[str, str]) -> dict[str, Any]:
    """An organisation with its latest details and contacts."""
    return {
        "inn": organization.inn,
        "kpp": organization.kpp or None,
        **{name: details[name] or None for name in ("ogrn", "name", "account", "program_number", "phone", "email")},
    }


def _made_licence_json(licence: Licence) -> dict[str, Any]:
    """A licence as `import` takes it: what does not follow from its application."""
    return {
        "tier": licence.tier,
        "starts_on": licence.starts_on.isoformat(),
        "ends_on": licence.ends_on.isoformat(),
        "term_ends_on": _iso_text(licence.term_ends_on),
        "late": licence.late,
    }


def _owner_json(owner: KeyOwner) -> dict[str, Any]:
    return {
        "snils": owner.snils or None,
        "name": owner.name or None,
        "position": owner.position or None,
        "inn": owner.inn or None,
        "phone": owner.phone or None,
        "email": owner.email or None,
        "roles": list(owner.roles),
        "authorities": list(owner.authorities),
        "sender": owner.sender,
        "removed": owner.removed,
        "potential": owner.potential,
        "certificate": owner.certificate or None,
        "certificate_until": owner.certificate_until or None,
        "erased": owner.erased or None,
    }


def _iso_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
