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


@dataclass(frozen=True, slots=True)
class Place:
    """What a likelihood says at one value of its parameters.

    Attributes
    ----------
    level : float
        Log likelihood.
    score : ndarray of float, shape (parameters,)
        Its slope.
    information : ndarray of float, shape (parameters, parameters)
        Minus its curvature.
    penalty_slope : callable
        Takes the inverse information; gives the slope of half the logarithm of the determinant
        of the information, shape (parameters,).
    """

    level: float
    score: Floats
    information: Floats
    penalty_slope: Callable[[Floats], Floats]


Likelihood = Callable[[Floats], Place]
"""Log likelihood and its derivatives at a parameter."""

STEPS = 200
"""Scoring nears the maximum by a constant factor; tables of 20 to 80 need fewer than thirty."""

STANDS_STILL = 1e-10
"""Largest change of a parameter of scaled covariates in a last step."""

LONGEST_STEP = 2.0
"""Longest step in a scaled parameter: further out the information of few participants vanishes."""

AS_HIGH = 1e-7
"""Levels of a likelihood closer than this are one maximum."""

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
        Takes an ndarray of shape (parameters,).
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
    null = _highest(likelihood, np.where(np.arange(parameters) == place, 0.0, at), place)
    if null is None:
        return None
    lower, upper = (
        _outermost(_Path(likelihood, place, level - drop, at), side) for side in (-1, 1)
    )
    p = float(chdtrc(1, max(0.0, 2 * (level - null[1]))))
    return Profile(float(at[place]), lower, upper, p)


MOST_KEPT = 512
"""Profiles kept by the data they are of: markers that say the same of everybody share one."""

Columns = tuple[tuple[float, ...], ...]
"""Covariates of each participant, which can be told apart by value."""


def columns_of(covariates: Floats) -> Columns:
    """Write covariates so that equal ones are known again.

    Parameters
    ----------
    covariates : ndarray of float, shape (participants, parameters)
        Of one regression.

    Returns
    -------
    tuple of tuple of float
        The same numbers, by participant.
    """
    return tuple(map(tuple, covariates.tolist()))


@dataclass(slots=True)
class _Path:
    """The profile of one parameter along one maximum: each climb starts at the last answer."""

    likelihood: Likelihood
    place: int
    bound: float
    last: Floats

    def at(self, value: float) -> Floats:
        """Give the last answer with another value of the parameter."""
        return np.where(np.arange(len(self.last)) == self.place, value, self.last)

    def below(self, value: float) -> float:
        """Hold the parameter at a value and climb; give how far the top lies below the bound."""
        found = _maximum(self.likelihood, self.at(value), self.place)
        if found is None:
            return np.inf
        self.last = found[0]
        return self.bound - found[1]


def _highest(likelihood: Likelihood, start: Floats, held: int) -> tuple[Floats, float] | None:
    """Climb from several places with one parameter held, and keep the highest maximum.

    Where groups are separated, a penalised likelihood can have two maxima in the other parameters.
    """
    aside = np.where(np.arange(len(start)) == held, start, 0.0)
    turned = (np.where(np.arange(len(start)) == each, -start, start)
              for each in range(len(start)) if each != held)  # fmt: skip
    climbed = (_maximum(likelihood, each, held) for each in (start, aside, *turned))
    return max((each for each in climbed if each), key=lambda each: each[1], default=None)


def _outermost(path: _Path, side: int) -> float:
    """Find a limit, and go on from it while another maximum there lies above the bound."""
    limit = float(path.last[path.place])
    for _ in range(2 * len(path.last)):
        limit = _limit(path.below, limit, side)
        if not np.isfinite(limit):
            break
        found = _highest(path.likelihood, path.at(limit), path.place)
        if found is None or found[1] <= path.bound + AS_HIGH:
            break
        path.last = found[0]
    return limit


def _penalised(place: Place) -> float:
    """Give the penalised log likelihood; minus infinity where the information is singular."""
    sign, log_determinant = np.linalg.slogdet(place.information)
    return place.level + float(log_determinant) / 2 if sign > 0 else -np.inf


def _maximum(
    likelihood: Likelihood, start: Floats, held: int | None
) -> tuple[Floats, float] | None:
    """Climb to the maximum, with one parameter held where it starts; None where there is none."""
    free = np.array([place for place in range(len(start)) if place != held], dtype=np.intp)
    at, here = start, likelihood(start)
    level = _penalised(here)
    if level == -np.inf or not len(free):
        return None if level == -np.inf else (at, level)
    before = np.zeros(len(at))
    for _ in range(STEPS):
        inverse: Floats = np.linalg.inv(here.information).astype(np.float64)
        score: Floats = here.score + here.penalty_slope(inverse)
        step = np.zeros(len(at))
        step[free] = np.linalg.solve(here.information[np.ix_(free, free)], score[free])
        step *= LONGEST_STEP / max(float(np.abs(step).max()), LONGEST_STEP)
        if step @ before < 0:  # scoring steps over the maximum and back: go half the way
            step = step / 2
        tried = likelihood(at + step)
        reached = _penalised(tried)
        while reached < level and float(np.abs(step).max()) > STANDS_STILL:
            step = step / 2
            tried = likelihood(at + step)
            reached = _penalised(tried)
        at, here, level, before = at + step, tried, reached, step
        if float(np.abs(step).max()) <= STANDS_STILL:
            return at, level
    return None


def _limit(below: Callable[[float], float], at: float, side: int) -> float:
    """Find where the profile has fallen as far as the limits allow; infinite if nowhere."""
    inner, width = at, 1.0
    for _ in range(WIDEST):
        outer = at + side * width
        found = below(outer)
        if found >= 0:
            return float(brentq(below, inner, outer, xtol=1e-10)) if np.isfinite(found) else outer
        inner, width = outer, width * 2
    return side * np.inf
