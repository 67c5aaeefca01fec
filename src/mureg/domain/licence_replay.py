"""An organisation's licences computed anew, as if some of its applications had been processed otherwise, or not at all.

Its applications are processed once more in the order of their days: once as they were, and once with the changes. What
differs between the two follows from the changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mureg.domain.application import Application
from mureg.domain.dates import last_day_of_term
from mureg.domain.licence import Licence, LicenceChanges, LicencesOnDay, licence_changes
from mureg.errors import Refused

Place = tuple[int, int]
"""An operation, and a place within it."""


class Step(NamedTuple):
    """An application that was processed, and the licence that it made.

    What was done on one day, processing it or cancelling its sale, is in the order of the places.
    """

    application: Application
    licence: Licence | None
    processed_at: Place = (0, 0)
    cancelled_at: Place = (0, 0)

    @property
    def number(self) -> str:
        """The application's number."""
        return self.application.number


class Recomputed(NamedTuple):
    """What the changes come to.

    `made` has the licence of each changed application, `None` where it makes none now; `others` the licences of other
    applications that run otherwise: most of them end on another day. `dependents` are the applications whose
    processing would come out differently, or whose licence replaced one of the changed ones; `called_off` those whose
    sale was cancelled and would not be one.
    """

    made: dict[str, Licence | None]
    others: tuple[Licence, ...]
    dependents: tuple[str, ...]
    called_off: tuple[str, ...]


def recompute(steps: Sequence[Step], changes: Mapping[str, Application | None], term_months: int) -> Recomputed:
    """The licences of one organisation with some of its applications changed; `None` means not processed.

    Raises `Refused` where a changed application cannot be processed so.
    """
    before = _replay(steps, {}, term_months, {})
    after = _replay(steps, changes, term_months, before.outcomes)
    others = [step for step in steps if step.number not in changes]
    processed = [step for step in others if step.application.status == "processed"]
    run_otherwise = tuple(
        _as_in(after.licences[step.number], step.licence)
        for step in others
        if step.licence is not None and after.licences[step.number] != before.licences[step.number]
    )
    dependents = tuple(
        step.number
        for step in processed
        if _sold(step, before) != _sold(step, after)
        or _is_refused(step, before) != _is_refused(step, after)
        or _replaces(step, before, changes)
        or _replaces(step, after, changes)
    )
    called_off = tuple(
        step.number
        for step in others
        if step.application.status == "cancelled" and not _sells_alike(_sold(step, before), _sold(step, after))
    )
    made = {number: after.licences.get(number) for number, changed in changes.items() if changed is not None}
    return Recomputed(made, run_otherwise, dependents, called_off)


class _Replay(NamedTuple):
    """What processing everything once more came to, by the number of the application.

    `outcomes` is what the rules make of each one, `None` where they refuse it.
    """

    licences: dict[str, Licence]
    outcomes: dict[str, LicenceChanges | None]


def _replay(
    steps: Sequence[Step],
    changes: Mapping[str, Application | None],
    term_months: int,
    known: Mapping[str, LicenceChanges | None],
) -> _Replay:
    """Process everything once more. What comes out as is `known`, and what is still a sale, has the licence it has."""
    licences: dict[str, Licence] = {}
    outcomes: dict[str, LicenceChanges | None] = {}
    for _, _, is_cancelled, step in _in_order(steps, changes):
        number = step.number
        if is_cancelled:
            day = step.application.cancelled_on
            assert day is not None, "it was cancelled on a day"
            cancelled = licences[number]
            licences[number] = cancelled._replace(ends_on=min(cancelled.ends_on, day), cancelled_on=day)
            continue
        on = step.application.processed_on
        assert on is not None, "it was processed on a day"
        is_changed = number in changes
        try:
            outcome = licence_changes(step.application, LicencesOnDay(licences.values(), on), term_months)
        except Refused:
            # What was processed once may be refused after a change of another one: then it depends on that.
            if is_changed:
                raise
            outcome = None
        outcomes[number] = outcome
        licences |= {each.application: each for each in (outcome.changed if outcome else ())}
        is_called_off = step.application.status == "cancelled" and number in known and outcome != known[number]
        if outcome is not None and (is_changed or (is_called_off and outcome.made is not None)):
            made = outcome.made
        else:
            made = _as_made(step.licence, term_months)
        if made is not None:
            licences[number] = made
    return _Replay(licences, outcomes)


def _in_order(steps: Iterable[Step], changes: Mapping[str, Application | None]) -> list[tuple[date, Place, bool, Step]]:
    """Everything that was done, in the order of the days: processing, and cancelling what was processed."""
    events = []
    for step in steps:
        application = changes.get(step.number, step.application)
        if application is None:
            continue
        assert application.processed_on is not None, "it was processed on a day"
        wanted = step._replace(application=application)
        events.append((application.processed_on, step.processed_at, False, wanted))
        if application.cancelled_on is not None and step.licence is not None:
            events.append((application.cancelled_on, step.cancelled_at, True, wanted))
    return sorted(events, key=lambda event: event[:3])


def _as_made(licence: Licence | None, term_months: int) -> Licence | None:
    """A licence with its whole term, whatever ended it since."""
    if licence is None:
        return None
    whole = licence.term_ends_on or last_day_of_term(licence.starts_on, term_months)
    return licence._replace(ends_on=whole, cancelled_on=None, term_ends_on=whole)


def _as_in(replayed: Licence, stored: Licence) -> Licence:
    """The stored licence with the days of the replayed one."""
    return stored._replace(starts_on=replayed.starts_on, ends_on=replayed.ends_on, term_ends_on=replayed.term_ends_on)


def _sold(step: Step, replay: _Replay) -> Licence | None:
    """What the rules let an application sell; `None` also where they refuse it."""
    outcome = replay.outcomes[step.number]
    return outcome.made if outcome is not None else None


def _is_refused(step: Step, replay: _Replay) -> bool:
    return replay.outcomes[step.number] is None


def _sells_alike(before: Licence | None, after: Licence | None) -> bool:
    if before is None or after is None:
        return before is after
    return (before.tier, before.sold_on) == (after.tier, after.sold_on)


def _replaces(step: Step, replay: _Replay, changes: Collection[str]) -> bool:
    """Whether the licence of an application replaces one of those that are changed."""
    outcome = replay.outcomes[step.number]
    if step.licence is None or outcome is None:
        return False
    return any(each.application in changes for each in outcome.changed)
