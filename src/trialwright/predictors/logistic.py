"""Firth logistic regression, and whether a plain one would separate.

References
----------
.. [1] Albert A, Anderson JA. Biometrika 1984;71(1):1-10. doi:10.1093/biomet/71.1.1
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.special import expit, log_expit

from trialwright.predictors.penalised import Floats, Likelihood, Place

Separation = Literal["none", "quasi-complete", "complete"]
"""Whether some weighing of the covariates orders all responses [1]_: then a plain logistic
estimate is infinite. `quasi-complete`: with ties at the border."""

STRICTLY = 1e-7
"""Margin, of covariates of scale 1, above which the linear program has put a participant."""


def logistic_likelihood(event: NDArray[np.bool_], covariates: Floats) -> Likelihood:
    """Give the log likelihood of a logistic regression.

    Parameters
    ----------
    event : ndarray of bool, shape (participants,)
        Who responded.
    covariates : ndarray of float, shape (participants, parameters)
        With a column of ones for the intercept.

    Returns
    -------
    callable
        Takes coefficients, shape (parameters,).
    """
    sign = np.where(event, 1.0, -1.0)

    def at(beta: Floats) -> Place:
        """Give all at one parameter."""
        predictor = covariates @ beta
        chance = expit(predictor)
        weight = chance * (1 - chance)

        def penalty_slope(inverse: Floats) -> Floats:
            """Give half the leverages, pulled towards one half."""
            leverage = weight * ((covariates @ inverse) * covariates).sum(1)
            slope: Floats = covariates.T @ (leverage * (0.5 - chance))
            return slope

        return Place(
            float(log_expit(sign * predictor).sum()),
            covariates.T @ (event - chance),
            covariates.T @ (covariates * weight[:, None]),
            penalty_slope,
        )

    return at


def separation(event: NDArray[np.bool_], covariates: Floats) -> Separation:
    """Say whether some weighing of the covariates orders all responses [1]_.

    Parameters
    ----------
    event : ndarray of bool, shape (participants,)
        Who responded.
    covariates : ndarray of float, shape (participants, parameters)
        Of full rank, with the intercept.

    Returns
    -------
    {'none', 'quasi-complete', 'complete'}
        By linear programs: exact up to rounding, where watching an estimate grow is not.
    """
    signed = covariates * np.where(event, 1.0, -1.0)[:, None]
    people, parameters = signed.shape
    box = [(-1.0, 1.0)] * parameters
    found = linprog(-signed.sum(0), A_ub=-signed, b_ub=np.zeros(people), bounds=box)
    if not float(-found.fun) > STRICTLY:
        return "none"
    widened = np.column_stack([-signed, np.ones(people)])  # the widest margin of all
    margin = linprog(
        np.append(np.zeros(parameters), -1.0), A_ub=widened, b_ub=np.zeros(people),
        bounds=[*box, (0.0, 1.0)],
    )  # fmt: skip
    return "complete" if float(-margin.fun) > STRICTLY else "quasi-complete"
