r"""The one-parameter models of the CRM and their posterior, by quadrature that has converged.

With the skeleton :math:`s_d` the DLT rate of level d is

.. math::
    p_d(\beta) = s_d^{\exp \beta} \quad\text{(power)},\qquad
    \operatorname{logit} p_d(\beta) = a_0 + \exp(\beta)\,x_d,\;
    x_d = \operatorname{logit} s_d - a_0 \quad\text{(logistic)}

and :math:`\beta` has a normal prior with mean 0. Integrals over :math:`\beta` are taken panel by
panel with Gauss-Legendre nodes, over eight prior standard deviations to both sides. The nodes are
doubled until the estimates of a state change by less than a tenth of the distance at which its
decision would change; states that are not there yet are refined, the others are left alone.

References
----------
.. [1] O'Quigley J, Pepe M, Fisher L. Continual reassessment method: a practical design for phase 1
   clinical trials in cancer. Biometrics 1990;46(1):33-48. doi:10.2307/2531628
.. [2] Lee SM, Cheung YK. Model calibration in the continual reassessment method. Clin Trials
   2009;6(3):227-238. doi:10.1177/1740774509105076
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from trialwright.escalation.isotonic import Floats
from trialwright.escalation.states import Counts
from trialwright.terms.errors import refuse

Model = Literal["power", "logistic"]
"""How the DLT rate follows from skeleton and parameter."""

REACH = 8.0
"""Prior standard deviations to both sides that are integrated over; beyond lies 1e-15."""

NODES = 16
"""Gauss-Legendre nodes in a panel."""

PANELS = 6
"""Panels to begin with; a finer grid with twice as many tells whether they are enough."""

MOST_PANELS = 3072
"""Panels at which refining is given up."""

AT_ONCE = 100_000
"""Values of the posterior worked out at once: 0.8 MB, which stay in the cache."""

MANY = 500
"""States from which it pays to tabulate the likelihood by tally and level."""

TABLED = 12
"""Tables are made for a multiple of so many participants, so that they serve several waves."""

NO_UNDERFLOW = 200
"""Participants up to which a likelihood is a number that a float can hold."""


class Grid(NamedTuple):
    """Nodes of the parameter.

    Attributes
    ----------
    nodes, weights : ndarray of float, shape (nodes,)
        Values of the parameter, and their weights, prior included.
    is_toxic : ndarray of float, shape (nodes,)
        1 where the DLT rate of the lowest level is above the target, else 0.
    log_dlt, log_none : ndarray of float, shape (nodes, levels)
        Logarithms of the DLT rates and of their complements.
    """

    nodes: Floats
    weights: Floats
    is_toxic: Floats
    log_dlt: Floats
    log_none: Floats


class Posterior(NamedTuple):
    """What follows from counts, for many states.

    Attributes
    ----------
    mean, variance : ndarray of float, shape (states,)
        Posterior mean and variance of the parameter.
    rates : ndarray of float, shape (states, levels)
        Posterior mean of the DLT rates.
    too_toxic : ndarray of float, shape (states,)
        Posterior probability that the DLT rate of the lowest level is above the target.
    """

    mean: Floats
    variance: Floats
    rates: Floats
    too_toxic: Floats


@dataclass(frozen=True)
class CrmModel:
    """A model of the DLT rate with its prior.

    Attributes
    ----------
    skeleton : tuple of float, probabilities
        Prior guess of the DLT rate of each dose level, rising.
    target : float, probability
        Target toxicity rate.
    model : {'power', 'logistic'}
        How the DLT rate follows from them.
    prior_variance : float
        Of the parameter.
    intercept : float
        Fixed intercept of the logistic model.
    """

    skeleton: tuple[float, ...]
    target: float
    model: Model = "power"
    prior_variance: float = 1.34
    intercept: float = 3.0

    def rates(self, parameter: Floats | float) -> Floats:
        """Give the DLT rates at values of the parameter.

        Parameters
        ----------
        parameter : float or ndarray of float, shape (values,)
            Values of the parameter.

        Returns
        -------
        ndarray of float, shape (values, levels)
            DLT rate of each dose level.
        """
        return np.asarray(np.exp(self._logs(np.atleast_1d(parameter))[0]), dtype=np.float64)

    def posterior(self, evaluable: Counts, dlts: Counts, panels: int) -> Posterior:
        """Give the posterior of many states with a fixed number of panels.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.
        panels : int
            Panels of 16 nodes.

        Returns
        -------
        Posterior
            As good as the panels are many.
        """
        grid = grid_of(self, panels)
        parts = []
        for likelihood in self._likelihoods(evaluable, dlts, panels):
            mean = _mean_of(grid.nodes, likelihood)
            square = _mean_of(grid.nodes**2, likelihood)
            rates = [_mean_of(column, likelihood) for column in np.exp(grid.log_dlt).T]
            too_toxic = _mean_of(grid.is_toxic, likelihood)
            parts.append((mean, square - mean**2, np.column_stack(rates), too_toxic))
        return Posterior(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def mean_and_tail(self, evaluable: Counts, dlts: Counts, panels: int) -> tuple[Floats, Floats]:
        """Give of the posterior of many states what plug-in estimates need.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.
        panels : int
            Panels of 16 nodes.

        Returns
        -------
        mean, too_toxic : ndarray of float, shape (states,)
            As in `Posterior`.
        """
        grid = grid_of(self, panels)
        parts = [
            (_mean_of(grid.nodes, likelihood), _mean_of(grid.is_toxic, likelihood))
            for likelihood in self._likelihoods(evaluable, dlts, panels)
        ]
        mean, too_toxic = (np.concatenate(each) for each in zip(*parts, strict=True))
        return mean, too_toxic

    def _likelihoods(self, evaluable: Counts, dlts: Counts, panels: int) -> Iterator[Floats]:
        """Give likelihood times prior at the nodes, for as many states at once as are handy."""
        grid = grid_of(self, panels)
        step = max(1, AT_ONCE // len(grid.nodes))
        most = int(evaluable.sum(axis=1).max(initial=0))
        tables = None
        if len(evaluable) >= MANY and most <= NO_UNDERFLOW:
            tables = _tables(self, panels, -(-int(evaluable.max()) // TABLED) * TABLED)
        for place in range(0, max(1, len(evaluable)), step):
            some = evaluable[place : place + step], dlts[place : place + step]
            likelihood = _scaled(*some, grid) if tables is None else _looked_up(*some, tables)
            likelihood *= grid.weights
            likelihood /= likelihood.sum(axis=1, keepdims=True)
            yield likelihood

    def mle(self, evaluable: Counts, dlts: Counts) -> float:
        """Give the maximum-likelihood estimate of the parameter.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (levels,)
            Counts by dose level.

        Returns
        -------
        float
            Where the likelihood is greatest.

        Raises
        ------
        Refusal
            If there is none: nobody, or everybody, had a DLT.
        """
        if not 0 < dlts.sum() < evaluable.sum():
            who = "nobody" if not dlts.sum() else "everybody"
            raise refuse(
                "dlts",
                f"{who} had a DLT, so the likelihood has no maximum",
                "at least one participant with and one without a DLT",
                "Estimate with the prior, or treat more participants first",
            )

        def slope(parameter: float) -> float:
            """Give the slope of the log-likelihood."""
            rates = np.clip(self.rates(parameter)[0], 1e-300, 1 - 1e-16)
            if self.model == "power":
                steep = np.log(rates)
                return float(
                    (dlts * steep - (evaluable - dlts) * rates / (1 - rates) * steep).sum()
                )
            steep = math.exp(parameter) * self._scaled()
            return float(((dlts - evaluable * rates) * steep).sum())

        return float(brentq(slope, -10.0, 5.0, xtol=1e-12))

    def _logs(self, parameter: Floats) -> tuple[Floats, Floats]:
        """Give the logarithms of the DLT rates and of their complements."""
        if self.model == "power":
            log_dlt = np.exp(parameter)[:, None] * np.log(self.skeleton)
            return log_dlt, np.log(-np.expm1(log_dlt))
        score = self.intercept + np.exp(parameter)[:, None] * self._scaled()
        return -np.logaddexp(0, -score), -np.logaddexp(0, score)

    def _scaled(self) -> Floats:
        """Give the doses on the scale of the logistic model."""
        return np.asarray(logit(np.asarray(self.skeleton)) - self.intercept, dtype=np.float64)

    def toxic_below(self) -> float:
        """Give the parameter below which the DLT rate of the lowest level is above the target.

        Returns
        -------
        float
            The parameter.
        """
        if self.model == "power":
            return math.log(math.log(self.target) / math.log(self.skeleton[0]))
        return math.log((float(logit(self.target)) - self.intercept) / float(self._scaled()[0]))


@cache
def grid_of(model: CrmModel, panels: int) -> Grid:
    """Make the nodes once: panels of equal width on both sides of where level 1 is too toxic.

    Parameters
    ----------
    model : CrmModel
        Model and prior.
    panels : int
        Panels of 16 nodes.

    Returns
    -------
    Grid
        Nodes with weights, prior included.
    """
    end = REACH * math.sqrt(model.prior_variance)
    cut = min(max(model.toxic_below(), -0.999 * end), 0.999 * end)
    below = min(max(1, round(panels * (cut + end) / (2 * end))), panels - 1)
    edges = np.concatenate(
        [np.linspace(-end, cut, below + 1), np.linspace(cut, end, panels - below + 1)[1:]]
    )
    places, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(edges)[:, None] / 2
    nodes = (edges[:-1, None] + half * (1 + places)).ravel()
    weights = (half * weights).ravel() * np.exp(-(nodes**2) / (2 * model.prior_variance))
    log_dlt, log_none = model._logs(nodes)
    return Grid(nodes, weights, (nodes < model.toxic_below()).astype(float), log_dlt, log_none)


@lru_cache(maxsize=8)
def _tables(model: CrmModel, panels: int, most: int) -> tuple[Floats, ...]:
    """Give the likelihood at the nodes of every tally a level can have, by level and row."""
    grid = grid_of(model, panels)
    sizes = np.arange(most + 1)
    evaluable = np.repeat(sizes, sizes + 1)[:, None]
    dlts = np.concatenate([np.arange(size + 1) for size in sizes])[:, None]
    return tuple(
        np.exp(dlts * grid.log_dlt[:, level] + (evaluable - dlts) * grid.log_none[:, level])
        for level in range(len(model.skeleton))
    )


def _looked_up(evaluable: Counts, dlts: Counts, tables: tuple[Floats, ...]) -> Floats:
    """Multiply the likelihoods of the levels; shared tallies are not worked out again."""
    rows = evaluable.astype(np.int64) * (evaluable + 1) // 2 + dlts
    likelihood: Floats = tables[0][rows[:, 0]]
    for table, places in zip(tables[1:], rows.T[1:], strict=True):
        likelihood *= table[places]
    return likelihood


def _scaled(evaluable: Counts, dlts: Counts, grid: Grid) -> Floats:
    """Work the likelihoods out, each divided by its greatest value."""
    logs = np.einsum("sl,ql->sq", dlts.astype(float), grid.log_dlt)
    logs += np.einsum("sl,ql->sq", (evaluable - dlts).astype(float), grid.log_none)
    logs -= logs.max(axis=1, keepdims=True)
    return np.asarray(np.exp(logs, out=logs), dtype=np.float64)


def _mean_of(values: Floats, weights: Floats) -> Floats:
    """Give the mean of a function of the parameter, for each state."""
    return np.asarray(np.einsum("sq,q->s", weights, values), dtype=np.float64)


def skeleton_around(
    halfwidth: float,
    target: float,
    prior_mtd: int,
    levels: int,
    model: Model = "power",
    intercept: float = 3.0,
) -> tuple[float, ...]:
    """Calibrate a skeleton by indifference intervals.

    Neighbouring levels are placed so that, wherever the parameter makes the one `halfwidth` above
    the target, it makes the other `halfwidth` below it.

    Parameters
    ----------
    halfwidth : float, probability
        Half the width of the indifference interval, below the target.
    target : float, probability
        Target toxicity rate.
    prior_mtd : int
        Dose level whose prior guess is the target.
    levels : int
        Number of dose levels.
    model : {'power', 'logistic'}
        The model it is for.
    intercept : float
        Fixed intercept of the logistic model.

    Returns
    -------
    tuple of float
        One prior guess a dose level, rising.

    Raises
    ------
    Refusal
        If the prior MTD is no dose level, or the interval reaches to 0 or 1.
    """
    if not 1 <= prior_mtd <= levels:
        do = "Name the dose level that is thought to be the MTD"
        raise refuse("prior_mtd", f"dose level {prior_mtd}", f"1-{levels}", do)
    if not 0 < halfwidth < min(target, 1 - target):
        most = f"above 0 and below {min(target, 1 - target):g}"
        raise refuse("halfwidth", f"{halfwidth:g}", most, "Take a narrower interval")

    def score(rate: float) -> float:
        """Put a rate on the scale on which the parameter multiplies."""
        return math.log(rate) if model == "power" else float(logit(rate)) - intercept

    ratio = score(target - halfwidth) / score(target + halfwidth)
    scores = [score(target) * ratio ** (prior_mtd - level) for level in range(1, levels + 1)]
    if model == "power":
        return tuple(math.exp(each) for each in scores)
    return tuple(float(expit(intercept + each)) for each in scores)
