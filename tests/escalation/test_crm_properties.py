"""CRM: what its definitions and a theorem say, shown in every state that can be reached."""

import math

import pytest

from trialwright.escalation.crm_model import CrmModel, skeleton_around
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.exact import walk


@pytest.mark.parametrize("model", ["power", "logistic"])
@pytest.mark.parametrize(("target", "halfwidth"), [(0.2, 0.04), (0.25, 0.05), (0.3, 0.08)])
def test_neighbours_part_at_the_ends_of_an_indifference_interval(model, target, halfwidth):
    """Where one level is half a width below the target the next is half a width above it."""
    skeleton = skeleton_around(halfwidth, target, prior_mtd=3, levels=5, model=model)
    curve = CrmModel(skeleton, target, model)

    assert skeleton[2] == pytest.approx(target, abs=1e-12)
    for level in range(4):
        low, high = -5.0, 5.0
        for _ in range(200):
            middle = (low + high) / 2
            is_high = curve.rates(middle)[0][level] > target - halfwidth
            low, high = (middle, high) if is_high else (low, middle)
        assert curve.rates(low)[0][level + 1] == pytest.approx(target + halfwidth, abs=1e-9)


@pytest.mark.parametrize("model", ["power", "logistic"])
def test_single_participants_make_the_crm_coherent(model):
    """Never up after a DLT, never down after none, without the rule that enforces it."""
    skeleton = skeleton_around(0.05, 0.25, prior_mtd=2, levels=4, model=model)
    design = Crm(
        levels=4,
        target=0.25,
        skeleton=skeleton,
        max_n=10,
        cohort_size=1,
        model=model,
        coherent=False,
    )

    reached = walk(design).reached
    for state in reached:
        level = state.decision.level
        if level is None:
            continue
        seen = list(state.seen)
        for dlts in (0, 1):
            count = seen[level - 1]
            added = LevelCount(count.evaluable + 1, count.dlts + dlts)
            after = design.next_dose([*seen[: level - 1], added, *seen[level:]], level).level
            assert after is None or (after <= level if dlts else after >= level)
    assert len(reached) > 100


def test_the_prior_guess_is_the_rate_at_parameter_zero():
    """A larger parameter makes every rate smaller."""
    skeleton = (0.05, 0.10, 0.20, 0.30, 0.50, 0.70)

    for model in ("power", "logistic"):
        curve = CrmModel(skeleton, 0.2, model)
        assert curve.rates(0.0)[0] == pytest.approx(skeleton, abs=1e-12)
        ends = curve.rates(math.log(2))[0]
        assert all(rate < guess for rate, guess in zip(ends, skeleton, strict=True))
