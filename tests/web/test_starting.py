"""Where the pages are served."""

import socket

import pytest

from trialwright.terms.errors import Refusal
from trialwright.web.starting import listen


def test_a_free_port_is_found_and_callers_wait_there():
    """Whoever asks before the server answers is kept, not turned away."""
    with listen("127.0.0.1", 0) as taken:
        host, port = taken.getsockname()
        with socket.create_connection((host, port), timeout=5) as caller:
            caller.sendall(b"asked")
            answering, _ = taken.accept()
            with answering:
                assert answering.recv(5) == b"asked"


def test_a_port_that_is_taken_is_refused_with_what_to_do():
    """Nobody is told of an address at which another program answers."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Refusal) as refused:
            listen("127.0.0.1", port)

    assert f"127.0.0.1:{port}" in str(refused.value)
    assert "--port" in str(refused.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such name"])
def test_an_address_of_another_machine_is_refused(host):
    """192.0.2.1 is kept for documentation: no machine has it (RFC 5737)."""
    with pytest.raises(Refusal, match="an address of this machine"):
        listen(host, 0)
