"""The DLT rate of each dose level by what was seen, with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.isotonic import isotonic_estimates

CONFIDENCE = 0.95
"""Of the intervals."""


@dataclass(frozen=True, slots=True)
class LevelRate:
    """What is known of the DLT rate of one dose level.

    Attributes
    ----------
    level : int
        Dose level, 1 = lowest.
    seen : LevelCount
        Its counts.
    estimate : float or None
        Isotonic estimate over the levels that were tried; None where nobody is evaluable.
    low, high : float
        Limits of the exact 95 % interval of this level by itself [1]_; 0 and 1 where nobody is
        evaluable.

    References
    ----------
    .. [1] Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case
       of the binomial. Biometrika 1934;26(4):404-413. doi:10.1093/biomet/26.4.404
    """

    level: int
    seen: LevelCount
    estimate: float | None
    low: float
    high: float


def level_rates(seen: Sequence[LevelCount]) -> tuple[LevelRate, ...]:
    """Estimate the DLT rate of each dose level; whoever is pending is not counted.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level, lowest first.

    Returns
    -------
    tuple of LevelRate
        One a level.
    """
    evaluable = np.array([[count.evaluable for count in seen]])
    dlts = np.array([[count.dlts for count in seen]])
    estimates = isotonic_estimates(evaluable, dlts, evaluable > 0)[0]
    return tuple(
        LevelRate(
            level,
            count,
            float(estimate) if count.evaluable else None,
            *_exact_interval(count.evaluable, count.dlts),
        )
        for level, (count, estimate) in enumerate(zip(seen, estimates, strict=True), start=1)
    )


def _exact_interval(evaluable: int, dlts: int) -> tuple[float, float]:
    """Give the exact interval of a binomial probability."""
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, dlts, evaluable - dlts + 1)) if dlts else 0.0
    high = float(beta.ppf(1 - tail, dlts + 1, evaluable - dlts)) if dlts < evaluable else 1.0
    return low, high
