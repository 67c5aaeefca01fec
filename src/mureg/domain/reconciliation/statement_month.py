"""Which month a statement belongs to, where it clearly is not the one that it is compared with."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from mureg.domain.dates import SALES_BEGAN_ON, Month

# One row that means a charge of another month is a discrepancy to look at, not a statement of that month.
_FEWEST_ROWS = 2


class StatementEvidence(NamedTuple):
    """What the rows of a statement say about its month, as numbers of rows."""

    rows: int
    meant_here: int
    """Rows that mean a charge of the month that the statement is compared with."""
    agreeing_here: int
    """Those of them that agree with it."""
    dated: Mapping[Month, int]
    """Rows by the month of their date."""
    agreeing: Mapping[Month, int]
    """Rows that agree with a charge of another month, by that month."""


def month_of_statement(month: Month, evidence: StatementEvidence) -> Month | None:
    """The other month to which most rows of a statement belong; `None` where that is not plain.

    It is where no date is in this month, most are in the other one, and most rows mean no charge of this month, which
    may have corrections of earlier ones. It is too where nothing agrees here, and most rows agree there.
    """
    if evidence.rows < _FEWEST_ROWS:
        return None
    if not evidence.dated.get(month) and evidence.meant_here * 2 < evidence.rows:
        found = _of_most(evidence.dated, evidence.rows)
        if found is not None:
            return found
    return None if evidence.agreeing_here else _of_most(evidence.agreeing, evidence.rows)


def months_of_days(days: Mapping[str | None, int]) -> Counter[Month]:
    """How many rows each month has, of how many have each ISO date."""
    months: Counter[Month] = Counter()
    for day, count in days.items():
        if day:
            months[Month.parse(day[:7])] += count
    return months


def _of_most(counts: Mapping[Month, int], rows: int) -> Month | None:
    """The month with more than half of the rows; before the first sales there is nothing to compare with."""
    for month, count in counts.items():
        if count * 2 > rows and month >= Month.of(SALES_BEGAN_ON):
            return month
    return None
