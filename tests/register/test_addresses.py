"""An address as it may be shown, and what is no address."""

import sys

import pytest

from mureg.errors import Refused, RegisterUnusable
from mureg.register.engines.address import engine_of, location_of, require_name


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mureg.db", "mureg.db"),
        ("C:\\data\\a@b:c.db", "C:\\data\\a@b:c.db"),
        ("postgresql://host/base", "postgresql://host/base"),
        ("postgresql://olga@host:5432/base", "postgresql://olga@host:5432/base"),
        ("postgresql://olga:secret@host/base", "postgresql://olga@host/base"),
        ("postgresql://olga:se:cr:et@host/base", "postgresql://olga@host/base"),
        ("postgresql://olga:secret@secret@host/base", "postgresql://…"),
        ("postgresql://olga:secret/secret@host/base", "postgresql://…"),
        ("postgresql://olga:secret?secret@host/base", "postgresql://…"),
        ("postgresql://olga:12345?67@host/base", "postgresql://…"),
        ("postgresql:///base?host=/run/pg&user=olga&password=se@cret", "postgresql://…"),
        ("postgresql://host.invalid/base?user=olga;password=secret", "postgresql://host.invalid/base"),
        (
            "postgresql://one:5432,two:5433/base?target_session_attrs=read-write",
            "postgresql://one:5432,two:5433/base?target_session_attrs=read-write",
        ),
        ("postgresql://olga@[::1]:5432/base", "postgresql://olga@[::1]:5432/base"),
        ("postgresql://:secret@host/base", "postgresql://@host/base"),
        ("postgresql://host/base?password=secret", "postgresql://host/base"),
        ("postgresql://host/base?user=olga&password=secret&port=1", "postgresql://host/base?user=olga&port=1"),
        ("postgresql://host/base?sslpassword=secret", "postgresql://host/base"),
        ("postgresql://host/base?PASSWORD=secret", "postgresql://host/base"),
        ("postgres://olga:secret@/base?host=/run/pg", "postgres://olga@/base?host=/run/pg"),
    ],
)
def test_a_password_is_never_shown(address: str, shown: str) -> None:
    assert location_of(address) == shown


@pytest.mark.parametrize("text", ["postgresql:/olga:secret@host/base", "postgres:x", "host=h password=secret"])
def test_what_is_neither_a_path_nor_an_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(RegisterUnusable, match=r"^neither a path nor an address$") as raised:
        engine_of(text)
    assert "secret" not in f"{raised.value} {raised.value.hint}"


@pytest.mark.parametrize("address", ["mysql://host/base", "://", "http://host"])
def test_an_unknown_kind_of_register_is_refused(address: str) -> None:
    with pytest.raises(RegisterUnusable, match=r"^mureg cannot open .*:// registers$"):
        engine_of(address)


def test_without_psycopg_the_error_has_the_command_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "mureg.register.engines.postgres.database", raising=False)
    with pytest.raises(RegisterUnusable, match="needs psycopg") as raised:
        engine_of("postgresql://host/base")
    assert 'pip install "mureg[postgres]"' in str(raised.value.hint)


@pytest.mark.parametrize(
    "name",
    ["nul", "CON.csv", "aux .txt", "a\\prn.csv", "c:com1", "a.csv:b", "\\\\?\\C:\\lpt9.db", "A.DB-WAL", "a.db-shm. "],
)
def test_on_windows_names_that_are_no_files_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(Refused) as raised:
        require_name(name)
    assert str(raised.value.hint) == "choose another name"
    assert name in str(raised.value)


@pytest.mark.parametrize(
    "name", ["console.csv", "com10.db", "C:\\a\\b.db", "c:b.db", "\\\\?\\C:\\b.db", "nul-1.db", "aux/b.db"]
)
def test_on_windows_other_names_are_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    require_name(name)


def test_elsewhere_those_are_names_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("nul", "CON.csv", "a.csv:b", "A.DB-WAL"):
        require_name(name)


@pytest.mark.parametrize("name", ["olga:s3cret@host.invalid/base", "olga:s3/cret@host.invalid", "olga:s3cret@h-wal"])
def test_a_mistyped_address_is_not_repeated_where_windows_has_no_such_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(Refused) as refused:
        require_name(name)
    assert refused.value.message.values["path"] == "…"
