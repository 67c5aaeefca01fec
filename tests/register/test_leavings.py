"""What killed processes left beside a file is cleared away by the next who makes it; nothing else ever is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mureg.safe_files import name_beside
from support.command_line import Mureg


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def left_by(process: int, name: str = "b.db") -> Path:
    """A name such as the process would have chosen."""
    return Path(name_beside(Path(name)).name.replace(f"-{os.getpid()}-", f"-{process}-"))


@pytest.mark.parametrize("words", [("backup", "b.db"), ("copy", "mureg.db", "b.db"), ("init", "--db", "b.db")])
def test_what_the_dead_left_is_cleared_away(example: Mureg, dead: int, words: tuple[str, ...]) -> None:
    left = left_by(dead)
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{left}{suffix}").write_text("half", encoding="utf-8")
    before = set(Path().iterdir())
    example.done(*words)
    assert {path for path in Path().iterdir() if path.name.startswith(".")} == set()
    assert before - set(Path().iterdir()) == {Path(f"{left}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")}


def test_what_is_not_left_by_a_dead_mureg_of_this_machine_stays(example: Mureg, dead: int) -> None:
    machine, process, lot = left_by(dead).name.removeprefix(".b.db.").split("-")
    stay = [
        left_by(os.getpid()),
        left_by(dead, "other.db"),
        Path(f".b.db.{'0' * 8 if machine != '0' * 8 else '1' * 8}-{process}-{lot}"),
        Path(f".b.db.{machine}-{process}-{lot}.txt"),
        Path(f".b.db.{machine}-{process}-{lot[:-1]}"),
        Path(f".b.db.{machine}-{process}"),
        Path(f"b.db.{machine}-{process}-{lot}"),
        Path(".b.db"),
        Path(f".bxdb.{machine}-{process}-{lot}"),
    ]
    for path in stay:
        path.write_text("mine", encoding="utf-8")
    folder = Path(f".b.db.{machine}-{process}-{'0' * 8}")
    folder.mkdir()
    example.done("backup", "b.db")
    assert [path for path in stay if path.read_text(encoding="utf-8") != "mine"] == []
    assert folder.is_dir()
