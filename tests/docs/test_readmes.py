"""The READMEs say what mureg does: every command is run, and both languages have the same ones."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from readme import PROJECT, READMES, steps_of, with_real_output

from mureg.cli.framework.groups import infos_of
from mureg.cli.main import NOUNS
from mureg.settings.reading import read_settings

TEXTS = {language: path.read_text(encoding="utf-8") for language, path in READMES.items()}


def settings_of(text: str) -> str:
    block = re.search(r"^```toml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert block is not None
    return block[1]


@pytest.mark.parametrize("language", TEXTS)
def test_every_command_prints_what_the_readme_says(language: str) -> None:
    assert with_real_output(TEXTS[language], language) == TEXTS[language]


def test_both_readmes_have_the_same_commands() -> None:
    assert [step.line for step in steps_of(TEXTS["ru"])] == [step.line for step in steps_of(TEXTS["en"])]


def test_both_readmes_have_the_same_set_up_and_settings() -> None:
    for kind in ("sh", "bat"):
        blocks = [re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) for text in TEXTS.values()]
        assert blocks[0] == blocks[1]
        assert len(blocks[0]) == 2
    settings = [[re.sub(r"\s*#.*", "", line) for line in settings_of(text).splitlines()] for text in TEXTS.values()]
    assert settings[0] == settings[1]


def test_every_command_of_mureg_stands_in_the_readmes() -> None:
    for noun in NOUNS:
        infos = infos_of(import_module(NOUNS[noun].module).app)
        commands = [noun] if noun in infos else [f"{noun} {verb}" for verb in infos]
        for command in commands:
            for text in TEXTS.values():
                assert f"`mureg {command}" in text, command


def test_every_exit_code_stands_in_the_readmes() -> None:
    for text in TEXTS.values():
        for code in (0, 1, 2, 3, 4, 5, 6, 7, 130):
            assert re.search(rf"^\| {code} \|", text, re.MULTILINE), code


def test_the_settings_of_the_readme_are_valid(tmp_path: Path) -> None:
    for text in TEXTS.values():
        file = tmp_path / "mureg.toml"
        file.write_text(settings_of(text), encoding="utf-8")
        assert read_settings(file).contract is not None


def test_what_tests_the_promises_stands_where_security_md_says() -> None:
    text = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[^` ]*)", text))
    assert len(named) > 4
    for place in named:
        assert (PROJECT / place).exists(), place


def test_the_links_lead_somewhere() -> None:
    for path in (*READMES.values(), PROJECT / "SECURITY.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (PROJECT / target).exists(), target
