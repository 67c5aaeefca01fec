"""Run something on Windows: `python tools/windows tests tests/readers`, `… demo`, `… python -m mureg --version`."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from windows.place import PROJECT, Missing, Place

FIRST_TIER = ("tests/cli", "tests/readers", "tests/register", "tests/settings", "tests/reports")


def main() -> int:
    """Make the place, and run."""
    parser = argparse.ArgumentParser(prog="python tools/windows", description=__doc__)
    parser.add_argument("what", choices=("tests", "demo", "python"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of pytest, or of python")
    parser.add_argument("--place", type=Path, default=PROJECT / ".windows", help="the folder (default: .windows)")
    options = parser.parse_args()
    place = Place(options.place)
    try:
        place.make()
    except Missing as missing:
        print(f"nothing was run on Windows: {missing}", file=sys.stderr)
        return 1
    if options.what == "tests":
        return place.run("-m", "pytest", "-q", "-n", "0", *(options.arguments or (*FIRST_TIER, "-m", "not slow")))
    if options.what == "demo":
        return place.run("-m", "mureg", "demo", *options.arguments)
    return place.run(*options.arguments)


if __name__ == "__main__":
    sys.exit(main())
