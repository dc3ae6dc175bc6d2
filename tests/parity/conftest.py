"""The protocol that both sides read."""

import pytest

from trialwright.assembly.protocols import shipped as read_shipped


@pytest.fixture(scope="session")
def shipped():
    """Give the first protocol."""
    return read_shipped("nct03959891").study
