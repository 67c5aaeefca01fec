"""What takes longer than a second shows a bar on stderr, and only where a person looks."""

import re
import time
from pathlib import Path

import pytest

from mureg.operations.application_import import importer as importing
from mureg.operations.applications import processing as applications
from mureg.operations.check import checks as checking
from support.command_line import Mureg
from support.sample_data import begin, inn_of, row, write_table

pytestmark = pytest.mark.slow

SLOW = {
    ("application", "import", "b.csv"): ("Rows read", "Прочитано строк"),
    ("application", "check"): ("Applications checked", "Проверено заявлений"),
    ("check",): ("Checks done", "Выполнено проверок"),
}


@pytest.fixture
def slow(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> Mureg:
    """A register of three applications in which every one takes a while, and a bar that does not wait for long."""
    begin(mureg).done("application", "import", write_table("a.csv", *(row(f"A-{n}", inn=inn_of(n)) for n in range(3))))
    write_table("b.csv", row("B-1"))
    for module, name in ((applications, "warnings_of"), (checking, "derived_values"), (importing, "read_applications")):
        monkeypatch.setattr(module, name, _slowly(getattr(module, name)))
    monkeypatch.setattr("mureg.cli.framework.output.progress._AFTER_SECONDS", 0.01)
    return mureg


def _slowly(function: object) -> object:
    def slow(*arguments: object, **options: object) -> object:
        time.sleep(0.4)
        return function(*arguments, **options)  # type: ignore[operator]

    return slow


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("words", SLOW, ids=" ".join)
def test_what_takes_long_shows_how_far_it_is(slow: Mureg, words: tuple[str, ...], lang: str) -> None:
    ended = slow.done(*words, terminal=True, lang=lang)
    label = SLOW[words][lang == "ru"]
    assert label in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", ended.err)
    assert label not in ended.out


@pytest.mark.parametrize("words", SLOW, ids=" ".join)
def test_a_pipe_and_a_program_see_nothing_of_it(slow: Mureg, words: tuple[str, ...]) -> None:
    assert SLOW[words][0] not in slow.done(*words).err
    assert slow.done(*words, "--json", terminal=True).err == ""


@pytest.mark.parametrize("words", [*SLOW, ("application", "check", "A-1")], ids=" ".join)
@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_what_is_quick_shows_none(
    mureg: Mureg, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], term: str
) -> None:
    monkeypatch.setenv("TERM", term)
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1")))
    Path("b.csv").write_bytes(Path("a.csv").read_bytes())
    ended = mureg.done(*words, terminal=True)
    assert ended.err == mureg.done(*words).err
