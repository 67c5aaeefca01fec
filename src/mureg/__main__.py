"""Starts mureg. An interrupt while its modules are being loaded ends it as quietly as a later one."""

import gc
import os
import sys
from contextlib import suppress

from mureg import interrupts


def main() -> None:
    """Entry point of the console script and of `python -m mureg`."""
    # Loaded modules are not garbage: searching them again and again takes a twentieth of a short command's time.
    gc.set_threshold(100_000)
    try:
        interrupts.listen()
        code = _run()
        interrupts.stop_listening()
    except KeyboardInterrupt:
        interrupts.exit_at_once()
    # Nor are they searched at the end.
    gc.freeze()
    _discard_unread_errors()
    if code == interrupts.EXIT_CODE:
        # Python remembers an interrupt that came while a class was being made, and would end by the signal instead of
        # by our exit code. The error has been reported, and nothing is left in the buffer of stderr.
        os._exit(code)
    sys.exit(code)


def _run() -> str | int | None:
    try:
        from mureg.cli.main import main as run  # noqa: PLC0415  here errors and interrupts of loading are handled

        run()
    except SystemExit as ended:
        return ended.code
    except Exception as error:  # noqa: BLE001  no traceback ever reaches a user
        if interrupts.is_interrupt(error):
            raise KeyboardInterrupt from None
        _report_damage(error)
        return 1
    return 0


def _discard_unread_errors() -> None:
    """Let Python not flush a stderr that has no reader: at its end that would fail, and the exit code become 120."""
    with suppress(OSError, ValueError, AttributeError):  # a closed stderr is None
        try:
            sys.stderr.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _report_damage(error: Exception) -> None:
    """Report that not even the error boundary and its translations could be loaded: the installation is damaged."""
    import json  # noqa: PLC0415  only for a damaged installation

    message = f"mureg does not work: {type(error).__name__}"
    hint = "install it anew: pip install --force-reinstall mureg"
    with suppress(Exception):
        from mureg.cli.framework.crash_report import write_crash  # noqa: PLC0415  it may be damaged itself

        if (file := write_crash(error, None)) is not None:
            message = f"{message}, noted in {file}"
    text = f"Error: {message}\n{hint}"
    if any(word == "--json" or word.startswith("--fields") for word in sys.argv[1:]):
        text = json.dumps({"error": {"code": "bug", "message": message, "hint": hint, "details": []}})
    os.write(2, f"{text}\n".encode(errors="replace"))


if __name__ == "__main__":
    main()
