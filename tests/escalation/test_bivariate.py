"""Isotonic regression on a grid, held to a general optimiser."""

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, minimize

from trialwright.escalation.bivariate import rising_both_ways


def nearest(values, weights):
    """Find the nearest matrix that rises both ways by a general optimiser."""
    rows, columns = values.shape
    steps = []
    for row in range(rows):
        for column in range(columns):
            for to in ((row + 1, column), (row, column + 1)):
                if to[0] < rows and to[1] < columns:
                    step = np.zeros((rows, columns))
                    step[to], step[row, column] = 1, -1
                    steps.append(step.ravel())

    def distance(flat):
        """Give the weighted squared distance."""
        return (weights.ravel() * (flat - values.ravel()) ** 2).sum()

    rise = LinearConstraint(np.array(steps), 0, np.inf)
    start = np.sort(values.ravel())
    options = {"maxiter": 3000, "ftol": 1e-14}
    return minimize(distance, start, method="SLSQP", constraints=[rise], options=options).x.reshape(
        rows, columns
    )


@pytest.mark.parametrize(("rows", "columns"), [(1, 4), (2, 3), (3, 3)])
def test_the_projection_is_that_of_a_general_optimiser(rows, columns):
    """Random matrices and weights, several at once."""
    rng = np.random.default_rng(5)
    values = rng.uniform(size=(6, rows, columns))
    weights = rng.uniform(0.1, 12, (6, rows, columns))

    found = rising_both_ways(values, weights)

    assert (np.diff(found, axis=1) > -1e-9).all()
    assert (np.diff(found, axis=2) > -1e-9).all()
    for place in range(6):
        assert found[place] == pytest.approx(nearest(values[place], weights[place]), abs=1e-5)


def test_what_rises_already_is_left_alone():
    """And a matrix that falls everywhere becomes its weighted mean."""
    rising = np.arange(6.0).reshape(1, 2, 3)
    weights = np.full((1, 2, 3), 2.0)

    assert rising_both_ways(rising, weights) == pytest.approx(rising)
    assert rising_both_ways(-rising, weights) == pytest.approx(np.full((1, 2, 3), -2.5))
