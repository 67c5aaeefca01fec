"""Amending and returning: the licences of an organisation, computed anew in the order of the days.

Applications of one day have no order here: every order is tried.
"""

import copy
from collections.abc import Iterator
from itertools import groupby, permutations, product
from typing import Any

from oracle import rules
from oracle.facts import Application, Facts, Licence, Refusal
from oracle.rules import TODAY, require

Licences = list[dict[str, Any]]


def amend(facts: Facts, number: str, tier: str, on: str) -> None:
    """Change the application; its licences are another matter. Raises `Refusal`."""
    application = facts.applications.get(number)
    require(application is not None and application.status == "processed", "not processed")
    assert application is not None
    licence = facts.licences.get(number)
    is_late = licence is not None and licence.is_late
    require(not facts.entries(number), "a closed month has settled it")
    require(is_late or not facts.is_past(application.processed_on[:7]), "the month is closed")
    if on:
        require(application.submitted_on <= on <= TODAY, "the day")
        require(is_late or not facts.is_past(on[:7]), "the month is closed")
        application.processed_on = on
    if tier:
        require(tier != "2-9" or application.users is None or application.users <= 9, "the tier is below the users")
        application.set_option, application.set_tier = "on", tier


def return_to_new(facts: Facts, number: str) -> None:
    """Let the application be new. Raises `Refusal`."""
    application = facts.applications.get(number)
    require(application is not None and application.status in ("processed", "rejected"), "not processed")
    assert application is not None
    licence = facts.licences.get(number)
    is_late = licence is not None and licence.is_late
    require(not facts.entries(number), "a closed month has settled it")
    require(is_late or not facts.is_past(application.processed_on[:7]), "the month is closed")
    application.status, application.processed_on, application.without_sale = "new", "", False
    facts.licences.pop(number, None)


def possible_licences(facts: Facts, inn: str, kpp: str) -> Iterator[Licences]:
    """The licences that come of processing the organisation's applications, in every order that the days allow."""
    steps = []
    for each in facts.applications.values():
        if (each.inn, each.kpp) == (inn, kpp) and each.status in ("processed", "cancelled"):
            steps.append((each.processed_on, "process", each.number))
            if each.status == "cancelled":
                steps.append((each.cancelled_on, "cancel", each.number))
    days = [list(group) for _, group in groupby(sorted(steps), key=lambda step: step[0])]
    for order in product(*(permutations(day) for day in days)):
        licences = _processed(facts, [step for day in order for step in day])
        if licences is not None:
            yield licences


def _processed(facts: Facts, steps: list[tuple[str, str, str]]) -> Licences | None:
    made = Facts()
    for day, what, number in steps:
        application = copy.copy(facts.applications[number])
        if what == "cancel":
            if number not in made.licences:
                return None
            licence = made.licences[number]
            licence.ends_on, licence.is_cancelled = min(licence.ends_on, day), True
            continue
        try:
            rules.change_licences(made, application, day)
        except Refusal:
            return None
    return shown(made.licences.values())


def shown(licences: Any) -> Licences:
    """Licences as they are compared."""
    names = ("number", "tier", "starts_on", "ends_on", "sold_on", "is_cancelled")
    return sorted(({name: getattr(each, name) for name in names} for each in licences), key=lambda each: each["number"])


def adopt(facts: Facts, inn: str, kpp: str, licences: list[Licence]) -> None:
    """Let the organisation have these licences."""
    for number in [each.number for each in facts.of_organization(inn, kpp)]:
        del facts.licences[number]
    facts.licences |= {each.number: copy.copy(each) for each in licences}


def faults_of_recomputed(before: Facts, after: Facts, application: Application) -> Iterator[str]:
    """Where the licences are not what the order of the days gives; if they were that before."""
    inn, kpp = application.inn, application.kpp
    was = shown(before.of_organization(inn, kpp))
    if was not in list(possible_licences(before, inn, kpp)):
        return  # they were processed in another order
    found, possible = shown(after.of_organization(inn, kpp)), list(possible_licences(after, inn, kpp))
    if found not in possible:
        yield f"the licences are {found} after changing {application.number}, possible is {possible}"
