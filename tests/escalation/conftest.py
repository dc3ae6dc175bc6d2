"""Tests begin with nothing remembered, so that the code under test works everything out."""

import pytest

from trialwright.escalation import (
    blrm_grid,
    blrm_model,
    crm_meeting,
    crm_model,
    exchangeable_model,
    tally_rule,
)
from trialwright.escalation.designs import blrm, keyboard, mtpi, mtpi_2, uploaded_table


@pytest.fixture(scope="session", autouse=True)
def _nothing_remembered():
    """Forget tables, grids and estimates that were made before."""
    for module in (
        *(blrm_grid, blrm_model, crm_meeting, crm_model, exchangeable_model, tally_rule),
        *(blrm, keyboard, mtpi, mtpi_2, uploaded_table),
    ):
        for remembered in vars(module).values():
            if hasattr(remembered, "cache_clear"):
                remembered.cache_clear()
