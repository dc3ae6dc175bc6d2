"""The logistic model for many states at once, held to the quadrature that takes one at a time."""

from itertools import pairwise

import numpy as np
import pytest

from trialwright.escalation.blrm_grid import FINEST, chances
from trialwright.escalation.blrm_model import BlrmModel

PRIORS = {
    "moderate": (50.0, (-0.85, 1.0), ((1.0, -0.5), (-0.5, 1.0))),
    "wide": (100.0, (-1.1, 0.0), ((4.0, 0.0), (0.0, 1.0))),
    "wider": (50.0, (-0.85, 1.0), ((4.0, -0.5), (-0.5, 4.0))),
}
DOSES = (25.0, 50.0, 75.0, 100.0, 125.0, 150.0)
TRUTH = [0.05, 0.12, 0.30, 0.45, 0.60, 0.70]


def states(number, levels=6):
    """Draw states of trials."""
    rng = np.random.default_rng(3)
    evaluable = (3 * rng.integers(0, 4, (number, levels))).astype(np.int16)
    return evaluable, rng.binomial(evaluable, TRUTH[:levels]).astype(np.int16)


@pytest.mark.parametrize("prior", PRIORS)
def test_fine_grids_give_what_one_state_at_a_time_gives(prior):
    """Two quadratures, one in the order slope then intercept by level, one for all levels."""
    model = BlrmModel(DOSES, *PRIORS[prior])
    evaluable, dlts = states(4)

    found = chances(model, evaluable, dlts, 4)

    for place in range(4):
        one = model.posterior(evaluable[place], dlts[place])
        assert found.target[place] == pytest.approx(one.intervals[:, 1], abs=1e-8)
        assert found.over[place] == pytest.approx(one.intervals[:, 2], abs=1e-8)


@pytest.mark.parametrize("prior", PRIORS)
def test_each_grid_is_much_finer_than_the_one_before(prior):
    """So the change by a finer grid is larger than what is left."""
    model, counts = BlrmModel(DOSES, *PRIORS[prior]), states(60)
    found = [chances(model, *counts, fineness).over for fineness in range(5)]

    errors = [np.abs(each - found[-1]).max() for each in found[:-1]]

    assert all(finer < coarser / 20 for coarser, finer in pairwise(errors))
    assert errors[-1] < 1e-6
    assert FINEST >= 4


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_a_state_has_its_numbers_whoever_is_beside_it(levels):
    """Halves of short ladders, of one level with an empty half, and shared halves."""
    model = BlrmModel(DOSES[:levels], *PRIORS["moderate"])
    evaluable, dlts = states(300, levels)

    together = chances(model, evaluable, dlts, 1)

    for place in (0, 17, 299):
        apart = chances(model, evaluable[[place]], dlts[[place]], 1)
        assert together.over[place] == pytest.approx(apart.over[0], abs=1e-13)
        assert together.target[place] == pytest.approx(apart.target[0], abs=1e-13)
