"""Several applications wait, on a real terminal: the question is repeated until it is answered."""

import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import mureg as package
from support.command_line import Mureg
from support.sample_data import begin, history, row, write_table

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals", allow_module_level=True)

# The slave becomes the terminal that controls the process: only then does Ctrl-C reach it.
_ON_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "mureg", *sys.argv[1:]])
"""
_LONGEST_WAIT = 60.0
CTRL_C, CTRL_D = "\x03", "\x04"
QUESTION = {
    "en": "Which one (line, number, or text to search for)? ",
    "ru": "Какое (строка, номер или текст для поиска)? ",
}


class Terminal:
    """mureg on a pseudo-terminal: what is shown, and what a person types."""

    def __init__(self, *words: str, lang: str) -> None:
        self._master, slave = os.openpty()
        environment = os.environ | {
            "MUREG_LANG": lang, "PYTHONUTF8": "1", "PYTHONPATH": str(Path(package.__file__).resolve().parents[1]),
        }  # fmt: skip
        self._running = subprocess.Popen(
            [sys.executable, "-c", _ON_THE_TERMINAL, *words],
            stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self._shown = b""
        self._answered = 0

    def answer(self, question: str, keys: str) -> None:
        """Wait until the question is shown once more, and type."""
        self._answered += 1
        while self.text().count(question) < self._answered:
            assert self._read(), self.text()
        os.write(self._master, keys.encode())

    def ended(self) -> int:
        """Wait for the end; the exit code."""
        while self._read():
            pass
        return self._running.wait(_LONGEST_WAIT)

    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;]*m", "", self._shown.decode(errors="replace")).replace("\r\n", "\n")

    def close(self) -> None:
        self._running.kill()
        self._running.wait()
        os.close(self._master)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], _LONGEST_WAIT)
        assert ready, self.text()
        try:
            part = os.read(self._master, 4096)
        except OSError:  # Linux says so where the other side is closed
            return False
        self._shown += part
        return bool(part)


@pytest.fixture(params=["en", "ru"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def terminal(mureg: Mureg, lang: str) -> Iterator[Terminal]:
    """`mureg application set-multiuser --off` on a terminal, with A-1 and A-2 waiting."""
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1"), row("A-2")))
    terminal = Terminal("application", "set-multiuser", "--off", lang=lang)
    yield terminal
    terminal.close()


def test_the_question_is_repeated_until_the_answer_is_one_of_them(terminal: Terminal, lang: str, mureg: Mureg) -> None:
    for answer in ("", "3", "нет", "2"):
        terminal.answer(QUESTION[lang], f"{answer}\n")
    assert terminal.ended() == 0
    none = {
        "en": "no waiting application has “{}” in its number, ИНН or name",
        "ru": "новых заявлений с текстом «{}» в номере, ИНН или наименовании нет",
    }[lang]
    # Text is searched for: each of them has a 3 in its ИНН.
    assert terminal.text().count("2  A-2  ООО «Ромашка»") == 3
    assert none.format("нет") in terminal.text()
    assert [record["numbers"] for record in history(mureg)[1:]] == [["A-2"]]


def test_ctrl_d_is_no_choice(terminal: Terminal, lang: str, mureg: Mureg) -> None:
    terminal.answer(QUESTION[lang], CTRL_D)
    assert terminal.ended() == 3
    lines = terminal.text().splitlines()
    assert lines[-2:] == [f"mureg application set-multiuser {number} --off" for number in ("A-1", "A-2")]
    assert len(history(mureg)) == 1


def test_ctrl_c_is_an_interrupt(terminal: Terminal, lang: str, mureg: Mureg) -> None:
    terminal.answer(QUESTION[lang], CTRL_C)
    assert terminal.ended() == 130
    assert "Traceback" not in terminal.text()
    assert {"en": "\nError: interrupted\n", "ru": "\nОшибка: прервано\n"}[lang] in terminal.text()
    assert {"en": "nothing was written", "ru": "ничего не записано"}[lang] in terminal.text()
    assert len(history(mureg)) == 1
