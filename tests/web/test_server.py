"""The socket that the page listens on."""

import socket

import pytest

from mureg.errors import Refused
from mureg.web.server import listening


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
