"""A month as its documents need it: the settlement, the statement, what differs, and the parties."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from mureg.domain.settlement import SettledSale
from mureg.operations.months.reconciliation import Compared
from mureg.reports.month.document import MonthDocument, Party
from mureg.settings.schema import Operator, Partner, Settings

if TYPE_CHECKING:
    from mureg.register.history import HistoryRecord


def month_document(compared: Compared, settings: Settings, closing: "HistoryRecord | None") -> MonthDocument:
    """The document of a month, which an operation closed if there is one.

    Its charges are read from the register when a writer asks for them.
    """
    settled, partner, operator, contract = compared.settled, settings.partner, settings.operator, settings.contract

    def charges() -> Iterator[SettledSale]:
        return (charge.settled for charge in settled.charges())

    return MonthDocument(
        month=settled.record.month,
        state=settled.record.state,
        partner=_party(partner) if partner else Party(),
        operator=_party(operator),
        contract=settled.contract,
        # The settings may name another contract than the one with which the month was closed.
        contract_on=contract.signed_on if contract and contract.number == settled.contract else None,
        vat_note=settled.vat_note,
        settlement=settled.settlement,
        charges=charges,
        statement=compared.statement,
        reconciliation=compared.reconciliation,
        resolutions=compared.resolutions,
        agreed_kopecks=settled.record.agreed_kopecks,
        without_statement=settled.record.without_statement,
        closed_on=datetime.fromisoformat(closing.done_at).astimezone().date() if closing else None,
    )


def _party(known: Partner | Operator) -> Party:
    return Party(known.name, known.inn, known.kpp, known.position, known.signatory)
