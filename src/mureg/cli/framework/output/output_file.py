"""Where a document goes: the file of `-o`, or stdout; and the files that `-o` never writes over."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mureg.cli.framework.session import Session
from mureg.errors import Message, MuregError, OutputUnusable, Refused, Rejected, msg
from mureg.lazy_imports import lazy_imports
from mureg.register.register import Register
from mureg.safe_files import is_database, write_over
from mureg.system_errors import reason_of

with lazy_imports():
    from mureg.register.engines import address


def require_harmless(session: Session, file: str, inputs: Iterable[str]) -> None:
    """Raise `Refused` where writing the file would destroy a register, the settings, or an input of the command.

    A command asks before it does anything else, so that nothing is written where its document would be refused.
    """
    address.require_name(file)
    path = Path(file)
    reason = _harm(session, path, inputs)
    if reason is not None:
        raise Refused(
            msg("{path} is not overwritten: {reason}", path=file, reason=reason),
            msg("choose another file: -o FILE"),
        )


def _harm(session: Session, path: Path, inputs: Iterable[str]) -> Message | None:
    # What is wrong with the settings is for the command to say, if it needs them.
    with suppress(MuregError):
        if _is_same(path, session.config_file):
            return msg("these are the settings in use")
    with suppress(MuregError):
        if "://" not in session.register_url and _is_same(path, Path(session.register_url)):
            return msg("this is the register in use")
    if is_database(path):
        return msg("it is a database")
    if any(_is_same(path, Path(each)) for each in inputs):
        return msg("it is an input of this command")
    return None


def _is_same(path: Path, other: Path | None) -> bool:
    """Whether both are one file, whatever the links; two missing ones are where they have the same name."""
    if other is None:
        return False
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        # A missing file resolves to nothing. Windows takes no notice of the case of letters.
        return os.path.normcase(os.path.abspath(path)) == os.path.normcase(os.path.abspath(other))  # noqa: PTH100


def write(session: Session, file: str | None, content: Iterable[bytes]) -> None:
    """Write to the file, or to stdout where none is named, as the bytes are made."""
    if file is None:
        for chunk in content:
            session.output.data(chunk)
        return
    try:
        write_over(Path(file), content)
    except OSError as error:
        raise Rejected(
            msg("cannot write {path}: {reason}", path=file, reason=reason_of(error)),
            msg("choose another file, or close the program that is using it"),
        ) from None
    session.output.note(msg("written: {path}", path=file))


@contextmanager
def after_operation(register: Register) -> Iterator[None]:
    """The writing of a document of a command that may have written its operation.

    An error then is one of output, since `Rejected` and `Refused` say that nothing was written.
    """
    try:
        yield
    except (Rejected, Refused) as error:
        if register.written is None:
            raise
        raise OutputUnusable(error.message, error.hint, error.details) from error
