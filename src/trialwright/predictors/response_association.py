"""A marker and a response: exact tests, conditional odds ratio, Firth logistic regression."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trialwright.predictors.adjustment import Adjustment, adjustment
from trialwright.predictors.basis import Basis, Counted, counted_for_response
from trialwright.predictors.exact import (
    ConditionalOdds,
    ExactTest,
    boschloo_p,
    conditional_odds,
    exact_floor,
    fisher_p,
    is_within_reach,
    table_of,
)
from trialwright.predictors.logistic import Separation, logistic_likelihood, separation
from trialwright.predictors.markers import Cohort, Marker, Responses
from trialwright.predictors.penalised import MOST_KEPT, Columns, Profile, columns_of, profile


@dataclass(frozen=True, slots=True)
class FirthOdds:
    """An adjusted odds ratio by Firth logistic regression.

    Attributes
    ----------
    log_odds_ratio, odds_ratio, lower, upper, p : float
        Estimate, its profile penalised likelihood limits (of the ratio) and p-value.
    adjusted_for : tuple of str
        Columns beside the marker.
    separation : {'none', 'quasi-complete', 'complete'}
        Whether a plain logistic estimate would have been infinite.
    because : str
        The answer in a sentence.
    """

    log_odds_ratio: float
    odds_ratio: float
    lower: float
    upper: float
    p: float
    adjusted_for: tuple[str, ...]
    separation: Separation
    because: str


@dataclass(frozen=True, slots=True)
class ResponseAssociation:
    """All that is said of one marker and one response.

    Attributes
    ----------
    basis : Basis
        Who was counted, who was not, the label and the caution.
    test : {'Boschloo', 'Fisher'}
        The pre-specified test, whose p-value counts; Fisher where so many were counted that
        Boschloo would take long, which `because` says.
    p, floor : float
        Its p-value, and the smallest one that these margins allow.
    fisher : float
        Fisher's p-value, for comparison.
    odds : ConditionalOdds or None
        Given both margins; None where nothing can be estimated.
    firth : FirthOdds or None
        Adjusted; None where nothing can be estimated.
    because : str
        The answer in sentences.
    """

    basis: Basis
    test: ExactTest
    p: float
    floor: float
    fisher: float
    odds: ConditionalOdds | None
    firth: FirthOdds | None
    because: str


def associate_response(
    marker: Marker,
    cohort: Cohort,
    responses: Responses,
    *,
    adjusted_for: tuple[str, ...] = (),
    test: ExactTest = "Boschloo",
    conf_level: float = 0.95,
) -> ResponseAssociation:
    """Set one marker against one response.

    Parameters
    ----------
    marker : Marker
        The marker.
    cohort : Cohort
        The analysis set.
    responses : Responses
        Who responded.
    adjusted_for : tuple of str
        `arm` and covariates of the cohort, for the Firth regression alone.
    test : {'Boschloo', 'Fisher'}
        The pre-specified test.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    ResponseAssociation
        With p = 1 and no estimate where one group is empty or everybody answered alike.

    Raises
    ------
    Refusal
        If columns differ in length, or a covariate is not the cohort's.
    """
    counted = counted_for_response(marker, cohort, responses)
    table = table_of(counted)
    instead = ""
    if test == "Boschloo" and not is_within_reach(table):
        test, instead = "Fisher", f" (of {counted.basis.participants} in place of Boschloo)"
    fisher, floor = fisher_p(table), exact_floor(table, test)
    p = boschloo_p(table) if test == "Boschloo" else fisher
    odds = conditional_odds(table, conf_level)
    firth = _firth(counted, adjustment(counted, adjusted_for), conf_level) if odds else None
    said = [f"{counted.basis}", f"{test}{instead} p = {p:.6g}, smallest attainable {floor:.6g}"]
    said += [each.because for each in (odds, firth) if each] or ["no estimate: nothing to compare"]
    because = " ".join([said[0], "; ".join(said[1:]) + "."])
    return ResponseAssociation(counted.basis, test, p, floor, fisher, odds, firth, because)


def _firth(counted: Counted, columns: Adjustment, conf_level: float) -> FirthOdds | None:
    """Estimate the adjusted odds ratio; None where covariates say the same as others."""
    scaled, spread = columns.scaled
    x = np.column_stack([scaled, np.ones(len(scaled))])
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return None
    found = _profile(tuple(counted.event.tolist()), columns_of(x), conf_level)
    if found is None:
        return None
    apart = separation(counted.event, x)
    log_odds, lower, upper = (
        each / spread for each in (found.coefficient, found.lower, found.upper)
    )
    ratio, low, high = math.exp(log_odds), math.exp(lower), math.exp(upper)
    because = (
        f"Firth logistic regression, {columns}: odds ratio {ratio:.6g} "
        f"({100 * conf_level:.10g} % profile penalised likelihood limits {low:.6g} to {high:.6g}), "
        f"p = {found.p:.6g}"
    )
    if apart != "none":
        because += f"; {apart} separation: a plain logistic estimate would be infinite"
    return FirthOdds(log_odds, ratio, low, high, found.p, columns.names[1:], apart, because)


@lru_cache(MOST_KEPT)
def _profile(event: tuple[bool, ...], columns: Columns, conf_level: float) -> Profile | None:
    """Profile the first covariate of a logistic regression, once for the same data."""
    x = np.array(columns, dtype=np.float64)
    return profile(logistic_likelihood(np.array(event), x), x.shape[1], 0, conf_level)
