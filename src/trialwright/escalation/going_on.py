"""Who goes on, and with how many: what every rule does with the level that it names.

A rule names the level of the next cohort. Whether there is one, how many are in it, and whether the
escalation waits or ends instead, follows from `max_n`, `stop_at` and the cohort size in one way.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from trialwright.escalation.isotonic import Ints
from trialwright.escalation.known import NEW, RUNNING, Answers, Bools, Known, of_level
from trialwright.escalation.states import Counts


class Sized(Protocol):
    """How many a rule treats.

    Attributes
    ----------
    max_n, cohort_size : int, participants
        Of the escalation, and of a cohort.
    stop_at : int or None, participants
        At one level, at which it ends when the next cohort would be treated there too.
    """

    @property
    def max_n(self) -> int:
        """Participants at which the escalation ends."""

    @property
    def cohort_size(self) -> int:
        """Participants in a cohort."""

    @property
    def stop_at(self) -> int | None:
        """Participants at one level at which it ends; None: it never ends so."""

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


def after_cohorts(
    rule: Sized, evaluable: Counts, at: Ints, named: Callable[[Ints], Ints]
) -> tuple[Ints, Ints]:
    """Give what follows complete cohorts of which everybody is evaluable.

    Parameters
    ----------
    rule : Sized
        How many it treats.
    evaluable : ndarray of int, shape (states, levels)
        Counts by dose level.
    at : ndarray of int, shape (states,)
        Dose level of the last cohort.
    named : callable (ndarray of int) -> ndarray of int
        Gives the levels that the rule names in the states of such numbers; 0 = stop.

    Returns
    -------
    level, size : ndarray of int, shape (states,)
        Dose level of the next cohort, 0 = stop, and its participants.
    """
    left = rule.max_n - evaluable.sum(axis=1, dtype=np.int64)
    level = np.zeros(len(at), dtype=np.int64)
    goes_on = np.flatnonzero(left > 0)
    if len(goes_on):
        level[goes_on] = named(goes_on)
    if rule.stop_at is not None:
        here = evaluable[np.arange(len(at)), at - 1]
        level[(level == at) & (here >= rule.stop_at)] = 0
    return level, np.where(level > 0, np.minimum(rule.cohort_size, left), 0)


def while_pending(
    rule: Sized, known: Known, at: Ints, level: Ints, missing: Ints, is_held: Bools
) -> Answers:
    """Give what follows cohorts of which some may be pending: go on, wait or stop.

    Parameters
    ----------
    rule : Sized
        How many it treats, and its estimate of the MTD.
    known : Known
        Trials on one day of each.
    at, level : ndarray of int, shape (trials,)
        Dose level of the last cohort, and the one that the rule names next; 0 = stop.
    missing : ndarray of int, shape (trials,)
        Places of the running cohort still to be filled; they come first.
    is_held : ndarray of bool, shape (trials,)
        Where accrual waits.

    Returns
    -------
    Answers
        One a trial. Nobody is enrolled where accrual waits, and where there were enough until
        nobody is pending; then it stops, with the MTD.
    """
    seen, treated = known.seen, known.seen.treated
    left = rule.max_n - treated.sum(axis=1)
    is_enough = left <= 0
    if rule.stop_at is not None:
        is_enough |= (level == at) & (of_level(treated, at) >= rule.stop_at)
    is_over = is_enough & (level > 0) & ~is_held & ~known.is_pending.any(axis=1)
    size = np.where(is_enough | is_held | (level == 0), 0, np.minimum(rule.cohort_size, left))
    level = np.where((size == 0) & (level > 0), at, level)
    size, level = np.where(missing > 0, missing, size), np.where(missing > 0, at, level)
    mtd, ends = np.zeros_like(level), np.flatnonzero(is_over & (missing == 0))
    if len(ends):
        counts = (each[ends].astype(np.int16) for each in (seen.evaluable, seen.dlts))
        level[ends], mtd[ends] = 0, rule.mtds(*counts)
    return Answers(level, size, mtd, np.where(missing > 0, RUNNING, NEW))
