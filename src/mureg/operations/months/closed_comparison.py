"""The comparison of a closed month with its statement: it is stored when the month is closed, and not computed again.

It is stored in the rules of the closed month, under `comparison`, as JSON: how many rows agreed, and each pair that did
not, or whose numbers only look alike, with its id, its kinds, the place of its charge, the number of its row, its
difference and the month that its charge was taken from. The month's hash covers it.
"""

import json
from collections.abc import Iterable

from mureg.domain.dates import Month
from mureg.domain.reconciliation.pairs import Pair, Reconciliation
from mureg.domain.reconciliation.statement import Statement
from mureg.operations.months.settlement import SettledMonth
from mureg.register.queries.charges import FrozenCharge
from mureg.register.register import Register


def comparison_to_freeze(found: Reconciliation, charges: Iterable[FrozenCharge]) -> dict[str, object]:
    """The comparison of a month that is being closed with these charges."""
    places = {
        (charge.settled, charge.taken_from): place
        for place, charge in enumerate(charges, 1)
    }  # fmt: skip
    return {
        "agreeing": found.agreeing,
        "pairs": [
            [
                pair.id, list(pair.kinds), places[pair.ours, pair.settled_in] if pair.ours else None,
                pair.theirs.row if pair.theirs else None, pair.difference_kopecks, str(pair.settled_in or ""),
            ]
            for pair in found.pairs
            if pair.kinds or pair.looks_alike
        ],
    }  # fmt: skip


def frozen_comparison(register: Register, settled: SettledMonth, statement: Statement) -> Reconciliation | None:
    """The comparison that a closed month was closed with; `None` where an earlier version closed it without."""
    kept = json.loads(settled.record.contract).get("comparison")
    if kept is None:
        return None
    places = {place for _, _, place, *_ in kept["pairs"] if place is not None}
    charges = {
        charge.place: charge.settled
        for charge in register.charges.of_month(settled.record.month) if charge.place in places
    }  # fmt: skip
    rows = {
        row.row: row
        for row in statement.rows.numbered({number for _, _, _, number, *_ in kept["pairs"] if number is not None})
    }
    return Reconciliation(
        pairs=tuple(
            Pair(
                id=name,
                ours=None if place is None else charges[place],
                theirs=None if number is None else rows[number],
                kinds=tuple(kinds),
                difference_kopecks=difference,
                settled_in=Month.parse(settled_in) if settled_in else None,
            )
            for name, kinds, place, number, difference, settled_in in kept["pairs"]
        ),
        agreeing=kept["agreeing"],
        stated_total_kopecks=statement.stated_total_kopecks,
        ours_total_kopecks=settled.settlement.total.payable_kopecks,
        theirs_total_kopecks=statement.total_kopecks,
        rounding_difference_kopecks=settled.settlement.rounding_difference_kopecks,
    )
