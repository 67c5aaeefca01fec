"""Where mureg.toml is, and the register that it names."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import platformdirs
import pytest

from mureg.errors import Rejected
from mureg.settings.locate import default_register, find_config, read_db

Write = Callable[[str], Path]


@pytest.fixture
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_, **__: folder)
    return folder


def test_config_goes_before_the_environment_the_folder_and_the_user(tmp_path: Path, user_folder: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    names = [folder / "option.toml", folder / "environment.toml", folder / "mureg.toml", user_folder / "mureg.toml"]
    for name in names:
        name.touch()
    environment = {"MUREG_CONFIG": "environment.toml"}
    assert find_config("option.toml", environment, folder).file == names[0]
    assert find_config(None, environment, folder).file == names[1]
    assert find_config(None, {"MUREG_CONFIG": ""}, folder).file == names[2]
    names[2].unlink()
    assert find_config(None, {}, folder).file == names[3]
    names[3].unlink()
    assert find_config(None, {}, folder).file is None


def test_the_nearest_file_above_is_found_as_git_finds_its_own(tmp_path: Path, user_folder: Path) -> None:
    deep = tmp_path / "office" / "2023" / "august"
    deep.mkdir(parents=True)
    (tmp_path / "mureg.toml").touch()
    (user_folder / "mureg.toml").touch()
    assert find_config(None, {}, deep).file == tmp_path / "mureg.toml"
    (tmp_path / "office" / "mureg.toml").touch()
    assert find_config(None, {}, deep).file == tmp_path / "office" / "mureg.toml"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows files have no owner of that kind")
@pytest.mark.parametrize("what", ["file", "link"])
def test_a_file_of_another_user_is_found_but_not_followed(
    tmp_path: Path, user_folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    file = tmp_path / "mureg.toml"
    file.touch()
    (user_folder / "mureg.toml").touch()
    (tmp_path / "sub").mkdir()
    uid = file.stat().st_uid
    if what == "file":
        monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    else:
        monkeypatch.setattr(Path, "lstat", lambda path: SimpleNamespace(st_uid=uid + 1))
    found = find_config(None, {}, tmp_path / "sub")
    assert found.not_followed == file
    assert found.file == user_folder / "mureg.toml"
    assert find_config(str(file), {}, tmp_path).file == file
    assert find_config(None, {"MUREG_CONFIG": str(file)}, tmp_path).file == file


@pytest.mark.parametrize(("explicit", "environment"), [("no.toml", {}), (None, {"MUREG_CONFIG": "no.toml"})])
def test_a_named_file_that_does_not_exist_is_an_error(
    tmp_path: Path, user_folder: Path, explicit: str | None, environment: dict[str, str]
) -> None:
    (tmp_path / "mureg.toml").touch()
    with pytest.raises(Rejected) as caught:
        find_config(explicit, environment, tmp_path)
    assert str(caught.value.message) == f"no settings file {tmp_path / 'no.toml'}"
    assert "mureg init" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_a_name_that_no_file_can_have_is_rejected(tmp_path: Path, name: str) -> None:
    with pytest.raises(Rejected):
        read_db(find_config(name, {}, tmp_path).file or tmp_path)


def test_the_default_register_is_in_the_users_data_folder() -> None:
    assert default_register() == platformdirs.user_data_path("mureg", appauthor=False) / "mureg.db"


def test_db_counts_from_the_folder_of_the_file(write: Write) -> None:
    file = write('db = "data/mureg.db"')
    assert read_db(file) == str(file.parent / "data" / "mureg.db")


def test_an_absolute_db_and_an_address_stay_as_they_are(write: Write, tmp_path: Path) -> None:
    absolute = (tmp_path / "other" / "a.db").as_posix()
    assert read_db(write(f"db = '{absolute}'")) == str(Path(absolute))
    assert read_db(write('db = "postgresql://host/mureg"')) == "postgresql://host/mureg"


def test_db_is_read_from_a_file_with_other_faults(write: Write) -> None:
    assert read_db(write('db = "postgresql://host/mureg"\n[nonsense]\n')) == "postgresql://host/mureg"


@pytest.mark.parametrize("value", ["7", '""', "true", "[]"])
def test_a_db_that_is_not_a_path_is_reported_with_its_line(write: Write, value: str) -> None:
    file = write(f"\n\ndb = {value}\n")
    with pytest.raises(Rejected) as caught:
        read_db(file)
    (fault,) = caught.value.details
    assert (fault.row, fault.column, fault.value) == (3, "db", None)
    assert str(fault.message) == "must be a path or an address in quotes"


@pytest.mark.parametrize(
    "line", ['db = "a.db', "db = 'a.db", 'db = "a.db" "', 'db = "a.db" # \x01', 'db = "a\u2028.db"']
)
def test_a_db_that_is_not_toml_is_rejected(write: Write, line: str) -> None:
    with pytest.raises(Rejected):
        read_db(write(f"{line}\n"))


def test_finding_the_register_loads_neither_a_parser_nor_the_contract(write: Write) -> None:
    code = (
        "import sys; from pathlib import Path; from mureg.settings import locate\n"
        "locate.read_db(locate.find_config(sys.argv[1], {}, Path()).file)\n"
        "slow = ('pydantic', 'tomli', 'platformdirs', 'mureg.domain.contract', 'mureg.readers')\n"
        # A lazy module has a type of its own until it is used.
        "print([name for name in slow if type(sys.modules.get(name)).__name__ == 'module'])"
    )
    file = write('db = "a.db"')
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
