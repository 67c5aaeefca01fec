"""Text as it is compared and as it is shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.text import is_plain, printable, search_key

# Letters, marks of punctuation, digits, symbols and spaces that people type.
_HARMLESS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x410, max_codepoint=0x44F),
        st.sampled_from("Ёё«»„“—–…№₽ \u00a0\u202f\u2009😀中€"),
    )
)
_ANY = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "<U+001B>[31m"),
        ("a\nb\tc\x00", "a<U+000A>b<U+0009>c<U+0000>"),
        ("\x9b2J", "<U+009B>2J"),
        ("7700\u202e123", "7700<U+202E>123"),
        ("а\u00adб", "а<U+00AD>б"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"),
        ("\u2028", "<U+2028>"),
        ("\udc98", "<U+DC98>"),
        ("\U000e0041", "<U+E0041>"),
        ("❤\ufe0f", "❤<U+FE0F>"),
    ],
)
def test_an_unsafe_character_is_shown_by_its_code(text: str, shown: str) -> None:
    assert not is_plain(text)
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text", ["", "ООО «Ромашка»", r"C:\new", "5\u00a0400,00 ₽", "Ёлкин-Ёж", "😀", "[bold]", "=1+1"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert is_plain(text)
    assert printable(text) == text


@given(_ANY)
def test_what_is_shown_is_always_plain(text: str) -> None:
    assert is_plain(printable(text))


@given(_ANY)
def test_plain_text_is_what_is_shown_unchanged(text: str) -> None:
    assert is_plain(text) == (printable(text) == text)
    assert printable(printable(text)) == printable(text)


@given(_HARMLESS)
def test_harmless_text_is_unchanged(text: str) -> None:
    assert printable(text) == text


def test_no_control_line_break_surrogate_or_turn_of_direction_is_plain() -> None:
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") or unicodedata.bidirectional(character) in (
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        ):  # fmt: skip
            assert not is_plain(character), f"{code:04x}"


@pytest.mark.parametrize(
    ("text", "key"),
    [("ООО «ЁЛКА»", "ооо «елка»"), ("Королёв", "королев"), ("Straße", "strasse"), ("ZV-1042", "zv-1042"), ("", "")],
)
def test_a_search_ignores_case_and_yo(text: str, key: str) -> None:
    assert search_key(text) == key


@given(st.text())
def test_a_search_finds_a_name_in_any_case(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБЁЯ -"))
def test_a_search_finds_a_russian_name_in_capitals(text: str) -> None:
    assert search_key(text.upper()) == search_key(text.lower()) == search_key(text.replace("ё", "е"))
