"""An organization, as the Web-registrator's card shows it."""

from collections.abc import Mapping
from datetime import date

from mureg.domain.application import Organization
from mureg.errors import N_, msg
from mureg.reports.application_card import Facts

NO_PRODUCTS = msg("no multi-user mode")
NOT_ERASED = msg(
    "not erased: backups and copies of the register, exports, clients' files; names of organizations, including sole "
    "proprietors; comments and reasons, names of files"
)


def facts(organization: Organization, details: Mapping[str, str], on: date) -> Facts:
    """Who it is, and how to reach it: `details` is the latest that its applications state."""
    return [
        (N_("ИНН"), organization.inn),
        (N_("КПП"), organization.kpp),
        (N_("ОГРН"), details["ogrn"]),
        (N_("Account"), details["account"]),
        (N_("Registration number of the program"), details["program_number"]),
        (N_("Phone"), details["phone"]),
        (N_("E-mail"), details["email"]),
        (N_("As of"), on),
    ]
