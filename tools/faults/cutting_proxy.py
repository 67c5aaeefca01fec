"""A proxy in front of a PostgreSQL server that cuts connections: before COMMIT, after it, or anywhere."""

import select
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from urllib.parse import parse_qs, urlsplit

_PLANS = ("none",) * 6 + ("before COMMIT", "answer lost", "answer lost", "anywhere")
_MOST_BYTES = 60_000
_COMMIT = b"COMMIT\0"
_RESET_AT_ONCE = struct.pack("ii", 1, 0)


class CuttingProxy:
    """Connections to `address` go to the server; each may be cut once. `cuts` counts how."""

    def __init__(self, url: str, chance: Random) -> None:
        parts = urlsplit(url)
        self._server = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.{parts.port or 5432}"
        self._chance = chance
        self.cuts: Counter[str] = Counter()
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.address = f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        # It ends when the listening socket is closed.
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                plan = self._chance.choice(_PLANS)
                most = self._chance.randrange(_MOST_BYTES) if plan == "anywhere" else None
                self._threads.append(threading.Thread(target=self._relay, args=(client, plan, most), daemon=True))
                self._threads[-1].start()

    def _relay(self, client: socket.socket, plan: str, most: int | None) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server, suppress(OSError):
            server.connect(self._server)
            passed = 0
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(65_536)
                    if not data:
                        return
                    passed += len(data)
                    is_commit = ready is client and _COMMIT in data
                    if (is_commit and plan == "before COMMIT") or (most is not None and passed > most):
                        self._cut(client, plan)
                        return
                    (server if ready is client else client).sendall(data)
                    if is_commit and plan == "answer lost":
                        self._cut(client, plan)
                        return

    def _cut(self, client: socket.socket, plan: str) -> None:
        self.cuts[plan] += 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)


@contextmanager
def cutting_proxy(url: str, chance: Random) -> Iterator[CuttingProxy]:
    """A proxy in front of the server's database, while the block runs."""
    proxy = CuttingProxy(url, chance)
    try:
        yield proxy
    finally:
        proxy.close()
