r"""Simulated trials with backfilling, in calendar time, many at once.

Participants arrive one by one. Whoever arrives while the running cohort has a place is treated in
it; whoever arrives when all outcomes of a full cohort are known opens the next cohort, after the
decision; whoever arrives between is backfilled, or turned away when no level is open.

The time to a DLT has the Weibull distribution by which half of the DLTs of the window fall in its
first half. A response is known at the end of the window.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trialwright.escalation.backfill import Backfill, Bools
from trialwright.escalation.behaviour import Endings, Measure
from trialwright.escalation.characteristics import Rate, checked
from trialwright.escalation.waves import Floats, Ints
from trialwright.terms.errors import Fault, Refusal, shorten

Arrivals = Literal["poisson", "uniform"]
"""Times between arrivals: exponential, or uniform from 0 to twice their mean."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """How fast participants arrive, and how long they are followed.

    Attributes
    ----------
    between_days : float, days
        Mean time between two arrivals.
    window_days : float, days
        DLT window.
    arrivals : {'poisson', 'uniform'}
        How the times between arrivals are distributed.

    Raises
    ------
    Refusal
        If a time is not above 0.
    """

    between_days: float
    window_days: float
    arrivals: Arrivals = "poisson"

    def __post_init__(self) -> None:
        """Refuse times that are none."""
        given = {"between_days": self.between_days, "window_days": self.window_days}
        faults = [
            Fault(name, shorten(days), "days above 0", "Give a time in days")
            for name, days in given.items()
            if not 0 < days < math.inf
        ]
        if faults:
            raise Refusal(faults)


@dataclass(frozen=True)
class BackfilledTrials:
    """Simulated trials with backfilling.

    Attributes
    ----------
    endings : Endings
        Counts by dose level, of cohorts and backfilled, and the MTDs.
    treated : ndarray of int, shape (trials, levels)
        Participants of cohorts and backfilled, whether their outcome was known or not.
    backfilled : ndarray of int, shape (trials, levels)
        Participants backfilled; `endings` counts those of them whose outcome was known at the end.
    turned_away : ndarray of int, shape (trials,)
        Participants for whom no level was open.
    days : ndarray of float, shape (trials,), days
        From the first participant to the last outcome of the last cohort.
    """

    endings: Endings
    treated: Ints
    backfilled: Ints
    turned_away: Ints
    days: Floats

    def duration(self) -> Measure:
        """Give the mean duration with its Monte Carlo standard error.

        Returns
        -------
        Measure
            Days.
        """
        return Measure(float(self.days.mean()), float(self.days.std() / math.sqrt(len(self.days))))


def simulate_backfill(
    backfill: Backfill,
    true_rates: Sequence[Rate],
    response_rates: Sequence[Rate],
    calendar: Calendar,
    trials: int,
    random: np.random.Generator,
) -> BackfilledTrials:
    """Simulate trials with backfilling up to their MTDs.

    Parameters
    ----------
    backfill : Backfill
        The design.
    true_rates, response_rates : sequence of int, float, Decimal or Fraction
        True DLT rate, and rate of responses, of each dose level.
    calendar : Calendar
        Arrivals and window.
    trials : int
        How many.
    random : numpy.random.Generator
        Handed in, so that the same seed gives the same trials.

    Returns
    -------
    BackfilledTrials
        One ending for each trial.

    Raises
    ------
    Refusal
        If a rate is no probability, or there are not as many as dose levels.
    """
    levels = backfill.design.levels
    rates = np.array(checked(true_rates, levels))
    responses = np.array(checked(response_rates, levels))
    running = _Running(backfill, rates, responses, calendar, trials, random)
    while running.is_open.any():
        running.arrive()
    return running.ended()


class _Running:
    """Trials under way; each array has one row a trial."""

    def __init__(
        self,
        backfill: Backfill,
        rates: Floats,
        responses: Floats,
        calendar: Calendar,
        trials: int,
        random: np.random.Generator,
    ) -> None:
        design = backfill.design
        self._backfill, self._calendar, self._random = backfill, calendar, random
        self._rates, self._responses = rates, responses
        self._shapes = _weibull_shapes(rates)
        shape = trials, design.levels
        self.is_open = np.ones(trials, dtype=bool)
        self._clock, self._is_first = np.zeros(trials), True
        self._at = np.full(trials, design.starting_level)
        self._size = np.full(trials, min(design.cohort_size, design.max_n))
        self._placed = np.zeros(trials, dtype=np.int64)
        self._until = np.full((trials, design.cohort_size), -np.inf)
        self._toxic = np.zeros((trials, design.cohort_size), dtype=bool)
        self._evaluable, self._dlts = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self._more = np.zeros(shape, dtype=np.int64)
        self._more_until = np.full((*shape, backfill.cap), np.inf)
        self._more_toxic = np.zeros((*shape, backfill.cap), dtype=bool)
        self._response = np.full(shape, np.inf)
        self._turned_away, self._days = np.zeros(trials, np.int64), np.zeros(trials)

    def arrive(self) -> None:
        """Let one participant arrive in every trial."""
        trials = np.flatnonzero(self.is_open)
        if not self._is_first:
            self._clock[trials] += self._gaps(len(trials))
        self._is_first = False
        is_full = self._placed[trials] >= self._size[trials]
        is_known = self._until[trials].max(axis=1) < self._clock[trials]
        for_decision, between = trials[is_full & is_known], trials[is_full & ~is_known]
        going_on = self._decide(for_decision) if len(for_decision) else for_decision
        if len(between):
            self._fill(between)
        self._treat(np.concatenate([trials[~is_full], going_on]))

    def ended(self) -> BackfilledTrials:
        """Give the finished trials."""
        known = self._more_until < self._days[:, None, None]
        more, toxic = known.sum(axis=2), (known & self._more_toxic).sum(axis=2)
        evaluable = (self._evaluable + more).astype(np.int16)
        dlts = (self._dlts + toxic).astype(np.int16)
        trials = len(self._days)
        mtds = self._backfill.mtds(evaluable, dlts)
        endings = Endings(evaluable, dlts, mtds, np.full(trials, 1 / trials), trials)
        treated = self._evaluable + self._more
        return BackfilledTrials(endings, treated, self._more, self._turned_away, self._days)

    def _gaps(self, number: int) -> Floats:
        """Draw times since the last arrival."""
        mean = self._calendar.between_days
        if self._calendar.arrivals == "uniform":
            return self._random.uniform(0, 2 * mean, number)
        return self._random.exponential(mean, number)

    def _outcomes(self, trials: Ints, level: Ints) -> tuple[Floats, Bools]:
        """Draw when the outcomes of new participants are known, and whether they are DLTs."""
        chance, window = self._random.random(len(trials)), self._calendar.window_days
        rate, shape = self._rates[level - 1], self._shapes[level - 1]
        is_toxic = chance < rate
        share = np.ones(len(trials))
        with np.errstate(divide="ignore", invalid="ignore"):
            early = (np.log1p(-chance) / np.log1p(-rate)) ** (1 / shape)
        share[is_toxic] = early[is_toxic]
        return self._clock[trials] + share * window, is_toxic

    def _treat(self, trials: Ints) -> None:
        """Treat new participants in the running cohorts."""
        level, place = self._at[trials], self._placed[trials]
        self._until[trials, place], self._toxic[trials, place] = self._outcomes(trials, level)
        self._placed[trials] += 1
        responds = trials[self._random.random(len(trials)) < self._responses[level - 1]]
        seen_on = self._clock[responds] + self._calendar.window_days
        earlier = self._response[responds, self._at[responds] - 1]
        self._response[responds, self._at[responds] - 1] = np.minimum(earlier, seen_on)

    def _decide(self, trials: Ints) -> Ints:
        """Decide in trials whose cohort is complete; give those that go on."""
        level = self._at[trials]
        self._evaluable[trials, level - 1] += self._size[trials]
        self._dlts[trials, level - 1] += self._toxic[trials].sum(axis=1)
        self._days[trials] = self._until[trials].max(axis=1)
        known = self._more_until[trials] < self._clock[trials, None, None]
        moved = self._backfill.moves(
            self._evaluable[trials].sum(axis=1),
            self._evaluable[trials] + known.sum(axis=2),
            self._dlts[trials] + (known & self._more_toxic[trials]).sum(axis=2),
            level,
        )
        goes_on = moved.level > 0
        self.is_open[trials[~goes_on]] = False
        going_on = trials[goes_on]
        self._at[going_on], self._size[going_on] = moved.level[goes_on], moved.size[goes_on]
        self._placed[going_on], self._until[going_on] = 0, -np.inf
        self._toxic[going_on] = False
        return going_on

    def _fill(self, trials: Ints) -> None:
        """Backfill, or turn away, who arrives while the cohort is full."""
        clock, rows = self._clock[trials], np.arange(len(trials))
        known = self._more_until[trials] < clock[:, None, None]
        evaluable = self._evaluable[trials] + known.sum(axis=2)
        dlts = self._dlts[trials] + (known & self._more_toxic[trials]).sum(axis=2)
        at = self._at[trials]
        in_cohort = (self._until[trials] < clock[:, None]) & (
            np.arange(self._until.shape[1]) < self._placed[trials, None]
        )
        evaluable[rows, at - 1] += in_cohort.sum(axis=1)
        dlts[rows, at - 1] += (in_cohort & self._toxic[trials]).sum(axis=1)
        is_open = self._backfill.safe_levels(evaluable, dlts, at)
        is_open &= self._evaluable[trials] + self._more[trials] < self._backfill.cap
        if self._backfill.needs_response:
            is_open &= self._response[trials] < clock[:, None]
        has_any = is_open.any(axis=1)
        self._turned_away[trials[~has_any]] += 1
        filled, open_levels = trials[has_any], is_open[has_any]
        levels = open_levels.shape[1]
        lowest, highest = (
            np.argmax(open_levels, axis=1) + 1,
            levels - np.argmax(open_levels[:, ::-1], axis=1),
        )
        level = highest if self._backfill.choice == "highest" else lowest
        place = self._more[filled, level - 1]
        until, is_toxic = self._outcomes(filled, level)
        self._more_until[filled, level - 1, place] = until
        self._more_toxic[filled, level - 1, place] = is_toxic
        self._more[filled, level - 1] += 1


def _weibull_shapes(rates: Floats) -> Floats:
    """Give the shapes by which half of the DLTs of the window fall in its first half."""
    inside = np.clip(rates, 1e-12, 1 - 1e-12)
    half = np.log(-np.log1p(-inside / 2))
    return np.asarray((np.log(-np.log1p(-inside)) - half) / math.log(2))
