"""Files that come with a form: how many bytes are taken, and what of their names."""

from pathlib import PurePath

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message as Event

from mureg.domain.text import printable
from mureg.errors import Rejected, WrongUsage, msg
from mureg.readers.types import Source
from mureg.system_errors import reason_of

# What a form may have besides its files.
_FIELDS_BYTES = 1 << 20
_LONGEST_NAME = 255


class _TooMuch(Exception):
    def __init__(self, *, is_last: bool) -> None:
        super().__init__()
        self.is_last = is_last


async def form_of(request: Request, most_files: int, file_bytes: int) -> FormData:
    """The form, with its files in private temporary files. Raises `Rejected` for more than it may have.

    What is too much is received to its end, and kept nowhere: otherwise a browser would show no answer.
    """
    # All files together: a hundred of them must not fill the disk.
    most, taken = (file_bytes if most_files else 0) + _FIELDS_BYTES, 0

    async def receive() -> Event:
        nonlocal taken
        event = await request.receive()
        taken += len(event.get("body", b""))
        if taken > most:
            raise _TooMuch(is_last=not event.get("more_body"))
        return event

    try:
        return await Request(request.scope, receive).form(max_files=most_files)
    except _TooMuch as error:
        while not error.is_last and (await request.receive()).get("more_body"):
            pass
        raise Rejected(
            msg("the files of this form are larger than {bytes} bytes together", bytes=file_bytes),
            msg("send fewer or smaller files, or raise file_bytes in [limits] of mureg.toml"),
        ) from None
    except HTTPException as error:
        if error.detail.startswith("Too many files"):
            raise Rejected(
                msg("this form takes no more than {count} files at once", count=most_files), msg("send them in parts")
            ) from None
        raise WrongUsage(msg("the form cannot be read: {reason}", reason=error.detail)) from None
    except OSError as error:
        raise Rejected(msg("the file cannot be kept: {reason}", reason=reason_of(error))) from None


def source_of(upload: UploadFile) -> Source:
    """The file to read. Its name is the last part of what the browser says, without what cannot be seen."""
    name = PurePath((upload.filename or "").replace("\\", "/")).name
    return Source(printable(name)[:_LONGEST_NAME] or "—", upload.file)
