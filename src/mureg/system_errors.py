"""Why the system refuses a file, in the user's language: the system's own sentence is in the system's language."""

import errno
import sys

from mureg.errors import N_, Message, msg

# Windows: ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_INVALID_NAME. Python takes them for other errors.
_NUMBER_OF_WINDOWS = {32: errno.EBUSY, 33: errno.EBUSY, 123: errno.EINVAL}


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
    number = error.errno
    if sys.platform == "win32":
        number = _NUMBER_OF_WINDOWS.get(error.winerror or 0, number)
    reason = _REASONS.get(number or 0)
    return Message(reason, {}) if reason is not None else msg("{reason}", reason=error.strerror or str(error))
