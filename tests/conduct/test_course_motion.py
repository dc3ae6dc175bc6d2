"""A participant's course in any order: acts at random, held against a card kept by hand."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.sizes import SUITES, sized

from trialwright.casebook.course import (
    ClinicalProgression,
    ConcomitantMedicine,
    SubsequentTherapy,
    SurvivalContact,
)
from trialwright.casebook.course_ends import Death, OffStudy, OffTreatment, ScreenFailure
from trialwright.casebook.exposure import DoseGiven
from trialwright.conduct.acts import Assign, Consent, RecordDoses, Register, Screen
from trialwright.conduct.clinical import HAPPENING
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    Correct,
    EndStudy,
    EndTreatment,
    RecordDeath,
    RecordMedicine,
    RecordProgression,
    RecordSubsequentTherapy,
    ScreenFail,
)
from trialwright.conduct.corrections import value_at
from trialwright.conduct.course_stages import stage_of
from trialwright.conduct.folding import fold
from trialwright.conduct.records import write
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

COURSES, STEPS = sized(full=2000, default=90), 50 if SUITES else 30
DAYS = 24
TODAY = DAYS  # every entry is made afterwards, so that any day may be entered late
CHART = Source("person", "chart")
RARE = st.integers(0, 3)
"""What ends a course is tried one time in four."""


@dataclass
class Card:
    """What a coordinator would note on a card: day numbers from the consent, or nothing."""

    screened: bool = False
    failed: int | None = None
    registered: int | None = None
    assigned: int | None = None
    doses: tuple[int, ...] = ()
    ended: int | None = None
    last_dose: int | None = None
    left: int | None = None
    died: tuple[int, int] | None = None  # first and last day it may mean
    contacts: tuple[int, ...] = ()

    def stage(self):
        """Name the stage in the order in which one ends another."""
        if self.died:
            return "dead"
        if self.left is not None:
            return "off study"
        if self.failed is not None:
            return "screen-failed"
        if self.ended is not None:
            is_followed = any(each > self.ended for each in self.contacts)
            return "follow-up" if is_followed else "off treatment"
        if self.doses:
            return "on treatment"
        if self.assigned is not None:
            return "assigned"
        if self.registered is not None:
            return "registered"
        return "screened" if self.screened else "consented"

    def open_on(self, day, *, failure=True, death=True):
        """Say whether data of a day may still be entered."""
        if failure and self.failed is not None and day > self.failed:
            return False
        if self.left is not None and day > self.left:
            return False
        return not (death and self.died and day > self.died[1])

    def may_fail(self, day):
        """Screening fails once, and not after registration."""
        return self.failed is None and self.registered is None and self.open_on(day)

    def may_register(self, day):
        """Registration comes once, of somebody neither screen-failed nor off study."""
        is_free = self.registered is None and self.failed is None and self.left is None
        return is_free and self.open_on(day)

    def may_assign(self, day):
        """Assign once, on the day of registration or later."""
        is_ready = self.registered is not None and self.registered <= day and self.assigned is None
        return is_ready and self.left is None and self.open_on(day)

    def may_dose(self, day):
        """No dose before the assignment, nor after the last one named with the end of treatment."""
        if self.assigned is None or day < self.assigned or day in self.doses:
            return False
        if self.ended is not None and (self.last_dose is None or day > self.last_dose):
            return False
        return self.open_on(day)

    def may_end(self, day, last):
        """Treatment ends once, after the assignment, with the doses recorded inside it."""
        if self.assigned is None or self.ended is not None or day < self.assigned:
            return False
        if self.doses and (last is None or last < max(self.doses)):
            return False
        return self.open_on(day, death=False)

    def may_leave(self):
        """Nobody leaves the study twice, dead, screen-failed, or on treatment."""
        is_over = self.failed is not None or self.left is not None or self.died
        return not is_over and not (self.doses and self.ended is None)

    def may_die(self, last):
        """Once, and not certainly before a day on which the participant was alive."""
        alive = (0, *self.doses, *self.contacts)
        return self.died is None and last >= max(alive)

    def may_contact(self, day):
        """Survival is followed from registration on."""
        return self.registered is not None and day >= self.registered and self.open_on(day)


SOURCES = {
    "doses_recorded": "payload/doses/#0/source/place",
    **dict.fromkeys((each for each in HAPPENING.values() if each != "medicine_recorded"),
                    "payload/entry/source/place"),
}  # fmt: skip
"""Where the source of an entry stands; medicines have a rule of their own."""


class Life(RuleBasedStateMachine):
    """Acts about one participant in any order and on any day, on a trial and on the card."""

    def __init__(self, study, say, seen):
        super().__init__()
        self.study, self.say, self.seen = study, say, seen
        self.trial, self.card = say.empty(study), Card()
        self.trial.do(say.OPENING)
        self.trial.screen("P-1")
        self.medicines = []  # the day of each

    def day(self, number):
        """Give a day by its number from the consent."""
        return self.say.CONSENTED + timedelta(days=number)

    def attempt(self, act, is_allowed):
        """Do an act that the card allows or not; a refusal records nothing and says what to do."""
        before = len(self.trial.records)
        self.seen[type(act).__name__, bool(is_allowed)] += 1
        if is_allowed:
            self.trial.do(act)
            return
        with pytest.raises(Refusal) as refused:
            self.trial.do(act)
        assert all(each.found and each.allowed and each.do for each in refused.value.faults)
        assert len(self.trial.records) == before

    @initialize(is_assigned=st.booleans())
    def begin(self, is_assigned):
        """Begin half of the courses at the assignment, for most ends come early otherwise."""
        if is_assigned:
            self.register(0)
            self.assign(0)

    @rule(day=st.integers(0, DAYS - 1))
    def screen(self, day):
        """Judge the criteria."""
        is_allowed = self.card.open_on(day)
        self.attempt(Screen("P-1", "A", self.day(day)), is_allowed)
        self.card.screened |= is_allowed

    @rule(day=st.integers(DAYS // 2, DAYS - 1), luck=RARE)
    def fail(self, day, luck):
        """End screening."""
        if luck:
            return
        entry = ScreenFailure(self.day(day), ("I04",), CHART)
        is_allowed = self.card.may_fail(day)
        self.attempt(ScreenFail("P-1", self.day(TODAY), entry), is_allowed)
        if is_allowed:
            self.card.failed = day

    @rule(day=st.integers(0, 6))
    def register(self, day):
        """Register."""
        is_allowed = self.card.may_register(day)
        self.attempt(Register("P-1", "A", self.day(day), self.day(day)), is_allowed)
        if is_allowed:
            self.card.registered = day

    @rule(day=st.integers(0, 8))
    def assign(self, day):
        """Assign."""
        is_allowed = self.card.may_assign(day)
        self.attempt(Assign("P-1", self.day(day)), is_allowed)
        if is_allowed:
            self.card.assigned = day

    @rule(day=st.integers(0, DAYS - 1))
    def dose(self, day):
        """Take a tablet."""
        taken = DoseGiven(
            "ipatasertib", self.day(day), Quantity(Decimal(200), "mg"), "given", CHART
        )
        is_allowed = self.card.may_dose(day)
        self.attempt(RecordDoses("P-1", self.day(TODAY), (taken,)), is_allowed)
        if is_allowed:
            self.card.doses += (day,)

    @rule(day=st.integers(4, DAYS - 1), back=st.none() | st.integers(0, 4))
    def end_treatment(self, day, back):
        """End treatment, some days after the last dose or without one."""
        last = None if back is None else day - back
        named = None if last is None else self.day(last)
        is_allowed = self.card.may_end(day, last)
        entry = OffTreatment(self.day(day), "progression", named, CHART)
        self.attempt(EndTreatment("P-1", self.day(TODAY), entry), is_allowed)
        if is_allowed:
            self.card.ended, self.card.last_dose = day, last

    @rule(day=st.integers(DAYS // 2, DAYS - 1), luck=RARE)
    def end_study(self, day, luck):
        """End follow-up."""
        if luck:
            return
        is_allowed = self.card.may_leave()
        entry = OffStudy(self.day(day), "consent withdrawn", CHART)
        self.attempt(EndStudy("P-1", self.day(TODAY), entry), is_allowed)
        if is_allowed:
            self.card.left = day

    @rule(day=st.integers(DAYS // 2, DAYS - 1), is_month=st.booleans(), luck=RARE)
    def die(self, day, is_month, luck):
        """Die on a day, or in February, which ends 26 days after the consent."""
        if luck:
            return
        text = "2026-02" if is_month else self.day(day).isoformat()
        first, last = (-1, 26) if is_month else (day, day)
        is_allowed = self.card.may_die(last) and first <= TODAY
        entry = Death(PartialDate.parse(text), "unknown", CHART)
        self.attempt(RecordDeath("P-1", self.day(TODAY), entry), is_allowed)
        if is_allowed:
            self.card.died = (first, last)

    @rule(day=st.integers(0, DAYS - 1))
    def contact(self, day):
        """Telephone."""
        is_allowed = self.card.may_contact(day)
        entry = SurvivalContact(self.day(day), "telephone", CHART)
        self.attempt(ContactSurvival("P-1", self.day(TODAY), entry), is_allowed)
        if is_allowed:
            self.card.contacts += (day,)

    @rule(day=st.integers(0, DAYS - 1))
    def progress(self, day):
        """Progress; only somebody treated can, and not before the first dose."""
        card = self.card
        is_allowed = bool(card.doses) and day >= min(card.doses) and card.open_on(day)
        entry = ClinicalProgression(PartialDate.of(self.day(day)), CHART)
        self.attempt(RecordProgression("P-1", self.day(TODAY), entry), is_allowed)

    @rule(day=st.integers(0, DAYS - 1))
    def treat_otherwise(self, day):
        """Begin another therapy, after the study treatment."""
        card = self.card
        is_after = card.ended is not None and (card.last_dose is None or day >= card.last_dose)
        entry = SubsequentTherapy("capecitabine", PartialDate.of(self.day(day)), None, CHART)
        is_allowed = is_after and card.open_on(day)
        self.attempt(RecordSubsequentTherapy("P-1", self.day(TODAY), entry), is_allowed)

    @rule(day=st.integers(0, DAYS - 1))
    def take_medicine(self, day):
        """Take a medicine; it may be entered at any time, for a day before the end."""
        is_allowed = self.card.open_on(day)
        entry = ConcomitantMedicine("aspirin", PartialDate.of(self.day(day)), None, None, CHART)
        self.attempt(RecordMedicine("P-1", self.day(TODAY), entry), is_allowed)
        if is_allowed:
            self.medicines.append(day)

    def medicine(self, choose):
        """Choose a medicine: its place, and the happening that recorded it."""
        here = self.trial.live.participants["P-1"]
        entries = [sequence for sequence, act in here.entries if act == "medicine_recorded"]
        return choose.choice([*enumerate(entries)]) if entries else (0, 0)

    @rule(choose=st.randoms(use_true_random=False))
    def correct(self, choose):
        """Correct the source of any medicine, at any stage; its day is left as it is."""
        place, sequence = self.medicine(choose)
        if not sequence:
            return
        path = "payload/entry/source/place"
        changes = [each for each in self.trial.live.corrected.get(sequence, ())
                   if each.field == path]  # fmt: skip
        old = changes[-1].value if changes else "chart"
        act = Correct("P-1", self.day(TODAY), sequence, path, old, f"{old}.", "page missing")
        self.attempt(act, is_allowed=True)
        says = self.trial.records[-1].happening.payload["says"]
        assert any("one of them is wrong" in each for each in says) is not self.card.open_on(
            self.medicines[place]
        )
        self.attempt(act, is_allowed=False)  # the value shown is no longer the one that stands

    @rule(choose=st.randoms(use_true_random=False), day=st.integers(0, DAYS - 1))
    def move(self, choose, day):
        """Correct the day of any medicine, to one that lies before every end."""
        place, sequence = self.medicine(choose)
        if not sequence:
            return
        old, new = (write(PartialDate.of(self.day(each))) for each in (self.medicines[place], day))
        act = Correct("P-1", self.day(TODAY), sequence, "payload/entry/since", old, new, "misread")
        is_allowed = self.card.open_on(day) and day != self.medicines[place]
        self.attempt(act, is_allowed)
        if is_allowed:
            self.medicines[place] = day

    @invariant()
    def the_stage_is_the_one_on_the_card(self):
        """Ask after every act."""
        here = self.trial.live.participants["P-1"]
        stage = stage_of(here)
        assert (stage.name, bool(stage.because)) == (self.card.stage(), True)
        days = [each.since for each in here.course.medicines]
        assert days == [PartialDate.of(self.day(each)) for each in self.medicines]
        assert len(here.course.contacts) == len(self.card.contacts)

    def teardown(self):
        """Correct the source of every other entry, whatever the stage; replay the ledger."""
        here = self.trial.live.participants.get("P-1")
        for sequence, act in here.entries if here else ():
            if act in SOURCES:
                old = value_at(self.trial.records[sequence - 1].happening.payload, SOURCES[act])
                self.attempt(Correct("P-1", self.day(TODAY), sequence, SOURCES[act], old,
                                     f"{old}.", "page missing"), is_allowed=True)  # fmt: skip
        assert fold(self.study, self.trial.records) == self.trial.live


@pytest.mark.sized
def test_a_course_in_any_order_is_the_one_on_the_card(study, say, tell):
    """Random courses agree with a card kept by hand; each act was both allowed and refused."""
    tried = settings(
        max_examples=COURSES,
        derandomize=True,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    seen = Counter()

    run_state_machine_as_test(lambda: Life(study, say, seen), settings=tried)

    tell("courses in any order", courses=COURSES, steps_at_most=COURSES * STEPS,
         acts_allowed=sum(n for (_, done), n in seen.items() if done),
         acts_refused=sum(n for (_, done), n in seen.items() if not done))  # fmt: skip
    kinds = {Screen, ScreenFail, Register, Assign, RecordDoses, EndTreatment, EndStudy, RecordDeath,
             ContactSurvival, RecordProgression, RecordSubsequentTherapy, RecordMedicine,
             Correct}  # fmt: skip
    assert set(seen) == {(kind.__name__, done) for kind in kinds for done in (True, False)}
    assert Consent not in kinds  # it begins every course
