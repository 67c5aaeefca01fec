"""The READMEs' commands: run them all, in order, and hold what they print against what the READMEs say.

    python tools/readme.py            write the real output under every `$ mureg …` of both READMEs
    python tools/readme.py --check    fail where a README says something else

Every ```console block is run as in one terminal of 100 columns, in one new folder. Times, hashes and paths differ from
run to run and are shown as examples.
"""

import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mureg.cli.main import command

PROJECT = Path(__file__).parent.parent
READMES = {"en": PROJECT / "README.md", "ru": PROJECT / "README.ru.md"}

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_COMMAND = "$ mureg "
_WIDTH = "100"

# What differs from run to run, and what stands for it.
_EXAMPLES = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"), "2026-11-23T09:00:00Z"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "5f0c" * 16),
    (re.compile(r"mureg [0-9.]+, Python [^\n]*"), "mureg 0.1.0, Python 3.13.1, Windows-11"),
    (re.compile(r"(?<=\n)(Crash files|Файлы сбоев): [^\n]*"), r"\1: C:\\Users\\olga\\AppData\\Local\\mureg\\crashes"),
)


class Step(NamedTuple):
    """A command of a README, and what the README says that it prints."""

    line: str
    printed: str


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def steps_of(text: str) -> list[Step]:
    """The commands of a README with their outputs."""
    steps = []
    for block in _BLOCK.findall(text):
        for part in block.split(_COMMAND)[1:]:
            line, _, printed = part.partition("\n")
            steps.append(Step(line, printed))
    return steps


def with_real_output(text: str, language: str) -> str:
    """A README with what its commands really print."""
    with in_new_folder():
        return _BLOCK.sub(lambda block: _run_block(block.group(), language), text)


def printed_by(line: str, language: str) -> str:
    """What a command prints in the current folder, on a terminal where stdout and stderr meet."""
    screen = _Terminal(io.BytesIO(), encoding="utf-8", write_through=True)
    keys = _Terminal(io.BytesIO(), encoding="utf-8")
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = keys, screen, screen
    try:
        command().main([*shlex.split(line), "--lang", language])
    except SystemExit:
        pass
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
    screen.flush()
    buffer = screen.buffer
    assert isinstance(buffer, io.BytesIO)  # noqa: S101  made above
    text = "\n".join(row.rstrip() for row in buffer.getvalue().decode().splitlines())
    for pattern, example in _EXAMPLES:
        text = pattern.sub(example, text)
    return text.replace(str(Path.cwd()) + os.sep, "").strip("\n") + "\n"


def _run_block(block: str, language: str) -> str:
    return "".join(
        f"{_COMMAND}{step.line}\n{printed_by(step.line, language)}\n" for step in steps_of_block(block)
    ).replace("\n\n\n", "\n\n")[:-1]


def steps_of_block(block: str) -> list[Step]:
    """The commands of one block."""
    return steps_of(f"```console\n{block}```\n")


@contextmanager
def in_new_folder() -> Iterator[None]:
    """A new folder, and the surroundings of a person who has set nothing."""
    kept, here = dict(os.environ), Path.cwd()
    for name in [name for name in os.environ if name.startswith("MUREG_")]:
        del os.environ[name]
    os.environ |= {"COLUMNS": _WIDTH, "NO_COLOR": "1", "MUREG_USER": "olga", "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ |= kept


def main() -> int:
    """Write, or check."""
    wrong = 0
    for language, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        real = with_real_output(text, language)
        if sys.argv[1:] == ["--check"]:
            wrong += text != real
        else:
            path.write_text(real, encoding="utf-8", newline="\n")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
