"""Trials simulated in time: the same ends as without time, and how long they take."""

import numpy as np
import pytest

from trialwright.escalation.accruing import Accrual, behaviour_in_time, simulate_in_time
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.escalation.exact import walk
from trialwright.terms.errors import Refusal

TRUTH = [0.1, 0.3, 0.5]
SIX = ThreePlusThree(3, "six-at-mtd")
BOIN = Boin(levels=3, target=0.3, max_n=12)


def run(design, trials, seed=1, between=7, window=28, rates=TRUTH):
    """Simulate and sum up."""
    accrual = Accrual(between, window)
    return behaviour_in_time(design, rates, 0.3, accrual, trials, np.random.default_rng(seed))


@pytest.mark.parametrize("design", [SIX, BOIN], ids=["3+3", "BOIN"])
def test_designs_that_wait_select_as_without_time(design):
    """Within four standard errors of the exact probabilities."""
    exact = walk(design).under(TRUTH)

    found, _ = run(design, 800)

    for simulated, right in zip(
        [found.p_no_mtd, *found.p_select], [exact.p_no_mtd, *exact.p_select], strict=True
    ):
        assert abs(simulated.value - right) <= 4 * max(simulated.mcse, 0.002)
    assert found.method == "monte-carlo"


def test_designs_that_decide_while_some_are_pending_are_faster():
    """Rolling six and TITE-BOIN against 3+3 and BOIN, by far more than chance."""
    waiting, rolling = run(SIX, 150)[1], run(RollingSix(3), 150)[1]
    tite = TiteBoin(levels=3, target=0.3, max_n=12, window_days=28, pending="imputation")
    boin, tite_boin = run(BOIN, 60)[1], run(tite, 60)[1]

    assert waiting.value - rolling.value > 4 * np.hypot(waiting.mcse, rolling.mcse)
    assert boin.value - tite_boin.value > 4 * np.hypot(boin.mcse, tite_boin.mcse)


def test_without_dlts_and_without_gaps_a_trial_takes_its_windows():
    """Three at each of three levels, six at the top: four windows, one after the other."""
    found = simulate_in_time(SIX, [0, 0, 0], Accrual(0, 28), 3, np.random.default_rng(1))

    assert found.days.tolist() == [4 * 28] * 3
    assert found.endings.evaluable.tolist() == [[3, 3, 6]] * 3
    assert found.endings.mtds.tolist() == [3] * 3


def test_two_dlts_at_the_lowest_level_end_a_trial_at_the_second():
    """Everybody has a DLT: nobody waits for the whole window of the third."""
    found = simulate_in_time(SIX, [1, 1, 1], Accrual(0, 28), 40, np.random.default_rng(1))

    assert found.endings.mtds.tolist() == [0] * 40
    assert found.endings.evaluable[:, 0].tolist() == [3] * 40
    assert (found.days <= 28).all()
    assert found.days.max() < 28  # the second of three uniform times
    assert abs(found.days.mean() - 14) < 4 * found.duration.mcse


def test_the_same_seed_gives_the_same_trials():
    """And another one others."""
    assert run(SIX, 5) == run(SIX, 5)
    assert run(SIX, 5)[1] != run(SIX, 5, seed=2)[1]


@pytest.mark.parametrize(
    ("between", "window", "where"),
    [(-1, 28, "days_between"), (float("nan"), 28, "days_between"), (7, 0, "window_days")],
)
def test_times_that_are_none_are_refused(between, window, where):
    """Negative, no number, no window."""
    with pytest.raises(Refusal, match=where):
        Accrual(between, window)


def test_another_window_than_that_of_the_design_is_refused():
    """TITE designs have one of their own."""
    tite = TiteBoin(levels=3, target=0.3, max_n=12, window_days=28, pending="imputation")

    with pytest.raises(Refusal, match="28 days, as the design has"):
        run(tite, 1, window=21)


@pytest.mark.parametrize("trials", [0, True, 2.5])
def test_trials_are_a_whole_number_from_one(trials):
    """Else nothing is simulated."""
    with pytest.raises(Refusal, match="trials"):
        run(SIX, trials)
