"""Run something on Windows: `python tools/windows tests tests/readers`, `… demo`, `… python -m mureg --version`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from windows.bundle import make_bundle
from windows.place import PROJECT, Missing, Place

FIRST_TIER = ("tests/cli", "tests/readers", "tests/register", "tests/settings", "tests/reports")
# What CI has time for.
CI_TESTS = (
    "tests/cli/test_on_windows.py", "tests/cli/test_output_files.py", "tests/cli/test_smoke.py",
    "tests/cli/test_text_encoding.py", "tests/cli/test_check.py", "tests/cli/test_init_and_demo.py", "tests/settings",
    "tests/test_safe_files.py", "tests/test_system_errors.py", "tests/test_command_hints.py",
)  # fmt: skip
_CI_SECONDS, _CI_AGAIN_SECONDS, _START_SECONDS = 120, 30, 30
_TESTS_FAILED = 1


def ci(place: Place) -> int:
    """Run `CI_TESTS`, then the tests of the ZIP. What fails once, or what Wine itself cannot do, is merely said."""
    try:
        place.make()
    except (Missing, OSError, subprocess.SubprocessError) as error:
        return _nothing(str(error))
    if place.run("-c", "import mureg.cli.main, pydantic, sqlite3", seconds=_START_SECONDS) != 0:
        return _nothing("Python does not start under this Wine")
    options = ("-m", "pytest", "-q", "-n", "0", "-m", "not slow", "-k", "not postgres", "--tb=short")
    code = place.run(*options, *CI_TESTS, seconds=_CI_SECONDS)
    if code == _TESTS_FAILED:
        code = place.run(*options, "--last-failed", *CI_TESTS, seconds=_CI_AGAIN_SECONDS)
    if code not in (0, _TESTS_FAILED):
        print(f"Windows: the tests did not come to their end under this Wine ({code})", file=sys.stderr)
    return int(_TESTS_FAILED in (code, _bundle_tests(place)))


def _bundle_tests(place: Place) -> int:
    """Make the ZIP and run it: pytest's exit code. It runs here, and starts Wine itself."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/tools"]
    environment = os.environ | {"MUREG_WINDOWS": str(place.folder)}
    code = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
    if code == _TESTS_FAILED:
        code = subprocess.run([*command, "--last-failed"], cwd=PROJECT, env=environment, check=False).returncode
    return code


def _nothing(reason: str) -> int:
    print(f"nothing was run on Windows: {reason}", file=sys.stderr)
    return 0


def main() -> int:
    """Make the place, and run."""
    parser = argparse.ArgumentParser(prog="python tools/windows", description=__doc__)
    parser.add_argument("what", choices=("ci", "tests", "demo", "python", "bundle"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of pytest, or of python")
    parser.add_argument("--place", type=Path, default=PROJECT / ".windows", help="the folder (default: .windows)")
    options = parser.parse_args()
    place = Place(options.place)
    if options.what == "ci":
        return ci(place)
    try:
        place.make()
    except Missing as missing:
        print(f"nothing was run on Windows: {missing}", file=sys.stderr)
        return 1
    if options.what == "tests":
        return place.run("-m", "pytest", "-q", "-n", "0", *(options.arguments or (*FIRST_TIER, "-m", "not slow")))
    if options.what == "bundle":
        print(make_bundle(place, PROJECT / "dist"))
        return 0
    if options.what == "demo":
        return place.run("-m", "mureg", "demo", *options.arguments, MUREG_ENCODING="utf-8")
    return place.run(*options.arguments)


if __name__ == "__main__":
    sys.exit(main())
