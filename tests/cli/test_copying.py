"""`mureg backup`, `restore` and `copy`: the whole register or nothing, between files and servers."""

import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mureg.errors import msg
from mureg.operations import transfer as copying
from mureg.operations.check.checks import Failure
from mureg.register import row_images
from support import raw_sql
from support.command_line import Ended, Mureg
from support.sample_data import begin, listed, row, write_table

pytestmark = pytest.mark.slow


def in_use() -> str:
    return os.environ.get("MUREG_DB", "mureg.db")


@pytest.fixture(params=["a file", "a server"])
def other(request: pytest.FixtureRequest, mureg: Mureg) -> Iterator[str]:
    """A place without a register, of either kind."""
    if request.param == "a file":
        yield "other/other.db"
        return
    from support import postgres_server

    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def settled(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> Mureg:
    """The example partner with a closed month, an invoice, and something taken back: rows in every table."""
    # As if every operation were a large one, some of whose images are beside its record.
    monkeypatch.setattr(row_images, "ROWS_IN_PIECE", 1)
    example.done("application", "process", "ZV-1042", "--on", "2023-08-28")
    example("reconcile", "--month", "2023-08", "--statement", "examples/statement/operator-2023-08.csv")
    for discrepancy in example("reconcile", "--month", "2023-08", "--json").json["discrepancies"]:
        example.done("month", "accept", "2023-08", discrepancy["id"], "--reason", "письмо")
    example.done("month", "close", "2023-08")
    agreed = example.done("month", "list", "--json").json[0]["agreed"]
    example.done("invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-06", "--amount", agreed)
    example.done("invoice", "paid", "1", "--on", "2023-09-07")
    example.done("undo")
    assert all(raw_sql.content())
    return example


def test_a_backup_is_brought_back_whole_to_either_kind(settled: Mureg, other: str) -> None:
    before, head = raw_sql.content(), settled.done("support", "--json").json["head"]
    ended = settled.done("backup", "saved.db")
    operations = len(settled.done("history", "--json").json)
    assert ended.out.splitlines()[1:] == ["Copied to: saved.db", f"Operations: {operations}", f"History head: {head}"]
    assert raw_sql.content("saved.db") == before
    assert settled.done("restore", "saved.db", "--db", other).out.endswith(f"History head: {head}\n")
    assert raw_sql.content(other) == before
    assert settled("check", "--db", other) == Ended(0, "", "")
    # And it is a register like any other.
    assert settled.done("undo", "--db", other, "--json").json["operation"] == operations + 1


def test_a_register_is_copied_there_and_back(settled: Mureg, other: str) -> None:
    before = raw_sql.content()
    settled.done("copy", in_use(), other)
    settled.done("copy", other, "back.db")
    assert raw_sql.content(other) == before
    assert raw_sql.content("back.db") == before
    assert settled("check", "--db", "back.db") == Ended(0, "", "")


def test_a_program_reads_what_was_copied(settled: Mureg) -> None:
    operations, head = (settled.done("support", "--json").json[name] for name in ("operation", "head"))
    expected = {"operation": None, "numbers": [], "to": "b.db", "operations": operations, "head": head}
    ended = settled.done("backup", "b.db", "--json")
    assert (ended.json.items() >= expected.items(), ended.err) == (True, "")
    assert "from" in ended.json


def test_what_is_there_is_never_written_over(example: Mureg, other: str) -> None:
    Path("saved.db").write_text("mine", encoding="utf-8")
    ended = example("backup", "saved.db")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == "Error: saved.db already exists and is not overwritten\nchoose another name\n"
    assert Path("saved.db").read_text(encoding="utf-8") == "mine"
    example.done("backup", "b.db")
    before = raw_sql.content()
    ended = example("restore", "b.db")
    assert (ended.code, ended.out) == (5, "")
    assert "already contains a register, with 8 operations" in ended.err
    assert "mureg backup" in ended.err
    example.done("copy", in_use(), other)
    assert example("copy", in_use(), other).code == 5
    assert example("copy", "b.db", in_use()).code == 5
    assert raw_sql.content() == before


def test_a_backup_is_brought_back_into_an_empty_register(example: Mureg, other: str) -> None:
    example.done("backup", "b.db")
    example.done("init", "--db", other)
    example.done("restore", "b.db", "--db", other)
    assert raw_sql.content(other) == raw_sql.content()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_reads_a_copy(example: Mureg) -> None:
    example.done("backup", "b.db")
    example.done("restore", "b.db", "--db", "r.db")
    for name in ("b.db", "r.db"):
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600


def test_a_backup_is_one_file(example: Mureg) -> None:
    before = set(Path().iterdir())
    example.done("backup", "b.db")
    assert set(Path().iterdir()) - before == {Path("b.db")}
    example.done("check", "--db", "b.db")
    assert set(Path().iterdir()) - before == {Path("b.db")}


def test_a_register_that_fails_a_check_is_saved_and_not_copied(example: Mureg, other: str) -> None:
    raw_sql.tamper("UPDATE history SET done_by = 'x' WHERE operation = 3")
    raw_sql.tamper("UPDATE application SET search = 'x' WHERE number = 'ZV-1042'")
    example.done("backup", "b.db")
    before = set(Path().iterdir())
    ended = example("copy", "b.db", other)
    assert (ended.code, ended.out) == (6, "")
    expected = "Warning: b.db fails 2 checks and was not copied\nsee the problems: mureg check --db b.db\n"
    assert ended.err == expected
    assert example("restore", "b.db", "--db", other).code == 6
    assert example("application", "list", "--db", other).code == 7
    assert {path for path in Path().iterdir() if path.name != "other"} == before
    assert not Path("other").exists() or list(Path("other").iterdir()) == []


def test_a_copy_that_is_broken_off_leaves_nothing(example: Mureg, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(register: object) -> list[Failure]:
        raise KeyboardInterrupt

    monkeypatch.setattr(copying, "check_register", interrupted)
    ended = example("copy", in_use(), other)
    assert (ended.code, ended.out) == (130, "")
    assert example("application", "list", "--db", other).code == 7
    assert not Path("other").exists() or list(Path("other").iterdir()) == []
    # An empty register stays empty.
    example.done("init", "--db", other)
    assert example("copy", in_use(), other).code == 130
    assert listed(example, "--db", other) == []
    monkeypatch.setattr(copying, "check_register", lambda register: [Failure("storage", msg("{reason}", reason="x"))])
    assert example("copy", in_use(), other).code == 6
    assert listed(example, "--db", other) == []


def test_a_dry_run_copies_nothing_and_refuses_what_would_be_refused(example: Mureg, other: str) -> None:
    before = set(Path().iterdir())
    for command in (["backup", "b.db"], ["copy", in_use(), other]):
        ended = example.done(*command, "--dry-run")
        assert "Operations: 8\n" in ended.out
        assert "nothing was written" in ended.err
    assert set(Path().iterdir()) == before
    assert example("application", "list", "--db", other).code == 7
    assert example("backup", "mureg.toml", "--dry-run").code == 5
    assert example("copy", in_use(), in_use(), "--dry-run").code == 5


def test_what_is_no_register_is_not_copied(example: Mureg) -> None:
    Path("notes.txt").write_text("notes " * 1000, encoding="utf-8")
    with closing(sqlite3.connect("foreign.db")) as database, database:
        database.execute("CREATE TABLE application (number TEXT)")
    for source in ("notes.txt", "foreign.db", "nowhere.db"):
        for command in (["restore", source, "--db", "new.db"], ["copy", source, "new.db"]):
            ended = example(*command)
            assert (ended.code, ended.out) == (7, "")
    assert not Path("new.db").exists()


def test_a_damaged_backup_is_not_restored(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", *(row(f"A-{number}") for number in range(200))))
    mureg.done("backup", "b.db")
    content = bytearray(Path("b.db").read_bytes())
    content[-20_000:] = b"\xff" * 20_000
    Path("b.db").write_bytes(content)
    assert mureg("restore", "b.db", "--db", "new.db").code in (6, 7)
    assert not Path("new.db").exists()


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (["backup"], "Error: FILE is required\nsee the help of the command: add -h\n"),
        (["restore"], "Error: FILE is required\nsee the help of the command: add -h\n"),
        (["copy", "a.db"], "Error: TO is required\nsee the help of the command: add -h\n"),
        (
            ["backup", "postgresql://olga:secret@host/base"],
            "Error: postgresql://olga@host/base is not a file\nbetween registers: mureg copy FROM TO\n",
        ),
    ],
)
def test_wrong_usage_is_an_error(example: Mureg, words: list[str], err: str) -> None:
    assert example(*words) == Ended(2, "", err)


def test_a_folder_that_cannot_be_written_to_is_an_error(example: Mureg) -> None:
    ended = example("backup", "mureg.toml/b.db")
    assert (ended.code, ended.out) == (7, "")
    assert ended.err.startswith("Error: cannot create a register at mureg.toml/b.db: ")


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_what_another_register_left_behind_is_not_played_into_a_new_one(example: Mureg, suffix: str) -> None:
    Path(f"new.db{suffix}").write_bytes(b"remains")
    for words in (["backup", "new.db"], ["copy", in_use(), "new.db"], ["init", "--db", "new.db"]):
        ended = example(*words)
        assert (ended.code, ended.out) == (7, "")
        assert ended.err.startswith(f"Error: new.db{suffix} already exists and is not overwritten\n")
    assert not Path("new.db").exists()
    assert Path(f"new.db{suffix}").read_bytes() == b"remains"
