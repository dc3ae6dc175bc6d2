"""Whole trials simulated day by day: participants come one after the other, and time passes.

The next participant is ready some time after the last was enrolled (exponentially distributed) and
waits while accrual does. A DLT comes at a uniformly distributed time within the window. Before each
enrolment the design is asked with what is known on that day, so designs that decide while
participants are pending do so, and the others wait. The trial ends on the day on which the design
stops.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.escalation.behaviour import Behaviour, Endings, Measure, behaviour
from trialwright.escalation.characteristics import Rate, checked
from trialwright.escalation.decision import Decision, Design
from trialwright.escalation.follow_up import decide_followed, follows_up
from trialwright.escalation.meeting import INCOMPLETE
from trialwright.escalation.participants import Treated
from trialwright.escalation.simulating import Note
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

A_DAY = 1.0
"""After how long a design that weighs follow-up is asked again while accrual waits, days."""


ROUNDING = 1e-9
"""Days that sums of times may be short of the event that they lead to."""


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


@dataclass(frozen=True, slots=True)
class _Enrolled:
    """One simulated participant."""

    level: int
    cohort: int
    start: float
    dlt_after: float  # infinite without a DLT

    def known(self, number: int, day: float, window: int) -> Treated:
        """Say what is known on a day."""
        behind = day - self.start + ROUNDING
        followed = min(window, math.floor(behind))
        has_dlt = self.dlt_after <= behind
        return Treated(
            participant=f"{number:03}",
            cohort=self.cohort,
            level=self.level,
            standing="evaluable" if has_dlt or followed >= window else "pending",
            has_dlt=has_dlt,
            dlt_day=max(1, math.ceil(self.dlt_after)) if has_dlt else None,
            followed=followed,
        )


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
    evaluable = np.zeros((trials, design.levels), dtype=np.int16)
    dlts = np.zeros_like(evaluable)
    mtds, days = np.zeros(trials, dtype=np.int64), np.zeros(trials)
    for trial in range(trials):
        mtds[trial], days[trial], people = _one(design, rates, accrual, random)
        for each in people:
            evaluable[trial, each.level - 1] += 1
            dlts[trial, each.level - 1] += math.isfinite(each.dlt_after)
        if note is not None:
            note(trial + 1, trials)
    weights = np.full(trials, 1 / trials)
    return Accrued(Endings(evaluable, dlts, mtds, weights, trials), days)


def _one(
    design: Design, rates: Sequence[float], accrual: Accrual, random: np.random.Generator
) -> tuple[int, float, list[_Enrolled]]:
    """Run one trial: MTD (0 = none), duration and participants."""
    people: list[_Enrolled] = []
    day = 0.0
    while True:
        known = [each.known(number, day, accrual.window_days) for number, each in enumerate(people)]
        decided = decide_followed(design, known, accrual.window_days)
        if decided.level is None:
            return decided.mtd or 0, day, people
        if decided.cohort_size < 1:
            days = _next_days(people, day, accrual.window_days, asks_daily=follows_up(design))
            day = min(days, default=day + A_DAY)
            continue
        people.append(_enrolled(people, decided, rates, day, accrual.window_days, random))
        day += random.exponential(accrual.days_between)


def _enrolled(
    people: Sequence[_Enrolled],
    decided: Decision,
    rates: Sequence[float],
    day: float,
    window: int,
    random: np.random.Generator,
) -> _Enrolled:
    """Enrol one participant where the design says, into the running cohort or a new one."""
    level = decided.level or 0
    completes = decided.act == "wait" or decided.rule == INCOMPLETE
    cohort = people[-1].cohort if people else 1
    if people and not (completes and people[-1].level == level):
        cohort += 1
    has_dlt = random.random() < rates[level - 1]
    after = random.uniform(0, window) if has_dlt else math.inf
    return _Enrolled(level, cohort, day, after)


def _next_days(
    people: Sequence[_Enrolled], day: float, window: int, *, asks_daily: bool
) -> Iterator[float]:
    """Give the days on which more will be known: the next DLT, the end of the next window.

    A design that weighs follow-up is asked again tomorrow.
    """
    if asks_daily:
        yield day + A_DAY
    for each in people:
        for event in (each.start + each.dlt_after, each.start + window):
            if math.isfinite(event) and event > day + ROUNDING:
                yield event


def behaviour_in_time(
    design: Design,
    true_rates: Sequence[Rate],
    target: float,
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
    target : float, probability
        Target toxicity rate against which levels are called correct.
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
    return behaviour(found.endings, rates, target, because, max_n), found.duration
