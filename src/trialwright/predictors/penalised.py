"""Firth's penalised likelihood: estimates that exist where the plain ones run away.

The log likelihood is raised by half the logarithm of the determinant of the information, which
takes away the first-order bias and keeps every estimate finite [1]_. Limits and p-values come
from the profile of the penalised likelihood [2]_; Wald limits mislead where groups are small.

References
----------
.. [1] Firth D. Biometrika 1993;80(1):27-38. doi:10.1093/biomet/80.1.27
.. [2] Heinze G, Schemper M. Stat Med 2002;21(16):2409-2419. doi:10.1002/sim.1047
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri

Floats = NDArray[np.float64]

Likelihood = Callable[[Floats], tuple[float, Floats, Floats]]
"""Log likelihood, its slope and its information at a parameter."""

STEPS = 200
"""Scoring nears the maximum by a constant factor; tables of 20 to 80 need fewer than thirty."""

STANDS_STILL = 1e-10
"""Largest change of a parameter of scaled covariates in a last step."""

NUDGE = 1e-5
"""Half the distance over which the information is differenced: its square is below what the
rounding of the information leaves."""

LONGEST_STEP = 2.0
"""Longest step in a scaled parameter: further out the information of few participants vanishes."""

WIDEST = 64
"""Doublings of a search for a profile limit before it is taken for infinite."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One penalised estimate.

    Attributes
    ----------
    coefficient : float
        Logarithm of the odds or hazard ratio.
    lower, upper : float
        Limits by the profile of the penalised likelihood, of the logarithm.
    p : float
        By the penalised likelihood ratio, on one degree of freedom.
    """

    coefficient: float
    lower: float
    upper: float
    p: float


def profile(
    likelihood: Likelihood, parameters: int, place: int, conf_level: float
) -> Profile | None:
    """Maximise a penalised likelihood and profile one parameter.

    Parameters
    ----------
    likelihood : callable
        Takes an ndarray of shape (parameters,); gives log likelihood, slope and information.
    parameters : int
        How many there are.
    place : int
        Which one is asked about.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Profile or None
        None where the information is singular, as with covariates that say the same.
    """
    best = _maximum(likelihood, np.zeros(parameters), None)
    if best is None:
        return None
    at, level = best
    drop = float(chdtri(1, 1 - conf_level)) / 2

    def lost(value: float) -> float:
        """Give how far the profile lies below its maximum, less what the limits allow."""
        start = at.copy()
        start[place] = value
        held = _maximum(likelihood, start, place)
        return np.inf if held is None else level - held[1] - drop

    null = _maximum(likelihood, np.where(np.arange(parameters) == place, 0.0, at), place)
    if null is None:
        return None
    lower, upper = _limit(lost, float(at[place]), -1), _limit(lost, float(at[place]), 1)
    return Profile(
        float(at[place]), lower, upper, float(chdtrc(1, max(0.0, 2 * (level - null[1]))))
    )


def penalised_level(likelihood: Likelihood, at: Floats) -> float:
    """Give the penalised log likelihood.

    Parameters
    ----------
    likelihood : callable
        As for `profile`.
    at : ndarray of float, shape (parameters,)
        Where.

    Returns
    -------
    float
        Minus infinity where the information is singular.
    """
    level, _, information = likelihood(at)
    sign, log_determinant = np.linalg.slogdet(information)
    return level + log_determinant / 2 if sign > 0 else -np.inf


def _maximum(
    likelihood: Likelihood, start: Floats, held: int | None
) -> tuple[Floats, float] | None:
    """Climb to the maximum, with one parameter held where it starts; None where there is none."""
    free = np.array([place for place in range(len(start)) if place != held], dtype=np.intp)
    at, level = start, penalised_level(likelihood, start)
    if level == -np.inf:
        return None
    for _ in range(STEPS if len(free) else 0):
        _, score, information = likelihood(at)
        score = score + _slope_of_penalty(likelihood, at, information)
        step = np.zeros(len(at))
        step[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), LONGEST_STEP))
        tried = penalised_level(likelihood, at + step)
        while tried < level and float(np.abs(step).max()) > STANDS_STILL:
            step = step / 2
            tried = penalised_level(likelihood, at + step)
        at, level = at + step, tried
        if float(np.abs(step).max()) <= STANDS_STILL:
            return at, level
    return (at, level) if not len(free) else None


def _slope_of_penalty(likelihood: Likelihood, at: Floats, information: Floats) -> Floats:
    """Give half the trace of the inverse information times its derivative, by parameter."""
    inverse = np.linalg.inv(information)
    slope = np.empty(len(at))
    for place in range(len(at)):
        nudge = np.zeros(len(at))
        nudge[place] = NUDGE
        change = (likelihood(at + nudge)[2] - likelihood(at - nudge)[2]) / (2 * NUDGE)
        slope[place] = float(np.trace(inverse @ change)) / 2
    return slope


def _limit(lost: Callable[[float], float], at: float, side: int) -> float:
    """Find where the profile has fallen as far as the limits allow; infinite if nowhere."""
    inner, width = at, 1.0
    for _ in range(WIDEST):
        outer = at + side * width
        found = lost(outer)
        if found >= 0:
            return float(brentq(lost, inner, outer, xtol=1e-10)) if np.isfinite(found) else outer
        inner, width = outer, width * 2
    return side * np.inf
