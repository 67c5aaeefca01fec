"""The documents say what mureg does: every command is run, and both languages have the same ones."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from readme import DOCUMENTS, PROJECT, language_of, printed_by, steps_of, with_real_output

from mureg.readers.types import Limits
from mureg.settings.reading import read_settings
from support.commands import all_commands

READMES = (PROJECT / "README.md", PROJECT / "README.ru.md")
REFERENCES = (PROJECT / "docs" / "reference.md", PROJECT / "docs" / "reference.ru.md")
SETTINGS = (PROJECT / "docs" / "settings.md", PROJECT / "docs" / "settings.ru.md")
IN_ENGLISH_ONLY = {"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
ENGLISH = [path for path in DOCUMENTS if language_of(path) == "en" and path.name not in IN_ENGLISH_ONLY]


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks_of(path: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", text_of(path), re.DOTALL | re.MULTILINE)


def anchors_of(path: Path) -> Iterator[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    for heading in re.findall(r"^#+ (.*)$", text_of(path), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_command_prints_what_the_document_shows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A console of Windows, which would keep a column free, is not what the documents show.
    monkeypatch.setattr("rich.console.detect_legacy_windows", lambda: False)
    assert with_real_output(text_of(path), language_of(path)) == text_of(path)


@pytest.mark.parametrize("path", ENGLISH, ids=name_of)
def test_both_languages_have_the_same_commands_and_headings(path: Path) -> None:
    russian = path.with_suffix(".ru.md")
    assert [step.line for step in steps_of(text_of(russian))] == [step.line for step in steps_of(text_of(path))]
    levels = [re.findall(r"^(#+) ", text_of(side), re.MULTILINE) for side in (path, russian)]
    assert levels[0] == levels[1]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_the_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^):]+)\)", text_of(path)):
        file, _, anchor = target.partition("#")
        linked = path.parent / file if file else path
        assert linked.exists(), target
        assert not anchor or anchor in anchors_of(linked), target


def test_both_readmes_have_the_same_set_up() -> None:
    for kind in ("sh", "bat"):
        english, russian = (blocks_of(path, kind) for path in READMES)
        assert english == russian
        assert len(english) == 2


def test_the_readmes_are_short() -> None:
    for path in READMES:
        assert len(text_of(path).splitlines()) <= 150


def settings_of(path: Path) -> str:
    return "\n".join(blocks_of(path, "toml"))


def test_both_languages_have_the_same_settings() -> None:
    english, russian = (re.sub(r" *#.*", "", settings_of(path)) for path in SETTINGS)
    assert english == russian


def test_the_settings_of_the_documents_are_valid(tmp_path: Path) -> None:
    for path in SETTINGS:
        file = tmp_path / "mureg.toml"
        file.write_text(settings_of(path), encoding="utf-8")
        settings = read_settings(file)
        assert settings.contract is not None
        assert len(settings.profiles) == 2


def test_the_settings_of_the_documents_have_every_limit() -> None:
    for path in SETTINGS:
        for name, value in Limits()._asdict().items():
            assert f"{name} = {value}" in text_of(path), name


def choice_of(reference: str) -> str:
    """The paragraph with the options that `CHOICE` stands for."""
    return next(part for part in reference.split("\n\n") if part.startswith("`CHOICE` "))


def test_the_reference_has_every_command_and_option() -> None:
    for command in map(" ".join, all_commands()):
        options = set(re.findall(r"^  (?:-o, )?(--[a-z-]+)", printed_by(f"{command} -h", "en"), re.MULTILINE))
        options -= {"--json", "--fields", "--dry-run", "--db", "--config", "--lang", "--no-input", "--no-color"}
        for path in REFERENCES:
            row = re.search(rf"^\| `mureg {command}[ `].*$", text_of(path), re.MULTILINE)
            assert row is not None, command
            described = row[0] + (choice_of(text_of(path)) if "CHOICE" in row[0] else "")
            documented = {"--output" if name == "-o" else name for name in re.findall(r"--?[a-z-]+", described)}
            assert options <= documented, command


def test_the_reference_has_every_exit_code() -> None:
    for path in REFERENCES:
        for code in (0, 1, 2, 3, 4, 5, 6, 7, 130):
            assert re.search(rf"^\| {code} \|", text_of(path), re.MULTILINE), code


def paths_of_project() -> Iterator[str]:
    for folder in ("src", "tests", "tools", "benchmarks", "docs", "examples"):
        yield f"/{folder}"
        yield from (f"/{path.relative_to(PROJECT).as_posix()}" for path in (PROJECT / folder).rglob("*"))
    yield from (f"/{path.name}" for path in PROJECT.glob("*.md"))


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/architecture.ru.md"])
def test_the_files_that_a_document_names_exist(name: str) -> None:
    known = set(paths_of_project())
    named = {path.rstrip("/") for path in re.findall(r"`([\w/-]+(?:\.py|\.md|\.po|/))`", text_of(PROJECT / name))}
    assert len(named) > 4
    assert [path for path in sorted(named) if not any(each.endswith(f"/{path}") for each in known)] == []
