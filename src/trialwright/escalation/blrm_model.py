r"""The two-parameter Bayesian logistic regression model, by quadrature that has converged.

With a reference dose :math:`d^*` the DLT rate at dose d is

.. math::
    \operatorname{logit} p(d) = \alpha_0 + \alpha_1 \log(d / d^*),\qquad
    (\alpha_0, \log \alpha_1) \sim N_2(\mu, \Sigma)

The probability that a DLT rate lies in an interval has an edge inside the plane of the parameters,
at which a product grid fails. For a given slope, though, the edge is one value of the intercept:
so the inner integral, over the intercept, is split there, and the outer one, over the logarithm of
the slope, is smooth. Nodes are doubled until nothing moves by more than `within`.

References
----------
.. [1] Neuenschwander B, Branson M, Gsponer T. Critical aspects of the Bayesian approach to phase I
   cancer trials. Stat Med 2008;27(13):2420-2439. doi:10.1002/sim.3230
.. [2] Babb J, Rogatko A, Zacks S. Cancer phase I clinical trials: efficient dose escalation with
   overdose control. Stat Med 1998;17(10):1103-1120.
   doi:10.1002/(SICI)1097-0258(19980530)17:10<1103::AID-SIM793>3.0.CO;2-9
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from trialwright.escalation.isotonic import Floats
from trialwright.escalation.states import Counts
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

REACH = 8.0
"""Prior standard deviations to both sides that are integrated over; beyond lies 1e-15."""

NODES = 24
"""Nodes of each inner part, and half the nodes of the outer integral, to begin with."""

MOST_NODES = 384
"""Nodes at which doubling is given up."""


class DoseRates(NamedTuple):
    """What follows from counts, for each dose level.

    Attributes
    ----------
    mean : ndarray of float, shape (levels,)
        Posterior mean of the DLT rate.
    intervals : ndarray of float, shape (levels, limits + 1)
        Posterior probability that the DLT rate lies below the first limit, between the limits, and
        above the last.
    change : float
        Largest change when the nodes were doubled for the last time.
    """

    mean: Floats
    intervals: Floats
    change: float


@dataclass(frozen=True)
class BlrmModel:
    """A two-parameter logistic model of the DLT rate with its prior.

    Attributes
    ----------
    doses : tuple of float
        Dose of each level, rising, in the unit of the reference dose.
    reference_dose : float
        Dose at which the intercept is the logit of the DLT rate.
    mean : tuple of float, shape (2,)
        Prior mean of the intercept and of the logarithm of the slope.
    covariance : tuple of tuple of float, shape (2, 2)
        Prior covariance of both.
    limits : tuple of float, probabilities
        Limits of the intervals of the DLT rate, rising.

    Raises
    ------
    Refusal
        If doses or limits do not rise, a dose is not above 0, or the covariance is none.
    """

    doses: tuple[float, ...]
    reference_dose: float
    mean: tuple[float, float]
    covariance: tuple[tuple[float, float], tuple[float, float]]
    limits: tuple[float, ...] = (0.2, 0.35)

    def __post_init__(self) -> None:
        """Refuse settings that are none, all at once."""
        faults = [
            *_rising("doses", self.doses, 0.0, math.inf),
            *_rising("limits", self.limits, 0.0, 1.0),
            *_rising("reference_dose", (self.reference_dose,), 0.0, math.inf),
        ]
        (first, both), (other, second) = self.covariance
        if both != other or first <= 0 or first * second <= both * both:
            allowed, do = "a symmetric, positive definite matrix", "Correct the covariance"
            faults.append(Fault("covariance", shorten(self.covariance), allowed, do))
        if faults:
            raise Refusal(faults)

    def posterior(self, evaluable: Counts, dlts: Counts, within: float = 1e-9) -> DoseRates:
        """Give the posterior of the DLT rates.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (levels,)
            Counts by dose level.
        within : float
            Change, when the nodes are doubled, at which they are enough.

        Returns
        -------
        DoseRates
            Means and probabilities of the intervals.

        Raises
        ------
        Refusal
            If the finest quadrature does not settle them.
        """
        nodes, coarse, change = NODES, self._rates(evaluable, dlts, NODES), math.inf
        while nodes < MOST_NODES:
            nodes *= 2
            fine = self._rates(evaluable, dlts, nodes)
            change = float(np.abs(fine - coarse).max())
            if change <= within:
                return DoseRates(fine[:, 0], fine[:, 1:], change)
            coarse = fine
        do = "Take a prior with less variance, or allow a larger change"
        raise refuse("within", f"a change of {change:.1e}", f"at most {within:.1e}", do)

    def _rates(self, evaluable: Counts, dlts: Counts, nodes: int) -> Floats:
        """Give means and interval probabilities, by level, with a fixed number of nodes."""
        found = []
        for level in range(len(self.doses)):
            intercept, slope, weight = _grid(self, level, nodes)
            logits = intercept[..., None] + slope[:, None, None, None] * self._logs()
            chance = -np.logaddexp(0, -logits) @ dlts.astype(float)
            chance -= np.logaddexp(0, logits) @ (evaluable - dlts).astype(float)
            mass = weight * np.exp(chance - chance.max())
            rate = expit(logits[..., level])
            parts = mass.sum(axis=(0, 2))
            found.append(np.array([(mass * rate).sum(), *parts]) / parts.sum())
        return np.array(found)

    def _logs(self) -> Floats:
        """Give the logarithms of the doses over the reference dose."""
        return np.log(np.asarray(self.doses) / self.reference_dose)


@lru_cache(maxsize=64)
def _grid(model: BlrmModel, level: int, nodes: int) -> tuple[Floats, Floats, Floats]:
    """Make the nodes for one level: slopes; for each of them, intercepts part by part.

    Intercepts and weights have the shape (slopes, parts, nodes), slopes (slopes,). The parts are
    the intervals of the DLT rate of that level; a part beyond the reach of the prior is empty.
    """
    (first, both), (_, second) = model.covariance
    places, weights = np.polynomial.legendre.leggauss(nodes)
    end = REACH * math.sqrt(second)
    step = 2 * end / (2 * nodes)
    logs = model.mean[1] - end + step * (np.arange(2 * nodes) + 0.5)
    slope = np.exp(logs)
    centre = model.mean[0] + both / second * (logs - model.mean[1])
    spread = math.sqrt(first - both * both / second)
    outer = step * np.exp(-((logs - model.mean[1]) ** 2) / (2 * second))
    low, high = centre - REACH * spread, centre + REACH * spread
    shift = slope * math.log(model.doses[level] / model.reference_dose)
    cuts = [np.clip(float(logit(limit)) - shift, low, high) for limit in model.limits]
    edges = np.stack([low, *cuts, high], axis=1)
    half = np.diff(edges, axis=1)[..., None] / 2
    intercept = edges[:, :-1, None] + half * (1 + places)
    density = np.exp(-((intercept - centre[:, None, None]) ** 2) / (2 * spread**2))
    return intercept, slope, outer[:, None, None] * half * weights * density


def _rising(where: str, numbers: Sequence[float], above: float, below: float) -> list[Fault]:
    """Find numbers out of bounds, or not above the one before."""
    faults, before = [], above
    for place, number in enumerate(numbers):
        if not before < number < below:
            allowed = f"a number above {before:g}"
            allowed += f" and below {below:g}" if below < math.inf else ""
            do = "List them from the lowest to the highest"
            faults.append(Fault(f"{where}.{place}", shorten(number), allowed, do))
            continue
        before = number
    return faults
