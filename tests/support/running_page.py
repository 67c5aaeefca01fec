"""`mureg web` in a process of its own, as a user starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.command_line import Ended


class RunningPage:
    """A server that runs, and the address that it printed."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]", address: str) -> None:
        self.folder = folder
        self.process = process
        self.address = address
        self.origin = address.partition("/?")[0]
        self.said = ""
        """What it wrote to stdout and stderr, once it has ended."""

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait()


def mureg_in(folder: Path, *words: str, **variables: str) -> Ended:
    """One command line in a folder, in English."""
    done = subprocess.run(
        [sys.executable, "-m", "mureg", *words], cwd=folder, env=_environment(variables), capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@contextmanager
def running_page(folder: Path, *options: str, **variables: str) -> Iterator[RunningPage]:
    """`mureg web` in a folder, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mureg", "web", "--no-browser", *options], cwd=folder, env=_environment(variables),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert "http://" in address, process.stderr.read() if process.stderr else ""
        page = RunningPage(folder, process, address)
        yield page
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        page.said = "".join(process.communicate(timeout=30))
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _environment(variables: dict[str, str]) -> dict[str, str]:
    path = os.pathsep.join(part for part in sys.path if part)
    return {**os.environ, "PYTHONPATH": path, "MUREG_LANG": "en", **variables}
