"""What holds people or passwords is its owner's alone, from the first moment on, whatever the umask."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mureg.register.engines import schema
from support.command_line import Ended, Mureg
from support.sample_data import begin, row, write_table

MUREG = [sys.executable, "-m", "mureg"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="Windows has access lists, which the profile's folder hands down"),
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]


@pytest.fixture(params=[0o000, 0o022, 0o077])
def _any_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    kept = os.umask(request.param)
    yield
    os.umask(kept)


def modes(*patterns: str) -> dict[str, int]:
    paths = [path for pattern in patterns for path in Path().glob(pattern)]
    return {str(path): stat.S_IMODE(path.stat().st_mode) for path in paths}


def here() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


@pytest.mark.usefixtures("_any_umask")
def test_every_file_with_people_in_it_is_made_for_its_owner_alone(
    mureg: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise AssertionError("made wide, and narrowed afterwards")

    begin(mureg)
    for name in ("chmod", "fchmod", "lchmod"):
        monkeypatch.setattr(os, name, refused, raising=False)
    mureg.done("application", "import", write_table("a.csv", row("A-1"), row("A-2")))
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    mureg.done("backup", "saved.db")
    mureg.done("restore", "saved.db", "--db", "restored.db")
    mureg.done("copy", "saved.db", "copied.db")
    for kind in ("csv", "json", "xlsx", "html", "pdf"):
        mureg.done("reconcile", "--month", "2023-08", "--format", kind, "-o", f"month.{kind}")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE office (name TEXT)",)))
    monkeypatch.setattr(schema, "VERSION", len(schema.MIGRATIONS))
    mureg.done("application", "list")
    found = modes("*.db", "*.db.version-*", "month.*")
    assert len(found) == 4 + 1 + 5
    assert set(found.values()) == {0o600}, found


@pytest.mark.usefixtures("_any_umask")
def test_settings_and_the_folder_of_the_data_are_made_for_their_owner_alone(mureg: Mureg, engine: str) -> None:
    mureg.done("init", "--config", "conf/office/mureg.toml")
    assert modes("conf/office/*") == {"conf/office/mureg.toml": 0o600, "conf/office/mureg.db": 0o600}
    data = Path(os.environ["XDG_DATA_HOME"], "mureg", "mureg.db")
    mureg.done("init", "--db", str(data))
    folders = (Path("conf"), Path("conf/office"), data.parents[1], data.parent)
    assert [stat.S_IMODE(path.stat().st_mode) for path in folders] == [0o700] * 4
    assert stat.S_IMODE(data.stat().st_mode) == 0o600


@pytest.mark.usefixtures("_any_umask")
def test_the_example_is_made_for_its_owner_alone(mureg: Mureg, engine: str) -> None:
    mureg.done("init", "--example")
    assert modes("mureg.*") == {"mureg.db": 0o600, "mureg.toml": 0o600}
    assert [path.name for path in Path().glob(".mureg*")] == []


def test_there_is_no_moment_in_which_a_file_is_wider(mureg: Mureg, engine: str) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", *(row(f"A-{number}") for number in range(3000))))
    mureg.done("application", "process", *(f"A-{number}" for number in range(300)), "--on", "2023-08-14")
    known = here()
    seen: dict[str, set[int]] = {}
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            with os.scandir() as entries:
                for entry in entries:
                    if entry.name not in known or entry.name.startswith("mureg.db-"):
                        try:
                            mode = stat.S_IMODE(entry.stat().st_mode)
                        except FileNotFoundError:
                            continue
                        seen.setdefault(entry.name, set()).add(mode)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for words in (
            "application set-multiuser A-400 --tier 10+", "backup saved.db", "copy saved.db copied.db",
            "reconcile --month 2023-08 --format xlsx -o month.xlsx", "application import a.csv",
        ):  # fmt: skip
            subprocess.run([*MUREG, *words.split()], check=True, capture_output=True, umask=0)
    finally:
        ended.set()
        watcher.join()
    assert {"saved.db", "copied.db", "month.xlsx", "mureg.db-wal", "mureg.db-shm"} <= set(seen)
    assert len(seen) > 6, "the temporary files too"
    assert set.union(*seen.values()) == {0o600}, seen


def test_a_document_that_is_written_anew_is_whole_and_its_owners_alone(mureg: Mureg, engine: str) -> None:
    begin(mureg)
    Path("month.csv").write_text("old", encoding="utf-8")
    Path("month.csv").chmod(0o644)
    Path("link.csv").symlink_to("month.csv")
    mureg.done("reconcile", "--month", "2023-08", "--format", "csv", "-o", "link.csv")
    assert Path("link.csv").is_symlink()
    assert modes("month.csv") == {"month.csv": 0o600}
    assert "old" not in Path("month.csv").read_text(encoding="utf-8-sig")
    assert here() == ["link.csv", "month.csv", "mureg.db", "mureg.toml"]
    # What is no file is written to, not replaced.
    mureg.done("reconcile", "--month", "2023-08", "--format", "csv", "-o", os.devnull)
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no /dev/stdout")
def test_a_document_for_stdout_replaces_no_file(mureg: Mureg, engine: str) -> None:
    begin(mureg)
    Path("all.csv").write_text("before\n", encoding="utf-8")
    with Path("all.csv").open("ab") as file:
        words = ["reconcile", "--month", "2023-08", "--format", "csv", "-o", "/dev/stdout"]
        subprocess.run([*MUREG, *words], stdout=file, stderr=subprocess.DEVNULL, check=True)
    lines = Path("all.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "before"
    assert len(lines) > 1


@pytest.mark.parametrize(("lang", "words"), [("en", "other users can read"), ("ru", "могут прочитать")])
def test_check_reports_a_register_that_others_can_read(mureg: Mureg, engine: str, lang: str, words: str) -> None:
    mureg.done("init", "--db", "my register.db")
    for mode in (0o640, 0o604, 0o622):
        Path("my register.db").chmod(mode)
        ended = mureg("check", "--db", "my register.db", lang=lang)
        assert ended.code == 6
        (line,) = ended.out.splitlines()[1:]
        assert line.startswith("modes\t")
        assert words in line
        assert line.endswith(f"({'mode' if lang == 'en' else 'права'} {mode:o}): chmod 600 'my register.db'")
    found = mureg("check", "--db", "my register.db", "--json").json
    assert [finding["check"] for finding in found] == ["modes"]
    subprocess.run(["sh", "-c", found[0]["message"].partition("): ")[2]], check=True)
    assert mureg("check", "--db", "my register.db") == Ended(0, "", "")


def test_check_reports_readable_files_beside_a_private_register(mureg: Mureg, engine: str) -> None:
    mureg.done("init", "--db", "mureg.db")
    # A command that was killed leaves it behind.
    Path("mureg.db-journal").touch(mode=0o644)
    Path("mureg.db-journal").chmod(0o644)
    ended = mureg("check", "--db", "mureg.db")
    assert ended.code == 6
    assert "chmod 600 mureg.db-journal" in ended.out


@pytest.mark.parametrize(
    "address", ["postgresql://olga:secret@host/base", "postgresql://olga@host/base?password=secret"]
)
def test_check_reports_settings_with_a_password_that_others_can_read(mureg: Mureg, engine: str, address: str) -> None:
    mureg.done("init", "--db", "mureg.db")
    settings = Path("mureg.toml")
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'db = "{address}"\n{text}', encoding="utf-8")
    assert mureg("check", "--db", "mureg.db") == Ended(0, "", "")
    settings.chmod(0o644)
    ended = mureg("check", "--db", "mureg.db")
    assert ended.code == 6
    assert "mureg.toml (mode 644): chmod 600 " in ended.out
    assert "secret" not in ended.out + ended.err
    settings.write_text(f'db = "postgresql://olga@host/base"\n{text}', encoding="utf-8")
    assert mureg("check", "--db", "mureg.db") == Ended(0, "", "")


def test_a_readable_register_is_copied_too(mureg: Mureg, engine: str) -> None:
    mureg.done("init", "--db", "mureg.db")
    Path("mureg.db").chmod(0o644)
    mureg.done("copy", "mureg.db", "copied.db")
    mureg.done("backup", "saved.db", "--db", "mureg.db")
    assert set(modes("copied.db", "saved.db").values()) == {0o600}


def test_an_example_that_cannot_be_finished_leaves_nothing(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename
    times: list[int] = []

    def interrupted(self: Path, target: Path) -> Path:
        if target.name == "mureg.toml" and not times:
            times.append(1)
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    assert mureg("init", "--example").code == 130
    assert here() == []
    mureg.done("init", "--example")
    assert here() == ["examples", "mureg.db", "mureg.toml"]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "other users can put files into the folder"), ("ru", "создавать файлы в папке")]
)
@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_check_reports_a_folder_that_every_user_can_change(mureg: Mureg, lang: str, words: str, mode: int) -> None:
    Path("my office").mkdir(mode=0o775)
    mureg.done("init", "--config", "my office/mureg.toml")
    register = ("--db", "my office/mureg.db")
    assert mureg("check", *register) == Ended(0, "", "")
    Path("my office").chmod(mode)
    ended = mureg("check", *register, lang=lang)
    (line,) = ended.out.splitlines()[1:]
    assert ended.code == 6
    assert words in line
    assert line.endswith(f"{mode:o}): chmod o-w '{Path('my office').absolute()}'")
    assert "mureg check" in ended.err
