"""`-o FILE` destroys nothing, and a command that wrote its operation says so where its document fails."""

import errno
import os
import shutil
import sys
from pathlib import Path

import pytest

from mureg import safe_files
from support.bank_export import document, write_export
from support.command_line import Mureg

STATEMENT = "Номер;ИНН;К оплате\nZV-1030;7700010350;1,00\n"


def here() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("mureg.toml", "these are the settings in use"),
        ("./examples/../mureg.toml", "these are the settings in use"),
        ("st.csv", "it is an input of this command"),
        ("link.csv", "it is an input of this command"),
        ("other.db", "it is a database"),
        ("act.db-journal", "SQLite makes and deletes files with names like act.db-journal"),
        ("act.csv-wal", "SQLite makes and deletes files with names like act.csv-wal"),
        ("mureg.db-shm", "SQLite makes and deletes files with names like mureg.db-shm"),
    ],
)
def test_what_a_document_would_destroy_is_refused_and_nothing_is_written(example: Mureg, file: str, said: str) -> None:
    Path("st.csv").write_text(STATEMENT, encoding="cp1251")
    if sys.platform == "win32":
        os.link("st.csv", "link.csv")  # symbolic ones need a right of their own there
    else:
        Path("link.csv").symlink_to("st.csv")
    example.done("backup", "other.db")
    before, records = here(), example.done("history", "--json").json
    ended = example("reconcile", "--month", "2023-08", "--statement", "st.csv", "--format", "csv", "-o", file)
    assert (ended.code, ended.out) == (5, "")
    assert said in ended.err
    assert here() == before
    assert example.done("history", "--json").json == records


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("content", [None, b""])
def test_the_register_in_use_is_not_overwritten_whatever_it_holds(mureg: Mureg, content: bytes | None) -> None:
    mureg.done("init", "--example")
    if content is not None:
        Path("empty.db").write_bytes(content)
    for options in (["--db", "empty.db"] if content is not None else [], ["--db", "absent.db"]):
        file = options[-1] if options else "mureg.db"
        ended = mureg("month", "show", "2023-08", "--format", "csv", "-o", file, *options)
        assert (ended.code, ended.out) == (5, "")
        assert "this is the register in use" in ended.err
    os.link("mureg.db", "linked.csv")
    ended = mureg("invoice", "export", "1", "-o", "linked.csv")
    assert (ended.code, ended.out) == (5, "")


def test_an_input_of_any_command_is_safe(example: Mureg) -> None:
    write_export(document())
    shutil.copy("bank.txt", "kept.txt")
    ended = example("reconcile", "--month", "2023-08", "-o", "bank.txt", "--format", "csv", "--statement", "bank.txt")
    assert (ended.code, ended.out) == (5, "")
    assert Path("bank.txt").read_bytes() == Path("kept.txt").read_bytes()


def test_a_document_is_written_over_an_older_one(example: Mureg) -> None:
    Path("act.csv").write_text("old", encoding="utf-8")
    example.done("month", "show", "2023-08", "--format", "csv", "-o", "act.csv")
    assert Path("act.csv").read_text(encoding="utf-8-sig") != "old"


@pytest.mark.parametrize("name", ["saved.db-journal", "saved.db-wal", "saved.db-shm"])
def test_a_backup_does_not_take_a_name_that_sqlite_deletes(example: Mureg, name: str) -> None:
    for options in ([], ["--dry-run"]):
        ended = example("backup", name, *options)
        assert (ended.code, ended.out) == (5, "")
        assert "SQLite makes and deletes files with names like" in ended.err
    assert not Path(name).exists()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", ["init --db", "copy mureg.db"])
def test_no_register_is_made_under_a_name_that_sqlite_deletes(mureg: Mureg, command: str) -> None:
    mureg.done("init", "--example")
    ended = mureg(*command.split(), "new.db-wal")
    assert (ended.code, ended.out) == (5, "")
    assert not Path("new.db-wal").exists()


def test_the_folder_is_synced_after_the_document_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    file = tmp_path / "act.csv"
    file.write_text("old", encoding="utf-8")

    def note(path: Path) -> None:
        steps.append(f"{'folder' if path == tmp_path else 'file'}: {file.read_text(encoding='utf-8')}")

    monkeypatch.setattr(safe_files, "sync_to_disk", note)
    safe_files.write_over(file, [b"new"])
    assert steps == ["file: old", "folder: new"]


def failing_sync_of_folders(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    sync = safe_files.sync_to_disk

    def fail(path: Path) -> None:
        if path.is_dir():
            raise OSError(number, os.strerror(number))
        sync(path)

    monkeypatch.setattr(safe_files, "sync_to_disk", fail)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_folder_that_fails_to_be_synced_is_an_error(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_sync_of_folders(monkeypatch, errno.EIO)
    reason = os.strerror(errno.EIO)
    listed = example("application", "list", "-o", "list.csv")
    assert (listed.code, listed.out) == (4, "")
    there = "the file is there, but after a loss of power it may be missing: its folder could not be saved to the disk"
    assert f"cannot write list.csv: {there} ({reason})" in listed.err
    saved = example("backup", "saved.db")
    assert (saved.code, saved.out) == (7, "")
    assert f"saved.db: {there} ({reason})" in saved.err
    assert Path("list.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert safe_files.is_database(Path("saved.db"))
    written = "файл записан, но при отключении питания может пропасть: его папку не удалось сохранить на диск"
    assert f"{written} ({reason})" in example("application", "list", "-o", "list.csv", lang="ru").err


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [errno.EINVAL, errno.EOPNOTSUPP, errno.EACCES])
def test_a_folder_that_the_system_does_not_sync_is_no_error(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    failing_sync_of_folders(monkeypatch, number)
    example.done("application", "list", "-o", "list.csv")
    example.done("backup", "saved.db")
    assert Path("list.csv").exists()
    assert safe_files.is_database(Path("saved.db"))


def test_a_command_that_wrote_and_cannot_write_its_document_says_so(example: Mureg) -> None:
    Path("st.csv").write_text(STATEMENT, encoding="cp1251")
    words = ["reconcile", "--month", "2023-08", "--statement", "st.csv", "--format", "csv", "-o", "no/act.csv"]
    ended = example(*words)
    assert (ended.code, ended.out) == (1, "")
    assert "cannot write no/act.csv" in ended.err
    assert "operation 9 was written; see: mureg history" in ended.err
    shown = example("reconcile", "--month", "2023-08", "--json")
    assert shown.json["statement"]["file"] == "st.csv"
    assert shown.error["code"] == "differences"
    assert "operation" not in shown.error


def test_json_names_the_operation_that_was_written(example: Mureg) -> None:
    Path("st.csv").write_text(STATEMENT, encoding="cp1251")
    ended = example("reconcile", "--month", "2023-08", "--statement", "st.csv", "-o", "no/act.json", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert (ended.error["code"], ended.error["operation"]) == ("output", 9)
    differing = example("reconcile", "--month", "2023-08", "--statement", "st.csv", "--fields", "month")
    assert (differing.code, differing.error["code"]) == (6, "differences")


def test_where_nothing_was_written_the_document_is_rejected(example: Mureg) -> None:
    ended = example("month", "show", "2023-08", "--json", "-o", "no/act.json")
    assert (ended.code, ended.out, ended.error["code"]) == (4, "", "rejected")
    assert "operation" not in ended.error
