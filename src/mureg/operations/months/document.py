"""A month as its documents need it: the settlement, the statement, what differs, and the parties."""

from collections.abc import Iterator

from mureg.domain.settlement import SettledSale
from mureg.operations.months.reconciliation import Compared
from mureg.reports.month.document import MonthDocument
from mureg.settings.schema import Settings


def month_document(compared: Compared, settings: Settings) -> MonthDocument:
    """The document of a month. Its charges are read from the register when a writer asks for them."""
    settled, partner = compared.settled, settings.partner

    def charges() -> Iterator[SettledSale]:
        return (charge.settled for charge in settled.charges())

    return MonthDocument(
        month=settled.record.month,
        state=settled.record.state,
        partner=partner.name if partner else "",
        partner_inn=partner.inn if partner else "",
        contract=settled.contract,
        vat_note=settled.vat_note,
        settlement=settled.settlement,
        charges=charges,
        statement=compared.statement,
        reconciliation=compared.reconciliation,
        resolutions=compared.resolutions,
        agreed_kopecks=settled.record.agreed_kopecks,
        without_statement=settled.record.without_statement,
    )
