"""The discrepancies of a month, in pages: both sides, how each is resolved, and what to do about the open ones."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from mureg.domain.application import TIER_LABELS
from mureg.domain.reconciliation.pairs import TOTAL_ID, Pair
from mureg.errors import N_
from mureg.operations.months.advice import advice_about
from mureg.operations.months.reconciliation import Compared
from mureg.operations.months.remedies import Remedy, RemedyFinder, of_total
from mureg.operations.months.seen import pairs_seen
from mureg.register.register import Register
from mureg.reports.cells import Cell, Label
from mureg.reports.month.discrepancies import Line, PairRow, our_lines, pair_row, stated_total_row, their_lines
from mureg.reports.month.document import MonthDocument
from mureg.web.hints import page_of
from mureg.web.page import Page

ON_A_PAGE = 50
# Of each kind of discrepancies so many commands are shown.
_MOST_COMMANDS = 5
# Which of them are listed.
LISTED = {"open": N_("unresolved"), "resolved": N_("resolved")}


class ShownPair(NamedTuple):
    """A discrepancy with the lines of both sides. `seen` is its digest; `amended_to` is what an amendment would set."""

    row: PairRow
    ours: list[Line]
    theirs: list[Line]
    number: str
    seen: str
    is_resolved: bool
    amended_to: Cell


def pairs_of(
    page: Page, register: Register, compared: Compared, document: MonthDocument, *, may_resolve: bool
) -> dict[str, Any]:
    """What the template needs of one page of them."""
    listed = page.one_of("listed", tuple(LISTED))
    total = stated_total_row(document)
    every: list[Pair | None] = [*compared.differing, *([None] if total else [])]
    some = [pair for pair in every if _is_listed(compared, pair, listed)]
    number = page.number("page")
    on_page = some[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    remedies = _remedies(page, register, compared, on_page) if may_resolve else {}
    seen = pairs_seen(compared, {_id(pair) for pair in on_page})
    shown = [_shown(page, compared, document, pair, seen, remedies) for pair in on_page]
    return {
        "pairs": shown,
        "pair_count": len(every),
        "unseen": sum(not each.is_resolved for each in shown),
        "listed": listed,
        "lists": LISTED,
        "previous": page.here(page=number - 1) if number > 1 else None,
        "following": page.here(page=number + 1) if len(some) > number * ON_A_PAGE else None,
        "advice": [
            (each.text, [_linked(page.language.cell(command)) for command in each.commands[:_MOST_COMMANDS]])
            for each in advice_about(document.month, list(remedies.values()))
        ],
    }


def _linked(command: str) -> tuple[str, str | None]:
    """A command, and the page that does the same, if it is another one than this."""
    address = page_of(command)
    return command, None if address is None or address.startswith("/month") else address


def _id(pair: Pair | None) -> str:
    """`None` is the statement's own total."""
    return TOTAL_ID if pair is None else pair.id


def _is_listed(compared: Compared, pair: Pair | None, listed: str | None) -> bool:
    return listed is None or (_id(pair) in compared.resolutions) == (listed == "resolved")


def _remedies(page: Page, register: Register, compared: Compared, pairs: Sequence[Pair | None]) -> dict[str, Remedy]:
    finder = RemedyFinder(register, compared, page.today)
    return {
        _id(pair): of_total() if pair is None else finder.of_pair(pair)
        for pair in pairs
        if _id(pair) not in compared.resolutions
    }


def _shown(
    page: Page,
    compared: Compared,
    document: MonthDocument,
    pair: Pair | None,
    seen: dict[str, str],
    remedies: dict[str, Remedy],
) -> ShownPair:
    row = stated_total_row(document) if pair is None else pair_row(document, pair)
    assert row is not None, "the total is listed where it differs"

    text, remedy = page.language.cell, remedies.get(row.id)
    return ShownPair(
        row, our_lines(row, text), their_lines(row, text),
        pair.ours.sale.number if pair is not None and pair.ours is not None else "", seen[row.id],
        row.id in compared.resolutions, _amended_to(remedy),
    )  # fmt: skip


def _amended_to(remedy: Remedy | None) -> Cell:
    """What an amendment sets, if one would make ours like theirs: a tier, or a day."""
    if remedy is None or remedy.amendment is None:
        return None
    tier = remedy.amendment.tier
    return remedy.amendment.on if tier is None else Label(TIER_LABELS[tier])
