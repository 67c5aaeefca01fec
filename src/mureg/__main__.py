"""The first line of mureg: what is interrupted while the rest is still being loaded ends as quietly as later."""

import os
import sys


def main() -> None:
    """Entry point of the console script and of `python -m mureg`."""
    try:
        # Loading takes most of a short command's time: Ctrl-C falls here as often as not.
        from mureg.cli.main import main as run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:
        if any(word == "--json" or word.startswith("--fields") for word in sys.argv[1:]):
            error = '{"error": {"code": "interrupted", "message": "interrupted", "hint": null, "details": []}}\n'
            os.write(2, error.encode())
        # Nothing was opened yet, and an ordinary exit could be interrupted again.
        os._exit(130)


if __name__ == "__main__":
    main()
