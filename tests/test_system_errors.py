"""The reasons for which a system refuses a file, in the words of mureg."""

import errno
import os
import sys

import pytest

from mureg.system_errors import reason_of


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOENT, "no such file or folder"),
        (errno.EACCES, "access denied"),
        (errno.ENOSPC, "no space left on the disk"),
        (errno.EBUSY, "another program is using it"),
        (errno.ENAMETOOLONG, "the name is too long"),
    ],
)
def test_frequent_reasons_have_words_of_ours(number: int, reason: str) -> None:
    assert str(reason_of(OSError(number, os.strerror(number)))) == reason


def test_other_reasons_keep_the_words_of_the_system() -> None:
    assert str(reason_of(OSError(errno.EXDEV, "Invalid cross-device link"))) == "Invalid cross-device link"
    assert str(reason_of(OSError("no number"))) == "no number"


@pytest.mark.skipif(sys.platform != "win32", reason="Windows has numbers of its own")
@pytest.mark.parametrize(("number", "reason"), [(32, "another program is using it"), (123, "the name is not valid")])
def test_the_numbers_of_windows_are_known(number: int, reason: str) -> None:
    assert str(reason_of(OSError(errno.EACCES, "…", None, number))).startswith(reason)
