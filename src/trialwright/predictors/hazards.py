"""The partial likelihood of Cox with the slope of Firth's penalty.

For each event the participants at risk have a distribution: their hazard over the sum of hazards
of the risk set, less the part of that day's events gone before it where ties are by Efron. The
information sums the covariances of the covariates over these distributions, and the slope of its
determinant their third central moments.
"""

import numpy as np
from numpy.typing import NDArray

from trialwright.endpoints.conventions import Ties
from trialwright.predictors.penalised import Floats, Likelihood, Place


def hazard_likelihood(
    days: Floats, had_event: NDArray[np.bool_], covariates: Floats, ties: Ties
) -> Likelihood:
    """Give the partial log likelihood.

    Parameters
    ----------
    days : ndarray of float, shape (participants,)
        Days to event or censoring; somebody has the event.
    had_event : ndarray of bool, shape (participants,)
        True where the time ended with the event.
    covariates : ndarray of float, shape (participants, parameters)
        Of similar scale.
    ties : {'efron', 'breslow'}
        How events of one day are taken.

    Returns
    -------
    callable
        Takes coefficients, shape (parameters,).
    """
    rows = np.flatnonzero(had_event)
    with np.errstate(divide="ignore"):
        log_share = np.log(share_at_risk(days, had_event, ties))
    own = covariates[rows].sum(0)

    def at(beta: Floats) -> Place:
        """Give all at one parameter."""
        predictor = covariates @ beta
        hazard = log_share + predictor
        top = hazard.max(1, keepdims=True)
        risk = np.exp(hazard - top)
        total = risk.sum(1, keepdims=True)
        risk /= total
        mean = risk @ covariates
        level = float(predictor[rows].sum() - (top + np.log(total)).sum())
        information = covariates.T @ (covariates * risk.sum(0)[:, None]) - mean.T @ mean

        def penalty_slope(inverse: Floats) -> Floats:
            """Give half the third central moments, contracted with the inverse."""
            turned, centre = covariates @ inverse, mean @ inverse
            distance = (
                (turned * covariates).sum(1) - 2 * mean @ turned.T + (centre * mean).sum(1)[:, None]
            )
            weighed = risk * distance
            slope: Floats = (weighed.sum(0) @ covariates - weighed.sum(1) @ mean) / 2
            return slope

        return Place(level, own - mean.sum(0), information, penalty_slope)

    return at


def share_at_risk(days: Floats, had_event: NDArray[np.bool_], ties: Ties) -> Floats:
    """Give how much of each participant is at risk at each event.

    Parameters
    ----------
    days, had_event, ties
        As for `hazard_likelihood`.

    Returns
    -------
    ndarray of float, shape (events, participants)
        1, 0, or by Efron what is left of those with events of the same day.
    """
    rows = np.flatnonzero(had_event)
    at_risk = (days[None, :] >= days[rows][:, None]).astype(np.float64)
    if ties == "breslow":
        return at_risk
    same_day = (days[None, :] == days[rows][:, None]) & had_event
    before = np.tril(days[rows][:, None] == days[rows][None, :], -1).sum(1)
    left: Floats = at_risk - same_day * (before / same_day.sum(1))[:, None]
    return left
