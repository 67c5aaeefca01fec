"""The documents of a month, to download: the act, the list of licences, the tables."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.responses import Response

from mureg.errors import N_, WrongUsage, msg
from mureg.operations.months.document import PARTS_OF_STATEMENT, content_of, month_document, month_json, require_part
from mureg.operations.months.reconciliation import compared_month
from mureg.reports.json.errors import object_bytes
from mureg.reports.month import pdf, xlsx
from mureg.reports.month.document import MonthDocument
from mureg.reports.month.labels import PART
from mureg.web.listing import MEDIA_TYPES, file_answer
from mureg.web.page import Page
from mureg.web.routes import shows


class File(NamedTuple):
    """A document: its label, its format, which of the tables it is, and the beginning of its name."""

    label: str
    format: str
    part: str = ""
    name: str = "act"


FILES = (
    File(N_("Act and list as PDF"), "pdf"),
    File(N_("What is too long for the PDF"), "xlsx", "annex"),
    File(N_("Act and list as Excel"), "xlsx"),
    File(N_("Act and list as HTML"), "html"),
    File(N_("Everything as JSON"), "json", name="month"),
    *(File(label, "csv", part, part) for part, label in PART.items()),
)


def files_of(document: MonthDocument) -> list[File]:
    """The documents that the month has."""
    has_annex = pdf.annexed(document, "").charges
    return [
        file
        for file in FILES
        if (file.part != "annex" or has_annex)
        and (file.part not in PARTS_OF_STATEMENT or document.statement is not None)
    ]


def download(page: Page) -> Response:
    """One document, which is complete before any of it is sent."""
    month = page.needed_month()
    file = next(
        (each for each in FILES if (each.format, each.part) == (page.asked("format"), page.asked("part"))), None
    )
    if file is None:
        raise WrongUsage(msg("there is no such document"))
    settings, name = page.office.settings(), f"{file.name}-{month}"
    with page.register() as register:
        compared = compared_month(register, month, settings.contract)
        closing = register.history.closing_of(month) if compared.settled.record.state != "open" else None
        document = month_document(compared, settings, closing)
        annexed = pdf.annexed(document, annex_name(name)) if file.format == "pdf" else None
        content: Iterable[bytes]
        if file.part == "annex":
            name = annex_name(name).removesuffix(".xlsx")
            content = [xlsx.month_workbook(document, page.language, is_annex=True)]
        elif file.format == "json":
            content = object_bytes(month_json(compared, closing))
        else:
            part = file.part or "charges"
            require_part(compared, part)
            content = content_of(
                register, settings.contract, document, page.language, file.format, part=part, annexed=annexed
            )
        return file_answer(f"{name}.{file.format}", MEDIA_TYPES[file.format], content)


def annex_name(name: str) -> str:
    """The workbook beside the PDF of this name."""
    return f"{name}.licences.xlsx"


ROUTES = [shows("/month/document", download)]
