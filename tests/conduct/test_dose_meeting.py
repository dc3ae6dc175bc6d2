"""The dose meeting: verdicts become counts, the design decides, the decision can be repeated."""

from datetime import timedelta

import pytest

from trialwright.conduct.acts import Assign, DecideDose, Register
from trialwright.conduct.dlt_statuses import dlt_status
from trialwright.conduct.dose_meeting import prepare
from trialwright.conduct.folding import fold
from trialwright.conduct.registration import open_places
from trialwright.terms.errors import Refusal


def with_dlts(trial, say, dlts, *, numbers=("P-1", "P-2", "P-3"), **when):
    """Complete a cohort in which some had a DLT."""
    trial.complete(*numbers, **when)
    start = when.get("first_dose", say.FIRST_DOSE)
    for number in numbers[:dlts]:
        trial.do(say.toxicity(number, start=start))


@pytest.mark.parametrize(
    ("dlts", "act", "level", "size", "rule"),
    [
        (0, "escalate", 2, 3, "0-of-3"),
        (1, "expand", 1, 3, "1-of-3"),
        (2, "stop", None, 0, "two-dlts"),
        (3, "stop", None, 0, "two-dlts"),
    ],
)
def test_the_first_cohort_decides_by_its_dlts(trial, say, dlts, act, level, size, rule):
    """3+3 at the lowest level (Storer 1989, doi:10.2307/2531693)."""
    with_dlts(trial, say, dlts)

    (decided,) = trial.do(say.meeting())

    payload = decided.payload
    assert (payload["act"], payload["level"], payload["rule"]) == (act, level, rule)
    assert f"{dlts}/3 DLT at dose level 1" in payload["because"]
    cohort = trial.state.cohorts["A"]
    assert (cohort.level, cohort.size, cohort.assigned) == (level, size, ())


def test_a_decision_keeps_what_it_rests_on(trial, say):
    """Counts by level, each participant with the reason, and the cutoff."""
    with_dlts(trial, say, 1)

    (decided,) = trial.do(say.meeting())

    payload = decided.payload
    assert payload["cutoff"] == say.WINDOW_OVER.isoformat()
    assert payload["counts"][0] == {"evaluable": 3, "dlts": 1, "pending": 0}
    assert [each["state"] for each in payload["participants"]] == ["dlt", "evaluable", "evaluable"]
    assert all(each["because"] for each in payload["participants"])


def test_every_recorded_decision_recomputes_to_itself(trial, say):
    """From the ledger up to the entry before it, with the cutoff it stores."""
    with_dlts(trial, say, 1)
    trial.do(say.meeting())
    later = say.WINDOW_OVER + timedelta(days=1)
    with_dlts(trial, say, 0, numbers=("P-4", "P-5", "P-6"), on=later, first_dose=later)
    trial.do(say.meeting("A", later + timedelta(days=28)))
    decisions = [each for each in trial.records if each.happening.act == "dose_decided"]
    assert [each.happening.payload["act"] for each in decisions] == ["expand", "escalate"]

    for record in decisions:
        before = fold(trial.study, trial.records, known_at=record.sequence - 1)
        payload = record.happening.payload
        again = prepare(before, "A", type(record.happening.on).fromisoformat(payload["cutoff"]))

        assert (again.decision.act, again.decision.level) == (payload["act"], payload["level"])
        assert again.decision.because == payload["because"]
        assert [each.evaluable.because for each in again.statuses] == [
            each["because"] for each in payload["participants"]
        ]


@pytest.mark.parametrize("days", [0, 1, 27])
def test_a_meeting_waits_while_the_window_runs(trial, say, days):
    """Day 28 still belongs to the window; whoever is in it is neither 0 nor 1."""
    with_dlts(trial, say, 0)
    on = say.FIRST_DOSE + timedelta(days=days)

    with pytest.raises(Refusal) as refused:
        trial.do(DecideDose("A", say.WINDOW_OVER, on))

    assert "3 still in the DLT window: wait" in refused.value.faults[0].found


def test_a_cohort_with_free_places_is_not_decided(trial, say):
    """Two of three, both evaluable: one more is enrolled first."""
    trial.complete("P-1", "P-2")

    with pytest.raises(Refusal, match="1 more at this level"):
        trial.do(say.meeting())


def test_two_dlts_decide_at_once(trial, say):
    """Nobody is treated further while the third is in the window."""
    for number in ("P-1", "P-2", "P-3"):
        trial.enrol(number)
        trial.treat(number)
    for number in ("P-1", "P-2"):
        trial.do(say.toxicity(number, day=5))
    on = say.FIRST_DOSE + timedelta(days=10)

    (decided,) = trial.do(DecideDose("A", say.WINDOW_OVER, on))

    assert decided.payload["act"] == "stop"
    assert "1 still in the DLT window" in decided.payload["because"]


def test_an_event_without_grade_is_named_before_the_meeting(trial, say):
    """Unknown is never no: somebody must record the grade."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.toxicity("P-3", grade=None))

    with pytest.raises(Refusal) as refused:
        trial.do(say.meeting())

    (fault,) = refused.value.faults
    assert fault.where == "P-3"
    assert "the grade is not recorded" in fault.found


def test_everybody_of_whom_something_is_missing_is_named_at_once(trial, say):
    """Two participants, two faults."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.toxicity("P-1", grade=None))
    trial.do(say.toxicity("P-3", grade=None))

    with pytest.raises(Refusal) as refused:
        prepare(trial.state, "A", say.WINDOW_OVER)

    assert [fault.where for fault in refused.value.faults] == ["P-1", "P-3"]


def test_whoever_is_not_evaluable_is_not_counted(trial, say):
    """20 of 28 doses are under 75 %: replaced, and neither 0 nor 1."""
    trial.complete("P-1", "P-2")
    trial.enrol("P-3")
    trial.treat("P-3", days=20)
    later = say.WINDOW_OVER + timedelta(days=1)
    trial.complete("P-4", on=later, first_dose=later)

    (decided,) = trial.do(say.meeting("A", later + timedelta(days=28)))

    states = {each["participant"]: each["state"] for each in decided.payload["participants"]}
    assert states["P-3"] == "not evaluable"
    assert decided.payload["counts"][0] == {"evaluable": 3, "dlts": 0, "pending": 0}


def test_somebody_replaced_who_had_a_dlt_after_all_blocks_nothing(trial, say):
    """1/4 with no place free: staying at the level is decided, and opens the two that are asked."""
    trial.complete("P-1", "P-2")
    trial.enrol("P-3")
    trial.treat("P-3", days=20)
    later = say.WINDOW_OVER + timedelta(days=1)
    trial.complete("P-4", on=later, first_dose=later)
    trial.do(say.toxicity("P-3"))
    on = later + timedelta(days=28)

    (decided,) = trial.do(say.meeting("A", on))

    assert (decided.payload["act"], decided.payload["level"]) == ("stay", 1)
    assert decided.payload["counts"][0] == {"evaluable": 4, "dlts": 1, "pending": 0}
    assert open_places(trial.state, "A", on) == 2


def test_nobody_is_assigned_to_a_level_that_two_dlts_have_closed(trial, say):
    """The third place is free, and is not filled before the dose meeting."""
    for number in ("P-1", "P-2"):
        trial.enrol(number)
        trial.treat(number)
        trial.do(say.toxicity(number, day=5))
    trial.screen("P-3")
    trial.do(Register("P-3", "A", say.REGISTERED, say.FIRST_DOSE))

    with pytest.raises(Refusal) as refused:
        trial.do(Assign("P-3", say.FIRST_DOSE + timedelta(days=6)))

    (fault,) = refused.value.faults
    assert fault.where == "arm A"
    assert "2/2 DLT at dose level 1" in fault.found
    assert fault.do == "Hold the dose meeting first"


@pytest.fixture
def escalated(trial, say):
    """Give a trial that escalated to level 2 after 0/3, with one participant waiting for it."""
    with_dlts(trial, say, 0)
    trial.do(say.meeting())
    trial.screen("P-4")
    trial.do(Register("P-4", "A", say.WINDOW_OVER, say.WINDOW_OVER))
    trial.do(say.toxicity("P-2"))
    return trial


def test_a_late_dlt_at_a_level_already_left_is_told_by_name(escalated, say):
    """The refusal names participant, level, how it was counted then, and how now."""
    with pytest.raises(Refusal) as refused:
        escalated.do(say.meeting())

    first, *design = refused.value.faults
    assert first.where == "P-2, dose level 1"
    assert "counted as evaluable in the dose decision of 2026-03-09, and now dlt" in first.found
    assert "people decide" in first.do
    assert "left upward with 1/3 DLT at dose level 1" in design[0].found


def test_nobody_is_assigned_on_top_of_a_late_dlt(escalated, say):
    """The places opened by a decision that no longer holds are not filled silently."""
    with pytest.raises(Refusal) as refused:
        escalated.do(Assign("P-4", say.WINDOW_OVER))

    assert refused.value.faults[0].where == "P-2, dose level 1"


def test_the_decision_taken_before_the_late_dlt_still_recomputes(escalated, say):
    """What was known then decides then; the later entry changes no earlier view."""
    record = next(each for each in escalated.records if each.happening.act == "dose_decided")

    before = fold(escalated.study, escalated.records, known_at=record.sequence - 1)

    assert prepare(before, "A", say.WINDOW_OVER).decision.act == "escalate"


def test_a_late_dlt_after_the_end_of_the_escalation_is_told_by_name(trial, say):
    """The estimate of the MTD was made without it."""
    with_dlts(trial, say, 2)
    trial.do(say.meeting())
    trial.do(say.toxicity("P-3"))

    with pytest.raises(Refusal) as refused:
        trial.do(say.meeting())

    assert [fault.where for fault in refused.value.faults] == ["P-3, dose level 1", "arm A"]
    assert "stop" in refused.value.faults[1].found


def test_a_change_that_the_design_allows_blocks_nobody(trial, say):
    """0/6 that becomes 1/6 is still cleared; the next meeting counts it."""
    with_dlts(trial, say, 1)
    trial.do(say.meeting())
    later = say.WINDOW_OVER + timedelta(days=1)
    numbers = ("P-4", "P-5", "P-6")
    with_dlts(trial, say, 0, numbers=numbers, on=later, first_dose=later)
    decided_on = later + timedelta(days=28)
    trial.do(say.meeting("A", decided_on))
    trial.screen("P-7")
    trial.do(Register("P-7", "A", decided_on, decided_on))

    trial.do(Assign("P-7", decided_on))

    assert trial.state.cohorts["A"].assigned == ("P-7",)


def test_a_decision_is_not_dated_before_the_one_it_follows(trial, say):
    """Otherwise a view of the day between would skip a cohort."""
    with_dlts(trial, say, 0)
    trial.do(say.meeting())

    with pytest.raises(Refusal, match="before the decision of 2026-03-09"):
        trial.do(say.meeting("A", say.WINDOW_OVER - timedelta(days=1)))


def test_a_first_dose_of_the_anchor_agent_in_a_later_cycle_opens_the_window_there(trial, say):
    """Fulvestrant on time and ipatasertib two cycles later: the window is planned from there."""
    trial.enrol("P-1")
    late = say.FIRST_DOSE + timedelta(days=60)
    source = say.doses(trial.live, "P-1").doses[0]
    first = type(source)("fulvestrant", say.FIRST_DOSE, _mg(500), "given", source.source)
    then = type(source)("ipatasertib", late, _mg(200), "given", source.source)
    trial.do(type(say.doses(trial.live, "P-1"))("P-1", late, (first, then)))

    status = dlt_status(trial.state, trial.state.participants["P-1"], late)

    assert status.evaluable.state == "pending"
    assert status.evaluable.planned == 28


def _mg(amount):
    """Give a dose in mg."""
    from decimal import Decimal

    from trialwright.terms.quantities import Quantity

    return Quantity(Decimal(amount), "mg")
