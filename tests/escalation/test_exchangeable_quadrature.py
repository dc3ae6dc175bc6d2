"""Arms that share, with priors of few nodes: every number against another quadrature."""

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import expit

from trialwright.escalation import exchangeable_model
from trialwright.escalation.blrm_model import BlrmModel
from trialwright.escalation.exchangeable_model import Exchange, ExchangeableModel
from trialwright.terms.errors import Refusal

FIRST = BlrmModel((200.0, 300.0), 250.0, (-1.0, 0.2), ((1.0, 0.2), (0.2, 0.5)), (0.2, 0.35))
SECOND = BlrmModel((150.0, 400.0), 250.0, (-0.6, 0.0), ((1.4, -0.3), (-0.3, 0.4)), (0.2, 0.35))
MODEL = ExchangeableModel(
    arms=(FIRST, SECOND),
    intercept=Exchange(mean=-0.9, sd=0.9, spread=0.7, spread_log_sd=0.3),
    log_slope=Exchange(mean=0.1, sd=0.5, spread=0.5, spread_log_sd=0.2),
    weights=(0.7, 0.4),
)
EVALUABLE = [np.array([3, 6]), np.array([4, 2])]
DLTS = [np.array([0, 2]), np.array([2, 1])]


def together(model, is_shared, spreads):
    """Give mean and covariance of both parameters of arm 1, then of arm 2, for known spreads."""
    centre, covariance = np.zeros(4), np.zeros((4, 4))
    for arm, shares in enumerate(is_shared):
        own = slice(2 * arm, 2 * arm + 2)
        centre[own] = model.arms[arm].mean
        covariance[own, own] = model.arms[arm].covariance
        if shares:
            centre[own] = model.intercept.mean, model.log_slope.mean
            sds = np.array([model.intercept.sd, model.log_slope.sd])
            covariance[own, own] = np.diag(sds**2 + np.array(spreads) ** 2)
    if all(is_shared):
        for k, prior in enumerate((model.intercept, model.log_slope)):
            covariance[k, 2 + k] = covariance[2 + k, k] = prior.sd**2
    return centre, covariance


def rates_and_chances(model, drawn, evaluable, dlts):
    """Give the DLT rates of both arms, and the likelihood of what was seen."""
    rates, chance = [], np.zeros(len(drawn))
    for arm, (intercept, log_slope) in zip(model.arms, drawn.T.reshape(2, 2, -1), strict=True):
        ratios = np.log(np.array(arm.doses) / arm.reference_dose)
        logits = intercept[:, None] + np.exp(log_slope)[:, None] * ratios
        n, y = evaluable[len(rates)], dlts[len(rates)]
        chance -= np.logaddexp(0, -logits) @ y + np.logaddexp(0, logits) @ (n - y)
        rates.append(expit(logits))
    return rates, np.exp(chance)


def whole_numbers(model, evaluable, dlts):
    """Give means of the DLT rates and probabilities to be exchangeable of two arms.

    The model as it is written: for each way the arms can be exchangeable or not, and each spread,
    their four parameters are normal together; Gauss and Hermite in all four of them.
    """
    roots, weights = hermegauss(12)
    grid = np.array(list(product(roots, repeat=4)))
    mass = np.prod(np.array(list(product(weights, repeat=4))), axis=1)
    scores, of_scores = hermegauss(4)
    evidence, means, shared = 0.0, [np.zeros(2), np.zeros(2)], np.zeros(2)
    for is_shared, places in product(product((True, False), repeat=2), product(range(4), repeat=2)):
        spreads = [
            prior.spread * math.exp(prior.spread_log_sd * scores[place])
            for prior, place in zip((model.intercept, model.log_slope), places, strict=True)
        ]
        odds = math.prod(
            weight if shares else 1 - weight
            for weight, shares in zip(model.weights, is_shared, strict=True)
        )
        centre, covariance = together(model, is_shared, spreads)
        drawn = centre + grid @ np.linalg.cholesky(covariance).T
        rates, chance = rates_and_chances(model, drawn, evaluable, dlts)
        part = odds * of_scores[list(places)].prod() * mass * chance
        evidence += part.sum()
        shared += part.sum() * np.array(is_shared)
        means = [mean + part @ rate for mean, rate in zip(means, rates, strict=True)]
    return [each / evidence for each in means], shared / evidence


def test_two_arms_are_as_all_their_parameters_together():
    """Means and the probabilities to be exchangeable, by Gauss and Hermite."""
    means, shared = whole_numbers(MODEL, EVALUABLE, DLTS)

    found = MODEL.posterior(EVALUABLE, DLTS, within=1e-4)

    for each, mean, exchangeable in zip(found, means, shared, strict=True):
        assert each.rates.mean == pytest.approx(mean, abs=8e-4)
        assert each.exchangeable == pytest.approx(exchangeable, abs=8e-4)
    assert abs(found[0].exchangeable - 0.7) > 0.01


@pytest.mark.parametrize("place", [0, 1])
def test_an_arm_that_never_shares_is_judged_by_itself(place):
    """Whatever its own prior, its doses and the other arm: weight 0."""
    weights = (0.0, 0.4) if place == 0 else (0.7, 0.0)
    alone = MODEL.arms[place].posterior(EVALUABLE[place], DLTS[place])

    found = replace(MODEL, weights=weights).posterior(EVALUABLE, DLTS, within=1e-4)[place]

    assert found.rates.mean == pytest.approx(alone.mean, abs=1e-4)
    assert found.rates.intervals == pytest.approx(alone.intervals, abs=1e-4)
    assert found.exchangeable == 0


def test_an_arm_that_always_shares_has_the_variances_of_mean_and_spread_together():
    """With a known spread its prior is normal, without correlation, whatever its own prior."""
    intercept, log_slope = (
        replace(prior, spread_log_sd=1e-4) for prior in (MODEL.intercept, MODEL.log_slope)
    )
    one = ExchangeableModel(
        arms=(SECOND,), intercept=intercept, log_slope=log_slope, weights=(1.0,)
    )
    first, second = (prior.sd**2 + prior.spread**2 for prior in (intercept, log_slope))
    together = replace(SECOND, mean=(-0.9, 0.1), covariance=((first, 0.0), (0.0, second)))
    expected = together.posterior(EVALUABLE[1], DLTS[1])

    (found,) = one.posterior(EVALUABLE[1:], DLTS[1:], within=1e-5)

    assert found.rates.mean == pytest.approx(expected.mean, abs=1e-5)
    assert found.rates.intervals == pytest.approx(expected.intervals, abs=1e-5)
    assert found.exchangeable == 1
    assert found.rates.change <= 1e-5


def test_the_change_that_is_told_is_no_more_than_is_asked_for():
    """A smaller one takes a finer quadrature."""
    coarse = MODEL.posterior(EVALUABLE, DLTS, within=1e-4)
    fine = MODEL.posterior(EVALUABLE, DLTS, within=2e-5)

    assert 2e-5 < coarse[0].rates.change == coarse[1].rates.change <= 1e-4
    assert fine[0].rates.change <= 2e-5


def test_without_a_wish_the_change_is_a_hundred_thousandth_at_most():
    """The first refinement of this model changes more."""
    found = MODEL.posterior(EVALUABLE, DLTS)

    assert 1e-7 < found[0].rates.change <= 1e-5


@pytest.mark.parametrize("times", [1, 2])
def test_each_quadrature_is_finer_by_three_tenths_up_to_the_nodes_allowed(monkeypatch, times):
    """That many nodes are allowed, one more is not."""
    steps, grid = [], exchangeable_model._grid
    finest = 0.7**times
    most = exchangeable_model._nodes_at(MODEL, finest)

    def listening(model, step):
        """Keep the step."""
        steps.append(step)
        return grid(model, step)

    monkeypatch.setattr(exchangeable_model, "_grid", listening)
    for allowed, reached in ((most, times), (most - 1, times - 1)):
        steps.clear()
        monkeypatch.setattr(exchangeable_model, "MOST_NODES", allowed)
        with pytest.raises(Refusal):
            MODEL.posterior(EVALUABLE, DLTS, within=1e-16)
        assert steps == pytest.approx([0.7**each for each in range(reached + 1)])


@pytest.mark.parametrize("most", [0, 1600])
def test_a_change_at_the_finest_quadrature_is_refused_with_its_size(monkeypatch, most):
    """What is left of it, what is asked for, and what to do."""
    monkeypatch.setattr(exchangeable_model, "MOST_NODES", most)

    with pytest.raises(Refusal) as refusal:
        MODEL.posterior(EVALUABLE, DLTS, within=1e-16)

    (fault,) = refusal.value.faults
    assert (fault.where, fault.allowed) == ("within", "a change of at most 1.0e-16")
    if most:
        assert 1e-16 < float(fault.found.removeprefix("a change of ")) < 1e-4
    else:
        assert fault.found == "too many nodes to refine"
    assert fault.do == "Take a prior with less variance, or allow a larger change"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"weights": (0.8,)},
            [
                "weights: 1 weights for 2 arms. Allowed: one weight for each arm. "
                "Give each arm its weight."
            ],
        ),
        (
            {"arms": (), "weights": ()},
            [
                "weights: 0 weights for 0 arms. Allowed: one weight for each arm. "
                "Give each arm its weight."
            ],
        ),
        (
            {"weights": (1.1, -0.1)},
            [
                f"weights.{place}: {found}. Allowed: a number from 0 to 1. "
                "Give the probability that the arm is exchangeable."
                for place, found in enumerate(("1.1", "-0.1"))
            ],
        ),
        (
            {"intercept": Exchange(mean=0.0, sd=math.inf, spread=0.0, spread_log_sd=-1.0)},
            [
                f"intercept.{part}: {found}. Allowed: a number above 0. Give a standard deviation."
                for part, found in (("sd", "inf"), ("spread", "0.0"), ("spread_log_sd", "-1.0"))
            ],
        ),
        (
            {"log_slope": Exchange(mean=0.0, sd=0.0, spread=math.nan, spread_log_sd=1.0)},
            [
                f"log_slope.{part}: {found}. Allowed: a number above 0. Give a standard deviation."
                for part, found in (("sd", "0.0"), ("spread", "nan"))
            ],
        ),
        (
            {"arms": (FIRST, replace(SECOND, limits=(0.2, 0.3)))},
            [
                "arms.limits: [(0.2, 0.35), (0.2, 0.3)]. Allowed: the same in all arms. "
                "Take one for all."
            ],
        ),
        (
            {"arms": (FIRST, replace(SECOND, reference_dose=300.0))},
            [
                "arms.reference_dose: [250.0, 300.0]. Allowed: the same in all arms. "
                "Take one for all."
            ],
        ),
    ],
)
def test_settings_that_are_none_are_told_in_full(change, told):
    """Place, what was found, what is allowed and what to do, of all at once."""
    with pytest.raises(Refusal) as refusal:
        replace(MODEL, **change)

    assert [str(each) for each in refusal.value.faults] == told


def test_weights_of_0_and_1_are_allowed():
    """An arm that never, and one that always shares."""
    assert replace(MODEL, weights=(0, 1)).weights == (0, 1)


def test_the_change_asked_for_is_enough():
    """Exactly that, too: no finer quadrature is made."""
    coarse = MODEL.posterior(EVALUABLE, DLTS, within=1e-4)

    again = MODEL.posterior(EVALUABLE, DLTS, within=coarse[0].rates.change)

    assert again[0].rates.change == coarse[0].rates.change


@pytest.mark.parametrize("arms", [1, 3])
def test_counts_of_another_number_of_arms_are_not_taken(arms):
    """Neither fewer nor more."""
    with pytest.raises(ValueError, match="argument 2 is"):
        MODEL.posterior([EVALUABLE[0]] * arms, [DLTS[0]] * arms)


@pytest.mark.parametrize(("step", "spreads"), [(1.0, 6), (0.25, 12)])
def test_a_finer_quadrature_has_more_spreads_and_reaches_as_far_as_the_widest(step, spreads):
    """By Gauss and Hermite; six standard deviations of mean and spread together to both sides."""
    found = exchangeable_model._places(MODEL, "intercept", step)

    roots, _ = hermegauss(spreads)
    widest = 6 * math.hypot(0.9, 0.7 * math.exp(0.3 * roots.max()))
    assert found.spreads == pytest.approx(0.7 * np.exp(0.3 * roots))
    assert (found.of_means.sum(), found.of_spreads.sum()) == pytest.approx((1, 1))
    assert len(found.means) == 1 + 96 / step
    assert (found.nodes[0], found.nodes[-1]) == pytest.approx((-0.9 - widest, -0.9 + widest))
