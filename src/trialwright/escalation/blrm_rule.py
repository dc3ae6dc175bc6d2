"""The Bayesian logistic regression model, BLRM, with escalation with overdose control, EWOC.

A two-parameter logistic model of all levels is updated after every cohort. Of each level it gives
the probability that its DLT rate lies below, in or above the target interval [1]_. A level is
*open* when the probability that it lies above is at most `ewoc` [2]_: the others are closed to the
next cohort, and may open again. The model recommends, of the open levels, that with the greatest
probability of the target interval (`choose` "target-probability"; of two that are equal the lower),
or the highest (`choose` "highest").

From there to the next level:

1. when the lowest level is not open the escalation stops, without an MTD;
2. it stops when `max_n` participants were treated;
3. with `no_skipping` levels more than one above the last are left out before the choice; downward
   it may skip;
4. where the choice is the level of the last cohort it stops when `stop_at` participants were
   treated there; or when at least `stop_from` were, and the probability of the target interval is
   at least `stop_probability`.

The MTD is the level the model recommends at the end among those somebody was treated at (with
`mtd_tried` off: among all); none when none of them is open.

References
----------
.. [1] Neuenschwander B, Branson M, Gsponer T. Critical aspects of the Bayesian approach to phase I
   cancer trials. Stat Med 2008;27(13):2420-2439. doi:10.1002/sim.3230
.. [2] Babb J, Rogatko A, Zacks S. Cancer phase I clinical trials: efficient dose escalation with
   overdose control. Stat Med 1998;17(10):1103-1120.
   doi:10.1002/(SICI)1097-0258(19980530)17:10<1103::AID-SIM793>3.0.CO;2-9
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trialwright.escalation.blrm_grid import FINEST, Chances, chances
from trialwright.escalation.blrm_model import BlrmModel
from trialwright.escalation.going_on import after_cohorts
from trialwright.escalation.isotonic import Floats, Ints
from trialwright.escalation.settings import (
    cohort_faults,
    hold_as_tuples,
    ladder_faults,
    probability_faults,
)
from trialwright.escalation.states import Counts, distinct
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

ROUNDING = 1e-13
"""Change of a probability that is only rounding."""

SURE = 10.0
"""A state is settled when its gap is so many times the change by the finer grid."""

Choose = Literal["target-probability", "highest"]
"""Which of the open levels is recommended."""


class Weighed(NamedTuple):
    """What the model says to counts, for many states.

    Attributes
    ----------
    level : ndarray of int, shape (states,)
        Level it recommends among the candidates; 0 when none of them is open.
    found : Chances
        Probabilities and means by level.
    gap : ndarray of float, shape (states,)
        How much a probability would have to move for another decision.
    """

    level: Ints
    found: Chances
    gap: Floats


@dataclass(frozen=True, kw_only=True)
class BlrmRule:
    """What a BLRM does, for many states at once.

    Attributes
    ----------
    levels : int
        Number of dose levels, numbered from 1 (lowest).
    doses : tuple of float
        Dose of each level, rising, in one unit.
    reference_dose : float
        Dose at which the intercept is the logit of the DLT rate, in that unit.
    prior_mean, prior_sd : tuple of float, shape (2,)
        Prior means and standard deviations of the intercept and the logarithm of the slope.
    prior_correlation : float
        Prior correlation of both.
    target_low, target_high : float, probabilities
        Limits of the target interval of the DLT rate.
    max_n : int, participants
        Participants at which the escalation ends.
    ewoc : float, probability
        Greatest probability of a DLT rate above the target interval at an open level.
    choose : {'target-probability', 'highest'}
        Which of the open levels is recommended.
    cohort_size : int, participants
        Participants in a cohort; the last one is cut at `max_n`.
    starting_level : int
        Dose level of the first cohort.
    no_skipping, mtd_tried : bool
        As the module says.
    stop_at : int or None, participants
        As the module says; None: it never stops so.
    stop_probability : float or None, probability
        As the module says; None: it never stops so.
    stop_from : int, participants
        As the module says.

    Raises
    ------
    Refusal
        If a setting is none, all at once.
    """

    levels: int
    doses: tuple[float, ...]
    reference_dose: float
    prior_mean: tuple[float, float]
    prior_sd: tuple[float, float]
    target_low: float
    target_high: float
    max_n: int
    prior_correlation: float = 0.0
    ewoc: float = 0.25
    choose: Choose = "target-probability"
    cohort_size: int = 3
    starting_level: int = 1
    no_skipping: bool = True
    mtd_tried: bool = True
    stop_at: int | None = None
    stop_probability: float | None = None
    stop_from: int = 6

    def __post_init__(self) -> None:
        """Refuse settings that are none, all at once; lists are held as tuples."""
        hold_as_tuples(self)
        faults = tuple(self._setting_faults())
        if faults:
            raise Refusal(faults)

    @property
    def name(self) -> str:
        """Name with the target interval and the limit of overdoses."""
        return f"BLRM {self.target_low:g}-{self.target_high:g} EWOC {self.ewoc:g}"

    @property
    def model(self) -> BlrmModel:
        """The model with its prior."""
        first, second = self.prior_sd
        both = self.prior_correlation * first * second
        covariance = ((first * first, both), (both, second * second))
        limits = (self.target_low, self.target_high)
        return BlrmModel(self.doses, self.reference_dose, self.prior_mean, covariance, limits)

    def moves(self, evaluable: Counts, dlts: Counts, at: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Decide what follows complete cohorts, for many states at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level, the last cohort included.
        at : ndarray of int, shape (states,)
            Dose level of the last cohort.
        last : ndarray of int, shape (states, 2)
            Not looked at.

        Returns
        -------
        level, size : ndarray of int, shape (states,)
            Dose level of the next cohort, 0 = stop, and its participants.
        """

        def named(goes_on: Ints) -> Ints:
            """Ask the model, and stop where it stays and is sure of the level."""
            here = at[goes_on]
            found = self.weighed(evaluable[goes_on], dlts[goes_on], self.candidates(here))
            stays = np.flatnonzero(found.level == here)
            treated = evaluable[goes_on[stays], here[stays] - 1]
            is_enough = self._is_enough(treated, found.found.target[stays, here[stays] - 1])
            found.level[stays[is_enough]] = 0
            return found.level

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
        is_candidate = (evaluable > 0) | (not self.mtd_tried)
        return self.weighed(evaluable, dlts, np.asarray(is_candidate)).level

    def candidates(self, at: Ints) -> NDArray[np.bool_]:
        """Mark the levels that may follow a cohort.

        Parameters
        ----------
        at : ndarray of int, shape (states,)
            Dose level of the last cohort.

        Returns
        -------
        ndarray of bool, shape (states, levels)
            With `no_skipping` those at most one above it, else all.
        """
        highest = at + 1 if self.no_skipping else np.full(len(at), self.levels)
        return np.asarray(np.arange(1, self.levels + 1) <= highest[:, None], dtype=np.bool_)

    def weighed(
        self,
        evaluable: Counts,
        dlts: Counts,
        is_candidate: NDArray[np.bool_],
        within: float = math.inf,
    ) -> Weighed:
        """Ask the model for many states at once, until no finer grid changes a decision.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.
        is_candidate : ndarray of bool, shape (states, levels)
            The levels to choose from.
        within : float
            Change of the probabilities at which they are exact enough to be shown; decisions
            alone need no such limit.

        Returns
        -------
        Weighed
            Levels, probabilities, and the smallest distance to another decision.

        Raises
        ------
        Refusal
            If the finest grid does not settle a state.
        """
        first, group = distinct(evaluable, dlts)
        counts = evaluable[first], dlts[first]
        found, gap = chances(self.model, *counts, 0), np.zeros(len(first))
        is_open, fineness = np.arange(len(first)), 0
        while len(is_open):
            fineness += 1
            if fineness > FINEST:
                do = "Take a prior with less variance, or fewer participants"
                raise refuse(self.name, "a posterior that quadrature does not settle",
                             f"convergence with the grid of fineness {FINEST}", do)  # fmt: skip
            fine = chances(self.model, counts[0][is_open], counts[1][is_open], fineness)
            change = np.zeros(len(is_open))
            for known, new in zip(found, fine, strict=True):
                change = np.maximum(change, np.abs(known[is_open] - new).max(axis=1))
                known[is_open] = new
            gap = self._gaps(found, group, is_candidate)
            is_left = (SURE * change > gap[is_open]) & (change > ROUNDING) | (change > within)
            is_open = is_open[is_left | ~np.isfinite(change)]
        found = Chances(*(each[group] for each in found))
        return Weighed(self._level(found, is_candidate), found, gap[group])

    def is_open(self, over: Floats) -> NDArray[np.bool_]:
        """Mark the levels that are open.

        Parameters
        ----------
        over : ndarray of float
            Probability of a DLT rate above the target interval.

        Returns
        -------
        ndarray of bool
            True where it is at most `ewoc`.
        """
        return np.asarray(over <= self.ewoc, dtype=np.bool_)

    def _level(self, found: Chances, is_candidate: NDArray[np.bool_]) -> Ints:
        """Give the level that is recommended among the candidates; 0 when none is open."""
        may = is_candidate & self.is_open(found.over)
        if self.choose == "highest":
            level = self.levels - np.argmax(may[:, ::-1], axis=1)
        else:
            level = np.argmax(np.where(may, found.target, -1.0), axis=1) + 1
        return np.where(may.any(axis=1), level, 0).astype(np.int64)

    def _gaps(self, found: Chances, group: Ints, is_candidate: NDArray[np.bool_]) -> Floats:
        """Give the distance of each combination of counts to another decision, over its states."""
        over, target = found.over[group], found.target[group]
        gap = np.where(is_candidate, np.abs(over - self.ewoc), np.inf).min(axis=1)
        if self.choose == "target-probability" and self.levels > 1:
            may = is_candidate & self.is_open(over)
            best = np.partition(np.where(may, target, -np.inf), self.levels - 2, axis=1)
            with np.errstate(invalid="ignore"):
                lead = best[:, -1] - best[:, -2]
            gap = np.fmin(gap, np.where(np.isnan(lead), np.inf, lead))
        if self.stop_probability is not None:
            near = np.abs(target - self.stop_probability)
            gap = np.minimum(gap, np.where(is_candidate, near, np.inf).min(axis=1))
        least = np.full(len(found.over), np.inf)
        np.minimum.at(least, group, gap)
        return least

    def _is_enough(self, here: Counts, target: Floats) -> NDArray[np.bool_]:
        """Say whether an escalation that would stay has seen enough at the level."""
        is_enough = np.zeros(len(here), dtype=np.bool_)
        if self.stop_at is not None:
            is_enough |= here >= self.stop_at
        if self.stop_probability is not None:
            is_enough |= (here >= self.stop_from) & (target >= self.stop_probability)
        return is_enough

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none."""
        yield from ladder_faults(self.levels, self.starting_level)
        yield from cohort_faults(self.max_n, self.cohort_size, self.stop_at)
        yield from cohort_faults(self.stop_from, name="stop_from")
        yield from probability_faults(ewoc=self.ewoc, stop_probability=self.stop_probability)
        wrong = list(probability_faults(target_low=self.target_low, target_high=self.target_high))
        yield from wrong
        if len(self.doses) != self.levels:
            found = f"{len(self.doses)} doses for {shorten(self.levels)} dose levels"
            do = "Give one dose for each dose level"
            yield Fault("doses", found, f"{shorten(self.levels)} doses", do)
        if self.choose not in ("target-probability", "highest"):
            allowed, do = "target-probability, highest", "Choose one of them"
            yield Fault("choose", shorten(repr(self.choose)), allowed, do)
        prior = list(self._prior_faults())
        yield from prior
        if not wrong and not prior:
            yield from self._model_faults()

    def _prior_faults(self) -> Iterator[Fault]:
        """Find what is wrong with the prior."""
        for name, numbers in (("prior_mean", self.prior_mean), ("prior_sd", self.prior_sd)):
            if not _are_two(numbers):
                do = "Give one for the intercept and one for the logarithm of the slope"
                yield Fault(name, shorten(numbers), "two numbers", do)
        if _are_two(self.prior_sd) and min(self.prior_sd) <= 0:
            do = "Give standard deviations"
            yield Fault("prior_sd", shorten(self.prior_sd), "numbers above 0", do)
        if not -1 < self.prior_correlation < 1:
            found, do = shorten(self.prior_correlation), "Give a correlation"
            yield Fault("prior_correlation", found, "a number above -1 and below 1", do)

    def _model_faults(self) -> Iterator[Fault]:
        """Find what the model refuses, by the names the settings have here."""
        names = {"limits.1": "target_high", "reference_dose.0": "reference_dose"}
        try:
            _ = self.model
        except Refusal as refused:
            for each in refused.faults:
                yield Fault(names.get(each.where, each.where), each.found, each.allowed, each.do)


def _are_two(numbers: Sequence[float]) -> bool:
    """Say whether there are two finite numbers."""
    return len(numbers) == 2 and all(math.isfinite(each) for each in numbers)
