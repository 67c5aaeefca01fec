"""The manual shows the page in a browser: each section of its menu, in both languages."""

import re

import pytest
from readme import PROJECT
from screenshots import FOLDER, LANGUAGES, PICTURES, file_of, wrong_files

from mureg.web.page import SECTIONS

MOST_BYTES = 3_000_000


def test_each_picture_is_there_and_of_a_page() -> None:
    assert wrong_files() == []


def test_each_section_of_the_menu_has_a_picture() -> None:
    paths = {picture.path.partition("?")[0] for picture in PICTURES if picture.theme == "light"}
    assert {path for path, *_ in SECTIONS} <= paths


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_of_each_language_shows_its_own_pictures(language: str) -> None:
    manual = PROJECT / "docs" / ("manual.md" if language == "en" else "manual.ru.md")
    shown = re.findall(r"\]\(pictures/([^)]+)\)", manual.read_text("utf-8"))
    assert set(shown) == {file_of(picture, language).name for picture in PICTURES}


def test_the_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in FOLDER.iterdir())
