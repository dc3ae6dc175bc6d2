"""A second cycle that toxicity delays, in the dose meeting: planned for day 29, 7 days allowed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.conduct.clinical_story import CHART

from trialwright.casebook.course import CycleDelay
from trialwright.conduct.acts import RecordDoses
from trialwright.conduct.clinical_acts import DelayCycle
from trialwright.conduct.dlt_statuses import dlt_status
from trialwright.protocol.course_settings import HoldRule
from trialwright.protocol.dlt_definition import DelayedStart
from trialwright.terms.verdicts import Answer


@pytest.fixture
def study(study):
    """Give the protocol with a rule on the second cycle."""
    late = DelayedStart(id="late-cycle", says="Cycle 2 more than 7 days late", most_days_late=7)
    return study.model_copy(update={"dlt": study.dlt.model_copy(update={"delayed_start": late})})


def judged(trial, number, cutoff):
    """Give where somebody stands."""
    return dlt_status(trial.state, trial.state.participants[number], cutoff)


def test_a_cycle_delayed_by_toxicity_is_a_dlt_on_the_last_day_of_the_window(trial, say):
    """Eight days late, recorded before they passed."""
    trial.complete("P-1")
    begins = say.FIRST_DOSE + timedelta(days=36)
    entry = CycleDelay(2, begins, "toxicity", CHART)
    trial.do(DelayCycle("P-1", say.WINDOW_OVER, entry))

    found = judged(trial, "P-1", begins)

    assert found.evaluable.state == "dlt"
    assert found.dlt_day == 28
    assert "begins 8 days late, because of toxicity" in found.evaluable.because


@pytest.mark.parametrize(
    ("cause", "days", "answer"),
    [("logistics", 36, Answer.NOT_MET), ("toxicity", 35, Answer.NOT_MET)],
)
def test_another_cause_or_a_shorter_delay_is_none(trial, say, cause, days, answer):
    """Seven days late are allowed."""
    trial.complete("P-1")
    begins = say.FIRST_DOSE + timedelta(days=days)
    trial.do(DelayCycle("P-1", say.WINDOW_OVER, CycleDelay(2, begins, cause, CHART)))

    assert judged(trial, "P-1", begins).verdicts[-1].answer is answer


def test_without_a_record_of_the_second_cycle_the_answer_is_open(trial, say):
    """Pending for seven days, then unknown: the meeting asks for the first day of cycle 2."""
    trial.complete("P-1")

    early = judged(trial, "P-1", say.WINDOW_OVER + timedelta(days=7))
    late = judged(trial, "P-1", say.WINDOW_OVER + timedelta(days=8))

    assert early.evaluable.state == "evaluable"
    assert late.evaluable.state == "unknown"
    assert "no beginning is recorded" in late.evaluable.because


@pytest.mark.parametrize(
    ("doses", "told"),
    [(2, "began on 2026-03-14, 5 days late"), (1, "no beginning is recorded")],
)
def test_a_dose_made_up_after_a_hold_is_of_the_cycle_before(study, say, doses, told):
    """Five days held are made up on days 29 to 33: cycle 2 begins with the dose of day 34."""
    held = study.course.model_copy(
        update={"holds_move_cycles": HoldRule(held_days_of=("ipatasertib",))}
    )
    trial = say.empty(study.model_copy(update={"course": held}))
    trial.do(say.OPENING)
    trial.enrol("P-1")
    trial.treat("P-1", days=23)  # days 24 to 28 held
    taken = trial.live.participants["P-1"].doses[0]
    later = tuple(replace(taken, on=say.FIRST_DOSE + timedelta(days=day)) for day in (28, 33))
    trial.do(RecordDoses("P-1", say.WINDOW_OVER + timedelta(days=9), later[:doses]))

    found = judged(trial, "P-1", say.WINDOW_OVER + timedelta(days=9))

    assert told in found.verdicts[-1].because


def test_before_the_first_dose_no_cycle_is_judged(trial, say):
    """Nothing is planned from a dose that was not taken."""
    trial.complete("P-1")

    assert judged(trial, "P-1", say.FIRST_DOSE - timedelta(days=1)).verdicts == ()
