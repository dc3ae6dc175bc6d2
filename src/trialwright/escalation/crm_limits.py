"""Limits of the DLT rates of a CRM, from the posterior of its parameter.

The parameter is taken as normal around its posterior mean with its posterior variance, and the DLT
rates at both ends are the limits, as the R package `dfcrm` has them [1]_. They say how little a few
participants tell; no rule of the design looks at them.

References
----------
.. [1] Cheung YK. dfcrm: Dose-finding by the continual reassessment method. R package, function
   `crm`, `ptoxL` and `ptoxU`.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from trialwright.escalation.crm_model import CrmModel
from trialwright.escalation.isotonic import Floats
from trialwright.escalation.settings import probability_faults
from trialwright.escalation.states import Counts
from trialwright.terms.errors import Refusal


class RateLimits(NamedTuple):
    """DLT rates of the dose levels with their limits.

    Attributes
    ----------
    rates, low, high : ndarray of float, shape (levels,)
        At the posterior mean of the parameter, and at both ends of its interval.
    mean, variance : float
        Of the posterior of the parameter.
    """

    rates: Floats
    low: Floats
    high: Floats
    mean: float
    variance: float


def rate_limits(
    curve: CrmModel,
    evaluable: Counts,
    dlts: Counts,
    confidence: float = 0.9,
    panels: int = 768,
) -> RateLimits:
    """Give limits of the DLT rate of each dose level.

    Parameters
    ----------
    curve : CrmModel
        The model with its prior.
    evaluable, dlts : ndarray of int, shape (levels,)
        Counts by dose level.
    confidence : float, probability
        That the parameter lies between the two ends, were its posterior normal.
    panels : int
        Of the quadrature, as `CrmModel.posterior` takes them.

    Returns
    -------
    RateLimits
        The higher the parameter, the lower the rates.

    Raises
    ------
    Refusal
        If `confidence` is no probability.
    """
    faults = tuple(probability_faults(confidence=confidence))
    if faults:
        raise Refusal(faults)
    found = curve.posterior(evaluable[None], dlts[None], panels)
    mean, variance = float(found.mean[0]), float(found.variance[0])
    half = float(norm.ppf((1 + confidence) / 2) * np.sqrt(variance))
    rates, low, high = (curve.rates(each)[0] for each in (mean, mean + half, mean - half))
    return RateLimits(rates, low, high, mean, variance)
