"""Calibration: every combination judged exactly, and ranked."""

from decimal import Decimal

import numpy as np
import pytest

from trialwright.escalation.calibrating import calibrate, candidates
from trialwright.escalation.crm_model import skeleton_around
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.evaluating import Effort, Scenario
from trialwright.escalation.exact import walk
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.protocol.escalation_models import CrmDesign
from trialwright.terms.errors import Refusal

BOIN = BoinDesign(name="BOIN", target=Decimal("0.3"), max_n=12)
SKELETON = (Decimal("0.15"), Decimal("0.3"), Decimal("0.45"))
CRM = CrmDesign(name="CRM", target=Decimal("0.3"), max_n=12, skeleton=SKELETON)
SCENARIOS = [Scenario("low", (0.3, 0.5, 0.7)), Scenario("middle", (0.1, 0.3, 0.5))]
P_TOX = [Decimal(each) for each in ("0.36", "0.42", "0.60")]


def test_each_candidate_has_the_exact_numbers_of_its_design():
    """Mean and least correct selection, computed design by design; the best stands first."""
    expected = {}
    for p_tox in P_TOX:
        walked = walk(Boin(levels=3, target=0.3, max_n=12, p_tox=float(p_tox)))
        correct = [
            walked.under(scenario.rates).p_select[level] for level, scenario in enumerate(SCENARIOS)
        ]
        expected[p_tox] = (sum(correct) / 2, min(correct))

    found = calibrate(candidates(BOIN, 3, {"p_tox": P_TOX}), 3, SCENARIOS, 0.3)

    assert len(found) == 3
    for each in found:
        ((_, p_tox),) = each.candidate.settings
        assert each.correct_selection.value == pytest.approx(expected[p_tox][0], abs=1e-13)
        assert each.least_correct.value == pytest.approx(expected[p_tox][1], abs=1e-13)
    means = [each.correct_selection.value for each in found]
    assert means == sorted(means, reverse=True)
    assert means[0] == pytest.approx(max(mean for mean, _ in expected.values()), abs=1e-13)


def test_candidates_that_overdose_too_often_stand_last():
    """However often they are right."""
    free = calibrate(candidates(BOIN, 3, {"p_tox": P_TOX}), 3, SCENARIOS, 0.3)
    overdoses = sorted(each.overdose_selection.value for each in free)

    bound = calibrate(
        candidates(BOIN, 3, {"p_tox": P_TOX}), 3, SCENARIOS, 0.3, most_overdose=overdoses[0]
    )

    allowed = [each.is_allowed for each in bound]
    assert allowed == sorted(allowed, reverse=True)
    assert True in allowed
    assert False in allowed


def test_the_half_width_of_a_crm_is_varied_through_its_skeleton():
    """Skeleton and numbers are those of the model, rounded as a protocol prints them."""
    tried = candidates(
        CRM, 3, {"halfwidth": [Decimal("0.05"), Decimal("0.08")], "prior_mtd": [2, 3]}
    )

    found = calibrate(tried, 3, SCENARIOS, 0.3)

    assert [each.settings for each in tried] == [
        (("halfwidth", Decimal("0.05")), ("prior_mtd", 2)),
        (("halfwidth", Decimal("0.05")), ("prior_mtd", 3)),
        (("halfwidth", Decimal("0.08")), ("prior_mtd", 2)),
        (("halfwidth", Decimal("0.08")), ("prior_mtd", 3)),
    ]
    for each in found:
        halfwidth, prior_mtd = (value for _, value in each.candidate.settings)
        skeleton = skeleton_around(float(halfwidth), 0.3, prior_mtd, 3)
        assert [float(rate) for rate in each.candidate.data.skeleton] == pytest.approx(
            skeleton, abs=5.1e-5
        )
        rounded = tuple(float(rate) for rate in each.candidate.data.skeleton)
        walked = walk(Crm(levels=3, target=0.3, max_n=12, skeleton=rounded))
        mean = sum(walked.under(s.rates).p_select[level] for level, s in enumerate(SCENARIOS)) / 2
        assert each.correct_selection.value == pytest.approx(mean, abs=1e-13)


def test_the_prior_mtd_is_that_of_the_skeleton_where_it_is_not_varied():
    """Level 2 has the prior guess nearest to the target."""
    (candidate,) = candidates(CRM, 3, {"halfwidth": [Decimal("0.05")]})

    assert candidate.data.skeleton[1] == Decimal("0.3000")


def test_candidates_that_decide_alike_are_told():
    """0.42 is the published default of 1.4 times 0.3."""
    near = [Decimal("0.42"), Decimal("0.4201")]

    found = calibrate(candidates(BOIN, 3, {"p_tox": near}), 3, SCENARIOS, 0.3)

    assert [each.same_as for each in found] == [None, 1]


def test_a_calibration_can_be_simulated():
    """Then the mean has its standard error: that of two independent scenarios."""
    tried = candidates(BOIN, 3, {"max_n": [12]})

    (found,) = calibrate(
        tried,
        3,
        SCENARIOS,
        0.3,
        random=lambda: np.random.default_rng(1),
        effort=Effort("monte-carlo", trials=5_000),
    )
    (exact,) = calibrate(tried, 3, SCENARIOS, 0.3)

    assert found.method == "monte-carlo"
    difference = abs(found.correct_selection.value - exact.correct_selection.value)
    assert 0 < difference <= 4 * found.correct_selection.mcse


def test_progress_is_told_candidate_by_candidate():
    """Also for one whose decisions are known already."""
    told = []

    calibrate(candidates(BOIN, 3, {"p_tox": P_TOX}), 3, SCENARIOS, 0.3,
              note=lambda done, of: told.append((done, of)))  # fmt: skip

    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("data", "varied", "says"),
    [
        (BOIN, {}, "vary: 0 combinations"),
        (BOIN, {"p_tox": []}, "vary: 0 combinations"),
        (
            BOIN,
            {"max_n": list(range(1, 102)), "stop_at": list(range(1, 102))},
            "10201 combinations",
        ),
        (BOIN, {"p_toxx": P_TOX}, "vary: p_toxx"),
        (BOIN, {"p_tox": [Decimal("0.2")]}, "vary, p_tox 0.2: escalation.p_tox"),
        (BOIN, {"p_tox": [Decimal(36)]}, "did you mean 0.36?"),
        (BOIN, {"max_n": [Decimal("12.5")]}, "vary, max_n 12.5"),
        (BOIN, {"halfwidth": [Decimal("0.05")]}, "vary: halfwidth"),
        (CRM, {"prior_mtd": [2]}, "prior_mtd alone"),
        (CRM, {"halfwidth": [Decimal("0.4")]}, "halfwidth"),
        (CRM, {"halfwidth": [Decimal("0.05")], "prior_mtd": [7]}, "prior_mtd"),
    ],
)
def test_what_cannot_be_varied_is_refused(data, varied, says):
    """Nothing, too much, no setting, no design."""
    with pytest.raises(Refusal) as refusal:
        candidates(data, 3, varied)

    assert says in str(refusal.value)
