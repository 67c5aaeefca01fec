"""A register of another version: a newer one is refused, an older file upgraded beside its copy, a server on demand."""

import os
import sqlite3
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mureg.errors import RegisterUnusable
from mureg.register.engines import guards, schema
from mureg.register.engines.address import engine_of
from mureg.register.engines.interface import report_nothing
from mureg.register.engines.postgres import schema as postgres_schema
from mureg.register.engines.sqlite import migrations
from mureg.register.engines.sqlite.file import APPLICATION_ID
from mureg.register.register import Register
from support import raw_sql
from support.command_line import Ended, Mureg
from support.sample_data import listed

pytestmark = pytest.mark.slow

# A file is upgraded by itself, a server is not.
on_a_file = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
on_a_server = pytest.mark.parametrize("engine", ["postgres"], indirect=True)

# The copy of a register of this version, which a newer mureg keeps.
KEPT = f"mureg.db.version-{schema.VERSION}"

STEP = ("ALTER TABLE application ADD COLUMN partner TEXT NOT NULL DEFAULT ''", "CREATE TABLE office (name TEXT)")


@pytest.fixture
def example(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mureg]:
    """The example partner; on a server in a database of its own, whose tables these tests change."""
    if engine == "sqlite":
        yield example
        return
    from support import postgres_server

    url = postgres_server.new_database()
    example.done("copy", os.environ["MUREG_DB"], url)
    monkeypatch.setenv("MUREG_DB", url)
    yield example
    postgres_server.drop_database(url)


def grow(monkeypatch: pytest.MonkeyPatch, *step: str) -> None:
    """Let this mureg be one version newer."""
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step or STEP))
    monkeypatch.setattr(schema, "VERSION", len(schema.MIGRATIONS))


def in_use() -> str:
    return os.environ.get("MUREG_DB", "mureg.db")


def columns() -> list[str]:
    database = engine_of(in_use()).open_to_read(in_use(), report_nothing)
    try:
        return database.columns("application")
    finally:
        database.close()


def test_a_register_of_a_newer_mureg_is_refused(example: Mureg, engine: str) -> None:
    before = raw_sql.content()
    if engine == "sqlite":
        raw_sql.tamper("PRAGMA user_version = 99")
    else:
        raw_sql.tamper("INSERT INTO migration (version, applied_at) VALUES (99, now())")
    for words in (
        ["application", "list"],
        ["undo"],
        ["init"],
        ["init", "--upgrade"],
        ["init", "--dry-run"],
        ["backup", "b.db"],
        ["copy", in_use(), "c.db"],
    ):
        ended = example(*words)
        assert (ended.code, ended.out) == (7, ""), words
        assert f"was written by a newer mureg (register version 99; this mureg supports {schema.VERSION})" in ended.err
        assert "update mureg: pip install --upgrade mureg" in ended.err
    assert raw_sql.content() == before
    assert not Path("b.db").exists()
    assert not Path("c.db").exists()


def test_an_old_mureg_that_waited_while_another_upgraded_writes_nothing(example: Mureg, engine: str) -> None:
    with closing(engine_of(in_use()).open(in_use(), report_nothing)) as database:
        newer = {
            "sqlite": "PRAGMA user_version = 99",
            "postgres": "INSERT INTO migration (version, applied_at) VALUES (99, now())",
        }
        raw_sql.tamper(newer[engine])
        before = raw_sql.content()
        with pytest.raises(RegisterUnusable, match="newer mureg"), database.atomic():
            database.run("UPDATE application SET status = 'rejected'")
    assert raw_sql.content() == before


@on_a_file
@pytest.mark.parametrize("words", [["application", "list"], ["init"], ["init", "--upgrade"], ["undo"]])
def test_an_older_file_is_upgraded_after_a_copy_beside_it(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    before = raw_sql.content()
    grow(monkeypatch)
    ended = example(*words)
    assert ended.code == 0
    assert "the register was upgraded; the previous version is kept: " in ended.err
    assert f"{KEPT}\n" in ended.err
    assert columns()[-1] == "partner"
    assert raw_sql.content(KEPT) == before
    if sys.platform != "win32":
        assert stat.S_IMODE(Path(KEPT).stat().st_mode) == 0o600
    assert example("check") == Ended(0, "", "")
    # The guards are there again.
    assert "is closed to change" in raw_sql.refusal("DELETE FROM history")
    assert example.done("application", "list").err == "17 applications\n"


@on_a_file
def test_with_json_the_upgrade_is_silent(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(monkeypatch)
    assert example("application", "list", "--json").err == ""
    assert Path(KEPT).exists()


@on_a_file
def test_an_earlier_copy_is_not_written_over(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(KEPT).write_text("mine", encoding="utf-8")
    grow(monkeypatch)
    assert f"{KEPT}-2" in example.done("application", "list").err
    assert Path(KEPT).read_text(encoding="utf-8") == "mine"


def test_a_step_that_fails_leaves_the_register_as_it_was(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = raw_sql.content()
    with monkeypatch.context() as patch:
        grow(patch, *STEP, "ALTER TABLE no_such_table ADD COLUMN x TEXT")
        assert example("init", "--upgrade").code == 7
    assert example("check") == Ended(0, "", "")
    assert raw_sql.content() == before
    assert "is closed to change" in raw_sql.refusal("DELETE FROM history")
    assert list(Path().glob("*.version-*")) == []


@on_a_server
def test_an_older_server_is_upgraded_by_init_only(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = raw_sql.content()
    grow(monkeypatch)
    for words in (["application", "list"], ["undo"], ["init"], ["check"]):
        ended = example(*words)
        assert (ended.code, ended.out) == (7, ""), words
        assert "has the format of an older mureg" in ended.err
        assert ended.err.endswith("back it up (mureg backup FILE) and upgrade it: mureg init --upgrade\n")
    assert raw_sql.content() == before
    dry = example.done("init", "--upgrade", "--dry-run", "--json").json
    assert len(dry["upgraded"]) == 1
    assert raw_sql.content() == before
    ended = example.done("init", "--upgrade")
    assert "Upgraded: postgresql://postgres@/" in ended.out
    assert columns()[-1] == "partner"
    assert "is closed to change" in raw_sql.refusal("DELETE FROM history")
    assert example("check") == Ended(0, "", "")
    assert "Kept: postgresql://postgres@/" in example.done("init", "--upgrade").out
    assert listed(example, "--status", "new") == ["ZV-1042"]


def test_of_two_who_upgrade_at_once_one_does_it(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(monkeypatch)
    errors: list[BaseException] = []

    def upgrade() -> None:
        try:
            engine_of(in_use()).upgrade(in_use(), lambda message: None, dry_run=False)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert columns().count("partner") == 1
    assert [path.name for path in Path().glob("mureg.db.version-*")] in ([], [KEPT])
    assert example("check") == Ended(0, "", "")


def test_an_older_backup_is_restored_and_stays_as_it_is(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    example.done("backup", "old.db")
    before = Path("old.db").read_bytes()
    grow(monkeypatch)
    example.done("restore", "old.db", "--db", "new.db")
    assert Path("old.db").read_bytes() == before
    assert example("check", "--db", "new.db") == Ended(0, "", "")
    with closing(sqlite3.connect("new.db")) as database, database:
        assert database.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert database.execute("SELECT count(*) FROM application WHERE partner = ''").fetchone()[0] > 10
    assert list(Path().glob("*.version-*")) == []


def test_an_older_register_is_saved_as_it_is_before_it_is_upgraded(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = raw_sql.content()
    grow(monkeypatch, "CREATE TABLE office (name TEXT, place TEXT)", "ALTER TABLE application ADD COLUMN office TEXT")
    monkeypatch.setattr("mureg.register.engines.transfer.TABLES", (*schema.TABLES, "office"))
    example.done("backup", "old.db", "--dry-run")
    assert not Path("old.db").exists()
    saved = example.done("backup", "old.db", "--json").json
    assert raw_sql.content() == before
    assert raw_sql.content("old.db") == before
    with closing(sqlite3.connect("old.db")) as database, database:
        assert database.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)
    assert list(Path().glob("*.version-*")) == []
    example.done("restore", "old.db", "--db", "new.db")
    assert example("check", "--db", "new.db", "--head", saved["head"]) == Ended(0, "", "")
    assert "is closed to change" in raw_sql.refusal("DELETE FROM history", "new.db")


@on_a_file
def test_a_dry_run_of_init_upgrades_nothing(example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(monkeypatch)
    before = Path("mureg.db").read_bytes()
    example.done("init", "--dry-run")
    example.done("init", "--dry-run", "--upgrade")
    assert Path("mureg.db").read_bytes() == before
    assert list(Path().glob("*.version-*")) == []


# --- version 1, of mureg 0.1 ------------------------------------------------------------------------------------------


def write_version_1() -> None:
    """A register as mureg 0.1 left it: people, one of them erased, a changed comment, a licence undone, a statement."""
    statements = (Path(__file__).parents[1] / "support" / "version_1.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect("old.db")) as database:
        database.executescript(f"{statements}\nPRAGMA user_version = 1;\nPRAGMA application_id = {APPLICATION_ID};")
    Path("old.db").chmod(0o600)


def test_a_register_of_version_1_is_upgraded_and_passes_the_check(mureg: Mureg) -> None:
    write_version_1()
    ended = mureg("application", "list", "--db", "old.db", "--json")
    assert [each["number"] for each in ended.json] == ["T-1", "T-2", "ZV-1042", "ZV-1044", "ZV-1046"]
    assert {each["organization"]["phone"] for each in ended.json} == {None}
    assert mureg("check", "--db", "old.db") == Ended(0, "", "")
    with closing(sqlite3.connect("old.db")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert database.execute("SELECT * FROM sale_count").fetchall() == [("2023-08-14", "10+", 2)]
    mureg.done("application", "set-multiuser", "ZV-1042", "--tier", "10+", "--db", "old.db")
    mureg.done("undo", "--db", "old.db")
    mureg.done("undo", "5", "--db", "old.db")
    assert mureg("check", "--db", "old.db") == Ended(0, "", "")


def test_an_import_of_many_by_version_1_is_listed_by_its_first_numbers(mureg: Mureg) -> None:
    """Its record had all numbers in one column."""
    numbers = [f"A-{serial:05d}" for serial in range(500)]
    rows = [f"{number};2023-08-02;7700010350;770001001;ООО Колокольчик;on;10+\n" for number in numbers]
    Path("many.csv").write_text("number;submitted_on;inn;kpp;name;multiuser;tier\n" + "".join(rows), encoding="utf-8")
    mureg.done("init", "--db", "new.db")
    mureg.done("application", "import", "many.csv", "--db", "new.db")
    as_version_1("new.db", "old.db")
    lines = mureg.done("history", "--db", "old.db").out
    assert "A-00000, A-00001, A-00002, A-00003, A-00004 … (500)" in lines
    assert mureg.done("history", "--db", "old.db", "--json").json[0]["numbers"] == numbers
    assert mureg("check", "--db", "old.db") == Ended(0, "", "")


def as_version_1(source: str, target: str) -> None:
    """A copy of a register as version 1 has it: without the columns and tables that came later."""
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        migrations.migrate(database, target, version=1)
        database.execute("ATTACH ? AS newer", [source])
        for table in schema.TABLES:
            names = [name for _, name, *_ in database.execute(f"PRAGMA main.table_info({table})")]
            read = ["numbers || later_numbers" if (table, name) == ("history", "numbers") else name for name in names]
            if names:
                copied = f"SELECT {', '.join(read)} FROM newer.{table}"
                database.execute(f"INSERT INTO main.{table} ({', '.join(names)}) {copied}")
    Path(target).chmod(0o600)


def test_what_a_register_of_version_1_lacks_comes_with_the_next_import(mureg: Mureg) -> None:
    write_version_1()
    row = "number;submitted_on;inn;kpp;name;multiuser;tier;phone\nT-2;2023-08-02;7700010350;770001001;{};on;10+;{}\n"
    Path("a.csv").write_text(row.format("ООО Колокольчик", "+7 495 000-00-01"), encoding="utf-8")
    assert mureg("application", "import", "a.csv", "--db", "old.db").code == 4, "it is processed"
    mureg.done("undo", "5", "--db", "old.db")
    assert mureg.done("application", "import", "a.csv", "--db", "old.db", "--json").json["changed"] == 1
    shown = mureg.done("application", "show", "T-2", "--db", "old.db", "--json").json
    assert shown["organization"]["phone"] == "+7 495 000-00-01"
    assert mureg("check", "--db", "old.db") == Ended(0, "", "")


def test_a_register_of_version_1_is_restored_from_its_backup(mureg: Mureg) -> None:
    write_version_1()
    mureg.done("restore", "old.db", "--db", "new.db")
    assert mureg("check", "--db", "new.db") == Ended(0, "", "")
    mureg.done("copy", "new.db", "third.db")
    assert mureg("check", "--db", "third.db") == Ended(0, "", "")


@on_a_server
def test_a_server_of_version_1_is_upgraded_and_passes_the_check(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    from support import postgres_server

    write_version_1()
    url = postgres_server.new_database()
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        patch.setattr(schema, "VERSION", 1)
        # Version 1 had no such table.
        former = [guard for guard in guards.GUARDS if guard.table != "history_images"]
        patch.setattr(postgres_schema, "GUARDS", former)
        patch.setattr(postgres_schema, "GUARDED_TABLES", tuple(dict.fromkeys(guard.table for guard in former)))
        old = Register.open_to_save("old.db")
        with Register.making(url) as made:
            made.fill_from(old)
        old.close()
    assert mureg("check", "--db", url).code == 7
    mureg.done("init", "--upgrade", "--db", url)
    assert mureg("check", "--db", url) == Ended(0, "", "")
    mureg.done("undo", "5", "--db", url)
    mureg.done("application", "set-multiuser", "T-2", "--tier", "2-9", "--db", url)
    assert mureg("check", "--db", url) == Ended(0, "", "")
    postgres_server.drop_database(url)
