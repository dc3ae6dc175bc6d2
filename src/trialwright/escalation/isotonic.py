r"""The MTD of a finished escalation by isotonic regression.

For every admissible level somebody was treated at, the DLT rate is first estimated by itself, with
a prior Beta(0.05, 0.05):

    estimate = (y + 0.05) / (n + 0.1)
    variance = (y + 0.05) (n - y + 0.05) / ((n + 0.1)^2 (n + 1.1))

and then made rising with the level, by the weighted least squares with weights 1 / variance. The
MTD is the level whose estimate is nearest to the target.

Ties are broken without chance: the level of rank r among the estimated ones is moved up by
r * 1e-10. So of levels with one common estimate below the target the highest is taken, of levels
with one common estimate above it the lowest, and of two that are equally far on both sides the
lower.

References
----------
.. [1] Liu S, Yuan Y. Bayesian optimal interval designs for phase I clinical trials. JRSS C
   2015;64(3):507-523. doi:10.1111/rssc.12089
.. [2] Yan F, Zhang L, Zhou Y, et al. BOIN: an R package for designing single-agent and
   drug-combination dose-finding trials. J Stat Softw 2020;94(13). doi:10.18637/jss.v094.i13
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR = 0.05
"""Both parameters of the beta prior of each level."""

TIE = 1e-10
"""How far one rank moves an estimate up, so that no two are equal."""


def likelihood_boundary(low: float, high: float) -> float:
    """Give the DLT rate at which two hypotheses about it are equally likely.

    Parameters
    ----------
    low, high : float, probabilities
        The two DLT rates, `low` below `high`.

    Returns
    -------
    float
        log((1-low)/(1-high)) / log(high(1-low) / (low(1-high))).
    """
    odds = math.log(high * (1 - low) / (low * (1 - high)))
    return math.log((1 - low) / (1 - high)) / odds


def isotonic_estimates(evaluable: Any, dlts: Any, is_admissible: Any) -> Floats:
    """Estimate the DLT rates of many trials at once, rising with the level.

    Parameters
    ----------
    evaluable, dlts : ndarray of int, shape (trials, levels)
        Counts by dose level.
    is_admissible : ndarray of bool, shape (trials, levels)
        The levels that are estimated: somebody was treated there and it is not closed.

    Returns
    -------
    ndarray of float, shape (trials, levels)
        Estimates; nan at levels that are not estimated.
    """
    total, toxic = np.asarray(evaluable, float) + 2 * PRIOR, np.asarray(dlts, float) + PRIOR
    admissible = np.asarray(is_admissible, bool)
    variance = toxic * (total - toxic) / (total**2 * (total + 1))
    weight = np.where(admissible, 1 / variance, 0.0)
    part = weight * (toxic / total)
    levels = weight.shape[1]
    found = np.full_like(weight, -np.inf)
    for first in range(levels):  # max over first <= level of min over last >= level of the means
        means: list[Floats] = []
        sums, weights = np.zeros(len(weight)), np.zeros(len(weight))
        for last in range(first, levels):
            sums, weights = sums + part[:, last], weights + weight[:, last]
            with np.errstate(invalid="ignore"):
                means.append(sums / weights)
        least = means[-1]
        for level in range(levels - 1, first - 1, -1):
            least = np.fmin(least, means[level - first])
            found[:, level] = np.fmax(found[:, level], least)
    return np.where(admissible, found, np.nan)


def nearest_to_target(estimates: Floats, target: float, below: float = math.inf) -> Ints:
    """Select the MTD of many trials at once from rising estimates.

    Parameters
    ----------
    estimates : ndarray of float, shape (trials, levels)
        As `isotonic_estimates` gives them.
    target : float, probability
        Target toxicity rate.
    below : float
        Only estimates below this can be selected.

    Returns
    -------
    ndarray of int, shape (trials,)
        Dose level, 1 = lowest; 0 where none can be selected.
    """
    ranks = np.cumsum(~np.isnan(estimates), axis=1)
    moved = estimates + TIE * ranks
    with np.errstate(invalid="ignore"):
        gaps = np.where(moved < below, np.abs(moved - target), np.inf)
    nearest = np.argmin(gaps, axis=1)
    is_none = np.isinf(np.min(gaps, axis=1))
    return np.where(is_none, 0, nearest + 1)
