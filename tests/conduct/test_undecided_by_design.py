"""Where the design refuses the data people decide without its advice."""

from datetime import timedelta

import pytest
from tests.conduct.overseeing import deciding

from trialwright.conduct.acts import Assign, DecideDose, Register
from trialwright.conduct.recomputing import recompute
from trialwright.protocol.dose_decision_settings import DoseDecisionSettings
from trialwright.terms.errors import Refusal


@pytest.fixture
def seven(trial, say):
    """Give a trial with 0/7 at level 1, for which a 3+3 has no rule, and the day of its meeting."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(deciding(say.WINDOW_OVER, 1, 4))
    later = say.WINDOW_OVER + timedelta(days=1)
    trial.complete("P-4", "P-5", "P-6", "P-7", on=later, first_dose=later)
    return trial, later + timedelta(days=28)


def test_a_tally_without_a_rule_is_decided_by_people(seven):
    """No advice is recorded with the words of the refusal; cutoff and inputs are frozen."""
    trial, on = seven
    with pytest.raises(Refusal) as refused:
        trial.do(DecideDose("A", on, on))

    (done,) = trial.do(deciding(on, 2))

    told = done.payload
    assert (told["act"], told["level"], told["rule"]) == ("escalate", 2, "people")
    assert told["advice"] == {
        "act": "no advice", "level": None, "highest_admissible": 2, "cohort_size": 0,
        "mtd": None, "rule": "refused", "because": "; ".join(map(str, refused.value.faults)),
    }  # fmt: skip
    assert told["cutoff"] == on.isoformat()
    assert told["counts"][0] == {"evaluable": 7, "dlts": 0, "pending": 0}
    assert len(told["inputs"]["design_digest"]) == len(told["inputs"]["data_digest"]) == 64
    assert (done.reason, told["minutes"]) == ("seen by all", "Discussed.")
    assert "no advice: " in told["because"]
    assert trial.live.cohorts["A"].level == 2


def test_it_is_taken_again_equal(seven):
    """What was known then gives the same record."""
    trial, on = seven
    trial.do(deciding(on, 2))

    again = recompute(trial.study, trial.records, trial.records[-1].sequence)

    assert again.is_equal, again


def test_the_cohort_that_people_opened_takes_participants(seven):
    """The design, which does not know the state, does not shut what people opened."""
    trial, on = seven
    trial.do(deciding(on, 2))
    trial.screen("P-8")
    trial.do(Register("P-8", "A", on, on))

    trial.do(Assign("P-8", on))

    assert trial.live.cohorts["A"].assigned == ("P-8",)


@pytest.mark.parametrize(
    ("level", "size", "reason", "where"),
    [(3, 3, "why", "level"), (99, 3, "why", "level"), (0, 3, "why", "level"),
     (2, 3, " ", "reason"), (2, 0, "why", "cohort_size")],
)  # fmt: skip
def test_what_is_off_the_ladder_skips_or_has_no_reason_is_refused(
    seven, level, size, reason, where
):
    """Without advice the limits that are not the design's hold."""
    trial, on = seven
    before = len(trial.records)

    with pytest.raises(Refusal) as refused:
        trial.do(deciding(on, level, size, reason))

    assert [each.where for each in refused.value.faults] == [where]
    assert len(trial.records) == before


def test_nothing_is_decided_after_the_end(seven):
    """Without advice an escalation can be ended; then nothing is to decide."""
    trial, on = seven
    trial.do(deciding(on, None, 0))

    with pytest.raises(Refusal, match="Nothing is to decide"):
        trial.do(deciding(on, 1))


def test_a_late_dlt_below_is_decided_upon_by_people(trial, say):
    """The participant whose count has changed stands in the reason; the level may be left."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.meeting())
    trial.do(say.toxicity("P-2"))

    (done,) = trial.do(deciding(say.WINDOW_OVER, 1))

    assert "P-2, dose level 1" in done.payload["advice"]["because"]
    assert (done.payload["act"], trial.live.cohorts["A"].level) == ("de-escalate", 1)


def test_a_level_that_people_went_up_to_by_two_steps_takes_participants(study, say):
    """It is untried and not closed: only DLTs shut what a protocol lets people open."""
    freed = study.model_copy(update={"dose_decisions": DoseDecisionSettings(above_admissible=True)})
    trial, on = say.empty(freed), say.WINDOW_OVER
    trial.do(say.OPENING)
    trial.complete("P-1", "P-2", "P-3")
    trial.do(deciding(on, 3))
    trial.screen("P-8")
    trial.do(Register("P-8", "A", on, on))

    trial.do(Assign("P-8", on))

    assert trial.live.cohorts["A"].assigned == ("P-8",)
