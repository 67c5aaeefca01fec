"""A server that only a mureg.toml of the folder names gets no password in clear text."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from support.command_line import Mureg

PASSWORD = "s3cret-of-mine"  # noqa: S105  invented
HINT = "the server asks for the password in clear text; if you trust it, name it yourself: --db or MUREG_DB\n"

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


class _Listener:
    """A server that asks everybody for a password in clear text, and keeps what it is sent."""

    def __init__(self) -> None:
        self.received = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"postgresql://olga@127.0.0.1:{self._socket.getsockname()[1]}/base"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            with client:
                client.settimeout(10)
                self._ask(client)

    def _ask(self, client: socket.socket) -> None:
        try:
            while message := client.recv(4096):
                self.received += message
                if message[4:8] in (struct.pack("!HH", 1234, 5679), struct.pack("!HH", 1234, 5680)):
                    client.sendall(b"N")  # no encryption
                elif message[:1] == b"p":
                    return
                else:
                    client.sendall(b"R" + struct.pack("!II", 8, 3))  # AuthenticationCleartextPassword
        except OSError:
            return

    def close(self) -> None:
        # On Linux this ends the thread's waiting; Windows has nothing to shut down there, and closing ends it.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Listener]:
    listener = _Listener()
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    yield listener
    listener.close()


@pytest.mark.parametrize("more", ["", "?sslmode=prefer", "?require_auth=password", "?schema=partner_7"])
@pytest.mark.parametrize("command", ["application list", "init"])
def test_settings_that_were_found_do_not_get_it(mureg: Mureg, server: _Listener, more: str, command: str) -> None:
    Path("mureg.toml").write_text(f'db = "{server.address}{more}"\n', encoding="utf-8")
    ended = mureg(*command.split())
    assert (ended.code, ended.out) == (7, "")
    assert ended.err.endswith(HINT)
    assert server.received
    assert PASSWORD.encode() not in server.received


def test_a_server_that_the_user_names_gets_it(mureg: Mureg, server: _Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mureg("application", "list", "--db", server.address).code == 7
    assert PASSWORD.encode() in server.received
    server.received = b""
    Path("mureg.toml").write_text(f'db = "{server.address}"\n', encoding="utf-8")
    assert mureg("application", "list", "--config", "mureg.toml").code == 7
    assert PASSWORD.encode() in server.received
    server.received = b""
    monkeypatch.setenv("PGREQUIREAUTH", "password")
    assert mureg("application", "list").code == 7
    assert PASSWORD.encode() in server.received


def test_an_address_may_refuse_it_too(mureg: Mureg, server: _Listener) -> None:
    ended = mureg("application", "list", "--db", f"{server.address}?require_auth=scram-sha-256")
    assert ended.code == 7
    assert PASSWORD.encode() not in server.received


def test_what_mureg_adds_to_an_address_is_not_shown(mureg: Mureg, server: _Listener) -> None:
    Path("mureg.toml").write_text(f'db = "{server.address}"\n', encoding="utf-8")
    assert mureg.done("support", "--json").json["register"] == server.address


def test_encryption_that_the_address_wants_is_wanted(mureg: Mureg, server: _Listener) -> None:
    ended = mureg("application", "list", "--db", f"{server.address}?sslmode=require")
    assert ended.code == 7
    assert "server does not support SSL, but SSL was required" in ended.err
    assert b"olga" not in server.received
