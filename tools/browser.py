"""The page in a real browser: fetch what its tests need, and run them.

python tools/browser.py [PYTEST OPTIONS]

It needs Debian's Chromium, `pip install ".[dev]"`, and npm for axe-core, which is fetched into `.browser`. Where
something is missing it says what, and ends without an error.
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).parent.parent
PLACE = PROJECT / ".browser"
AXE = "axe-core@4"


def missing() -> list[str]:
    """What is not installed here."""
    programs = [name for name in ("chromium", "npm") if shutil.which(name) is None]
    return programs + [name for name in ("playwright",) if find_spec(name) is None]


def main() -> int:
    """Fetch axe-core, and run the tests."""
    lacking = missing()
    if lacking:
        print(f"nothing was run in a browser: not installed here: {', '.join(lacking)} (CONTRIBUTING.md, In a browser)")
        return 0
    if not (PLACE / "node_modules" / "axe-core").exists():
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", str(PLACE), AXE], check=True)
    tests = PROJECT / "tests" / "web" / "in_browser"
    return subprocess.run([sys.executable, "-m", "pytest", "-q", str(tests), *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
