"""The first line of mureg: what is interrupted while the rest is still being loaded ends as quietly as later."""

import gc
import os
import sys

_INTERRUPTED = 130


def main() -> None:
    """Entry point of the console script and of `python -m mureg`."""
    # What is loaded stays: looking through it for garbage again and again is a twentieth of a short command's time.
    gc.set_threshold(100_000)
    try:
        # Loading takes most of a short command's time: Ctrl-C falls here as often as not.
        from mureg.cli.main import main as run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:
        _end_quietly()
    except RuntimeError as error:
        # What falls into the making of somebody's class comes wrapped.
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        _end_quietly()
    except SystemExit as ended:
        if ended.code != _INTERRUPTED:
            raise
        # An interrupt that fell into the making of a class is remembered by Python, which would then end itself by
        # the signal instead of by our code. The error is told already, and stderr holds nothing back.
        sys.stderr.flush()
        os._exit(_INTERRUPTED)
    finally:
        gc.freeze()  # nor is it looked through at the end


def _end_quietly() -> None:
    if any(word == "--json" or word.startswith("--fields") for word in sys.argv[1:]):
        error = '{"error": {"code": "interrupted", "message": "interrupted", "hint": null, "details": []}}\n'
        os.write(2, error.encode())
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
