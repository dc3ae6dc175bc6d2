"""Backfilling through the gateway, on a ledger in SQLite.

BOIN with the target 0.25 has the limits 0.1968 and 0.2984: 0/3 leads up, 1/4 stays, 2/5 leads down.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.assembly.conftest import CHIEF, at_noon, small_protocol
from tests.conduct.conftest import doses, toxicity

from trialwright.assembly.gateway import Gateway
from trialwright.casebook.tumours import (
    NonTargetLesion,
    NonTargetWord,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.acts import (
    Assign,
    Consent,
    DecideDose,
    OpenTrial,
    RecordTumourAssessment,
    RecordTumourBaseline,
    Redact,
    Register,
)
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.backfilling import levels_open
from trialwright.conduct.cohort_acts import HoldCohort, ResumeCohort
from trialwright.conduct.dose_meeting import prepare
from trialwright.conduct.folding import fold
from trialwright.conduct.recomputing import recompute
from trialwright.conduct.registration import open_places
from trialwright.conduct.slot_board import board
from trialwright.conduct.state import changed
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.protocol.escalation_settings import Backfilling
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

OPENED = date(2026, 2, 5)
SECOND = OPENED + timedelta(days=28)
IMAGED = SECOND + timedelta(days=7)
LATE = SECOND + timedelta(days=28)
PERSON = Source("person", "chart")


class Arm:
    """Arm A of a trial with backfill, in a ledger."""

    def __init__(self, desk, **settings):
        settings = {"cap": 6, "needs_response": False, **settings}
        design = BoinDesign(
            name="BOIN",
            target=Decimal("0.25"),
            max_n=12,
            backfill=Backfilling(**settings) if settings["cap"] else None,
        )
        read = small_protocol()
        arms = tuple(
            each.model_copy(update={"escalation": design}) if each.id == "A" else each
            for each in read.study.arms
        )
        self.study = read.study.model_copy(update={"arms": arms, "criteria": ()})
        self.desk, self.ledger = desk, desk.ledger()
        self.gateway = Gateway(self.ledger, replace(read, study=self.study), at_noon, "test")
        self.do(OpenTrial(OPENED))

    def do(self, act):
        """Execute an act."""
        return self.gateway.execute(act, CHIEF)

    @property
    def state(self):
        """Where the trial stands."""
        return self.gateway.state()

    def register(self, *numbers, on):
        """Register participants who begin on that day; the protocol has no criteria."""
        for each in numbers:
            self.do(Consent(each, on))
            self.do(Register(each, "A", on, on))

    def treat(self, *numbers, dlts=()):
        """Record the doses of the window, and DLTs on its tenth day."""
        for each in numbers:
            start = self.state.participants[each].first_dose_planned_on
            self.do(doses(self.state, each))
            if each in dlts:
                self.do(toxicity(each, start=start))

    def assign(self, *numbers, on):
        """Register and assign participants to the cohort."""
        self.register(*numbers, on=on)
        for each in numbers:
            self.do(Assign(each, on))

    def up_to_the_second_level(self, fill=3):
        """Treat a cohort at dose level 1 without a DLT, and assign the next one."""
        self.assign("P-1", "P-2", "P-3", on=OPENED)
        self.treat("P-1", "P-2", "P-3")
        self.do(DecideDose("A", SECOND, SECOND))
        self.assign(*("P-4", "P-5", "P-6")[:fill], on=SECOND)
        self.register("P-7", "P-8", on=SECOND)

    def backfill(self, number, level=1, on=SECOND):
        """Backfill a participant."""
        return self.do(AssignBackfill(number, level, on))

    def responds(self, number):
        """Record a target lesion that went from 20.5 to 12.5 mm, 39 % less, after the window."""
        first = self.state.participants[number].first_dose_planned_on
        target = TargetLesion("T1", "LIVER", is_node=False, mm=Decimal("20.5"))
        other = NonTargetLesion("N1", "BONE", is_node=False)
        before = TumourBaseline(first, (target,), (other,), PERSON, "CT SCAN")
        seen = TumourAssessment(IMAGED, {"T1": Decimal("12.5")},
                                {"N1": NonTargetWord.PRESENT}, (), PERSON)  # fmt: skip
        self.do(RecordTumourBaseline(number, before))
        self.do(RecordTumourAssessment(number, seen))


@pytest.fixture
def arm(desk):
    """Give an arm of which the second cohort is full, at dose level 2."""
    made = Arm(desk)
    made.up_to_the_second_level()
    return made


def refused(arm, number="P-7", level=1, on=SECOND):
    """Give the faults of a backfill, of which nothing is recorded."""
    before = arm.state
    with pytest.raises(Refusal) as caught:
        arm.backfill(number, level, on)
    assert arm.state == before
    return caught.value.faults


def test_a_backfilled_participant_has_a_level_and_takes_no_place(arm):
    """The cohort of three stays as it was; the fold of the ledger is the state."""
    before = arm.state.cohorts["A"]

    done = arm.backfill("P-7").happenings

    here = arm.state.participants["P-7"]
    assert [each.act for each in done] == ["backfilled"]
    assert done[0].payload["because"] == "open for backfilling: 0/3 DLT, 3 of 6 participants"
    assert "ipatasertib 200 mg" in done[0].payload["first_day"]
    assert (here.dose_level, here.is_backfilled, here.assigned_on) == (1, True, SECOND)
    assert arm.state.cohorts["A"] == before
    assert fold(arm.study, arm.ledger.records(arm.gateway.trial)) == arm.state
    assert arm.gateway.state_at() == arm.state


def test_the_next_place_of_the_cohort_is_not_given_to_who_replaces_nobody(arm):
    """A backfilled participant who is not DLT-evaluable opens no place in the cohort."""
    arm.backfill("P-7")
    arm.do(doses(arm.state, "P-7", days=10))

    assert [each.evaluable.state for each in prepare(arm.state, "A", LATE).statuses
            if each.is_backfilled] == ["not evaluable"]  # fmt: skip
    assert open_places(arm.state, "A", LATE) == 0


def test_the_meeting_waits_for_the_cohort_and_not_for_who_is_backfilled(arm):
    """0/3 at dose level 2 leads up, with P-7 in the window at dose level 1."""
    arm.treat("P-4", "P-5", "P-6")
    arm.backfill("P-7", on=LATE - timedelta(days=1))

    found = prepare(arm.state, "A", LATE)

    assert (found.decision.act, found.decision.level) == ("escalate", 3)
    assert [(each.evaluable, each.pending) for each in found.counts] == [(3, 0), (3, 0), (0, 0)]
    assert [(each.evaluable, each.pending) for each in found.beside.more] == [
        (0, 1), (0, 0), (0, 0)
    ]  # fmt: skip


def test_the_meeting_counts_the_dlts_of_who_is_backfilled(arm):
    """2/5 at dose level 1 is in conflict with 0/3 above: together 2/8 = 0.25 stays.

    Without the two who were backfilled 0/3 leads up.
    """
    for each in ("P-7", "P-8"):
        arm.backfill(each)
    arm.treat("P-4", "P-5", "P-6", "P-7", "P-8", dlts=("P-7", "P-8"))

    done = arm.do(DecideDose("A", LATE, LATE)).happenings[0].payload

    assert (done["act"], done["level"], done["rule"]) == ("stay", 2, "conflict-stay")
    assert [each["evaluable"] for each in done["counts"]] == [3, 3, 0]
    assert done["backfilled"][0] == {"evaluable": 2, "dlts": 2, "pending": 0}
    assert [each["participant"] for each in done["participants"] if each.get("is_backfilled")] == [
        "P-7", "P-8"
    ]  # fmt: skip
    sequence = arm.state.sequence
    assert recompute(arm.study, arm.ledger.records(arm.gateway.trial), sequence).is_equal


def test_a_level_is_closed_at_the_cap(desk):
    """Three of the cohort and one backfilled are four, the cap."""
    arm = Arm(desk, cap=4)
    arm.up_to_the_second_level()
    arm.backfill("P-7")

    (fault,) = refused(arm, "P-8")

    assert fault.found == "dose level 1 is closed: 4 participants are here, the cap is 4"
    assert fault.allowed == "none is open"


def test_a_level_opens_with_a_response_where_the_protocol_asks_for_one(desk):
    """Nobody has responded; then P-1 has, which is seen from the day of the imaging on."""
    arm = Arm(desk, needs_response=True)
    arm.up_to_the_second_level()

    (fault,) = refused(arm)

    assert fault.found == "dose level 1 is closed: 0/3 DLT, and no response was seen here yet"
    arm.responds("P-1")
    (before,) = levels_open(arm.state, "A", IMAGED - timedelta(days=1))
    (after,) = levels_open(arm.state, "A", IMAGED)
    assert (before.is_open, after.is_open) == (False, True)
    assert arm.backfill("P-7", on=IMAGED).happenings[0].act == "backfilled"


def test_a_response_that_was_redacted_opens_no_level(desk):
    """What cannot be read any more is no response."""
    arm = Arm(desk, needs_response=True)
    arm.up_to_the_second_level()
    arm.responds("P-1")
    (before,) = levels_open(arm.state, "A", IMAGED)
    entry = arm.state.participants["P-1"].entries[-1][0]
    arm.do(Redact("P-1", IMAGED, entry, "payload/assessment/targets/T1", "of somebody else"))

    (fault,) = refused(arm, on=IMAGED)

    assert before.is_open
    assert fault.found == "dose level 1 is closed: 0/3 DLT, and no response was seen here yet"


def test_whoever_can_have_a_place_of_the_cohort_is_sent_there(desk):
    """Two of three places are taken."""
    arm = Arm(desk)
    arm.up_to_the_second_level(fill=2)

    (fault,) = refused(arm)

    assert (fault.found, fault.do) == (
        "1 free in the running cohort", "Assign the participant to the cohort"
    )  # fmt: skip


@pytest.mark.parametrize("level", [0, 2, 3, 99])
def test_a_level_that_is_not_below_the_running_cohort_is_refused(arm, level):
    """Only dose level 1 lies below dose level 2."""
    (fault,) = refused(arm, level=level)

    assert fault.found == f"dose level {level}, not below the running cohort"
    assert fault.allowed == "dose level 1"


@pytest.mark.parametrize(("choice", "taken", "other"), [("highest", 2, 1), ("lowest", 1, 2)])
def test_of_several_open_levels_the_protocol_takes_one(desk, choice, taken, other):
    """At dose level 3 both levels below are open."""
    arm = Arm(desk, choice=choice)
    arm.up_to_the_second_level()
    arm.treat("P-4", "P-5", "P-6")
    arm.do(DecideDose("A", LATE, LATE))
    arm.assign("P-10", "P-11", "P-12", on=LATE)

    (fault,) = refused(arm, level=other, on=LATE)

    assert fault.found == f"dose level {other}; of those open the protocol takes the {choice}"
    assert arm.backfill("P-7", taken, LATE).happenings[0].payload["dose_level"] == taken


def test_an_unsafe_level_is_closed(arm):
    """2/5 at dose level 1, and 2/8 with the level above, which is pending and counts 0: 2/5."""
    for each in ("P-7", "P-8"):
        arm.backfill(each)
    arm.treat("P-7", "P-8", dlts=("P-7", "P-8"))
    arm.register("P-9", on=LATE)

    (found,) = levels_open(arm.state, "A", SECOND + timedelta(days=20))

    assert not found.is_open
    assert found.because == (
        "2/5 DLT: it, or a level below, leads downward, also with the level above"
    )


def test_nobody_is_backfilled_twice_or_without_registration(arm):
    """P-4 has a place of the cohort; P-7 has been backfilled."""
    arm.backfill("P-7")

    assert refused(arm, "P-4")[0].found.startswith("P-4, at dose level 2")
    assert refused(arm, "P-7")[0].found.startswith("P-7, at dose level 1")
    with pytest.raises(Refusal, match="P-7, at dose level 1"):
        arm.do(Assign("P-7", SECOND))


def test_a_hold_of_the_cohort_holds_backfilling_too(arm):
    """Whoever stops the arm stops it everywhere."""
    arm.do(HoldCohort("A", SECOND, "safety review"))

    assert "on hold" in refused(arm)[0].found
    arm.do(ResumeCohort("A", SECOND, "review done"))
    arm.backfill("P-7")


def test_an_arm_without_backfill_has_none(desk):
    """The refusal says where the participant goes instead."""
    arm = Arm(desk, cap=0)
    arm.up_to_the_second_level()

    (fault,) = refused(arm)

    assert (fault.found, fault.allowed) == (
        "BOIN without backfill", "an arm with backfill around its design"
    )  # fmt: skip


def test_nobody_is_backfilled_after_the_end(arm):
    """Two DLTs in three at the lowest level, twice: BOIN closes it, and the escalation ends."""
    for each in ("P-7", "P-8"):
        arm.backfill(each)
    arm.treat("P-4", "P-5", "P-6", "P-7", "P-8", dlts=("P-4", "P-5", "P-6", "P-7", "P-8"))
    arm.do(DecideDose("A", LATE, LATE))
    assert arm.state.cohorts["A"].level == 1
    arm.assign("P-10", "P-11", "P-12", on=LATE)
    arm.treat("P-10", "P-11", "P-12", dlts=("P-10", "P-11", "P-12"))
    arm.do(DecideDose("A", LATE + timedelta(days=28), LATE + timedelta(days=28)))
    arm.register("P-9", on=LATE + timedelta(days=28))

    (fault,) = refused(arm, "P-9", on=LATE + timedelta(days=28))

    assert arm.state.cohorts["A"].level is None
    assert fault.allowed == "an escalation that goes on"


def test_whoever_was_backfilled_counts_when_an_amendment_takes_the_backfill_away(arm):
    """2/5 at dose level 1; the DLTs of those backfilled are not lost."""
    for each in ("P-7", "P-8"):
        arm.backfill(each)
    arm.treat("P-7", "P-8", dlts=("P-7", "P-8"))
    arms = tuple(
        each.model_copy(update={"escalation": each.escalation.model_copy(
            update={"backfill": None})}) for each in arm.study.arms
    )  # fmt: skip
    later = changed(arm.state, study=arm.study.model_copy(update={"arms": arms}))

    found = prepare(later, "A", LATE)

    assert (found.counts[0].dlts, found.counts[0].evaluable) == (2, 5)
    assert found.beside is None


def test_the_board_names_who_is_backfilled(arm):
    """Beside the cohorts; the forecast waits for the cohort alone."""
    arm.backfill("P-7")

    (first, *_) = board(arm.state, SECOND).arms
    cards = {each.participant: each for each in first.levels[0].slots}

    assert cards["P-7"].because.startswith("backfilled, beside the cohorts: ")
    assert not cards["P-1"].because.startswith("backfilled")
    assert "P-7" not in first.cohort.because
