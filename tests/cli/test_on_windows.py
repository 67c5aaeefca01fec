"""What is only so on Windows."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from mureg.safe_files import delete_abandoned, temporary_path
from support.command_line import Ended, Mureg
from support.sample_data import row, write_table

pytestmark = [
    pytest.mark.skipif(sys.platform != "win32", reason="about Windows"),
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]

MUREG = [sys.executable, "-m", "mureg"]


def surroundings(**changed: str) -> dict[str, str]:
    path = os.pathsep.join(part for part in sys.path if part)
    return os.environ | {"PYTHONPATH": path, "MUREG_LANG": "ru"} | changed


def test_a_pattern_of_files_is_expanded_where_the_shell_leaves_it(mureg: Mureg, engine: str) -> None:
    mureg.done("init")
    write_table("b.csv", row("B-1"))
    write_table("a.csv", row("A-1"), row("A-2"))
    report = mureg.done("application", "import", "*.csv", "--json").json
    assert [file["file"] for file in report["files"]] == ["a.csv", "b.csv"]


def test_a_name_that_is_no_pattern_of_anything_is_not_found(mureg: Mureg, engine: str) -> None:
    mureg.done("init")
    ended = mureg("application", "import", "*.xml")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("Error: no such file: *.xml\n")


@pytest.mark.parametrize("path", [r"\\server\share\mureg.db", r"\\?\UNC\server\share\mureg.db"])
def test_a_register_on_a_share_is_refused(mureg: Mureg, engine: str, path: str) -> None:
    ended = mureg("init", "--db", path)
    assert (ended.code, ended.out) == (7, "")
    assert "is on a network drive" in ended.err


def test_the_mark_of_a_long_path_names_the_same_register(example: Mureg, engine: str) -> None:
    path = f"\\\\?\\{Path('mureg.db').absolute()}"
    assert example.done("application", "list", "--db", path).out == example.done("application", "list").out
    assert example("check") == Ended(0, "", "")


def test_a_user_without_a_variable_is_who_windows_says(
    mureg: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MUREG_USER", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    mureg.done("init", "--example")
    (newest, *_) = mureg.done("history", "--json").json
    assert newest["user"] == os.getlogin()


def test_a_closed_pipe_ends_a_command_quietly(example: Mureg, engine: str) -> None:
    with subprocess.Popen(
        [*MUREG, "history", "--json"], env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == b""


def test_a_file_of_a_process_that_has_ended_is_deleted_though_a_handle_is_held(mureg: Mureg, engine: str) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
        own = temporary_path(Path("b.db"))
        left = own.with_name(own.name.replace(f"-{os.getpid()}-", f"-{ended.pid}-"))
        for path in (own, left):
            path.touch()
        delete_abandoned(Path("b.db"))
    assert (own.exists(), left.exists()) == (True, False)


def test_what_is_piped_keeps_its_letters(example: Mureg, engine: str) -> None:
    ran = subprocess.run([*MUREG, "application", "list", "--json"], env=surroundings(), capture_output=True, check=True)
    assert "Ромашка" in ran.stdout.decode("utf-8")
    ran = subprocess.run([*MUREG, "support"], env=surroundings(MUREG_ENCODING="cp866"), capture_output=True, check=True)
    assert "Версия" in ran.stdout.decode("cp866")


def test_the_system_is_named_without_asking_its_management_service(
    mureg: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*arguments: object, **options: object) -> str:
        raise AssertionError("may not answer for minutes")

    for name in ("platform", "uname", "win32_ver", "system", "release", "version", "machine"):
        monkeypatch.setattr(platform, name, asked)
    mureg.done("init")
    assert "Windows" in mureg.done("support").out
