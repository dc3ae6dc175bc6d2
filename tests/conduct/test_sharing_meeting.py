"""Dose meetings of arms that share information."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trialwright.assembly.designs import design_of
from trialwright.assembly.next_dose import from_data
from trialwright.conduct.dose_meeting import design_at, prepare
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.observed import observed
from trialwright.escalation.sharing import sharing_arm
from trialwright.protocol.escalation_models import BlrmDesign
from trialwright.protocol.reading import read_study
from trialwright.protocol.sharing import ExchangePrior, Sharing
from trialwright.protocol.writing import write_study
from trialwright.terms.errors import Refusal


def prior(mean, sd):
    """Give a prior over exchangeable arms."""
    return ExchangePrior(
        mean=Decimal(mean), sd=Decimal(sd), spread=Decimal("0.25"), spread_log_sd=Decimal("0.25")
    )


def sharing_study(study):
    """Give a protocol whose arms A and B share."""
    arms = tuple(
        arm.model_copy(update={"escalation": blrm(arm.ladder.doses)}) if arm.id in "AB" else arm
        for arm in study.arms
    )
    group = Sharing(
        origin="not_in_registry",
        arms=("A", "B"),
        weights=(Decimal("0.9"), Decimal("0.9")),
        intercept=prior("-1.1", "1"),
        log_slope=prior("0", "0.5"),
    )
    return study.model_copy(update={"arms": arms, "sharing": (group,)})


def blrm(doses):
    """Give a BLRM for a ladder."""
    return BlrmDesign(
        name="BLRM",
        origin="not_in_registry",
        doses=tuple(doses),
        reference_dose=Decimal(300),
        prior_mean=(Decimal("-1.1"), Decimal(0)),
        prior_sd=(Decimal("1.5"), Decimal("0.7")),
        target_low=Decimal("0.16"),
        target_high=Decimal("0.33"),
        max_n=24,
    )


def test_the_meeting_of_a_ledger_decides_as_the_data_typed_by_hand(trial, say):
    """0/3 in arm A and 2/3 in arm B, from records and as counts."""
    shared = replace(trial, study=sharing_study(trial.study), records=[])
    shared.do(say.OPENING)
    shared.complete("P-1", "P-2", "P-3")
    for number in ("P-4", "P-5", "P-6"):
        shared.enrol(number, "B", {"aromatase-inhibitor-daily": "letrozole"})
        shared.treat(number)
    for number in ("P-4", "P-5"):
        shared.do(say.toxicity(number))

    decision = prepare(shared.state, "A", say.WINDOW_OVER).decision

    levels = len(shared.study.required_arm("B").ladder.doses)
    in_b = [LevelCount(3, 2), *[LevelCount(0, 0)] * (levels - 1)]
    typed = sharing_arm(shared.study, "A", {"B": in_b})
    in_a = observed("1NNN", typed.levels, 1)
    assert decision == typed.next_dose(in_a.seen, 1)
    assert design_at(shared.state, "A", say.WINDOW_OVER) == typed
    assert "arm B 2/3 DLT" in decision.because


@pytest.fixture
def file(protocol, tmp_path):
    """Give a protocol file whose arms A and B share."""
    path = tmp_path / "sharing.yaml"
    path.write_text(write_study(sharing_study(protocol)), encoding="utf-8")
    return path


def test_a_protocol_that_shares_survives_the_way_into_a_file_and_back(protocol, file):
    """Arms, weights and priors; the label stays."""
    again = read_study(file.read_text(encoding="utf-8")).study

    assert again == sharing_study(protocol)
    assert again.sharing[0].label


def test_next_dose_takes_the_data_of_the_other_arms(file):
    """Without them it says whose are missing; operating characteristics are refused."""
    asked = from_data(str(file), "A", "1NNN", {"B": "1NTT"})

    assert "arm B 2/3 DLT" in asked.advice.because
    with pytest.raises(Refusal, match="arm B"):
        from_data(str(file), "A", "1NNN")
    with pytest.raises(Refusal, match="design file"):
        design_of(str(file), "A")
