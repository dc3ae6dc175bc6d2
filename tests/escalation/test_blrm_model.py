"""The two-parameter logistic model: posterior by quadrature, and what is refused."""

import json
import math

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.special import expit

from trialwright.escalation.blrm_model import BlrmModel
from trialwright.terms.errors import Refusal

PRIOR = {
    "doses": (25.0, 50.0, 75.0, 100.0, 125.0, 150.0),
    "reference_dose": 50.0,
    "mean": (-0.85, 1.0),
    "covariance": ((1.0, -0.5), (-0.5, 1.0)),
}
MODEL = BlrmModel(**PRIOR)


def test_a_known_probability_near_its_limit():
    """One DLT in three at the lowest dose: P(p > .35) = .2334, where sampling says .21 to .25."""
    found = MODEL.posterior(np.array([3, 0, 0, 0, 0, 0]), np.array([1, 0, 0, 0, 0, 0]))

    assert found.intervals[0, 2] == pytest.approx(0.2334, abs=5e-5)
    assert found.intervals.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert (np.diff(found.intervals[:, 2]) > 0).all()


def test_the_posterior_is_that_of_adaptive_integration():
    """Mean rate and probability of an interval at level 2, by an independent integrator."""
    evaluable, dlts = np.array([3, 6, 0, 0, 0, 0]), np.array([0, 2, 0, 0, 0, 0])
    precision = np.linalg.inv(np.array(PRIOR["covariance"]))
    logs = np.log(np.array(PRIOR["doses"]) / 50)

    def density(intercept, slope):
        """Prior times likelihood at an intercept and the logarithm of a slope."""
        away = np.array([intercept + 0.85, slope - 1])
        rates = expit(intercept + math.exp(slope) * logs[:2])
        chance = np.prod(rates ** dlts[:2] * (1 - rates) ** (evaluable - dlts)[:2])
        return chance * math.exp(-away @ precision @ away / 2)

    def integral(low, high):
        """Integrate over intercepts between two limits, level 2 being the reference dose."""
        return dblquad(density, -5, 7, low, high, epsabs=1e-9, epsrel=1e-8)[0]

    low, high = (math.log(limit / (1 - limit)) for limit in (0.2, 0.35))
    total = integral(-8, low) + integral(low, high) + integral(high, 6)

    found = MODEL.posterior(evaluable, dlts)

    assert found.intervals[1, 1] == pytest.approx(integral(low, high) / total, abs=1e-6)


@pytest.mark.parametrize("spread", [0.5, 1.0, 2.0])
def test_the_quadrature_has_converged(spread):
    """A tenth of the change allowed gives the same numbers, for narrow and wide priors."""
    covariance = ((spread**2, -0.2), (-0.2, spread**2))
    model = BlrmModel(**{**PRIOR, "covariance": covariance, "doses": (25.0, 50.0, 75.0)})
    counts = np.array([3, 6, 12]), np.array([0, 1, 5])

    rough, fine = (model.posterior(*counts, within=within) for within in (1e-7, 1e-11))

    assert rough.intervals == pytest.approx(fine.intervals, abs=1e-7)
    assert fine.change <= 1e-11


@pytest.mark.shared
def test_summaries_are_those_of_sampling(shared):
    """The 100,000 draws of crmPack, within 4 standard errors of their means."""
    parsed = json.loads((shared / "reference/escalation/blrm_crmpack_mcmc.json").read_text())
    doses = parsed["dose_grid"]

    for case in parsed["cases"]:
        evaluable = np.array([case["dose"].count(dose) for dose in doses])
        dlts = np.array(
            [
                sum(y for at, y in zip(case["dose"], case["dlt"], strict=True) if at == dose)
                for dose in doses
            ]
        )
        found = MODEL.posterior(evaluable, dlts)
        for name, numbers in (("mean_p", found.mean), ("p_over_35", found.intervals[:, 2])):
            errors = 4 * np.array(case[name]["mcse"])
            assert (np.abs(numbers - case[name]["est"]) < errors).all()


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"doses": (25.0, 25.0)}, "doses.1"),
        ({"doses": (0.0, 25.0)}, "doses.0"),
        ({"limits": (0.35, 0.2)}, "limits.1"),
        ({"limits": (20.0,)}, "limits.0"),
        ({"reference_dose": 0.0}, "reference_dose.0"),
        ({"covariance": ((1.0, 2.0), (2.0, 1.0))}, "covariance"),
        ({"covariance": ((1.0, 0.5), (0.2, 1.0))}, "covariance"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """Doses and limits rise, and a covariance is one."""
    with pytest.raises(Refusal) as refusal:
        BlrmModel(**{**PRIOR, **settings})

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_a_posterior_that_does_not_settle_is_refused():
    """No change at all cannot be had."""
    with pytest.raises(Refusal, match="within: a change of"):
        BlrmModel(**{**PRIOR, "doses": (50.0,)}).posterior(np.array([3]), np.array([1]), -1.0)
