"""A password in an address is never shown, however the address is written and wherever it comes from."""

import itertools
from pathlib import Path

import pytest

from support.command_line import Mureg

pytestmark = pytest.mark.slow

SPELLINGS = [
    "postgresql://olga:s3cret@host.invalid/base",
    "postgresql://host.invalid/base?user=olga&PASSWORD=s3cret",
    "POSTGRESQL://olga:s3cret@host.invalid/base",
    "postgresql:/olga:s3cret@host.invalid/base",
    "postgresql//olga:s3cret@host.invalid/base",
    "postgresql:olga:s3cret@host.invalid/base",
    "postgres:\\\\olga:s3cret@host.invalid\\base",
    "olga:s3cret@host.invalid/base",
    "olga:s3/cret@host.invalid",
    "host=host.invalid user=olga password=s3cret",
    "host=host.invalid;user=olga;PASSWORD = s3cret",
    "host=host.invalid pwd=s3cret",
    "Pwd=s3cret",
    "olga:s3cret@postgresql://host.invalid/base",
    "jdbc:postgresql://host.invalid/base?user=olga&password=s3cret",
    "password=s3cret postgresql://host.invalid",
    "mysql://olga:s3cret@host.invalid/base",
]
COMMANDS = [
    ["support"], ["support", "--json"], ["application", "list"], ["check", "--json"], ["init"], ["init", "--upgrade"],
    ["restore", "saved.db"], ["month", "show", "2023-08", "--format", "csv", "-o", "act.csv"],
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("way", ["option", "variable", "settings"])
def test_no_command_shows_it(mureg: Mureg, monkeypatch: pytest.MonkeyPatch, spelling: str, way: str) -> None:
    options = ["--db", spelling] if way == "option" else []
    if way == "variable":
        monkeypatch.setenv("MUREG_DB", spelling)
    if way == "settings":
        Path("mureg.toml").write_text(f"db = '{spelling}'\n", encoding="utf-8")
    for command, lang in itertools.product(COMMANDS, ("en", "ru")):
        ended = mureg(*command, *options, lang=lang)
        assert ended.code == (0 if command[0] == "support" else 7), ended
        assert "cret" not in ended.out + ended.err
    assert {path.name for path in Path().iterdir()} <= {"mureg.toml"}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_it_is_not_repeated_where_it_was_typed_in_a_wrong_place(example: Mureg, spelling: str) -> None:
    for command in (
        ["copy", "mureg.db", spelling], ["copy", spelling, "new.db"], ["backup", spelling], ["restore", spelling],
        ["check", spelling], [spelling], [f"--db{spelling}"],
    ):  # fmt: skip
        ended = example(*command)
        assert ended.code in (2, 5, 7), ended
        assert "cret" not in ended.out + ended.err


@pytest.mark.parametrize("name", ["olga:s3cret@host.db", "password=1.db"])
def test_a_file_that_exists_is_a_path_whatever_its_name(example: Mureg, name: str) -> None:
    Path("mureg.db").rename(name)
    assert example.done("support", "--json", "--db", name).json["register"] == name
    assert example.done("application", "list", "--json", "--db", name).json
