"""Where a cohort stands, what people change about it, DLT windows, and when a place is free."""

from datetime import date

import pytest
from tests.conduct.slot_trials import (
    DAY,
    ask,
    later,
    link,
    opened,
    register,
    reserve,
    treat,
)

from trialwright.conduct.acts import Assign, Redact, Register
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.cohort_state import standing
from trialwright.conduct.slot_acts import ReserveSlot
from trialwright.conduct.slot_board import board
from trialwright.conduct.slot_holding import held_until, places
from trialwright.conduct.slot_queue import wait_list
from trialwright.terms.errors import Refusal


@pytest.fixture
def trial(say, study):
    """Give an open trial in which the first who comes is next."""
    return opened(say, study)


def state(trial, on=DAY):
    """Say where the open cohort of arm A stands."""
    return standing(trial.live, "A", on).state


def forecast(trial, on=DAY):
    """Give the forecast for arm A."""
    return board(trial.live, on).arms[0].forecast


def columns(trial, on):
    """Say where each dose level of arm A stands."""
    return [each.state for each in board(trial.live, on).arms[0].levels]


def refused(trial, act):
    """Give the faults of an act that is refused."""
    records = len(trial.records)
    with pytest.raises(Refusal) as why:
        trial.do(act)
    assert len(trial.records) == records
    return why.value.faults


def test_a_cohort_from_open_to_decided(trial, say):
    """Every state that the places and windows alone bring about, in order."""
    seen = [state(trial)]
    for number in range(1, 4):
        register(trial, f"P-{number}")
    ask(trial, "P-1", "P-2", "P-3")
    reserve(trial, "P-1", "P-2", "P-3")
    seen.append(state(trial))
    for number in range(1, 4):
        trial.do(Assign(f"P-{number}", DAY))
    seen.append(state(trial))
    for number in range(1, 4):
        trial.do(say.doses(trial.live, f"P-{number}"))
    seen += [state(trial, later(27)), state(trial, later(28))]
    assert columns(trial, later(28)) == ["in review", "planned", "planned"]

    trial.do(say.meeting("A", later(28)))

    assert seen == ["open", "full", "full", "observing", "in review"]
    assert columns(trial, later(28)) == ["decided", "open", "planned"]
    first, second, _ = board(trial.live, later(28)).arms[0].levels
    assert first.because.startswith("escalate on 2026-03-02: 0/3 DLT at dose level 1")
    assert [each.state for each in second.slots] == ["free", "free", "free"]
    assert trial.live.cohorts["A"].number == 2


def test_two_dlts_put_a_cohort_in_review_while_a_place_is_free(trial, say):
    """Two of two: nobody more is let in before the dose meeting, and then the arm is closed."""
    for number in (1, 2):
        register(trial, f"P-{number}")
        treat(trial, say, f"P-{number}", outcome="dlt")
    ask(trial, "request-1", on=later(10))
    assert state(trial, later(10)) == "in review"
    (fault,) = refused(trial, ReserveSlot("request-1", later(10)))
    assert fault.do == "Hold the dose meeting first"

    trial.do(say.meeting("A", later(28)))

    assert columns(trial, later(28)) == ["decided", "closed", "closed"]
    assert state(trial, later(28)) == "closed"
    assert forecast(trial, later(28)).on is None


def test_a_place_held_when_the_design_closes_the_level_goes_back_to_the_list(trial, say):
    """At level 2 with one place held, two DLTs: the request waits at its old place."""
    for number in range(1, 4):
        register(trial, f"P-{number}")
        treat(trial, say, f"P-{number}")
    trial.do(say.meeting("A", later(28)))
    for number in (4, 5):
        register(trial, f"P-{number}", on=later(28))
        trial.do(Assign(f"P-{number}", later(28)))
    ask(trial, "request-1", "request-2", on=later(40))
    reserve(trial, "request-1", on=later(40))
    for number in (4, 5):
        trial.do(say.doses(trial.live, f"P-{number}"))
        trial.do(say.toxicity(f"P-{number}", start=later(28), on=later(50)))
    assert [each.request.reference for each in wait_list(trial.live, "A", later(50))] == [
        "request-2"
    ]

    trial.do(say.meeting("A", later(50)))

    line = [each.request.reference for each in wait_list(trial.live, "A", later(50))]
    assert line == ["request-1", "request-2"]
    assert places(trial.live, "A", later(50)).held == ()
    assert columns(trial, later(50)) == ["open", "decided", "planned"]
    reserve(trial, "request-1", on=later(50))
    assert [each.reference for each in places(trial.live, "A", later(64)).held] == ["request-1"]


OPEN, HOLD = OpenCohort("A", DAY, "why"), HoldCohort("A", DAY, "why")
RESUME, CLOSE = ResumeCohort("A", DAY, "why"), CloseCohort("A", DAY, "why")
TABLE = [
    ((), HOLD, "on hold"), ((), CLOSE, "closed"), ((), OPEN, None), ((), RESUME, None),
    ((HOLD,), RESUME, "open"), ((HOLD,), CLOSE, "closed"), ((HOLD,), OPEN, None),
    ((HOLD,), HOLD, None), ((CLOSE,), OPEN, "open"), ((CLOSE,), HOLD, None),
    ((CLOSE,), RESUME, None), ((CLOSE,), CLOSE, None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "act", "comes"), TABLE)
def test_people_move_a_cohort_along_the_table(trial, before, act, comes):
    """Each act from each state that people can bring about."""
    for each in before:
        trial.do(each)
    if comes is None:
        (fault,) = refused(trial, act)
        assert fault.where == "cohort of arm A"
        return

    (happening,) = trial.do(act)

    assert state(trial) == comes
    assert happening.payload == {"arm": "A", "cohort": 1, "level": 1}
    assert (happening.subject, happening.reason) == ("arm-A", "why")


PLANNED = [(OPEN, "open"), (CLOSE, "closed"), (HOLD, None), (RESUME, None)]


@pytest.mark.parametrize(("act", "comes"), PLANNED)
def test_a_protocol_may_ask_people_to_open_each_cohort(say, study, act, comes):
    """Until then it is planned, and nobody is let in."""
    trial = opened(say, study, cohort_opening="by-act")
    register(trial, "P-1")
    (fault,) = refused(trial, Assign("P-1", DAY))
    assert fault.do == "Open the cohort first"
    assert state(trial) == "planned"
    if comes is None:
        refused(trial, act)
        return

    trial.do(act)

    assert state(trial) == comes


@pytest.mark.parametrize("act", [HoldCohort, ResumeCohort, CloseCohort])
def test_people_say_why(trial, act):
    """Without a reason nothing is changed; and all faults are told at once."""
    faults = refused(trial, act("A", date(2025, 1, 1), " "))

    assert {"on", "reason"} <= {each.where for each in faults}


def test_a_planned_cohort_is_opened_without_a_reason_and_a_closed_one_is_not(say, study):
    """The protocol itself foresees the first opening."""
    trial = opened(say, study, cohort_opening="by-act")
    trial.do(OpenCohort("A", DAY))
    trial.do(CLOSE)

    (fault,) = refused(trial, OpenCohort("A", DAY))

    assert fault.where == "reason"


def test_changes_follow_one_another_in_days(trial):
    """A hold of the fifth day is not resumed on the fourth."""
    trial.do(HoldCohort("A", later(5), "safety review"))

    (fault,) = refused(trial, ResumeCohort("A", later(4), "done"))

    assert "before the cohort was held on 2026-02-07" in fault.found


def test_on_hold_nobody_is_let_in_and_nothing_is_decided(trial, say):
    """Assignment, reservation and dose decision wait until it goes on; requests do not."""
    for number in range(1, 4):
        register(trial, f"P-{number}")
        treat(trial, say, f"P-{number}")
    register(trial, "P-4", on=later(28))
    ask(trial, "request-1", on=later(28))
    trial.do(HoldCohort("A", later(28), "safety review"))

    for act in (Assign("P-4", later(28)), ReserveSlot("request-1", later(28)),
                say.meeting("A", later(28))):  # fmt: skip
        fault = refused(trial, act)[0]
        assert fault.where == "cohort of arm A"
        assert "safety review" in fault.found

    assert forecast(trial, later(28)).because.startswith("on hold: held on 2026-03-02")
    assert standing(trial.live, "A", later(28)).free == 0
    trial.do(ResumeCohort("A", later(30), "review done"))
    trial.do(say.meeting("A", later(30)))
    assert state(trial, later(30)) == "open"


@pytest.mark.parametrize(("act", "word"), [(HOLD, "on hold"), (CLOSE, "closed")])
def test_untaken_places_stand_as_their_cohort_while_it_takes_nobody(trial, say, act, word):
    """With its reason; who is assigned or holds a place stands as before; resumed, they are free.

    After a cohort is closed no place is held; its request waits.
    """
    register(trial, "P-1")
    treat(trial, say, "P-1")
    ask(trial, "request-1")
    trial.do(ReserveSlot("request-1", DAY))
    before = slots_of(trial)
    trial.do(act)

    now = slots_of(trial)

    untaken = [each for each in now if not each.reference]
    assert [each.state for each in before] == ["dosed", "reserved", "free"]
    assert now[0].state == "dosed"
    assert len(untaken) == (1 if word == "on hold" else 2)
    assert {each.state for each in untaken} == {word}
    assert all("why" in each.because for each in untaken)
    if word == "on hold":
        trial.do(ResumeCohort("A", DAY, "done"))
        assert [(each.state, each.because) for each in slots_of(trial)][-1] == ("free", "")


def test_untaken_places_of_a_planned_cohort_say_that_it_is_to_be_opened(say, study):
    """Where the protocol asks for an act."""
    trial = opened(say, study, cohort_opening="by-act")

    found = {(each.state, each.because) for each in slots_of(trial)}

    assert found == {("planned", "no act has opened it; the protocol asks for one")}


def slots_of(trial):
    """Give the places of the lowest level of arm A."""
    return board(trial.live, later(0)).arms[0].levels[0].slots


def test_days_on_hold_do_not_count_for_a_place_that_is_held(trial):
    """Held from day 0 to day 14; on hold from day 4 to day 9: five days more."""
    ask(trial, "request-1")
    reserve(trial, "request-1")
    request = trial.live.slots.of("request-1")
    trial.do(HoldCohort("A", later(4), "safety review"))
    assert held_until(trial.live, request, later(30)) is None
    assert len(places(trial.live, "A", later(30)).held) == 1

    trial.do(ResumeCohort("A", later(9), "review done"))

    assert held_until(trial.live, request, later(9)) == later(19)
    assert len(places(trial.live, "A", later(19)).held) == 1
    assert len(places(trial.live, "A", later(20)).held) == 0


def test_a_hold_after_a_place_was_lost_gives_it_back_to_nobody(trial):
    """The place was lost on day 15, the hold began on day 16."""
    ask(trial, "request-1")
    reserve(trial, "request-1")

    trial.do(HoldCohort("A", later(16), "safety review"))

    assert trial.records[-2].happening.on == later(15)
    assert places(trial.live, "A", later(16)).held == ()


def test_closing_a_cohort_sends_held_places_back_to_the_list(trial):
    """They wait again at their old place, also when the cohort is opened again."""
    ask(trial, "request-1", "request-2")
    reserve(trial, "request-1")

    trial.do(CLOSE)
    trial.do(OPEN)

    line = [each.request.reference for each in wait_list(trial.live, "A", DAY)]
    assert line == ["request-1", "request-2"]
    assert places(trial.live, "A", DAY).free == 3


def test_a_reason_of_a_hold_is_redacted_by_the_arms_cohort(trial):
    """The hold stands without its reason."""
    trial.do(HoldCohort("A", DAY, "Canary Birdsong fell ill"))

    trial.do(Redact("arm-A", DAY, len(trial.records), "reason", "a name was typed"))

    assert "Birdsong" not in repr(trial.live)
    assert state(trial) == "on hold"


def test_the_window_is_counted_in_days_from_the_first_dose(trial, say):
    """First dose on 2 February, 28 days: day 1, day 14, and the last, 1 March."""
    register(trial, "P-1")
    treat(trial, say, "P-1")

    shown = [standing(trial.live, "A", later(days)).windows[0] for days in (0, 13, 27, 28)]

    assert [each.day for each in shown] == [1, 14, 28, 28]
    assert [each.is_awaited for each in shown] == [True, True, True, False]
    assert {(each.length, each.last) for each in shown} == {(28, date(2026, 3, 1))}


def test_the_forecast_is_the_day_after_the_last_window(trial, say):
    """Windows end on 1, 4 and 9 March: the meeting can decide from 10 March on."""
    for number, first in ((1, 0), (2, 3), (3, 8)):
        register(trial, f"P-{number}", first_dose=later(first))
        treat(trial, say, f"P-{number}")

    found = forecast(trial, later(10))

    assert found.on == date(2026, 3, 10)
    assert "P-1 on 2026-03-01, P-2 on 2026-03-04, P-3 on 2026-03-09" in found.because
    assert found.unforeseen[0] == (
        "from 2026-03-02 on, if P-1 turns out not DLT-evaluable and is replaced"
    )
    assert forecast(trial, later(35)).on == date(2026, 3, 10)
    assert forecast(trial, later(36)).on is None  # 10 March: the meeting can decide now


def test_what_cannot_be_forecast_says_so(trial, say):
    """Two windows run and one participant has had no dose."""
    for number in range(1, 4):
        register(trial, f"P-{number}", first_dose=later(5))
        trial.do(Assign(f"P-{number}", DAY))
    for number in (1, 2):
        trial.do(say.doses(trial.live, f"P-{number}"))

    found = forecast(trial, later(10))

    assert found.on is None
    (why,) = found.unforeseen
    assert why.startswith("P-3: no ipatasertib taken as of 2026-02-12")
    assert why.endswith("first dose planned on 2026-02-07")


def test_a_place_that_may_be_lost_is_the_next_that_may_be_free(trial):
    """Two held to 16 and 19 February, one registered: the first may be free from the 17th on."""
    register(trial, "P-1")
    ask(trial, "P-1", "request-1", "request-2")
    reserve(trial, "P-1", "request-1")
    reserve(trial, "request-2", on=later(3))

    found = forecast(trial, later(4))

    assert found.on == date(2026, 2, 17)
    assert found.because.startswith("the place held for request-1 to 2026-02-16")
    link(trial, "request-1", "P-2", on=later(4))
    trial.do(Register("P-2", "A", later(4), later(4)))
    assert forecast(trial, later(4)).on == date(2026, 2, 20)


def test_free_places_are_forecast_for_today(trial):
    """Three of three."""
    found = forecast(trial)

    assert (found.on, found.because) == (DAY, "3 free now")


def test_before_the_trial_is_open_everything_is_planned(say, study):
    """And nothing can be forecast."""
    trial = say.empty(study)

    assert columns(trial, DAY) == ["planned"] * 3
    assert forecast(trial).because == "planned: the trial is not open"
