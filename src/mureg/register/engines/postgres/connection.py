"""A connection to a server that may stop answering.

No time limit can tell a statement that takes long from a server that has stopped, and TCP does not notice the latter:
the server's system acknowledges what it receives. So whoever waits for an answer asks the server once a second whether
it is there, by a connection that says no more than that.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg import waiting
from psycopg.pq import TransactionStatus

from mureg.register.engines import interface
from mureg.register.engines.interface import Row

T = TypeVar("T")

# How often Ctrl-C and the silence of the server are looked at.
_TICK_SECONDS = 0.1
_TICKS_TO_ASK = 10
_ANSWER_SECONDS = 5
# How long a server may take to hear that a statement was interrupted.
_CANCEL_SECONDS = 1
# The request for encryption: PostgreSQL and pools answer it with a letter before they ask who is there.
_ARE_YOU_THERE = struct.pack("!ii", 8, 80877103)


class ServerSilent(psycopg.OperationalError):
    """The server has not answered for `WAIT_SECONDS`. The connection is closed."""


class Connection(psycopg.Connection[Row]):
    """A connection that reports a silent server, gives it up, and can be interrupted at any moment."""

    report_silence: Callable[[], None] = staticmethod(lambda: None)

    def wait(
        self,
        gen: Generator[Any, Any, T],
        interval: float = _TICK_SECONDS,
        timeout: float | None = None,  # noqa: ARG002  only `notifies` gives one
    ) -> T:
        """Wait for an answer of the server: psycopg does here whatever takes time."""
        try:
            return waiting.wait(self._watched(gen), self.pgconn.socket, interval=interval)
        except KeyboardInterrupt:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                with suppress(psycopg.Error):
                    self.cancel_safe(timeout=_CANCEL_SECONDS)
                self.close()
            raise

    def _watched(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        """The same steps. They get `READY_NONE` at each tick without anything from the server."""
        silence = _Silence(self)
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready == waiting.READY_NONE:
                    silence.go_on()
                else:
                    silence.ticks = 0
                wanted = gen.send(ready)
        except StopIteration as ended:
            value: T = ended.value
            return value


class _Silence:
    """How long nothing was heard from the server of a connection.

    Counted in ticks, so that the time in which the computer slept does not count.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_reported = False
        self.ticks = 0

    def go_on(self) -> None:
        """Another tick without an answer. Raises `ServerSilent`."""
        self.ticks += 1
        if self.ticks % _TICKS_TO_ASK == 0:
            threading.Thread(target=self._ask, daemon=True).start()
        if self.ticks * _TICK_SECONDS >= interface.REPORT_AFTER_SECONDS and not self._is_reported:
            self._is_reported = True
            self._connection.report_silence()
        if self.ticks * _TICK_SECONDS >= interface.WAIT_SECONDS:
            self._connection.close()
            raise ServerSilent

    def _ask(self) -> None:
        with suppress(OSError), _socket_to(self._connection) as asked:
            asked.sendall(_ARE_YOU_THERE)
            if asked.recv(1):
                self.ticks = 0


def _socket_to(connection: Connection) -> socket.socket:
    """Another connection to the same server, without PostgreSQL's protocol."""
    host, port = connection.info.host, connection.info.port
    if not host.startswith(("/", "@")):
        return socket.create_connection((connection.info.hostaddr or host, port), _ANSWER_SECONDS)
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(_ANSWER_SECONDS)
    path = f"{host}/.s.PGSQL.{port}"
    # An @ begins the name of a socket that is no file.
    made.connect("\0" + path[1:] if host.startswith("@") else path)
    return made


class _Attempt(threading.Thread):
    """Connects in a thread of its own: to look up a name is a call that Ctrl-C does not end."""

    def __init__(self, conninfo: str, *, is_repeated: bool) -> None:
        super().__init__(daemon=True)
        self._conninfo = conninfo
        self._is_repeated = is_repeated
        self.is_given_up = False
        self.made: Connection | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        while self.made is None and self.error is None and not self.is_given_up:
            try:
                self.made = Connection.connect(
                    self._conninfo,
                    autocommit=True,
                    # A prepared statement belongs to one connection, and a pool may hand out another next time.
                    prepare_threshold=None,
                )
            except psycopg.errors.ConnectionTimeout as error:
                self.error = None if self._is_repeated else error
            except Exception as error:  # noqa: BLE001  raised where the thread is waited for
                self.error = error
        if self.is_given_up and self.made is not None:
            self.made.close()


def connect(conninfo: str, report_silence: Callable[[], None], *, is_repeated: bool) -> Connection:
    """A new connection. Raises `psycopg.Error`, as `ServerSilent`.

    `is_repeated`: after `connect_timeout` it is tried again, until `WAIT_SECONDS` are over.
    """
    attempt = _Attempt(conninfo, is_repeated=is_repeated)
    attempt.start()
    began, is_reported = time.monotonic(), False
    try:
        while attempt.is_alive():
            attempt.join(_TICK_SECONDS)
            waited = time.monotonic() - began
            if waited >= interface.WAIT_SECONDS:
                raise ServerSilent
            if waited >= interface.REPORT_AFTER_SECONDS and not is_reported:
                is_reported = True
                report_silence()
    except BaseException:
        attempt.is_given_up = True
        raise
    if attempt.error is not None:
        raise attempt.error
    assert attempt.made is not None
    attempt.made.report_silence = report_silence
    return attempt.made
