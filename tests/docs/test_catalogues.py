"""Nothing that people read is untranslated, and every translation can be filled in."""

import string

import pytest
from catalogues import LANGUAGES, collected, faults, translations

from mureg.cli.language import Language
from mureg.errors import Message


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_superfluous_or_not_compiled(language: str) -> None:
    assert faults(language) == []


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
