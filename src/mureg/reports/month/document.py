"""A month as its documents tell it, whatever their format: the act of reconciliation, and the list of licences."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from mureg.domain.application import TIER_LABELS
from mureg.domain.dates import Month
from mureg.domain.exact_matches import DiscrepancyKind
from mureg.domain.reconciliation import Pair, Reconciliation
from mureg.domain.settlement import SettledSale, Settlement
from mureg.domain.statement import Statement
from mureg.errors import N_

# The operator of 1C-Reporting, with whom every partner settles.
OPERATOR = N_("KALUGA ASTRAL")

# A statement may name none.
TIER = {**TIER_LABELS, "": ""}


class Resolved(Protocol):
    """How a pair was resolved."""

    @property
    def action(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102


class MonthDocument(NamedTuple):
    """What the documents of a month tell. `state` is a word for people; `agreed_kopecks` is `None` while it is open.

    `by_month` has the payable of the last months, this one last, in kopecks; `resolutions` are by the ids of pairs.
    """

    month: Month
    state: str
    partner: str
    contract: str
    vat_note: str
    settlement: Settlement
    charges: Sequence[SettledSale]
    statement: Statement | None
    reconciliation: Reconciliation | None
    resolutions: Mapping[str, Resolved]
    agreed_kopecks: int | None
    without_statement: str = ""
    """Why the month was closed without the operator's statement."""
    by_month: Sequence[tuple[Month, int]] = ()


class Words(NamedTuple):
    """The document's language: `word` translates a constant, `money` writes an amount of kopecks.

    `kinds` and `actions` name discrepancies and their resolutions, as constants for `word`.
    """

    word: Callable[[str], str]
    money: Callable[[int], str]
    kinds: Mapping[DiscrepancyKind, str]
    actions: Mapping[str, str]


def kind_texts(pair: Pair, words: Words) -> list[str]:
    """What differs, each kind by its name; tiers and the other month are told beside it."""
    told = {kind: words.word(words.kinds[kind]) for kind in pair.kinds}
    if "month_differs" in told:
        told["month_differs"] += f" ({pair.settled_in})"
    if "tier_differs" in told and pair.ours is not None and pair.theirs is not None:
        tiers = (words.word(TIER[tier]) for tier in (pair.ours.sale.tier, pair.theirs.tier))
        told["tier_differs"] += f" ({' / '.join(tiers)})"
    return list(told.values())


def resolution_text(resolution: Resolved | None, words: Words) -> str:
    """How a pair was resolved, and why; or that it is not."""
    if resolution is None:
        return words.word(N_("unresolved"))
    return f"{words.word(words.actions[resolution.action])}: {resolution.reason}"


# The names of the months, as they stand before a year.
_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def month_name(month: Month, words: Words) -> str:
    """A month as people read it: «август 2023»."""
    return f"{words.word(_MONTHS[month.number - 1])} {month.year}"
