"""A licence as a list shows it: whose it is, how long it lasts, and what a renewal needs."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from mureg.domain.application import Organization, Tier, tier_for
from mureg.domain.dates import last_day_of_term, parse_month
from mureg.domain.licence import Licence, active_licence

if TYPE_CHECKING:
    from mureg.domain.contract import SublicenceContract

LicenceState = Literal["on", "ended", "upcoming"]
LICENCE_STATES: tuple[LicenceState, ...] = ("on", "ended", "upcoming")
Renewal = Literal["licensed", "waiting"]
"""A later licence of the organization exists, or an application for one is waiting."""


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date


# Days and months, in English and in Russian.
_UNITS_OF_PERIODS = "dmдм"


def parse_period(text: str, on: date, today: date) -> Period | None:
    """The days from a day on that `30d` or `3m` names, or those of a month; `None` for anything else."""
    number, unit = text[:-1], text[-1:].lower()
    if number.isascii() and number.isdigit() and len(number) < 4 and unit and unit in _UNITS_OF_PERIODS:
        if unit in "dд":
            return Period(on, on + timedelta(days=int(number)))
        return Period(on, last_day_of_term(on, int(number)))
    month = parse_month(text, today)
    return Period(month.first_day, month.last_day) if month is not None else None


class OrganizationToday(NamedTuple):
    """The latest that an organization's applications state of it; empty or `None` where none does."""

    name: str = ""
    phone: str = ""
    email: str = ""
    users: int | None = None


class ListedLicence(NamedTuple):
    """A licence with its renewal and its organization, as of the day `on`."""

    licence: Licence
    renewal: Renewal | None
    organization: OrganizationToday
    on: date
    list_price_kopecks: int | None

    @property
    def state(self) -> LicenceState:
        """The state on the day."""
        return self.licence.state(self.on)

    @property
    def days_left(self) -> int:
        """0 on the last day, negative after it."""
        return (self.licence.ends_on - self.on).days

    @property
    def needed_tier(self) -> Tier | None:
        """The tier that the organization's users need."""
        return tier_for(self.organization.users)


def listed_licence(
    licence: Licence,
    renewal: Renewal | None,
    organization: OrganizationToday,
    contract: "SublicenceContract | None",
    on: date,
) -> ListedLicence:
    """A licence with the list price of a renewal on the day: of the needed tier, else of the same one."""
    listed = ListedLicence(licence, renewal, organization, on, None)
    price = contract.price_on(listed.needed_tier or licence.tier, on) if contract is not None else None
    return listed._replace(list_price_kopecks=price.amount_kopecks if price is not None else None)


class ListedOrganization(NamedTuple):
    """An organization, how many applications it has, and the licence that counts on the day."""

    organization: Organization
    name: str
    applications: int
    licence: Licence | None


def current_licence(licences: list[Licence], day: date) -> Licence | None:
    """The licence that a list shows: the one in force, else the next one, else the last that ended."""
    upcoming = [licence for licence in licences if licence.state(day) == "upcoming"]
    ended = [licence for licence in licences if licence.starts_on <= licence.ends_on < day]
    return (
        active_licence(licences, day)
        or min(upcoming, key=lambda licence: licence.starts_on, default=None)
        or max(ended, key=lambda licence: licence.ends_on, default=None)
    )
