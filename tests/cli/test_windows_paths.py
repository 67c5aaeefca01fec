"""Paths of Windows: drives of other computers, and more than 260 characters."""

import ctypes
import sys
from pathlib import Path

import pytest

from mureg.register.engines.sqlite import place
from support.command_line import Ended, Mureg
from support.sample_data import row, write_table
from support.windows import let_long_names_open

pytestmark = [
    pytest.mark.skipif(sys.platform != "win32", reason="about Windows"),
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]

if sys.platform == "win32":
    KERNEL = ctypes.windll.kernel32
else:
    KERNEL = None
LOCAL, REMOTE = 3, 4


# --- drives of other computers: the system's answer is replaced, for Wine has no network ------------------------------


def assert_refused(ended: Ended) -> None:
    assert (ended.code, ended.out) == (7, "")
    assert "is on a network drive" in ended.err
    assert "mureg copy PATH postgresql://user@host/base" in ended.err


@pytest.mark.parametrize("path", ["mureg.db", "{drive}mureg.db", "{folder}\\mureg.db", "\\\\?\\{folder}\\mureg.db"])
def test_a_register_on_a_mapped_drive_is_refused(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    before, asked = Path("mureg.db").read_bytes(), []

    def kind_of_drive(root: str) -> int:
        asked.append(root)
        return REMOTE if root == f"{Path.cwd().drive}\\" else LOCAL

    db = path.format(folder=Path.cwd(), drive=Path.cwd().drive)
    with monkeypatch.context() as patch:
        patch.setattr(KERNEL, "GetDriveTypeW", kind_of_drive)
        for words in ("application list", "check", "application set-multiuser ZV-1042 --tier 10+"):
            assert_refused(example(*words.split(), "--db", db))
        assert_refused(example("init", "--db", db.replace("mureg.db", "new.db")))
    assert asked
    assert Path("mureg.db").read_bytes() == before
    assert not Path("new.db").exists()
    assert example("check", "--db", db) == Ended(0, "", "")


@pytest.mark.parametrize("target", [r"\\server\share\mureg.db", r"\\?\UNC\server\share\mureg.db"])
def test_a_register_behind_a_link_to_another_computer_is_refused(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    def found(path: object) -> str:
        return target

    with monkeypatch.context() as patch:
        patch.setattr("os.path.realpath", found)
        assert_refused(example("application", "list"))
    assert example("check") == Ended(0, "", "")


def test_a_volume_without_a_letter_is_on_this_computer(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(path: object) -> str:
        return "\\\\?\\Volume{8a1c1d4e-0000-0000-0000-100000000000}\\mureg.db"

    monkeypatch.setattr("os.path.realpath", found)
    place.require_local(Path("mureg.db"))


# --- long paths ---------------------------------------------------------------------------------------------------


@pytest.fixture(params=["", "\\\\?\\"], ids=["without a mark", "with the mark"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder whose path alone is longer than 260 characters."""
    let_long_names_open(monkeypatch)
    path = f"{request.param}{tmp_path}" + "\\Отчётность по договору партнёра" * 8
    Path(path).mkdir(parents=True)
    assert len(path) > 260
    return path


def test_a_register_has_a_long_path(mureg: Mureg, engine: str, folder: str) -> None:
    db = f"{folder}\\mureg.db"
    mureg.done("init", "--db", db, "--config", f"{folder}\\mureg.toml")
    write_table("a.csv", row("A-1"))
    mureg.done("application", "import", "a.csv", "--db", db)
    assert '"A-1"' in mureg.done("application", "list", "--json", "--db", db).out
    mureg.done("undo", "--db", db)
    assert mureg("check", "--db", db).code == 0
    mureg.done("backup", f"{folder}\\b.db", "--db", db)
    assert mureg("check", "--db", f"{folder}\\b.db").code == 0
    assert list(Path(folder).glob(".*")) == []


def test_documents_and_input_files_have_long_paths(example: Mureg, engine: str, folder: str) -> None:
    for _ in range(2):
        example.done("month", "show", "2023-08", "--format", "csv", "-o", f"{folder}\\act.csv")
    assert Path(folder, "act.csv").stat().st_size > 0
    example.done("month", "show", "2023-08", "-o", f"{folder}\\act.xlsx")
    write_table("a.csv", row("A-1"))
    Path("a.csv").replace(f"{folder}\\a.csv")
    report = example.done("application", "import", f"{folder}\\a.c?v", "--json").json
    assert [file["file"] for file in report["files"]] == [f"{folder}\\a.csv"]


@pytest.mark.parametrize(("length", "begins"), [(250, "file:///C:/"), (251, "file:\\\\%3f\\C:\\")])
def test_sqlite_gets_the_mark_of_a_long_path(engine: str, length: int, begins: str) -> None:
    """Without it Windows finds no path of more than 259 characters, where it is not set up for them; Wine finds it."""
    path = "C:\\" + "x" * (length - 3)
    assert place.address_of(Path(path)).startswith(begins)
    assert place.address_of(Path(f"\\\\?\\{path}")).startswith(begins)
