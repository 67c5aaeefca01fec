"""What plainly agrees: one charge and one row with the same number, and nothing that differs.

In most months that is nearly everything. It is set aside as it passes, and no more is remembered of a row than its
number and a mark; what is left is weighed pair by pair (`reconciliation`). The outcome is the same.
"""

from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from operator import ne
from typing import Literal

from mureg.domain.application import Tier
from mureg.domain.statement import StatementRow, StatementRows, Terms

DiscrepancyKind = Literal[
    "missing_in_statement", "missing_in_register", "tier_differs", "price_differs", "discount_differs",
    "payable_differs", "month_differs", "duplicate_in_statement", "total_differs",
]  # fmt: skip

OurTerms = tuple[Tier, int, int, int]
"""What we say of the money: tier, list price, discount rate, discount."""


class Agreement:
    """The rows of a statement on their way past our charges.

    A million rows pass here, chunk by chunk.
    """

    def __init__(self, rows: StatementRows) -> None:
        self._rows = rows
        # The place of a number among the rows, and by its place the number of the row and that of its terms.
        self._places: dict[str, int] = {}
        self._row_numbers = array("q")
        self._terms_of = array("i")
        self._terms = _Numbered()
        # Numbers that come more than once: their rows are never set aside.
        self._again: set[str] = set()
        unnumbered: set[int] = set()
        for chunk in rows.chunks():
            row_numbers, payable, numbers, _, _, _, tiers, _, prices, rates, discounts = zip(*chunk, strict=True)
            terms = zip(tiers, payable, prices, rates, discounts, strict=True)
            first = len(self._row_numbers)
            self._row_numbers.extend(row_numbers)
            self._terms_of.extend(map(self._terms.__getitem__, terms))
            wanted = range(first, first + len(chunk))
            places = list(map(self._places.setdefault, numbers, wanted))
            if places != list(wanted):
                self._again.update(compress(numbers, map(ne, places, wanted)))
            if "" in self._places:
                unnumbered.update(row for row, number in zip(row_numbers, numbers, strict=True) if not number)
        self._is_aside = bytearray(len(self._row_numbers))
        self.unnumbered: list[StatementRow] = rows.numbered(unnumbered)
        self.count = 0
        self.payable_kopecks = 0

    def set_aside(self, charges: Iterable[tuple[OurTerms, Sequence[str]]], but: Collection[str]) -> list[str]:
        """Set aside what plainly agrees, unless the number is among `but`; the numbers of the charges that are left.

        `charges` are numbers under what their charges say. One that comes more than once must be among `but`.
        """
        left: list[str] = []
        special = {*but, *self._again}
        is_aside, terms_of, get = self._is_aside, self._terms_of, self._places.get
        for ours, numbers in charges:
            agreeing: dict[int, bool] = {}
            count = 0
            for number, place in zip(numbers, map(get, numbers), strict=True):
                if place is not None and number not in special:
                    its_terms = terms_of[place]
                    agree = agreeing.get(its_terms)
                    if agree is None:
                        agree = agreeing[its_terms] = not differing_terms(ours, self._terms.all[its_terms])
                    if agree:
                        is_aside[place] = 1
                        count += 1
                        continue
                left.append(number)
            self.count += count
            self.payable_kopecks += count * (ours[1] - ours[3])
        return left

    def rows_left(self) -> list[StatementRow]:
        """The rows that were not set aside."""
        return self._rows.numbered(
            {row for row, is_aside in zip(self._row_numbers, self._is_aside, strict=True) if not is_aside}
        )


class _Numbered(dict[Terms, int]):
    """Numbers of terms, given when they are first met: few rows say anything new of the money."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Terms] = []

    def __missing__(self, terms: Terms) -> int:
        number = self[terms] = len(self.all)
        self.all.append(terms)
        return number


def differing_terms(ours: OurTerms, theirs: Terms) -> tuple[DiscrepancyKind, ...]:
    """Every kind of discrepancy that applies; what the statement has no column for is not compared."""
    our_tier, our_price, our_rate, our_discount = ours
    tier, payable, price, rate, discount = theirs
    kinds: list[DiscrepancyKind] = []
    if tier and tier != our_tier:
        kinds.append("tier_differs")
    if price is not None and price != our_price:
        kinds.append("price_differs")
    if discount is not None:
        if discount != our_discount:
            kinds.append("discount_differs")
    elif rate is not None and rate != our_rate:
        kinds.append("discount_differs")
    if payable != our_price - our_discount:
        kinds.append("payable_differs")
    return tuple(kinds)
