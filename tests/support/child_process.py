"""mureg in a process of its own that may do less than the tests: write small files only, or obey file permissions."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.command_line import Ended

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX makes the fault")

READING = [("application", "list"), ("application", "show", "ZV-1042"), ("check",), ("history",)]
SET = ("application", "set-multiuser", "ZV-1042", "--tier", "10+")
PROCESS = ("application", "process", "ZV-1042", "--on", "2023-08-28")
EVERYTHING = [*READING, SET, PROCESS, ("backup", "../b.db"), ("init",), ("copy", "{db}", "../c.db"), ("undo",)]


def assert_one_clear_error(ended: Ended, *parts: str) -> None:
    """Exit code 7, nothing on stdout, and on stderr one error with these parts and a hint."""
    assert (ended.code, ended.out) == (7, ""), ended
    assert ended.err.startswith(("Error: ", "Ошибка: ")), ended.err
    assert ended.err.count("\n") >= 2, "the hint is on the next line"
    assert "Traceback" not in ended.err
    for part in parts:
        assert part in ended.err, ended.err


_PR_CAPBSET_DROP, _OVERRIDE, _READ_SEARCH = 24, 1, 2


def run_in_child(*words: str, prepare: Callable[[], None] = lambda: None, lang: str = "en", **variables: str) -> Ended:
    """Run one command line in a process of its own, in the current folder; `prepare` runs in it first."""
    path = os.pathsep.join(part for part in sys.path if part)
    done = subprocess.run(
        [sys.executable, "-m", "mureg", *words],
        env=os.environ | {"PYTHONPATH": path, "MUREG_LANG": lang} | variables,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        preexec_fn=prepare,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def limit_file_size(most: int) -> Callable[[], None]:
    """Let no file grow beyond so many bytes."""

    def prepare() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return prepare


def obey_file_permissions() -> None:
    """Drop the capabilities by which root ignores the modes of files."""
    if os.geteuid() == 0 and sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        for capability in (_OVERRIDE, _READ_SEARCH):
            prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def require_file_permissions(folder: Path) -> None:
    """Skip where a process cannot be made to respect the modes of files."""
    file = folder / "read-only"
    file.touch(mode=0o400)
    code = subprocess.run(
        [sys.executable, "-c", f"open({str(file)!r}, 'a')"],
        preexec_fn=obey_file_permissions,
        capture_output=True,
        check=False,
    ).returncode
    file.unlink()
    if code == 0:
        pytest.skip("this user writes wherever it likes, whatever the modes of files")


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Callable[[int], None]]:
    """A disk of so many kilobytes at the folder; gives what makes it larger. Skips where none can be mounted."""
    folder.mkdir()
    options = f"size={kilobytes}k,mode=700"
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "mureg", folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here: " + mounted.stderr.decode().strip())

    def grow(larger: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={larger}k", folder], check=True, capture_output=True)

    try:
        yield grow
    finally:
        subprocess.run(["umount", "-l", folder], check=True, capture_output=True)
