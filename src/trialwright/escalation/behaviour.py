"""How a design behaves in one scenario, in the numbers that protocols report.

The same sums are taken over every way the trial can end with its probability (exact), or over
simulated trials (Monte Carlo); a simulated number carries its Monte Carlo standard error.

The *correct* level is the one whose true DLT rate is nearest to the target (all of them, when
several are equally near). No level is correct when the lowest has a rate above 1.4 times the
target, the least rate that BOIN by default takes for too toxic [1]_. *Overdoses* are the levels
above the highest correct one.

References
----------
.. [1] Liu S, Yuan Y. Bayesian optimal interval designs for phase I clinical trials. JRSS C
   2015;64(3):507-523. doi:10.1111/rssc.12089
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trialwright.escalation.waves import Counts, Floats, Ints
from trialwright.terms.errors import refuse

Method = Literal["exact", "monte-carlo"]
"""How numbers were found."""

TOO_TOXIC = 1.4
"""Times the target: a DLT rate of the lowest level from which no level is correct."""

EQUALLY_NEAR = 1e-9
"""Difference of two distances to the target that is only rounding."""

OVERDOSING = (0.6, 0.8)
"""Shares of the participants of a trial above which it is said to overdose (R package BOIN)."""


class Measure(NamedTuple):
    """A number with its Monte Carlo standard error.

    Attributes
    ----------
    value : float
        A probability or an expectation.
    mcse : float
        Monte Carlo standard error; 0 for an exact number.
    """

    value: float
    mcse: float = 0.0


@dataclass(frozen=True)
class Endings:
    """Ways trials ended, each with its weight.

    Attributes
    ----------
    evaluable, dlts : ndarray of int, shape (endings, levels)
        Counts by dose level.
    mtds : ndarray of int, shape (endings,)
        Dose level estimated as the MTD; 0 = none.
    weights : ndarray of float, shape (endings,)
        Probabilities; of simulated trials: shares.
    trials : int
        Number of simulated trials; 0 when the weights are exact.
    """

    evaluable: Counts
    dlts: Counts
    mtds: Ints
    weights: Floats
    trials: int = 0

    def mean(self, numbers: Floats | NDArray[np.bool_]) -> Measure:
        """Give the expectation of a number that each ending has.

        Parameters
        ----------
        numbers : ndarray of float or bool, shape (endings,)
            One for each ending.

        Returns
        -------
        Measure
            With the standard error of a simulation.
        """
        value = float(self.weights @ numbers)
        if not self.trials:
            return Measure(value)
        variance = float(self.weights @ (numbers - value) ** 2)
        return Measure(value, math.sqrt(variance / self.trials))


class Judged(NamedTuple):
    """What depends on which dose levels are correct.

    Attributes
    ----------
    correct : tuple of int
        Correct dose levels; empty when no level is.
    correct_selection : Measure
        Probability of a correct selection (PCS); of none, when no level is correct.
    correct_allocation : Measure
        Expected share of the participants of a trial treated at a correct level (PCA).
    overdose_selection : Measure
        Probability that an overdose is selected (POS).
    overdose_allocation : Measure
        Expected share of the participants of a trial treated at an overdose (POA).
    overdosing : tuple of Measure
        Probability that more than 60 % and more than 80 % of the participants of a trial are.
    """

    correct: tuple[int, ...]
    correct_selection: Measure
    correct_allocation: Measure
    overdose_selection: Measure
    overdose_allocation: Measure
    overdosing: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a design behaves in one scenario.

    Attributes
    ----------
    true_rates : tuple of float
        True DLT rate of each dose level, lowest level first.
    target : float or None, probability
        Target toxicity rate against which levels are called correct; None: no level is told
        correct, as of a 3+3, which has no target.
    method : {'exact', 'monte-carlo'}
        How the numbers were found.
    because : str
        Why by this method, with the number of states or trials.
    p_select : tuple of Measure
        Probability of each dose level to be estimated as the MTD.
    p_no_mtd : Measure
        Probability that no level is.
    expected_n, expected_dlt : tuple of Measure
        Expected evaluable participants and DLTs at each dose level.
    total_n, total_dlt : Measure
        The same of the whole escalation.
    stopped_early : Measure or None
        Probability of fewer participants than `max_n`; None for a design without it.
    sizes : tuple of (int, Measure)
        Number of participants at the end, and its probability, smallest first.
    total : float
        Sum of all probabilities; 1 but for rounding.
    judged : Judged or None
        What depends on the target; None without one.
    """

    true_rates: tuple[float, ...]
    target: float | None
    method: Method
    because: str
    p_select: tuple[Measure, ...]
    p_no_mtd: Measure
    expected_n: tuple[Measure, ...]
    expected_dlt: tuple[Measure, ...]
    total_n: Measure
    total_dlt: Measure
    stopped_early: Measure | None
    sizes: tuple[tuple[int, Measure], ...]
    total: float
    judged: Judged | None

    @property
    def correct(self) -> tuple[int, ...]:
        """Correct dose levels; empty when no level is, or no target tells."""
        return self.judged.correct if self.judged else ()

    @property
    def correct_selection(self) -> Measure:
        """Probability of a correct selection (PCS)."""
        return self.against_target().correct_selection

    @property
    def correct_allocation(self) -> Measure:
        """Expected share of the participants treated at a correct level (PCA)."""
        return self.against_target().correct_allocation

    @property
    def overdose_selection(self) -> Measure:
        """Probability that an overdose is selected (POS)."""
        return self.against_target().overdose_selection

    @property
    def overdose_allocation(self) -> Measure:
        """Expected share of the participants treated at an overdose (POA)."""
        return self.against_target().overdose_allocation

    @property
    def overdosing(self) -> tuple[Measure, ...]:
        """Probability that more than 60 % and more than 80 % of the participants are overdosed."""
        return self.against_target().overdosing

    def against_target(self) -> Judged:
        """Give what depends on the target.

        Returns
        -------
        Judged
            Selection and allocation of correct levels and of overdoses.

        Raises
        ------
        Refusal
            If no target was named.
        """
        if self.judged is None:
            do = "Name the DLT rate that the MTD should have"
            raise refuse("target", "none, so that no level is correct", "a probability", do)
        return self.judged


def correct_levels(true_rates: Sequence[float], target: float) -> tuple[int, ...]:
    """Say which dose levels are correct in a scenario.

    Parameters
    ----------
    true_rates : sequence of float
        True DLT rate of each dose level, lowest level first.
    target : float, probability
        Target toxicity rate.

    Returns
    -------
    tuple of int
        Those nearest to the target; none when the lowest is too toxic.
    """
    if true_rates[0] > TOO_TOXIC * target + EQUALLY_NEAR:
        return ()
    gaps = [abs(rate - target) for rate in true_rates]
    nearest = min(gaps) + EQUALLY_NEAR
    return tuple(level for level, gap in enumerate(gaps, start=1) if gap <= nearest)


def behaviour(
    endings: Endings,
    true_rates: Sequence[float],
    target: float | None,
    because: str,
    max_n: int | None = None,
) -> Behaviour:
    """Sum up how trials ended.

    Parameters
    ----------
    endings : Endings
        With exact or simulated weights.
    true_rates : sequence of float
        True DLT rate of each dose level.
    target : float or None, probability
        Target toxicity rate; None: nothing is called correct.
    because : str
        Why the method was taken.
    max_n : int or None, participants
        Participants at which the design ends, where it says so.

    Returns
    -------
    Behaviour
        Every number with its Monte Carlo standard error.
    """
    levels = len(true_rates)
    sizes = endings.evaluable.sum(axis=1, dtype=np.float64)
    selected = [endings.mean(endings.mtds == level) for level in range(levels + 1)]
    return Behaviour(
        true_rates=tuple(true_rates),
        target=target,
        method="monte-carlo" if endings.trials else "exact",
        because=because,
        p_select=tuple(selected[1:]),
        p_no_mtd=selected[0],
        expected_n=tuple(endings.mean(each) for each in endings.evaluable.T.astype(np.float64)),
        expected_dlt=tuple(endings.mean(each) for each in endings.dlts.T.astype(np.float64)),
        total_n=endings.mean(sizes),
        total_dlt=endings.mean(endings.dlts.sum(axis=1, dtype=np.float64)),
        stopped_early=None if max_n is None else endings.mean(sizes < max_n),
        sizes=tuple(
            (int(size), endings.mean(sizes == size))
            for size in np.unique(sizes[endings.weights > 0])
        ),
        total=float(endings.weights.sum()),
        judged=None if target is None else _judged(endings, correct_levels(true_rates, target)),
    )


def _judged(endings: Endings, correct: tuple[int, ...]) -> Judged:
    """Sum up how trials ended at correct levels, and above all of them."""
    per_level = endings.evaluable.astype(np.float64)
    sizes = per_level.sum(axis=1)
    above = per_level[:, max(correct, default=0) :].sum(axis=1)
    treated = np.maximum(sizes, 1)  # nobody treated: every share is 0
    right = per_level[:, [level - 1 for level in correct]].sum(axis=1)
    return Judged(
        correct=correct,
        correct_selection=endings.mean(np.isin(endings.mtds, correct or (0,))),
        correct_allocation=endings.mean(right / treated),
        overdose_selection=endings.mean(endings.mtds > max(correct, default=0)),
        overdose_allocation=endings.mean(above / treated),
        overdosing=tuple(endings.mean(above > share * sizes) for share in OVERDOSING),
    )
