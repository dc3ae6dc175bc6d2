"""Each test begins with nothing remembered, so that it reads its units by the code under test."""

import pytest

from trialwright.terms import quantities, units


@pytest.fixture(scope="session", autouse=True)
def _tables_loaded():
    """Load UCUM's grammar and table outside any timed test."""
    units._definitions()
    units._grammar()


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Forget units and conversions."""
    for remembered in (quantities._conversion, units._spelled, units._known, units._symbol):
        remembered.cache_clear()
