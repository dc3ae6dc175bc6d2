"""Scores of an outcome that a permutation test sums over the altered, and what they can reach.

For a response the score is 1 or 0: the sum is the number of responses of the altered, and its
permutation variance within arms that of Mantel and Haenszel [1]_. For a time it is the log-rank
score `d - H(t)`: 1 for an event or 0, less the Nelson-Aalen cumulative hazard of the participant's
arm at the participant's time. Summed over the altered this is exactly observed less expected
events of the log-rank test stratified by arm [2]_. The variance is not the one that the log-rank
test sums over event days: it is the variance of the sum when scores are permuted within arms,
which every permutation of one marker shares. For a marker that few carry the variance over event
days is small by chance where the first of them has an early event, and one such marker would lead
every maximum.

References
----------
.. [1] Mantel N, Haenszel W. J Natl Cancer Inst 1959;22(4):719-748. doi:10.1093/jnci/22.4.719
.. [2] Peto R, Peto J. J R Stat Soc A 1972;135(2):185-207. doi:10.2307/2344317
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

AS_EQUAL = 1e-9
"""Sums and statistics closer than this are one: they differ by rounding alone."""


def log_rank_scores(days: Floats, had_event: Flags, arms: Sequence[str]) -> Floats:
    """Give the log-rank score of each participant, within arms.

    Parameters
    ----------
    days : ndarray of float, shape (participants,)
        Days to event or censoring.
    had_event : ndarray of bool, shape (participants,)
        True where the time ended with the event.
    arms : sequence of str, shape (participants,)
        Strata.

    Returns
    -------
    ndarray of float, shape (participants,)
        Event less cumulative hazard; the scores of an arm sum to 0.
    """
    scores = np.empty(len(days))
    names = np.array(arms)
    for arm in set(arms):
        own = names == arm
        when, seen = days[own], had_event[own]
        each, place = np.unique(when, return_inverse=True)
        died = np.bincount(place[seen], minlength=len(each))
        at_risk = np.bincount(place, minlength=len(each))[::-1].cumsum()[::-1]
        scores[own] = seen - (died / at_risk).cumsum()[place]
    return scores


@dataclass(frozen=True, slots=True)
class ScoreDesign:
    """Which participants are assayed and altered for each marker, stratum by stratum.

    Attributes
    ----------
    assayed, altered : tuple of ndarray of float, shape (markers, participants of the stratum)
        0 and 1, one array for each stratum.
    rows : tuple of ndarray of int
        Places of each stratum's participants.
    """

    assayed: tuple[Floats, ...]
    altered: tuple[Floats, ...]
    rows: tuple[NDArray[np.intp], ...]

    def statistics(self, scores: Floats) -> Floats:
        """Give the standardised sum of scores over the altered.

        Parameters
        ----------
        scores : ndarray of float, shape (participants, permutations)
            Each column one arrangement.

        Returns
        -------
        ndarray of float, shape (markers, permutations)
            The sum less its expectation, over its spread, when the scores of the assayed are
            permuted within strata; 0 where nothing can vary.
        """
        gap = np.zeros((len(self.assayed[0]), scores.shape[1]))
        spread = np.zeros_like(gap)
        for assayed, altered, rows in zip(self.assayed, self.altered, self.rows, strict=True):
            own = scores[rows]
            people, carriers = assayed.sum(1)[:, None], altered.sum(1)[:, None]
            total, squares = assayed @ own, assayed @ own**2
            share = carriers / np.maximum(people, 1)
            gap += altered @ own - share * total
            weight = carriers * (1 - share) / np.maximum(people - 1, 1)
            spread += weight * (squares - total**2 / np.maximum(people, 1))
        varies = spread > AS_EQUAL
        return np.where(varies, gap / np.sqrt(np.where(varies, spread, 1.0)), 0.0)


def score_design(assayed: Flags, altered: Flags, arms: Sequence[str]) -> ScoreDesign:
    """Sort markers by strata.

    Parameters
    ----------
    assayed, altered : ndarray of bool, shape (participants, markers)
        Whose marker is known, and of those who has the alteration.
    arms : sequence of str, shape (participants,)
        Strata.

    Returns
    -------
    ScoreDesign
        To give statistics of any scores.
    """
    names = np.array(arms)
    rows = tuple(np.flatnonzero(names == arm) for arm in sorted(set(arms)))
    return ScoreDesign(
        tuple(assayed[own].T.astype(np.float64) for own in rows),
        tuple((altered & assayed)[own].T.astype(np.float64) for own in rows),
        rows,
    )


def score_floor(scores: Floats, altered: Flags, arms: Sequence[str]) -> float:
    """Give the smallest two-sided p-value of a permutation test within strata.

    Parameters
    ----------
    scores : ndarray of float, shape (participants,)
        Of those whose marker is known.
    altered : ndarray of bool, shape (participants,)
        Who has the alteration.
    arms : sequence of str, shape (participants,)
        Strata.

    Returns
    -------
    float
        Probability of the arrangements whose sum lies furthest from its expectation: the altered
        of every stratum have its highest scores, or its lowest; both where they lie as far.
    """
    names = np.array(arms)
    strata = [(scores[own], int(altered[own].sum())) for own in (names == a for a in set(arms))]
    ends = [
        [_extreme(sign * (own - own.mean()), carriers) for own, carriers in strata]
        for sign in (1, -1)
    ]
    reach = [sum(far for far, _ in each) for each in ends]
    chance = [math.prod(probability for _, probability in each) for each in ends]
    furthest = max(reach)
    if furthest <= AS_EQUAL:
        return 1.0
    near = zip(reach, chance, strict=True)
    return min(1.0, sum(each for far, each in near if far >= furthest - AS_EQUAL))


def _extreme(scores: Floats, carriers: int) -> tuple[float, float]:
    """Give the highest sum of so many scores, and the probability of reaching it."""
    if not carriers:
        return 0.0, 1.0
    ordered = np.sort(scores)[::-1]
    border = ordered[carriers - 1]
    equal = np.abs(ordered - border) <= AS_EQUAL
    ways = math.comb(int(equal.sum()), int(equal[:carriers].sum()))
    return float(ordered[:carriers].sum()), ways / math.comb(len(ordered), carriers)
