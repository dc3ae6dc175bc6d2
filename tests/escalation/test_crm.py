"""CRM: posterior, next dose with its reason, converged integrals, and what is refused."""

import json
import math

import numpy as np
import pytest
from scipy.integrate import quad

from trialwright.escalation.crm_model import CrmModel, skeleton_around
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.crm import Crm
from trialwright.terms.errors import Refusal

SKELETON = skeleton_around(0.05, 0.3, 3, 5)


def made(**settings):
    """Make a CRM for five levels and thirty participants."""
    return Crm(**{"levels": 5, "target": 0.3, "skeleton": SKELETON, "max_n": 30, **settings})


def counts(*tallies):
    """Give counts from pairs of participants and DLTs; the rest is empty."""
    return [*(LevelCount(*each) for each in tallies), *[LevelCount(0, 0)] * (5 - len(tallies))]


@pytest.mark.parametrize("model", ["power", "logistic"])
def test_the_posterior_is_that_of_adaptive_integration(model):
    """Mean, variance, mean rates and tail by an independent integrator."""
    curve = CrmModel(SKELETON, 0.3, model)
    evaluable, dlts = np.array([3, 6, 3, 0, 0]), np.array([0, 1, 2, 0, 0])

    def density(parameter):
        """Prior times likelihood."""
        rates = curve.rates(parameter)[0]
        chance = np.prod(rates**dlts * (1 - rates) ** (evaluable - dlts))
        return float(chance * math.exp(-(parameter**2) / (2 * curve.prior_variance)))

    def integral(of, low=-9.0):
        """Integrate."""
        return quad(lambda b: of(b) * density(b), low, 9, epsabs=0, epsrel=1e-11, limit=500)[0]

    total = integral(lambda b: 1)
    found = curve.posterior(evaluable[None], dlts[None], 192)

    mean = integral(lambda b: b) / total
    assert found.mean[0] == pytest.approx(mean, abs=1e-9)
    assert found.variance[0] == pytest.approx(integral(lambda b: b * b) / total - mean**2, abs=1e-9)
    assert found.rates[0, 1] == pytest.approx(
        integral(lambda b: curve.rates(b)[0, 1]) / total, abs=1e-9
    )
    assert found.too_toxic[0] == pytest.approx(
        1 - integral(lambda b: 1, curve.toxic_below()) / total, abs=1e-8
    )


@pytest.mark.parametrize("model", ["power", "logistic"])
def test_many_states_have_the_posterior_of_each(model):
    """Tabulated likelihoods, and those worked out one by one, agree."""
    curve = CrmModel(SKELETON, 0.3, model)
    rng = np.random.default_rng(1)
    evaluable = rng.integers(0, 13, (600, 5)).astype(np.int16)
    dlts = rng.binomial(evaluable, 0.3).astype(np.int16)

    together = curve.posterior(evaluable, dlts, 24)
    apart = curve.posterior(evaluable[:50], dlts[:50], 24)

    for name in ("mean", "variance", "rates", "too_toxic"):
        assert getattr(together, name)[:50] == pytest.approx(getattr(apart, name), abs=1e-12)
    assert curve.mean_and_tail(evaluable, dlts, 24)[0] == pytest.approx(together.mean, abs=1e-13)


@pytest.mark.parametrize("model", ["power", "logistic"])
def test_doubling_the_nodes_changes_no_decision(model):
    """What the adaptive quadrature settles, sixteen times as many nodes leave as it is."""
    design = made(model=model)
    rng = np.random.default_rng(2)
    evaluable = (3 * rng.integers(0, 4, (400, 5))).astype(np.int16)
    dlts = rng.binomial(evaluable, SKELETON).astype(np.int16)

    found = design.recommended(evaluable, dlts)

    rates = design.curve.rates(design.curve.posterior(evaluable, dlts, 192).mean)
    assert (np.argmin(np.abs(rates - 0.3), axis=1) + 1 == found.level).all()
    assert (found.gap > 0).all()


@pytest.mark.parametrize(
    ("settings", "seen", "at", "last", "level", "rule"),
    [
        ({}, [(3, 0)], 1, (3, 0), 2, "no-skipping"),
        ({"no_skipping": False}, [(3, 0)], 1, (3, 0), 5, "nearest-to-target"),
        ({}, [(3, 0), (3, 0), (3, 1)], 3, (3, 1), 3, "coherent"),
        ({"coherent": False}, [(3, 0), (3, 0), (3, 1)], 3, None, 4, "nearest-to-target"),
        ({}, [(3, 0), (3, 3)], 2, (3, 3), 1, "nearest-to-target"),
        ({}, [(3, 3)], 1, (3, 3), 1, "nearest-to-target"),
        ({"safety_stop": 0.9}, [(3, 3)], 1, (3, 3), None, "safety-stop"),
        ({"stop_at": 6}, [(6, 2)], 1, (3, 2), None, "enough-at-level"),
        ({"max_n": 6}, [(3, 0), (3, 1)], 2, (3, 1), None, "max-n"),
        ({}, [(3, 0), (2, 0)], 2, None, 2, "incomplete-cohort"),
        ({}, [(3, 0), (2, 0, 1)], 2, None, 2, "pending"),
        ({"estimate": "posterior-mean"}, [(3, 0), (3, 1)], 2, (3, 1), 2, "coherent"),
    ],
)
def test_each_situation_gives_its_level(settings, seen, at, last, level, rule):
    """Held back by no skipping and coherence, stopped by safety, enough, or the end."""
    decision = made(**settings).next_dose(counts(*seen), at, LevelCount(*last) if last else None)

    assert (decision.level, decision.rule) == (level, rule)


@pytest.mark.parametrize(("without_dlt", "level"), [(3, 5), (6, 5)])
def test_the_level_after_no_dlts_follows_from_plain_sums(without_dlt, level):
    """What the cases above and below expect of 0/3 at level 1, and of 0/3 at levels 1 and 2."""
    at = [0, 0, 0] if without_dlt == 3 else [0, 0, 0, 1, 1, 1]
    total = weighted = 0.0
    for step in range(-90_000, 90_001):
        parameter = step / 10_000
        mass = math.exp(-(parameter**2) / (2 * 1.34))
        for place in at:
            mass *= 1 - SKELETON[place] ** math.exp(parameter)
        total, weighted = total + mass, weighted + mass * parameter
    rates = [rate ** math.exp(weighted / total) for rate in SKELETON]

    assert min(range(5), key=lambda place: abs(rates[place] - 0.3)) + 1 == level


def test_the_mtd_is_a_level_that_was_tried_unless_all_may_be():
    """After six without a DLT the model would go on."""
    seen = counts((3, 0), (3, 0))

    assert made(max_n=6).select_mtd(seen).level == 2
    assert made(max_n=6, mtd_tried=False).select_mtd(seen).level == 5


def test_no_mtd_when_the_lowest_level_is_too_toxic():
    """The estimate says how sure that is."""
    estimate = made(safety_stop=0.9).select_mtd(counts((3, 3)))

    assert estimate.level is None
    assert "P(DLT rate of dose level 1 > 0.3) = 0.9" in estimate.because


@pytest.mark.shared
def test_estimates_are_those_of_dfcrm(shared):
    """Bayes to 1e-6 and maximum likelihood to 1e-4, every next dose."""
    parsed = json.loads((shared / "reference/escalation/dfcrm_crm.json").read_text())

    for case in parsed["cases"]:
        skeleton = tuple(parsed["skeletons"][case["skeleton"]])
        data = parsed["datasets"][case["data"] - 1]
        evaluable = np.bincount(data["level"], minlength=len(skeleton) + 1)[1:]
        dlts = np.bincount(data["level"], data["tox"], len(skeleton) + 1)[1:].astype(int)
        model = "power" if case["model"] == "empiric" else "logistic"
        curve = CrmModel(skeleton, case["target"], model)
        if "error" in case:
            with pytest.raises(Refusal, match="so the likelihood has no maximum"):
                curve.mle(evaluable, dlts)
            continue
        is_bayes = case["method"] == "bayes"
        posterior = curve.posterior(evaluable[None], dlts[None], 768)
        estimate = posterior.mean[0] if is_bayes else curve.mle(evaluable, dlts)
        rates = curve.rates(estimate)[0]
        within = 1e-6 if is_bayes else 1e-4
        assert estimate == pytest.approx(case["estimate"], abs=within)
        assert rates == pytest.approx(case["ptox"], abs=within)
        assert np.argmin(np.abs(rates - case["target"])) + 1 == case["next_dose"]


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"target": 25}, "target"),
        ({"skeleton": (0.1, 0.2, 0.3, 0.25, 0.5)}, "skeleton.3"),
        ({"skeleton": (0.1, 0.2, 0.3, 0.4, 1.2)}, "skeleton.4"),
        ({"skeleton": (0.1, 0.2, 0.3, 0.4)}, "skeleton"),
        ({"levels": 0, "skeleton": ()}, "levels"),
        ({"starting_level": 6}, "starting_level"),
        ({"safety_stop": 1}, "safety_stop"),
        ({"prior_variance": 0}, "prior_variance"),
        ({"model": "logistic", "intercept": -1.0}, "intercept"),
        ({"model": "probit"}, "model"),
        ({"estimate": "median"}, "estimate"),
        ({"max_n": 0}, "max_n"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """Each at its place."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    assert where in [fault.where for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("seen", "at", "last", "where"),
    [
        ([(3, 0)], 0, None, "at"),
        ([(3, 0)], 1.7, None, "at"),
        ([(30, 0), (3, 0)], 2, None, "seen"),
        ([(3, 0)], 1, (3, 1), "last"),
        ([(3, 0)], 1, (4, 0), "last"),
    ],
)
def test_questions_that_do_not_fit_are_refused(seen, at, last, where):
    """A level beside the ladder, too many participants, a last cohort that cannot be."""
    with pytest.raises(Refusal) as refusal:
        made().next_dose(counts(*seen), at, LevelCount(*last) if last else None)

    assert [fault.where for fault in refusal.value.faults] == [where]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ((0.05, 0.25, 6, 5), "prior_mtd"),
        ((0.05, 0.25, 0, 5), "prior_mtd"),
        ((0.25, 0.25, 3, 5), "halfwidth"),
        ((0.0, 0.25, 3, 5), "halfwidth"),
    ],
)
def test_a_skeleton_that_cannot_be_is_refused(arguments, where):
    """A prior MTD off the ladder, an interval that reaches to 0."""
    with pytest.raises(Refusal) as refusal:
        skeleton_around(*arguments)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_a_skeleton_may_begin_at_its_prior_mtd():
    """The lowest level as the prior MTD has none below."""
    skeleton = skeleton_around(0.05, 0.25, 1, 3)

    assert skeleton[0] == pytest.approx(0.25)
    assert list(skeleton) == sorted(skeleton)
