"""Licences of the multi-user mode and their sales: what processing an application makes, replaces and ends."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import TIER_WORDS, TIERS, Application, Organization, Tier, is_higher, tier_holds
from mureg.domain.dates import SALES_BEGAN_ON, last_day_of_term
from mureg.errors import Refused, msg

_DAY = timedelta(days=1)


class Licence(NamedTuple):
    """The right to the mode, made by one application. The last day is included.

    `sold_on` is `None` for a licence that was sold outside the register, `cancelled_on` set where the sale was called
    off, `late` where it was sold in a month that was closed already, so that a correction settles it. A licence that
    was ended before it began has an `ends_on` before its `starts_on`.
    """

    application: str
    organization: Organization
    tier: Tier
    starts_on: date
    ends_on: date
    sold_on: date | None
    cancelled_on: date | None = None
    late: bool = False

    def is_living(self, day: date) -> bool:
        """Whether the mode works by this licence on the day."""
        return self.starts_on <= day <= self.ends_on

    def state(self, day: date) -> Literal["on", "ended", "upcoming"]:
        """As the organisation's card shows it on the day."""
        if self.ends_on < self.starts_on or self.ends_on < day:
            return "ended"
        return "upcoming" if day < self.starts_on else "on"


class Sale(NamedTuple):
    """One licence sold: what a charge is computed from."""

    number: str
    organization: Organization
    name: str
    tier: Tier
    sold_on: date
    promotion: str


class SaleCount(NamedTuple):
    """How many licences of a tier were sold on a day: enough for the totals of a month."""

    tier: Tier
    sold_on: date
    licences: int


class Processing(NamedTuple):
    """What processing one application does to its organisation's licences."""

    made: Licence | None = None
    changed: tuple[Licence, ...] = ()


def living_licence(licences: Iterable[Licence], day: date) -> Licence | None:
    """The licence by which the mode works on the day: the highest tier, and of those the one that lasts longest."""
    living = [licence for licence in licences if licence.is_living(day)]
    return max(living, key=lambda licence: (TIERS.index(licence.tier), licence.ends_on), default=None)


def makes_sale(application: Application, licences: Iterable[Licence], on: date) -> bool:
    """Whether processing the application on the day sells a licence.

    A change repeats the mode (a new accountant, a new certificate) and sells only what is not there yet.
    """
    if application.effective == "off":
        return False
    if application.request.kind != "change":
        return True
    living = living_licence(licences, on)
    return living is None or (application.tier is not None and is_higher(application.tier, living.tier))


def processing(application: Application, licences: Iterable[Licence], on: date, term_months: int) -> Processing:
    """What processing an application does to the organisation's licences. Raises `Refused` where a rule forbids it."""
    licences = tuple(licences)
    if application.effective == "off":
        if application.without_sale:
            raise no_sale_to_leave_out(application)
        return Processing(changed=switched_off(licences, on)) if application.switches_off else Processing()
    tier = application.tier
    if tier is not None and not tier_holds(tier, application.users):
        raise tier_too_low(application, tier)
    if not makes_sale(application, licences, on):
        if application.without_sale:
            raise no_sale_to_leave_out(application)
        return Processing()
    if tier is None:
        raise no_tier(application)
    if on < SALES_BEGAN_ON and not application.without_sale:
        raise Refused(
            msg("{number}: the mode has been sold since {day}, not on {on}",
                number=application.number, day=SALES_BEGAN_ON, on=on),
            msg("give a later day with --on, or, if the licence was sold elsewhere, --without-sale --reason TEXT"),
        )  # fmt: skip
    living = living_licence(licences, on)
    starts_on = on
    replaced: tuple[Licence, ...] = ()
    if living is not None and is_higher(tier, living.tier):
        replaced = tuple(old._replace(ends_on=on - _DAY) for old in licences if old.is_living(on))
    elif living is not None:
        starts_on = _first_uncovered_day(licences, tier, living.ends_on + _DAY)
    return Processing(
        made=Licence(
            application=application.number,
            organization=application.organization,
            tier=tier,
            starts_on=starts_on,
            ends_on=last_day_of_term(starts_on, term_months),
            sold_on=None if application.without_sale else on,
        ),
        changed=replaced,
    )


def no_tier(application: Application) -> Refused:
    """The refusal of a sale whose tier nobody knows."""
    return Refused(
        msg("{number}: the mode is on, but there is no tier", number=application.number),
        msg("set it: mureg application set-multiuser {number} --tier 2-9", number=quoted(application.number)),
    )


def tier_too_low(application: Application, tier: Tier) -> Refused:
    """The refusal of a tier below the users."""
    return Refused(
        msg("{number}: the client lists {users} users, tier {tier} holds at most 9",
            number=application.number, users=application.users, tier=msg(TIER_WORDS[tier])),
        msg("set the higher tier: mureg application set-multiuser {number} --tier 10+",
            number=quoted(application.number)),
    )  # fmt: skip


def no_sale_to_leave_out(application: Application) -> Refused:
    """The refusal of `--without-sale` where nothing would be sold."""
    return Refused(
        msg("{number}: processing it sells nothing, so there is no sale to leave out", number=application.number),
        msg("process it without --without-sale"),
    )


def switched_off(licences: Iterable[Licence], on: date) -> tuple[Licence, ...]:
    """The living and upcoming licences, ended on the day."""
    return tuple(licence._replace(ends_on=on) for licence in licences if licence.ends_on > on)


def _first_uncovered_day(licences: tuple[Licence, ...], tier: Tier, day: date) -> date:
    # A second renewal follows the first one, not the licence that both renew.
    while True:
        covering = [old.ends_on for old in licences if old.is_living(day) and not is_higher(tier, old.tier)]
        if not covering:
            return day
        day = max(covering) + _DAY
