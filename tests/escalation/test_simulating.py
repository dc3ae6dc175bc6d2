"""Simulated trials and exact probabilities, summed up alike."""

import itertools
import math

import numpy as np
import pytest

from trialwright.escalation.behaviour import Endings, behaviour, correct_levels
from trialwright.escalation.characteristics import chances_of
from trialwright.escalation.decision import LevelCount, decide
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.exact import walk
from trialwright.escalation.simulating import simulate
from trialwright.terms.errors import Refusal

TRUTH = [0.1, 0.3, 0.5]
DESIGNS = [
    Boin(levels=3, target=0.3, max_n=12),
    Boin(levels=3, target=0.3, max_n=10, titration=True),
    ThreePlusThree(3, "six-at-mtd"),
    Crm(levels=3, target=0.3, skeleton=(0.15, 0.3, 0.45), max_n=12),
]


def exactly(design, truth=TRUTH, max_n=None):
    """Sum up a design exactly."""
    walked = walk(design)
    ended = walked.found.ended
    chances = chances_of(walked.found, walked.start, truth)
    return behaviour(
        Endings(ended.evaluable, ended.dlts, walked.mtds, chances), truth, 0.3, "", max_n
    )


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_simulated_numbers_lie_within_four_standard_errors_of_exact_ones(design):
    """Each number of 50,000 trials, by its own standard error."""
    exact = exactly(design)

    endings = simulate(design, TRUTH, 50_000, np.random.Generator(np.random.PCG64(20260101)))
    found = behaviour(endings, TRUTH, 0.3, "")

    pairs = [
        *zip(found.p_select, exact.p_select, strict=True),
        *zip(found.expected_n, exact.expected_n, strict=True),
        *zip(found.expected_dlt, exact.expected_dlt, strict=True),
        *zip(found.overdosing, exact.overdosing, strict=True),
        (found.p_no_mtd, exact.p_no_mtd),
        (found.total_n, exact.total_n),
        (found.total_dlt, exact.total_dlt),
        (found.correct_allocation, exact.correct_allocation),
        (found.overdose_allocation, exact.overdose_allocation),
    ]
    for simulated, right in pairs:
        assert abs(simulated.value - right.value) <= 4 * simulated.mcse + 1e-12
        assert right.mcse == 0
    assert sum(1 for simulated, _ in pairs if simulated.mcse > 0) >= 12
    assert found.method == "monte-carlo"
    assert exact.method == "exact"


def one_by_one(design, truth, random):
    """Run one trial participant by participant; give its MTD and its counts."""
    seen, at, last = [LevelCount(0, 0)] * design.levels, design.starting_level, None
    while (decision := decide(design, seen, at, last)).act != "stop":
        at, size = decision.level, decision.cohort_size
        dlts = sum(random.random() < truth[at - 1] for _ in range(size))
        before = seen[at - 1]
        seen[at - 1] = LevelCount(before.evaluable + size, before.dlts + dlts)
        last = LevelCount(size, dlts)
    return decision.mtd or 0, [each.evaluable for each in seen]


def test_trials_simulated_together_are_spread_as_trials_run_one_by_one():
    """Selection and numbers of participants differ by no more than chance between both ways."""
    design, trials = Boin(levels=3, target=0.3, max_n=12), 3_000
    random = np.random.Generator(np.random.Philox(5))
    alone = [one_by_one(design, TRUTH, random) for _ in range(trials)]

    together = behaviour(simulate(design, TRUTH, trials, random), TRUTH, 0.3, "")

    for level in range(3):
        share = sum(mtd == level + 1 for mtd, _ in alone) / trials
        error = math.sqrt(2) * together.p_select[level].mcse
        assert abs(share - together.p_select[level].value) <= 4 * error
        mean = sum(counts[level] for _, counts in alone) / trials
        error = math.sqrt(2) * together.expected_n[level].mcse
        assert abs(mean - together.expected_n[level].value) <= 4 * error


def test_the_same_seed_gives_the_same_trials_in_any_process():
    """PCG64 and Philox, twice each; another seed gives others."""
    design = Boin(levels=3, target=0.3, max_n=12)

    def run(bits):
        return simulate(design, TRUTH, 1_000, np.random.Generator(bits)).weights.tolist()

    assert run(np.random.PCG64(1)) == run(np.random.PCG64(1))
    assert run(np.random.Philox(1)) == run(np.random.Philox(1))
    assert run(np.random.PCG64(1)) != run(np.random.PCG64(2))


def test_the_standard_error_is_that_of_a_proportion():
    """sqrt(p (1 - p) / trials), by hand; four trials, three with dose level 1."""
    endings = Endings(
        np.array([[3], [3]]), np.array([[0], [3]]), np.array([1, 0]), np.array([0.75, 0.25]), 4
    )

    found = behaviour(endings, [0.3], 0.3, "")

    assert found.p_select == ((0.75, pytest.approx(math.sqrt(0.75 * 0.25 / 4))),)
    assert found.total_dlt == (
        0.75,
        pytest.approx(math.sqrt((0.75 * 0.75**2 + 0.25 * 2.25**2) / 4)),
    )


def test_a_design_is_summed_up_by_hand():
    """Two endings with three and six participants; dose level 2 is correct, 3 is an overdose."""
    endings = Endings(
        np.array([[3, 0, 0], [0, 1, 5]]),
        np.array([[3, 0, 0], [0, 0, 4]]),
        np.array([0, 3]),
        np.array([0.25, 0.75]),
    )

    found = behaviour(endings, [0.1, 0.3, 0.5], 0.3, "", max_n=6)

    assert found.correct == (2,)
    assert found.correct_selection.value == 0
    assert found.correct_allocation.value == pytest.approx(0.75 / 6)
    assert found.overdose_selection.value == 0.75
    assert found.overdose_allocation.value == pytest.approx(0.75 * 5 / 6)
    assert [each.value for each in found.overdosing] == [0.75, 0.75]  # 5 of 6 are 83 %
    assert found.stopped_early.value == 0.25
    assert found.sizes == ((3, (0.25, 0)), (6, (0.75, 0)))
    assert found.total_dlt.value == 3.75


@pytest.mark.parametrize(
    ("rates", "correct"),
    [
        ([0.1, 0.3, 0.5], (2,)),
        ([0.2, 0.4, 0.6], (1, 2)),  # 0.1 to both sides, which binary floats do not see
        ([0.42, 0.5, 0.6], (1,)),  # 1.4 times the target itself is not above it
        ([0.43, 0.5, 0.6], ()),
        ([0.01, 0.02, 0.03], (3,)),
    ],
)
def test_the_correct_level_is_the_nearest_to_the_target(rates, correct):
    """All of those equally near; none when the lowest level is too toxic."""
    assert correct_levels(rates, 0.3) == correct


def test_selecting_nothing_is_correct_when_every_level_is_too_toxic():
    """Then every participant is overdosed."""
    endings = Endings(
        np.array([[3], [6]]), np.array([[3], [3]]), np.array([0, 1]), np.array([0.9, 0.1])
    )

    found = behaviour(endings, [0.6], 0.3, "")

    assert found.correct_selection.value == 0.9
    assert found.overdose_selection.value == 0.1
    assert found.overdose_allocation.value == pytest.approx(1)


def test_a_running_trial_is_simulated_to_its_end():
    """After 1/3 at the only level three more decide: 1/8 at a rate of 1/2."""
    design = ThreePlusThree(1, "no-de-escalation")

    endings = simulate(design, [0.5], 40_000, np.random.default_rng(3), [LevelCount(3, 1)], 1)
    found = behaviour(endings, [0.5], 0.3, "")

    assert abs(found.p_select[0].value - 1 / 8) <= 4 * found.p_select[0].mcse
    assert found.total_n.value == 6


def test_progress_is_told_batch_by_batch(monkeypatch):
    """The last call names all trials."""
    monkeypatch.setattr("trialwright.escalation.simulating.BATCH", 400)
    told = []

    simulate(DESIGNS[0], TRUTH, 1_000, np.random.default_rng(1),
             note=lambda done, of: told.append((done, of)))  # fmt: skip

    assert told == [(400, 1000), (800, 1000), (1000, 1000)]


@pytest.mark.parametrize("trials", [0, -1, True, 1.5, "many", 10**9])
def test_a_number_of_trials_is_a_whole_number_from_one(trials):
    """Nothing is simulated for another one."""
    with pytest.raises(Refusal, match="trials"):
        simulate(DESIGNS[0], TRUTH, trials, np.random.default_rng(1))


def test_nobody_may_be_pending_at_the_start_of_a_simulation():
    """As for a walk."""
    with pytest.raises(Refusal, match="still in the DLT window"):
        simulate(
            DESIGNS[0],
            TRUTH,
            10,
            np.random.default_rng(1),
            [LevelCount(1, 0, 2), *[LevelCount(0, 0)] * 2],
            1,
        )


def test_exact_weights_add_up_to_one():
    """Within 1e-12, and the sizes with them."""
    for design in itertools.islice(DESIGNS, 3):
        found = exactly(design)

        assert found.total == pytest.approx(1, abs=1e-12)
        assert math.fsum(each.value for _, each in found.sizes) == pytest.approx(1, abs=1e-12)
