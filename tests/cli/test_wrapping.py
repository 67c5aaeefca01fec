"""Lines on a terminal break between words; a command in a hint is whole, so that it can be pasted."""

import pytest

from mureg.cli.framework.output.wrapping import wrapped
from support.command_line import Mureg

COMMANDS = [
    "mureg month accept 2023-08 ZV-1032 --reason TEXT",
    "mureg application process 'ЗВ 1' --without-sale --reason TEXT",
    "mureg application import - --number NUMBER",
    "mureg copy FROM TO",
    "mureg application set-multiuser ZV-1042 --tier 10+",
    'mureg restore "C:\\my files\\b.db" --db PATH',
    "mureg init",
    "mureg month resolve ЗВ-1",
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", range(20, 90, 7))
def test_a_command_is_never_broken(command: str, width: int) -> None:
    text = f"сначала прочитайте это внимательно: {command}; or see what was done before: {command}"
    lines = wrapped(text, width).split("\n")
    assert " ".join(lines) == text
    assert sum(line.count(command) for line in lines) == 2
    assert all(len(line) <= max(width, len(command) + 1) for line in lines)


def test_the_words_of_a_sentence_after_a_command_may_be_on_the_next_line() -> None:
    text = "mureg init writes a template with every key; use the prices and discounts of your own contract"
    lines = wrapped(text, 30).split("\n")
    assert " ".join(lines) == text
    assert max(map(len, lines)) <= 30


def test_an_amount_is_not_broken_and_lines_stay_lines() -> None:
    assert (
        wrapped("сумма 27\u00a0100,00\n\n[contract]\nnumber = 1", 12)
        == "сумма\n27\u00a0100,00\n\n[contract]\nnumber = 1"
    )


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("width", [40, 60, 80])
def test_errors_hints_and_notes_are_wrapped_on_a_terminal(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, lang: str, width: int
) -> None:
    words = ["application", "import", "examples/faults/wrong.csv"]
    plain = example(*words, lang=lang).err
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    ended = example(*words, lang=lang, terminal=True)
    assert ended.err.split() == plain.split()
    assert max(map(len, plain.splitlines())) > width >= max(map(len, ended.err.splitlines()))
