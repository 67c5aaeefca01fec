"""Why the system refuses a file, in the user's language: the system's own sentence is in the system's language."""

import errno
import os
import sys

from mureg.errors import N_, Message, msg
from mureg.safe_files import NotSynced

if sys.platform == "win32":
    import _winapi

# Windows' errors that Python takes for others: ERROR_WRITE_PROTECT, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION,
# ERROR_HANDLE_DISK_FULL, ERROR_INVALID_NAME, ERROR_FILENAME_EXCED_RANGE, ERROR_DIRECTORY, ERROR_USER_MAPPED_FILE.
_NUMBER_OF_WINDOWS = {
    19: errno.EROFS, 32: errno.EBUSY, 33: errno.EBUSY, 39: errno.ENOSPC, 123: errno.EINVAL, 206: errno.ENAMETOOLONG,
    267: errno.ENOTDIR, 1224: errno.EBUSY,
}  # fmt: skip
# ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION; the right DELETE; FILE_SHARE_READ, _WRITE and _DELETE.
_IN_USE, _DELETE, _SHARE_ALL = (32, 33), 0x10000, 7
# So long may a path be, where the machine is not set up for longer ones: those are not found.
_LONGEST_OF_WINDOWS = 259

_REASONS = {
    errno.EBUSY: N_("another program is using it"),
    errno.ETXTBSY: N_("another program is using it"),
    errno.EINVAL: N_("the name is not valid on this system"),
    errno.ENOENT: N_("no such file or folder"),
    errno.EACCES: N_("access denied"),
    errno.EPERM: N_("access denied"),
    errno.ENOSPC: N_("no space left on the disk"),
    errno.EDQUOT: N_("no space left on the disk"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
}


def reason_of(error: OSError) -> Message:
    """What is wrong, to be put after a colon; the system's sentence where it is none of the frequent reasons."""
    if isinstance(error, NotSynced):
        return msg(
            "the file is there, but after a loss of power it may be missing: its folder could not be saved to the disk "
            "({reason})",
            reason=_reason_of_number(error, error.errno),
        )
    number = error.errno
    if sys.platform == "win32":
        number = _number_on_windows(error)
    return _reason_of_number(error, number)


def _reason_of_number(error: OSError, number: int | None) -> Message:
    reason = _REASONS.get(number or 0)
    return Message(reason, {}) if reason is not None else msg("{reason}", reason=error.strerror or str(error))


if sys.platform == "win32":

    def _number_on_windows(error: OSError) -> int | None:
        number = _NUMBER_OF_WINDOWS.get(error.winerror or 0, error.errno)
        if number == errno.EACCES and _is_in_use(error.filename2 or error.filename):
            return errno.EBUSY
        if isinstance(error.filename, str):
            if number == errno.ENOENT and len(os.path.abspath(error.filename)) > _LONGEST_OF_WINDOWS:  # noqa: PTH100
                return errno.ENAMETOOLONG
            if number == errno.EACCES and os.path.isdir(error.filename):  # noqa: PTH112  any name, no error
                return errno.EISDIR
        return number

    def _is_in_use(file: object) -> bool:
        """Whether another program has the file open, so that it can neither be read nor replaced.

        Python's `open`, and Windows where a file is to be replaced, say that access is denied. Opening it says why.
        """
        if not isinstance(file, str):
            return False
        for access in (_winapi.GENERIC_READ, _DELETE):
            try:
                handle = _winapi.CreateFile(file, access, _SHARE_ALL, 0, _winapi.OPEN_EXISTING, 0, 0)
            except OSError as found:
                if found.winerror in _IN_USE:
                    return True
            else:
                _winapi.CloseHandle(handle)
        return False
