"""A folder that cannot be read, a name that is too long, a user whose name is not UTF-8: no internal error."""

import os
import sys
from pathlib import Path

import pytest

from mureg.errors import RegisterUnusable, msg
from support.command_line import Mureg
from support.sample_data import begin, listed, row, write_table

LONG = "x" * 300
LENGTH_IS_THE_NAMES = pytest.mark.skipif(
    sys.platform == "win32",
    reason="on Windows the whole path counts, and the machine decides",
)

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def denied(*arguments: object, **options: object) -> None:
    raise PermissionError(13, "Permission denied")


@LENGTH_IS_THE_NAMES
@pytest.mark.parametrize("path", [LONG, f"{LONG}/a.csv"])
def test_an_import_of_an_over_long_name_says_so(mureg: Mureg, path: str) -> None:
    ended = begin(mureg)("application", "import", path)
    assert (ended.code, ended.out) == (4, "")
    assert f"Error: cannot read {path}: the name is too long\n" in ended.err


@pytest.mark.parametrize(("lang", "reason"), [("en", "access denied"), ("ru", "нет доступа")])
def test_an_import_of_an_unreadable_folder_says_so(
    mureg: Mureg, monkeypatch: pytest.MonkeyPatch, lang: str, reason: str
) -> None:
    begin(mureg)
    Path("inbox").mkdir()
    monkeypatch.setattr(Path, "iterdir", denied)
    ended = mureg("application", "import", "inbox", lang=lang)
    assert (ended.code, ended.out) == (4, "")
    assert f"inbox: {reason}\n" in ended.err


@LENGTH_IS_THE_NAMES
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize("config", [f"{LONG}.toml", f"{LONG}/mureg.toml"])
def test_init_with_an_over_long_name_says_so(mureg: Mureg, config: str, options: tuple[str, ...]) -> None:
    ended = mureg("init", "--config", config, *options)
    assert (ended.code, ended.out) == (4, "")
    assert ": the name is too long\n" in ended.err
    assert list(Path().iterdir()) == []


def test_init_reports_why_it_failed_where_its_clean_up_fails_too(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    from mureg.register.engines.interface import Report
    from mureg.register.register import Register

    def full(url: str, report: Report) -> Register:
        monkeypatch.setattr(Path, "unlink", denied)
        raise RegisterUnusable(msg("no space left on the disk"), msg("try again when the other command has finished"))

    monkeypatch.setattr(Register, "create", full)
    ended = mureg("init")
    assert (ended.code, ended.out) == (7, "")
    assert "no space left on the disk" in ended.err


def test_an_example_that_cannot_be_written_says_so(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "mkdir", denied)
    ended = mureg("init", "--example")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("Error: cannot write ")
    assert "access denied\nchange to another folder and run: mureg init --example\n" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the environment is text")
def test_a_user_that_is_not_utf_8_is_refused_before_anything_is_written(
    mureg: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(mureg).done("application", "import", write_table("b.csv", row("B-1")))
    monkeypatch.setitem(os.environ, "MUREG_USER", os.fsdecode(b"\xff\xfeolga"))
    for words in (["application", "import", write_table("a.csv", row("A-1"))], ["undo"]):
        ended = mureg(*words)
        assert (ended.code, ended.out) == (5, "")
        assert "the name of the user is not UTF-8: <U+DCFF><U+DCFE>olga\nset another one: MUREG_USER\n" in ended.err
    assert listed(mureg) == ["B-1"]


# `?` is no name on Windows.
@pytest.mark.parametrize(
    "name", ["50%.db", "%41.db", "a#b.db", "Реестр 1.db", *(["a?mode=ro.db"] * (os.name == "posix"))]
)
def test_a_register_may_have_any_name(mureg: Mureg, name: str) -> None:
    mureg.done("init", "--db", name)
    mureg.done("application", "import", write_table("a.csv", row("A-1")), "--db", name)
    assert "A-1" in listed(mureg, "--db", name)
    assert sorted(path.name for path in Path().glob("*.db*")) == [name]
