"""Arms that share: the predictions for a new trial that its authors' package publishes.

The model for several trials is of Neuenschwander, Roychoudhury and Schmidli 2016, Stat Biopharm Res
8(3):345-354, doi:10.1080/19466315.2016.1174149. Data, priors and results are those of the vignette
`map_approach` of the R package OncoBayes2 (repository weberse2/OncoBayes2,
`articles/map_approach.md`), which cites the paper and was read; the paper was not opened. Two drugs
were each given in one trial, and the DLT rates of a further trial are predicted from it.

The vignette draws 2,000 times, and lets the two parameters of a trial be correlated, uniformly from
-1 to 1, where the model here has no correlation. It is the exchangeable part; no such table with
weights between 0 and 1 was found, and `tests/escalation` holds those to a second quadrature.
"""

import math

import numpy as np
import pytest
from scipy.special import expit, logit

from trialwright.escalation.blrm_model import BlrmModel
from trialwright.escalation.exchangeable_model import Exchange, ExchangeableModel

LIMITS = (0.16, 0.33)
MEAN, SDS = (float(logit(0.2)), 0.0), (1.0, math.log(4) / 1.96)

DRUG_A = {
    "doses": (12.5, 25, 50, 80, 100, 150),
    "reference": 80,
    "evaluable": (1, 1, 3, 9, 23, 3),
    "dlts": (0, 0, 0, 1, 4, 2),
    "spreads": (0.5, 0.25),
    "factor": 2,
    "new": (25, 50, 80, 100),
    "intercept": (-1.73, 0.82),
    "mixture": (
        (0.56206771, -1.88227571, 0.59136954, 0.68030368, 0.59829373, -0.29870546),
        (0.43793229, -1.52601780, 0.01259954, 0.92524450, 0.73241598, 0.12832698),
    ),
}
"""As published: of the mixture each part with its weight, means, standard deviations, correlation.

The standard deviations between trials are the spreads, a factor up or down for 95 % of them.
"""

DRUG_B = {
    "doses": (0.125, 0.25, 0.5, 1, 2, 2.5, 3, 4),
    "reference": 1,
    "evaluable": (2, 1, 2, 2, 3, 7, 12, 3),
    "dlts": (0, 0, 0, 0, 1, 0, 0, 1),
    "spreads": (0.125, 0.0625),
    "factor": 4,
    "new": (0.5, 1, 3),
    "intercept": (-2.74, 0.62),
    "mixture": (
        (0.37748737, -2.62052660, -0.36785969, 0.42385373, 0.40861667, -0.39229212),
        (0.37130812, -2.62077157, -0.78173676, 0.66468212, 0.51156577, -0.05739021),
        (0.25120451, -3.09269497, -0.08761646, 0.66682656, 0.40148441, -0.50121005),
    ),
}


def arm(drug, doses, mean=MEAN, covariance=((SDS[0] ** 2, 0.0), (0.0, SDS[1] ** 2)), limits=LIMITS):
    """Give a trial of a drug at doses."""
    at = tuple(map(float, doses))
    return BlrmModel(at, float(drug["reference"]), mean, covariance, limits)


def predicted(drug, doses, limits=LIMITS):
    """Give the DLT rates of a trial that has not begun."""
    log_sd = math.log(drug["factor"]) / 1.96
    intercept, log_slope = (
        Exchange(mean=mean, sd=sd, spread=spread, spread_log_sd=log_sd)
        for mean, sd, spread in zip(MEAN, SDS, drug["spreads"], strict=True)
    )
    model = ExchangeableModel(
        arms=(arm(drug, drug["doses"], limits=limits), arm(drug, doses, limits=limits)),
        intercept=intercept,
        log_slope=log_slope,
        weights=(1.0, 1.0),
    )
    nobody = np.zeros(len(doses), int)
    evaluable, dlts = (np.array(drug[name]) for name in ("evaluable", "dlts"))
    return model.posterior([evaluable, nobody], [dlts, nobody], within=5e-3)[1].rates


def published(drug):
    """Give mean and intervals of the DLT rates of a new trial by the published mixture."""
    nobody, found = np.zeros(len(drug["new"]), int), 0.0
    for weight, intercept, log_slope, first, second, correlation in drug["mixture"]:
        both = correlation * first * second
        covariance = ((first**2, both), (both, second**2))
        part = arm(drug, drug["new"], (intercept, log_slope), covariance)
        rates = part.posterior(nobody, nobody)
        found = found + weight * np.column_stack([rates.mean, rates.intervals])
    return found


@pytest.mark.parametrize("drug", [DRUG_A, pytest.param(DRUG_B, marks=pytest.mark.long)])
def test_the_dlt_rates_of_a_new_trial_are_those_of_the_published_mixture(drug):
    """Means within 0.01, intervals within 0.03: the shares of 2,000 draws vary by 0.011."""
    found, expected = predicted(drug, drug["new"]), published(drug)

    assert found.mean == pytest.approx(expected[:, 0], abs=0.01)
    assert found.intervals == pytest.approx(expected[:, 1:], abs=0.03)


@pytest.mark.parametrize("drug", [DRUG_A, pytest.param(DRUG_B, marks=pytest.mark.long)])
def test_the_intercept_of_a_new_trial_is_that_published(drug):
    """At the reference dose the logit of the DLT rate; its mean varies by 0.02 in 2,000 draws."""
    edges = np.linspace(-8, 4, 241)
    limits = tuple(expit(edges).tolist())
    mass = predicted(drug, [drug["reference"]], limits).intervals[0]
    middles = np.concatenate([[edges[0]], (edges[1:] + edges[:-1]) / 2, [edges[-1]]])

    mean = float(mass @ middles)
    sd = math.sqrt(mass @ (middles - mean) ** 2)

    assert (mean, sd) == pytest.approx(drug["intercept"], abs=0.06)
