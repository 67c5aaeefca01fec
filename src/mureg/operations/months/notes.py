"""What is said about a month besides its tables: how both sides compare, who closed it, what a reader should know."""

from collections.abc import Iterator, Sequence
from datetime import date

from mureg.domain.application import TIER_LABELS
from mureg.domain.money import Amount
from mureg.domain.settlement import Settlement
from mureg.errors import Message, msg, plural
from mureg.operations.months.reconciliation import Compared
from mureg.register.history import HistoryRecord
from mureg.register.queries.months import ResolutionRecord
from mureg.reports.labels import local_time

# So many numbers are listed.
_MOST_SHOWN = 10


def comparison(compared: Compared) -> Message | None:
    """How the statement and our settlement compare, in one sentence; `None` without a statement."""
    found, statement = compared.reconciliation, compared.statement
    if found is None or statement is None:
        return None
    places, difference = (
        len(found.differing) + found.total_differs,
        found.theirs_total_kopecks - found.ours_total_kopecks,
    )
    if places:
        return plural(
            "The statement {file} differs from our settlement by {amount} in {count} place; {agreeing} agree",
            "The statement {file} differs from our settlement by {amount} in {count} places; {agreeing} agree",
            count=places, file=statement.file, amount=Amount(difference), agreeing=found.agreeing,
        )  # fmt: skip
    if difference:
        # Row by row nothing differs: what does is the total, which the contract has rounded by itself.
        return msg(
            "The statement {file} agrees with our settlement in every row: {agreeing} of {agreeing}; "
            "our total is rounded once, which makes a difference of {amount}",
            file=statement.file, agreeing=found.agreeing, amount=Amount(-difference),
        )  # fmt: skip
    return msg(
        "The statement {file} agrees with our settlement: {agreeing} of {agreeing}",
        file=statement.file, agreeing=found.agreeing,
    )  # fmt: skip


def closed_by(closing: HistoryRecord) -> Message:
    """Who closed a month, and when."""
    day, _, time = local_time(closing.done_at).partition(" ")
    return msg("closed by {user} on {day} {time}, operation {operation}",
               user=closing.done_by, day=date.fromisoformat(day), time=time, operation=closing.operation)  # fmt: skip


def remarks(compared: Compared) -> Iterator[Message]:
    """What a reader of the month should know."""
    if compared.settled.settlement.undiscounted:
        yield _undiscounted(compared.settled.settlement)
    found = compared.reconciliation
    alike = [f"{pair.theirs.number} = {pair.ours.sale.number}"
             for pair in (found.look_alikes if found else ()) if pair.ours and pair.theirs]  # fmt: skip
    if alike:
        yield _look_alikes(alike)
    if compared.lapsed:
        yield _lapsed(compared.lapsed)


def _undiscounted(settlement: Settlement) -> Message:
    tier, day = settlement.undiscounted[0]
    return plural(
        "the contract has no partner discount on {count} day of sales ({tier}, {day}): 0 % was used",
        "the contract has no partner discount on {count} days of sales (first {tier}, {day}): 0 % was used",
        count=len({day for _, day in settlement.undiscounted}), tier=msg(TIER_LABELS[tier]), day=day,
    )  # fmt: skip


def _look_alikes(numbers: Sequence[str]) -> Message:
    return plural(
        "{count} number of the statement is written differently, and was matched by its look: {numbers}",
        "{count} numbers of the statement are written differently, and were matched by their look: {numbers}",
        count=len(numbers), numbers=", ".join(numbers[:_MOST_SHOWN]) + ("…" if len(numbers) > _MOST_SHOWN else ""),
    )  # fmt: skip


def _lapsed(resolutions: Sequence[ResolutionRecord]) -> Message:
    return msg(
        "no longer in force, because the charge or the row has changed: {pairs}",
        pairs=", ".join(resolution.pair for resolution in resolutions),
    )
