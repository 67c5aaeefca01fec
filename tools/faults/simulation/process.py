"""A process that has loaded all of mureg, and forks one for each command line that is to be simulated."""

import ctypes
import json
import os
import signal
import socket
import sys
from typing import Any

# All that a command may load, once and for all.
import pydantic  # noqa: F401
import sqlite_utils  # noqa: F401

from mureg.cli.main import command
from mureg.register.engines.sqlite import database, new_file, sorter  # noqa: F401


def child(order: dict[str, Any]) -> None:
    """Run one command line under the harness; it does not return."""
    os.chdir(order["office"])
    os.environ.update(order["variables"])
    for name, number in (("out", 1), ("err", 2)):
        file = os.open(order[name], os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(file, number)
        os.close(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    harness = socket.socket(socket.AF_UNIX)
    harness.connect(order["harness"])
    shim = ctypes.CDLL(None)
    shim.simulation_begin(harness.detach(), order["number"], os.fsencode(order["folder"]))
    code = 1
    try:
        command().main(order["words"])
    except SystemExit as ended:
        code = int(str(ended.code or 0))
    sys.stdout.flush()
    sys.stderr.flush()
    shim.simulation_end(code)


def main() -> None:
    """Read orders until there are none."""
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            try:
                child(json.loads(line))
            finally:
                os._exit(1)


if __name__ == "__main__":
    main()
