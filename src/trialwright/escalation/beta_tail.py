"""How sure it is that a dose level is too toxic: the upper tail of a beta posterior.

With a prior Beta(a, b) and y DLTs in n participants the posterior of the DLT rate p is
Beta(a + y, b + n - y), and

    P(p > target) = 1 - I_target(a + y, b + n - y)

with the regularised incomplete beta function I.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincc

Floats = NDArray[np.float64]


def probability_above(target: float, evaluable: Any, dlts: Any) -> Floats:
    """Give the posterior probability that a DLT rate is above the target, for a uniform prior.

    Parameters
    ----------
    target : float, probability
        Target toxicity rate.
    evaluable, dlts : int or ndarray of int
        Tally; arrays are taken element by element.

    Returns
    -------
    ndarray of float
        One probability for each tally.
    """
    dlts, evaluable = np.asarray(dlts), np.asarray(evaluable)
    return np.asarray(betaincc(1.0 + dlts, 1.0 + evaluable - dlts, target), dtype=np.float64)


def probability_between(low: Any, high: Any, evaluable: int, dlts: int) -> Floats:
    """Give the posterior probability of intervals of the DLT rate, for a uniform prior.

    Parameters
    ----------
    low, high : float or ndarray of float
        Limits of the intervals.
    evaluable, dlts : int
        Tally.

    Returns
    -------
    ndarray of float
        One probability for each interval.
    """
    after = (1.0 + dlts, 1.0 + evaluable - dlts)
    return np.asarray(betainc(*after, high) - betainc(*after, low), dtype=np.float64)
