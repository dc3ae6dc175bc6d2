"""Whole trials simulated day by day: participants come one after the other, and time passes.

The next participant is ready some time after the last was enrolled (exponentially distributed) and
waits while accrual does. A DLT comes at a uniformly distributed time within the window. Before each
enrolment the design is asked with what is known on that day, so designs that decide while
participants are pending do so, and the others wait. The trial ends on the day on which the design
stops.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.escalation.asking import asked_of
from trialwright.escalation.behaviour import Behaviour, Endings, Measure, behaviour
from trialwright.escalation.calendar_days import Chance, in_parts, uniform_onset
from trialwright.escalation.characteristics import Rate, checked
from trialwright.escalation.decision import Design
from trialwright.escalation.evaluating import falling
from trialwright.escalation.simulating import Note
from trialwright.escalation.waves import Counts, Floats, Ints
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


@dataclass(frozen=True, slots=True)
class Accrual:
    """How participants come, and how long they are followed.

    Attributes
    ----------
    days_between : float, days
        Mean time from one enrolment until the next participant is ready.
    window_days : int, days
        Length of the DLT window.

    Raises
    ------
    Refusal
        If one is none.
    """

    days_between: float
    window_days: int

    def __post_init__(self) -> None:
        """Refuse times that are none, both at once."""
        faults = []
        if not 0 <= self.days_between < math.inf:
            found, do = shorten(self.days_between), "Give the mean time between participants"
            faults.append(Fault("days_between", found, "a number from 0", do))
        if isinstance(self.window_days, bool) or self.window_days < 1:
            found, do = shorten(self.window_days), "Give the length of the DLT window"
            faults.append(Fault("window_days", found, "a whole number from 1", do))
        if faults:
            raise Refusal(faults)


@dataclass(frozen=True)
class Accrued:
    """Trials simulated in time.

    Attributes
    ----------
    endings : Endings
        How each trial ended, all with one weight.
    days : ndarray of float, shape (trials,)
        Days from the first enrolment to the day on which the design stopped.
    """

    endings: Endings
    days: np.ndarray[tuple[int], np.dtype[np.float64]]

    @property
    def duration(self) -> Measure:
        """Mean duration with its Monte Carlo standard error, days."""
        return self.endings.mean(self.days)


def simulate_in_time(
    design: Design,
    true_rates: Sequence[Rate],
    accrual: Accrual,
    trials: int,
    random: np.random.Generator,
    note: Note | None = None,
) -> Accrued:
    """Simulate whole trials with their accrual.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    true_rates : sequence of int, float, Decimal or Fraction, length = dose levels
        True DLT rate of each dose level, within the window.
    accrual : Accrual
        How participants come.
    trials : int
        How many.
    random : numpy.random.Generator
        Handed in, so that the same seed gives the same trials.
    note : callable (int, int) -> None, or None
        Told how many trials are done, of how many.

    Returns
    -------
    Accrued
        Endings and durations.

    Raises
    ------
    Refusal
        If a rate is no probability, the window of the design is another one, or `trials` is no
        number from 1.
    """
    rates = checked(true_rates, design.levels)
    if isinstance(trials, bool) or not isinstance(trials, int) or trials < 1:
        raise refuse("trials", shorten(trials), "a whole number from 1", "Say how many trials")
    own = getattr(design, "window_days", accrual.window_days)
    if own != accrual.window_days:
        found, do = f"{accrual.window_days} days", "Take the window of the design"
        raise refuse("window_days", found, f"{own} days, as the design has", do)
    onset = uniform_onset(rates, accrual.window_days)
    chance = Chance(accrual.days_between, "poisson", onset, random)
    asked = asked_of(design, accrual.window_days)
    ended: list[tuple[Counts, Counts, Ints, Floats]] = []
    done = 0
    for part in in_parts(design.levels, accrual.window_days, trials, chance, asked):
        counts = part.counted(part.level > 0), part.counted(np.isfinite(part.dlt_after))
        ended.append((*counts, part.mtd, part.day))
        done += len(part.day)
        if note is not None:
            note(done, trials)
    evaluable, dlts, mtds, days = (np.concatenate(each) for each in zip(*ended, strict=True))
    weights = np.full(trials, 1 / trials)
    return Accrued(Endings(evaluable, dlts, mtds, weights, trials), days)


def behaviour_in_time(
    design: Design,
    true_rates: Sequence[Rate],
    target: float | None,
    accrual: Accrual,
    trials: int,
    random: np.random.Generator,
    note: Note | None = None,
) -> tuple[Behaviour, Measure]:
    """Simulate whole trials with their accrual, and sum them up.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    true_rates : sequence of int, float, Decimal or Fraction
        True DLT rate of each dose level, within the window.
    target : float or None, probability
        Target toxicity rate against which levels are called correct; None: none is.
    accrual : Accrual
        How participants come.
    trials : int
        How many.
    random : numpy.random.Generator
        Handed in.
    note : callable (int, int) -> None, or None
        Told how many trials are done, of how many.

    Returns
    -------
    tuple of Behaviour and Measure
        The usual numbers, and the mean duration in days.

    Raises
    ------
    Refusal
        As `simulate_in_time`.
    """
    found = simulate_in_time(design, true_rates, accrual, trials, random, note)
    because = (
        f"{trials:,} trials simulated day by day: a participant ready every "
        f"{accrual.days_between:g} days on average, DLT window of {accrual.window_days} days"
    )
    rates, max_n = checked(true_rates, design.levels), getattr(design, "max_n", None)
    because = "; ".join(filter(None, (because, falling(design, rates))))
    return behaviour(found.endings, rates, target, because, max_n), found.duration
