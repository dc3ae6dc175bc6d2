"""The continual reassessment method, CRM.

A one-parameter model of all levels is updated after every cohort. The model recommends the level
whose estimated DLT rate is nearest to the target (of two that are equally near the lower):

* `estimate` "plug-in": the DLT rate at the posterior mean of the parameter;
* `estimate` "posterior-mean": the posterior mean of the DLT rate.

From there to the next level:

1. with `safety_stop` the escalation stops, without an MTD, when the posterior probability that the
   DLT rate of the lowest level is above the target is greater than that;
2. it stops when `max_n` participants were treated;
3. with `no_skipping` the next level is at most one above the last; downward it may skip;
4. with `coherent` the level is not raised when the DLT rate of the last cohort was at or above the
   target;
5. where that is the level of the last cohort and `stop_at` participants were treated there, it
   stops.

The MTD is the level the model recommends at the end, among those somebody was treated at (with
`mtd_tried` off: among all).

References
----------
.. [1] O'Quigley J, Pepe M, Fisher L. Continual reassessment method: a practical design for phase 1
   clinical trials in cancer. Biometrics 1990;46(1):33-48. doi:10.2307/2531628
.. [2] Cheung YK. Coherence principles in dose-finding studies. Biometrika 2005;92(4):863-873.
   doi:10.1093/biomet/92.4.863
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from trialwright.escalation.crm_model import MOST_PANELS, PANELS, CrmModel, Model
from trialwright.escalation.going_on import after_cohorts
from trialwright.escalation.isotonic import Floats, Ints
from trialwright.escalation.settings import (
    cohort_faults,
    hold_as_tuples,
    ladder_faults,
    probability_faults,
    skeleton_faults,
)
from trialwright.escalation.states import Counts, distinct
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

ROUNDING = 1e-13
"""Change of an estimate that is only rounding."""

Estimate = Literal["plug-in", "posterior-mean"]
"""What the estimated DLT rate of a level is."""


class Recommended(NamedTuple):
    """What the model says to counts, for many states.

    Attributes
    ----------
    level : ndarray of int, shape (states,)
        Dose level nearest to the target, among all.
    rates : ndarray of float, shape (states, levels)
        Estimated DLT rates.
    too_toxic : ndarray of float, shape (states,)
        Posterior probability that the DLT rate of the lowest level is above the target.
    gap : ndarray of float, shape (states,)
        How much the distances to the target, or the probability to its limit, would have to move
        for another decision.
    panels : int
        Panels of the finest quadrature that was needed.
    """

    level: Ints
    rates: Floats
    too_toxic: Floats
    gap: Floats
    panels: int


@dataclass(frozen=True, kw_only=True)
class CrmRule:
    """What a CRM does, for many states at once.

    Attributes
    ----------
    levels : int
        Number of dose levels, numbered from 1 (lowest).
    target : float, probability
        Target toxicity rate.
    skeleton : tuple of float, probabilities
        Prior guess of the DLT rate of each dose level, each above the one before.
    max_n : int, participants
        Participants at which the escalation ends.
    cohort_size : int, participants
        Participants in a cohort; the last one is cut at `max_n`.
    starting_level : int
        Dose level of the first cohort.
    stop_at : int or None, participants
        Participants at one level at which the escalation ends when the next cohort would be
        treated there too.
    model : {'power', 'logistic'}
        How the DLT rate follows from skeleton and parameter.
    prior_variance : float
        Of the parameter.
    intercept : float
        Fixed intercept of the logistic model.
    estimate : {'plug-in', 'posterior-mean'}
        What the estimated DLT rate of a level is.
    no_skipping, coherent, mtd_tried : bool
        As the module says.
    safety_stop : float or None, probability
        As the module says; None: it never stops so.

    Raises
    ------
    Refusal
        If a setting is none, all at once.
    """

    levels: int
    target: float
    skeleton: tuple[float, ...]
    max_n: int
    cohort_size: int = 3
    starting_level: int = 1
    stop_at: int | None = None
    model: Model = "power"
    prior_variance: float = 1.34
    intercept: float = 3.0
    estimate: Estimate = "plug-in"
    no_skipping: bool = True
    coherent: bool = True
    mtd_tried: bool = True
    safety_stop: float | None = None

    def __post_init__(self) -> None:
        """Refuse settings that are none, all at once; lists are held as tuples."""
        hold_as_tuples(self)
        faults = tuple(self._setting_faults())
        if faults:
            raise Refusal(faults)

    @property
    def name(self) -> str:
        """Name with model and target."""
        return f"CRM {self.model} {self.target:g}"

    @property
    def looks_back(self) -> bool:
        """Whether decisions depend on the last cohort by itself."""
        return self.coherent

    @property
    def curve(self) -> CrmModel:
        """The model with its prior."""
        return CrmModel(self.skeleton, self.target, self.model, self.prior_variance, self.intercept)

    def moves(self, evaluable: Counts, dlts: Counts, at: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Decide what follows complete cohorts, for many states at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level, the last cohort included.
        at : ndarray of int, shape (states,)
            Dose level of the last cohort.
        last : ndarray of int, shape (states, 2)
            Participants and DLTs of the last cohort.

        Returns
        -------
        level, size : ndarray of int, shape (states,)
            Dose level of the next cohort, 0 = stop, and its participants.
        """

        def named(goes_on: Ints) -> Ints:
            """Ask the model, once for equal counts."""
            counts = evaluable[goes_on], dlts[goes_on]
            first, group = distinct(*counts)
            found = self.recommended(counts[0][first], counts[1][first])
            nearest, too_toxic = found.level[group], found.too_toxic[group]
            return self._next(nearest, too_toxic, at[goes_on], last[goes_on])

        return after_cohorts(self, evaluable, at, named)

    def mtds(self, evaluable: Counts, dlts: Counts) -> Ints:
        """Estimate the MTD of many finished escalations at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.

        Returns
        -------
        ndarray of int, shape (states,)
            Dose level; 0 = none.
        """
        return self.mtds_of(self.recommended(evaluable, dlts), evaluable)

    def recommended(self, evaluable: Counts, dlts: Counts, within: float = math.inf) -> Recommended:
        """Ask the model for many states at once, until the quadrature has converged.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.
        within : float
            Change of the estimates at which they are exact enough to be shown; decisions alone
            need no such limit.

        Returns
        -------
        Recommended
            Levels, estimates, and the smallest distance to another decision.

        Raises
        ------
        Refusal
            If the finest quadrature does not settle a state.
        """
        states, panels = len(evaluable), PANELS
        rates, too_toxic = np.zeros((states, self.levels)), np.zeros(states)
        gap, is_open = np.zeros(states), np.arange(states)
        coarse = self._estimated(evaluable, dlts, panels)
        while len(is_open):
            panels *= 2
            if panels > MOST_PANELS:
                do = "Take a wider prior, or fewer participants"
                raise refuse(self.name, "a posterior that quadrature does not settle",
                             f"convergence with {MOST_PANELS} panels", do)  # fmt: skip
            fine = self._estimated(evaluable[is_open], dlts[is_open], panels)
            rates[is_open], too_toxic[is_open] = fine
            gap[is_open] = self._gaps(*fine)
            change = np.abs(fine[0] - coarse[0]).max(axis=1)
            change = np.maximum(change, np.abs(fine[1] - coarse[1]))
            is_left = (10 * change > gap[is_open]) & (change > ROUNDING) | (change > within)
            is_open, coarse = is_open[is_left], (fine[0][is_left], fine[1][is_left])
        nearest = np.argmin(np.abs(rates - self.target), axis=1) + 1
        return Recommended(nearest, rates, too_toxic, gap, panels)

    def _estimated(self, evaluable: Counts, dlts: Counts, panels: int) -> tuple[Floats, Floats]:
        """Give estimated DLT rates, and how sure it is that the lowest level is too toxic."""
        if self.estimate == "plug-in":
            mean, too_toxic = self.curve.mean_and_tail(evaluable, dlts, panels)
            return self.curve.rates(mean), too_toxic
        posterior = self.curve.posterior(evaluable, dlts, panels)
        return posterior.rates, posterior.too_toxic

    def _gaps(self, rates: Floats, too_toxic: Floats) -> Floats:
        """Give the distance of each state to another decision."""
        if self.levels == 1:
            gap = np.full(len(rates), np.inf)
        else:
            nearest = np.partition(np.abs(rates - self.target), 1, axis=1)
            gap = nearest[:, 1] - nearest[:, 0]
        return (
            gap
            if self.safety_stop is None
            else np.minimum(gap, np.abs(too_toxic - self.safety_stop))
        )

    def _next(self, nearest: Ints, too_toxic: Floats, at: Ints, last: Ints) -> Ints:
        """Hold the recommended levels back; 0 where the escalation stops for safety."""
        level = np.minimum(nearest, at + 1) if self.no_skipping else nearest
        if self.coherent:
            is_toxic = last[:, 1] >= self.target * last[:, 0]
            level = np.where(is_toxic, np.minimum(level, at), level)
        if self.safety_stop is not None:
            level = np.where(too_toxic > self.safety_stop, 0, level)
        return level

    def mtds_of(self, found: Recommended, evaluable: Counts) -> Ints:
        """Give the MTD that follows from what the model says.

        Parameters
        ----------
        found : Recommended
            What the model says to finished escalations.
        evaluable : ndarray of int, shape (states, levels)
            Participants by dose level.

        Returns
        -------
        ndarray of int, shape (states,)
            Dose level; 0 = none.
        """
        gaps = np.abs(found.rates - self.target)
        if self.mtd_tried:
            gaps = np.where(evaluable > 0, gaps, np.inf)
        mtds = np.argmin(gaps, axis=1) + 1
        if self.safety_stop is not None:
            mtds = np.where(found.too_toxic > self.safety_stop, 0, mtds)
        return np.asarray(mtds, dtype=np.int64)

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none."""
        yield from ladder_faults(self.levels, self.starting_level)
        yield from cohort_faults(self.max_n, self.cohort_size, self.stop_at)
        yield from probability_faults(target=self.target, safety_stop=self.safety_stop)
        yield from skeleton_faults(self.skeleton, self.levels)
        is_number = isinstance(self.prior_variance, int | float)
        if not is_number or not 0 < self.prior_variance < math.inf:
            do = "Give the variance of the prior"
            yield Fault("prior_variance", shorten(self.prior_variance), "a number above 0", do)
        if self.model == "logistic" and not self._is_intercept_large():
            least = "above the logit of every prior guess and of the target"
            yield Fault("intercept", f"{self.intercept:g}", least, "Take a larger intercept")
        for name, allowed in (
            ("model", ("power", "logistic")),
            ("estimate", ("plug-in", "posterior-mean")),
        ):
            if getattr(self, name) not in allowed:
                found = shorten(repr(getattr(self, name)))
                yield Fault(name, found, ", ".join(allowed), "Choose one of them")

    def _is_intercept_large(self) -> bool:
        """Say whether all doses lie below 0 on the scale of the logistic model."""
        rates = [*self.skeleton, self.target]
        most = max((rate for rate in rates if 0 < rate < 1), default=0.5)
        return self.intercept > math.log(most / (1 - most))
