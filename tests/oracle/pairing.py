"""Which row may mean which charge, and the best that pairing can do, by trying every pairing."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from oracle.facts import kopecks

Charge = dict[str, Any]
Row = dict[str, Any]


class Cost(NamedTuple):
    """How many pairs there are, how many of them differ, and by how many kinds."""

    pairs: int
    differing: int
    kinds: int


def kinds_of(charge: Charge, row: Row) -> list[str]:
    """What differs of a charge and a row, cell by cell; an empty cell is not compared."""
    kinds = []
    if row["tier"] and row["tier"] != charge["tier"]:
        kinds.append("tier_differs")
    if row["list_price"] is not None and row["list_price"] != kopecks(charge["list_price"]):
        kinds.append("price_differs")
    if row["discount"] is not None:
        if row["discount"] != kopecks(charge["discount"]):
            kinds.append("discount_differs")
    elif row["discount_rate"] is not None and row["discount_rate"] != kopecks(charge["discount_rate"]):
        kinds.append("discount_differs")
    if row["payable"] != kopecks(charge["payable"]):
        kinds.append("payable_differs")
    return kinds


def may_mean(charge: Charge, row: Row) -> bool:
    """Whether a row without a number may mean the charge: by ИНН, and КПП and tier where it has them, and the sign."""
    return bool(
        row["inn"] == charge["inn"]
        and row["kpp"] in ("", charge["kpp"] or "")
        and row["tier"] in ("", charge["tier"])
        and is_same_sign(charge, row)
    )


def is_same_sign(charge: Charge, row: Row) -> bool:
    return bool(row["payable"] < 0) == (kopecks(charge["payable"]) < 0)


def best(charges: Sequence[Charge], rows: Sequence[Row], allowed: Callable[[Charge, Row], bool]) -> Cost:
    """As many pairs as possible, of these the fewest that differ, of these the fewest kinds."""
    costs = [
        [len(kinds_of(charge, row)) if allowed(charge, row) else None for charge in charges] for row in rows
    ]  # fmt: skip

    @cache
    def rest(place: int, used: int) -> tuple[int, int, int]:
        if place == len(rows):
            return 0, 0, 0
        found = rest(place + 1, used)
        for charge, kinds in enumerate(costs[place]):
            if kinds is not None and not used >> charge & 1:
                pairs, differing, total = rest(place + 1, used | 1 << charge)
                found = max(found, (pairs + 1, differing - bool(kinds), total - kinds))
        return found

    pairs, differing, kinds = rest(0, 0)
    return Cost(pairs, -differing, -kinds)
