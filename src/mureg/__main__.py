"""The first line of mureg: what is interrupted while the rest is still being loaded ends as quietly as later."""

import gc
import os
import sys
from contextlib import suppress

from mureg import interrupts


def main() -> None:
    """Entry point of the console script and of `python -m mureg`."""
    # What is loaded stays: looking through it for garbage again and again is a twentieth of a short command's time.
    gc.set_threshold(100_000)
    try:
        interrupts.listen()
        code = _run()
        interrupts.listen_no_more()
    except KeyboardInterrupt:
        interrupts.end_at_once()
    gc.freeze()  # nor is it looked through at the end
    if code == interrupts.EXIT_CODE:
        # An interrupt that fell into the making of a class is remembered by Python, which would then end itself by
        # the signal instead of by our code. The error is told already, and stderr holds nothing back.
        os._exit(code)
    sys.exit(code)


def _run() -> str | int | None:
    try:
        # Loading takes most of a short command's time: Ctrl-C falls here as often as not.
        from mureg.cli.main import main as run  # noqa: PLC0415

        run()
    except SystemExit as ended:
        return ended.code
    except Exception as error:  # noqa: BLE001  no traceback ever reaches a user
        if interrupts.is_interrupt(error):
            raise KeyboardInterrupt from None
        _tell_that_nothing_works(error)
        return 1
    return 0


def _tell_that_nothing_works(error: Exception) -> None:
    """Of an installation that is damaged, so that not even the error boundary and its translations can be loaded."""
    import json  # noqa: PLC0415  hardly ever

    message = f"mureg does not work: {type(error).__name__}"
    hint = "install it anew: pip install --force-reinstall mureg"
    with suppress(Exception):
        from mureg.cli.framework.crash_report import write_crash  # noqa: PLC0415  it may be what is damaged

        if (file := write_crash(error, None)) is not None:
            message = f"{message}, noted in {file}"
    text = f"Error: {message}\n{hint}"
    if any(word == "--json" or word.startswith("--fields") for word in sys.argv[1:]):
        text = json.dumps({"error": {"code": "bug", "message": message, "hint": hint, "details": []}})
    os.write(2, f"{text}\n".encode(errors="replace"))


if __name__ == "__main__":
    main()
