"""A month as its documents need it: the settlement, the statement, what differs, and the parties."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mureg.domain.contract import SublicenceContract
from mureg.domain.settlement import SettledSale
from mureg.lazy_imports import lazy_imports
from mureg.operations.months.reconciliation import Compared
from mureg.register.register import Register
from mureg.reports.language import Language
from mureg.reports.month.document import Annexed, MonthDocument, Party
from mureg.settings.schema import Operator, Partner, Settings

# A month is written in one format.
with lazy_imports():
    from mureg.operations.months import overview, resolutions
    from mureg.reports.json import reconciliation as reconciliation_json
    from mureg.reports.json import settlement as settlement_json
    from mureg.reports.month import csv, html, pdf, xlsx

if TYPE_CHECKING:
    from mureg.register.history import HistoryRecord

PARTS_OF_STATEMENT = ("discrepancies", "statement")


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


def require_part(compared: Compared, part: str) -> None:
    """Raise `Refused` where a table needs a statement, and the month has none."""
    if part in PARTS_OF_STATEMENT and compared.statement is None:
        raise resolutions.no_statement(compared.settled.record.month)


def content_of(
    register: Register,
    contract: SublicenceContract | None,
    document: MonthDocument,
    language: Language,
    output_format: str,
    *,
    part: str = "charges",
    annexed: Annexed | None = None,
) -> Iterable[bytes]:
    """The document as `csv`, `xlsx`, `html` or `pdf`; CSV has one table, `part`, and a PDF lacks what is annexed.

    Raises `Refused` where a format's library is missing, or the document does not fit into it.
    """
    if output_format == "csv":
        return csv.month_csv(document, language, part)
    if output_format == "xlsx":
        return [xlsx.month_workbook(document, language)]
    if output_format == "pdf":
        return [pdf.month_pdf(document, language, annexed)]
    by_month = overview.payable_by_month(register, document.month, document.settlement, contract)
    return html.month_html(document._replace(by_month=by_month), language)


def month_json(compared: Compared, closing: "HistoryRecord | None", *, with_charges: bool = True) -> dict[str, Any]:
    """The object of docs/reference.md; its charges, up to a hundred thousand, are read while they are written."""
    settled, found = compared.settled, compared.reconciliation
    charges = settled.charges() if with_charges else iter(())
    return {
        "month": str(settled.record.month),
        "state": settled.record.state,
        "closed": {"at": closing.done_at, "by": closing.done_by, "operation": closing.operation} if closing else None,
        "contract": settled.contract,
        "charges": (settlement_json.charge_json(charge.settled) for charge in charges),
        **settlement_json.totals_json(settled.settlement, settled.record.agreed_kopecks),
        "statement": reconciliation_json.statement_json(compared.statement, found) if compared.statement else None,
        "discrepancies": reconciliation_json.discrepancies_json(found, compared.resolutions) if found else [],
        "lapsed": [
            {"id": resolution.pair, "action": resolution.action, "reason": resolution.reason}
            for resolution in compared.lapsed
        ],
    }


def _party(known: Partner | Operator) -> Party:
    return Party(known.name, known.inn, known.kpp, known.position, known.signatory)
