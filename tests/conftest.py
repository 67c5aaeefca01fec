"""Fixtures of every test, and which tests are slow."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from support.command_line import Mureg

# Everything in these folders runs real processes, full disks or servers, or goes through every message.
_SLOW_FOLDERS = ("concurrency", "errors", "faults", "tools")

# An example may take long where other work shares the machine.
settings.register_profile("mureg", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mureg")


def pytest_configure() -> None:
    """Undo the ignored SIGINT of a background job: the processes that tests start would inherit it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what is in a slow folder or runs on a PostgreSQL server; other files say it themselves."""
    for item in items:
        call = getattr(item, "callspec", None)
        if item.path.parent.name in _SLOW_FOLDERS or (call is not None and "postgres" in call.params.values()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings, the register or the terminal of whoever runs it."""
    for name in ("MUREG_DB", "MUREG_CONFIG", "MUREG_LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MUREG_USER", "tester")
    for kind in ("data", "config", "state"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(tmp_path / kind))
    # The same on Windows: the settings, and all the rest.
    monkeypatch.setenv("WIN_PD_OVERRIDE_APPDATA", str(tmp_path / "config"))
    monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", str(tmp_path / "data"))
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Where the register of the test is: in a file, unless the test is run for both engines."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def mureg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: str) -> Mureg:
    """Mureg in an empty folder."""
    folder = tmp_path / "office"
    folder.mkdir()
    monkeypatch.chdir(folder)
    if engine == "postgres":
        from support import postgres_server

        monkeypatch.setenv("MUREG_DB", postgres_server.emptied(postgres_server.own_database()))
    return Mureg(monkeypatch)


@pytest.fixture
def example(mureg: Mureg, engine: str) -> Mureg:
    """Mureg in the folder of the example partner: exactly one application, ZV-1042, waits."""
    mureg.done("init", "--example")
    if engine == "postgres":
        from support import postgres_server

        postgres_server.take_over(Path("mureg.db"), os.environ["MUREG_DB"])
    return mureg
