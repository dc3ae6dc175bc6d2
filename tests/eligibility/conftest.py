"""The shipped protocol, and a maker of small ones."""

import pytest

from trialwright.assembly.protocols import shipped as read_shipped
from trialwright.eligibility import bounding


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Forget bounds that were made before, so that each test makes its own."""
    bounding._bounds.cache_clear()


@pytest.fixture(scope="session")
def shipped():
    """Give the shipped study."""
    return read_shipped("nct03959891").study


@pytest.fixture
def study(shipped):
    """Give a maker of studies with other criteria and terms."""

    def make(*criteria, terms):
        """Keep the arms and replace what is asked."""
        return shipped.model_copy(
            update={"criteria": tuple(criteria), "terms": terms, "obligations": ()}
        )

    return make
