"""Temporary files that killed processes left are deleted when the file is made again, and no other files are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mureg.safe_files import outside_profile, temporary_path
from support.command_line import Mureg


@pytest.fixture
def ended_process() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def temporary_of(process: int, name: str = "b.db") -> Path:
    """A temporary name as that process would choose it."""
    return Path(temporary_path(Path(name)).name.replace(f"-{os.getpid()}-", f"-{process}-"))


@pytest.mark.parametrize("words", [("backup", "b.db"), ("copy", "mureg.db", "b.db"), ("init", "--db", "b.db")])
def test_temporary_files_of_ended_processes_are_deleted(
    example: Mureg, ended_process: int, words: tuple[str, ...]
) -> None:
    left = temporary_of(ended_process)
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{left}{suffix}").write_text("half", encoding="utf-8")
    before = set(Path().iterdir())
    example.done(*words)
    assert {path for path in Path().iterdir() if path.name.startswith(".")} == set()
    assert before - set(Path().iterdir()) == {Path(f"{left}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")}


def test_all_other_files_stay(example: Mureg, ended_process: int) -> None:
    machine, process, random = temporary_of(ended_process).name.removeprefix(".b.db.").split("-")
    stay = [
        temporary_of(os.getpid()),
        temporary_of(ended_process, "other.db"),
        Path(f".b.db.{'0' * 8 if machine != '0' * 8 else '1' * 8}-{process}-{random}"),
        Path(f".b.db.{machine}-{process}-{random}.txt"),
        Path(f".b.db.{machine}-{process}-{random[:-1]}"),
        Path(f".b.db.{machine}-{process}"),
        Path(f"b.db.{machine}-{process}-{random}"),
        Path(".b.db"),
        Path(f".bxdb.{machine}-{process}-{random}"),
    ]
    for path in stay:
        path.write_text("mine", encoding="utf-8")
    folder = Path(f".b.db.{machine}-{process}-{'0' * 8}")
    folder.mkdir()
    example.done("backup", "b.db")
    assert [path for path in stay if path.read_text(encoding="utf-8") != "mine"] == []
    assert folder.is_dir()


def test_on_windows_the_files_outside_the_profile_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile, inside, outside = tmp_path / "profile", tmp_path / "profile" / "mureg.db", tmp_path / "mureg.db"
    profile.mkdir()
    inside.touch()
    outside.touch()
    files = [str(inside), str(outside), str(tmp_path / "missing.db"), "postgresql://user@host/base"]
    monkeypatch.setattr(Path, "home", lambda: profile)
    monkeypatch.setattr("sys.platform", "win32")
    assert outside_profile(files) == [str(outside)]
    monkeypatch.setattr("sys.platform", "linux")
    assert outside_profile(files) == []
