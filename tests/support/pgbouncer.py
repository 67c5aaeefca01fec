"""PgBouncer in front of the test's server, in transaction mode: each transaction may run on another connection."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support import postgres_server

_SETTINGS = """
[databases]
* = host={folder}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = users.txt
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 100
"""
_TRIES = 200


@contextmanager
def pgbouncer(connections: int) -> Iterator[str]:
    """The address of a PgBouncer without a database, which has so many connections for each."""
    # Debian puts it where only root looks.
    program = shutil.which("pgbouncer", path=os.pathsep.join((os.environ["PATH"], "/usr/sbin")))
    if program is None:
        pytest.skip("PgBouncer is not installed here (Debian's package pgbouncer)")
    server = postgres_server.server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mureg-pool-") as folder:
        settings = _SETTINGS.format(folder=server.pgdata, port=port, connections=connections)
        Path(folder, "settings.ini").write_text(settings, encoding="utf-8")
        Path(folder, "users.txt").write_text('"postgres" ""\n', encoding="utf-8")
        if server.system_user is not None:
            # It does not run as root, and the server's folder is its user's.
            shutil.chown(folder, server.system_user)
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [program, "settings.ini"], cwd=folder, user=server.system_user, stdout=output, stderr=output
            )
        try:
            _wait_for(port, process, log)
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def behind(pool: str, url: str) -> str:
    """The address of a server's database as a pool has it."""
    return pool + urlsplit(url).path


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(_TRIES):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("PgBouncer did not start: " + log.read_text(encoding="utf-8"))
