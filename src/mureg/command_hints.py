"""How a command is written in a hint, so that it works when it is pasted into the user's shell."""

import re
import sys


def quoted(argument: str) -> str:
    """A number or a file name as it is typed on a command line: in quotes only where it needs them."""
    is_plain = argument and all(character.isalnum() or character in "-_./+" for character in argument)
    if is_plain and not argument.startswith("-"):
        return argument
    if sys.platform == "win32":
        return _quoted_on_windows(argument)
    # The argument comes from a user's file, and a shell runs what it finds between double quotes.
    if any(character in argument for character in '"$`\\!'):
        return "'" + argument.replace("'", "'\"'\"'") + "'"
    return f'"{argument}"'


def _quoted_on_windows(argument: str) -> str:
    """In double quotes: cmd.exe knows no others.

    A quote inside is doubled, and so are backslashes before a quote. PowerShell would run what follows $ or `, so that
    each gets a ` before it. cmd.exe passes that ` on, and then the argument is merely not found.
    """
    doubled = re.sub(r'(\\*)("|\Z)', r"\1\1\2\2", argument)
    return '"' + re.sub("[$`]", r"`\g<0>", doubled) + '"'
