"""Ctrl-C, and Windows' Ctrl-Break: raise `KeyboardInterrupt` once, until the command begins to report how it ended.

Imported before everything else, so it imports as little as possible.
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
# A second Ctrl-C after so long means that the first one did not end the command: then the process exits.
_EXIT_AFTER_SECONDS = 1.0
# A thread that has nothing to do any more ends by then.
_SECONDS_FOR_A_THREAD = 0.2

_first_at: float | None = None
_is_postponed = _is_pending = False


def listen() -> None:
    """Raise `KeyboardInterrupt` at the first Ctrl-C, and exit at a later one where that had no effect.

    Python itself prints nothing about an error that it cannot raise: the error's text may hold personal data.
    """
    sys.unraisablehook = _unraisable
    # A shell starts a command in the background with Ctrl-C ignored, and that stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _on_interrupt)
    if sys.platform == "win32":
        # Ctrl-Break; Windows sends the same where the window is closed, and ends the process soon after.
        signal.signal(signal.SIGBREAK, _on_interrupt)


def stop_listening() -> None:
    """Ignore Ctrl-C from now on: the command has ended, and its end is reported undisturbed."""
    if signal.getsignal(signal.SIGINT) is _on_interrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, signal.SIG_IGN)


@contextmanager
def postponed() -> Iterator[None]:
    """Raise an interrupt of the block only at its end: the block makes something that must not get lost."""
    global _is_postponed, _is_pending  # noqa: PLW0603  a process has one keyboard
    _is_postponed, _is_pending = True, False
    try:
        yield
    finally:
        _is_postponed = False
    if _is_pending:
        raise KeyboardInterrupt


def is_interrupt(error: BaseException | None) -> bool:
    """Whether an error is an interrupt or wraps one, as an error in the making of a class does."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def exit_at_once() -> None:
    """Exit without a message; where JSON was asked for, with the error object that a program expects."""
    if any(word == "--json" or word.startswith("--fields") for word in sys.argv[1:]):
        error = '{"error": {"code": "interrupted", "message": "interrupted", "hint": null, "details": []}}\n'
        os.write(2, error.encode())
    os._exit(EXIT_CODE)


def exit_without_waiting(code: int) -> None:
    """Exit now if another thread is still at work: Python would wait until it has ended.

    What it had begun is rolled back, as after a power cut.
    """
    import threading  # noqa: PLC0415  only for commands that have threads

    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(_SECONDS_FOR_A_THREAD)
            if thread.is_alive():
                os._exit(code)


def _on_interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  signal's own
    global _first_at, _is_pending  # noqa: PLW0603  see above
    now = time.monotonic()
    if _first_at is None:
        _first_at = now
        if not _is_postponed:
            raise KeyboardInterrupt
        _is_pending = True
    if now - _first_at > _EXIT_AFTER_SECONDS:
        exit_at_once()


def _unraisable(unraisable: Any) -> None:
    global _first_at  # noqa: PLW0603  see above
    if is_interrupt(unraisable.exc_value) and _first_at is not None:
        # It was raised where Python drops errors, as in the finalizer of an object. It is sent again a moment later.
        _first_at = None
        _thread.start_new_thread(_interrupt_soon, (_thread.get_ident(),))


def _interrupt_soon(thread: int) -> None:
    time.sleep(0.001)
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        # This also ends a system call that waits.
        signal.pthread_kill(thread, signal.SIGINT)
