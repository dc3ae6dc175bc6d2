"""Isotonic regression on a grid of two agents: rising along rows and along columns.

The weighted least squares projection on matrices that rise both ways is reached by projecting on
those that rise along rows and on those that rise along columns in turn, each time giving back what
the projection before it took away (Dykstra's algorithm) [1]_.

References
----------
.. [1] Dykstra RL, Robertson T. An algorithm for isotonic regression for two or more independent
   variables. Ann Stat 1982;10(3):708-716. doi:10.1214/aos/1176345866
"""

import numpy as np

from trialwright.escalation.isotonic import Floats
from trialwright.terms.errors import refuse

WITHIN = 1e-10
"""Change of an estimate by a round at which the rounds end."""

MOST_ROUNDS = 20_000
"""Rounds at which the search is given up."""


def rising_both_ways(values: Floats, weights: Floats) -> Floats:
    """Make matrices rise along rows and columns, by weighted least squares.

    Parameters
    ----------
    values, weights : ndarray of float, shape (matrices, rows, columns)
        What is fitted, and how heavily; weights above 0.

    Returns
    -------
    ndarray of float, shape (matrices, rows, columns)
        The nearest matrices that rise both ways.

    Raises
    ------
    Refusal
        If a matrix does not settle.
    """
    found = values.copy()
    taken_rows, taken_columns = np.zeros_like(values), np.zeros_like(values)
    is_open = np.arange(len(values))
    for _ in range(MOST_ROUNDS):
        now, weight = found[is_open], weights[is_open]
        given = now - taken_rows[is_open]
        by_rows = _rising(given, weight)
        taken_rows[is_open] = by_rows - given
        given = by_rows - taken_columns[is_open]
        both = _rising(given.swapaxes(1, 2), weight.swapaxes(1, 2)).swapaxes(1, 2)
        taken_columns[is_open] = both - given
        found[is_open] = both
        moved = np.abs(both - by_rows).max(axis=(1, 2)) + np.abs(both - now).max(axis=(1, 2))
        is_open = is_open[moved > WITHIN]
        if not len(is_open):
            return found
    do = "Report the counts: no matrix of participants should lead here"
    raise refuse("counts", "estimates that do not settle", f"{MOST_ROUNDS} rounds", do)


def _rising(values: Floats, weights: Floats) -> Floats:
    """Make each row of matrices rise, as the greatest least mean of what follows."""
    places = values.shape[2]
    sums = np.cumsum(values * weights, axis=2)
    totals = np.cumsum(weights, axis=2)
    found = np.full_like(values, -np.inf)
    for first in range(places):
        before = sums[..., first - 1] if first else 0.0
        total_before = totals[..., first - 1] if first else 0.0
        least = np.full(values.shape[:2], np.inf)
        for last in range(places - 1, first - 1, -1):
            mean = (sums[..., last] - before) / (totals[..., last] - total_before)
            least = np.minimum(least, mean)
            found[..., last] = np.maximum(found[..., last], least)
    return found
