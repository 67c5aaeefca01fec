"""The file that an error of mureg itself leaves: where it happened and with which versions, without data.

It holds neither values nor the text of the exception: either may hold names and СНИЛС.
"""

import platform
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from os import urandom
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from mureg import __version__
from mureg.errors import Fault, Message, MuregError, msg
from mureg.safe_files import make_folder, write_new

if TYPE_CHECKING:
    from mureg.cli.framework.session import Session

_KEPT = 10
_MOST_CAUSES = 10
_MOST_FRAMES = 200
_NAME = "crash-*.txt"

_LAST_LINE = """\
Please send this file to whoever gave you mureg. It holds no names, no numbers and no text of yours or your clients'.
"""


def crash_folder() -> Path:
    """Where crash files are: in the user's state folder."""
    from platformdirs import user_state_path  # noqa: PLC0415  it may be what is damaged: see `write_crash`

    return user_state_path("mureg", appauthor=False) / "crashes"


def system_name() -> str:
    """The system and its version. `platform.platform()` asks WMI on Windows, which may never answer."""
    if sys.platform == "win32":
        version = sys.getwindowsversion()
        return f"Windows {version.major}.{version.minor}.{version.build}"
    return platform.platform()


def write_crash(error: BaseException, context: Any) -> Path | None:
    """Write what happened into a new file, and delete all but the newest; `None` where that is not possible.

    `context` is the one of the command that ran, or `None`.
    """
    try:
        folder = crash_folder()
        if not folder.is_absolute():
            return None  # the user has no home folder
        make_folder(folder)
        now = datetime.now(UTC)
        # Sorted by name, the files are in the order in which they were written.
        file = folder / f"crash-{now:%Y%m%dT%H%M%S.%fZ}-{urandom(2).hex()}.txt"
        write_new(file, _text(error, context, now).encode())
    except Exception:  # noqa: BLE001  a full disk, a folder of others, a damaged mureg: the error itself matters more
        return None
    with suppress(OSError):
        for old in sorted(folder.glob(_NAME))[:-_KEPT]:
            old.unlink(missing_ok=True)
    return file


def _text(error: BaseException, context: Any, now: datetime) -> str:
    lines = [
        f"Internal error of mureg, {now:%Y-%m-%dT%H:%M:%SZ}",
        f"mureg {__version__}, Python {platform.python_version()}, {_versions()}",
        system_name(),
        f"command: {_command(context)}",
    ]
    for place, each in enumerate(_chain(error)):
        lines.append(("because of " if place else "") + _kind(each))
        lines += [f"  {frame}" for frame in _stack(each.__traceback__)]
    return "\n".join([*lines, "", _LAST_LINE])


def _versions() -> str:
    try:
        from mureg.register.engines.sqlite.database import SQLITE_VERSION  # noqa: PLC0415  it may be what is damaged
    except Exception:  # noqa: BLE001  see above
        return f"typer {typer.__version__}"
    return f"SQLite {SQLITE_VERSION}, typer {typer.__version__}"


def _command(context: Any) -> str:
    """The command and the names of the options that it was given, never a value."""
    if context is None:
        return "not known yet"
    given = [
        next((name for name in parameter.opts if name.startswith("--")), parameter.name)
        for parameter in context.command.params
        if parameter.param_type_name == "option"
        and getattr(context.get_parameter_source(parameter.name), "name", "") == "COMMANDLINE"
    ]
    return " ".join([context.command_path, *given])


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes."""
    following: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if following is None:
            return
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _kind(error: BaseException) -> str:
    kind = type(error)
    return _code_name(f"{kind.__module__}.{kind.__qualname__}")


def _stack(trace: TracebackType | None) -> Iterator[str]:
    def frames() -> Iterator[str]:
        at = trace
        while at is not None:
            code = at.tb_frame.f_code
            module = at.tb_frame.f_globals.get("__name__")
            yield f"{_code_name(str(module))}:{_code_name(code.co_qualname)}:{at.tb_lineno}"
            at = at.tb_next

    yield from islice(frames(), _MOST_FRAMES)


def _code_name(name: str) -> str:
    """The name of a module or function; anything else is not written."""
    return name if re.fullmatch(r"[A-Za-z0-9_.<>]{1,200}", name) else "?"


def internal_error(session: "Session", error: Exception, written: Message) -> MuregError:
    """The error to show, which names the crash file. `written` says what the command had done before.

    The text of the error may hold personal data: only its place and kind are shown.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    kind = type(error).__name__
    file = write_crash(error, session.context)
    if file is None:
        return MuregError(
            msg("internal error: {kind} at {place}", kind=kind, place=place),
            msg("{written}; please report the line above and the output of mureg --version", written=written),
        )
    content = Fault(msg("versions and places in mureg's code; no personal data"), file=str(file))
    return MuregError(
        msg("internal error: {kind} at {place}; details are in {file}", kind=kind, place=place, file=str(file)),
        msg("{written}; please send that file to the supplier of mureg; it contains no personal data", written=written),
        [content] if session.output.wants_json else [],
    )
