"""Ctrl-C: heard once, wherever it falls, and no more as soon as the end is being told.

Imported before all else, so it imports next to nothing.
"""

import _thread
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

EXIT_CODE = 130
# Who presses again after so long is not heard by what goes on, and wants it ended.
_PATIENCE_SECONDS = 1.0

_heard_at: float | None = None
_is_postponed = _was_missed = False


def listen() -> None:
    """Hear the first Ctrl-C as `KeyboardInterrupt`; one who presses again is heard when the first was of no use.

    Nothing that Python itself would print of an error that it cannot raise is printed: it may hold personal data.
    """
    sys.unraisablehook = _unraisable
    # A command in the background of a shell does not listen, and stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _hear)


def listen_no_more() -> None:
    """Let nothing come between the end that was reached and what is said of it."""
    if signal.getsignal(signal.SIGINT) is _hear:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def postponed() -> Iterator[None]:
    """Hear an interrupt when the block has ended: within it something is made that must not get lost."""
    global _is_postponed, _was_missed  # noqa: PLW0603  a process has one keyboard
    _is_postponed, _was_missed = True, False
    try:
        yield
    finally:
        _is_postponed = False
    if _was_missed:
        raise KeyboardInterrupt


def is_interrupt(error: BaseException | None) -> bool:
    """Whether an error is an interrupt that came wrapped, as one does out of the making of a class."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def end_at_once() -> None:
    """End without a word, or, for a program that asked for JSON, with the one object that it waits for."""
    if any(word == "--json" or word.startswith("--fields") for word in sys.argv[1:]):
        error = '{"error": {"code": "interrupted", "message": "interrupted", "hint": null, "details": []}}\n'
        os.write(2, error.encode())
    os._exit(EXIT_CODE)


def _hear(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  signal's own
    global _heard_at, _was_missed  # noqa: PLW0603  see above
    now = time.monotonic()
    if _heard_at is None:
        _heard_at = now
        if not _is_postponed:
            raise KeyboardInterrupt
        _was_missed = True
    if now - _heard_at > _PATIENCE_SECONDS:
        end_at_once()


def _unraisable(unraisable: Any) -> None:
    global _heard_at  # noqa: PLW0603  see above
    if is_interrupt(unraisable.exc_value) and _heard_at is not None:
        # It fell where Python cannot raise: into the end of an object, say. It is heard a moment later.
        _heard_at = None
        _thread.start_new_thread(_interrupt_soon, (_thread.get_ident(),))


def _interrupt_soon(thread: int) -> None:
    time.sleep(0.001)
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        # Also out of what it waits for.
        signal.pthread_kill(thread, signal.SIGINT)
