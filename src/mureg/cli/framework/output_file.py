"""Where a document goes: the file of `-o`, or stdout."""

from collections.abc import Iterable
from pathlib import Path

from mureg.cli.framework.session import Session
from mureg.errors import Rejected, msg
from mureg.safe_files import write_over


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
            msg("cannot write {path}: {reason}", path=file, reason=error.strerror or str(error)),
            msg("choose another file, or close the program that is using it"),
        ) from None
    session.output.note(msg("written: {path}", path=file))
