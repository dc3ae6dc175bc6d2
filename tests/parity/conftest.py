"""The protocol that both sides read, and the server that engines share."""

import pytest
from tests.parity.engines import postgres_server

from trialwright.assembly.protocols import shipped as read_shipped


@pytest.fixture(scope="session")
def shipped():
    """Give the first protocol."""
    return read_shipped("nct03959891").study


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """Give the address of a server of these tests."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as address:
        yield address
