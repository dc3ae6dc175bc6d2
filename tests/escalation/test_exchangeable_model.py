"""Arms that share information: against models without sharing, and against sampling."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from trialwright.escalation import exchangeable_model
from trialwright.escalation.blrm_model import BlrmModel
from trialwright.escalation.exchangeable_model import Exchange, ExchangeableModel
from trialwright.terms.errors import Refusal

DOSES = (200.0, 300.0, 400.0)
ALONE = BlrmModel(DOSES, 300.0, (-1.1, 0.0), ((4.0, 0.3), (0.3, 1.0)), (0.16, 0.33))
MODEL = ExchangeableModel(
    arms=(ALONE, ALONE, ALONE),
    intercept=Exchange(mean=-1.1, sd=1.5, spread=0.3, spread_log_sd=0.35),
    log_slope=Exchange(mean=0.0, sd=0.8, spread=0.2, spread_log_sd=0.35),
    weights=(0.8, 0.8, 0.5),
)
EVALUABLE = [np.array(each) for each in ((3, 6, 0), (3, 3, 0), (3, 0, 0))]
DLTS = [np.array(each) for each in ((0, 3, 0), (0, 0, 0), (0, 0, 0))]


def test_arms_that_share_nothing_are_judged_by_themselves():
    """Weight 0 gives the model of one arm, computed by another quadrature."""
    apart = replace(MODEL, weights=(0.0, 0.0, 0.0))
    for arm, evaluable, dlts, found in zip(
        apart.arms, EVALUABLE, DLTS, apart.posterior(EVALUABLE, DLTS), strict=True
    ):
        alone = arm.posterior(evaluable, dlts)
        assert found.rates.mean == pytest.approx(alone.mean, abs=1e-5)
        assert found.rates.intervals == pytest.approx(alone.intervals, abs=1e-5)
        assert found.exchangeable == 0


def test_one_exchangeable_arm_has_the_variances_of_mean_and_spread_together():
    """With a known spread the prior of one arm is normal again."""
    intercept, log_slope = (
        replace(prior, spread_log_sd=1e-4) for prior in (MODEL.intercept, MODEL.log_slope)
    )
    one = ExchangeableModel(arms=(ALONE,), intercept=intercept, log_slope=log_slope, weights=(1.0,))
    variances = [prior.sd**2 + prior.spread**2 for prior in (intercept, log_slope)]
    together = replace(ALONE, covariance=((variances[0], 0.0), (0.0, variances[1])))
    (found,) = one.posterior(EVALUABLE[:1], DLTS[:1])
    expected = together.posterior(EVALUABLE[0], DLTS[0])
    assert found.rates.mean == pytest.approx(expected.mean, abs=1e-5)
    assert found.rates.intervals == pytest.approx(expected.intervals, abs=1e-5)
    assert found.exchangeable == 1


def test_draws_from_the_prior_weighted_by_the_data_agree():
    """A second implementation: the model as written, by importance sampling."""
    draws, generator = 400_000, np.random.default_rng(20261128)
    common = []
    for prior in (MODEL.intercept, MODEL.log_slope):
        mean = generator.normal(prior.mean, prior.sd, draws)
        spread = prior.spread * np.exp(prior.spread_log_sd * generator.normal(size=draws))
        common.append((mean, spread))
    rates, is_shared, chance = [], [], np.zeros(draws)
    for weight, evaluable, dlts in zip(MODEL.weights, EVALUABLE, DLTS, strict=True):
        shared = generator.random(draws) < weight
        own = generator.multivariate_normal(ALONE.mean, ALONE.covariance, draws).T
        intercept, log_slope = (
            np.where(shared, generator.normal(mean, spread), single)
            for (mean, spread), single in zip(common, own, strict=True)
        )
        ratios = np.log(np.array(DOSES) / ALONE.reference_dose)
        rate = expit(intercept[:, None] + np.exp(log_slope)[:, None] * ratios)
        chance += (dlts * np.log(rate) + (evaluable - dlts) * np.log1p(-rate)).sum(axis=1)
        rates.append(rate)
        is_shared.append(shared)
    weights = np.exp(chance)
    weights /= weights.sum()
    for found, rate, shared in zip(MODEL.posterior(EVALUABLE, DLTS), rates, is_shared, strict=True):
        for value, seen in (
            (found.exchangeable, shared.astype(float)),
            *zip(found.rates.mean, rate.T, strict=True),
            *zip(found.rates.intervals[:, 0], (rate < 0.16).T.astype(float), strict=True),
            *zip(found.rates.intervals[:, 2], (rate >= 0.33).T.astype(float), strict=True),
        ):
            mean = (weights * seen).sum()
            error = np.sqrt((weights**2 * (seen - mean) ** 2).sum())
            assert abs(value - mean) < 4.5 * error, (value, mean, error)


@pytest.mark.long
def test_an_untreated_arm_learns_from_the_others_and_only_when_exchangeable():
    """Sharing moves the rates of an arm nobody was treated in; weight 0 does not."""
    evaluable = [np.array([3, 6, 0]), np.array([3, 6, 0]), np.array([0, 0, 0])]
    toxic = [np.array([1, 4, 0]), np.array([1, 4, 0]), np.array([0, 0, 0])]
    learns = MODEL.posterior(evaluable, toxic)[2].rates.mean
    keeps = replace(MODEL, weights=(0.8, 0.8, 0.0)).posterior(evaluable, toxic)[2].rates.mean
    nothing = ALONE.posterior(np.zeros(3, int), np.zeros(3, int)).mean
    assert keeps == pytest.approx(nothing, abs=1e-5)
    assert (learns > keeps + 0.05).all()


@pytest.mark.long
def test_an_arm_that_differs_is_thought_less_exchangeable():
    """Six of six with a DLT at a level where others have none is no exchangeable arm."""
    alike = [np.array([6, 6, 6])] * 3
    same = MODEL.posterior(alike, [np.array([0, 1, 2])] * 3)
    apart = MODEL.posterior(alike, [np.array([0, 0, 1]), np.array([0, 0, 1]), np.array([5, 6, 6])])
    assert apart[2].exchangeable < 0.1 < MODEL.weights[2] < same[2].exchangeable


def test_the_order_of_the_arms_changes_nothing():
    """Arms are numbered by people."""
    turned = replace(MODEL, weights=MODEL.weights[::-1])
    there = MODEL.posterior(EVALUABLE, DLTS)
    back = turned.posterior(EVALUABLE[::-1], DLTS[::-1])[::-1]
    for one, other in zip(there, back, strict=True):
        assert one.rates.mean == pytest.approx(other.rates.mean, abs=1e-12)


def test_probabilities_of_the_intervals_sum_to_one():
    """One DLT rate lies in one interval."""
    for each in MODEL.posterior(EVALUABLE, DLTS):
        assert each.rates.intervals.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-12)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"weights": (0.8, 0.8)}, "weights"),
        ({"weights": (0.8, 80.0, 0.8)}, "weights.1"),
        ({"weights": (0.8, float("nan"), 0.8)}, "weights.1"),
        ({"intercept": replace(MODEL.intercept, sd=0.0)}, "intercept.sd"),
        ({"log_slope": replace(MODEL.log_slope, spread=-0.1)}, "log_slope.spread"),
        ({"log_slope": replace(MODEL.log_slope, spread_log_sd=0.0)}, "log_slope.spread_log_sd"),
        ({"arms": (ALONE, ALONE, replace(ALONE, limits=(0.2, 0.35)))}, "arms.limits"),
        ({"arms": (ALONE, ALONE, replace(ALONE, reference_dose=400.0))}, "arms.reference_dose"),
    ],
)
def test_settings_that_are_none_are_refused(change, where):
    """Each names the setting."""
    with pytest.raises(Refusal) as refused:
        replace(MODEL, **change)
    assert [fault.where for fault in refused.value.faults] == [where]


def test_integrals_that_do_not_settle_are_refused(monkeypatch):
    """No number is given that a finer quadrature would change."""
    monkeypatch.setattr(exchangeable_model, "MOST_NODES", 1200)
    with pytest.raises(Refusal, match="a change of"):
        MODEL.posterior(EVALUABLE, DLTS, within=1e-16)
