"""Nothing that people read is untranslated, and every translation can be filled in."""

import string
from pathlib import Path

import pytest
from catalogues import LANGUAGES, collected, faults, mo_bytes, translations

import mureg
from mureg.errors import Message
from mureg.reports.language import Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_or_superfluous(language: str) -> None:
    assert faults(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_package_has_the_translations_compiled(language: str) -> None:
    compiled = Path(mureg.__file__).parent / "locale" / language / "LC_MESSAGES" / "mureg.mo"
    assert compiled.read_bytes() == mo_bytes(translations(language))


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_places_of_its_text(language: str) -> None:
    catalogue = translations(language)
    for key in collected():
        text = key if isinstance(key, str) else key[0]
        message = catalogue.get(text)
        assert message is not None, text
        wanted = _places(text) if isinstance(key, str) else _places(key[0]) | _places(key[1])
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for form in forms:
            assert _places(form) == wanted or (not isinstance(key, str) and _places(form) <= wanted), text


def test_russian_counts_as_russian_does() -> None:
    russian = Language("ru")
    said = [russian.say(Message("{count} note", {"count": count}, "{count} notes")) for count in (1, 2, 5, 11, 21)]
    assert said == ["1 примечание", "2 примечания", "5 примечаний", "11 примечаний", "21 примечание"]


@pytest.mark.parametrize(
    ("one", "many", "said"),
    [
        ("{cause} is settled {count} time", "{cause} is settled {count} times",
         ["A-1: начислено 2 раза", "A-1: начислено 5 раз", "A-1: начислено 21 раз"]),
        ("{count} month", "{count} months", ["2 месяца", "5 месяцев", "21 месяц"]),
    ],
)  # fmt: skip
def test_the_noun_after_a_number_follows_it(one: str, many: str, said: list[str]) -> None:
    russian = Language("ru")
    assert [russian.say(Message(one, {"cause": "A-1", "count": count}, many)) for count in (2, 5, 21)] == said
