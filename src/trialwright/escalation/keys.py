"""Intervals of the DLT rate of equal width around the target, and the one that is likeliest.

The interval around the target is repeated to both sides until 0 and 1; the outermost may be cut
short. Each is measured by its unit probability mass, posterior probability divided by width, for a
uniform prior, so that a short one is not at a disadvantage. When two are equally likely the higher
one is taken, which is the safer.
"""

from dataclasses import dataclass

import numpy as np

from trialwright.escalation.beta_tail import probability_between
from trialwright.escalation.isotonic import Floats

SLIVER = 1e-9
"""Width below which an outermost interval is only rounding."""


@dataclass(frozen=True)
class Keys:
    """Limits of the intervals and the place of that around the target.

    Attributes
    ----------
    limits : tuple of float
        Rising, from 0 to 1; interval i lies between limit i and i + 1, counted from 0.
    target : int
        Interval around the target.
    """

    limits: tuple[float, ...]
    target: int

    def masses(self, evaluable: int, dlts: int) -> Floats:
        """Give the unit probability mass of each interval.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        ndarray of float, shape (intervals,)
            Posterior probability divided by width.
        """
        low, high = np.array(self.limits[:-1]), np.array(self.limits[1:])
        return np.asarray(probability_between(low, high, evaluable, dlts) / (high - low))

    def strongest(self, evaluable: int, dlts: int) -> int:
        """Give the likeliest interval, the higher one of two that are equally likely.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        int
            Its place, counted from 0.
        """
        masses = self.masses(evaluable, dlts)
        return len(masses) - 1 - int(np.argmax(masses[::-1]))

    def told(self, key: int) -> str:
        """Say the limits of an interval.

        Parameters
        ----------
        key : int
            Its place.

        Returns
        -------
        str
            E.g. `0.25-0.35`.
        """
        return f"{self.limits[key]:.4g}-{self.limits[key + 1]:.4g}"


def keys_around(low: float, high: float) -> Keys:
    """Repeat an interval to both sides.

    Parameters
    ----------
    low, high : float, probabilities
        Limits of the interval around the target.

    Returns
    -------
    Keys
        Of its width, but for the outermost.
    """
    width = high - low
    below = [low - step * width for step in range(1, int(low / width) + 2)]
    above = [high + step * width for step in range(1, int((1 - high) / width) + 2)]
    lower = sorted({0.0, *(each for each in below if each > SLIVER)})
    upper = sorted({1.0, *(each for each in above if each < 1 - SLIVER)})
    return Keys((*lower, low, high, *upper), len(lower))


def three_intervals(low: float, high: float) -> Keys:
    """Part the DLT rates into too low, near the target and too high.

    Parameters
    ----------
    low, high : float, probabilities
        Limits of the interval around the target.

    Returns
    -------
    Keys
        Three intervals.
    """
    return Keys((0.0, low, high, 1.0), 1)
