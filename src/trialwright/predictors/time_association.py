"""A marker and a time: log-rank, Cox and Firth Cox regression, from day 1 or from a landmark.

References
----------
.. [1] Heinze G, Schemper M. Biometrics 2001;57(1):114-119. doi:10.1111/j.0006-341X.2001.00114.x
.. [2] Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1(11):710-719.
   doi:10.1200/JCO.1983.1.11.710
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trialwright.endpoints.conventions import Conventions, Ties
from trialwright.endpoints.cox import CoxFit, cox
from trialwright.endpoints.log_rank import LogRank, log_rank
from trialwright.predictors.adjustment import Adjustment, adjustment
from trialwright.predictors.basis import Basis, Counted, counted_for_time
from trialwright.predictors.hazards import hazard_likelihood
from trialwright.predictors.markers import Cohort, Marker, Times
from trialwright.predictors.penalised import MOST_KEPT, Columns, Profile, columns_of, profile
from trialwright.predictors.scores import log_rank_scores, score_floor

AS_R = Conventions()
"""Ties by Efron, limits of 95 %."""


@dataclass(frozen=True, slots=True)
class FirthHazard:
    """An adjusted hazard ratio by Firth's penalised partial likelihood [1]_.

    Attributes
    ----------
    log_hazard_ratio, hazard_ratio, lower, upper, p : float
        Estimate, its profile penalised likelihood limits (of the ratio) and p-value.
    ties : {'efron', 'breslow'}
        How events of one day were taken.
    adjusted_for : tuple of str
        Columns beside the marker.
    because : str
        The answer in a sentence.
    """

    log_hazard_ratio: float
    hazard_ratio: float
    lower: float
    upper: float
    p: float
    ties: Ties
    adjusted_for: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class TimeAssociation:
    """All that is said of one marker and one time to event.

    Attributes
    ----------
    basis : Basis
        Who was counted, who was not (at a landmark: who had the event or was censored by it),
        the label and the caution.
    landmark_day : int or None
        Study day on which time starts; None: day 1.
    floor : float
        Smallest p-value that any log-rank permutation within arms can reach.
    log_rank : LogRank
        Between altered and not altered, not stratified.
    cox : CoxFit
        Its first term is the marker; not estimable where one group has no event.
    firth : FirthHazard or None
        None where nobody had the event or nothing differs.
    ties : {'efron', 'breslow'}
        Of both regressions.
    because : str
        The answer in sentences.
    """

    basis: Basis
    landmark_day: int | None
    floor: float
    log_rank: LogRank
    cox: CoxFit
    firth: FirthHazard | None
    ties: Ties
    because: str


def associate_time(
    marker: Marker,
    cohort: Cohort,
    times: Times,
    *,
    adjusted_for: tuple[str, ...] = (),
    conventions: Conventions = AS_R,
    ties: Ties | None = None,
) -> TimeAssociation:
    """Set one marker against one time to event.

    Parameters
    ----------
    marker : Marker
        With a landmark day, time starts there [2]_.
    cohort : Cohort
        The analysis set.
    times : Times
        Days and events.
    adjusted_for : tuple of str
        `arm` and covariates of the cohort, for both regressions.
    conventions : Conventions
        Level of the limits; of the ties too, unless they are given.
    ties : {'efron', 'breslow'} or None
        How events of one day are taken; None: by the convention.

    Returns
    -------
    TimeAssociation
        What cannot be estimated says why.

    Raises
    ------
    Refusal
        If columns differ in length, or a covariate is not the cohort's.
    """
    counted = counted_for_time(marker, cohort, times)
    columns = adjustment(counted, adjusted_for)
    taken = ties or conventions.ties
    scores = log_rank_scores(counted.days, counted.event, counted.arms)
    floor = score_floor(scores, counted.altered, counted.arms)
    groups = ["altered" if altered else "not altered" for altered in counted.altered]
    test = log_rank(counted.days, counted.event, groups)
    fitted = cox(counted.days, counted.event, columns.columns, columns.names, conventions,
                 ties=taken)  # fmt: skip
    firth = _firth(counted, columns, conventions, taken)
    start = "day 1" if marker.landmark_day is None else f"the landmark, day {marker.landmark_day}"
    said = [
        f"{counted.basis} Time from {start}.",
        f"{test.because[:-1]}; smallest attainable p, permuted within arms, {floor:.6g}.",
        f"{fitted.because[:-1]}; {columns}.",
    ]
    said += [firth.because + "."] if firth else []
    return TimeAssociation(counted.basis, marker.landmark_day, floor, test, fitted, firth, taken,
                           " ".join(said))  # fmt: skip


def _firth(
    counted: Counted, columns: Adjustment, conventions: Conventions, ties: Ties
) -> FirthHazard | None:
    """Estimate the adjusted hazard ratio; None where nothing can be."""
    if not counted.event.any() or not columns.is_informative:
        return None
    scaled, spread = columns.scaled
    if np.linalg.matrix_rank(scaled) < scaled.shape[1]:
        return None
    days, event = tuple(counted.days.tolist()), tuple(counted.event.tolist())
    found = _profile(days, event, columns_of(scaled), ties, conventions.conf_level)
    if found is None:
        return None
    log_hazard, lower, upper = (
        each / spread for each in (found.coefficient, found.lower, found.upper)
    )
    ratio, low, high = math.exp(log_hazard), math.exp(lower), math.exp(upper)
    because = (
        f"Firth Cox, ties {ties}, {columns}: hazard ratio {ratio:.6g} "
        f"({conventions.level} profile penalised likelihood limits {low:.6g} to {high:.6g}), "
        f"p = {found.p:.6g}"
    )
    return FirthHazard(log_hazard, ratio, low, high, found.p, ties, columns.names[1:], because)


@lru_cache(MOST_KEPT)
def _profile(
    days: tuple[float, ...],
    event: tuple[bool, ...],
    columns: Columns,
    ties: Ties,
    conf_level: float,
) -> Profile | None:
    """Profile the first covariate of a Cox regression, once for the same data."""
    x = np.array(columns, dtype=np.float64)
    likelihood = hazard_likelihood(np.array(days), np.array(event), x, ties)
    return profile(likelihood, x.shape[1], 0, conf_level)
