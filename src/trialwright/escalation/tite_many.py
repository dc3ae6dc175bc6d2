"""The TITE-CRM posterior of many trials at once, on a fixed grid.

The grids are those of one trial. Two of them, one with twice the nodes of the other, are compared:
where the estimates differ by more than a tenth of the distance at which the decision would change,
the trial is not settled by these and has to be asked with finer ones, in the end by itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from trialwright.escalation.crm_model import NO_UNDERFLOW, CrmModel, grid_of
from trialwright.escalation.isotonic import Floats, Ints
from trialwright.escalation.known import Known
from trialwright.escalation.tite_model import Scheme

MULTIPLIED = 200_000
"""Products that one multiplication of matrices sums up. Beyond 262,144 OpenBLAS starts threads, and
while they wait for each other they take several times the work."""


class Waiting(NamedTuple):
    """Who is pending at one dose level.

    With the weights w, the likelihood of those pending is the product of 1 - w p, that is of
    (1 - w) + w (1 - p): a polynomial in 1 - p without a negative coefficient.

    Attributes
    ----------
    trial : ndarray of int, shape (some,)
        Trials in which somebody is, in order.
    coefficients : ndarray of float, shape (some, most pending + 1)
        Of the powers of 1 - p.
    """

    trial: Ints
    coefficients: Floats


class Estimated(NamedTuple):
    """What the model says to many trials.

    Attributes
    ----------
    rates : ndarray of float, shape (trials, levels)
        DLT rates at the posterior mean of the parameter.
    too_toxic : ndarray of float, shape (trials,)
        Posterior probability that the DLT rate of the lowest level is above the target.
    change : ndarray of float, shape (trials,)
        How much they changed with the finer grid.
    """

    rates: Floats
    too_toxic: Floats
    change: Floats


def waiting_at(known: Known, weights: Floats, level: int) -> Waiting:
    """Take those pending at one dose level together.

    Parameters
    ----------
    known : Known
        Trials on one day of each.
    weights : ndarray of float, shape (trials, places)
        Weight of each participant.
    level : int
        Dose level.

    Returns
    -------
    Waiting
        Of that level.
    """
    is_here = known.is_pending & (known.level == level)
    number = is_here.sum(axis=1)
    trial = np.flatnonzero(number)
    number, held = number[trial], weights[is_here]
    first = np.cumsum(number) - number
    found = np.zeros((len(trial), int(number.max(initial=0)) + 1))
    found[:, 0] = 1
    for slot in range(found.shape[1] - 1):
        has_more = np.flatnonzero(number > slot)
        weight, before = held[first[has_more] + slot, None], found[has_more]
        found[has_more] = (1 - weight) * before
        found[has_more, 1:] += weight * before[:, :-1]
    return Waiting(trial, found)


def weights_in(known: Known, scheme: Scheme) -> Floats:
    """Weigh those pending by their follow-up, as `tite_model.weights_of` does.

    Parameters
    ----------
    known : Known
        Trials on one day of each.
    scheme : {'linear', 'adaptive'}
        How the weight follows from follow-up.

    Returns
    -------
    ndarray of float, shape (trials, places)
        Weights; 1 for whoever is not pending.
    """
    trial, place = np.nonzero(known.is_pending)
    followed, weights = np.floor(known.behind[trial, place]), np.ones(known.level.shape)
    is_linear = scheme == "linear"
    weights[trial, place] = (
        np.minimum(1.0, followed / known.window) if is_linear else _adaptive(known, trial, followed)
    )
    return weights


def estimated(model: CrmModel, known: Known, scheme: Scheme, panels: int) -> Estimated:
    """Estimate the DLT rates of many trials.

    Parameters
    ----------
    model : CrmModel
        Skeleton, target and prior.
    known : Known
        Trials on one day of each.
    scheme : {'linear', 'adaptive'}
        How follow-up is weighed.
    panels : int
        Panels of the finer grid; even.

    Returns
    -------
    Estimated
        By the finer grid, with how much they changed with it.
    """
    weights = weights_in(known, scheme)
    levels = range(1, known.levels + 1)
    waiting = [waiting_at(known, weights, level) for level in levels]
    coarse, fine = (_moments(model, known, waiting, each) for each in (panels // 2, panels))
    rates, too_toxic = model.rates(fine[0]), fine[1]
    change = np.abs(rates - model.rates(coarse[0])).max(axis=1)
    return Estimated(rates, too_toxic, np.maximum(change, np.abs(too_toxic - coarse[1])))


def _adaptive(known: Known, trial: Ints, followed: Floats) -> Floats:
    """Weigh by the days of the DLTs seen so far in each trial."""
    days = np.where(known.has_dlt, np.maximum(1, np.ceil(known.dlt_after)), np.inf)[trial]
    is_before = days <= followed[:, None]
    start = np.where(is_before, days, 0).max(axis=1, initial=0)
    end = np.minimum(known.window, np.where(is_before, np.inf, days).min(axis=1, initial=np.inf))
    seen = np.isfinite(days).sum(axis=1)
    part = (followed - start) / (end - start)  # whoever is pending is followed for less than `end`
    return np.asarray(np.minimum(1.0, (is_before.sum(axis=1) + part) / (seen + 1)))


def _moments(
    model: CrmModel, known: Known, waiting: Sequence[Waiting], panels: int
) -> tuple[Floats, Floats]:
    """Give the mean of the parameter, and P(level 1 is too toxic), with fixed panels."""
    grid, seen = grid_of(model, panels), known.seen
    sums = np.column_stack([grid.weights, grid.weights * grid.nodes, grid.weights * grid.is_toxic])
    logs = np.hstack([grid.log_dlt, grid.log_none]).T
    counts = np.hstack([seen.dlts, seen.evaluable - seen.dlts]).astype(np.float64)
    powers = [
        np.exp(np.arange(each.coefficients.shape[1])[:, None] * grid.log_none[:, level])
        for level, each in enumerate(waiting)
    ]
    found, step = np.empty((len(known), 3)), max(1, MULTIPLIED // logs.size)
    most = int(known.is_there.sum(axis=1).max(initial=0))
    for begun in range(0, len(known), step):
        likelihood = counts[begun : begun + step] @ logs
        if most > NO_UNDERFLOW:
            likelihood -= likelihood.max(axis=1, keepdims=True)
        np.exp(likelihood, out=likelihood)
        for each, power in zip(waiting, powers, strict=True):
            some = slice(*np.searchsorted(each.trial, (begun, begun + step)))
            likelihood[each.trial[some] - begun] *= each.coefficients[some] @ power
        found[begun : begun + step] = likelihood @ sums
    total, mean, too_toxic = found.T
    return mean / total, too_toxic / total
