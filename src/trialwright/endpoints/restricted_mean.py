"""Restricted mean survival time: the area below a Kaplan-Meier curve up to a horizon.

References
----------
.. [1] Irwin JO. J Hyg 1949;47(2):188-189. doi:10.1017/S0022172400014443
.. [2] Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152. doi:10.1186/1471-2288-13-152
"""

from dataclasses import dataclass

import numpy as np

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.kaplan_meier import KaplanMeier
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean time without the event up to a horizon.

    Attributes
    ----------
    horizon : float
        Up to which time; in the unit of the curve.
    mean, std_error : float or None
        Area below the curve and its standard error; None when not estimable.
    conventions : Conventions
        How they are given.
    because : str
        The answer in a sentence, with the conventions.
    """

    horizon: float
    mean: float | None
    std_error: float | None
    conventions: Conventions
    because: str


def restricted_mean(curve: KaplanMeier, horizon: float) -> RestrictedMean:
    """Give the mean time without the event up to a horizon [1]_, [2]_.

    Parameters
    ----------
    curve : KaplanMeier
        The curve.
    horizon : float
        Above 0, in the unit of the curve.

    Returns
    -------
    RestrictedMean
        Past the last time of a curve that is above 0, R's convention carries S(t) on, and that of
        SAS gives no estimate. The standard error sums, over the days with events, the squared area
        still to come times Greenwood's term.

    Raises
    ------
    Refusal
        If the horizon is not above 0.
    """
    if not horizon > 0:
        raise refuse("horizon", f"{horizon}", "above 0", "Give a time after the start")
    is_past = curve.participants > 0 and horizon > curve.times[-1] and curve.survival[-1] > 0
    if not curve.participants or (is_past and curve.conventions.convention == "SAS"):
        because = f"Mean up to {horizon:g} not estimable ({curve.conventions})."
        return RestrictedMean(horizon, None, None, curve.conventions, because)
    inside = int(np.searchsorted(curve.times, horizon, side="right"))
    edges = np.array([0.0, *curve.times[:inside], horizon])
    heights = np.array([1.0, *curve.survival[:inside]])
    areas = np.diff(edges) * heights
    to_come = areas[::-1].cumsum()[::-1][1:]
    died = np.array(curve.died[:inside], dtype=np.float64)
    at_risk = np.array(curve.at_risk[:inside], dtype=np.float64)
    left = at_risk * (at_risk - died)
    greenwood = np.divide(died, left, out=np.zeros_like(died), where=left > 0)
    mean, error = float(areas.sum()), float(np.sqrt((to_come**2 * greenwood).sum()))
    because = f"Mean up to {horizon:g}: {mean:.6g}, SE {error:.6g} ({curve.conventions})."
    return RestrictedMean(horizon, mean, error, curve.conventions, because)
