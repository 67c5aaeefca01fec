"""List licences, with what a renewal needs."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from mureg.domain.contract import SublicenceContract
from mureg.domain.licence_list import ListedLicence, OrganizationToday, listed_licence
from mureg.register.queries.licence_list import FoundLicence
from mureg.register.register import Register

_AT_ONCE = 200


def listed_licences(
    register: Register, found: Iterable[FoundLicence], contract: SublicenceContract | None, on: date
) -> Iterator[ListedLicence]:
    """The licences as of a day, in the same order."""
    found = iter(found)
    while some := list(islice(found, _AT_ONCE)):
        organizations = register.organizations.today({each.licence.organization for each in some})
        for licence, renewal in some:
            today = organizations.get(licence.organization, OrganizationToday())
            yield listed_licence(licence, renewal, today, contract, on)
