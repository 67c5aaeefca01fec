"""What every test may use: mureg run in this process, and the example partner."""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mureg.cli.main import command


class Ended(NamedTuple):
    """How a command ended: its exit code and what it printed, apart."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What a program reads on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The one error object on stderr."""
        error: dict[str, Any] = json.loads(self.err)["error"]
        return error


class _Stream(io.TextIOWrapper):
    """A standard stream that a test reads afterwards; a terminal if it is said to be one."""

    def __init__(self, content: bytes = b"", *, encoding: str, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(content), encoding=encoding, write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def content(self) -> bytes:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()


class Mureg:
    """Runs mureg in this process, in the current folder, as a person or a script would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(
        self,
        *arguments: str,
        stdin: str | bytes = b"",
        lang: str = "en",
        terminal: bool = False,
        encoding: str = "utf-8",
    ) -> Ended:
        """Run one command line. `terminal`: stdin and both outputs are one."""
        content = stdin if isinstance(stdin, bytes) else stdin.encode(encoding)
        with self._monkeypatch.context() as patch:
            patch.setenv("MUREG_LANG", lang)
            streams = {
                "stdin": _Stream(content, encoding=encoding, is_terminal=terminal),
                "stdout": _Stream(encoding=encoding, is_terminal=terminal),
                "stderr": _Stream(encoding=encoding, is_terminal=terminal),
            }
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            with pytest.raises(SystemExit) as ended:
                command().main(list(arguments))
        out, err = (streams[name].content() for name in ("stdout", "stderr"))
        code = ended.value.code
        assert isinstance(code, int), code
        # JSON and CSV are UTF-8 whatever the console.
        return Ended(code, _text(out, encoding), _text(err, encoding))

    def done(self, *arguments: str, **how: Any) -> Ended:
        """Run a command line that must succeed."""
        ended = self(*arguments, **how)
        assert ended.code == 0, ended
        return ended


def _text(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("utf-8")


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings, the register or the terminal of whoever runs it."""
    for name in ("MUREG_DB", "MUREG_CONFIG", "MUREG_LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MUREG_USER", "tester")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
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
        import server

        monkeypatch.setenv("MUREG_DB", server.emptied(server.own_database()))
    return Mureg(monkeypatch)


@pytest.fixture
def example(mureg: Mureg, engine: str) -> Mureg:
    """Mureg in the folder of the example partner: exactly one application, ZV-1042, waits."""
    mureg.done("init", "--example")
    if engine == "postgres":
        from mureg.register.register import Register

        source = Register.open_to_read("mureg.db")
        target = Register.open(os.environ["MUREG_DB"])
        with target.filling():
            target.fill_from(source)
        target.close()
        source.close()
        Path("mureg.db").unlink()
    return mureg
