"""A primary server and its standby, which has every commit before it is acknowledged."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support import postgres_server

_TRIES = 300
# A killed process loses nothing that the disk has not got yet: that takes a machine.
_SETTINGS = ("fsync=off", "listen_addresses=127.0.0.1", "shared_buffers=16MB")


class Pair:
    """Two servers. The address names both: mureg finds the one that can be written to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = _free_ports()
        self._running: list[subprocess.Popen[bytes]] = []
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        self.url = f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"

    def start(self) -> None:
        """Start both, and wait until the standby follows."""
        self._run("initdb", "-D", "primary", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._serve("primary", self._ports[0], "synchronous_standby_names=*")
        address = ("-h", "127.0.0.1", "-p", str(self._ports[0]), "-U", "postgres")
        self._run("pg_basebackup", *address, "-D", "standby", "-R", "-c", "fast", "--no-sync")
        self._serve("standby", self._ports[1])
        self._wait_for(self._ports[0], "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")

    def kill_primary(self) -> None:
        """End every process of the primary at once."""
        postgres_server.signal_processes(self._running[0].pid, signal.SIGKILL)
        self._running.pop(0).wait()

    def promote_standby(self) -> None:
        """Make the standby the primary."""
        with self._connected(self._ports[1]) as connection:
            connection.execute("SELECT pg_promote()")

    def stop(self) -> None:
        """Stop those that run."""
        for process in self._running:
            process.send_signal(signal.SIGINT)
            process.wait()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([self._path(program), *arguments], capture_output=True, check=False, **self._how())
        assert done.returncode == 0, done.stderr.decode(errors="replace")

    def _serve(self, folder: str, port: int, *settings: str) -> None:
        chosen = [word for setting in (*_SETTINGS, *settings) for word in ("-c", setting)]
        words = [self._path("postgres"), "-D", folder, "-p", str(port), "-k", str(self._folder), *chosen]
        with (self._folder / f"{folder}.log").open("wb") as log:
            self._running.append(subprocess.Popen(words, stdout=log, stderr=log, **self._how()))
        self._wait_for(port, "SELECT 1")

    def _wait_for(self, port: int, sql: str) -> None:
        for _ in range(_TRIES):
            try:
                with self._connected(port) as connection:
                    if connection.execute(sql).fetchall():
                        return
            except psycopg.OperationalError:
                pass
            time.sleep(0.1)
        pytest.fail("".join(log.read_text(encoding="utf-8", errors="replace") for log in self._folder.glob("*.log")))

    @staticmethod
    def _connected(port: int) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", autocommit=True)

    @staticmethod
    def _path(program: str) -> str:
        return str(Path(postgres_server.server().bin_path, program))

    def _how(self) -> dict[str, Any]:
        return {"cwd": self._folder, "user": postgres_server.server().system_user}


@contextmanager
def pair() -> Iterator[Pair]:
    """Both servers, for the block; skips where there is no wheel of PostgreSQL."""
    server = postgres_server.server()
    with tempfile.TemporaryDirectory(prefix="mureg-pair-", dir=postgres_server.quick_place()) as folder:
        if server.system_user is not None:
            shutil.chown(folder, server.system_user)
        made = Pair(Path(folder))
        try:
            made.start()
            yield made
        finally:
            made.stop()


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
