r"""Simulated trials with backfilling, in calendar time, many at once.

Participants arrive one by one. Whoever arrives while the running cohort has a place is treated in
it; whoever arrives when all outcomes of a full cohort are known opens the next cohort, after the
decision; whoever arrives between is backfilled, or turned away when no level is open.

The time to a DLT has the Weibull distribution by which half of the DLTs of the window fall in its
first half. A response is known at the end of the window.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from trialwright.escalation.asking import Again
from trialwright.escalation.backfill import Backfill
from trialwright.escalation.behaviour import Endings, Measure
from trialwright.escalation.calendar_days import Arrivals, Chance, Trials, in_parts, weibull_onset
from trialwright.escalation.characteristics import Rate, checked
from trialwright.escalation.known import BESIDE, NEW, RUNNING, Answers, Bools, Known, by_level
from trialwright.escalation.waves import Counts, Floats, Ints
from trialwright.terms.errors import Fault, Refusal, shorten


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
    levels, window = backfill.design.levels, calendar.window_days
    rates = checked(true_rates, levels)
    responses = np.array(checked(response_rates, levels))
    onset = weibull_onset(rates, window)
    chance = Chance(calendar.between_days, calendar.arrivals, onset, random, has_other=True)
    parts = [
        _ended(backfill, part)
        for part in in_parts(levels, window, trials, chance, _Asked(backfill, responses))
    ]
    evaluable, dlts, treated, backfilled, turned_away, days = (
        np.concatenate(each) for each in zip(*parts, strict=True)
    )
    mtds = backfill.mtds(evaluable, dlts)
    endings = Endings(evaluable, dlts, mtds, np.full(trials, 1 / trials), trials)
    return BackfilledTrials(endings, treated, backfilled, turned_away, days)


class _Asked:
    """A design with backfilling, asked when a participant arrives."""

    again: Again = "turned-away"

    def __init__(self, backfill: Backfill, responses: Floats) -> None:
        self._backfill, self._design, self._responses = backfill, backfill.design, responses

    def answers(self, known: Known) -> Answers:
        """Give the participant a place in the cohort, in the next one, beside them, or none."""
        at = known.at(self._design.starting_level)
        cohorts = by_level(known.level, known.cohort > 0, known.levels)
        placed, last = known.last.treated, known.last
        left = self._design.max_n - (cohorts.sum(axis=1) - placed)
        is_full = placed >= np.minimum(self._design.cohort_size, left)
        decides, fills = is_full & (last.pending == 0), is_full & (last.pending > 0)
        found = Answers(at, 1 * ~is_full, np.zeros_like(at), np.where(is_full, NEW, RUNNING))
        if decides.any():
            moved = self._backfill.moves(
                cohorts[decides].sum(axis=1),
                known.seen.evaluable[decides],
                known.seen.dlts[decides],
                at[decides],
            )
            found.level[decides], found.size[decides] = moved.level, moved.size
        if fills.any():
            self._fill(known, np.flatnonzero(fills), at, found)
        return found

    def _fill(self, known: Known, fills: Ints, at: Ints, found: Answers) -> None:
        """Find a level for who arrives while the cohort is full."""
        seen, treated = known.seen, known.seen.treated[fills]
        is_open = self._backfill.safe_levels(seen.evaluable[fills], seen.dlts[fills], at[fills])
        is_open &= treated < self._backfill.cap
        if self._backfill.needs_response:
            is_open &= self._responded(known)[fills]
        lowest = np.argmax(is_open, axis=1) + 1
        highest = is_open.shape[1] - np.argmax(is_open[:, ::-1], axis=1)
        level = highest if self._backfill.choice == "highest" else lowest
        has_any = is_open.any(axis=1)
        found.level[fills] = np.where(has_any, level, at[fills])
        found.size[fills], found.place[fills] = has_any, BESIDE

    def _responded(self, known: Known) -> Bools:
        """Say at which levels a response was seen; it is at the end of the window."""
        rate = np.append(0.0, self._responses)[known.level]
        responds = (known.other < rate) & (known.behind >= known.window) & (known.cohort > 0)
        return by_level(known.level, responds, known.levels) > 0


def _ended(backfill: Backfill, trials: Trials) -> tuple[Counts, Counts, Ints, Ints, Ints, Floats]:
    """Count evaluable, DLTs, treated, backfilled, turned away, and days up to the last outcome."""
    known = trials.known(np.arange(len(trials.day)))
    outcome_after = np.minimum(known.dlt_after, known.window)
    days = np.where(known.in_last, known.start + outcome_after, 0).max(axis=1)
    seen = replace(known, day=days).seen
    beside = known.is_there & (known.cohort == 0)
    return (
        seen.evaluable.astype(np.int16),
        seen.dlts.astype(np.int16),
        seen.treated,
        by_level(known.level, beside, known.levels),
        trials.turned_away,
        days,
    )
