"""What needs a person today as the JSON of docs/reference.md."""

from typing import Any

from mureg.domain.today import ExpiringCertificate, MonthToDo, Waiting


def waiting_json(waiting: Waiting) -> dict[str, Any]:
    """The new applications."""
    oldest = waiting.oldest.isoformat() if waiting.oldest else None
    return {"count": waiting.applications, "oldest": oldest, "with_warnings": waiting.with_warnings}


def certificate_json(certificate: ExpiringCertificate) -> dict[str, Any]:
    """A certificate that ends soon."""
    return {
        "application": certificate.application,
        "inn": certificate.organization.inn,
        "name": certificate.name or None,
        "owner": certificate.owner or None,
        "until": certificate.until.isoformat(),
    }


def month_json(to_do: MonthToDo) -> dict[str, Any]:
    """What a month needs next."""
    return {"month": str(to_do.month), "needs": to_do.needs, "command": to_do.command}
