"""Weakly informative shrinkage: one ratio, its likelihood, and a normal prior on its logarithm.

The likelihood is that of one parameter alone: for a response the conditional likelihood of the
2 x 2 tables of the arms, for a time the partial likelihood stratified by arm. Both exist where an
estimate does not, as when no altered participant had the event. The posterior is summed over a
grid; nothing is taken for normal but the prior.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtr

from trialwright.endpoints.conventions import Ties
from trialwright.predictors.basis import (
    Basis,
    Counted,
    counted_for_response,
    counted_for_time,
)
from trialwright.predictors.hazards import share_at_risk
from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.scores import Flags, Floats
from trialwright.terms.errors import refuse

LEAST_SPREAD = 0.5
"""A prior narrower than this weighs more than 16 events in equal groups (variance 4 / events),
which in a trial of 20 to 80 is no longer weak: refused."""

REACH = 8
"""Standard deviations of the prior to each side over which the posterior is summed."""

POINTS = 8001
"""Points of the grid: 0.002 standard deviations of the prior apart."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A normal prior on the logarithm of a ratio.

    Attributes
    ----------
    mean, spread : float
        Of the logarithm; the spread is at least 0.5.
    source : str
        Where it comes from, printed with every result.
    """

    mean: float
    spread: float
    source: str

    def __post_init__(self) -> None:
        """Refuse a prior that is not weak, or comes from nowhere."""
        if not self.spread >= LEAST_SPREAD:
            raise refuse("prior.spread", f"{self.spread}", f"at least {LEAST_SPREAD}",
                         "Widen the prior: a marker of few participants is not to be settled "
                         "beforehand")  # fmt: skip
        if not self.source.strip():
            raise refuse("prior.source", "nothing", "where the prior comes from", "Name it")

    def __str__(self) -> str:
        """Say the prior with its range and source."""
        low, high = (math.exp(self.mean + side * 1.96 * self.spread) for side in (-1, 1))
        return (
            f"normal prior on the logarithm, mean {self.mean:.3g}, standard deviation "
            f"{self.spread:.3g} (ratio {low:.3g} to {high:.3g} with 95 %): {self.source}"
        )


AKT_PATHWAY_HAZARD = Prior(
    0.0,
    abs(math.log(0.50)),
    "no direction, and as wide as the effect of treatment in CAPItello-291, hazard ratio 0.50 "
    "(0.38-0.65) with and 0.70 (0.56-0.88) without an altered AKT pathway; that is an effect of "
    "treatment, not of the marker (doi:10.1056/NEJMoa2214131)",
)
"""For hazard ratios of markers of the AKT pathway."""

RESPONSE_ODDS = Prior(
    0.0,
    2.5,
    "no direction, the scale that Gelman et al. give a logistic coefficient, normal in place of "
    "their Cauchy (doi:10.1214/08-AOAS191)",
)
"""For odds ratios of response."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A ratio with its prior.

    Attributes
    ----------
    basis : Basis
        Who was counted, who was not, the label and the caution.
    measure : {'odds ratio', 'hazard ratio'}
        Which ratio.
    ratio, lower, upper : float
        Posterior median and equal-tailed limits.
    conf_level : float
        Of the two limits together.
    below_one : float
        Posterior probability of a ratio below 1.
    prior : Prior
        What was assumed.
    because : str
        The answer in sentences, with the prior.
    """

    basis: Basis
    measure: str
    ratio: float
    lower: float
    upper: float
    conf_level: float
    below_one: float
    prior: Prior
    because: str


def shrink_response(
    marker: Marker,
    cohort: Cohort,
    responses: Responses,
    prior: Prior = RESPONSE_ODDS,
    conf_level: float = 0.95,
) -> Shrunk:
    """Shrink the odds ratio of a response, given the margins of every arm.

    Parameters
    ----------
    marker, cohort, responses
        As for `associate_response`.
    prior : Prior
        On the logarithm of the odds ratio.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Shrunk
        The prior itself where the arms tell nothing.
    """
    counted = counted_for_response(marker, cohort, responses)

    def level(log_odds: Floats) -> Floats:
        """Sum the conditional log likelihoods of the arms."""
        total = np.zeros_like(log_odds)
        for arm in counted.basis.arms:
            own = np.array([each == arm for each in counted.arms])
            total += _conditional(counted.altered[own], counted.event[own], log_odds)
        return total

    said = "conditional likelihood, stratified by arm"
    return _shrunk(counted, "odds ratio", level, prior, conf_level, said)


def shrink_time(
    marker: Marker,
    cohort: Cohort,
    times: Times,
    prior: Prior = AKT_PATHWAY_HAZARD,
    conf_level: float = 0.95,
    ties: Ties = "efron",
) -> Shrunk:
    """Shrink the hazard ratio of a time to event, with a baseline hazard for every arm.

    Parameters
    ----------
    marker, cohort, times
        As for `associate_time`.
    prior : Prior
        On the logarithm of the hazard ratio.
    conf_level : float
        Above 0 and below 1.
    ties : {'efron', 'breslow'}
        How events of one day are taken.

    Returns
    -------
    Shrunk
        The prior itself where the arms tell nothing.
    """
    counted = counted_for_time(marker, cohort, times)

    def level(log_hazard: Floats) -> Floats:
        """Sum the partial log likelihoods of the arms."""
        total = np.zeros_like(log_hazard)
        for arm in counted.basis.arms:
            own = np.array([each == arm for each in counted.arms])
            total += _partial(counted.days[own], counted.event[own], counted.altered[own],
                              log_hazard, ties)  # fmt: skip
        return total

    worth = 4 / prior.spread**2
    said = (
        f"partial likelihood, ties {ties}, stratified by arm; "
        f"the prior is worth {worth:.1f} events in equal groups"
    )
    return _shrunk(counted, "hazard ratio", level, prior, conf_level, said)


def posterior(
    level: Callable[[Floats], Floats], prior: Prior, shares: Sequence[float]
) -> tuple[tuple[float, ...], float]:
    """Give quantiles of the posterior of one parameter.

    Parameters
    ----------
    level : callable
        Takes an ndarray of parameters; gives the log likelihood of each.
    prior : Prior
        On the parameter.
    shares : sequence of float
        E.g. 0.5 for the median.

    Returns
    -------
    tuple of (tuple of float, float)
        A quantile for each share, and the probability that the parameter is below 0.
    """
    grid = prior.mean + prior.spread * np.linspace(-REACH, REACH, POINTS)
    found = level(grid) - ((grid - prior.mean) / prior.spread) ** 2 / 2
    weight = np.exp(found - found.max())
    between = np.concatenate(([0.0], np.cumsum((weight[1:] + weight[:-1]) / 2)))
    mass = between / between[-1]
    quantiles = tuple(float(each) for each in np.interp(shares, mass, grid))
    return quantiles, float(np.interp(0.0, grid, mass))


def _partial(
    days: Floats, had_event: Flags, altered: Flags, log_hazard: Floats, ties: Ties
) -> Floats:
    """Give the partial log likelihood of one arm at every value."""
    share = share_at_risk(days, had_event, ties)
    with np.errstate(divide="ignore"):  # nobody altered, or everybody, is left at risk
        others, carriers = np.log(share @ ~altered), np.log(share @ altered)
    sums = np.logaddexp(others[:, None], carriers[:, None] + log_hazard)
    level: Floats = int((altered & had_event).sum()) * log_hazard - sums.sum(0)
    return level


def _conditional(altered: Flags, event: Flags, log_odds: Floats) -> Floats:
    """Give the log likelihood of one table given its margins."""
    carriers, events, people = int(altered.sum()), int(event.sum()), len(altered)
    reachable = np.arange(max(0, carriers + events - people), min(carriers, events) + 1)
    ways = (
        -gammaln(reachable + 1) - gammaln(carriers - reachable + 1)
        - gammaln(events - reachable + 1) - gammaln(people - carriers - events + reachable + 1)
    )  # fmt: skip
    terms = ways[:, None] + reachable[:, None] * log_odds
    top = terms.max(0)
    seen = int((altered & event).sum())
    level: Floats = seen * log_odds - top - np.log(np.exp(terms - top).sum(0))
    return level


def _shrunk(
    counted: Counted,
    measure: str,
    level: Callable[[Floats], Floats],
    prior: Prior,
    conf_level: float,
    said: str,
) -> Shrunk:
    """Sum the posterior and say it."""
    outside = (1 - conf_level) / 2
    (lower, middle, upper), below = posterior(level, prior, (outside, 0.5, 1 - outside))
    ratio, low, high = math.exp(middle), math.exp(lower), math.exp(upper)
    because = (
        f"{counted.basis} Shrunken {measure} {ratio:.6g} ({100 * conf_level:.10g} % posterior "
        f"limits {low:.6g} to {high:.6g}), probability of a ratio below 1 {below:.3g} (before the "
        f"data {float(ndtr(-prior.mean / prior.spread)):.3g}); {said}; {prior}."
    )
    return Shrunk(counted.basis, measure, ratio, low, high, conf_level, below, prior, because)
