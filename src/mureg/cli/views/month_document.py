"""A month written as a document: the formats of `reconcile` and `month show`, and where the bytes go."""

from pathlib import Path

from mureg.cli.framework.session import Session
from mureg.cli.views.labels import DISCREPANCY, MONTH_STATE, RESOLUTION
from mureg.errors import N_, Rejected, msg
from mureg.operations.month_list import payable_by_month
from mureg.operations.reconciliation import Compared
from mureg.register.register import Register
from mureg.reports.month.document import MonthDocument, Words
from mureg.safe_files import write_over
from mureg.settings.schema import Settings


def write_document(
    session: Session, register: Register, settings: Settings, compared: Compared, output_format: str, file: str | None
) -> None:
    """Write the month as `csv`, `xlsx`, `html` or `pdf`. Raises `Refused` where a format's library is missing."""
    word = session.language.translate
    words = Words(word, session.language.money, DISCREPANCY, RESOLUTION)
    document = _document(session, settings, compared)
    # The libraries of documents are slow to load: a document pays for its own.
    if output_format == "csv":
        from mureg.reports.month.csv import month_csv  # noqa: PLC0415

        content = month_csv(document, words)
    elif output_format == "xlsx":
        from mureg.reports.month.xlsx import month_workbook  # noqa: PLC0415

        content = month_workbook(document, words)
    elif output_format == "html":
        from mureg.reports.month.html import month_html  # noqa: PLC0415

        by_month = payable_by_month(register, document.month, document.settlement, settings.contract)
        content = month_html(document._replace(by_month=by_month), words)
    else:
        from mureg.reports.month.pdf import month_pdf  # noqa: PLC0415

        content = month_pdf(document, words)
    write(session, file, content)


def write(session: Session, file: str | None, content: bytes) -> None:
    """Write to the file, or to stdout where none is named."""
    if file is None:
        session.output.data(content)
        return
    try:
        write_over(Path(file), content)
    except OSError as error:
        raise Rejected(
            msg("{path} cannot be written: {reason}", path=file, reason=error.strerror or str(error)),
            msg("choose another file, or close the program that holds it"),
        ) from None
    session.output.note(msg("written: {path}", path=file))


def _document(session: Session, settings: Settings, compared: Compared) -> MonthDocument:
    settled, word, partner = compared.settled, session.language.translate, settings.partner
    is_draft = settled.record.state == "open"
    draft = N_("draft: the reconciliation is not finished")
    return MonthDocument(
        month=settled.record.month,
        state=word(draft if is_draft else MONTH_STATE[settled.record.state]),
        partner=f"{partner.name}, {word(N_('ИНН'))} {partner.inn}" if partner else "",
        contract=settled.contract,
        vat_note=settled.vat_note,
        settlement=settled.settlement,
        charges=[charge.settled for charge in settled.charges()],
        statement=compared.statement,
        reconciliation=compared.reconciliation,
        resolutions=compared.resolutions,
        agreed_kopecks=settled.record.agreed_kopecks,
        without_statement=settled.record.without_statement,
    )
