"""Reconciliation: our settlement of a month against the operator's statement, pair by pair.

Every row and every charge is used once, whatever the order of rows; the differences of the pairs explain
theirs − ours to the kopeck.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from mureg.domain.dates import Month
from mureg.domain.exact_matches import DiscrepancyKind, ExactMatches, differing_terms
from mureg.domain.settlement import SettledSale, terms_of
from mureg.domain.statement import Statement, StatementRow, Terms

# The id of the statement's own total.
TOTAL_ID = "total"

_Key = TypeVar("_Key", bound=Hashable)


class Pair(NamedTuple):
    """A charge and a row of the same sale, or one of them alone. `kinds` is empty where both agree."""

    id: str
    ours: SettledSale | None
    theirs: StatementRow | None
    kinds: tuple[DiscrepancyKind, ...]
    difference_kopecks: int
    """theirs − ours within this month."""
    settled_in: Month | None = None
    """For `month_differs`: the month in which our charge is settled."""


class Reconciliation(NamedTuple):
    """The pairs that were compared, in the order of our charges, then of the statement's rows by content.

    Exact matches have no pair; `agreeing` counts them too.
    """

    pairs: tuple[Pair, ...]
    agreeing: int
    total_differs: bool
    ours_total_kopecks: int
    theirs_total_kopecks: int
    rounding_difference_kopecks: int

    @property
    def differing(self) -> list[Pair]:
        """The pairs that do not agree."""
        return [pair for pair in self.pairs if pair.kinds]


def reconcile(
    charges: Sequence[SettledSale],
    rows: Iterable[StatementRow],
    rounding_difference_kopecks: int,
    statement: Statement,
    other_months: Sequence[tuple[Month, SettledSale]] = (),
    exact_matches: ExactMatches | None = None,
) -> Reconciliation:
    """Pair our charges of a month with the operator's rows; `other_months` are our charges that other months settle.

    A row with a number belongs to the charge with that number and no other. A row without one is paired by ИНН, by КПП
    and tier where it has them, else by ИНН alone if that leaves one charge. `charges` and `rows` are all of them, or
    those that are not among the `exact_matches`.
    """
    ours = sorted(charges, key=_charge_order)
    rows = sorted(rows, key=_row_order)
    matching = _Matching(ours)
    matching.by_number([row for row in rows if row.number])
    matching.by_organization([row for row in rows if not row.number])
    found = [_pair(charge, row) for charge, row in matching.matched]
    found += [
        Pair("", charge, None, ("missing_in_statement",), -charge.charge.payable_kopecks)
        for charge in matching.unmatched_charges()
    ]
    found.sort(key=lambda pair: _charge_order(pair.ours) if pair.ours else (date.min,))
    others = _OtherMonths(other_months)
    for row in sorted(matching.surplus, key=_row_order):
        found.append(Pair("", None, row, ("duplicate_in_statement",), row.payable_kopecks))
    for row in sorted(matching.unknown, key=_row_order):
        month, charge = others.take(row)
        if charge is None:
            found.append(Pair("", None, row, ("missing_in_register",), row.payable_kopecks))
        else:
            kinds: tuple[DiscrepancyKind, ...] = ("month_differs", *_differences(charge, row))
            found.append(Pair("", charge, row, kinds, row.payable_kopecks, month))
    agreeing = sum(not pair.kinds for pair in found)
    ours_total = sum(charge.charge.payable_kopecks for charge in charges) + rounding_difference_kopecks
    if exact_matches is not None:
        agreeing += exact_matches.count
        ours_total += exact_matches.payable_kopecks
    explained = sum(pair.difference_kopecks for pair in found) - rounding_difference_kopecks
    assert statement.total_kopecks - ours_total == explained, "the pairs explain theirs − ours to the kopeck"
    stated = statement.stated_total_kopecks
    return Reconciliation(
        pairs=_with_ids(found),
        agreeing=agreeing,
        total_differs=stated is not None and stated != statement.total_kopecks,
        ours_total_kopecks=ours_total,
        theirs_total_kopecks=statement.total_kopecks,
        rounding_difference_kopecks=rounding_difference_kopecks,
    )


def id_without_number(row: StatementRow) -> str:
    """The id of a pair that has no charge of ours, and whose row has no number."""
    return f"{row.inn}.{row.tier or 'x'}.{row.payable_kopecks}"


class _Matching:
    """Pairs charges and rows; each is used once at most."""

    def __init__(self, charges: Sequence[SettledSale]) -> None:
        self._charges = charges
        self._is_used = [False] * len(charges)
        self._by_number: dict[str, list[int]] = {}
        self._by_inn: dict[str, list[int]] = {}
        for place, charge in enumerate(charges):
            self._by_number.setdefault(charge.sale.number, []).append(place)
            self._by_inn.setdefault(charge.sale.organization.inn, []).append(place)
        self.matched: list[tuple[SettledSale, StatementRow]] = []
        self._matched_rows: set[tuple[object, ...]] = set()
        # Rows whose charge is paired with another row, and rows that belong to no charge of the month.
        self.surplus: list[StatementRow] = []
        self.unknown: list[StatementRow] = []

    def by_number(self, rows: Iterable[StatementRow]) -> None:
        """Pair the rows that have a number."""
        for number, group in _grouped(rows, lambda row: row.number).items():
            places = self._by_number.get(number, [])
            unmatched = self._assign(places, group)
            (self.surplus if places else self.unknown).extend(unmatched)

    def by_organization(self, rows: Iterable[StatementRow]) -> None:
        """Pair the rows without a number, within each ИНН, those that say most first."""
        for inn, group in _grouped(rows, lambda row: row.inn).items():
            places = self._by_inn.get(inn, [])
            fitting: dict[tuple[str, str], list[int]] = {}
            for place in places:
                for key in _kpp_and_tier_keys(self._charges[place]):
                    fitting.setdefault(key, []).append(place)
            unmatched: list[StatementRow] = []
            alike = _grouped(group, lambda row: (row.kpp, row.tier))
            for key, some in sorted(alike.items(), key=lambda item: (-bool(item[0][1]), -bool(item[0][0]), item[0])):
                candidates = [place for place in fitting.get(key, []) if not self._is_used[place]]
                # Without a tier, choosing between charges that differ would be a guess.
                is_certain = bool(key[1]) or self._are_alike(candidates)
                unmatched += self._assign(candidates, some) if is_certain else some
            free = [place for place in places if not self._is_used[place]]
            if len(free) == 1:
                unmatched = self._assign(free, unmatched)
            taken = {
                key for place in places if self._is_used[place] for key in _kpp_and_tier_keys(self._charges[place])
            }
            free_keys = {
                key for place in places if not self._is_used[place] for key in _kpp_and_tier_keys(self._charges[place])
            }
            for row in unmatched:
                key = (row.kpp, row.tier)
                # While a free charge fits the row, it cannot be said to repeat one that is taken.
                is_again = (key in taken and key not in free_keys) or _row_order(row) in self._matched_rows
                (self.surplus if is_again else self.unknown).append(row)

    def unmatched_charges(self) -> list[SettledSale]:
        """Charges without a row."""
        return [charge for charge, is_used in zip(self._charges, self._is_used, strict=True) if not is_used]

    def _are_alike(self, places: Sequence[int]) -> bool:
        charges = (self._charges[place].charge for place in places)
        return len({(each.tier, each.list_price_kopecks, each.discount_kopecks) for each in charges}) <= 1

    def _assign(self, places: Sequence[int], rows: list[StatementRow]) -> list[StatementRow]:
        """Pair rows with free charges, those with the fewest differences first; returns the unmatched rows."""
        free = [place for place in places if not self._is_used[place]]
        if not free or not rows:
            return rows
        candidates: Iterable[tuple[int, int, int]]
        if len(free) * len(rows) <= _FEW_PAIRS:
            candidates = sorted(
                (len(_differences(self._charges[place], row)), place, index)
                for place in free
                for index, row in enumerate(rows)
            )
        else:
            candidates = self._likely_pairs(free, rows)
        taken: set[int] = set()
        for _, place, index in candidates:
            if not self._is_used[place] and index not in taken:
                self._is_used[place] = True
                taken.add(index)
                self.matched.append((self._charges[place], rows[index]))
                self._matched_rows.add(_row_order(rows[index]))
        return [row for index, row in enumerate(rows) if index not in taken]

    def _likely_pairs(self, free: Sequence[int], rows: Sequence[StatementRow]) -> Iterator[tuple[int, int, int]]:
        """Candidates where there are too many pairs to compare all: equal amounts first, then in order."""
        by_amount: dict[int, list[int]] = {}
        equal: set[int] = set()
        for place in reversed(free):
            by_amount.setdefault(self._charges[place].charge.payable_kopecks, []).append(place)
        for index, row in enumerate(rows):
            same = by_amount.get(row.payable_kopecks)
            if same:
                equal.add(index)
                yield 0, same.pop(), index
        rest = sorted(place for places in by_amount.values() for place in places)
        unequal = [index for index in range(len(rows)) if index not in equal]
        yield from ((1, place, index) for place, index in zip(rest, unequal, strict=False))


class _OtherMonths:
    """Our charges of other months, each for one row."""

    def __init__(self, charges: Iterable[tuple[Month, SettledSale]]) -> None:
        self._entries = sorted(charges, key=lambda entry: (entry[0], _charge_order(entry[1])))
        self._is_used = [False] * len(self._entries)
        # The places of the charges that may belong to a row, in reverse order: the next one is popped off the end.
        self._places: dict[tuple[str, ...], list[int]] = {}
        for place in reversed(range(len(self._entries))):
            settled = self._entries[place][1]
            inn = settled.sale.organization.inn
            for key in ((settled.sale.number,), *((inn, *key) for key in _kpp_and_tier_keys(settled))):
                self._places.setdefault(key, []).append(place)

    def take(self, row: StatementRow) -> tuple[Month | None, SettledSale | None]:
        """The charge that belongs to the row, and its month; `None` for both where there is none."""
        places = self._places.get((row.number,) if row.number else (row.inn, row.kpp, row.tier), [])
        while places:
            place = places.pop()
            if not self._is_used[place]:
                self._is_used[place] = True
                return self._entries[place]
        return None, None


def _kpp_and_tier_keys(settled: SettledSale) -> tuple[tuple[str, str], ...]:
    """The pairs of КПП and tier, each perhaps not given, that a row of this charge may have."""
    kpp, tier = settled.sale.organization.kpp, settled.sale.tier
    return tuple(dict.fromkeys(((kpp, tier), (kpp, ""), ("", tier), ("", ""))))


# Up to this many pairs of a group are all compared.
_FEW_PAIRS = 10_000


def _pair(charge: SettledSale, row: StatementRow) -> Pair:
    return Pair("", charge, row, _differences(charge, row), row.payable_kopecks - charge.charge.payable_kopecks)


def _differences(settled: SettledSale, row: StatementRow) -> tuple[DiscrepancyKind, ...]:
    """Every kind that applies; what the statement has no column for is not compared."""
    theirs: Terms = (row.tier, row.payable_kopecks, row.list_price_kopecks, row.discount_rate, row.discount_kopecks)
    return differing_terms(terms_of(settled.charge), theirs)


def _with_ids(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs with their ids: a number where it is enough, else with a digest of the pair's content."""
    bases = Counter(map(_base_id, pairs))
    seen: Counter[str] = Counter()
    result = []
    for pair in pairs:
        name = _base_id(pair)
        # `total` is the id of the statement's own total, even where an application has that number.
        if bases[name] > 1 or name == TOTAL_ID:
            from hashlib import sha256  # noqa: PLC0415  few pairs need it, and it is slow to load

            name = f"{name}.{sha256(repr(_content(pair)).encode()).hexdigest()[:6]}"
        seen[name] += 1
        result.append(pair._replace(id=name if seen[name] == 1 else f"{name}.{seen[name]}"))
    return tuple(result)


def _base_id(pair: Pair) -> str:
    if pair.ours is not None:
        return pair.ours.sale.number
    assert pair.theirs is not None, "a pair has a side"
    row = pair.theirs
    return row.number or id_without_number(row)


def _content(pair: Pair) -> object:
    return (_charge_order(pair.ours) if pair.ours else None, _row_order(pair.theirs) if pair.theirs else None)


def _charge_order(settled: SettledSale) -> tuple[date, str, str, str, str, int, int]:
    sale, charge, kind, corrects = settled
    return (
        sale.sold_on, sale.number, kind, str(corrects or ""), sale.tier, charge.list_price_kopecks,
        charge.discount_kopecks,
    )  # fmt: skip


def _row_order(row: StatementRow) -> tuple[object, ...]:
    """The order of rows: by content, whatever their order in the file."""
    absent = -1 << 62
    return (
        row.number, row.inn, row.kpp, row.tier, row.payable_kopecks, row.processed_on or date.min,
        absent if row.list_price_kopecks is None else row.list_price_kopecks,
        absent if row.discount_rate is None else row.discount_rate,
        absent if row.discount_kopecks is None else row.discount_kopecks, row.name,
    )  # fmt: skip


def _grouped(rows: Iterable[StatementRow], key: Callable[[StatementRow], _Key]) -> dict[_Key, list[StatementRow]]:
    groups: dict[_Key, list[StatementRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
