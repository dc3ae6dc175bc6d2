"""Limits of the DLT rates of a CRM: against R, and against another quadrature."""

import json
import math

import numpy as np
import pytest

from trialwright.escalation.crm_limits import rate_limits
from trialwright.escalation.crm_model import CrmModel
from trialwright.terms.errors import Refusal

SKELETON = (0.05, 0.12, 0.25, 0.40, 0.55)
EVALUABLE, DLTS = np.array([3, 6, 6, 0, 0]), np.array([0, 1, 2, 0, 0])


def test_limits_are_those_of_another_quadrature():
    """A sum over 20,001 even nodes of the parameter; 1.6449 standard deviations for 90 %."""
    parameter = np.linspace(-10, 10, 20_001)
    rates = np.array(SKELETON) ** np.exp(parameter)[:, None]
    prior = np.exp(-(parameter**2) / (2 * 1.34))
    chance = prior * np.prod(rates**DLTS * (1 - rates) ** (EVALUABLE - DLTS), axis=1)
    mean = (chance * parameter).sum() / chance.sum()
    sd = math.sqrt((chance * parameter**2).sum() / chance.sum() - mean**2)

    found = rate_limits(CrmModel(SKELETON, 0.25), EVALUABLE, DLTS)

    assert (found.mean, found.variance) == pytest.approx((mean, sd**2), abs=1e-10)
    for side, limits in ((0, found.rates), (1, found.low), (-1, found.high)):
        end = mean + side * 1.6448536269514722 * sd
        assert limits == pytest.approx(np.array(SKELETON) ** math.exp(end), abs=1e-9)


@pytest.mark.shared
def test_limits_are_those_of_dfcrm(shared):
    """All Bayes cases, 61 of 64 to 1e-7; in three `integrate` of R is up to 7e-5 off."""
    parsed = json.loads((shared / "reference/escalation/dfcrm_crm.json").read_text())
    distances = []
    for case in parsed["cases"]:
        if "error" in case or case["method"] != "bayes":
            continue
        skeleton = tuple(parsed["skeletons"][case["skeleton"]])
        data = parsed["datasets"][case["data"] - 1]
        evaluable = np.bincount(data["level"], minlength=len(skeleton) + 1)[1:]
        dlts = np.bincount(data["level"], data["tox"], len(skeleton) + 1)[1:].astype(int)
        model = "power" if case["model"] == "empiric" else "logistic"
        found = rate_limits(CrmModel(skeleton, case["target"], model), evaluable, dlts)
        pairs = (
            (found.low, case["ptox_lo90"]),
            (found.high, case["ptox_hi90"]),
            (found.variance, case["post_var"]),
        )
        distances.append(max(float(np.max(np.abs(np.subtract(*each)))) for each in pairs))

    assert len(distances) == 64
    assert sum(each > 1e-7 for each in distances) == 3
    assert max(distances) < 1e-4


def test_a_wider_interval_holds_a_narrower_one_and_both_the_estimate():
    """In both models."""
    for model in ("power", "logistic"):
        curve = CrmModel(SKELETON, 0.25, model)
        narrow, wide = (rate_limits(curve, EVALUABLE, DLTS, each) for each in (0.8, 0.95))

        assert (wide.low < narrow.low).all()
        assert (narrow.low < narrow.rates).all()
        assert (narrow.rates < narrow.high).all()
        assert (narrow.high < wide.high).all()


@pytest.mark.parametrize("confidence", [0, 1, 90, "0.9"])
def test_a_confidence_that_is_no_probability_is_refused(confidence):
    """By its name."""
    with pytest.raises(Refusal, match="confidence: "):
        rate_limits(CrmModel(SKELETON, 0.25), EVALUABLE, DLTS, confidence)
