"""A file that is not a register, is damaged, or is locked: one clear error each, and nothing made worse."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mureg.register.engines import interface as database
from mureg.register.engines.sqlite import file as sqlite_file
from mureg.register.engines.sqlite import place
from mureg.register.transaction import Operation
from mureg.safe_files import temporary_path
from support import raw_sql
from support.child_process import EVERYTHING, PROCESS, READING, SET, assert_one_clear_error, posix
from support.command_line import Ended, Mureg

# --- not a register -----------------------------------------------------------------------------------------------


def make_text() -> None:
    Path("thing").write_text("заявления " * 300, encoding="utf-8")


def make_nothing() -> None:
    Path("thing").touch()


def make_foreign() -> None:
    with sqlite3.connect("thing") as connection:
        connection.execute("CREATE TABLE application (number TEXT)")
    connection.close()


def make_folder() -> None:
    Path("thing").mkdir()


def make_pipe() -> None:
    os.mkfifo("thing")


def make_socket() -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("thing")


def make_link_to_itself() -> None:
    Path("thing").symlink_to("thing")


def make_device() -> None:
    Path("thing").symlink_to("/dev/zero")


MAKERS = [make_text, make_nothing, make_foreign, make_folder]
if sys.platform != "win32":
    MAKERS += [make_pipe, make_socket, make_link_to_itself, make_device]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_what_is_no_register_is_reported_and_left_alone(example: Mureg, make: Callable[[], None], lang: str) -> None:
    make()
    content = Path("thing").read_bytes() if make in (make_text, make_nothing, make_foreign) else b""
    before = sorted(Path().iterdir())
    for words in EVERYTHING:
        ended = example(*(word.format(db="thing") for word in words), "--db", "thing", lang=lang)
        assert_one_clear_error(ended, "thing")
        assert words[0] == "init" or "--db" in ended.err, "which one to name instead"
    assert_one_clear_error(example("restore", "thing", "--db", "new.db", lang=lang), "thing")
    assert sorted(Path().iterdir()) == before
    if content:
        assert Path("thing").read_bytes() == content


# --- versions, locks, and files that go away ------------------------------------------------------------------------


def test_a_register_from_the_future_stays_as_it_is(example: Mureg) -> None:
    raw_sql.tamper("PRAGMA user_version = 99")
    before = {path.name: path.read_bytes() for path in Path().glob("mureg.db*")}
    for words in EVERYTHING:
        for lang in ("en", "ru"):
            assert_one_clear_error(
                example(*(word.format(db="mureg.db") for word in words), lang=lang), "99", "pip install --upgrade mureg"
            )
            assert {path.name: path.read_bytes() for path in Path().glob("mureg.db*")} == before, words


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_another_program_that_locks_the_register_is_reported(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.2)
    holder = sqlite3.connect("mureg.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    for words in (*READING, SET, ("backup", "b.db")):
        ended = example(*words, lang=lang)
        assert_one_clear_error(
            ended, "mureg.db", {"en": "try again when the other command has finished", "ru": "повторите"}[lang]
        )
    holder.close()
    assert example("check") == Ended(0, "", "")
    assert not Path("b.db").exists()


@pytest.mark.parametrize("words", [*READING, SET, ("backup", "b.db"), ("copy", "mureg.db", "c.db")])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_register_with_two_names_is_refused_under_either(example: Mureg, words: tuple[str, ...], lang: str) -> None:
    os.link("mureg.db", "other.db")
    for name in ("mureg.db", "other.db"):
        arguments = [word.replace("mureg.db", name) for word in words]
        named = () if words[0] == "copy" else ("--db", name)
        assert_one_clear_error(example(*arguments, *named, lang=lang), name, f"find / -samefile {name}")
    Path("other.db").unlink()
    assert example("check") == Ended(0, "", "")


@posix
def test_a_second_name_that_a_killed_command_left_is_removed(example: Mureg) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    left = temporary_path(Path("mureg.db")).name.replace(f"-{os.getpid()}-", f"-{ended.pid}-")
    os.link("mureg.db", left)
    example.done(*SET)
    assert not Path(left).exists()


@posix
def test_a_register_that_is_mounted_as_a_single_file_is_only_read(
    example: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = str(Path("mureg.db").resolve()).replace(" ", r"\040")
    Path("mounts").write_text(f"36 35 98:0 /a.db {mounted} rw,noatime - ext4 /dev/root rw\n", encoding="utf-8")
    monkeypatch.setattr(place, "_MOUNTS", Path("mounts"))
    assert example.done("application", "list", "--json").err == ""
    assert_one_clear_error(example(*SET), "mureg.db is mounted as a single file", "mount the folder of the register")


@posix
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_register_on_a_network_drive_is_refused(example: Mureg, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    lines = ["22 1 98:0 / / rw - ext4 /dev/root rw", f"36 22 98:1 / {Path.cwd()} rw shared:1 - {kind} host:/x rw"]
    Path("mounts").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(place, "_MOUNTS", Path("mounts"))
    for words in (*READING, SET, ("init", "--db", "new.db")):
        assert_one_clear_error(example(*words), "is on a network drive", "mureg copy PATH postgresql://user@host/base")
    assert not Path("new.db").exists()
    Path("mounts").write_text(lines[0], encoding="utf-8")
    assert example("check") == Ended(0, "", "")


@posix
@pytest.mark.parametrize("how", ["removed", "replaced"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_register_that_goes_away_while_it_is_in_use_is_reported(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, how: str, lang: str
) -> None:
    example.done("backup", "b.db")
    before = raw_sql.content()
    record = Operation.record

    def recorded(operation: Operation) -> None:
        record(operation)
        for path in Path().glob("mureg.db*"):
            path.unlink()
        if how == "replaced":
            shutil.copy("b.db", "mureg.db")

    with monkeypatch.context() as patch:
        patch.setattr(Operation, "record", recorded)
        assert_one_clear_error(example(*SET, lang=lang), "mureg.db", "mureg restore FILE --db PATH")
    if how == "removed":
        assert_one_clear_error(example("application", "list", lang=lang), "mureg.db", "mureg init")
        example.done("restore", "b.db")
    assert raw_sql.content() == before
    assert example("check") == Ended(0, "", "")


def test_a_file_whose_number_changes_is_still_the_same(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(1000))
    monkeypatch.setattr(sqlite_file, "_inode", lambda path: (0, next(numbers)) if path.exists() else None)
    example.done(*SET)
    example.done("backup", "b.db")
    assert example("check") == Ended(0, "", "")


def test_a_log_that_is_missing_or_of_another_file_is_reported_or_harmless(example: Mureg) -> None:
    states = [raw_sql.content()]
    connection = sqlite3.connect("mureg.db", isolation_level=None)
    connection.execute("SELECT 1 FROM application").fetchall()  # so that nothing is put into the file yet
    example.done("backup", "old.db")
    example.done(*SET)
    example.done(*PROCESS)
    states.append(raw_sql.content())
    for suffix in ("", "-wal"):
        shutil.copy(f"mureg.db{suffix}", f"left.db{suffix}")
    connection.close()
    head = example.done("support", "--json").json["head"]
    # Without its log, the file is as it was before, which a noted head shows.
    shutil.copy("left.db", "missing.db")
    assert example("check", "--db", "missing.db").code == 0
    assert raw_sql.content("missing.db") == states[0]
    assert example("check", "--db", "missing.db", "--head", head).code == 6
    # An older backup is copied over the file, and the log stays.
    shutil.copy("old.db", "left.db")
    ended = example("check", "--db", "left.db")
    assert ended.code in (6, 7) or raw_sql.content("left.db") in states
