"""A ledger on the bench for the suites of reliability."""

from pathlib import Path

import pytest
from tests.ledger.conftest import Bench, set_up


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Give an empty ledger on the bench."""
    return set_up(tmp_path)
