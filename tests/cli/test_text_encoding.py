"""The encoding of what people read: `MUREG_ENCODING`, and on Windows the console's or UTF-8."""

import os
import subprocess
import sys

import pytest

from support.command_line import Mureg

MUREG = [sys.executable, "-m", "mureg", "--lang", "ru", "support"]


def printed(**environment: str) -> bytes:
    path = os.pathsep.join(part for part in sys.path if part)
    done = subprocess.run(MUREG, env=os.environ | {"PYTHONPATH": path} | environment, capture_output=True, check=True)
    return done.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "cp866"])
def test_the_chosen_encoding_is_that_of_text(mureg: Mureg, encoding: str) -> None:
    mureg.done("init")
    assert "Версия" in printed(MUREG_ENCODING=encoding).decode(encoding)


def test_json_is_utf_8_whatever_is_chosen(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    before = example.done("application", "list", "--json").json
    monkeypatch.setenv("MUREG_ENCODING", "cp866")
    assert example.done("application", "list", "--json").json == before


def test_an_unknown_encoding_is_wrong_usage(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUREG_ENCODING", "cp-867")
    ended = mureg("support")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "Error: MUREG_ENCODING: cp-867 is not an encoding\nuse utf-8, cp1251 or cp866\n"
