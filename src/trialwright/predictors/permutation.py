"""Single-step max-T: family-wise p-values from outcomes permuted within arms.

References
----------
.. [1] Westfall PH, Young SS. Resampling-Based Multiple Testing. Wiley, 1993.
   ISBN 978-0-471-55761-6
.. [2] Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39. doi:10.2202/1544-6115.1585
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.predictors.markers import (
    ANSWERED,
    Cohort,
    Marker,
    Responses,
    Times,
    same_length,
)
from trialwright.predictors.scores import (
    AS_EQUAL,
    Flags,
    Floats,
    ScoreDesign,
    log_rank_scores,
    score_design,
)
from trialwright.terms.errors import refuse

BLOCK = 100
"""Permutations in one matrix product: some megabytes for 2,000 participants and 500 markers."""

RESPONSE_SCORE = (
    "sum of responses of the altered, standardised by its variance under permutation within arms "
    "(Mantel-Haenszel)"
)
LOG_RANK_SCORE = (
    "sum of log-rank scores of the altered (observed less expected events, stratified by arm), "
    "standardised by its variance under permutation within arms"
)

Progress = Callable[[int, int], None]
"""Told how many permutations are done, of how many."""


@dataclass(frozen=True, slots=True)
class MaxT:
    """Family-wise p-values of the markers of one family.

    Attributes
    ----------
    markers : tuple of str, shape (markers,)
        Their names.
    statistics : tuple of float, shape (markers,)
        Standardised sums; above 0: the altered respond, or have the event, more often.
    p : tuple of float, shape (markers,)
        Two-sided, of each marker by itself.
    adjusted : tuple of float, shape (markers,)
        Share of the arrangements in which the largest statistic of all markers is as large.
    permutations : int
        How many were drawn; no p-value is below 1 / (permutations + 1).
    participants, events : int
        Who was permuted, and how many of them had the event or the response.
    strata : tuple of str
        Arms within which outcomes were permuted.
    statistic : str
        What was summed, and by what it was standardised.
    because : str
        All of this in a sentence.
    """

    markers: tuple[str, ...]
    statistics: tuple[float, ...]
    p: tuple[float, ...]
    adjusted: tuple[float, ...]
    permutations: int
    participants: int
    events: int
    strata: tuple[str, ...]
    statistic: str
    because: str


def max_t_response(
    markers: Sequence[Marker],
    cohort: Cohort,
    responses: Responses,
    permutations: int,
    generator: np.random.Generator,
    progress: Progress | None = None,
) -> MaxT:
    """Correct the markers of one family for their number, against a response [1]_.

    Parameters
    ----------
    markers : sequence of Marker
        Those that passed the gate.
    cohort : Cohort
        The analysis set, its arms the strata.
    responses : Responses
        Whose answer is not yet known, or not evaluable, is not permuted.
    permutations : int
        1 or more; the cost is linear in them.
    generator : numpy.random.Generator
        Handed in, so that the answer can be had again.
    progress : callable or None
        Told after every block of permutations.

    Returns
    -------
    MaxT
        In the order of the markers.

    Raises
    ------
    Refusal
        If columns differ in length, or there is no permutation or no marker.
    """
    same_length(cohort, {"answers": responses.answers})
    kept = np.array([answer in ANSWERED for answer in responses.answers])
    event = np.array([answer == "yes" for answer in responses.answers])[kept]
    arms = _kept(cohort.arms, kept)
    family = _Family(markers, cohort, kept, arms)
    return family.tested(event.astype(np.float64), event, RESPONSE_SCORE, permutations,
                         generator, progress)  # fmt: skip


def max_t_time(
    markers: Sequence[Marker],
    cohort: Cohort,
    times: Times,
    permutations: int,
    generator: np.random.Generator,
    progress: Progress | None = None,
) -> MaxT:
    """Correct the markers of one family for their number, against a time to event [1]_.

    Parameters
    ----------
    markers : sequence of Marker
        Those that passed the gate, all known on day 1 or all by the same landmark.
    cohort : Cohort
        The analysis set, its arms the strata.
    times : Times
        Who was not followed, or not beyond the landmark, is not permuted.
    permutations, generator, progress
        As for `max_t_response`.

    Returns
    -------
    MaxT
        In the order of the markers.

    Raises
    ------
    Refusal
        As `max_t_response`, or if markers have different landmarks.
    """
    same_length(cohort, {"days": times.days})
    landmarks = {marker.landmark_day for marker in markers}
    if len(landmarks) > 1:
        raise refuse("markers", f"landmarks {sorted(map(str, landmarks))}", "one landmark",
                     "Correct the markers of each landmark as a family")  # fmt: skip
    start = max((each or 0 for each in landmarks), default=0)
    kept = np.array([day is not None and (not start or day > start) for day in times.days])
    days = np.array([float(day or 0) for day in times.days])[kept]
    had = np.array(times.had_event)[kept]
    arms = _kept(cohort.arms, kept)
    family = _Family(markers, cohort, kept, arms)
    scores = log_rank_scores(days, had, arms)
    return family.tested(scores, had, LOG_RANK_SCORE, permutations, generator, progress)


def tally(
    design: ScoreDesign, scores: Floats, arrangements: Iterable[Floats]
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Count the arrangements whose statistics are as large as those observed.

    Parameters
    ----------
    design : ScoreDesign
        Of the markers.
    scores : ndarray of float, shape (participants,)
        As observed.
    arrangements : iterable of ndarray of float, shape (participants, any)
        Permuted scores, a block at a time.

    Returns
    -------
    tuple of three ndarray, shape (markers,)
        Statistics observed; arrangements in which the marker's own is as large; arrangements in
        which the largest of all is.
    """
    observed = design.statistics(scores[:, None])[:, 0]
    bound = np.abs(observed) - AS_EQUAL
    alone = np.zeros(len(observed), dtype=np.int64)
    largest = np.zeros_like(alone)
    for block in arrangements:
        found = np.abs(design.statistics(block))
        alone += (found >= bound[:, None]).sum(1)
        top = np.sort(found.max(0))
        largest += len(top) - np.searchsorted(top, bound)
    return observed, alone, largest


@dataclass(frozen=True, slots=True)
class _Family:
    """Markers of those whose outcome is known."""

    markers: Sequence[Marker]
    cohort: Cohort
    kept: Flags
    arms: tuple[str, ...]

    def tested(
        self,
        scores: Floats,
        event: Flags,
        statistic: str,
        permutations: int,
        generator: np.random.Generator,
        progress: Progress | None,
    ) -> MaxT:
        """Permute and count."""
        if permutations < 1 or not self.markers:
            raise refuse("permutations", f"{permutations} of {len(self.markers)} markers",
                         "1 or more of each", "Ask for 1000 or more")  # fmt: skip
        columns = {f"markers.{one.name}.calls": one.calls for one in self.markers}
        same_length(self.cohort, columns)
        calls = [np.array(marker.calls)[self.kept] for marker in self.markers]
        altered = np.column_stack([each == "altered" for each in calls])
        assayed = altered | np.column_stack([each == "not altered" for each in calls])
        design = score_design(assayed, altered, self.arms)
        blocks = _permuted(scores, design.rows, permutations, generator, progress)
        observed, alone, largest = tally(design, scores, blocks)
        strata = tuple(sorted(set(self.arms)))
        because = (
            f"Single-step max-T over {len(self.markers)} markers, {permutations} permutations "
            f"within {len(strata)} arm{'' if len(strata) == 1 else 's'} ({', '.join(strata)}) of "
            f"{len(scores)} participants with {int(event.sum())} events; statistic: {statistic}; "
            f"no p below {1 / (permutations + 1):.3g}."
        )
        return MaxT(
            tuple(one.name for one in self.markers),
            tuple(observed.tolist()),
            _shares(alone, permutations),
            _shares(largest, permutations),
            permutations,
            len(scores),
            int(event.sum()),
            strata,
            statistic,
            because,
        )


def _permuted(
    scores: Floats,
    strata: Sequence[NDArray[np.intp]],
    permutations: int,
    generator: np.random.Generator,
    progress: Progress | None,
) -> Iterator[Floats]:
    """Draw arrangements within strata, a block at a time."""
    for done in range(0, permutations, BLOCK):
        width = min(BLOCK, permutations - done)
        block = np.empty((len(scores), width))
        for rows in strata:
            block[rows] = generator.permuted(np.tile(scores[rows][:, None], width), axis=0)
        yield block
        if progress:
            progress(done + width, permutations)


def _shares(counts: NDArray[np.int64], permutations: int) -> tuple[float, ...]:
    """Give p-values that count the observed arrangement as one of them [2]_."""
    return tuple(((counts + 1) / (permutations + 1)).tolist())


def _kept(column: Sequence[str], kept: Flags) -> tuple[str, ...]:
    """Keep the entries of those whose outcome is known."""
    return tuple(each for each, is_kept in zip(column, kept, strict=True) if is_kept)
