"""Refuse a statement that clearly belongs to another month. The rule is in `domain.statement_month`."""

from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress

from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.reconciliation.exact_matches import ExactMatches
from mureg.domain.reconciliation.pairs import Reconciliation
from mureg.domain.reconciliation.statement_month import StatementEvidence, month_of_statement, months_of_days
from mureg.errors import Refused, msg
from mureg.operations.months import settlement
from mureg.register.register import Register

# So many numbers of a statement, spread over it, say which other month may have its charges.
_SAMPLE = 200


def require_own_month(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    matches: ExactMatches,
    unmatched: Sequence[str],
    never_exact: Collection[str],
    options: str,
) -> None:
    """Refuse by the numbers and dates alone, before rows are loaded: there may be a million.

    `unmatched` are numbers of our charges; `options` say how the statement was typed. What is compared pair by pair,
    rows without a number and those that are `never_exact`, counts here as if it agreed: `require_own_month_of_pairs`
    looks at what comes of it.
    """
    agreeing_here = matches.count + len(matches.unnumbered) + matches.count_numbers(never_exact)
    evidence = StatementEvidence(
        rows=matches.rows,
        meant_here=agreeing_here + matches.count_numbers(unmatched),
        agreeing_here=agreeing_here,
        dated=months_of_days(matches.days),
        agreeing={} if agreeing_here else _agreeing(register, month, contract, matches),
    )
    _require(month, evidence, options)


def require_own_month_of_pairs(month: Month, matches: ExactMatches, found: Reconciliation, options: str) -> None:
    """Refuse by the pairs."""
    here = sum(pair.ours is not None and pair.theirs is not None and not pair.settled_in for pair in found.differing)
    evidence = StatementEvidence(
        rows=matches.rows,
        meant_here=found.agreeing + here,
        agreeing_here=found.agreeing,
        dated=months_of_days(matches.days),
        agreeing=Counter(pair.settled_in for pair in found.pairs if pair.settled_in and len(pair.kinds) == 1),
    )
    _require(month, evidence, options)


def _agreeing(
    register: Register, month: Month, contract: SublicenceContract | None, matches: ExactMatches
) -> dict[Month, int]:
    """How many rows agree with the charges of the month that sold most numbers of a sample."""
    sold_in = Counter(Month.of(sale.sold_on) for sale in register.licences.sales_with(matches.some_numbers(_SAMPLE)))
    del sold_in[month]
    if not sold_in:
        return {}
    ((other, _),) = sold_in.most_common(1)
    # A month whose prices are missing cannot be compared.
    with suppress(Refused):
        terms = settlement.settled_month(register, other, contract, taken=()).terms()
        return {other: matches.count_agreeing(terms)}
    return {}


def _require(month: Month, evidence: StatementEvidence, options: str) -> None:
    other = month_of_statement(month, evidence)
    if other is not None:
        raise Refused(
            msg("the statement belongs to {other}, not to {month}", other=other, month=month),
            msg(
                "compare it with that month: mureg reconcile --month {other} {options}\n"
                "or with {month} all the same: mureg reconcile --month {month} {options} --anyway",
                other=other, month=month, options=options,
            ),
        )  # fmt: skip
