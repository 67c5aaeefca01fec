"""Sentences broken into the lines of a terminal: between words, and never inside a command, which is to be pasted."""

import os
import re
import shutil
from textwrap import wrap
from typing import TextIO

_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s;)]+)"""
# The command, its noun and verb, its options with their values, and arguments that are no words of the sentence.
_OPTION = rf"--?[a-z][a-z-]*(?: (?!-){_VALUE})?"
_ARGUMENT = rf"(?=[\"'A-ZА-ЯЁ0-9./\\]){_VALUE}|-(?!\S)"
_COMMAND = rf"mureg(?: [a-z][a-z-]*){{1,2}}(?: (?:{_OPTION}|{_ARGUMENT}))*"
# Replaces a space inside a command. It cannot be in the text, which is escaped.
_GLUE = "\x00"


def wrapped(text: str, width: int, indent: str = "") -> str:
    """The lines of an escaped text; `indent` begins all but the first of each. A long word or command is not broken."""
    return "\n".join(_lines(line, width, indent) for line in text.split("\n"))


def _lines(line: str, width: int, indent: str) -> str:
    glued = re.sub(_COMMAND, lambda command: command.group().replace(" ", _GLUE), line)
    lines = wrap(glued, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace(_GLUE, " ")


def width_of(stream: TextIO) -> int:
    """The columns of a terminal: `COLUMNS`, else what the terminal says. stdout may be a pipe while stderr is one."""
    if not os.environ.get("COLUMNS", "").isdigit():
        try:
            columns = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
        if columns > 0:  # a terminal that was given no size says 0
            return columns
    return shutil.get_terminal_size().columns
