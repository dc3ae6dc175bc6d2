"""Where two agents, backfill or shared arms refuse the data, people decide as for any design.

Seven participants are more than the six of each design: a meeting went on with four by hand.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.conduct.overseeing import deciding
from tests.conduct.test_sharing_meeting import blrm, sharing_study

from trialwright.conduct.acts import Assign, DecideDose, Register
from trialwright.conduct.backfilling import levels_open
from trialwright.conduct.recomputing import recompute
from trialwright.protocol.escalation_design import BoinCombinationsDesign, BoinDesign
from trialwright.protocol.escalation_settings import Backfilling
from trialwright.terms.errors import Refusal

TARGET = Decimal("0.3")


def with_design(study, design):
    """Give a protocol whose arm A has another design."""
    arms = tuple(
        arm.model_copy(update={"escalation": design}) if arm.id == "A" else arm
        for arm in study.arms
    )
    return study.model_copy(update={"arms": arms})


def of_two_agents(study):
    """Give arm A a grid of three doses of one agent and one of the other."""
    return with_design(
        study, BoinCombinationsDesign(
            name="BOIN-combinations", rows=3, columns=1, target=TARGET, max_n=6
        )
    )  # fmt: skip


def backfilled(study):
    """Give arm A a BOIN with lower levels kept open."""
    around = Backfilling(cap=9, needs_response=False)
    return with_design(study, BoinDesign(name="BOIN", target=TARGET, max_n=6, backfill=around))


def shared(study):
    """Let arms A and B share."""
    study = sharing_study(study)
    ladder = study.required_arm("A").ladder.doses
    return with_design(study, blrm(ladder).model_copy(update={"max_n": 6}))


@pytest.fixture(params=[of_two_agents, backfilled, shared], ids=lambda each: each.__name__)
def seven(request, study, say):
    """Give a trial with 0/7 at the lowest level, and the day of its meeting."""
    trial = say.empty(request.param(study))
    trial.do(say.OPENING)
    trial.complete("P-1", "P-2", "P-3")
    trial.do(deciding(say.WINDOW_OVER, 1, 4))
    later = say.WINDOW_OVER + timedelta(days=1)
    trial.complete("P-4", "P-5", "P-6", "P-7", on=later, first_dose=later)
    return trial, later + timedelta(days=28)


def test_the_refusal_stands_in_the_record_and_people_go_on(seven):
    """One step above the level tried; taken again it is the same."""
    trial, on = seven
    with pytest.raises(Refusal, match="7 participants"):
        trial.do(DecideDose("A", on, on))

    (done,) = trial.do(deciding(on, 2))

    advice = done.payload["advice"]
    assert (advice["act"], advice["rule"], advice["highest_admissible"]) == (
        "no advice", "refused", 2
    )  # fmt: skip
    assert "7 participants" in advice["because"]
    assert (done.payload["act"], done.payload["rule"]) == ("escalate", "people")
    assert recompute(trial.study, trial.records, trial.records[-1].sequence).is_equal


def test_the_cohort_that_people_opened_takes_participants(seven):
    """Although the design does not know the state."""
    trial, on = seven
    trial.do(deciding(on, 2))
    trial.screen("P-8")
    trial.do(Register("P-8", "A", on, on))

    trial.do(Assign("P-8", on))

    assert trial.live.participants["P-8"].dose_level == 2


@pytest.mark.parametrize("level", [0, 3, 99])
def test_a_level_off_the_ladder_or_two_steps_up_is_refused(seven, level):
    """Nothing is recorded."""
    trial, on = seven
    before = len(trial.records)

    with pytest.raises(Refusal) as refused:
        trial.do(deciding(on, level))

    assert [each.where for each in refused.value.faults] == ["level"]
    assert len(trial.records) == before


def test_nobody_is_backfilled_without_advice(study, say):
    """The rule that says which level is open is asked of the same counts, and refuses them."""
    trial = say.empty(backfilled(study))
    trial.do(say.OPENING)
    trial.complete("P-1", "P-2", "P-3")
    trial.do(deciding(say.WINDOW_OVER, 1, 4))
    later = say.WINDOW_OVER + timedelta(days=1)
    trial.complete("P-4", "P-5", "P-6", "P-7", on=later, first_dose=later)

    with pytest.raises(Refusal, match="7 participants"):
        levels_open(trial.live, "A", later)
