"""A month as HTML and PDF: whole, in two languages, and deaf to what clients write into their names."""

import builtins
import re
import tracemalloc
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import typst

from mureg.domain.dates import Month
from mureg.domain.reconciliation.pairs import reconcile
from mureg.domain.reconciliation.statement import StatementRow
from mureg.errors import Refused
from mureg.reports.month.csv import month_csv
from mureg.reports.month.html import month_html
from mureg.reports.month.pdf import OTHER_CHARACTERS, month_pdf
from mureg.reports.month.xlsx import month_workbook
from support.month_documents import (
    AUGUST,
    ENGLISH_WORDS,
    JULY,
    RUSSIAN_WORDS,
    Page,
    Resolution,
    charge,
    document,
    pdf_texts,
    statement,
)

pytestmark = pytest.mark.slow

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "#let x = 1; #panic()", "= Заголовок",
    "$x^2$ *жирный* @ref <label>", "\u202eгнатс", "\x1b[31mкрасный", "X" * 300, "株式会社 Қазақ 😀",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_client_wrote_is_text_in_html(name: str) -> None:
    plain = Page(month_html(document(charge(1, "ООО")), ENGLISH_WORDS))
    page = Page(month_html(document(charge(1, name)), ENGLISH_WORDS))
    assert page.tags == plain.tags
    shown = name.replace("\u202e", "<U+202E>").replace("\x1b", "<U+001B>")
    assert shown in page.words


def test_the_page_needs_no_other_file_and_runs_nothing() -> None:
    page = Page(month_html(document(charge(1)), ENGLISH_WORDS))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "a", "base"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    (policy,) = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert {"lang": "en"} in page.all("html")


def test_html_shows_the_totals_the_differences_and_the_resolution() -> None:
    charges = [charge(1), charge(2), charge(3)]
    theirs = statement(
        StatementRow(2, 187500, "ZV-1", tier="10+"), StatementRow(3, 200000, "ZV-2"), StatementRow(4, 5, "Z-9")
    )
    first = reconcile(charges, theirs.rows, 0, theirs).pairs[0].id
    act = document(*charges, statement=theirs, resolutions={first: Resolution("accept", "письмо <b>15</b>")})
    words = Page(month_html(act, ENGLISH_WORDS)).words
    assert words[words.index("According to the partner") + 1] == "5,625.00"
    assert words[words.index("According to the operator") + 1] == "3,875.05"
    figures = words[words.index("According to the operator") :]
    assert figures[figures.index("Difference") + 1] == "-1,749.95"
    assert "taken: письмо <b>15</b>" in words
    expected = {
        "Different tier",
        "Different amount payable",
        "Not in the statement",
        "Not in the register",
    }
    assert expected <= set(words)
    assert words.count("unresolved") == 3
    assert words[words.index("Total: 3") + 1 :][:3] == ["9,000.00", "3,375.00", "5,625.00"]


def test_a_statement_that_contradicts_its_rows_is_shown() -> None:
    act = document(charge(1), statement=statement(StatementRow(2, 187500, "ZV-1"), stated=187501))
    words = Page(month_html(act, ENGLISH_WORDS)).words
    assert words[words.index("Another total") + 1 :][:4] == ["rows: 1,875.00", "≠ stated: 1,875.01", "—", "unresolved"]


def test_agreement_and_the_lack_of_a_statement_look_different() -> None:
    agreeing = document(charge(1), statement=statement(StatementRow(2, 187500, "ZV-1")), agreed_kopecks=187500)
    words = Page(month_html(agreeing, ENGLISH_WORDS)).words
    assert "Both sides agree" in words
    amount = "1,875.00 roubles (One thousand, eight hundred and seventy-five roubles 00 kopecks)"
    assert f"Agreed amount: {amount}" in words
    alone = Page(month_html(document(charge(1)), ENGLISH_WORDS)).words
    assert "Not compared with a statement of the operator" in alone
    assert "Agreed amount: —" in alone


def test_the_chart_draws_what_was_taken_back_to_the_left_of_zero() -> None:
    months = ((Month(2023, 6), 300), (JULY, -100), (AUGUST, 0))
    page = Page(month_html(document(charge(1))._replace(by_month=months), ENGLISH_WORDS))
    bars = [(bar["x"], bar["width"]) for bar in page.all("rect")][2:]
    # August is empty.
    assert bars == [("25.00%", "75.00%"), ("0.00%", "25.00%")]
    assert len(page.all("svg")) == 2


def test_without_earlier_months_there_is_one_chart() -> None:
    assert len(Page(month_html(document(), ENGLISH_WORDS)).all("svg")) == 1


def test_a_correction_names_its_month() -> None:
    before = charge(1)
    taken_back = before._replace(kind="correction", corrects=JULY, cause="cancelled", charge=before.charge.negative())
    act = document(taken_back)
    words = Page(month_html(act, RUSSIAN_WORDS)).words
    assert words[words.index("ZV-1") + 1] == "отмена продажи: July 2023"
    assert words[words.index("Итого: -1") + 1 :][:3] == ["-3\u00a0000,00", "-1\u00a0125,00", "-1\u00a0875,00"]
    assert "ZV-1 отмена продажи: July 2023" in pdf_texts(month_pdf(act, RUSSIAN_WORDS))[-1]


def test_sales_and_corrections_have_sums_of_their_own() -> None:
    late = charge(2)._replace(kind="correction", corrects=JULY, cause="late")
    act = document(charge(1), late, charge(3))
    words = Page(month_html(act, ENGLISH_WORDS)).words
    places = [words.index(word) for word in ("Sales", "ZV-1", "ZV-3", "Subtotal: 2", "Corrections of closed months")]
    rest = words[places[-1] :]
    places += [
        places[-1] + rest.index(word) for word in ("ZV-2", "processed late: July 2023", "Subtotal: 1", "Total: 3")
    ]
    assert places == sorted(places)
    (text,) = [text for text in pdf_texts(month_pdf(act, ENGLISH_WORDS)) if "List of licences" in text]
    assert re.search("Sales 1 ZV-1 .* 2 ZV-3 .* Subtotal: 2 .* Corrections of closed months 3 ZV-2 .* Total: 3", text)


def test_the_pdf_speaks_russian_counts_its_pages_and_repeats_its_heading() -> None:
    texts = pdf_texts(month_pdf(document(*map(charge, range(80))), RUSSIAN_WORDS))
    assert texts[0].startswith("Акт сверки № 2023-08")
    assert "От партнёра" in texts[0]
    assert "От оператора" in texts[0]
    assert len(texts) > 2
    for place, text in enumerate(texts, start=1):
        assert text.endswith(f"стр. {place} из {len(texts)}")
        assert place == 1 or "No. Number Processed ИНН / КПП Organization" in text
    assert "Итого: 80 240 000,00 90 000,00 150 000,00" in texts[-1]


@pytest.fixture
def looked_at_the_machine(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each document, whether it was offered the machine's fonts."""
    offered: list[bool] = []
    fonts = typst.Fonts

    def recording(*, include_system_fonts: bool, font_paths: list[str]) -> typst.Fonts:
        offered.append(include_system_fonts)
        return fonts(include_system_fonts=include_system_fonts, font_paths=font_paths)

    monkeypatch.setattr(typst, "Fonts", recording)
    return offered


def remove_fonts_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = typst.Fonts
    monkeypatch.setattr(
        typst,
        "Fonts",
        lambda *, include_system_fonts, font_paths: fonts(include_system_fonts=False, font_paths=font_paths),
    )


@pytest.mark.parametrize("is_bare", [False, True], ids=["with the machine's fonts", "without"])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_client_wrote_is_text_in_the_pdf(name: str, is_bare: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_bare:
        remove_fonts_of_the_machine(monkeypatch)
    act = document(charge(1, name), resolutions={}, statement=statement(StatementRow(2, 1, "A-1", name=name)))
    shown = name.replace("\u202e", "<U+202E>").replace("\x1b", "<U+001B>")
    # A reader of PDF finds words and lines by their places: the letters count.
    letters = "".join(re.split(r"[\s\u00ad-]+", " ".join(pdf_texts(month_pdf(act, ENGLISH_WORDS)))))
    # In the list, and on both sides of what differs.
    assert letters.count("".join(re.split(r"[\s-]+", shown))) == 3


def test_ordinary_characters_need_no_font_of_the_machine(looked_at_the_machine: list[bool]) -> None:
    ordinary = [character for character in map(chr, range(0x21, 0x3000)) if not OTHER_CHARACTERS.match(character)]
    assert {*"AzёЯ№«»—…€₽Қ≠"} < {*ordinary}
    names = [" ".join(ordinary[start : start + 100]) for start in range(0, len(ordinary), 100)]
    texts = pdf_texts(month_pdf(document(*map(charge, range(len(names)), names)), ENGLISH_WORDS))
    assert {*ordinary} - {*"".join(texts)} == {"\u00a0", "\u00ad"}
    assert looked_at_the_machine == [False]


def test_other_characters_may_be_drawn_with_fonts_of_the_machine(looked_at_the_machine: list[bool]) -> None:
    month_pdf(document(charge(1, "株式会社")), ENGLISH_WORDS)
    assert looked_at_the_machine == [True]


def test_the_same_act_makes_the_same_pdf() -> None:
    act = document(charge(1))
    assert month_pdf(act, ENGLISH_WORDS) == month_pdf(act, ENGLISH_WORDS)


def test_a_digest_is_copied_whole_from_the_pdf() -> None:
    act = document(charge(1), statement=statement(StatementRow(2, 187500, "ZV-1")))
    assert "0123456789abcdef" * 4 in pdf_texts(month_pdf(act, ENGLISH_WORDS))[-1]


def test_a_month_of_nothing_has_documents_too() -> None:
    assert "Total: 0" in Page(month_html(document(), ENGLISH_WORDS)).words
    assert "Total: 0" in pdf_texts(month_pdf(document(), ENGLISH_WORDS))[-1]


def test_without_typst_the_error_has_the_command_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def refusing(name: str, *rest: Any) -> ModuleType:
        if name == "typst":
            raise ImportError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(Refused) as raised:
        month_pdf(document(), ENGLISH_WORDS)
    assert str(raised.value.hint) == 'install it: pip install "mureg[pdf]"'


@pytest.mark.parametrize(
    ("write", "count", "most_mib"), [(month_csv, 20_000, 2), (month_html, 5_000, 5), (month_workbook, 5_000, 3)]
)
def test_documents_are_written_as_their_charges_are_read(write: Callable[..., Any], count: int, most_mib: int) -> None:
    whole = document(*map(charge, range(count)))._replace(charges=lambda: map(charge, range(count)))
    # What is loaded once is no part of it.
    list(write(document(charge(1)), ENGLISH_WORDS))
    tracemalloc.start()
    try:
        written = write(whole, ENGLISH_WORDS)
        size = len(written) if isinstance(written, bytes) else sum(map(len, written))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 100_000
    assert peak < most_mib << 20
