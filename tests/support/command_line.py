"""mureg run in this process, as a person or a script would type it."""

import io
import json
import sys
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
        # What is written has the same ends of lines on every system; what is read may have any.
        newline = None if content else "\n"
        super().__init__(io.BytesIO(content), encoding=encoding, newline=newline, write_through=True)
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
