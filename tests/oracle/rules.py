"""What each step does to the oracle's facts, by the rules of applications, licences and months alone.

Every function changes the facts, or raises `Refusal`.
"""

from collections.abc import Sequence
from typing import Any

from oracle.facts import SALES_BEGAN, TIERS, Application, Facts, Licence, Refusal, a_year_later, day_after

TODAY = "2026-01-01"


def import_applications(facts: Facts, items: Sequence[Application]) -> None:
    for item in items:
        known = facts.applications.get(item.number)
        if known is None:
            facts.applications[item.number] = Application(**_request(item))
        elif _request(known) != _request(item):
            require(known.status == "new" and not known.set_option, "changed after the partner touched it")
            facts.applications[item.number] = Application(**_request(item))


def _request(item: Application) -> dict[str, Any]:
    names = ("number", "kind", "submitted_on", "inn", "kpp", "requested", "users")
    return {name: getattr(item, name) for name in names}


def set_multiuser(facts: Facts, number: str, option: str, tier: str) -> None:
    application = new(facts, number)
    require(_holds(tier, application.users), "the tier is below the users")
    application.set_option, application.set_tier = option, tier


def process(facts: Facts, numbers: Sequence[str], on: str, *, late: bool, without_sale: bool) -> None:
    for number in numbers:
        application = new(facts, number)
        require(application.submitted_on <= on <= TODAY, "the day")
        require(late or not facts.is_past(on[:7]), "the month is closed")
        application.without_sale = without_sale
        change_licences(facts, application, on)
        application.status, application.processed_on = "processed", on
        made = facts.licences.get(number)
        if made is not None:
            made.is_late = facts.is_past(on[:7])
            require(not made.sold_on or number not in settled_by_rows(facts), "an accepted row has settled it")


def change_licences(facts: Facts, application: Application, on: str) -> None:
    licences = facts.of_organization(application.inn, application.kpp)
    if not application.is_on:
        require(not application.without_sale, "nothing is sold")
        for each in licences:
            if application.says_off and each.ends_on > on:
                each.ends_on = on
        return
    tier = application.tier
    require(_holds(tier, application.users), "the tier is below the users")
    living = [each for each in licences if each.starts_on <= on <= each.ends_on]
    best = max(living, key=lambda each: (TIERS.index(each.tier), each.ends_on), default=None)
    is_higher = best is not None and bool(tier) and TIERS.index(tier) > TIERS.index(best.tier)
    if application.kind == "change" and best is not None and not is_higher:
        require(not application.without_sale, "nothing is sold")
        return
    require(bool(tier), "no tier")
    require(on >= SALES_BEGAN or application.without_sale, "not sold yet")
    starts_on = on
    if is_higher:
        for each in living:
            each.ends_on = day_after(on, -1)
    elif best is not None:
        # A renewal begins on the day after the last of the licences in a row that hold its tier.
        starts_on = day_after(best.ends_on)
        while later := [
            each.ends_on for each in licences
            if each.starts_on <= starts_on <= each.ends_on and TIERS.index(each.tier) >= TIERS.index(tier)
        ]:  # fmt: skip
            starts_on = day_after(max(later))
    facts.licences[application.number] = Licence(
        application.number, application.inn, application.kpp, tier, starts_on, a_year_later(starts_on),
        "" if application.without_sale else on,
    )  # fmt: skip


def reject(facts: Facts, number: str, on: str) -> None:
    application = new(facts, number)
    require(application.submitted_on <= on <= TODAY, "the day")
    application.status, application.processed_on = "rejected", on


def cancel(facts: Facts, number: str, on: str) -> None:
    application, licence = facts.applications.get(number), facts.licences.get(number)
    require(application is not None and licence is not None, "no sale")
    assert application is not None
    assert licence is not None
    require(application.status == "processed" and licence.is_sale, "no sale")
    require(licence.sold_on <= on <= TODAY, "the day")
    licence.ends_on = min(licence.ends_on, on)
    licence.is_cancelled = True
    application.status, application.cancelled_on = "cancelled", on


def settled_by_rows(facts: Facts) -> set[str]:
    """Numbers whose sale an accepted row without a charge has settled."""
    return {
        pair["theirs"]["number"]
        for month in facts.months.values()
        for action, pair in month.resolutions.values()
        if action == "accept" and pair["kinds"] == ["missing_in_register"]
    }


def require_open(facts: Facts, month: str) -> None:
    require(not facts.is_past(month), "the month is closed")


def new(facts: Facts, number: str) -> Application:
    application = facts.applications.get(number)
    require(application is not None and application.status == "new", "not new")
    assert application is not None
    return application


def require(condition: bool, rule: str) -> None:
    if not condition:
        raise Refusal(rule)


def _holds(tier: str, users: int | None) -> bool:
    return tier != "2-9" or users is None or users <= 9
