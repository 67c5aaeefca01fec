"""Exact matches: one charge and one row of the statement with the same number and no difference.

In most months nearly every row is one. They are matched by number alone, and only the row's number and a flag are
kept in memory for each; the rest is compared pair by pair (`reconciliation`). The result is the same as comparing all.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import compress, islice
from operator import ne
from typing import Any, Literal, NamedTuple

from mureg.domain.application import Tier
from mureg.domain.reconciliation.statement import StatementRow, StatementRows, Terms

DiscrepancyKind = Literal[
    "missing_in_statement", "missing_in_register", "tier_differs", "price_differs", "discount_differs",
    "payable_differs", "month_differs", "duplicate_in_statement", "total_differs",
]  # fmt: skip


class ChargeTerms(NamedTuple):
    """What is compared of a charge of ours."""

    tier: Tier
    list_price_kopecks: int
    discount_rate: int
    discount_kopecks: int

    @property
    def payable_kopecks(self) -> int:
        """List price − discount."""
        return self.list_price_kopecks - self.discount_kopecks


class ExactMatches:
    """The exact matches between a statement and our charges. The rows are read in chunks: there may be a million."""

    def __init__(self, rows: StatementRows) -> None:
        self._rows = rows
        # The place of each number among the rows; by the place, the number of the row in its file and of its terms.
        self._places: dict[str, int] = {}
        self._row_numbers = array("q")
        self._row_terms = array("i")
        self._terms = _DistinctTerms()
        # Numbers in several rows: these rows are never exact matches.
        self._repeated: set[str] = set()
        unnumbered: set[int] = set()
        self.days: Counter[str | None] = Counter()
        """How many rows have each ISO date."""
        for columns in rows.chunks():
            row_numbers, numbers = columns["row"], columns["number"]
            terms = zip(*(columns[name] for name in Terms._fields), strict=True)
            first = len(self._row_numbers)
            self._row_numbers.extend(row_numbers)
            self.days.update(columns["processed_on"])
            self._row_terms.extend(map(self._terms.__getitem__, terms))
            new_places = range(first, first + len(row_numbers))
            places = list(map(self._places.setdefault, numbers, new_places))
            if places != list(new_places):
                self._repeated.update(compress(numbers, map(ne, places, new_places)))
            if "" in self._places:
                unnumbered.update(row for row, number in zip(row_numbers, numbers, strict=True) if not number)
        self._is_matched = bytearray(len(self._row_numbers))
        self.unnumbered: list[StatementRow] = rows.numbered(unnumbered)
        self.count = 0
        self.payable_kopecks = 0

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self._row_numbers)

    def some_numbers(self, most: int) -> list[str]:
        """Up to `most` numbers of the statement, spread over it."""
        step = len(self._places) // most + 1
        return [number for number in islice(self._places, 0, None, step) if number]

    def count_numbers(self, numbers: Iterable[str]) -> int:
        """How many of the numbers the statement has."""
        return sum(map(self._places.__contains__, numbers))

    def count_agreeing(self, charges: Iterable[tuple[ChargeTerms, Sequence[str]]]) -> int:
        """How many numbers have a row that agrees with its charge. Nothing is matched by it."""
        count = 0
        for ours, numbers in charges:
            places = map(self._places.get, numbers)
            found = Counter(self._row_terms[place] for place in places if place is not None)
            count += sum(many for terms, many in found.items() if not differing_terms(ours, self._terms.all[terms]))
        return count

    def match(self, charges: Iterable[tuple[ChargeTerms, Sequence[str]]], excluded: Collection[str]) -> list[str]:
        """Match charges with rows, but for the numbers `excluded`; returns the numbers of the unmatched charges.

        `charges` are groups of numbers whose charges have the same terms. A number that has several charges must be
        among `excluded`.
        """
        unmatched: list[str] = []
        excluded = {*excluded, *self._repeated}
        is_matched, row_terms, place_of = self._is_matched, self._row_terms, self._places.get
        for ours, numbers in charges:
            is_equal: dict[int, bool] = {}
            count = 0
            for number, place in zip(numbers, map(place_of, numbers), strict=True):
                if place is not None and number not in excluded:
                    theirs = row_terms[place]
                    equal = is_equal.get(theirs)
                    if equal is None:
                        equal = is_equal[theirs] = not differing_terms(ours, self._terms.all[theirs])
                    if equal:
                        is_matched[place] = 1
                        count += 1
                        continue
                unmatched.append(number)
            self.count += count
            self.payable_kopecks += count * ours.payable_kopecks
        return unmatched

    def unmatched_rows(self) -> list[StatementRow]:
        """The rows that are not exact matches."""
        return self._rows.numbered(
            {row for row, is_matched in zip(self._row_numbers, self._is_matched, strict=True) if not is_matched}
        )


class _DistinctTerms(dict[tuple[Any, ...], int]):
    """The distinct terms of rows, numbered as they are met: there are few."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Terms] = []

    def __missing__(self, terms: tuple[Any, ...]) -> int:
        number = self[terms] = len(self.all)
        self.all.append(Terms._make(terms))
        return number


def differing_terms(ours: ChargeTerms, theirs: Terms) -> tuple[DiscrepancyKind, ...]:
    """Every kind of discrepancy that applies; what the statement has no column for is not compared."""
    kinds: list[DiscrepancyKind] = []
    if theirs.tier and theirs.tier != ours.tier:
        kinds.append("tier_differs")
    if theirs.list_price_kopecks is not None and theirs.list_price_kopecks != ours.list_price_kopecks:
        kinds.append("price_differs")
    if theirs.discount_kopecks is not None:
        if theirs.discount_kopecks != ours.discount_kopecks:
            kinds.append("discount_differs")
    elif theirs.discount_rate is not None and theirs.discount_rate != ours.discount_rate:
        kinds.append("discount_differs")
    if theirs.payable_kopecks != ours.payable_kopecks:
        kinds.append("payable_differs")
    return tuple(kinds)
