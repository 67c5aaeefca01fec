"""What is only so on Windows."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mureg.safe_files import delete_abandoned, temporary_path
from support.command_line import Ended, Mureg
from support.sample_data import row, write_table
from support.windows import access_list, opened_alone

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


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_file_with_passwords_is_that_of_windows(mureg: Mureg, engine: str, lang: str) -> None:
    ended = mureg("check", "--db", "postgresql://127.0.0.1:9/base?connect_timeout=1", lang=lang)
    assert (ended.code, ended.out) == (7, "")
    assert r"(PGPASSWORD, %APPDATA%\postgresql\pgpass.conf " in ended.err


@pytest.mark.parametrize("words", ["history --json", "contract show", "application list --help", "--version"])
def test_a_closed_pipe_ends_a_command_quietly(example: Mureg, engine: str, words: str) -> None:
    with subprocess.Popen(
        [*MUREG, *words.split()], env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == b""
    assert started.returncode == 0


def test_another_invalid_argument_is_no_closed_pipe(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def invalid(*arguments: object, **options: object) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("mureg.register.register.Register.open", invalid)
    ended = example("history")
    assert (ended.code, ended.out) == (1, "")
    assert "internal error: OSError" in ended.err


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


# A management service that ends whoever asks it.
WMI = """
import os, sys, types
def asked(*arguments):
    os._exit(77)
sys.modules["_wmi"] = types.SimpleNamespace(exec_query=asked)
import platform
platform._wmi_query = asked
"""


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("", 0),
        ("from mureg.register.register import Register; Register.open = None", 1),
        ("platform._wmi_query()", 77),
        *([("platform.platform()", 77)] if sys.version_info >= (3, 12) else []),
    ],
)
def test_the_system_is_named_without_asking_its_management_service(
    example: Mureg, engine: str, program: str, code: int
) -> None:
    """It may not answer for minutes. The two last programs ask it."""
    program = f"{WMI}{program}\nfrom mureg.__main__ import main\nmain()"
    for words in ("support", "check", "application list --json"):
        ended = subprocess.run(
            [sys.executable, "-c", program, *words.split()], env=surroundings(), capture_output=True, check=False
        )
        assert ended.returncode == code, ended
    crashes = list(Path("..").rglob("crash-*.txt"))
    assert bool(crashes) == (code == 1)
    assert all("\nWindows 10." in file.read_text(encoding="utf-8") for file in crashes)


# --- names that mean something else on Windows --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "CON",
        "nul.csv",
        "Aux .csv",
        "folder\\lpt1.csv",
        "C:prn.csv",
        "act.csv:hidden",
        ".\\com9",
        "ACT.CSV-WAL",
        "a.db-shm. ",
    ],
)
def test_a_document_is_not_lost_under_a_name_that_is_no_file(example: Mureg, engine: str, name: str) -> None:
    before = sorted(Path().rglob("*"))
    for words in ("month show 2023-08 --format csv -o", "backup", "init --db new.db --config"):
        ended = example(*words.split(), name)
        assert (ended.code, ended.out) == (5, ""), words
        assert "choose another name" in ended.err
    # A device exists, and is no register.
    for words in ("init --db", "copy mureg.db"):
        assert example(*words.split(), name).code in (5, 7), words
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize("name", ["console.csv", "nullable.csv", "com10.csv", "C:act.csv", "..\\office\\act.csv"])
def test_a_document_has_any_other_name(example: Mureg, engine: str, name: str) -> None:
    example.done("month", "show", "2023-08", "--format", "csv", "-o", name)
    assert Path(name).is_file()


def test_letters_of_another_case_name_the_same_files(example: Mureg, engine: str) -> None:
    for file, *options in (["MUREG.DB"], ["Mureg.Toml"], ["ABSENT.DB", "--db", "absent.db"]):
        ended = example("month", "show", "2023-08", "--format", "csv", "-o", file, *options)
        assert (ended.code, ended.out) == (5, ""), file
    assert example("check") == Ended(0, "", "")


def test_a_path_of_a_drive_counts_from_its_current_folder(example: Mureg, engine: str) -> None:
    drive = Path.cwd().drive
    assert (
        example.done("application", "list", "--db", f"{drive}mureg.db").out == example.done("application", "list").out
    )
    Path("mureg.toml").write_text(f'db = "{drive}mureg.db"\n', encoding="utf-8")
    assert example("check") == Ended(0, "", "")


def test_an_invalid_name_is_an_error_and_no_closed_pipe(mureg: Mureg, engine: str) -> None:
    for words in ("init --db a?b.db", "init --config a|b.toml", "check --db a<b.db"):
        ended = mureg(*words.split())
        assert ended.code in (4, 7), ended
        assert ended.err.startswith("Error: ")


# --- files that another program has open --------------------------------------------------------------------------


def test_a_document_that_another_program_has_open_stays_as_it_is(example: Mureg, engine: str) -> None:
    Path("act.csv").write_text("old", encoding="utf-8")
    with opened_alone("act.csv"):
        ended = example("month", "show", "2023-08", "--format", "csv", "-o", "act.csv")
    assert (ended.code, ended.out) == (4, "")
    assert "close the program that is using it" in ended.err
    assert Path("act.csv").read_text(encoding="utf-8") == "old"
    assert [path.name for path in Path().glob(".act*")] == []
    example.done("month", "show", "2023-08", "--format", "csv", "-o", "act.csv")


@pytest.mark.parametrize("words", ["application import", "reconcile --month 2023-08 --statement"])
def test_a_file_that_another_program_has_open_is_not_called_missing(example: Mureg, engine: str, words: str) -> None:
    write_table("a.csv", row("A-1"))
    with opened_alone("a.csv"):
        ended = example(*words.split(), "a.csv")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("Error: cannot read a.csv: another program is using it\n")


def test_a_folder_is_called_a_folder(example: Mureg, engine: str) -> None:
    ended = example("reconcile", "--month", "2023-08", "--statement", "examples")
    assert ended.err.startswith("Error: cannot read examples: it is a folder\n")


# --- who can read -------------------------------------------------------------------------------------------------


def test_a_new_folder_lets_in_whom_the_folder_above_lets_in(mureg: Mureg, engine: str) -> None:
    Path("by hand").mkdir()
    private = Path(tempfile.mkdtemp(dir="."))
    Path("by hand/file").touch()
    mureg.done("init", "--config", "team/office/mureg.toml")
    assert access_list(Path("team")) == access_list(Path("team/office")) == access_list(Path("by hand"))
    if sys.version_info >= (3, 12, 4):
        assert access_list(private) != access_list(Path("by hand"))
    files = access_list(Path("by hand/file"))
    assert [access_list(Path("team/office", name)) for name in ("mureg.toml", "mureg.db")] == [files, files]


def test_the_example_lets_in_whom_the_folder_lets_in(example: Mureg, engine: str) -> None:
    Path("by hand").mkdir()
    Path("by hand/file").touch()
    assert access_list(Path("examples")) == access_list(Path("by hand"))
    files = access_list(Path("by hand/file"))
    names = ("mureg.toml", "mureg.db", "examples/README.md")
    assert [access_list(Path(name)) for name in names] == [files] * 3


# --- the demo, and Ctrl-Break -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_demo_runs_where_the_program_is_mureg_itself(
    mureg: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a bundle of PyInstaller's kind: `sys.executable` is no Python, and takes mureg's own arguments."""
    Path("frozen.py").write_text(
        "import sys\nsys.frozen = True\nsys.executable = 'mureg.cmd'\nfrom mureg.__main__ import main\nmain()\n",
        encoding="utf-8",
    )
    here = Path.cwd()
    Path("mureg.cmd").write_text(f'@"{sys.executable}" -m mureg %*\n', encoding="utf-8")
    changed = {"PATH": f"{here};{os.environ['PATH']}", "TEMP": str(here), "TMP": str(here)}
    ran = subprocess.run(
        [sys.executable, "frozen.py", "demo", "--json"], env=surroundings(**changed), capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")


def test_ctrl_break_ends_a_command_as_ctrl_c_does(mureg: Mureg, engine: str) -> None:
    """As the system raises it: without a console, as under Wine, no key of one can be pressed."""
    program = (
        "import signal, sys; from mureg import __main__ as m; sys.argv += ['check', '--json']; "
        "m._run = lambda: signal.raise_signal(signal.SIGBREAK); m.main()"
    )
    ended = subprocess.run([sys.executable, "-c", program], env=surroundings(), capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (130, b"")
    assert b'"interrupted"' in ended.stderr
