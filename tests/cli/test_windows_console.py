"""A console of Windows: Ctrl-C is pressed there, and its code page is that of the pipes.

cmd.exe's own pipe, as of `| more`, is another one than Windows' under Wine, which has a file there; and Wine sends no
Ctrl-Break.
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from support.command_line import Ended, Mureg
from support.windows import in_console

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "win32", reason="about Windows"),
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]

# Starts the rest of its command line, presses Ctrl-C when that has printed a line, and prints how it ended.
PRESSES = """
import ctypes, json, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
first = process.stdout.readline()
if not ctypes.windll.kernel32.GenerateConsoleCtrlEvent(0, 0):
    process.kill()
out, err = process.communicate()
print(json.dumps([process.returncode, (first + out).decode(), err.decode()]))
"""
# mureg, which says so and waits where the function is called that the format names.
WAITS = """
import time
import {module} as module
from mureg.__main__ import main
def waits(*arguments):
    print("here", flush=True)
    time.sleep(60)
module.{function} = waits
main()
"""
PROCESS = ("application", "process", "ZV-1042", "--on", "2023-08-28")


class Interrupted(NamedTuple):
    """Where a command is interrupted: the function, and the command."""

    module: str
    function: str
    words: tuple[str, ...]


def pressed(*program: str) -> Ended:
    """How a program ended in which Ctrl-C was pressed after its first line."""
    ended = in_console("-c", PRESSES, sys.executable, *program)
    assert ended.returncode == 0, ended.stderr
    return Ended(*json.loads(ended.stdout))


@pytest.mark.parametrize(
    "where",
    [
        Interrupted("mureg.register.transaction", "Operation.record", PROCESS),
        Interrupted("mureg.safe_files", "sync_to_disk", ("month", "show", "2023-08", "-o", "act.csv")),
        Interrupted("mureg.safe_files", "rename_new", ("backup", "b.db", "--json")),
        Interrupted("mureg.register.register", "Register.open", ("check", "--json")),
    ],
    ids=lambda where: where.words[0],
)
def test_ctrl_c_leaves_nothing_half_written(example: Mureg, engine: str, where: Interrupted) -> None:
    before, files = example.done("history").out, sorted(Path().rglob("*"))
    program = WAITS.format(module=where.module, function=where.function)
    ended = pressed("-c", program, *where.words)
    assert (ended.code, ended.out.split()) == (130, ["here"])
    assert "interrupted" in ended.err
    assert sorted(Path().rglob("*")) == files
    assert example.done("history").out == before
    assert example("check") == Ended(0, "", "")


def test_ctrl_c_ends_the_page(example: Mureg, engine: str) -> None:
    ended = pressed("-m", "mureg", "web", "--no-browser")
    assert (ended.code, ended.err) == (0, "Ctrl-C stops mureg web\r\n")
    assert ended.out.startswith("http://127.0.0.1:")
    assert example("check") == Ended(0, "", "")


# --- the code page ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "encoding"),
    [
        ({}, "cp866"),
        ({"MUREG_ENCODING": "cp1251"}, "cp1251"),
        ({"MUREG_ENCODING": "utf-8", "PYTHONIOENCODING": "cp1251"}, "utf-8"),
        ({"PYTHONIOENCODING": "cp1251"}, "cp1251"),
        ({"PYTHONIOENCODING": "utf-8"}, "utf-8"),
    ],
)
def test_a_pipe_gets_the_code_page_of_the_console_or_the_chosen_one(
    mureg: Mureg, engine: str, chosen: dict[str, str], encoding: str
) -> None:
    ended = in_console("-m", "mureg", "--lang", "ru", "support", code_page=866, **chosen)
    assert "Версия" in ended.stdout.decode(encoding)
    ended = in_console("-m", "mureg", "--lang", "ru", "show", code_page=866, **chosen)
    assert ended.returncode == 2
    assert "Ошибка: " in ended.stderr.decode(encoding)


def test_json_in_a_pipe_is_utf_8_in_every_console(example: Mureg, engine: str) -> None:
    ended = in_console("-m", "mureg", "application", "list", "--json", code_page=866, PYTHONIOENCODING="cp1251")
    assert "Ромашка" in ended.stdout.decode("utf-8")


def test_a_letter_that_the_console_lacks_is_lost_there_and_never_in_a_file(example: Mureg, engine: str) -> None:
    Path("mureg.toml").rename("№→.toml")
    words = ("-m", "mureg", "support", "--config", "№→.toml")
    assert "№?.toml" in in_console(*words, code_page=866).stdout.decode("cp866")
    program = f"import subprocess, sys; subprocess.run([sys.executable, *{words!r}], stdout=open('found.txt', 'wb'))"
    assert in_console("-c", program, code_page=866).returncode == 0
    assert "№→.toml" in Path("found.txt").read_text(encoding="utf-8")
