"""Run mureg as a process of its own and measure it: `python measure_process.py RESULT ARGUMENT…`.

The measuring process is small and starts mureg itself: what the system counts as the most memory of a process includes
that of its parent process.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple


class Measured(NamedTuple):
    """How a command ended, the most memory that it had, in MiB, and how many seconds it took."""

    code: int
    out: str
    err: str
    peak_mib: float
    seconds: float


def measured(folder: Path, *arguments: str, timeout: float = 600) -> Measured:
    """Run `mureg ARGUMENT…` in a folder. What it prints is read as bytes that must be UTF-8."""
    result = folder / ".measured"
    ended = subprocess.run(
        [sys.executable, __file__, str(result), *arguments],
        cwd=folder,
        capture_output=True,
        timeout=timeout,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "MUREG_USER": "tester"},
    )
    code, peak, seconds = json.loads(result.read_text())
    result.unlink()
    return Measured(code, ended.stdout.decode(), ended.stderr.decode(), peak, seconds)


def _main() -> None:
    result, *arguments = sys.argv[1:]
    started = time.monotonic()
    process = os.posix_spawn(sys.executable, [sys.executable, "-m", "mureg", *arguments], os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.monotonic() - started
    Path(result).write_text(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024, seconds]))


if __name__ == "__main__":
    _main()
