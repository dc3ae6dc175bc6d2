"""Arms that share information: what follows for one from the data of the others."""

from decimal import Decimal

import pytest

from trialwright.assembly.protocols import shipped
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.sharing import check, sharing_arm
from trialwright.protocol.escalation_models import BlrmDesign
from trialwright.protocol.sharing import ExchangePrior, Sharing
from trialwright.terms.errors import Refusal

PRIOR = ExchangePrior(
    mean=Decimal("-1.1"), sd=Decimal(1), spread=Decimal("0.25"), spread_log_sd=Decimal("0.25")
)
SLOPE = ExchangePrior(
    mean=Decimal(0), sd=Decimal("0.5"), spread=Decimal("0.25"), spread_log_sd=Decimal("0.25")
)


def blrm(doses):
    """Give a BLRM for a ladder."""
    return BlrmDesign(
        name="BLRM",
        doses=tuple(doses),
        reference_dose=Decimal(300),
        prior_mean=(Decimal("-1.1"), Decimal(0)),
        prior_sd=(Decimal("1.5"), Decimal("0.7")),
        target_low=Decimal("0.16"),
        target_high=Decimal("0.33"),
        max_n=24,
    )


def study_with(weight="0.5", arms=("A", "B"), **changes):
    """Give the shipped protocol with a BLRM in arms A and B, which share."""
    study = shipped("nct03959891").study
    made = tuple(
        arm.model_copy(update={"escalation": blrm(arm.ladder.doses)}) if arm.id in "AB" else arm
        for arm in study.arms
    )
    group = Sharing(
        arms=arms,
        weights=(Decimal(weight),) * len(arms),
        intercept=PRIOR,
        log_slope=SLOPE,
    ).model_copy(update=changes)
    return study.model_copy(update={"arms": made, "sharing": (group,)})


def counts(study, arm, *pairs):
    """Give counts of an arm, nobody above the pairs."""
    levels = len(study.required_arm(arm).ladder.doses)
    return [LevelCount(*pair) for pair in pairs] + [LevelCount(0, 0)] * (levels - len(pairs))


def test_an_arm_that_is_never_exchangeable_decides_as_by_itself():
    """With the weight 0 nothing of the other arm matters, be it ever so toxic."""
    study = study_with("0")
    seen, other = counts(study, "A", (3, 0)), counts(study, "B", (3, 3))
    arm = study.required_arm("A")

    shared = sharing_arm(study, "A", {"B": other}).next_dose(seen, 1)
    alone = design_from(arm.escalation, len(arm.ladder.doses)).next_dose(seen, 1)

    assert (shared.act, shared.level) == (alone.act, alone.level)
    assert shared.because.startswith(alone.because.partition(" (BLRM")[0])
    assert "arm A is exchangeable with probability 0.0000" in shared.because


def test_dlts_in_another_arm_hold_an_arm_back():
    """0/3 in arm A: up when nobody had a DLT in arm B, not when all had."""
    study = study_with("0.9")
    seen = counts(study, "A", (3, 0))

    calm = sharing_arm(study, "A", {"B": counts(study, "B", (6, 0))}).next_dose(seen, 1)
    toxic = sharing_arm(study, "A", {"B": counts(study, "B", (6, 6))}).next_dose(seen, 1)

    assert (calm.act, calm.level) == ("escalate", 2)
    assert toxic.act in ("stay", "stop")
    assert "arm B 6/6 DLT" in toxic.because
    assert "sharing with B" in toxic.because


def test_whoever_is_pending_in_another_arm_is_not_waited_for():
    """Only evaluable participants of arm B count."""
    study = study_with()
    seen = counts(study, "A", (3, 0))

    running = sharing_arm(study, "A", {"B": counts(study, "B", (3, 0, 3))}).next_dose(seen, 1)
    known = sharing_arm(study, "A", {"B": counts(study, "B", (3, 0))}).next_dose(seen, 1)

    assert running == known


@pytest.mark.parametrize(
    ("study", "wrong"),
    [
        (study_with(arms=("A", "Z")), "sharing.0.arms.1"),
        (study_with(arms=("A", "C")), "sharing.0.arms.1"),
        (study_with(arms=("A", "A")), "sharing.0.arms.0"),
        (study_with(weights=(Decimal("0.5"),)), "sharing.0.weights"),
    ],
)
def test_a_group_that_cannot_share_is_named(study, wrong):
    """An arm that is not there, has no BLRM or is named twice; a weight too few."""
    assert wrong in [fault.where for fault in check(study)]


def test_a_group_that_can_share_has_no_faults():
    """Two arms with a BLRM around one reference dose."""
    assert check(study_with()) == ()


@pytest.mark.parametrize("seen", [{}, {"B": [LevelCount(0, 0)]}, {"B": [], "C": []}])
def test_counts_of_every_other_arm_are_asked_for(seen):
    """None is taken for granted."""
    with pytest.raises(Refusal):
        sharing_arm(study_with(), "A", seen)
