"""`mureg init`, `mureg demo`, and a register that is missing, foreign or too new."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import mureg as package
from mureg.operations.example import examples_folder
from support.child_process import run_in_child
from support.command_line import Mureg
from support.sample_data import inn_of, row, write_table

pytestmark = pytest.mark.slow

# A process in another folder finds the same mureg, however this one has found it.
SOURCES = {"PYTHONPATH": str(Path(package.__file__).resolve().parents[1])}
NAMES = ("mureg.toml", "mureg.db", "examples")


def data_register() -> Path:
    """The register of whoever named none."""
    return Path(os.environ["XDG_DATA_HOME"]) / "mureg" / "mureg.db"


def test_init_makes_settings_and_register(mureg: Mureg) -> None:
    ended = mureg("init")
    assert (ended.code, ended.out) == (0, "Created: mureg.toml\nCreated: mureg.db\n")
    assert "next: enter your contract's prices and discounts in mureg.toml" in ended.err
    assert Path("mureg.toml").exists()
    assert mureg.done("application", "list", "--json").json == []
    assert mureg.done("check").out == ""


def test_init_again_keeps_everything_byte_for_byte_and_names_it(mureg: Mureg) -> None:
    mureg.done("init")
    before = Path("mureg.toml").read_bytes(), Path("mureg.db").read_bytes()
    ended = mureg("init")
    assert (ended.code, ended.out) == (0, f"Kept: mureg.toml\nKept: {Path('mureg.db').absolute()}\n")
    assert (Path("mureg.toml").read_bytes(), Path("mureg.db").read_bytes()) == before


def test_init_makes_both_side_by_side_wherever_the_settings_are(mureg: Mureg) -> None:
    ended = mureg.done("init", "--config", "conf/my.toml")
    assert ended.out == "Created: conf/my.toml\nCreated: conf/mureg.db\n"
    assert mureg.done("check", "--config", "conf/my.toml").out == ""
    assert not data_register().exists()


def test_the_settings_above_are_found_from_any_folder_below(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    mureg.done("init")
    (below := Path("2023/август")).mkdir(parents=True)
    monkeypatch.chdir(below)
    assert mureg("application", "list", "--json") == (0, "[]\n", "")
    assert Path(mureg.done("support", "--json").json["register"]) == Path.cwd().parents[1] / "mureg.db"
    mureg.done("init")
    assert Path("mureg.db").exists()


def test_one_line_names_the_register_in_the_users_folder_and_none_with_json(mureg: Mureg) -> None:
    data_register().parent.mkdir(parents=True)
    mureg.done("init", "--db", str(data_register()))
    Path("mureg.toml").unlink()
    said = f"no register is named (--db, MUREG_DB or db in mureg.toml): using {data_register()}\n"
    assert mureg.done("organization", "list").err == f"{said}0 organizations\n"
    assert mureg.done("support").err == said
    assert mureg.done("organization", "list", "--json").err == ""
    assert mureg.done("organization", "list", "--db", str(data_register())).err == "0 organizations\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows files have no owner of that kind")
def test_settings_of_another_user_are_followed_only_where_they_are_named(
    mureg: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    mureg.done("init")
    monkeypatch.setattr(os, "geteuid", lambda: Path("mureg.toml").stat().st_uid + 1)
    file = Path("mureg.toml").absolute()
    ended = mureg("application", "list")
    assert (ended.code, ended.out) == (7, "")
    assert f"{file} belongs to another user and is not followed; to follow it: mureg --config " in ended.err
    assert f"no register at {data_register()}" in ended.err
    assert mureg.done("--config", "mureg.toml", "application", "list", "--json").json == []
    refused = mureg("init")
    assert refused == (
        5,
        "",
        (
            "Error: mureg.toml belongs to another user and is not followed\n"
            "to follow it: mureg init --config mureg.toml\n"
        ),
    )
    mureg.done("init", "--config", "mureg.toml")


def test_init_makes_only_what_is_missing(mureg: Mureg) -> None:
    Path("mureg.toml").write_text('db = "here.db"\n', encoding="utf-8")
    result = mureg.done("init", "--json").json
    assert [Path(path).name for path in result["kept"]] == ["mureg.toml"]
    assert [Path(path).name for path in result["made"]] == ["here.db"]
    assert Path("mureg.toml").read_text(encoding="utf-8") == 'db = "here.db"\n'


PRICED = """[contract]
number = "1"
term_months = 12
[[contract.price]]
amount = "3000.00"
from = 2023-08-01
"""
UNPRICED = PRICED.partition("[[")[0]
IMPORT = {"en": "next: mureg application import FILE\n", "ru": "дальше: mureg application import FILE\n"}
PRICES = {
    "en": "next: enter your contract's prices and discounts in mureg.toml, then run mureg application import FILE\n",
    "ru": "дальше: укажите в mureg.toml цены и скидки договора, затем mureg application import FILE\n",
}


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("text", "advice"), [(PRICED, IMPORT), (UNPRICED, PRICES), ("", PRICES)], ids=["priced", "unpriced", "empty"]
)
def test_init_asks_for_prices_only_where_they_are_missing(
    mureg: Mureg, text: str, advice: dict[str, str], lang: str
) -> None:
    Path("mureg.toml").write_text(f'db = "mureg.db"\n{text}', encoding="utf-8")
    assert mureg.done("init", lang=lang).err == advice[lang]
    assert mureg.done("init", lang=lang).err == ""


def test_init_names_the_settings_that_it_made(mureg: Mureg) -> None:
    assert "prices and discounts in conf/my.toml," in mureg.done("init", "--config", "conf/my.toml").err


@pytest.mark.parametrize("text", ["db = ", "colour = 1", "db = 7\n", '[contract]\nterm_months = "x"\n'])
def test_init_rejects_broken_settings_and_makes_nothing(mureg: Mureg, text: str) -> None:
    Path("mureg.toml").write_text(text, encoding="utf-8")
    ended = mureg("init", "--db", "new.db")
    assert (ended.code, ended.out) == (4, "")
    assert "mureg.toml" in ended.err
    assert not Path("new.db").exists()
    assert Path("mureg.toml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("words", ["application list", "check", "status", "support", "contract show", "init"])
def test_every_command_rejects_settings_with_an_open_quote(mureg: Mureg, words: str) -> None:
    mureg.done("init")
    Path("mureg.toml").write_text('db = "mureg.db\n', encoding="utf-8")
    ended = mureg(*words.split())
    assert (ended.code, ended.out) == (4, "")
    assert "mureg.toml, row 1: invalid TOML" in ended.err


def test_init_refuses_a_file_that_is_no_register(mureg: Mureg) -> None:
    Path("notes.db").write_text("notes", encoding="utf-8")
    ended = mureg("init", "--db", "notes.db")
    assert (ended.code, ended.out) == (7, "")
    assert Path("notes.db").read_text(encoding="utf-8") == "notes"


def test_config_and_db_may_be_elsewhere(mureg: Mureg) -> None:
    ended = mureg("init", "--config", "conf/my.toml", "--db", "data/my.db")
    assert (ended.code, ended.out) == (0, "Created: conf/my.toml\nCreated: data/my.db\n")
    assert not Path("mureg.toml").exists()
    assert mureg.done("application", "list", "--json", "--config", "conf/my.toml", "--db", "data/my.db").json == []


def test_the_variables_name_them_too(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUREG_CONFIG", "conf/my.toml")
    monkeypatch.setenv("MUREG_DB", "data/my.db")
    mureg.done("init")
    assert Path("conf/my.toml").exists()
    assert Path("data/my.db").exists()


def test_db_of_the_settings_counts_from_their_folder(mureg: Mureg) -> None:
    Path("conf").mkdir()
    Path("conf/my.toml").write_text('db = "my.db"\n', encoding="utf-8")
    mureg.done("init", "--config", "conf/my.toml")
    assert Path("conf/my.db").exists()


def test_a_dry_run_names_what_would_be_made(mureg: Mureg) -> None:
    dry = mureg.done("init", "--dry-run")
    assert list(Path().iterdir()) == []
    assert mureg.done("init").out.replace("Created", "Would be created") == dry.out


def test_a_dry_run_of_the_example_makes_nothing(mureg: Mureg) -> None:
    mureg.done("init", "--example", "--dry-run")
    assert list(Path().iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_reads_the_register(mureg: Mureg) -> None:
    mureg.done("init", "--db", "my.db")
    mureg.done("application", "list", "--db", "my.db")
    assert stat.S_IMODE(Path("my.db").stat().st_mode) == 0o600


def test_the_example_leaves_one_application_new_and_sales_in_august(example: Mureg) -> None:
    assert {path.name for path in Path().iterdir()} >= set(NAMES)
    assert example.done("application", "list", "--status", "new", "--fields", "number").json == [{"number": "ZV-1042"}]
    assert example.done("reconcile", "--month", "2023-08", "--json").json["total"]["count"] > 0
    assert example.done("check").out == ""
    assert example.done("support", "--json").json["register"].endswith("mureg.db")


def test_the_examples_of_a_read_only_installation_can_be_changed(
    mureg: Mureg, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed = Path(shutil.copytree(examples_folder(), tmp_path / "installed"))
    files = [file for file in installed.rglob("*") if file.is_file()]
    for file in files:
        file.chmod(0o444)
    monkeypatch.setattr("mureg.operations.example.examples_folder", lambda: installed)
    mureg.done("init", "--example")
    copies = [Path("examples", file.relative_to(installed)) for file in files]
    assert [copy.read_bytes() for copy in copies] == [file.read_bytes() for file in files]
    assert all(copy.stat().st_mode & stat.S_IWUSR for copy in copies)


@pytest.mark.parametrize("present", NAMES)
def test_the_example_is_refused_where_one_of_its_names_is(mureg: Mureg, present: str) -> None:
    Path(present).mkdir() if present == "examples" else Path(present).write_text("mine", encoding="utf-8")
    ended = mureg("init", "--example")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith(f"Error: {present} already exists")
    assert [path.name for path in Path().iterdir()] == [present]


@pytest.mark.parametrize(
    "rubbish",
    [{}, {"MUREG_DB": "/nowhere/x.db", "MUREG_CONFIG": "/nowhere/x.toml"}, {"MUREG_DB": "mysql://x", "NO_COLOR": "1"}],
    ids=["plain", "rubbish", "an address"],
)
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_demo_does_the_whole_job_whatever_the_variables_say(
    tmp_path: Path, rubbish: dict[str, str], lang: str
) -> None:
    (tmp_path / "tmp").mkdir()
    environment = {
        **os.environ,
        **SOURCES,
        **rubbish,
        "MUREG_LANG": lang,
        "TMPDIR": str(tmp_path / "tmp"),
        "PYTHONUTF8": "1",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "mureg", "demo"], env=environment, cwd=tmp_path, capture_output=True, check=False
    )
    out = ended.stdout.decode()
    assert ended.returncode == 0, ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()
    assert "$ mureg application set-multiuser --tier 10+" in out
    (folder,) = (tmp_path / "tmp").iterdir()
    assert str(folder) in out
    assert {path.name for path in folder.iterdir()} >= set(NAMES)


def test_the_commands_of_the_demo_print_in_the_chosen_encoding(tmp_path: Path) -> None:
    chosen = {"MUREG_LANG": "ru", "MUREG_ENCODING": "cp866", "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "mureg", "demo"], env=os.environ | SOURCES | chosen, capture_output=True, check=True
    )
    out = ended.stdout.decode("cp866")
    assert '$ mureg month accept 2023-08 ZV-1032 --reason "Письмо оператора"' in out
    assert "Вид расширения: 10 и более" in out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows' names are Unicode")
def test_the_demo_does_the_whole_job_where_the_encoding_has_no_cyrillic(tmp_path: Path) -> None:
    # Python takes UTF-8 for LC_ALL=C unless it is told not to.
    chosen = {"PYTHONUTF8": "0", "LC_ALL": "C", "MUREG_LANG": "en", "TMPDIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "mureg", "demo"], env=os.environ | SOURCES | chosen, capture_output=True, check=True
    )
    out = ended.stdout.decode("ascii")
    assert "$ mureg check\n" in out
    (folder,) = tmp_path.iterdir()
    assert out.endswith(f"The demo's folder: {folder}\n")
    with closing(sqlite3.connect(folder / "mureg.db")) as database:
        reasons = database.execute("SELECT reason FROM resolution ORDER BY reason").fetchall()
    assert ("Письмо оператора",) in reasons


@pytest.mark.skipif(sys.platform == "win32", reason="Windows' names are Unicode")
def test_letters_that_the_encoding_lacks_are_one_error(mureg: Mureg) -> None:
    mureg.done("init")
    hint = "the encoding is ascii; use UTF-8: export LC_ALL=C.UTF-8\n"
    ended = run_in_child("application", "show", "Я", PYTHONUTF8="0", LC_ALL="C")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(f" is not valid text in the encoding of this system\n{hint}")
    file = Path("mureg.toml")
    file.write_text(file.read_text(encoding="utf-8").replace('db = "mureg.db"', 'db = "Реестр.db"'), encoding="utf-8")
    ended = run_in_child("init", PYTHONUTF8="0", LC_ALL="C")
    assert ended == (2, "", f"Error: this system's encoding has no letters for a file's name\n{hint}")
    assert run_in_child("init", PYTHONUTF8="0", LC_ALL="C.UTF-8").code == 0
    assert Path("Реестр.db").exists()


@pytest.mark.parametrize(
    "words", [["application", "list"], ["application", "process", "A-1"], ["check"], ["undo"]], ids=" ".join
)
def test_a_missing_register_is_an_error_and_is_not_made(mureg: Mureg, words: list[str]) -> None:
    ended = mureg(*words, "--db", "no.db")
    assert ended == (7, "", "Error: no register at no.db\ncreate one: mureg init; or use another: --db PATH\n")
    assert not Path("no.db").exists()


@pytest.mark.parametrize("content", [b"notes", b"", b"SQLite format 3\0" + b"\0" * 200, b"\x00" * 4096])
def test_a_file_that_is_not_a_register_is_an_error_and_is_not_changed(mureg: Mureg, content: bytes) -> None:
    Path("a.db").write_bytes(content)
    ended = mureg("application", "list", "--db", "a.db")
    assert (ended.code, ended.out) == (7, "")
    assert Path("a.db").read_bytes() == content


def test_the_database_of_another_program_is_an_error(mureg: Mureg) -> None:
    with closing(sqlite3.connect("a.db")) as database, database:
        database.execute("CREATE TABLE application (number TEXT)")
    assert mureg("application", "list", "--db", "a.db").err.startswith("Error: a.db is not a mureg register\n")


def test_a_folder_is_no_register(mureg: Mureg) -> None:
    Path("a.db").mkdir()
    assert mureg("application", "list", "--db", "a.db").code == 7


def test_a_register_of_a_newer_version_is_an_error(example: Mureg) -> None:
    with closing(sqlite3.connect("mureg.db")) as database, database:
        database.execute("PRAGMA user_version = 99")
    ended = example("application", "list")
    assert (ended.code, ended.out) == (7, "")
    assert "was written by a newer mureg (register version 99" in ended.err
    assert "update mureg" in ended.err


def test_a_damaged_register_is_an_error(example: Mureg) -> None:
    example.done("check")
    content = bytearray(Path("mureg.db").read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    Path("mureg.db").write_bytes(content)
    for name in ("mureg.db-wal", "mureg.db-shm"):
        Path(name).unlink(missing_ok=True)
    ended = example("application", "list")
    assert (ended.code, ended.out) == (7, "")


def test_support_works_without_anything(mureg: Mureg) -> None:
    ended = mureg("support", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json["partner_line"] == "8-800-500-94-76"


def test_two_at_once_do_not_lose_anything(example: Mureg) -> None:
    """Two processes write at the same time: each waits for the other."""
    command = [sys.executable, "-m", "mureg", "application", "set-multiuser", "ZV-1042", "--tier"]
    running = [
        subprocess.Popen([*command, tier], stdout=-3, stderr=-3, env=os.environ | SOURCES)
        for tier in ("2-9", "10+", "2-9", "10+")
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert example.done("check").out == ""


@pytest.mark.parametrize("words", [["application", "list", "--json"], ["reconcile", "--month", "2023-08", "--json"]])
def test_a_reader_that_stops_reading_the_output_gets_no_error(example: Mureg, words: list[str]) -> None:
    """As in `mureg application list --json | head -1`: no traceback, and no complaint of a closed pipe."""
    rows = (row(f"A-{place}", inn=inn_of(7000 + place)) for place in range(300))
    example.done("application", "import", write_table("a.csv", *rows))
    example.done("application", "process", *(f"A-{place}" for place in range(300)), "--on", "2023-08-14")
    running = subprocess.Popen(
        [sys.executable, "-m", "mureg", *words],
        env=os.environ | SOURCES,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    running.stdout.read(1)
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == b""
    assert running.wait() == 0
    running.stderr.close()


def test_a_register_that_another_init_made_meanwhile_is_kept(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    from mureg.register.engines.interface import Report
    from mureg.register.register import Register

    create = Register.create

    def slower(url: str, report: Report) -> Register:
        create(url, report).close()
        return create(url, report)

    monkeypatch.setattr(Register, "create", slower)
    ended = mureg.done("--db", "z.db", "init")
    assert "Kept as it is: z.db" in ended.out or "z.db" in ended.out
    assert Path("mureg.toml").exists()
    assert mureg.done("--db", "z.db", "check").out == ""


def test_a_new_register_can_be_written_while_it_is_read(mureg: Mureg) -> None:
    mureg.done("--db", "z.db", "init")
    with closing(sqlite3.connect("z.db")) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
