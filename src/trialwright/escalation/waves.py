"""States of a trial as arrays, told apart and merged.

States are told apart by a 64-bit key that is linear in the counts, so the key of a state follows
from that of the state before. Whether equal keys mean equal states is checked in every merge; where
they do not, states are compared as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int16]
"""Counts by state and dose level."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Wave:
    """States in which cohorts are about to be treated, or in which the escalation has stopped.

    Attributes
    ----------
    evaluable, dlts : ndarray of int, shape (states, levels)
        Counts by dose level.
    level, size : ndarray of int, shape (states,)
        Dose level and participants of the next cohort; level 0: stopped.
    weight, paths : ndarray of float, shape (states,)
        Sum over paths of the products of binomial coefficients, and number of paths; whole
        numbers, exact up to 2^53. Where ties are drawn each half has half of the weight.
    key : ndarray of int, shape (states,)
        What tells the counts apart.
    """

    evaluable: Counts
    dlts: Counts
    level: Ints
    size: Ints
    weight: Floats
    paths: Floats
    key: Keys

    def only(self, which: NDArray[np.bool_] | Ints) -> "Wave":
        """Give some of the states.

        Parameters
        ----------
        which : ndarray of bool or int
            Mask or places.

        Returns
        -------
        Wave
            Those states.
        """
        return Wave(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def __len__(self) -> int:
        """Count the states."""
        return len(self.level)


_LEVEL = np.uint64(0x9E3779B97F4A7C15)
_SIZE = np.uint64(0xD1B54A32D192ED03)


def keyed(wave: Wave) -> Wave:
    """Give states their keys.

    Parameters
    ----------
    wave : Wave
        States, whatever their keys say.

    Returns
    -------
    Wave
        The same states.
    """
    key = _keys(wave.evaluable, wave.dlts)
    return Wave(wave.evaluable, wave.dlts, wave.level, wave.size, wave.weight, wave.paths, key)


def merged(wave: Wave) -> Wave:
    """Merge equal states, adding up their weights and paths.

    Parameters
    ----------
    wave : Wave
        States with their keys.

    Returns
    -------
    Wave
        Each state once.
    """
    told_apart = wave.key * np.uint64(64) + wave.key // np.uint64(2**58)  # room for the level
    told_apart ^= wave.level.astype(np.uint64) * _LEVEL + wave.size.astype(np.uint64) * _SIZE
    _, first, group = np.unique(told_apart, return_index=True, return_inverse=True)
    once = wave.only(first)
    if not _are_alike(wave, once, group):  # never seen, and no reason to be wrong
        whole = np.column_stack([wave.evaluable, wave.dlts, wave.level, wave.size])
        _, first, group = np.unique(whole, axis=0, return_index=True, return_inverse=True)
        once, group = wave.only(first), group.reshape(-1)
    return Wave(
        once.evaluable,
        once.dlts,
        once.level,
        once.size,
        np.bincount(group, wave.weight, len(once)).astype(np.float64),
        np.bincount(group, wave.paths, len(once)).astype(np.float64),
        once.key,
    )


def distinct(evaluable: Counts, dlts: Counts) -> tuple[Ints, Ints]:
    """Find equal counts.

    Parameters
    ----------
    evaluable, dlts : ndarray of int, shape (states, levels)
        Counts by dose level.

    Returns
    -------
    first : ndarray of int, shape (distinct,)
        Place of one state for each combination of counts.
    group : ndarray of int, shape (states,)
        Which combination each state has.
    """
    key = _keys(evaluable, dlts)
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    both = np.concatenate([evaluable, dlts], axis=1)
    if (both[first][group] != both).any():  # never seen, and no reason to be wrong
        _, first, group = np.unique(both, axis=0, return_index=True, return_inverse=True)
    return first, group.reshape(-1)


def _keys(evaluable: Counts, dlts: Counts) -> Keys:
    """Give the keys of counts."""
    of_participant, of_dlt = multipliers(evaluable.shape[1])
    key = (evaluable.astype(np.uint64) * of_participant).sum(axis=1, dtype=np.uint64)
    key += (dlts.astype(np.uint64) * of_dlt).sum(axis=1, dtype=np.uint64)
    return np.asarray(key, dtype=np.uint64)


def multipliers(levels: int) -> tuple[Keys, Keys]:
    """Give the factors of the keys: odd, without pattern, the same in every pass.

    Parameters
    ----------
    levels : int
        Number of dose levels.

    Returns
    -------
    of_participant, of_dlt : ndarray of int, shape (levels,)
        What one participant, and one DLT, at each level adds to the key.
    """
    mixed, state = [], 0x243F6A8885A308D3
    for _ in range(2 * levels):  # splitmix64
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        word = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) % 2**64
        mixed.append((word ^ (word >> 31)) | 1)
    words = np.array(mixed, dtype=np.uint64)
    return words[:levels], words[levels:]


def _are_alike(wave: Wave, merged: Wave, group: Ints) -> bool:
    """Say whether states with one key are one state."""
    return all(
        bool((getattr(merged, name)[group] == getattr(wave, name)).all())
        for name in ("evaluable", "dlts", "level", "size")
    )


def joined(waves: Sequence[Wave]) -> Wave:
    """Put waves one after the other.

    Parameters
    ----------
    waves : sequence of Wave
        At least one, of one ladder.

    Returns
    -------
    Wave
        All their states.
    """
    return Wave(
        *(
            np.concatenate([getattr(wave, name) for wave in waves])
            for name in Wave.__dataclass_fields__
        )
    )


def shared(wave: Wave, other: Ints) -> Wave:
    """Let states go on in two ways, each with half of the weight.

    Parameters
    ----------
    wave : Wave
        States with the level that follows.
    other : ndarray of int, shape (states,)
        The other level that follows; 0: there is none.

    Returns
    -------
    Wave
        Halves of whole numbers are exact as well.
    """
    is_tied = other > 0
    halved = replace(wave, weight=np.where(is_tied, wave.weight / 2, wave.weight))
    return joined([halved, replace(halved.only(is_tied), level=other[is_tied])])
