"""A month beside the operator's statement: compare, keep the statement, find the resolutions in force."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.money import Amount
from mureg.domain.reconciliation.statement import Statement, StatementRow
from mureg.errors import Message, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.months import settlement
from mureg.operations.months.settlement import SettledMonth
from mureg.register.queries.months import ResolutionRecord
from mureg.register.register import Register

# A month without a statement needs none of these.
with lazy_imports():
    from mureg.domain.reconciliation import exact_matches
    from mureg.domain.reconciliation import pairs as pairing
    from mureg.operations import result
    from mureg.operations.months import closed_comparison, other_months, pair_content, statement_month

if TYPE_CHECKING:
    # Commands that only read do not load them.
    from mureg.domain.reconciliation.pairs import Pair, Reconciliation
    from mureg.register.history import Actor
    from mureg.register.transaction import Operation


class Compared(NamedTuple):
    """A month beside the operator's statement, if there is one. `resolutions` are those in force, by pair."""

    settled: SettledMonth
    statement: Statement | None
    reconciliation: "Reconciliation | None"
    resolutions: dict[str, ResolutionRecord]
    lapsed: tuple[ResolutionRecord, ...] = ()
    """Resolutions whose pair has changed since: they have no effect."""

    @property
    def open_pairs(self) -> "list[Pair]":
        """Pairs that differ and are not resolved."""
        return [pair for pair in self.differing if pair.id not in self.resolutions]

    @property
    def differing(self) -> "list[Pair]":
        """Pairs that differ."""
        return self.reconciliation.differing if self.reconciliation else []

    @property
    def is_total_open(self) -> bool:
        """Whether the statement's total is not the sum of its rows, and that is not accepted yet."""
        return bool(
            self.reconciliation and self.reconciliation.total_differs and pairing.TOTAL_ID not in self.resolutions
        )

    @property
    def unresolved(self) -> int:
        """How many discrepancies are not resolved."""
        return len(self.open_pairs) + self.is_total_open

    def resolved(self, action: str) -> "list[Pair]":
        """Pairs that are resolved in this way."""
        return [pair for pair in self.differing
                if pair.id in self.resolutions and self.resolutions[pair.id].action == action]  # fmt: skip

    def resolved_kopecks(self, action: str) -> int:
        """What the pairs that are resolved in this way change of our total: a carried charge takes itself away."""
        return sum(pair.difference_kopecks for pair in self.resolved(action))

    def sum_of_resolved(self, action: str) -> Message | None:
        """The same with the number of pairs; `None` where there are none."""
        count = len(self.resolved(action))
        return msg("{amount} ({count})", amount=Amount(self.resolved_kopecks(action)), count=count) if count else None

    @property
    def agreed_kopecks(self) -> int:
        """Total payable − what is carried + the differences of accepted pairs, each once."""
        agreed = self.settled.settlement.total.payable_kopecks
        for pair in self.differing:
            resolution = self.resolutions.get(pair.id)
            if resolution is not None:
                # Only a charge that is missing in the statement is carried: its difference is minus our whole charge.
                agreed += pair.difference_kopecks
        return agreed


class KeptStatement(NamedTuple):
    """The month beside its new statement, and the file whose statement was kept before, if there was one."""

    compared: Compared
    replaced_file: str | None


def settled_month(register: Register, month: Month, contract: SublicenceContract | None) -> SettledMonth:
    """The settlement of a month, without what other months settle by an accepted row. Raises `Refused`."""
    return settlement.settled_month(register, month, contract, _by_others(taken_in_force(register, contract), month))


def taken_in_force(register: Register, contract: SublicenceContract | None) -> dict[str, Month]:
    """Sales and corrections that another month settles by an accepted row, and that month.

    An acceptance in an open month is in force while its pair is what was accepted; a price, a cancellation or another
    row can change that. What one month no longer takes can change the pairs of another: those that lapsed are left out
    until nothing changes.
    """
    in_force = register.months.taken()
    open_months = sorted(month for month in set(in_force.values()) if register.months.record(month).state == "open")
    while True:
        kept = {name: month for name, month in in_force.items() if month not in open_months}
        for month in open_months:
            compared = _compared_beside(register, month, contract, in_force)
            kept |= {record.takes: month for record in compared.resolutions.values() if record.takes}
        if kept == in_force:
            return in_force
        in_force = kept


def compared_month(
    register: Register, month: Month, contract: SublicenceContract | None, statement: Statement | None = None
) -> Compared:
    """The month beside the given statement, or the one that is kept with it."""
    return _compared_beside(register, month, contract, taken_in_force(register, contract), statement)


def _compared_beside(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    taken: Mapping[str, Month],
    statement: Statement | None = None,
) -> Compared:
    """The month, where the months of `taken` settle these sales and corrections."""
    settled = settlement.settled_month(register, month, contract, _by_others(taken, month))
    return _compared(register, settled, contract, taken, statement)


def _by_others(taken: Mapping[str, Month], month: Month) -> set[str]:
    return {name for name, by in taken.items() if by != month}


def _compared(
    register: Register,
    settled: SettledMonth,
    contract: SublicenceContract | None,
    taken: Mapping[str, Month],
    statement: Statement | None = None,
    own_month: str = "",
) -> Compared:
    """With `own_month`, the options by which the statement was typed, one of another month is refused."""
    month, record = settled.record.month, settled.record
    is_kept = statement is None
    if statement is None and record.statement is not None:
        statement = register.statements.load(record.statement)
    if statement is None:
        return Compared(settled, None, None, {})
    if is_kept and record.state != "open":
        frozen = closed_comparison.frozen_comparison(register, settled, statement)
        if frozen is not None:
            return Compared(settled, statement, frozen, register.months.resolutions(month))
    matches = exact_matches.ExactMatches(statement.rows)
    never_exact = _never_exact(register, settled, matches.unnumbered)
    unmatched = matches.match(settled.terms(), excluded=never_exact)
    if own_month:
        statement_month.require_own_month(register, month, contract, matches, unmatched, never_exact, own_month)
    ours = settled.charges_with(set(unmatched))
    rows = matches.unmatched_rows()
    if is_kept and record.state != "open":
        # A month closed by an earlier version, which did not keep the pairs.
        elsewhere = [
            (charge.taken_from, charge.settled)
            for charge in register.charges.of_month(month)
            if charge.taken_from is not None
        ]
    else:
        elsewhere = other_months.charges_of_other_months(register, month, contract, ours, rows, taken)
    rounding_difference = settled.settlement.rounding_difference_kopecks
    found = pairing.reconcile(ours, rows, rounding_difference, statement, elsewhere, matches)
    assert found.ours_total_kopecks == settled.settlement.total.payable_kopecks, "every charge was counted once"
    if own_month:
        statement_month.require_own_month_of_pairs(month, matches, found, own_month)
    # With another statement, an acceptance that lapsed can be in force again.
    valid, lapsed = _resolutions(register, month, found, statement, taken if is_kept else None)
    return Compared(settled, statement, found, valid, lapsed)


def _resolutions(
    register: Register, month: Month, found: "Reconciliation", statement: Statement, taken: Mapping[str, Month] | None
) -> tuple[dict[str, ResolutionRecord], tuple[ResolutionRecord, ...]]:
    """The resolutions that are in force, by pair, and those that lapsed.

    A resolution belongs to the content of its pair, even if other rows have changed the pair's id.
    """
    is_closed = register.months.record(month).state != "open"
    contents = {
        pair.id: pair_content.resolved_content(pair_content.content_of(pair))
        for pair in found.differing
        # What a closed month has settled is settled: it is taken by no other month.
        if is_closed or pair.settled_in is None or not register.months.is_past(pair.settled_in)
    }
    contents[pairing.TOTAL_ID] = pair_content.total_content(statement)
    recorded = register.months.resolutions(month)
    lapsed = [
        record
        for record in recorded.values()
        if taken is not None and record.takes and taken.get(record.takes) != month
    ]
    kept = {pair: record for pair, record in recorded.items() if record not in lapsed}
    valid = {
        pair: record
        for pair, record in kept.items()
        if contents.get(pair) == pair_content.resolved_content(record.content)
    }
    waiting: dict[str, list[str]] = {}
    for pair, content in contents.items():
        if pair not in valid:
            waiting.setdefault(content, []).append(pair)
    for pair, record in kept.items():
        if pair in valid:
            continue
        same = waiting.get(pair_content.resolved_content(record.content))
        if same:
            valid[same.pop(0)] = record
        else:
            lapsed.append(record)
    return valid, tuple(lapsed)


def keep_statement(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    statement: Statement,
    *,
    own_month: str = "",
    actor: "Actor",
    dry_run: bool,
) -> "result.Result[KeptStatement]":
    """Compare with a statement, and keep it with an open month, replacing the earlier one.

    With `own_month`, the options by which it was typed, a statement that clearly belongs to another month is refused.
    """
    with register.operation(actor, dry_run=dry_run) as operation:
        taken = taken_in_force(register, contract)
        settled = settlement.settled_month(register, month, contract, _by_others(taken, month))
        record = settled.record
        replaced_file, sha256 = (
            (None, None) if record.statement is None else register.statements.source(record.statement)
        )
        is_kept = sha256 == statement.sha256
        compared = _compared(register, settled, contract, taken, statement, "" if is_kept else own_month)
        # A dry run does not write it: a statement may have a million rows.
        if not register.months.is_past(month) and not is_kept and not dry_run:
            kept = operation.keep_statement(month, statement)
            operation.write_month(record._replace(statement=kept))
            void_stale(register, operation, compared)
            source = {"file": statement.file, "sha256": statement.sha256, "rows": len(statement.rows)}
            operation.add_facts(statement=source)
    return result.Result(operation.written, (), KeptStatement(compared, replaced_file))


def void_stale(register: Register, operation: "Operation", compared: Compared) -> None:
    """Void the resolutions that lapsed, so that they cannot come into force again; the others get their pairs' ids."""
    month = compared.settled.record.month
    kept = register.months.resolutions(month)
    for pair, resolution in compared.resolutions.items():
        if resolution.pair != pair:
            operation.resolve(month, resolution._replace(pair=pair))
    for resolution in kept.values():
        is_moved = resolution.pair not in compared.resolutions and resolution not in compared.lapsed
        if is_moved or (resolution in compared.lapsed and resolution.content):
            operation.resolve(month, resolution._replace(content="", takes=""))


def void_lapsed_in_other_months(
    register: Register, operation: "Operation", month: Month, contract: SublicenceContract | None
) -> None:
    """Void lapsed acceptances of other open months: the charges that they took are settled by this month."""
    for by in sorted({*register.months.taken().values()} - {month}):
        if register.months.record(by).state == "open":
            void_stale(register, operation, compared_month(register, by, contract))


def _never_exact(register: Register, settled: SettledMonth, unnumbered: Sequence[StatementRow]) -> set[str]:
    """Numbers whose charges are compared pair by pair even where a row agrees with them exactly.

    Some have two charges; some may be meant by a row without a number; some are the id of a pair without a charge.
    """
    inns = sorted({row.inn for row in unnumbered})
    return {
        *(correction.sale.number for correction in settled.corrections()),
        *(sale.number for sale in register.licences.sales_to(inns)),
        *map(pairing.id_without_number, unnumbered),
    }
