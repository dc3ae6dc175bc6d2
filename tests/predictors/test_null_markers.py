"""Trials in which no marker says anything: how often something is called a predictor."""

import numpy as np
import pytest
from benchmarks.null_markers import LEVEL, error_rates, simulated
from tests.sizes import sized


@pytest.mark.sized
def test_corrected_methods_err_no_more_often_than_they_say(tell):
    """Within four standard errors of 5 %; what is not corrected errs in one trial of five or more.

    The table of docs/reference/predictors.md has more trials, of 20, 40 and 80.
    """
    trials = sized(2000, 25)

    rates = error_rates(20, trials, 199, seed=7)

    corrected = {name: rate for name, rate in rates.items() if "nothing" not in name}
    tell("null markers", trials=trials, **{name.replace(",", ""): f"{rate:.3f}"
                                           for name, rate in corrected.items()})  # fmt: skip
    bound = LEVEL + 4 * (LEVEL * (1 - LEVEL) / trials) ** 0.5
    assert {name for name, rate in corrected.items() if rate > bound} == set()
    assert len(corrected) == 10
    assert rates["time, permuted, nothing corrected"] > 0.2
    assert rates["response, Boschloo, nothing corrected"] > 0.2


def test_arms_differ_and_markers_do_not():
    """Over many participants the arms respond differently, carriers and others alike."""
    cohort, altered, responded, _ = simulated(20_000, np.random.default_rng(1))

    arm_b = np.array(cohort.arms) == "B"
    assert responded[arm_b].mean() - responded[~arm_b].mean() == pytest.approx(0.25, abs=0.03)
    for column in altered.T:
        gap = responded[column].mean() - responded[~column].mean()
        assert abs(gap) < 4 * (0.22 / column.sum() + 0.22 / (~column).sum()) ** 0.5
