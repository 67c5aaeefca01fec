"""An error of mureg itself: one line, and a file that says where it happened, and nothing of anybody's data."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_state_path

from support.command_line import Mureg
from support.sample_data import application, begin, snils_of, write_json, write_xml

MUREG = [sys.executable, "-m", "mureg"]

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

NAME, SNILS, MAIL = "Вишневецкая Ольга", snils_of(4321), "vishnevetskaya@example.org"
DATA = ("Вишневецк", "vishnevetskaya", SNILS, "письмо")


def of_people(*arguments: object, **options: object) -> None:
    """Fail as code does that had people in hand: in its local values, its cause and its texts."""
    name, people = NAME, {SNILS: MAIL}
    try:
        raise KeyError(people)
    except KeyError as cause:
        raise ValueError(f"{name}: {people}") from cause


def crash_files() -> list[Path]:
    return sorted((user_state_path("mureg", appauthor=False) / "crashes").glob("*"))


def assert_no_personal_data_in(*texts: str) -> None:
    for text in texts:
        assert not [each for each in DATA if each.casefold() in text.casefold()], text


def test_a_crash_is_one_line_and_a_file_without_personal_data(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mureg.operations.applications.decisions.reject", of_people)
    ended = example("application", "reject", "ZV-1042", "--comment", f"--{NAME} письмо", "--on", "2023-08-28")
    (file,) = crash_files()
    assert (ended.code, ended.out) == (1, "")
    line = re.fullmatch(
        r"Error: internal error: ValueError at \S*test_crashes:\d+; details are in (.*)\n"
        r"nothing was written; please send that file to the supplier of mureg; it contains no personal data\n",
        ended.err,
    )
    assert line is not None, ended.err
    assert line[1] == str(file)
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0].startswith("Internal error of mureg, 20")
    assert re.fullmatch(r"mureg [0-9.]+, Python [0-9.]+\S*, SQLite [0-9.]+, typer [0-9.]+", lines[1])
    assert lines[3] == "command: mureg application reject --comment --on"
    assert "builtins.ValueError" in lines
    assert "because of builtins.KeyError" in lines
    assert re.search(r"^  mureg\.cli\.main:Mureg\._exit_code:[0-9]+$", text, re.MULTILINE)
    assert re.search(r"^  \S*test_crashes:of_people:[0-9]+$", text, re.MULTILINE)
    assert "whoever gave you mureg" in text
    assert text.isascii()
    assert_no_personal_data_in(text, ended.err, file.name)
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    # In the user's language; a program gets one object.
    told_in_russian = example("application", "reject", "A", "--comment", "б", lang="ru").err
    assert "внутренняя ошибка mureg: ValueError" in told_in_russian
    ended = example("application", "reject", "ZV-1042", "--comment", NAME, "--json")
    error = ended.error
    assert (ended.code, ended.out, error["code"]) == (1, "", "bug")
    assert error["details"][0]["file"] == str(crash_files()[-1])
    assert_no_personal_data_in(ended.err)


def test_a_crash_without_a_place_for_its_file_is_still_reported(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mureg.operations.applications.processing.card", of_people)
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: tmp_path / "a file")
    (tmp_path / "a file").write_text("", encoding="utf-8")
    ended = example("application", "show", "ZV-1042")
    assert ended.code == 1
    assert re.match(r"Error: internal error: ValueError at \S*test_crashes:\d+\n", ended.err)
    assert "please report the line above and the output of mureg --version" in ended.err
    assert_no_personal_data_in(ended.err)


def test_the_newest_ten_are_kept_and_support_names_their_folder(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mureg.operations.applications.processing.card", of_people)
    times: list[Path] = []
    for _ in range(12):
        example("application", "show", "ZV-1042")
        times.append(crash_files()[-1])
    assert crash_files() == times[2:]
    assert example.done("support", "--json").json["crash_files"] == str(times[0].parent)
    assert f"Crash files: {times[0].parent}\n" in example.done("support").out


# What a sitecustomize does in a mureg of its own process: somewhere deep, something unforeseen happens.
_BREAKS = """
import importlib.abc, sys
from importlib.machinery import PathFinder
MODULE, FUNCTION, CODE = {module!r}, {function!r}, {code!r}
class Breaking(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != MODULE:
            return None
        spec = PathFinder.find_spec(name, path)
        run = spec.loader.exec_module
        def broken(module):
            run(module)
            def fail(*arguments, **options):
                surname, numbers = {name!r}, [{snils!r}, {mail!r}]
                exec(CODE)
            place, _, attribute = FUNCTION.rpartition(".")
            setattr(getattr(module, place) if place else module, attribute, fail)
        spec.loader.exec_module = broken
        return spec
sys.meta_path.insert(0, Breaking())
"""
_RAISE = "raise RuntimeError(surname + str(numbers))"
# An error where Python cannot raise: it would print it, and what it says.
_DROP = """
class Dropped:
    def __del__(self): raise RuntimeError(surname + str(numbers))
globals()["surname"], globals()["numbers"] = surname, numbers
Dropped()
raise RuntimeError(surname)
"""
_DEEP = "surname = surname.encode().decode('ascii')"


@pytest.mark.parametrize(
    ("module", "function", "code", "command"),
    [
        ("mureg.readers.applications.xml", "_certificate", _RAISE, ["application", "import", "A-9.xml"]),
        ("mureg.register.columns", "application_from", _RAISE, ["application", "show", "A-1"]),
        ("mureg.reports.json.applications", "application_json", _DEEP, ["application", "list", "--json"]),
        (
            "mureg.register.columns",
            "owners_text",
            _RAISE,
            ["organization", "erase", "7700123459", "--reason", "письмо"],
        ),
        ("mureg.reports.month.html", "month_html", _RAISE, ["reconcile", "--month", "2023-08", "--format", "html"]),
        ("mureg.reports.json.applications", "_owner_json", _DROP, ["application", "show", "A-1", "--json"]),
        ("mureg.operations.check.checks", "check_register", _RAISE, ["check", "--head", "5f" * 32]),
        ("mureg.reports.language", "Language.say", _RAISE, ["application", "show", NAME]),
        ("mureg.cli.framework.session", "Session", _RAISE, ["application", "show", NAME, "--json"]),
        ("mureg.cli.framework.output.output", "Output", _RAISE, ["application", "show", NAME]),
    ],
)
def test_a_crash_report_names_no_person_wherever_it_happens(
    mureg: Mureg, engine: str, tmp_path: Path, module: str, function: str, code: str, command: list[str]
) -> None:
    begin(mureg)
    owners: list[dict[str, Any]] = [{"name": NAME, "snils": SNILS, "roles": ["signing"], "authorities": ["ФНС"]}] * 2
    sale = application("A-1", status="processed", processed_on="2023-08-14", owners=owners)
    sale["multiuser"] |= {"set": "on", "set_tier": "2-9", "set_by": "olga"}
    mureg.done("application", "import", write_json("a.json", sale))
    write_xml("A-9.xml", "7700123459")
    site = tmp_path / "site"
    site.mkdir()
    text = _BREAKS.format(module=module, function=function, code=code, name=NAME, snils=SNILS, mail=MAIL)
    (site / "sitecustomize.py").write_text(text, encoding="utf-8")
    path = os.pathsep.join([str(site), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    ended = subprocess.run(
        [*MUREG, *command],
        env={**os.environ, "MUREG_LANG": "en", "PYTHONPATH": path},
        capture_output=True,
        check=False,
    )
    err = ended.stderr.decode()
    assert ended.returncode == 1, err
    assert b"Traceback" not in ended.stdout + ended.stderr
    if "--json" in command:
        assert json.loads(err)["error"]["code"] == "bug"
    else:
        assert err.startswith("Error: ")
        assert len(err.splitlines()) == 2
    written = [file.read_text(encoding="utf-8") for file in crash_files()]
    assert len(written) == 1
    assert_no_personal_data_in(err.replace(str(tmp_path), ""), *written)


@pytest.mark.skipif(os.name != "posix", reason="users with numbers are POSIX")
@pytest.mark.parametrize("kind", [KeyError, OSError])
def test_a_user_without_a_name_is_a_number_in_the_history(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def nobody() -> str:
        raise kind("getpwuid(): uid not found: 4711")

    monkeypatch.delenv("MUREG_USER")
    monkeypatch.setattr("getpass.getuser", nobody)
    example.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    (record, *_) = example.done("history", "--json").json
    assert record["user"] == f"user {os.getuid()}"


def test_a_user_without_a_home_gets_no_folder_called_by_a_tilde(
    example: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mureg.operations.applications.processing.card", of_people)
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: Path("~/.local/state/mureg"))
    assert "mureg --version" in example("application", "show", "ZV-1042").err
    assert not Path("~").exists()
