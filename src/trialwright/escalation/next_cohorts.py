"""The results that the next cohorts can have, for many states at once."""

from collections.abc import Callable

import numpy as np

from trialwright.escalation.waves import Floats, Ints, Wave, joined

Split = Callable[[Wave, int], Floats]
"""Shares out the weights of states whose next cohort has so many participants: one column for each
number of DLTs."""


def treated(wave: Wave, split: Split) -> tuple[Wave, Ints]:
    """Treat the next cohorts.

    Parameters
    ----------
    wave : Wave
        States before their next cohorts.
    split : callable (Wave, int) -> ndarray of float, shape (states, participants + 1)
        Says how much of the weight of each state sees 0, 1, 2 ... DLTs.

    Returns
    -------
    after : Wave
        States after the cohorts that have any weight; `level` and `size` are still those of the
        cohorts treated.
    last : ndarray of int, shape (states, 2)
        Participants and DLTs of those cohorts.
    """
    parts, cohorts = [], []
    for size in np.unique(wave.size).tolist():
        here = wave.only(wave.size == size)
        rows, places = np.arange(len(here)), here.level - 1
        weights = split(here, size)
        evaluable = here.evaluable.copy()
        evaluable[rows, places] += np.int16(size)
        for dlts in range(size + 1):
            met = weights[:, dlts] > 0
            seen = here.dlts.copy()
            seen[rows, places] += np.int16(dlts)
            after = Wave(evaluable, seen, here.level, here.size, weights[:, dlts], here.paths,
                         here.key)  # fmt: skip
            parts.append(after.only(met))
            cohorts.append(np.tile(np.array([[size, dlts]]), (int(met.sum()), 1)))
    return joined(parts), np.concatenate(cohorts)
