"""The act of reconciliation as HTML and PDF: what it says, and where on its pages."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from mureg.domain.money import LARGEST_KOPECKS
from mureg.domain.reconciliation.statement import StatementRow
from mureg.reports.language import Language
from mureg.reports.month.act import in_words
from mureg.reports.month.document import Annexed, MonthDocument, Party
from mureg.reports.month.html import month_html
from mureg.reports.month.pdf import annexed, month_pdf
from support.month_documents import ENGLISH_WORDS, Page, charge, document, pdf_texts, statement

pytestmark = pytest.mark.slow


def both_texts(act: MonthDocument) -> list[str]:
    """The act as HTML and as PDF."""
    page = Page(month_html(act, ENGLISH_WORDS))
    style = next(place for place, word in enumerate(page.words) if word.startswith(":root"))
    return [" ".join(page.words[style + 1 :]), " ".join(pdf_texts(month_pdf(act, ENGLISH_WORDS)))]


def test_an_act_names_its_number_day_contract_period_parties_and_signers() -> None:
    known = Party("АО «Оператор»", "4029017981", "402901001", "Начальник отдела", "Орлова О. О.")
    act = document(charge(1), operator=known, agreed_kopecks=187500, closed_on=date(2023, 9, 6))
    for text in both_texts(act):
        assert text.startswith("Act of reconciliation No. 2023-08")
        assert "2023-09-06" in text
        assert "under sublicence contract С-15/2023 of 2023-07-20 for the period from 2023-08-01 to 2023-08-31." in text
        for name in ("ООО «Партнёр»", "АО «Оператор»"):
            assert text.count(name) == 2
        for part in (
            "ИНН 7700005007",
            "КПП 770001001",
            "ИНН 4029017981",
            "КПП 402901001",
            "Директор",
            "Лебедева Т. Н.",
        ):
            assert part in text
        assert text.count("Начальник отдела") == text.count("Орлова О. О.") == 1
        assert text.count("signature") == text.count("full name") == text.count("Seal") == 2


def test_what_is_not_known_of_a_party_is_a_blank_to_write_on() -> None:
    act = document(charge(1), partner=Party("ИП Иванов", "770012345606"))
    page = Page(month_html(act, ENGLISH_WORDS))
    # A sole proprietor has no КПП; of the operator nothing is known but the name.
    assert page.words.count("КПП") == 1
    assert len([span for span in page.all("span") if span.get("class") == "field"]) == 2
    assert "KALUGA ASTRAL" in page.words
    assert page.words.count("“___” ____________ 20___") == 3


@pytest.mark.parametrize(
    ("kopecks", "english", "russian"),
    [
        (0, "Zero roubles 00 kopecks", "Ноль рублей 00 копеек"),
        (101, "One rouble 01 kopeck", "Один рубль 01 копейка"),
        (200_222, "Two thousand and two roubles 22 kopecks", "Две тысячи два рубля 22 копейки"),
        (-2_500_05, "Minus two thousand, five hundred roubles 05 kopecks", "Минус две тысячи пятьсот рублей 05 копеек"),
        (
            2_100_000_11,
            "Two million, one hundred thousand roubles 11 kopecks",
            "Два миллиона сто тысяч рублей 11 копеек",
        ),
    ],
)
def test_an_amount_is_written_out_in_words(kopecks: int, english: str, russian: str) -> None:
    assert in_words(kopecks, Language("en")) == english
    assert in_words(kopecks, Language("ru")) == russian


def test_the_largest_amount_has_words() -> None:
    assert in_words(LARGEST_KOPECKS, Language("ru")).startswith("Девятьсот девяносто девять триллионов")


@pytest.mark.parametrize("pairs", range(5, 14))
def test_signatures_are_on_the_page_of_what_is_signed(pairs: int) -> None:
    charges = [charge(place) for place in range(pairs)]
    theirs = statement(*(StatementRow(place + 2, 187400, f"ZV-{place}") for place in range(pairs)))
    texts = pdf_texts(month_pdf(document(*charges, statement=theirs, agreed_kopecks=187400 * pairs), ENGLISH_WORDS))
    (signed,) = [text for text in texts if "For the partner" in text]
    for part in (
        "According to the partner",
        "According to the operator",
        "Agreed amount: ",
        "For the operator",
        "Seal",
    ):
        assert part in signed


def test_a_number_is_not_broken_at_a_hyphen() -> None:
    one = charge(1)
    long = one._replace(sale=one.sale._replace(number="ЗВ-2023-08-КЛГ-000001", name="Очень " * 60))
    assert (
        "ЗВ-2023-08-КЛГ-000001"
        in PdfReader(io.BytesIO(month_pdf(document(long), ENGLISH_WORDS))).pages[1].extract_text()
    )
    cells = Page(month_html(document(long), ENGLISH_WORDS)).all("td")
    assert [cell["class"] for cell in cells if str(cell.get("class")).startswith("number")] == ["number whole"] * 2


def test_500_licences_are_few_pages() -> None:
    assert len(pdf_texts(month_pdf(document(*map(charge, range(500))), ENGLISH_WORDS))) <= 11


def test_a_pdf_has_lists_up_to_a_size() -> None:
    charges = [charge(place) for place in range(501)]
    theirs = statement(*(StatementRow(place + 2, 187400, f"ZV-{place}") for place in range(501)))
    few = document(*charges[:250], statement=statement(*list(theirs.rows)[:250]))
    assert annexed(few, "a.xlsx") == Annexed()
    assert annexed(document(*charges), "a.xlsx") == Annexed()
    many = document(*charges, statement=theirs)
    assert annexed(many, "a.xlsx") == Annexed(charges=True, pairs=True, file="a.xlsx")
    assert annexed(document(*charges, *charges), "a.xlsx") == Annexed(charges=True, file="a.xlsx")
