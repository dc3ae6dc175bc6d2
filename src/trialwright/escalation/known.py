"""What is known of many trials on a day: one row a trial, one place a participant.

Follow-up is compared with the window in days, from the start of each participant. A day of
follow-up counts once it is over.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trialwright.escalation.isotonic import Floats, Ints
from trialwright.escalation.participants import Treated

Bools = NDArray[np.bool_]
Places = NDArray[np.int16]
"""A small whole number for each participant."""

ROUNDING = 1e-9
"""Days that sums of times may be short of the event that they lead to."""

FIELD = 2**16
"""Three counts of fewer participants than that are summed up in one number."""

NEW, RUNNING, BESIDE = range(3)
"""Where the next participants go: a new cohort, the running one, beside the cohorts."""


class Answers(NamedTuple):
    """What a design decides in many trials.

    Attributes
    ----------
    level : ndarray of int, shape (trials,)
        Dose level of the next participants; 0 = the escalation stops.
    size : ndarray of int, shape (trials,)
        Participants who may be enrolled there now; 0 = nobody.
    mtd : ndarray of int, shape (trials,)
        Estimate of the MTD where it stops; 0 = none.
    place : ndarray of int, shape (trials,)
        Where they go: into a new cohort, into the running one, or beside the cohorts. Nobody goes
        anywhere: a new one.
    """

    level: Ints
    size: Ints
    mtd: Ints
    place: Ints


class Seen(NamedTuple):
    """Counts of many trials, by dose level or of a cohort.

    Attributes
    ----------
    evaluable, dlts, pending : ndarray of int, shape (trials, levels) or (trials,)
        As in `LevelCount`.
    """

    evaluable: Ints
    dlts: Ints
    pending: Ints

    @property
    def treated(self) -> Ints:
        """Everybody, evaluable or pending."""
        return self.evaluable + self.pending


@dataclass(frozen=True)
class Known:
    """Trials on one day of each.

    Attributes
    ----------
    levels : int
        Number of dose levels.
    window : float, days
        Length of the DLT window.
    day : ndarray of float, shape (trials,), days
        Day on which is asked.
    level, cohort : ndarray of int, shape (trials, places)
        Dose level and cohort of each participant, in the order of enrolment; level 0: an empty
        place. Cohort 0: beside the cohorts.
    start, dlt_after : ndarray of float, shape (trials, places), days
        Day of the first dose, and time from there to a DLT, infinite without one.
    other : ndarray of float, shape (trials, places or 0)
        A second number drawn for each participant, where one was.
    """

    levels: int
    window: float
    day: Floats
    level: Places
    cohort: Places
    start: Floats
    dlt_after: Floats
    other: Floats

    def __len__(self) -> int:
        """Count the trials."""
        return len(self.day)

    def only(self, which: Ints) -> "Known":
        """Give some of the trials.

        Parameters
        ----------
        which : ndarray of int
            Places of the trials.

        Returns
        -------
        Known
            Those trials.
        """
        people = self.level[which], self.cohort[which]
        days = self.start[which], self.dlt_after[which]
        return Known(self.levels, self.window, self.day[which], *people, *days, self.other[which])

    @cached_property
    def behind(self) -> Floats:
        """Give the days since the first dose of each participant.

        Returns
        -------
        ndarray of float, shape (trials, places), days
            Minus infinity at an empty place.
        """
        return self.day[:, None] - self.start + ROUNDING

    @cached_property
    def is_there(self) -> Bools:
        """Mark the places that are taken.

        Returns
        -------
        ndarray of bool, shape (trials, places)
            One mark a participant.
        """
        return self.level > 0

    @cached_property
    def has_dlt(self) -> Bools:
        """Mark the participants whose DLT was seen.

        Returns
        -------
        ndarray of bool, shape (trials, places)
            On the day, or before.
        """
        return (self.dlt_after <= self.behind) & self.is_there

    @cached_property
    def is_pending(self) -> Bools:
        """Mark the participants in the DLT window without a DLT so far.

        Returns
        -------
        ndarray of bool, shape (trials, places)
            Everybody else is evaluable.
        """
        return (self.behind < self.window) & self.is_there & ~self.has_dlt

    @cached_property
    def seen(self) -> Seen:
        """Count everybody by dose level.

        Returns
        -------
        Seen
            Counts of shape (trials, levels).
        """
        return self.tally(self.is_there)

    @cached_property
    def in_last(self) -> Bools:
        """Mark the participants of the last cohort.

        Returns
        -------
        ndarray of bool, shape (trials, places)
            None before the first.
        """
        newest = self.cohort.max(axis=1, initial=0)
        return np.asarray((self.cohort == newest[:, None]) & (newest[:, None] > 0))

    @cached_property
    def last(self) -> Seen:
        """Count the last cohort of each trial.

        Returns
        -------
        Seen
            Counts of shape (trials,), 0 before the first cohort.
        """
        dlts = (self.in_last & self.has_dlt).sum(axis=1)
        pending = (self.in_last & self.is_pending).sum(axis=1)
        return Seen(self.in_last.sum(axis=1) - pending, dlts, pending)

    def at(self, starting_level: int) -> Ints:
        """Give the dose level of the last cohort of each trial.

        Parameters
        ----------
        starting_level : int
            Before the first cohort.

        Returns
        -------
        ndarray of int, shape (trials,)
            1 = lowest.
        """
        found = np.where(self.in_last, self.level, 0).max(axis=1, initial=0)
        return np.where(found > 0, found, starting_level)

    def tally(self, which: Bools) -> Seen:
        """Count some of the participants by dose level.

        Parameters
        ----------
        which : ndarray of bool, shape (trials, places)
            Those to count.

        Returns
        -------
        Seen
            Counts by dose level.
        """
        parts = which * (1.0 + self.is_pending * float(FIELD) + self.has_dlt * float(FIELD**2))
        found = by_level(self.level, parts, self.levels)
        treated, pending, dlts = found % FIELD, found // FIELD % FIELD, found // FIELD**2
        return Seen(treated - pending, dlts, pending)

    def days_pending(self) -> Ints:
        """Sum the whole days of follow-up of those pending up by dose level.

        Returns
        -------
        ndarray of int, shape (trials, levels), days
            0 where nobody is pending.
        """
        days = np.where(self.is_pending, np.floor(self.behind), 0)
        return by_level(self.level, days, self.levels)

    def participants(self, trial: int) -> list[Treated]:
        """Give the participants of one trial as a dose meeting lists them.

        Parameters
        ----------
        trial : int
            Which.

        Returns
        -------
        list of Treated
            In the order of enrolment.
        """
        places = np.flatnonzero(self.is_there[trial])
        return [self._treated(trial, place, number) for number, place in enumerate(places.tolist())]

    def _treated(self, trial: int, place: int, number: int) -> Treated:
        """Give one participant."""
        has_dlt = bool(self.has_dlt[trial, place])
        day = max(1, math.ceil(self.dlt_after[trial, place])) if has_dlt else None
        return Treated(
            participant=f"{number:03}",
            cohort=int(self.cohort[trial, place]),
            level=int(self.level[trial, place]),
            standing="pending" if self.is_pending[trial, place] else "evaluable",
            has_dlt=has_dlt,
            dlt_day=day,
            followed=math.floor(min(self.behind[trial, place], self.window)),
        )


def places_left(treated: Ints, at: Ints, cohort_size: int, max_n: int) -> Ints:
    """Count the places of running cohorts still to be filled, as `meeting.places_left` does.

    Parameters
    ----------
    treated : ndarray of int, shape (trials, levels)
        Participants by dose level, pending or evaluable.
    at : ndarray of int, shape (trials,)
        Dose level of the cohort.
    cohort_size, max_n : int, participants
        Of a cohort, and of the escalation.

    Returns
    -------
    ndarray of int, shape (trials,)
        0 where the cohort is complete.
    """
    here, left = of_level(treated, at), np.maximum(0, max_n - treated.sum(axis=1))
    missing = np.minimum(np.where(here > 0, -here % cohort_size, cohort_size), left)
    return np.asarray(missing, dtype=np.int64)


def by_level(level: Places, parts: Floats | Bools, levels: int) -> Ints:
    """Sum whole numbers of the participants of many trials up by dose level.

    Parameters
    ----------
    level : ndarray of int, shape (trials, places)
        Dose level of each participant; 0: an empty place.
    parts : ndarray of float or bool, shape (trials, places)
        What to sum up; of a mask the number of those marked.
    levels : int
        Number of dose levels.

    Returns
    -------
    ndarray of int, shape (trials, levels)
        Sums.
    """
    cell = np.arange(len(level))[:, None] * (levels + 1) + level
    found = np.bincount(cell.ravel(), parts.ravel(), len(level) * (levels + 1))
    return np.asarray(found.reshape(-1, levels + 1)[:, 1:], dtype=np.int64)


def of_level(counts: Ints, at: Ints) -> Ints:
    """Give the count of one dose level in each trial.

    Parameters
    ----------
    counts : ndarray, shape (trials, levels)
        By dose level.
    at : ndarray of int, shape (trials,)
        Dose level, 1 = lowest.

    Returns
    -------
    ndarray, shape (trials,)
        Its count.
    """
    return np.asarray(counts[np.arange(len(at)), at - 1], dtype=np.int64)
