"""What plainly agrees: one charge and one row with the same number, and nothing that differs.

In most months that is nearly everything. It is set aside as it passes, and no more is remembered of a row than its
number and a mark; what is left is weighed pair by pair (`reconciliation`). The outcome is the same.
"""

from collections.abc import Collection, Iterable
from typing import Literal

from mureg.domain.application import Tier
from mureg.domain.statement import StatementRow, StatementRows, Terms

DiscrepancyKind = Literal[
    "missing_in_statement", "missing_in_register", "tier_differs", "price_differs", "discount_differs",
    "payable_differs", "month_differs", "duplicate_in_statement", "total_differs",
]  # fmt: skip

OurTerms = tuple[Tier, int, int, int]
"""What we say of the money: tier, list price, discount rate, discount."""

# A mark is the number of the row, and below it the number of the terms: few rows say anything new of the money.
_TERMS_BITS = 32
_TERMS = (1 << _TERMS_BITS) - 1


class Agreement:
    """The rows of a statement on their way past our charges."""

    def __init__(self, rows: StatementRows) -> None:
        self._rows = rows
        self._marks: dict[str, int] = {}
        self._terms: list[Terms] = []
        # Rows of numbers that come more than once, but for the first; and rows without a number.
        self._again: dict[str, list[int]] = {}
        unnumbered: set[int] = set()
        numbers_of_terms: dict[Terms, int] = {}
        marks = self._marks
        for row, number, terms in rows.terms():
            if not number:
                unnumbered.add(row)
                continue
            known = numbers_of_terms.get(terms)
            if known is None:
                known = numbers_of_terms[terms] = len(self._terms)
                self._terms.append(terms)
            mark = row << _TERMS_BITS | known
            if marks.setdefault(number, mark) != mark:
                self._again.setdefault(number, []).append(row)
        self.unnumbered: list[StatementRow] = rows.numbered(unnumbered)
        self.count = 0
        self.payable_kopecks = 0

    def set_aside(self, charges: Iterable[tuple[str, OurTerms]], but: Collection[str]) -> list[str]:
        """Set aside what plainly agrees, unless the number is among `but`; the numbers of the charges that are left.

        A number of ours that comes more than once must be among `but`.
        """
        left: list[str] = []
        marks = self._marks
        # Few terms meet few others.
        agreeing: dict[tuple[int, OurTerms], bool] = {}
        for number, ours in charges:
            mark = marks.get(number, -1)
            if mark >= 0 and number not in but and number not in self._again:
                key = (mark & _TERMS, ours)
                agree = agreeing.get(key)
                if agree is None:
                    agree = agreeing[key] = not differing_terms(ours, self._terms[mark & _TERMS])
                if agree:
                    del marks[number]
                    self.count += 1
                    self.payable_kopecks += ours[1] - ours[3]
                    continue
            left.append(number)
        return left

    def rows_left(self) -> list[StatementRow]:
        """The rows that were not set aside."""
        wanted = {mark >> _TERMS_BITS for mark in self._marks.values()}
        wanted.update(row for rows in self._again.values() for row in rows)
        return [*self._rows.numbered(wanted), *self.unnumbered]


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
