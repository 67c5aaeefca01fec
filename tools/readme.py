"""Run the commands of the documents, and write or check the output that the documents show.

    python tools/readme.py            write the real output under every `$ mureg …` of every document
    python tools/readme.py --check    fail if a document shows other output, and name it

Documents are README.md and docs/*.md with their Russian sides. The ```console blocks of a document are run in order,
as in one terminal of 100 columns, in a new folder for each document. Times, hashes and paths differ from run to run:
the documents show examples in their place. A line `…` stands for lines that a document leaves out: as many lines
before it and after it as the document has are kept.
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
DOCUMENTS = [path for folder in (PROJECT, PROJECT / "docs") for path in sorted(folder.glob("*.md"))]

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_COMMAND = "$ mureg "
_LEFT_OUT = "…"
_WIDTH = "100"

# What differs from run to run, and the example that is shown for it.
_EXAMPLES = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"), "2026-11-23T09:00:00Z"),
    (re.compile(r"(?<= )[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(?= )"), "2026-11-23 12:00"),
    (re.compile(r"(?<= )[0-9]{2}\.[0-9]{2}\.[0-9]{4} [0-9]{2}:[0-9]{2}(?= )"), "23.11.2026 12:00"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "5f0c" * 16),
    # What would be sold today.
    (re.compile(r"(Would be sold: [^\n]* from )[-0-9]{10}( to )[-0-9]{10}"), r"\g<1>2026-11-23\g<2>2027-11-22"),
    (re.compile(r"(Будет продано: [^\n]* с )[.0-9]{10}( по )[.0-9]{10}"), r"\g<1>23.11.2026\g<2>22.11.2027"),
    (re.compile(r"mureg [0-9.]+, Python [^\n]*"), "mureg 0.1.0, Python 3.13.1, Windows-11"),
    (re.compile(r"(?<=\n)(Crash files|Файлы сбоев): [^\n]*"), r"\1: C:\\Users\\olga\\AppData\\Local\\mureg\\crashes"),
)


class Step(NamedTuple):
    """A command of a document, and the output that the document shows."""

    line: str
    printed: str


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def language_of(document: Path) -> str:
    """The language of a document, by its name."""
    return "ru" if document.name.endswith(".ru.md") else "en"


def steps_of(text: str) -> list[Step]:
    """The commands of a document with their output."""
    return [step for block in _BLOCK.findall(text) for step in _steps_of_block(block)]


def with_real_output(text: str, language: str) -> str:
    """A document with the real output of its commands."""
    with in_new_folder():
        return _BLOCK.sub(lambda block: _run_block(block.group(), language), text)


def printed_by(line: str, language: str) -> str:
    """What a command prints in the current folder on a terminal, stdout and stderr together."""
    printed = io.BytesIO()
    stdin, stdout = (_Terminal(buffer, encoding="utf-8", write_through=True) for buffer in (io.BytesIO(), printed))
    # Not a terminal: on a slow machine a bar would show the progress.
    stderr = io.TextIOWrapper(printed, encoding="utf-8", write_through=True)
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
    try:
        command().main([*shlex.split(line), "--lang", language])
    except SystemExit:
        pass
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
    text = "\n".join(row.rstrip() for row in printed.getvalue().decode().splitlines())
    for pattern, example in _EXAMPLES:
        text = pattern.sub(example, text)
    return text.replace(str(Path.cwd()) + os.sep, "").strip("\n") + "\n"


def _steps_of_block(block: str) -> list[Step]:
    parts = (part.partition("\n") for part in block.split(_COMMAND)[1:])
    return [Step(line, printed) for line, _, printed in parts]


def _run_block(block: str, language: str) -> str:
    parts = []
    for step in _steps_of_block(block):
        output = _shortened(printed_by(step.line, language), step.printed)
        parts.append(f"{_COMMAND}{step.line}\n{output}".rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def _shortened(output: str, shown: str) -> str:
    """The output without the lines that the document leaves out."""
    real, known = output.splitlines(), shown.strip("\n").splitlines()
    if _LEFT_OUT not in known:
        return output
    before = known.index(_LEFT_OUT)
    after = len(known) - before - 1
    return "\n".join([*real[:before], _LEFT_OUT, *real[len(real) - after :]])


@contextmanager
def in_new_folder() -> Iterator[None]:
    """A new folder, and the environment of a person who has set nothing."""
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
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        real = with_real_output(text, language_of(path))
        if real == text:
            continue
        if sys.argv[1:] == ["--check"]:
            print(f"{path.relative_to(PROJECT)} is out of date: python tools/readme.py", file=sys.stderr)
            wrong = 1
        else:
            path.write_text(real, encoding="utf-8", newline="\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
