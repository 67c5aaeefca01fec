"""Full disks and missing permissions, for real: exit code 7, one clear error, nothing made worse, a hint that works."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mureg.register.engines.schema import VERSION
from support import raw_sql
from support.child_process import (
    PROCESS,
    READING,
    SET,
    assert_one_clear_error,
    limit_file_size,
    obey_file_permissions,
    posix,
    require_file_permissions,
    run_in_child,
    small_disk,
)
from support.command_line import Ended, Mureg
from support.sample_data import row, write_table


@pytest.fixture
def rows() -> str:
    """A table that makes a register grow."""
    return write_table("rows.csv", *(row(f"A-{serial}", name="ООО «" + "я" * 200 + "»") for serial in range(3000)))


# --- full disks ---------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_file_that_may_not_grow_is_reported_and_keeps_what_it_had(example: Mureg, rows: str, lang: str) -> None:
    before = raw_sql.content()
    for room in (0, 4_096, 100_000, 1_000_000):
        most = Path("mureg.db").stat().st_size + room
        ended = run_in_child("application", "import", rows, prepare=limit_file_size(most), lang=lang)
        assert_one_clear_error(ended, "mureg.db", {"en": "free some space", "ru": "освободите место"}[lang])
        assert raw_sql.content() == before
        assert example("check") == Ended(0, "", "")
    example.done("application", "import", rows)


@pytest.fixture
def full(example: Mureg) -> Iterator[Callable[[int], None]]:
    """The example's register on a disk that has just enough room for it."""
    size = Path("mureg.db").stat().st_size // 1024
    with small_disk(Path("disk"), size + 40) as grow:
        shutil.copy("mureg.db", "disk/mureg.db")
        yield grow


@posix
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_full_disk_is_reported_and_there_is_a_way_out(
    example: Mureg, full: Callable[[int], None], rows: str, lang: str
) -> None:
    db = ("--db", "disk/mureg.db")
    before = raw_sql.content("disk/mureg.db")
    with open("disk/filler", "wb", buffering=0) as filler:  # noqa: PTH123
        fill(filler)
    for words in (("application", "import", rows), SET, PROCESS, ("undo",)):
        ended = run_in_child(*words, *db, lang=lang)
        assert_one_clear_error(ended, "disk/mureg.db", {"en": "free some space", "ru": "освободите"}[lang])
    for look in READING:
        ended = run_in_child(*look, *db)
        assert ended.code == 0, ended
    # A way out: the copy goes elsewhere.
    assert run_in_child("backup", "elsewhere.db", *db).code == 0
    assert raw_sql.content("elsewhere.db") == before
    full(20_000)
    assert raw_sql.content("disk/mureg.db") == before
    assert run_in_child("application", "import", rows, *db).code == 0
    assert run_in_child("check", *db) == Ended(0, "", "")


def fill(file: Any) -> None:
    """Write until the disk is full."""
    for size in (65_536, 4_096, 512, 1):
        while True:
            try:
                file.write(b"\0" * size)
            except OSError:
                break


@posix
def test_a_disk_that_gets_full_at_any_moment_leaves_all_or_nothing(example: Mureg, full: Callable[[int], None]) -> None:
    begun = Path("mureg.db").stat().st_size // 1024
    ends = set()
    before = raw_sql.content()
    for room in range(0, 400, 40):
        for path in Path("disk").iterdir():
            path.unlink()
        full(begun + room)
        shutil.copy("mureg.db", "disk/mureg.db")
        ended = run_in_child(*SET, "--db", "disk/mureg.db")
        ends.add(ended.code)
        if ended.code:
            assert_one_clear_error(ended, "disk/mureg.db", "free some space")
        full(20_000)
        assert (raw_sql.content("disk/mureg.db") == before) == (ended.code == 7)
        assert run_in_child("check", "--db", "disk/mureg.db") == Ended(0, "", "")
    assert ends == {0, 7}, "no room was the right one"


@posix
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_full_disk_of_the_copy_is_not_reported_as_the_registers(example: Mureg, lang: str) -> None:
    before = raw_sql.content()
    example.done("backup", "b.db")
    with small_disk(Path("disk"), 60):
        for words in (
            ("backup", "disk/copy.db"),
            ("copy", "mureg.db", "disk/copy.db"),
            ("restore", "b.db", "--db", "disk/copy.db"),
            ("init", "--db", "disk/copy.db"),
        ):
            ended = run_in_child(*words, lang=lang)
            assert_one_clear_error(ended, "disk/copy.db", {"en": "free some space", "ru": "освободите"}[lang])
            assert "mureg.db" not in ended.err
            assert list(Path("disk").iterdir()) == [], words
    assert raw_sql.content() == before


@posix
def test_an_upgrade_on_a_full_disk_leaves_the_register_as_it_was(example: Mureg, tmp_path: Path) -> None:
    size = Path("mureg.db").stat().st_size
    before = raw_sql.content()
    most = size - 8192
    program = tmp_path / "newer"
    program.mkdir()
    (program / "sitecustomize.py").write_text(
        "from mureg.register.engines import schema\n"
        "schema.MIGRATIONS = (*schema.MIGRATIONS, ('CREATE TABLE office (name TEXT)',))\n"
        "schema.VERSION = len(schema.MIGRATIONS)\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(program), *(part for part in sys.path if part)])
    ended = run_in_child("application", "list", prepare=limit_file_size(most), PYTHONPATH=path)
    assert_one_clear_error(ended, f"mureg.db.version-{VERSION}", "free some space")
    assert sorted(path.name for path in Path().glob("*.version*")) == []
    assert raw_sql.content() == before
    assert example("check") == Ended(0, "", "")


# --- permissions --------------------------------------------------------------------------------------------------


@pytest.fixture
def restricted(example: Mureg, tmp_path: Path) -> Iterator[Callable[..., Ended]]:
    """Runs mureg where file permissions apply; the example's register is in a folder of its own."""
    require_file_permissions(tmp_path)
    folder = Path("safe")
    folder.mkdir()
    shutil.move("mureg.db", "safe/mureg.db")
    yield lambda *words, **how: run_in_child(*words, "--db", "safe/mureg.db", prepare=obey_file_permissions, **how)
    folder.chmod(0o700)
    Path("safe/mureg.db").chmod(0o600)


@posix
@pytest.mark.parametrize(("folder", "file"), [(0o500, 0o400), (0o500, 0o600), (0o700, 0o400)])
def test_where_nothing_can_be_written_it_can_be_read(restricted: Callable[..., Ended], folder: int, file: int) -> None:
    before = Path("safe/mureg.db").read_bytes()
    Path("safe/mureg.db").chmod(file)
    Path("safe").chmod(folder)
    for words in (*READING, ("reconcile", "--month", "2023-08"), ("backup", "b.db")):
        ended = restricted(*words, "--json")
        assert (ended.code, ended.err) == (0, ""), (words, ended)
    assert raw_sql.content("b.db")
    for words in (SET, PROCESS, ("application", "import", "examples/applications/partners.xlsx"), ("undo",)):
        for lang in ("en", "ru"):
            assert_one_clear_error(
                restricted(*words, lang=lang), "safe/mureg.db", {"en": "check that you can", "ru": "проверьте"}[lang]
            )
    assert Path("safe/mureg.db").read_bytes() == before
    Path("safe").chmod(0o700)
    assert [path.name for path in Path("safe").iterdir() if path.suffix == ".db"] == ["mureg.db"]


@posix
def test_changes_that_are_only_in_the_log_are_not_ignored(restricted: Callable[..., Ended]) -> None:
    """SQLite cannot read the log where it may not write."""
    connection = sqlite3.connect("safe/mureg.db", isolation_level=None)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE application SET client_comment = 'x'")
    for suffix in ("", "-wal"):
        shutil.copy(f"safe/mureg.db{suffix}", f"copy.db{suffix}")
    connection.close()
    for suffix in ("", "-wal"):
        Path(f"copy.db{suffix}").rename(f"safe/mureg.db{suffix}")
    Path("safe").chmod(0o500)
    assert_one_clear_error(
        restricted("application", "list"), "safe/mureg.db-wal", "copy both files into a folder where you can write"
    )


@posix
@pytest.mark.parametrize("of_the", ["file", "folder"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_register_that_may_not_be_read_is_reported(restricted: Callable[..., Ended], of_the: str, lang: str) -> None:
    Path("safe/mureg.db" if of_the == "file" else "safe").chmod(0)
    for words in (*READING, SET, ("backup", "b.db"), ("copy", "safe/mureg.db", "c.db")):
        assert_one_clear_error(restricted(*words, lang=lang), "safe/mureg.db")
    assert not Path("b.db").exists()
    assert not Path("c.db").exists()


@posix
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_folder_where_no_copy_may_be_made_is_reported(restricted: Callable[..., Ended], lang: str) -> None:
    Path("shut").mkdir(mode=0o500)
    for words in (
        ("backup", "shut/b.db"),
        ("copy", "safe/mureg.db", "shut/b.db"),
        ("copy", "safe/mureg.db", "shut/d/b"),
    ):
        assert_one_clear_error(
            restricted(*words, lang=lang), "shut/", {"en": "choose another place", "ru": "другое место"}[lang]
        )
    assert list(Path("shut").iterdir()) == []
