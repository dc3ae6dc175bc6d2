r"""The CRM with participants who are still in their DLT window, TITE-CRM.

Whoever had a DLT counts in full; whoever had none so far counts by the part of the window behind
them, the weight w: with the DLT rate p the likelihood of a participant is p, or 1 - w p.

* linear: w is follow-up over the window, at most 1;
* adaptive: w follows the times of the DLTs seen so far. With z of them, at
  :math:`t_1 \le \dots \le t_z`, and t_(z+1) the end of the window, a follow-up f between t_m and
  t_(m+1) has the weight (m + (f - t_m) / (t_(m+1) - t_m)) / (z + 1).

References
----------
.. [1] Cheung YK, Chappell R. Sequential designs for phase I clinical trials with late-onset
   toxicities. Biometrics 2000;56(4):1177-1182. doi:10.1111/j.0006-341X.2000.01177.x
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from trialwright.escalation.crm_model import MOST_PANELS, PANELS, CrmModel, grid_of
from trialwright.escalation.decision import is_level
from trialwright.escalation.follow_up import Watched
from trialwright.escalation.isotonic import Floats
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

Scheme = Literal["linear", "adaptive"]
"""How the weight of a participant follows from follow-up."""


class TiteEstimate(NamedTuple):
    """What the model says while participants are pending.

    Attributes
    ----------
    weights : tuple of float
        Weight of each participant.
    mean, variance : float
        Posterior mean and variance of the parameter.
    rates : tuple of float
        DLT rate of each dose level at the posterior mean.
    level : int
        Dose level nearest to the target; of two that are equally near the lower.
    too_toxic : float
        Posterior probability that the DLT rate of the lowest level is above the target.
    """

    weights: tuple[float, ...]
    mean: float
    variance: float
    rates: tuple[float, ...]
    level: int
    too_toxic: float


def weights_of(
    participants: Sequence[Watched], window: float, scheme: Scheme = "linear"
) -> tuple[float, ...]:
    """Weigh participants by their follow-up.

    Parameters
    ----------
    participants : sequence of Watched
        In any order.
    window : float, days
        Length of the DLT window.
    scheme : {'linear', 'adaptive'}
        As the module says.

    Returns
    -------
    tuple of float
        One weight a participant, 1 for whoever had a DLT.
    """
    times = sorted(each.followed for each in participants if each.had_dlt)
    return tuple(
        1.0 if each.had_dlt else _weight(each.followed, times, window, scheme)
        for each in participants
    )


def tite_estimate(
    model: CrmModel,
    participants: Sequence[Watched],
    window: float,
    scheme: Scheme = "linear",
    within: float = 1e-10,
) -> TiteEstimate:
    """Estimate DLT rates while participants are in their DLT window.

    Parameters
    ----------
    model : CrmModel
        Skeleton, target and prior.
    participants : sequence of Watched
        Everybody treated, those pending included.
    window : float, days
        Length of the DLT window.
    scheme : {'linear', 'adaptive'}
        How follow-up is weighed.
    within : float
        Change of the mean, when the nodes are doubled, at which they are enough.

    Returns
    -------
    TiteEstimate
        Weights, posterior and the level nearest to the target.

    Raises
    ------
    Refusal
        If a participant is at no dose level or followed for a time outside the window, each named
        by place, the window is none, or the quadrature does not settle.
    """
    faults = list(_faults(model, participants, window, scheme))
    if faults:
        raise Refusal(faults)
    weights = weights_of(participants, window, scheme)
    panels, coarse = PANELS, _moments(model, participants, weights, PANELS)
    while panels < MOST_PANELS:
        panels *= 2
        fine = _moments(model, participants, weights, panels)
        if max(abs(a - b) for a, b in zip(fine, coarse, strict=True)) <= within:
            rates = model.rates(fine[0])[0]
            level = int(np.argmin(np.abs(rates - model.target))) + 1
            mean, variance, too_toxic = fine
            return TiteEstimate(weights, mean, variance, tuple(rates.tolist()), level, too_toxic)
        coarse = fine
    do = "Take a wider prior, or allow a larger change"
    raise refuse("within", f"{MOST_PANELS} panels", f"a change of {within:.1e}", do)


def _weight(followed: float, times: list[float], window: float, scheme: Scheme) -> float:
    """Weigh one participant without a DLT."""
    if scheme == "linear" or not times:
        return min(1.0, followed / window)
    before = bisect_right(times, followed)
    edges = [0.0, *times, window]
    start, end = edges[before], edges[before + 1]
    part = (followed - start) / (end - start) if end > start else 1.0
    return min(1.0, (before + part) / (len(times) + 1))


def _moments(
    model: CrmModel, participants: Sequence[Watched], weights: Sequence[float], panels: int
) -> tuple[float, float, float]:
    """Give mean and variance of the parameter, and P(level 1 is too toxic), with fixed panels."""
    grid = grid_of(model, panels)
    logs: Floats = np.zeros(len(grid.nodes))
    for each, weight in zip(participants, weights, strict=True):
        log_dlt, log_none = grid.log_dlt[:, each.level - 1], grid.log_none[:, each.level - 1]
        if each.had_dlt:
            logs += log_dlt
        else:
            logs += log_none if weight == 1 else np.log1p(-weight * np.exp(log_dlt))
    mass = grid.weights * np.exp(logs - logs.max())
    mass /= mass.sum()
    mean = float(mass @ grid.nodes)
    return mean, float(mass @ (grid.nodes - mean) ** 2), float(mass @ grid.is_toxic)


def _faults(
    model: CrmModel, participants: Sequence[Watched], window: float, scheme: str
) -> list[Fault]:
    """Find what is wrong with participants, window and scheme."""
    faults = []
    if not window > 0:
        do = "Give the days of the DLT window"
        faults.append(Fault("window", shorten(window), "a number above 0", do))
    if scheme not in ("linear", "adaptive"):
        allowed, do = "linear, adaptive", "Choose one of them"
        faults.append(Fault("scheme", shorten(repr(scheme)), allowed, do))
    levels = len(model.skeleton)
    for place, each in enumerate(participants):
        if not is_level(each.level, levels):
            found, do = f"dose level {shorten(each.level)}", "Name the dose level assigned"
            faults.append(Fault(f"participants.{place}.level", found, f"1-{levels}", do))
        if not 0 <= each.followed <= window:
            where, found = f"participants.{place}.followed", f"{shorten(each.followed)} days"
            do = "Count days from the first dose, at most the window"
            faults.append(Fault(where, found, f"0-{window:g}", do))
    return faults
