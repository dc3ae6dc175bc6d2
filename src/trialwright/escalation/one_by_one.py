"""A design that decides one state at a time, asked as the forward pass asks."""

from collections.abc import Iterator

import numpy as np

from trialwright.escalation.decision import Design, LevelCount
from trialwright.escalation.states import Counts, Ints


class OneByOne:
    """Any design, put to the forward pass state by state.

    Parameters
    ----------
    design : Design
        Its decisions depend on the counts and the level of the last cohort alone.
    """

    def __init__(self, design: Design) -> None:
        self.design = design

    def moves(self, evaluable: Counts, dlts: Counts, at: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Decide what follows, as `Moves.moves`.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.
        at, last : ndarray of int
            Dose level of the last cohorts, and those cohorts.

        Returns
        -------
        level, size : ndarray of int, shape (states,)
            Dose level of the next cohort, 0 = stop, and its participants.
        """
        decided = [
            self.design.next_dose(seen, level)
            for seen, level in zip(_rows(evaluable, dlts), at.tolist(), strict=True)
        ]
        level = np.array([each.level or 0 for each in decided], dtype=np.int64)
        size = np.array([each.cohort_size for each in decided], dtype=np.int64)
        return level, np.where(level > 0, size, 0)

    def mtds(self, evaluable: Counts, dlts: Counts) -> Ints:
        """Estimate the MTD, as `Moves.mtds`.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.

        Returns
        -------
        ndarray of int, shape (states,)
            Dose level; 0 = none.
        """
        found = [self.design.select_mtd(seen).level or 0 for seen in _rows(evaluable, dlts)]
        return np.array(found, dtype=np.int64)


def _rows(evaluable: Counts, dlts: Counts) -> Iterator[tuple[LevelCount, ...]]:
    """Give the counts by dose level of each state."""
    for treated, toxic in zip(evaluable.tolist(), dlts.tolist(), strict=True):
        yield tuple(map(LevelCount, treated, toxic))
