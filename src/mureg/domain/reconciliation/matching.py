"""Which row of the operator's statement means which of our charges: each at most once, whatever the order of rows.

A row with a number means the charge with that number, in this month or in another one. A row without one is matched
within its ИНН, by КПП and tier where it has them: as many pairs as possible, of these the fewest that differ, of these
the fewest kinds of discrepancy. Rows without a tier are matched only where that is no guess between charges that
differ: by an equal amount, or where one charge is left.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple, TypeVar

from mureg.domain.dates import Month
from mureg.domain.reconciliation.assignment import assign
from mureg.domain.reconciliation.exact_matches import DiscrepancyKind, differing_terms
from mureg.domain.reconciliation.statement import StatementRow, Terms
from mureg.domain.settlement import SettledSale, terms_of
from mureg.domain.text import look_alike_key

_Key = TypeVar("_Key", bound=Hashable)
_Item = TypeVar("_Item")
_RowKey = tuple[str, str, bool]

_compared_of = attrgetter(*Terms._fields)

# What a pair that differs costs beside one for each of its kinds: more than all kinds of a statement can.
_DIFFERS = 1 << 40


class Matches(NamedTuple):
    """Every charge of the month and every row of the statement, each in one of these lists."""

    pairs: list[tuple[SettledSale, StatementRow]]
    unmatched: list[SettledSale]
    """Charges of the month without a row."""
    elsewhere: list[tuple[Month, SettledSale, StatementRow]]
    """Rows that mean a charge of another month."""
    duplicates: list[StatementRow]
    """Rows whose charge another row was matched with."""
    unknown: list[StatementRow]
    """Rows that mean no charge of ours."""


def match(
    charges: Iterable[SettledSale], rows: Iterable[StatementRow], elsewhere: Iterable[tuple[Month, SettledSale]] = ()
) -> Matches:
    """Match a month's charges, and the charges of other months, with the operator's rows."""
    # Rows alike are used in the order of the file.
    ordered = sorted(rows, key=lambda row: (row_order(row), row.row))
    months = sorted(elsewhere, key=_order_elsewhere)
    here = _Charges(sorted(charges, key=charge_order))
    other = _Charges([charge for _, charge in months])
    month_of = [month for month, _ in months]
    numbered = other.match_numbers(here.match_numbers([row for row in ordered if row.number]))
    numbered = other.match_look_alikes(here.match_look_alikes(numbered))
    rest = here.match_organizations([row for row in ordered if not row.number], may_differ=True)
    # A row does not mean a charge of another month while it may mean one of this month that is free.
    unclear, rest = here.divide_by_free(rest)
    rest = other.match_organizations(rest, may_differ=False)
    return Matches(
        pairs=[(here.all[place], row) for place, row in sorted(here.matched.items())],
        unmatched=[charge for place, charge in enumerate(here.all) if place not in here.matched],
        elsewhere=[(month_of[place], other.all[place], row) for place, row in sorted(other.matched.items())],
        duplicates=sorted(here.duplicates + other.duplicates, key=row_order),
        unknown=sorted(numbered + unclear + rest, key=row_order),
    )


class _Charges:
    """Charges of ours, and the rows that were matched with them, by the charge's place."""

    def __init__(self, charges: Sequence[SettledSale]) -> None:
        self.all = charges
        self.matched: dict[int, StatementRow] = {}
        self.duplicates: list[StatementRow] = []
        self._by_number = _grouped(range(len(charges)), lambda place: charges[place].sale.number)
        self._by_inn = _grouped(range(len(charges)), lambda place: charges[place].sale.organization.inn)

    def match_numbers(self, rows: Sequence[StatementRow]) -> list[StatementRow]:
        """Match rows with the charges of their numbers; the rows whose numbers are not among ours.

        Where several rows have a number, those that agree with its charges are matched, the others are duplicates.
        """
        unknown: list[StatementRow] = []
        for number, group in _grouped(rows, lambda row: row.number).items():
            places = self._by_number.get(number, [])
            left = self._match(places, group)
            (self.duplicates if places else unknown).extend(left)
        return unknown

    def match_look_alikes(self, rows: Sequence[StatementRow]) -> list[StatementRow]:
        """Match rows with free charges of the same ИНН whose number looks alike, one to one; the rows that are left."""

        def key_of(number: str, inn: str) -> tuple[str, str]:
            return inn, look_alike_key(number)

        charges = self.all
        free = [place for place in range(len(charges)) if place not in self.matched]
        ours = _grouped(free, lambda place: key_of(charges[place].sale.number, charges[place].sale.organization.inn))
        theirs = _grouped(rows, lambda row: key_of(row.number, row.inn))
        left: list[StatementRow] = []
        for (inn, number), group in theirs.items():
            places = ours.get((inn, number), [])
            if inn and len(group) == len(places) == 1:
                self.matched[places[0]] = group[0]
            else:
                left += group
        return left

    def match_organizations(self, rows: Sequence[StatementRow], *, may_differ: bool) -> list[StatementRow]:
        """Match rows without a number within their ИНН; the rows that mean none of these charges.

        With `may_differ`, where one charge is left, a row of its ИНН means it even with another КПП or tier.
        """
        left: list[StatementRow] = []
        for inn, group in _grouped(rows, lambda row: row.inn).items():
            rest = self._match(self._free(inn), group, only_certain=True)
            # What the first step has taken can make it certain what the other rows mean.
            rest = self._match(self._free(inn), rest, only_certain=True)
            free = self._free(inn)
            if may_differ and len(free) == 1:
                same_sign = [row for row in rest if _is_refund(row) == (self.all[free[0]].charge.payable_kopecks < 0)]
                others = [row for row in rest if _is_refund(row) != (self.all[free[0]].charge.payable_kopecks < 0)]
                rest = self._match(free, same_sign) + others
            left += self._without_duplicates(inn, rest)
        return left

    def divide_by_free(self, rows: Iterable[StatementRow]) -> tuple[list[StatementRow], list[StatementRow]]:
        """Rows without a number that could mean a free charge, and the others."""
        unclear: list[StatementRow] = []
        others: list[StatementRow] = []
        for inn, group in _grouped(rows, lambda row: row.inn).items():
            keys = {key for place in self._free(inn) for key in _keys(self.all[place])}
            for row in group:
                (unclear if _key_of(row) in keys else others).append(row)
        return unclear, others

    def _free(self, inn: str) -> list[int]:
        return [place for place in self._by_inn.get(inn, []) if place not in self.matched]

    def _without_duplicates(self, inn: str, rows: Sequence[StatementRow]) -> list[StatementRow]:
        """The rows that do not repeat what was matched already; the others are kept as duplicates."""
        if not rows:
            return []
        taken = [place for place in self._by_inn.get(inn, []) if place in self.matched]
        contents = {row_order(self.matched[place]) for place in taken}
        meant = {key for place in taken for key in _keys(self.all[place])}
        free = {key for place in self._free(inn) for key in _keys(self.all[place])}
        left: list[StatementRow] = []
        for row in rows:
            # Where a charge is free that the row could mean, it need not mean one that is taken.
            is_again = (_key_of(row) in meant and _key_of(row) not in free) or row_order(row) in contents
            (self.duplicates if is_again else left).append(row)
        return left

    def _match(
        self, places: Sequence[int], rows: Sequence[StatementRow], *, only_certain: bool = False
    ) -> list[StatementRow]:
        """Match rows with free charges at the least cost; the rows that are left.

        Charges with equal terms form a class, and so do rows that cost the same with every class of charges.
        """
        free = [place for place in places if place not in self.matched]
        if not free or not rows:
            return list(rows)
        classes = list(_grouped(free, lambda place: _class_of(self.all[place])).values())
        charges = _Classes([(self.all[some[0]], len(some)) for some in classes])
        by_content = list(_grouped(rows, _content_of).values())
        costs = [charges.costs_of(some[0], len(some), only_certain=only_certain) for some in by_content]
        by_costs = _grouped(range(len(by_content)), lambda index: tuple(costs[index].items()))
        groups = [sorted((row for index in some for row in by_content[index]), key=row_order)
                  for some in by_costs.values()]  # fmt: skip
        flows = assign([len(some) for some in groups], [len(some) for some in classes], list(map(dict, by_costs)))
        left: list[StatementRow] = []
        unused = [some[::-1] for some in classes]
        for group, flow in zip(groups, flows, strict=True):
            waiting = group[::-1]
            for charge_class, count in sorted(flow.items()):
                for _ in range(count):
                    self.matched[unused[charge_class].pop()] = waiting.pop()
            left += waiting[::-1]
        return sorted(left, key=row_order)


class _Classes:
    """Classes of charges with equal terms: one charge of each, and how many they are."""

    def __init__(self, classes: Sequence[tuple[SettledSale, int]]) -> None:
        self._charges = [charge for charge, _ in classes]
        self._counts = [count for _, count in classes]
        self._by_key: dict[_RowKey, list[int]] = {}
        for index, charge in enumerate(self._charges):
            for key in _keys(charge):
                self._by_key.setdefault(key, []).append(index)

    def costs_of(self, row: StatementRow, count: int, *, only_certain: bool) -> dict[int, int]:
        """What a row costs with each class that it may mean, nothing where both agree; there are `count` such rows."""
        candidates = self._by_key.get(_key_of(row), []) if only_certain else range(len(self._charges))
        costs: dict[int, int] = {}
        for index in candidates:
            kinds = len(differences(self._charges[index], row))
            costs[index] = kinds + _DIFFERS if kinds else 0
        if not only_certain or row.tier or self._are_alike(costs):
            return costs
        # Without a tier, different charges are distinguished by the amount, if each of them has a row.
        agreeing: dict[int, int] = {index: cost for index, cost in costs.items() if not cost} or {
            index: cost
            for index, cost in costs.items()
            if self._charges[index].charge.payable_kopecks == row.payable_kopecks
        }
        is_certain = self._are_alike(agreeing) or count >= sum(self._counts[index] for index in agreeing)
        return agreeing if is_certain else {}

    def _are_alike(self, indexes: Iterable[int]) -> bool:
        return len({terms_of(self._charges[index].charge) for index in indexes}) <= 1


def differences(settled: SettledSale, row: StatementRow) -> tuple[DiscrepancyKind, ...]:
    """Every kind of discrepancy that applies; what the statement has no column for is not compared."""
    return differing_terms(terms_of(settled.charge), Terms._make(_compared_of(row)))


def _order_elsewhere(entry: tuple[Month, SettledSale]) -> tuple[object, ...]:
    month, charge = entry
    return month, charge_order(charge)


def charge_order(settled: SettledSale) -> tuple[date, str, str, str, str, int, int]:
    """A charge by its day, its number, and its content."""
    sale, charge = settled.sale, settled.charge
    return (
        sale.sold_on, sale.number, settled.kind, str(settled.corrects or ""), sale.tier, charge.list_price_kopecks,
        charge.discount_kopecks,
    )  # fmt: skip


def row_order(row: StatementRow) -> tuple[object, ...]:
    """A row by its content alone: its place in the file decides nothing."""
    absent = -1 << 62
    return (
        row.number, row.inn, row.kpp, row.tier, row.payable_kopecks, row.processed_on or date.min,
        absent if row.list_price_kopecks is None else row.list_price_kopecks,
        absent if row.discount_rate is None else row.discount_rate,
        absent if row.discount_kopecks is None else row.discount_kopecks, row.name,
    )  # fmt: skip


def _keys(settled: SettledSale) -> tuple[_RowKey, ...]:
    """The КПП and tier by which a row without a number may mean the charge, either of them perhaps not given."""
    kpp, tier, is_refund = settled.sale.organization.kpp, settled.sale.tier, settled.charge.payable_kopecks < 0
    every = ((kpp, tier, is_refund), (kpp, "", is_refund), ("", tier, is_refund), ("", "", is_refund))
    return tuple(dict.fromkeys(every))


def _key_of(row: StatementRow) -> _RowKey:
    return row.kpp, row.tier, _is_refund(row)


def _is_refund(row: StatementRow) -> bool:
    return row.payable_kopecks < 0


def _class_of(settled: SettledSale) -> tuple[object, ...]:
    return (settled.sale.organization.kpp, *terms_of(settled.charge))


def _content_of(row: StatementRow) -> tuple[object, ...]:
    """What decides which charges a row may mean, and how well."""
    return row.kpp, *_compared_of(row)


def _grouped(items: Iterable[_Item], key: Callable[[_Item], _Key]) -> dict[_Key, list[_Item]]:
    groups: dict[_Key, list[_Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
