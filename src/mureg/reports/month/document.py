"""What is known of a month when it is written down, whatever the format."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mureg.domain.dates import Month
from mureg.domain.reconciliation.statement import Statement
from mureg.domain.settlement import SettledSale, Settlement

if TYPE_CHECKING:
    from mureg.domain.reconciliation.pairs import Reconciliation


class Resolved(Protocol):
    """How a pair was resolved."""

    @property
    def action(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102


class Party(NamedTuple):
    """A party to the contract, and who signs for it. What is not known is empty."""

    name: str = ""
    inn: str = ""
    kpp: str = ""
    position: str = ""
    signatory: str = ""


class MonthDocument(NamedTuple):
    """A month of the register with its statement, its resolutions and the parties. Amounts are in kopecks.

    `charges` reads every charge, by processing date, then number, as often as it is called. `resolutions` are by the
    ids of pairs. `agreed_kopecks` is `None` while the month is open. `by_month` has the payable of the last months,
    this one last.
    """

    month: Month
    state: str
    partner: Party
    operator: Party
    contract: str
    contract_on: date | None
    vat_note: str
    settlement: Settlement
    charges: Callable[[], Iterable[SettledSale]]
    statement: Statement | None
    reconciliation: "Reconciliation | None"
    resolutions: Mapping[str, Resolved]
    agreed_kopecks: int | None
    without_statement: str = ""
    """Why the month was closed without the operator's statement."""
    closed_on: date | None = None
    by_month: Sequence[tuple[Month, int]] = ()


class Annexed(NamedTuple):
    """What of a document is in another file, `file`, because it would be too long."""

    charges: bool = False
    pairs: bool = False
    file: str = ""
