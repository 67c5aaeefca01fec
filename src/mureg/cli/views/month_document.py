"""A month written as a document: the formats of `reconcile` and `month show`, and where the bytes go."""

from collections.abc import Iterable

from mureg.cli.framework.output_file import write
from mureg.cli.framework.session import Session
from mureg.lazy_imports import lazy_imports
from mureg.operations.months.overview import payable_by_month
from mureg.register.register import Register
from mureg.reports.month.document import MonthDocument
from mureg.settings.schema import Settings

with lazy_imports():
    from mureg.reports.month import csv, html, pdf, xlsx


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
    language = session.language
    content: Iterable[bytes]
    if output_format == "csv":
        content = csv.month_csv(document, language, part)
    elif output_format == "xlsx":
        content = [xlsx.month_workbook(document, language)]
    elif output_format == "html":
        by_month = payable_by_month(register, document.month, document.settlement, settings.contract)
        content = html.month_html(document._replace(by_month=by_month), language)
    else:
        content = [pdf.month_pdf(document, language)]
    write(session, file, content)
