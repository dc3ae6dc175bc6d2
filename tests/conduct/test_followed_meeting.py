"""Dose meetings of designs that decide while participants are in the DLT window."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from trialwright.conduct.acts import DecideDose, RecordDoses
from trialwright.conduct.dose_meeting import prepare
from trialwright.escalation.advice import advise
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.participants import Treated
from trialwright.protocol.escalation_design import RollingSixDesign, TiteBoinDesign
from trialwright.protocol.escalation_models import TiteCrmDesign


def with_design(trial, design):
    """Begin the trial again with another design in arm A."""
    arms = tuple(
        arm.model_copy(update={"escalation": design}) if arm.id == "A" else arm
        for arm in trial.study.arms
    )
    return replace(trial, study=trial.study.model_copy(update={"arms": arms}), records=[])


TITE_BOIN = TiteBoinDesign(
    name="TITE-BOIN",
    target=Decimal("0.3"),
    max_n=24,
    window_days=28,
    pending="effective-number",
    most_pending=Decimal("0.7"),
)
TITE_CRM = TiteCrmDesign(
    name="TITE-CRM",
    target=Decimal("0.3"),
    max_n=24,
    window_days=28,
    skeleton=tuple(map(Decimal, ("0.1", "0.2", "0.3"))),
)


def running(trial, say, design, starts):
    """Let participants begin so many days after the first, and record their first dose alone."""
    other = with_design(trial, design)
    other.do(say.OPENING)
    for number, days in starts.items():
        first = say.FIRST_DOSE + timedelta(days=days)
        other.enrol(number, on=min(first, say.REGISTERED), first_dose=first)
        act = say.doses(other.live, number, on=first)
        other.do(RecordDoses(number, first, act.doses[:1]))
    return other


@pytest.mark.parametrize("design", [TITE_BOIN, TITE_CRM], ids=lambda design: design.name)
def test_follow_up_reaches_the_design_as_it_does_typed_by_hand(trial, say, design):
    """P-1 had a DLT on day 10; on day 21 of the first, P-2 has 20 and P-3 15 of 28 days."""
    tried = running(trial, say, design, {"P-1": 0, "P-2": 0, "P-3": 5})
    tried.do(say.toxicity("P-1", day=10, on=say.FIRST_DOSE + timedelta(days=15)))
    cutoff = say.FIRST_DOSE + timedelta(days=20)

    meeting = prepare(tried.state, "A", cutoff)

    by_hand = [
        Treated(participant="P-1", cohort=1, level=1, standing="evaluable", has_dlt=True,
                dlt_day=10),
        Treated(participant="P-2", cohort=1, level=1, standing="pending", has_dlt=False,
                followed=20),
        Treated(participant="P-3", cohort=1, level=1, standing="pending", has_dlt=False,
                followed=15),
    ]  # fmt: skip
    levels = len(tried.study.required_arm("A").ladder.doses)
    typed = DoseEscalation(design_from(design, levels), window_days=28).decide(by_hand)
    assert meeting.decision.because == typed.because
    assert advise(design_from(design, levels), meeting.data).act == typed.act
    assert meeting.decision.rule != "pending"


def test_tite_boin_counts_part_of_a_window_as_part_of_a_participant(trial, say):
    """1 evaluable with a DLT and 20/28 + 15/28 of a participant: 1/2.25 = 0.4444 leads down.

    Effective number of the paper (doi:10.1158/1078-0432.CCR-18-0246): evaluable plus follow-up of
    those pending in windows. At the lowest level, with two pending, nobody goes lower: wait.
    """
    tried = running(trial, say, TITE_BOIN, {"P-1": 0, "P-2": 0, "P-3": 5})
    tried.do(say.toxicity("P-1", day=10, on=say.FIRST_DOSE + timedelta(days=15)))

    decision = prepare(tried.state, "A", say.FIRST_DOSE + timedelta(days=20)).decision

    assert "1/2.25 effective = 0.4444" in decision.because


def test_a_tite_meeting_escalates_before_the_windows_are_over(trial, say):
    """One evaluable and two with 27 of 28 days: no DLT, escalate; the record keeps the days."""
    tried = running(trial, say, TITE_BOIN, {"P-2": 1, "P-3": 1})
    tried.enrol("P-1")
    tried.treat("P-1")
    on = say.FIRST_DOSE + timedelta(days=28)

    (decided,) = tried.do(DecideDose("A", on, on))

    assert (decided.payload["act"], decided.payload["level"]) == ("escalate", 2)
    followed = {
        each["participant"]: each.get("followed") for each in decided.payload["participants"]
    }
    assert followed == {"P-1": None, "P-2": 27, "P-3": 27}


def test_the_rolling_six_goes_on_while_three_are_pending(trial, say):
    """Fewer than six enrolled and nobody with a DLT: one more at the level, whoever is pending."""
    design = RollingSixDesign(name="rolling-six")
    tried = running(trial, say, design, {"P-1": 0})
    for number in ("P-2", "P-3"):
        (decided,) = tried.do(DecideDose("A", say.FIRST_DOSE, say.FIRST_DOSE))
        tried.enrol(number, on=say.FIRST_DOSE)

        assert (decided.payload["act"], decided.payload["cohort_size"]) == ("stay", 1)
        assert "of six enrolled: one more at this level" in decided.payload["because"]
