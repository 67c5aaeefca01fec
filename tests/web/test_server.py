"""The socket that the page listens on."""

import socket
import sys

import pytest
from starlette.testclient import TestClient

from mureg.errors import MuregError, Refused, msg
from mureg.web.server import application, listening
from mureg.web.sessions import Session, Sessions
from support.browser import ORIGIN, PORT, office


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize("host", ["192.168.0.1", "example.com", "::", ""])
def test_it_listens_on_the_loopback_only(host: str) -> None:
    with pytest.raises(Refused, match="this computer only"):
        listening(host, 0)


def test_a_port_in_use_is_refused() -> None:
    with listening("127.0.0.1", 0) as first:
        first.listen()
        with pytest.raises(Refused, match="in use"):
            listening("127.0.0.1", first.getsockname()[1])


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere such a socket cannot take a port in use")
def test_on_windows_no_other_program_takes_the_port_away() -> None:
    with listening("127.0.0.1", 0) as first, socket.socket() as other:
        first.listen()
        # Linux, below Wine, refuses the second one anyway.
        if sys.platform == "win32":
            assert first.getsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE) == 1
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match=r"\[WinError 100(13|48)\]"):
            other.bind(first.getsockname())


def test_an_error_outside_every_page_is_reported_without_its_text() -> None:
    class Broken(Sessions):
        def find(self, key: str) -> Session | None:
            raise ValueError("Иванова Анна")

    made = office()._replace(internal_error=lambda error: MuregError(msg("an unexpected error")))
    client = TestClient(application(made, Broken(), PORT), base_url=ORIGIN, raise_server_exceptions=False)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "<p>an unexpected error</p>" in answer.text
    assert "Иванова" not in answer.text
