"""Licences of the multi-user mode and their sales: what processing an application makes, replaces and ends."""

from collections.abc import Iterable
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from typing import Literal, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import TIER_LABELS, TIERS, Application, Organization, Tier, is_higher, tier_holds
from mureg.domain.dates import SALES_BEGAN_ON, last_day_of_term
from mureg.errors import Message, Refused, msg

_DAY = timedelta(days=1)


class Licence(NamedTuple):
    """The right to the mode, made by one application. The last day is included.

    `sold_on` is `None` for a licence that was sold outside the register, `cancelled_on` set where the sale was called
    off, `late` where it was sold in a month that was closed already, so that a correction settles it. A licence that
    was ended before it began has an `ends_on` before its `starts_on`. `term_ends_on` is the last day of its term,
    whatever ended it before; `None` where a mureg made it that did not keep that day.
    """

    application: str
    organization: Organization
    tier: Tier
    starts_on: date
    ends_on: date
    sold_on: date | None
    cancelled_on: date | None = None
    late: bool = False
    term_ends_on: date | None = None

    @property
    def is_sale(self) -> bool:
        """Whether a month settles it as a sale: it was sold here, and the sale was not cancelled."""
        return self.sold_on is not None and self.cancelled_on is None

    def is_active(self, day: date) -> bool:
        """Whether the licence covers the day."""
        return self.starts_on <= day <= self.ends_on

    def state(self, day: date) -> Literal["on", "ended", "upcoming"]:
        """As the organisation's card shows it on the day."""
        if self.ends_on < self.starts_on or self.ends_on < day:
            return "ended"
        return "upcoming" if day < self.starts_on else "on"


class LicenceChanges(NamedTuple):
    """What processing one application does to its organisation's licences: the one it makes, and those it ends."""

    made: Licence | None = None
    changed: tuple[Licence, ...] = ()


def active_licence(licences: Iterable[Licence], day: date) -> Licence | None:
    """The licence that counts on the day: of those that cover it the highest tier, then the latest end."""
    active = [licence for licence in licences if licence.is_active(day)]
    return max(active, key=lambda licence: (TIERS.index(licence.tier), licence.ends_on), default=None)


class LicencesOnDay:
    """An organisation's licences as processing on one day sees them: those that cover it, or end later.

    It takes up what each application changes, so that the next one does not look at all of them again.
    """

    def __init__(self, licences: Iterable[Licence], day: date) -> None:
        self.day = day
        self._licences = {each.application: each for each in licences if self._matters(each)}
        self._active: tuple[Licence, ...] | None = None
        # Of each tier the licences that may cover the day on which a next one of it begins, and that day.
        self._upcoming: dict[Tier, list[tuple[date, date]]] = {}
        self._uncovered: dict[Tier, date] = {}

    def _matters(self, licence: Licence) -> bool:
        return licence.ends_on > self.day or licence.is_active(self.day)

    def active(self) -> tuple[Licence, ...]:
        """Those that cover the day, in the order in which they begin."""
        if self._active is None:
            self._active = _in_order(each for each in self._licences.values() if each.is_active(self.day))
        return self._active

    def ending_later(self) -> tuple[Licence, ...]:
        """Those that end after the day, in the order in which they begin."""
        return _in_order(each for each in self._licences.values() if each.ends_on > self.day)

    def first_uncovered_day(self, tier: Tier, behind: Licence) -> date:
        """When a licence of the tier begins that follows the active one.

        A second renewal follows the first one, not the licence that both renew.
        """
        if tier not in self._upcoming:
            spans = [(each.starts_on, each.ends_on) for each in self._licences.values() if _covers(each, tier)]
            heapify(spans)
            self._upcoming[tier], self._uncovered[tier] = spans, behind.ends_on + _DAY
        spans, day = self._upcoming[tier], self._uncovered[tier]
        while spans and spans[0][0] <= day:
            _, ends_on = heappop(spans)
            day = max(day, ends_on + _DAY)
        self._uncovered[tier] = day
        return day

    def take(self, changes: "LicenceChanges") -> None:
        """Take up what an application has changed: the next one is processed with it."""
        for each in changes.changed:
            if self._matters(each):
                self._licences[each.application] = each
            else:
                self._licences.pop(each.application, None)
        made = changes.made
        if made is not None:
            self._licences[made.application] = made
        if changes.changed or (made is not None and made.is_active(self.day)):
            self._active = None
            self._upcoming.clear()
        elif made is not None:
            for tier, spans in self._upcoming.items():
                if _covers(made, tier):
                    heappush(spans, (made.starts_on, made.ends_on))


def _in_order(licences: Iterable[Licence]) -> tuple[Licence, ...]:
    return tuple(sorted(licences, key=lambda licence: (licence.starts_on, licence.application)))


def _covers(licence: Licence, tier: Tier) -> bool:
    """Whether a new licence of the tier begins only after this one."""
    return not is_higher(tier, licence.tier)


def makes_sale(application: Application, active: Licence | None) -> bool:
    """Whether processing the application sells a licence, where that one is active on the day.

    A change repeats the mode (a new accountant, a new certificate) and sells only what is not there yet.
    """
    if application.effective == "off":
        return False
    if application.request.kind != "change" or active is None:
        return True
    return application.tier is not None and is_higher(application.tier, active.tier)


def licence_changes(application: Application, licences: LicencesOnDay, term_months: int) -> LicenceChanges:
    """What processing an application does to the organisation's licences. Raises `Refused` where a rule forbids it."""
    on = licences.day
    if application.effective == "off":
        if application.without_sale:
            raise no_sale_refusal(application)
        return LicenceChanges(changed=switched_off(licences)) if application.switches_off else LicenceChanges()
    tier = application.tier
    if tier is not None and not tier_holds(tier, application.users):
        raise low_tier_refusal(application, tier)
    active = active_licence(licences.active(), on)
    if not makes_sale(application, active):
        if application.without_sale:
            raise no_sale_refusal(application)
        return LicenceChanges()
    if tier is None:
        raise missing_tier_refusal(application)
    if on < SALES_BEGAN_ON and not application.without_sale:
        raise Refused(
            msg("{number}: the mode is sold from {day}, so not on {on}",
                number=application.number, day=SALES_BEGAN_ON, on=on),
            msg("use a later day: --on DATE") if _is_amended(application)
            else msg("use a later day: --on DATE; or, if the licence was sold elsewhere: --without-sale "
                     "--reason TEXT"),
        )  # fmt: skip
    starts_on = on
    replaced: tuple[Licence, ...] = ()
    if active is not None and is_higher(tier, active.tier):
        replaced = tuple(old._replace(ends_on=on - _DAY) for old in licences.active())
    elif active is not None:
        starts_on = licences.first_uncovered_day(tier, active)
    ends_on = last_day_of_term(starts_on, term_months)
    return LicenceChanges(
        made=Licence(
            application=application.number,
            organization=application.organization,
            tier=tier,
            starts_on=starts_on,
            ends_on=ends_on,
            sold_on=None if application.without_sale else on,
            term_ends_on=ends_on,
        ),
        changed=replaced,
    )


def missing_tier_refusal(application: Application) -> Refused:
    """The refusal of a sale whose tier is not known."""
    return Refused(
        msg("{number}: the mode is on, but there is no tier", number=application.number),
        _tier_hint(application, "2-9"),
    )


def low_tier_refusal(application: Application, tier: Tier) -> Refused:
    """The refusal of a tier below the users."""
    return Refused(
        msg("{number}: the client lists {users} users, but tier {tier} allows at most 9",
            number=application.number, users=application.users, tier=msg(TIER_LABELS[tier])),
        _tier_hint(application, "10+"),
    )  # fmt: skip


def no_sale_refusal(application: Application) -> Refused:
    """The refusal of `--without-sale` where nothing would be sold."""
    return Refused(
        msg("{number}: processing it makes no sale, so --without-sale does not apply", number=application.number),
        msg("make it new again, and process it that way: mureg application return {number} --reason TEXT",
            number=quoted(application.number)) if _is_amended(application)
        else msg("process it without the option --without-sale"),
    )  # fmt: skip


def _is_amended(application: Application) -> bool:
    """Whether it was processed before: the hints for a new one would not work."""
    return application.status == "processed"


def _tier_hint(application: Application, tier: Tier) -> Message:
    number = quoted(application.number)
    if _is_amended(application):
        return msg("specify the tier: mureg application amend {number} --tier {tier} --reason TEXT",
                   number=number, tier=tier)  # fmt: skip
    if tier == "10+":
        return msg("set the higher tier: mureg application set-multiuser {number} --tier 10+", number=number)
    return msg("set it: mureg application set-multiuser {number} --tier 2-9", number=number)


def switched_off(licences: LicencesOnDay) -> tuple[Licence, ...]:
    """The active and upcoming licences, ended on the day."""
    return tuple(licence._replace(ends_on=licences.day) for licence in licences.ending_later())
