"""The encoding of text for people. JSON and documents are UTF-8 or what their format says, whatever is chosen here."""

import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

if sys.platform == "win32":
    import ctypes


def is_encoding(name: str) -> bool:
    """Whether Python knows the name."""
    try:
        "".encode(name)
    except LookupError:
        return False
    return True


def encoding_of(stream: TextIO | None, environment: Mapping[str, str]) -> str | None:
    """The encoding to print with; `None` for the one that Python has chosen.

    `MUREG_ENCODING` goes first, then `PYTHONIOENCODING`, which Python knows itself. On Windows Python would take the
    code page of windowed programs, which lacks letters, and which a console does not show: what is piped on, as to
    `more` or by PowerShell, is read in the console's own code page, and a file is opened in UTF-8.
    """
    if chosen := environment.get("MUREG_ENCODING"):
        return chosen if is_encoding(chosen) else None
    if sys.platform == "win32" and not environment.get("PYTHONIOENCODING") and stream and not stream.isatty():
        with suppress(OSError, ValueError):  # a test's stream has no file
            is_pipe = stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
            code_page = ctypes.windll.kernel32.GetConsoleOutputCP() if is_pipe else 0
            return f"cp{code_page}" if code_page else "utf-8"
    return None
