"""A month of August 2023 with its charges, its statement and its parties, and its documents as texts."""

import io
from collections.abc import Iterable, Mapping
from datetime import date
from html.parser import HTMLParser
from typing import Any, NamedTuple

from pypdf import PdfReader

from mureg.domain.application import Organization
from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.reconciliation.pairs import reconcile
from mureg.domain.reconciliation.statement import Statement, StatementRow, StatementRows
from mureg.domain.sale import Sale
from mureg.domain.settlement import Pricing, SettledSale, settlement_of_charges
from mureg.reports.language import Language
from mureg.reports.month.document import MonthDocument, Party

AUGUST, JULY = Month(2023, 8), Month(2023, 7)
BEGAN = date(2023, 8, 1)
CONTRACT = SublicenceContract(
    "С-15/2023", BEGAN, 12, prices=(Price(300000, BEGAN),), discounts=(Discount(3750, BEGAN),)
)  # fmt: skip
SHORT = {
    "The statement's total is not the sum of its rows": "Another total", "the operator's figure": "taken",
    "carried to the next month": "left",
}  # fmt: skip
RUSSIAN = SHORT | {
    "en": "ru", "August": "август", "Act of reconciliation No. {number}": "Акт сверки № {number}",
    "page {page} of {pages}": "стр. {page} из {pages}",
    "List of licences": "Список лицензий", "Total": "Итого", "For the partner": "От партнёра",
    "For the operator": "От оператора", "cancellation": "отмена продажи", "2 to 9": "от 2 до 9",
    "{count} discrepancy": "{count} расхождение",
}  # fmt: skip


class Words(Language):
    """A language that knows the given texts, and takes the others as they are."""

    def __init__(self, texts: Mapping[str, str], code: str) -> None:
        super().__init__("en")
        self.code = code
        self._texts = texts

    def translate(self, text: str) -> str:
        return self._texts.get(text, text)


ENGLISH_WORDS = Words(SHORT, "en")
RUSSIAN_WORDS = Words(RUSSIAN, "ru")


class Resolution(NamedTuple):
    action: str
    reason: str


def charge(place: int, name: str = "ООО «Ромашка»") -> SettledSale:
    sale = Sale(f"ZV-{place}", Organization("7700123459", "770001001"), name, "2-9", date(2023, 8, 14), "")
    return Pricing(CONTRACT).settle(sale)


def document(*charges: SettledSale, statement: Statement | None = None, **changed: Any) -> MonthDocument:
    whole = MonthDocument(
        month=AUGUST, state="open",
        partner=Party("ООО «Партнёр»", "7700005007", "770001001", "Директор", "Лебедева Т. Н."),
        operator=Party(), contract=CONTRACT.number, contract_on=date(2023, 7, 20), vat_note="НДС не облагается",
        settlement=settlement_of_charges(AUGUST, charges, 0), charges=lambda: charges, statement=statement,
        reconciliation=reconcile(charges, statement.rows, 0, statement) if statement else None, resolutions={},
        agreed_kopecks=None,
    )  # fmt: skip
    return whole._replace(**changed)


def statement(*rows: StatementRow, stated: int | None = None) -> Statement:
    return Statement("operator.csv", "0123456789abcdef" * 4, StatementRows(rows), stated)


class Page(HTMLParser):
    """The tags with their attributes, and the words between them."""

    def __init__(self, content: Iterable[bytes]) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(b"".join(content).decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def pdf_texts(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
