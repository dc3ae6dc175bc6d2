"""Trials in which no marker says anything: how often something is called a predictor."""

import numpy as np
import pytest
from benchmarks.null_markers import LEVEL, TRUE_PLACES, error_rates, simulated
from tests.sizes import sized


@pytest.mark.sized
def test_corrected_methods_err_no_more_often_than_they_say(tell):
    """Within four standard errors of 5 %; what is not corrected errs in one trial of five or more.

    The table of docs/reference/predictors.md has more trials, of 20, 40 and 80.
    """
    trials = sized(2000, 25)

    rates = error_rates(20, trials, 199, seed=7)

    wrong = {name: each.family_wise for name, each in rates.items()}
    corrected = {name: rate for name, rate in wrong.items() if "nothing" not in name}
    tell("null markers", trials=trials, **{name.replace(",", ""): f"{rate:.3f}"
                                           for name, rate in corrected.items()})  # fmt: skip
    bound = LEVEL + 4 * (LEVEL * (1 - LEVEL) / trials) ** 0.5
    assert {name for name, rate in corrected.items() if rate > bound} == set()
    assert len(corrected) == 10
    assert wrong["time, permuted, nothing corrected"] > 0.2
    assert wrong["response, Boschloo, nothing corrected"] > 0.2
    assert all(each.discovery == each.family_wise for each in rates.values())  # none is true


@pytest.mark.sized
def test_few_of_those_called_say_nothing_where_some_are_true(tell):
    """Benjamini-Hochberg keeps the share of false discoveries, max-T that any is false.

    Five of 30 markers are true. Without correction most trials call a false one.
    """
    trials = sized(2000, 25)

    rates = error_rates(80, trials, 499, seed=7, true=5)

    bound = LEVEL + 4 * (LEVEL * (1 - LEVEL) / trials) ** 0.5
    by_rate = {name: each.discovery for name, each in rates.items() if "BH" in name}
    by_family = {name: each.family_wise for name, each in rates.items() if "max-T" in name}
    held = by_rate | by_family
    tell("true markers", trials=trials, **{name.replace(",", ""): f"{rate:.3f}"
                                           for name, rate in held.items()})  # fmt: skip
    assert (len(by_rate), len(by_family)) == (6, 2)
    assert {name for name, rate in held.items() if rate > bound} == set()
    assert rates["response, Boschloo, gate and BH"].power > 0.1
    assert rates["time, permuted, gate and max-T"].power > 0.1
    assert rates["time, permuted, nothing corrected"].family_wise > 0.4


def test_arms_differ_and_markers_do_not():
    """Over many participants the arms respond differently, carriers and others alike."""
    cohort, altered, responded, _ = simulated(20_000, np.random.default_rng(1))

    arm_b = np.array(cohort.arms) == "B"
    assert responded[arm_b].mean() - responded[~arm_b].mean() == pytest.approx(0.25, abs=0.03)
    for column in altered.T:
        gap = responded[column].mean() - responded[~column].mean()
        assert abs(gap) < 4 * (0.22 / column.sum() + 0.22 / (~column).sum()) ** 0.5


def test_true_markers_change_the_outcome_and_no_other():
    """Carriers of the first true marker respond more often; of its neighbour as often."""
    _, altered, responded, times = simulated(20_000, np.random.default_rng(2), true=5)

    first, neighbour = TRUE_PLACES[0], TRUE_PLACES[0] - 1
    gaps = {
        place: responded[altered[:, place]].mean() - responded[~altered[:, place]].mean()
        for place in (first, neighbour)
    }
    assert gaps[first] > 0.2
    assert abs(gaps[neighbour]) < 4 * (0.25 / altered[:, neighbour].sum() * 1.3) ** 0.5
    days = np.array(times.days)
    assert days[altered[:, first]].mean() > days[~altered[:, first]].mean() + 20
