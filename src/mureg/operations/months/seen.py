"""What a person saw of a month before deciding: nothing is written where it has changed meanwhile.

It is compared as the only writer, so that nothing can come between.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.money import Amount
from mureg.domain.reconciliation.pairs import TOTAL_ID
from mureg.errors import Fault, msg
from mureg.operations.months.pair_content import content_of, total_content
from mureg.operations.months.reconciliation import Compared, compared_month
from mureg.operations.unchanged import changed_meanwhile
from mureg.register.register import Register


class SeenMonth(NamedTuple):
    """The last operation that touched the month when it was shown; 0 where none had.

    For a closing also what it fixes: the agreed amount, and a digest of the applications that wait.
    """

    operation: int
    agreed_kopecks: int | None = None
    waiting: str = ""


def operation_seen(register: Register, month: Month) -> int:
    """The last operation that touched the month, as a form keeps it."""
    record = register.history.last_of_month(month)
    return record.operation if record is not None else 0


def digest_of(texts: Sequence[str]) -> str:
    """A short digest of what was shown, as a form keeps it."""
    return sha256("\n".join(texts).encode()).hexdigest()[:16]


def pairs_seen(compared: Compared, wanted: Collection[str]) -> dict[str, str]:
    """A digest of each of these discrepancies with its resolution, by its id; without those that are none any more."""
    found = {pair.id: content_of(pair) for pair in compared.differing if pair.id in wanted}
    if TOTAL_ID in wanted and compared.statement is not None and compared.reconciliation is not None:
        found |= {TOTAL_ID: total_content(compared.statement)} if compared.reconciliation.total_differs else {}
    return {name: digest_of([content, *_resolution(compared, name)]) for name, content in found.items()}


def _resolution(compared: Compared, name: str) -> tuple[str, ...]:
    resolution = compared.resolutions.get(name)
    return (resolution.action, resolution.reason) if resolution is not None else ()


def expect_month_unchanged(
    register: Register, month: Month, seen: SeenMonth, contract: SublicenceContract | None = None
) -> None:
    """Let the next operation be refused where somebody else has changed the month since."""
    register.before_writing = lambda: _require_month(register, month, seen, contract)


def expect_pairs_unchanged(
    register: Register, month: Month, contract: SublicenceContract | None, seen: Mapping[str, str]
) -> None:
    """Let the next operation be refused where one of these discrepancies is not as it was seen."""
    register.before_writing = lambda: _require_pairs(register, month, contract, seen)


def _require_month(register: Register, month: Month, seen: SeenMonth, contract: SublicenceContract | None) -> None:
    faults = []
    if operation_seen(register, month) != seen.operation:
        faults.append(_changed_by(register, month))
    if seen.agreed_kopecks is not None and not faults:
        agreed = compared_month(register, month, contract).agreed_kopecks
        if agreed != seen.agreed_kopecks:
            faults.append(
                Fault(msg("the agreed amount was {before} when it was shown, and is {now} now",
                          before=Amount(seen.agreed_kopecks), now=Amount(agreed)))
            )  # fmt: skip
        if digest_of(register.applications.waiting_in(month)) != seen.waiting:
            faults.append(Fault(msg("other applications of {month} are waiting now", month=month)))
    _refuse(month, faults)


def _require_pairs(
    register: Register, month: Month, contract: SublicenceContract | None, seen: Mapping[str, str]
) -> None:
    now = pairs_seen(compared_month(register, month, contract), seen)
    changed = [name for name, digest in seen.items() if now.get(name) != digest]
    faults = [Fault(msg("{pair} is not as it was shown", pair=name)) for name in changed]
    if faults and register.history.last_of_month(month) is not None:
        faults.append(_changed_by(register, month))
    _refuse(month, faults)


def _changed_by(register: Register, month: Month) -> Fault:
    record = register.history.last_of_month(month)
    assert record is not None, "an operation has touched the month"
    return Fault(msg("{month} was changed last by {user}: operation {operation}, {command}",
                     month=month, user=record.done_by, operation=record.operation, command=record.command))  # fmt: skip


def _refuse(month: Month, faults: Sequence[Fault]) -> None:
    if faults:
        hint = msg("look at it as it is now, and decide again; see: mureg month show {month}", month=month)
        raise changed_meanwhile(faults, hint)
