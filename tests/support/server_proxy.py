"""A TCP address in front of the test's server that can stop forwarding, as a network or a server does that has died."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlsplit

_CHUNK = 65_536


class Proxy:
    """Forwards to a server, until it is frozen. What it has accepted stays open, and nothing more is answered."""

    def __init__(self, url: str) -> None:
        self.server_url = url
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        self._target = f"{query['host'][0]}/.s.PGSQL.{query.get('port', ['5432'])[0]}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._flows = threading.Event()
        self._flows.set()
        self._bytes_until_frozen: int | None = None
        self._sockets: list[socket.socket] = []
        self.url = f"postgresql://{parts.username}@127.0.0.1:{self._listener.getsockname()[1]}{parts.path}"
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        """Forward nothing from now on."""
        self._flows.clear()

    def freeze_after(self, count: int) -> None:
        """Freeze when so many more bytes have gone to the server."""
        self._bytes_until_frozen = count

    def resume(self) -> None:
        """Forward again, and what has come meanwhile."""
        self._bytes_until_frozen = None
        self._flows.set()

    @property
    def is_frozen(self) -> bool:
        return not self._flows.is_set()

    def close(self) -> None:
        """Accept no more."""
        self._end(self._listener)
        self.cut()
        self._flows.set()

    def cut(self) -> None:
        """End every connection, and forget what it had sent."""
        while self._sockets:
            self._end(self._sockets.pop())

    @staticmethod
    def _end(one: socket.socket) -> None:
        # It also ends the calls that wait.
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                self._sockets += [client, server]
                for source, target in ((client, server), (server, client)):
                    arguments = (source, target, source is client)
                    threading.Thread(target=self._forward, args=arguments, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, is_to_server: bool) -> None:
        with suppress(OSError):
            while content := source.recv(_CHUNK):
                if is_to_server and self._bytes_until_frozen is not None:
                    self._bytes_until_frozen -= len(content)
                    if self._bytes_until_frozen <= 0:
                        self.freeze()
                self._flows.wait()
                target.sendall(content)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextmanager
def proxy_of(url: str) -> Iterator[Proxy]:
    """A proxy of a server's database, for the block."""
    proxy = Proxy(url)
    try:
        yield proxy
    finally:
        proxy.close()
