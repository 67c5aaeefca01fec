"""A month written as a document: the formats of `reconcile` and `month show`, and where the bytes go."""

from collections.abc import Iterable
from pathlib import Path

from mureg.cli.framework.output.output_file import require_harmless, write
from mureg.cli.framework.session import Session
from mureg.errors import Refused, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.months.document import content_of
from mureg.register.register import Register
from mureg.reports.month.document import MonthDocument
from mureg.settings.schema import Settings

with lazy_imports():
    from mureg.reports.month import pdf, xlsx


def write_document(
    session: Session,
    register: Register,
    settings: Settings,
    document: MonthDocument,
    output_format: str,
    file: str | None,
    part: str,
) -> None:
    """Write the month as `csv`, `xlsx`, `html` or `pdf`. Raises `Refused` where a format's library is missing."""
    content: Iterable[bytes]
    if output_format == "pdf":
        content = [_pdf_with_annex(session, document, file)]
    else:
        content = content_of(register, settings.contract, document, session.language, output_format, part=part)
    write(session, file, content)


def _pdf_with_annex(session: Session, document: MonthDocument, file: str | None) -> bytes:
    """The PDF. What is too long for it is written into a workbook beside it."""
    path = Path(file or "act.pdf").with_suffix(".licences.xlsx")
    annexed = pdf.annexed(document, path.name)
    if not annexed.charges:
        return pdf.month_pdf(document, session.language)
    if file is None:
        raise Refused(
            msg("the list is too long for a PDF: it goes into a workbook beside the PDF, which needs a name"),
            msg("specify a file: -o act.pdf"),
        )
    statement = session.context.params.get("statement") if session.context else None
    require_harmless(session, str(path), [statement] if statement else [])
    content = pdf.month_pdf(document, session.language, annexed)
    write(session, str(path), [xlsx.month_workbook(document, session.language, is_annex=True)])
    return content
