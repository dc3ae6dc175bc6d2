"""Many trials run through calendar time at once, each by its own clock.

Participants come one after the other. Before each enrolment the design is asked with what is known
on that day. Where it says that nobody may be enrolled, the participant waits until it says
something else, or is turned away. Every trial has its own arrivals and outcomes, drawn by trial and
arrival, so that they do not depend on how the design is asked.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trialwright.escalation.asking import Again, Asked
from trialwright.escalation.isotonic import Floats, Ints
from trialwright.escalation.known import BESIDE, NEW, ROUNDING, Answers, Bools, Known, by_level
from trialwright.escalation.waves import Counts

Arrivals = Literal["poisson", "uniform"]
"""Times between arrivals: exponential, or uniform from 0 to twice their mean."""

Onset = Callable[[Floats, Ints], Floats]
"""Gives the days to a DLT, infinite without one, from numbers uniform in 0-1 and dose levels."""

A_DAY = 1.0
"""After how long a design that weighs follow-up is asked again while accrual waits, days."""

AT_ONCE = 1500
"""Trials run at once; what is known of them on a day is a few MB."""

BLOCK = 32
"""Arrivals drawn, and places added, at once."""


@dataclass(frozen=True)
class Chance:
    """Where arrivals and outcomes come from.

    Attributes
    ----------
    between : float, days
        Mean time between two arrivals, or from an enrolment to the next.
    arrivals : {'poisson', 'uniform'}
        How these times are distributed.
    onset : callable (uniform numbers, dose levels) -> days
        Times to DLTs.
    random : numpy.random.Generator
        Handed in.
    has_other : bool
        Whether a second number is drawn for each participant.
    """

    between: float
    arrivals: Arrivals
    onset: Onset
    random: np.random.Generator
    has_other: bool = False

    def drawn(self, trials: int) -> tuple[Floats, Floats, Floats]:
        """Draw for the next arrivals of trials.

        Parameters
        ----------
        trials : int
            How many.

        Returns
        -------
        gaps : ndarray of float, shape (trials, BLOCK), days
            From each arrival to the next.
        chances, others : ndarray of float, shape (trials, BLOCK)
            Uniform in 0-1: of a DLT, and of whatever else is asked; the second is 0 where nothing
            is.
        """
        shape = trials, BLOCK
        if self.arrivals == "uniform":
            gaps = self.random.uniform(0, 2 * self.between, shape)
        else:
            gaps = self.random.exponential(self.between, shape)
        chances = self.random.random(shape)
        return gaps, chances, self.random.random(shape) if self.has_other else np.zeros(shape)


class Trials:
    """Trials under way, or finished; each array has one row a trial.

    Parameters
    ----------
    levels : int
        Number of dose levels.
    window : float, days
        Length of the DLT window.
    trials : int
        How many.
    chance : Chance
        Arrivals and outcomes.

    Attributes
    ----------
    level, cohort, start, dlt_after
        As in `Known`.
    other : ndarray of float, shape (trials, places)
        The second number drawn for each participant.
    day : ndarray of float, shape (trials,), days
        Clock of each trial; in the end, when the design stopped.
    mtd, turned_away : ndarray of int, shape (trials,)
        Estimate of the MTD, 0 = none; participants turned away.
    """

    def __init__(self, levels: int, window: float, trials: int, chance: Chance) -> None:
        self.levels, self.window, self._chance = levels, window, chance
        self.day, self.mtd = np.zeros(trials), np.zeros(trials, dtype=np.int64)
        self.turned_away = np.zeros(trials, dtype=np.int64)
        self._arrival, self._enrolled, self._newest = np.zeros((3, trials), dtype=np.int64)
        self.level, self.cohort = np.zeros((2, trials, BLOCK), dtype=np.int16)
        self.start, self.dlt_after = np.full((2, trials, BLOCK), np.inf)
        self.other = np.zeros((trials, BLOCK))
        self._drawn = chance.drawn(trials)

    def run(self, asked: Asked) -> "Trials":
        """Run all trials to their ends.

        Parameters
        ----------
        asked : Asked
            What decides.

        Returns
        -------
        Trials
            These, finished.
        """
        is_open = np.arange(len(self.day))
        while len(is_open):
            found = asked.answers(self.known(is_open))
            stops, enrols = found.level == 0, (found.level > 0) & (found.size > 0)
            self.mtd[is_open[stops]] = found.mtd[stops]
            self._enrol(is_open[enrols], Answers(*(each[enrols] for each in found)))
            self._let_wait(is_open[~stops & ~enrols], asked.again)
            is_open = is_open[~stops]
        return self

    def known(self, which: Ints) -> Known:
        """Give what is known of some trials on their days.

        Parameters
        ----------
        which : ndarray of int
            Those trials.

        Returns
        -------
        Known
            With as many places as are taken.
        """
        places = int(self._enrolled[which].max(initial=0))
        people = self.level[:, :places][which], self.cohort[:, :places][which]
        days = self.start[:, :places][which], self.dlt_after[:, :places][which]
        other = self.other[:, : places * self._chance.has_other][which]
        return Known(self.levels, self.window, self.day[which], *people, *days, other)

    def counted(self, which: Bools) -> Counts:
        """Count participants by dose level.

        Parameters
        ----------
        which : ndarray of bool, shape (trials, places)
            Those to count.

        Returns
        -------
        ndarray of int, shape (trials, levels)
            How many.
        """
        return by_level(self.level, which, self.levels).astype(np.int16)

    def _enrol(self, which: Ints, found: Answers) -> None:
        """Enrol one participant in each of some trials, and go on to the next arrival."""
        place, arrival = self._enrolled[which], self._arrival[which]
        if place.max(initial=0) >= self.level.shape[1]:
            self._make_room()
        newest = self._newest[which] + (found.place == NEW)
        newest = np.maximum(newest, 1)  # the first participant opens the first cohort
        self._newest[which] = newest
        self.level[which, place] = found.level
        self.cohort[which, place] = np.where(found.place == BESIDE, 0, newest)
        self.start[which, place] = self.day[which]
        _, chances, others = self._drawn
        self.dlt_after[which, place] = self._chance.onset(chances[which, arrival], found.level)
        self.other[which, place] = others[which, arrival]
        self._enrolled[which] += 1
        self._pass(which)

    def _pass(self, which: Ints) -> None:
        """Go on to the next arrival."""
        gaps = self._drawn[0]
        self.day[which] += gaps[which, self._arrival[which]]
        self._arrival[which] += 1
        if self._arrival[which].max(initial=0) >= gaps.shape[1]:
            first, second, third = zip(self._drawn, self._chance.drawn(len(gaps)), strict=True)
            self._drawn = (
                np.concatenate(first, axis=1),
                np.concatenate(second, axis=1),
                np.concatenate(third, axis=1),
            )

    def _let_wait(self, which: Ints, again: Again) -> None:
        """Let time pass in trials in which nobody may be enrolled."""
        if again == "turned-away":
            self.turned_away[which] += 1
            self._pass(which)
        elif len(which):
            self.day[which] = self._next_day(which, is_daily=again == "daily")

    def _next_day(self, which: Ints, *, is_daily: bool) -> Floats:
        """Give the day on which more is known: the next DLT, the end of the next window."""
        places = int(self._enrolled[which].max(initial=0))
        day, start = self.day[which], self.start[:, :places][which]
        found = np.full(len(which), np.inf)
        for event in (start + self.dlt_after[:, :places][which], start + self.window):
            is_ahead = event > day[:, None] + ROUNDING
            found = np.minimum(found, np.where(is_ahead, event, np.inf).min(axis=1, initial=np.inf))
        tomorrow = day + A_DAY
        return (
            np.minimum(found, tomorrow)
            if is_daily
            else np.where(np.isfinite(found), found, tomorrow)
        )

    def _make_room(self) -> None:
        """Add places."""
        for name, empty in (("level", 0), ("cohort", 0), ("start", np.inf),
                            ("dlt_after", np.inf), ("other", 0)):  # fmt: skip
            held = getattr(self, name)
            more = np.full((len(held), BLOCK), empty, dtype=held.dtype)
            setattr(self, name, np.concatenate([held, more], axis=1))


def in_parts(
    levels: int, window: float, trials: int, chance: Chance, asked: Asked
) -> Iterator[Trials]:
    """Run trials, as many at once as are handy.

    Parameters
    ----------
    levels : int
        Number of dose levels.
    window : float, days
        Length of the DLT window.
    trials : int
        How many.
    chance : Chance
        Arrivals and outcomes.
    asked : Asked
        What decides.

    Yields
    ------
    Trials
        Finished; the parts together are all.
    """
    for begun in range(0, trials, AT_ONCE):
        yield Trials(levels, window, min(AT_ONCE, trials - begun), chance).run(asked)


def uniform_onset(rates: Sequence[float], window: float) -> Onset:
    """Give times to DLTs that are uniform within the window.

    Parameters
    ----------
    rates : sequence of float, probabilities
        True DLT rate of each dose level, within the window.
    window : float, days
        Length of the DLT window.

    Returns
    -------
    callable
        As `Chance` takes it.
    """
    by_level = np.array([0.0, *rates])

    def onset(chances: Floats, levels: Ints) -> Floats:
        """Take the place of a number below the rate as the place in the window."""
        rate = by_level[levels]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(chances < rate, window * (chances / rate), np.inf)

    return onset


def weibull_onset(rates: Sequence[float], window: float) -> Onset:
    """Give times to DLTs of which half of those of the window fall in its first half.

    Parameters
    ----------
    rates : sequence of float, probabilities
        True DLT rate of each dose level, within the window.
    window : float, days
        Length of the DLT window.

    Returns
    -------
    callable
        As `Chance` takes it; the times have a Weibull distribution.
    """
    by_level = np.array([0.0, *rates])
    inside = np.clip(by_level, 1e-12, 1 - 1e-12)
    half = np.log(-np.log1p(-inside / 2))
    shapes = (np.log(-np.log1p(-inside)) - half) / math.log(2)

    def onset(chances: Floats, levels: Ints) -> Floats:
        """Invert the distribution."""
        rate = by_level[levels]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (np.log1p(-chances) / np.log1p(-rate)) ** (1 / shapes[levels])
        return np.where(chances < rate, window * share, np.inf)

    return onset
