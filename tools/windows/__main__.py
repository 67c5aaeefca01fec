"""Run something on Windows: `python tools/windows tests tests/readers`, `… demo`, `… python -m mureg --version`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from windows.bundle import make_bundle
from windows.place import OLDEST_PYTHON, PROJECT, PYTHON_VERSION, Missing, Place

FIRST_TIER = (
    "tests/cli", "tests/readers", "tests/register", "tests/settings", "tests/reports", "tests/test_safe_files.py",
    "tests/test_system_errors.py", "tests/test_command_hints.py",
)  # fmt: skip
# What may differ with the oldest Python that mureg runs on.
OLDEST_TESTS = (
    "tests/cli/test_on_windows.py", "tests/cli/test_smoke.py", "tests/cli/test_text_encoding.py",
    "tests/settings", "tests/test_safe_files.py", "tests/test_system_errors.py",
)  # fmt: skip
# A hanging test fails after so long. The rest is for a Wine that hangs itself, on a machine with much other work.
_TEST_SECONDS, _TIER_SECONDS, _OLDEST_SECONDS, _AGAIN_SECONDS, _START_SECONDS = 300, 1800, 600, 600, 120
_TESTS_FAILED = 1


def ci(folder: Path) -> int:
    """Run the first tier, the tests of the ZIP, and `OLDEST_TESTS` with the oldest Python: 1 where a test fails twice.

    What Wine itself cannot do is merely said.
    """
    place = Place(folder)
    has_failed = [_tests(place, FIRST_TIER, _TIER_SECONDS)]
    if place.is_made:
        has_failed.append(_bundle_tests(place) == _TESTS_FAILED)
        has_failed.append(_tests(Place(folder, OLDEST_PYTHON), OLDEST_TESTS, _OLDEST_SECONDS))
    return int(any(has_failed))


def _tests(place: Place, tests: tuple[str, ...], seconds: float) -> bool:
    """Make the place, run tests there, and say whether one failed twice."""
    try:
        place.make()
    except (Missing, OSError, subprocess.SubprocessError) as error:
        print(f"nothing was run on Windows with Python {place.version}: {error}", file=sys.stderr)
        return False
    if place.run("-c", "import mureg.cli.main, pydantic, sqlite3", seconds=_START_SECONDS) != 0:
        print(f"Windows: Python {place.version} does not start under this Wine", file=sys.stderr)
        return False
    options = (
        "-m", "pytest", "-q", "-n", "2", "-m", "not slow", "-k", "not postgres", "--tb=short",
        "-o", f"faulthandler_timeout={_TEST_SECONDS}", "-o", "faulthandler_exit_on_timeout=true",
    )  # fmt: skip
    code = place.run(*options, *tests, seconds=seconds)
    failed = code == _TESTS_FAILED
    if failed:
        print("Windows: the tests that failed are run again", file=sys.stderr)
        code = place.run(*options, "--last-failed", *tests, seconds=_AGAIN_SECONDS)
        failed = code != 0
    if code not in (0, _TESTS_FAILED):
        print(f"Windows: the tests did not come to their end under this Wine ({code})", file=sys.stderr)
    return failed


def _bundle_tests(place: Place) -> int:
    """Make the ZIP and run it: pytest's exit code. It runs here, and starts Wine itself."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/tools"]
    environment = os.environ | {"MUREG_WINDOWS": str(place.folder)}
    code = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
    if code == _TESTS_FAILED:
        code = subprocess.run([*command, "--last-failed"], cwd=PROJECT, env=environment, check=False).returncode
    return code


def main() -> int:
    """Make the place, and run."""
    parser = argparse.ArgumentParser(prog="python tools/windows", description=__doc__)
    parser.add_argument("what", choices=("ci", "tests", "demo", "python", "bundle"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of pytest, or of python")
    parser.add_argument("--place", type=Path, default=PROJECT / ".windows", help="the folder (default: .windows)")
    parser.add_argument(
        "--python", choices=(OLDEST_PYTHON, PYTHON_VERSION), default=PYTHON_VERSION, help="not for ci and bundle"
    )
    options = parser.parse_args()
    if options.what == "ci":
        return ci(options.place)
    place = Place(options.place, PYTHON_VERSION if options.what == "bundle" else options.python)
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
