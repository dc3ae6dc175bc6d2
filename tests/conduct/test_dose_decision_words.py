"""Dose decisions and the RP2D, word for word: what people decide, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.dose_decision_acts import ChooseRp2d, Override
from trialwright.protocol.dose_decision_settings import DoseDecisionSettings
from trialwright.terms.errors import Fault, Refusal

DAY = timedelta(days=1)


@pytest.fixture
def met(trial):
    """Give a trial whose first cohort is complete without a DLT: 3+3 escalates to level 2."""
    trial.complete("P-1", "P-2", "P-3")
    return trial


def _faults(trial, act):
    """Give the faults for which an act is refused."""
    with pytest.raises(Refusal) as refused:
        trial.do(act)
    return list(refused.value.faults)


def _overriding(say, level, size=3, reason="two late events"):
    """Give a dose meeting of arm A that decides otherwise."""
    return DecideDose("A", say.WINDOW_OVER, say.WINDOW_OVER, Override(level, size, reason))


def test_what_people_decide_is_told_beside_the_advice(met, say):
    """To stay, or to end the escalation; each with what the design advised, and why."""
    (stay,) = met.do(_overriding(say, 1))
    advice = stay.payload["advice"]

    assert stay.payload["because"] == (
        "dose level 1 for 3, decided by people; advised was escalate at dose level 2: "
        + advice["because"]
    )
    assert (stay.payload["act"], stay.payload["cohort_size"], stay.payload["mtd"]) == (
        "stay", 3, None)  # fmt: skip


def test_the_end_of_the_escalation_is_told_beside_the_advice(met, say):
    """Level and size are none; the advice stands whole beside it."""
    (done,) = met.do(_overriding(say, None, 0))

    assert done.payload["because"] == (
        "the escalation ends, decided by people; advised was escalate at dose level 2: "
        + done.payload["advice"]["because"]
    )
    assert (done.payload["act"], done.payload["level"], done.payload["rule"]) == (
        "stop", None, "people")  # fmt: skip


def test_to_go_on_where_the_design_stops_is_told(study, say):
    """Two DLTs at the lowest level end the escalation; a protocol may let people stay there."""
    settings = DoseDecisionSettings(above_admissible=True)
    trial = say.empty(study.model_copy(update={"dose_decisions": settings}))
    trial.do(say.OPENING)
    trial.complete("P-1", "P-2", "P-3")
    for number in ("P-1", "P-2"):
        trial.do(say.toxicity(number))

    (done,) = trial.do(_overriding(say, 1, reason="both after an overdose"))

    advice = done.payload["advice"]
    assert (advice["act"], advice["level"]) == ("stop", None)
    assert done.payload["because"] == (
        f"dose level 1 for 3, decided by people; advised was to stop: {advice['because']}"
    )


def test_each_participant_stands_in_the_decision(met, say):
    """Number, level, state and reason; who is in the window with the days followed."""
    (done,) = met.do(say.meeting())

    assert [(each["participant"], each["dose_level"]) for each in done.payload["participants"]] == [
        ("P-1", 1), ("P-2", 1), ("P-3", 1)]  # fmt: skip
    assert {each["state"] for each in done.payload["participants"]} == {"evaluable"}
    assert all(
        set(each) == {"participant", "dose_level", "state", "because"}
        for each in done.payload["participants"]
    )
    assert (done.payload["arm"], done.payload["cutoff"]) == ("A", say.WINDOW_OVER.isoformat())
    assert done.payload["counts"][0] == {"evaluable": 3, "dlts": 0, "pending": 0}


def test_a_size_that_no_cohort_has_is_told_its_limits(met, say):
    """From one to the participants of the trial; none where the escalation ends."""
    most = met.study.sample_size.participants

    assert _faults(met, _overriding(say, 1, 0)) == [
        Fault("cohort_size", "0", f"1-{most}", "Correct it")
    ]
    assert _faults(met, _overriding(say, 1, most + 1)) == [
        Fault("cohort_size", f"{most + 1}", f"1-{most}", "Correct it")
    ]
    assert _faults(met, _overriding(say, None, 1)) == [
        Fault("cohort_size", "1", "0 when the escalation ends", "Correct it")
    ]
    (done,) = met.do(_overriding(say, 1, most))
    assert done.payload["cohort_size"] == most


def test_the_days_of_a_meeting_are_told(met, say):
    """A cutoff after the meeting, a meeting before the last one, and somebody unknown."""
    after = DecideDose("A", say.WINDOW_OVER, say.WINDOW_OVER + DAY)
    assert _faults(met, after) == [
        Fault("cutoff", "2026-03-10", "2026-03-09 or earlier",
              "Cut off the data by the day of the meeting")
    ]  # fmt: skip
    assert _faults(met, replace(say.meeting(), attended=("nobody",))) == [
        Fault("attended.0", "an account of which no person is known",
              "accounts of the delegation log",
              "Name who attended without an account in the minutes")
    ]  # fmt: skip
    met.do(say.meeting())
    before = DecideDose("A", say.WINDOW_OVER - DAY, say.WINDOW_OVER - DAY)
    assert _faults(met, before)[0] == Fault(
        "on",
        "2026-03-08, before the decision of 2026-03-09",
        "the day of the last decision or later",
        "Correct the day",
    )


def test_an_rp2d_that_cannot_be_chosen_is_told_every_reason(met, say):
    """The escalation goes on, nobody was treated at that level, and no reason is given."""
    because = met.live.cohorts["A"].because

    assert _faults(met, ChooseRp2d("A", 2, say.WINDOW_OVER, " ")) == [
        Fault("arm A", because, "an escalation that has ended", "Hold the last dose meeting first"),
        Fault("level", "dose level 2", "1", "Choose a level that was treated, not above the MTD"),
        Fault("reason", "no reason", "a reason", "Say why this level"),
    ]


def test_an_rp2d_before_the_last_decision_is_told_its_day(met, say):
    """On the day of that decision it may be chosen."""
    met.do(_overriding(say, None, 0))

    assert _faults(met, ChooseRp2d("A", 1, say.WINDOW_OVER - DAY, "tolerated")) == [
        Fault("on", "2026-03-08", "2026-03-09 or later", "Correct the day")
    ]
    (done,) = met.do(ChooseRp2d("A", 1, say.WINDOW_OVER, " tolerated "))
    assert (done.act, done.subject, done.payload, done.reason) == (
        "rp2d_chosen", "arm-A", {"arm": "A", "level": 1, "mtd": None}, "tolerated")  # fmt: skip
