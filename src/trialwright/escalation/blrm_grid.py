"""The posterior of the two-parameter logistic model for many states at once.

For a slope, the DLT rate of a level meets a limit at one value of the intercept. So for each slope
the intercepts are parted there, for all levels and limits together, and every part has its own
Gauss-Legendre nodes: on each the integrands are smooth. Slopes follow one another in equal steps
of their logarithm, for which the sum over an analytic function that falls off to both sides
converges faster than any power of the step.

A likelihood is a product over levels. Many states share what was seen at the lower levels, and many
what was seen at the upper ones; so the factors of both halves are worked out once each. A part lies
below, between or above the limits of each level as a whole, so what is summed up for every level
are the sums over the parts.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import logit, xlogy

from trialwright.escalation.blrm_model import BlrmModel
from trialwright.escalation.isotonic import Floats, Ints
from trialwright.escalation.states import Counts, distinct

STEP = 0.5
"""Step of the logarithm of the slope on the coarsest grid; each finer grid halves it."""

WIDEST = 2.0
"""Greatest width of a part, on the logit scale."""

NODES, MORE_NODES = 4, 2
"""Gauss-Legendre nodes of a part on the coarsest grid, and how many more each finer grid has."""

REACH, FARTHER = 6.0, 0.5
"""Prior standard deviations that the coarsest grid covers (beyond lie 2e-8 of the prior), and by
how many each finer grid reaches farther."""

FINEST = 5
"""The finest grid: its step is a 32nd of that of the coarsest."""

AT_ONCE = 2_000_000
"""Likelihoods of half a ladder held at once: 16 MB."""

AT_HAND = 24_000
"""Likelihoods of whole ladders multiplied at once: they stay in the cache."""


class Chances(NamedTuple):
    """Posterior probabilities for many states.

    Attributes
    ----------
    target, over : ndarray of float, shape (states, levels)
        Probability that the DLT rate of a level lies between the limits, and above the upper one.
    """

    target: Floats
    over: Floats


class Grid(NamedTuple):
    """Nodes of intercept and slope, part by part.

    Attributes
    ----------
    log_dlt, log_none : ndarray of float, shape (levels, nodes of a part, parts)
        Logarithms of the DLT rates and of their complements.
    weights : ndarray of float, shape (nodes of a part, parts)
        Prior included.
    sides : ndarray of float, shape (parts, 1 + 2 levels)
        What a part belongs to: 1 for everything, then for the levels whose DLT rate lies between
        the limits there, then for those whose rate lies above.
    """

    log_dlt: Floats
    log_none: Floats
    weights: Floats
    sides: Floats


def chances(model: BlrmModel, evaluable: Counts, dlts: Counts, fineness: int) -> Chances:
    """Give posterior probabilities with a fixed grid.

    Parameters
    ----------
    model : BlrmModel
        Doses and prior, with two limits.
    evaluable, dlts : ndarray of int, shape (states, levels)
        Counts by dose level.
    fineness : int
        0 for the coarsest grid, up to `FINEST`.

    Returns
    -------
    Chances
        As good as the grid is fine.
    """
    grid, levels = grid_of(model, fineness), len(model.doses)
    middle = (levels + 1) // 2
    lower, upper = (
        _Half(evaluable[:, part], dlts[:, part], grid, part)
        for part in (slice(0, middle), slice(middle, levels))
    )
    order = np.argsort(lower.group, kind="stable")
    nodes, parts = grid.weights.shape
    sums = np.zeros((len(evaluable), grid.sides.shape[1]))
    width = max(1, AT_ONCE // (nodes * max(len(lower), len(upper))))
    for start in range(0, parts, width):
        some = slice(start, start + width)
        of_lower, of_upper = (
            lower.likelihoods(some) * grid.weights[:, some],
            upper.likelihoods(some),
        )
        rows = max(1, AT_HAND // (nodes * of_lower.shape[2]))
        for place in range(0, len(order), rows):
            states = order[place : place + rows]
            both = of_lower[lower.group[states]]
            both *= of_upper[upper.group[states]]
            sums[states] += both.sum(axis=1) @ grid.sides[some]
    return Chances(*np.hsplit(sums[:, 1:] / sums[:, :1], 2))


class _Half:
    """Some dose levels of all states: what was seen there, each combination once."""

    def __init__(self, evaluable: Counts, dlts: Counts, grid: Grid, levels: slice) -> None:
        first, self.group = _distinct(evaluable, dlts)
        self.dlts = dlts[first].astype(np.float64)
        self.none = (evaluable - dlts)[first].astype(np.float64)
        self.logs = grid.log_dlt[levels], grid.log_none[levels]
        total = np.maximum(self.dlts + self.none, 1.0)
        best = xlogy(self.dlts, self.dlts / total) + xlogy(self.none, self.none / total)
        self.greatest = best.sum(axis=1)

    def __len__(self) -> int:
        """Count the combinations."""
        return len(self.dlts)

    def likelihoods(self, parts: slice) -> Floats:
        """Give the likelihood of each in some parts, divided by the greatest it could be."""
        log_dlt, log_none = (each[:, :, parts] for each in self.logs)
        logs = np.tensordot(self.dlts, log_dlt, 1) + np.tensordot(self.none, log_none, 1)
        logs -= self.greatest[:, None, None]
        return np.asarray(np.exp(logs, out=logs), dtype=np.float64)


def _distinct(evaluable: Counts, dlts: Counts) -> tuple[Ints, Ints]:
    """Find equal counts, also where there is no level to count at."""
    if not evaluable.shape[1]:
        return np.zeros(1, dtype=np.int64), np.zeros(len(evaluable), dtype=np.int64)
    return distinct(evaluable, dlts)


@lru_cache(maxsize=16)
def grid_of(model: BlrmModel, fineness: int) -> Grid:
    """Make the nodes once.

    Parameters
    ----------
    model : BlrmModel
        Doses and prior, with two limits.
    fineness : int
        0 for the coarsest grid.

    Returns
    -------
    Grid
        Nodes with weights, prior included.
    """
    slopes, intercepts, weights = (
        np.ascontiguousarray(np.concatenate(each).T)
        for each in zip(*_parts(model, fineness), strict=True)
    )
    logs = np.log(np.asarray(model.doses) / model.reference_dose)
    logits = intercepts + slopes * logs[:, None, None]
    low, high = (float(logit(limit)) for limit in model.limits)
    is_over = logits[:, 0] > high  # a part lies on one side as a whole
    is_target = (logits[:, 0] > low) & ~is_over
    sides = np.vstack([np.ones((1, weights.shape[1])), is_target, is_over])
    return Grid(
        -np.logaddexp(0, -logits),
        -np.logaddexp(0, logits),
        weights,
        np.ascontiguousarray(sides.T),
    )


def _parts(model: BlrmModel, fineness: int) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Give slopes, intercepts and weights, parts by nodes, for each step of the slope."""
    (first, both), (_, second) = model.covariance
    spread, sd = math.sqrt(first - both * both / second), math.sqrt(second)
    reach, step = REACH + FARTHER * fineness, STEP / 2**fineness
    places, weights = np.polynomial.legendre.leggauss(NODES + MORE_NODES * fineness)
    doses = np.log(np.asarray(model.doses) / model.reference_dose)
    limits = logit(np.asarray(model.limits))
    steps = math.ceil(reach * sd / step) - 1
    for away in (step * np.arange(-steps, steps + 1)).tolist():
        room = math.sqrt(reach**2 - (away / sd) ** 2) * spread
        slope = math.exp(model.mean[1] + away)
        centre = model.mean[0] + both / second * away
        edges = _edges((limits[:, None] - slope * doses).ravel(), centre - room, centre + room)
        half = np.diff(edges)[:, None] / 2
        intercepts = edges[:-1, None] + half * (1 + places)
        density = -((intercepts - centre) ** 2) / (2 * spread**2) - away**2 / (2 * second)
        yield np.full_like(intercepts, slope), intercepts, half * weights * np.exp(density) * step


def _edges(cuts: Floats, low: float, high: float) -> Floats:
    """Part an interval at the cuts inside, and what is wide once more."""
    inside = cuts[(cuts > low) & (cuts < high)]
    edges = np.unique(np.concatenate([[low], inside, [high]]))
    parts = [
        np.linspace(start, end, math.ceil((end - start) / WIDEST) + 1)[:-1]
        for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]
    return np.concatenate([*parts, [high]])
