"""The first tests with the other Pythons of this machine and the newest of Debian, without a locale.

python tools/pythons [PYTEST ARGUMENTS]

Each gets an environment in `.pythons`, with mureg and what its tests need. As root, the tests run as the user nobody.
What cannot be had is said, and is no error.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from pythons.newest import Missing, newest_of_debian

PROJECT = Path(__file__).parents[2]
PLACE = PROJECT / ".pythons"
PIP = PLACE / "pip"
OLDEST = (3, 11)
# What differs between Pythons and systems: without PostgreSQL, two minutes on two cores.
TESTS = (
    ("tests/domain", "tests/readers", "tests/settings", "tests/register", "tests/test_safe_files.py",
     "tests/test_system_errors.py", "tests/cli/test_smoke.py", "tests/cli/test_failing_places.py",
     "tests/cli/test_language_and_terminal.py", "tests/cli/test_usage.py", "tests/cli/test_copying.py",
     "tests/web/test_server.py", "-m", "not slow"),
    ("tests/cli/test_imports.py", "tests/cli/test_init_and_demo.py"),
)  # fmt: skip
_ASK = "import sys, venv; print(*sys.version_info[:4], sys.implementation.name)"
_ANOTHER_USER = "nobody"
_OUTCOMES = {0: "no error", None: "nothing was run"}


class Python(NamedTuple):
    """A Python and its version."""

    path: str
    version: tuple[int, ...]

    def __str__(self) -> str:
        return f"Python {'.'.join(map(str, self.version))} ({self.path})"


def python_at(path: str) -> Python | None:
    """What a path leads to; `None` where it does not start, is too old or a preview, or can make no environment."""
    try:
        asked = subprocess.run([path, "-c", _ASK], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    *version, level, name = asked.stdout.split()
    found = Python(path, tuple(map(int, version)))
    is_meant = found.version >= OLDEST and level == "final" and name == sys.implementation.name
    return found if is_meant else None


def others() -> Iterator[Python]:
    """One Python of each version but the one in use."""
    seen: set[tuple[int, ...]] = {sys.version_info[:3]}
    names = ("python3", *(f"python3.{minor}" for minor in range(OLDEST[1], OLDEST[1] + 20)))
    paths = [shutil.which(name) for name in names]
    for path in ("/usr/bin/python3", *paths):
        found = python_at(path) if path else None
        if found is not None and found.version not in seen:
            seen.add(found.version)
            yield found
    try:
        found = python_at(str(newest_of_debian(PLACE)))
    except Missing as missing:
        print(f"the newest Python of Debian cannot be had: {missing}")
        return
    if found is None:
        print("the newest Python of Debian is a preview")
    elif found.version not in seen:
        yield found


def run_with(python: Python, runs: Sequence[Sequence[str]]) -> int | None:
    """Run the tests with this Python: an exit code that is not 0, if any, or `None` where it has no packages."""
    environment = PLACE / ".".join(map(str, python.version))
    program = str(environment / "bin" / "python")
    install = [program, "-m", "pip", "install", "-q", "--disable-pip-version-check", ".[test]"]
    try:
        subprocess.run([python.path, "-m", "venv", "--without-pip", "--clear", str(environment)], check=True)
        subprocess.run(install, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PIP)}, check=True)
    except subprocess.CalledProcessError as error:
        print(f"nothing was run with {python}: {' '.join(error.cmd)} ended with {error.returncode}")
        return None
    with tempfile.TemporaryDirectory(prefix="mureg-pythons-") as folder:
        how = surroundings(program, folder)
        print(f"+ {python}, LC_ALL=C, as {how.get('user') or 'the user of this command'}")
        tests = [program, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={folder}/tests"]
        codes = [subprocess.run([*tests, *arguments], check=False, **how).returncode for arguments in runs]
        return next((code for code in codes if code), 0)


def surroundings(program: str, folder: str) -> dict[str, Any]:
    """The folder, the variables and, where root can become one, the ordinary user of the tests."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG", "MUREG"))
    }
    own = {"HOME": folder, "TMPDIR": folder, "HYPOTHESIS_STORAGE_DIRECTORY": f"{folder}/hypothesis"}
    how: dict[str, Any] = {"cwd": PROJECT, "env": kept | own | {"LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1"}}
    if os.geteuid() != 0:
        return how
    another = how | {"user": _ANOTHER_USER, "extra_groups": []}
    shutil.chown(folder, _ANOTHER_USER)
    # The project may be where only root may look.
    may = subprocess.run(
        [program, "-c", "import mureg; open('pyproject.toml')"], capture_output=True, check=False, **another
    )
    return another if may.returncode == 0 else how


def main() -> int:
    """Run the tests with each Python."""
    if sys.platform == "win32":
        print("nothing was run with other Pythons: only on Linux and macOS")
        return 0
    PLACE.mkdir(exist_ok=True)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    # Debian's Pythons have no pip, and that of an older Python may not run on a newer one.
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--target", str(PIP), "pip"], check=True)
    ended = [(python, run_with(python, [sys.argv[1:]] if sys.argv[1:] else TESTS)) for python in others()]
    for python, code in ended:
        print(f"{python}: {_OUTCOMES.get(code, 'failed')}")
    if not ended:
        print(f"nothing was run with other Pythons: there is none beside {sys.version.split()[0]}")
    return int(any(code for _, code in ended))


if __name__ == "__main__":
    sys.exit(main())
