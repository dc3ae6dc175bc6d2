r"""Arms that escalate the same agent: logistic models that share information when they agree.

In arm j the DLT rate at dose d is that of `blrm_model`, with parameters
:math:`\theta_j = (\alpha_j, \log \beta_j)`. With probability :math:`w_j` the arm is exchangeable
with the others, else it stands by itself:

.. math::
    \theta_{jk} \sim N(\mu_k, \tau_k^2),\quad \mu_k \sim N(m_k, s_k^2),\quad
    \log \tau_k \sim N(\log t_k, u_k^2) \qquad\text{or}\qquad \theta_j \sim N_2(\nu, \Sigma)

for k = 1 (intercept) and 2 (logarithm of the slope). The two components of an exchangeable arm are
independent given :math:`\mu, \tau`: with the correlation 0 the integral over the parameters of an
arm, for every value of :math:`\mu, \tau` at once, is two products of matrices. So the posterior
needs no random numbers: the same data give the same answer, to as many digits as are asked for.

References
----------
.. [1] Neuenschwander B, Wandel S, Roychoudhury S, Bailey S. Robust exchangeability designs for
   early phase clinical trials with multiple strata. Pharm Stat 2016;15(2):123-134.
   doi:10.1002/pst.1730
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.interpolate import CubicSpline, PPoly
from scipy.special import expit, logit

from trialwright.escalation.blrm_model import BlrmModel, DoseRates
from trialwright.escalation.isotonic import Floats
from trialwright.escalation.states import Counts
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

REACH = 6.0
"""Prior standard deviations to both sides that are integrated over; beyond lies 2e-9."""

SPREADS = 6
"""Values of the spread between arms, to begin with."""

FIRST_STEP = 1.0
"""Distance of the nodes, in parts of what the priors resolve, to begin with."""

FINER = 0.7
"""How much finer each further quadrature is."""

MOST_NODES = 6000
"""Nodes of a parameter, or pairs of mean and spread, at which refining is given up."""

_PARAMETERS = ("intercept", "log_slope")


class ArmPosterior(NamedTuple):
    """What follows for one arm from the counts of all of them.

    Attributes
    ----------
    rates : DoseRates
        Of its dose levels.
    exchangeable : float, probability
        Posterior probability that the arm is exchangeable with the others.
    """

    rates: DoseRates
    exchangeable: float


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """Prior of one parameter over exchangeable arms.

    Attributes
    ----------
    mean, sd : float
        Of the common mean of the arms.
    spread : float
        Median of the standard deviation between arms.
    spread_log_sd : float
        Standard deviation of its logarithm.
    """

    mean: float
    sd: float
    spread: float
    spread_log_sd: float


@dataclass(frozen=True, kw_only=True)
class ExchangeableModel:
    """Logistic models of several arms with what they share.

    Attributes
    ----------
    arms : tuple of BlrmModel
        One an arm: its doses, the limits of its intervals, and the prior it has when it stands by
        itself. Reference dose and limits are the same in all.
    intercept, log_slope : Exchange
        Priors over exchangeable arms.
    weights : tuple of float, probabilities
        Of each arm to be exchangeable; 0 and 1 are allowed.

    Raises
    ------
    Refusal
        If there are not as many weights as arms, a weight is no probability, a standard deviation
        is not above 0, or arms differ in reference dose or limits.
    """

    arms: tuple[BlrmModel, ...]
    intercept: Exchange
    log_slope: Exchange
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse settings that are none, all at once."""
        faults = tuple(self._faults())
        if faults:
            raise Refusal(faults)

    def _faults(self) -> Iterator[Fault]:
        """Find every setting that is none."""
        if not self.arms or len(self.weights) != len(self.arms):
            found = f"{len(self.weights)} weights for {len(self.arms)} arms"
            yield Fault("weights", found, "one weight for each arm", "Give each arm its weight")
        for place, weight in enumerate(self.weights):
            if not 0 <= weight <= 1:
                do = "Give the probability that the arm is exchangeable"
                yield Fault(f"weights.{place}", shorten(weight), "a number from 0 to 1", do)
        for name, prior in (("intercept", self.intercept), ("log_slope", self.log_slope)):
            for part in ("sd", "spread", "spread_log_sd"):
                if not 0 < getattr(prior, part) < math.inf:
                    found, do = shorten(getattr(prior, part)), "Give a standard deviation"
                    yield Fault(f"{name}.{part}", found, "a number above 0", do)
        for name in ("reference_dose", "limits"):
            if len({getattr(arm, name) for arm in self.arms}) > 1:
                found = shorten([getattr(arm, name) for arm in self.arms])
                yield Fault(f"arms.{name}", found, "the same in all arms", "Take one for all")

    def posterior(
        self, evaluable: Sequence[Counts], dlts: Sequence[Counts], within: float = 1e-5
    ) -> tuple[ArmPosterior, ...]:
        """Give the posterior of the DLT rates of every arm.

        Parameters
        ----------
        evaluable, dlts : sequence of ndarray of int, one an arm, shape (levels,)
            Counts by dose level.
        within : float
            Change, when the quadrature is made finer, at which it is fine enough.

        Returns
        -------
        tuple of ArmPosterior
            In the order of the arms.

        Raises
        ------
        Refusal
            If the finest quadrature does not settle them.
        """
        step, change = FIRST_STEP, math.inf
        coarse = self._posterior(evaluable, dlts, step)
        while _nodes_at(self, step * FINER) <= MOST_NODES:
            step *= FINER
            fine = self._posterior(evaluable, dlts, step)
            change = max(float(np.abs(a - b).max()) for a, b in zip(coarse, fine, strict=True))
            if change <= within:
                return tuple(
                    ArmPosterior(DoseRates(each[1:, 0], each[1:, 1:], change), float(each[0, 0]))
                    for each in fine
                )
            coarse = fine
        do = "Take a prior with less variance, or allow a larger change"
        found = "too many nodes to refine" if math.isinf(change) else f"a change of {change:.1e}"
        raise refuse("within", found, f"a change of at most {within:.1e}", do)

    def _posterior(
        self, evaluable: Sequence[Counts], dlts: Sequence[Counts], step: float
    ) -> list[Floats]:
        """Give, for each arm, the probability to be exchangeable, then means and intervals."""
        grid = _grid(self, step)
        chances = [
            _likelihood(arm, grid, n, y)
            for arm, n, y in zip(self.arms, evaluable, dlts, strict=True)
        ]
        shared = [grid.intercepts @ each @ grid.slopes.T for each in chances]
        alone = [float((own * each).sum()) for own, each in zip(grid.own, chances, strict=True)]
        mixed = [
            weight * each + (1 - weight) * single
            for weight, each, single in zip(self.weights, shared, alone, strict=True)
        ]
        found = []
        for place, arm in enumerate(self.arms):
            others = grid.weight.copy()
            for other, each in enumerate(mixed):
                if other != place:
                    others *= each / each.max()
            weight = self.weights[place]
            together = weight * float((others * shared[place]).sum())
            apart = (1 - weight) * alone[place] * float(others.sum())
            density = weight * (grid.intercepts.T @ others @ grid.slopes)
            density = density + (1 - weight) * float(others.sum()) * grid.own[place]
            rates = _summary(arm, grid, density * chances[place])
            first = np.full((1, rates.shape[1]), together / (together + apart))
            found.append(np.concatenate([first, rates]))
        return found


class _Grid(NamedTuple):
    """Nodes of both parameters, and what the priors say of them.

    `intercepts` and `slopes`, of shape (pairs, nodes), hold the probability of each node for each
    pair of common mean and spread; `weight` the prior of the pairs, of the intercept by row and of
    the logarithm of the slope by column; `own` the prior of each arm that stands by itself.
    """

    intercept: Floats
    log_slope: Floats
    intercepts: Floats
    slopes: Floats
    weight: Floats
    own: tuple[Floats, ...]


class _Places(NamedTuple):
    """Nodes of one parameter; its common means, and its spreads, with their prior."""

    nodes: Floats
    means: Floats
    of_means: Floats
    spreads: Floats
    of_spreads: Floats


def _places(model: ExchangeableModel, name: str, step: float) -> _Places:
    """Give the nodes of a parameter: evenly spaced, by Gauss and Hermite for the spread."""
    prior, place = getattr(model, name), _PARAMETERS.index(name)
    roots, of_spreads = hermegauss(math.ceil(SPREADS / math.sqrt(step)))
    spreads = prior.spread * np.exp(prior.spread_log_sd * roots)
    broad = math.hypot(prior.sd, float(spreads[-1]))
    alone = [(arm.mean[place], math.sqrt(arm.covariance[place][place])) for arm in model.arms]
    ends = [(prior.mean, broad), *alone]
    finest = min(prior.spread, *(sd / 4 for _, sd in alone))
    low = min(centre - REACH * sd for centre, sd in ends)
    high = max(centre + REACH * sd for centre, sd in ends)
    nodes = _spaced(low, high, step * finest)
    scores = _spaced(-REACH, REACH, step / 8)
    of_means = _normal(scores, 0.0, 1.0)
    means = prior.mean + prior.sd * scores
    return _Places(nodes, means, of_means / of_means.sum(), spreads, of_spreads / of_spreads.sum())


def _spaced(low: float, high: float, step: float) -> Floats:
    """Give evenly spaced nodes."""
    return np.linspace(low, high, 1 + math.ceil((high - low) / step))


def _nodes_at(model: ExchangeableModel, step: float) -> int:
    """Count the nodes of the parameter, or pairs of mean and spread, of which there are most."""
    found = [_places(model, name, step) for name in _PARAMETERS]
    return max(max(len(each.nodes), len(each.means) * len(each.spreads)) for each in found)


@lru_cache(maxsize=8)
def _grid(model: ExchangeableModel, step: float) -> _Grid:
    """Make the nodes with their priors."""
    places = [_places(model, name, step) for name in _PARAMETERS]
    given, weights = [], []
    for each in places:
        means, spreads = (part.ravel() for part in np.meshgrid(each.means, each.spreads))
        width = each.nodes[1] - each.nodes[0]
        given.append(_normal(each.nodes, means[:, None], spreads[:, None]) * width)
        weights.append(np.outer(each.of_spreads, each.of_means).ravel())
    intercept, log_slope = (each.nodes for each in places)
    own = tuple(_own(arm, intercept, log_slope) for arm in model.arms)
    return _Grid(intercept, log_slope, given[0], given[1], np.outer(*weights), own)


def _normal(value: Floats, mean: Floats | float, sd: Floats | float) -> Floats:
    """Give the density of a normal distribution."""
    return np.exp(-(((value - mean) / sd) ** 2) / 2) / (sd * math.sqrt(2 * math.pi))


def _own(arm: BlrmModel, intercept: Floats, log_slope: Floats) -> Floats:
    """Give the probability of each node for an arm that stands by itself."""
    apart = np.stack(np.meshgrid(intercept, log_slope, indexing="ij"), axis=-1) - arm.mean
    covariance = np.asarray(arm.covariance)
    distance = np.einsum("abi,ij,abj->ab", apart, np.linalg.inv(covariance), apart)
    density = np.exp(-distance / 2) / (2 * math.pi * math.sqrt(np.linalg.det(covariance)))
    return np.asarray(density * (intercept[1] - intercept[0]) * (log_slope[1] - log_slope[0]))


def _likelihood(arm: BlrmModel, grid: _Grid, evaluable: Counts, dlts: Counts) -> Floats:
    """Give the likelihood of the counts of an arm at every node, the greatest being 1."""
    chance = np.zeros((len(grid.intercept), len(grid.log_slope)))
    for level in np.flatnonzero(evaluable):
        logits = _logits(arm, grid, int(level))
        chance -= float(dlts[level]) * np.logaddexp(0, -logits)
        chance -= float(evaluable[level] - dlts[level]) * np.logaddexp(0, logits)
    return np.asarray(np.exp(chance - chance.max()))


def _logits(arm: BlrmModel, grid: _Grid, level: int) -> Floats:
    """Give the logit of the DLT rate of a level at every node."""
    ratio = math.log(arm.doses[level] / arm.reference_dose)
    return np.asarray(grid.intercept[:, None] + np.exp(grid.log_slope) * ratio)


def _summary(arm: BlrmModel, grid: _Grid, density: Floats) -> Floats:
    """Give the mean of the DLT rate and the probability of its intervals, by level.

    For a slope, the limit of an interval is one value of the intercept. The integral up to there
    is that of a spline through the nodes, which loses nothing that the nodes resolve.
    """
    whole = float(density.sum())
    below = CubicSpline(grid.intercept, density, axis=0).antiderivative()
    spacing = grid.intercept[1] - grid.intercept[0]
    found = []
    for level in range(len(arm.doses)):
        logits = _logits(arm, grid, level)
        cuts = [float(logit(limit)) - (logits[0] - grid.intercept[0]) for limit in arm.limits]
        inside = [np.clip(cut, grid.intercept[0], grid.intercept[-1]) for cut in cuts]
        up_to = [_at(below, cut).sum() / spacing / whole for cut in inside]
        parts = np.diff([0.0, *up_to, 1.0])
        found.append([float((density * expit(logits)).sum()) / whole, *parts])
    return np.array(found)


def _at(integrals: PPoly, where: Floats) -> Floats:
    """Give the value of each integral, one a column, at its own place."""
    knots = integrals.x
    piece = np.clip(np.searchsorted(knots, where, side="right") - 1, 0, len(knots) - 2)
    found, beyond = np.zeros(len(where)), where - knots[piece]
    for coefficients in integrals.c:
        found = found * beyond + coefficients[piece, np.arange(len(where))]
    return found
