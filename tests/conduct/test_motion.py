"""Participants in any order: acts at random, held against a small model of their own."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from trialwright.conduct.acts import Assign, Consent, Register
from trialwright.conduct.dose_meeting import prepare
from trialwright.conduct.folding import fold
from trialwright.conduct.registration import open_places
from trialwright.terms.errors import Refusal

NUMBERS = [f"P-{number}" for number in range(1, 5)]


@dataclass
class Person:
    """What the model knows of one participant."""

    ecog: int | None = None
    said: str | None = None
    registered_on: object = None
    level: int | None = None
    outcome: str = "pending"
    is_treated: bool = False


@dataclass
class Model:
    """A trial of arm A in a few lines: level, places, who is where."""

    people: dict[str, Person] = field(default_factory=dict)
    level: int | None = 1
    places: int = 3
    taken: list[str] = field(default_factory=list)

    def free(self):
        """Count the places that are free."""
        replaced = sum(self.people[each].outcome == "not evaluable" for each in self.taken)
        return self.places - len(self.taken) + replaced

    def goes_on(self):
        """Say whether one more may be treated: a place is free and no two DLTs closed the level."""
        return self.level is not None and self.free() > 0 and self.at(self.level).count("dlt") < 2

    def at(self, level):
        """Give the outcomes at a level."""
        return [each.outcome for each in self.people.values() if each.level == level]


class Motion(RuleBasedStateMachine):
    """Acts in any order, on a trial and on the model of it."""

    def __init__(self, study, say, decided):
        super().__init__()
        self.study, self.say, self.decided = study, say, decided
        self.trial, self.model = say.empty(study), Model()
        self.trial.do(say.OPENING)
        self.today = say.REGISTERED

    def attempt(self, act, is_allowed):
        """Do an act that the model allows or not; a refusal records nothing."""
        before = len(self.trial.records)
        if is_allowed:
            self.trial.do(act)
            return
        with pytest.raises(Refusal):
            self.trial.do(act)
        assert len(self.trial.records) == before

    @rule(number=st.sampled_from(NUMBERS))
    def consent(self, number):
        """Consent under a new number, or one in use."""
        self.attempt(Consent(number, self.today), number not in self.model.people)
        self.model.people.setdefault(number, Person())

    @rule(number=st.sampled_from(NUMBERS), ecog=st.integers(0, 3))
    def record(self, number, ecog):
        """Record a performance status of the day; the last day counts."""
        here = self.model.people.get(number)
        self.today += timedelta(days=1)
        self.attempt(self.say.facts(number, ecog=ecog, on=self.today), here is not None)
        if here is not None:
            here.ecog = ecog

    @rule(number=st.sampled_from(NUMBERS), said=st.sampled_from(["yes", "yes", "no"]))
    def answer(self, number, said):
        """Answer whether the form is signed; the last answer of a day counts."""
        here = self.model.people.get(number)
        self.attempt(self.say.answer(number, "informed-consent", said, on=self.today), here)
        if here is not None:
            here.said = said

    @rule(number=st.sampled_from(NUMBERS))
    def register(self, number):
        """Register whoever meets every criterion, and nobody else."""
        here = self.model.people.get(number)
        is_eligible = (
            here is not None
            and here.registered_on is None
            and here.ecog in (0, 1, 2)
            and here.said == "yes"
        )
        self.attempt(Register(number, "A", self.today, self.today), is_eligible)
        if is_eligible:
            here.registered_on = self.today

    @rule(number=st.sampled_from(NUMBERS))
    def assign(self, number):
        """Assign whoever is registered into a free place, and nobody else."""
        here = self.model.people.get(number)
        has_place = (
            here is not None
            and here.registered_on is not None
            and here.level is None
            and self.model.goes_on()
        )
        self.attempt(Assign(number, self.today), has_place)
        if has_place:
            here.level = self.model.level
            self.model.taken.append(number)

    @precondition(lambda self: self.model.goes_on())
    @rule()
    def enrol(self):
        """Bring a new participant all the way into a place, so that histories get somewhere."""
        number = f"N-{len(self.model.people)}"
        self.today += timedelta(days=1)
        self.trial.do(Consent(number, self.today))
        self.trial.do(self.say.facts(number, on=self.today))
        self.trial.do(self.say.answer(number, "informed-consent", "yes", on=self.today))
        self.trial.do(Register(number, "A", self.today, self.today))
        self.trial.do(Assign(number, self.today))
        self.model.people[number] = Person(1, "yes", self.today, self.model.level)
        self.model.taken.append(number)

    @precondition(lambda self: self._untreated())
    @rule(choose=st.randoms(use_true_random=False), outcome=st.sampled_from(
        ["evaluable", "evaluable", "dlt", "dlt", "not evaluable"]))  # fmt: skip
    def treat(self, choose, outcome):
        """Treat through the window: enough doses, too few, or a toxicity of grade 3."""
        number = choose.choice(self._untreated())
        here = self.model.people[number]
        self.today = max(self.today, here.registered_on + timedelta(days=28))
        days = 20 if outcome == "not evaluable" else 28
        self.trial.do(self.say.doses(self.trial.live, number, days=days, on=self.today))
        if outcome == "dlt":
            self.trial.do(self.say.toxicity(number, start=here.registered_on, on=self.today))
        here.outcome, here.is_treated = outcome, True

    def _untreated(self):
        """Give those assigned and not treated."""
        return sorted(
            number
            for number, each in self.model.people.items()
            if each.level is not None and not each.is_treated
        )

    @rule()
    def meet(self):
        """Hold a dose meeting: it decides as the model does by hand, or is refused."""
        level = self.model.level
        seen = [] if level is None else self.model.at(level)
        dlts, done = seen.count("dlt"), seen.count("dlt") + seen.count("evaluable")
        waits = "pending" in seen or done not in (3, 6)
        decides = level is not None and (dlts >= 2 or not waits)
        self.attempt(self.say.meeting("A", self.today), decides)
        if decides:
            self.model.level = self._next(level, dlts, done)
            self.model.places, self.model.taken = 3, []

    def _next(self, level, dlts, done):
        """Give the next level by the 3+3 with six at the MTD, worked out by hand."""
        below = self.model.at(level - 1) if level > 1 else []
        below_done = sum(each in ("dlt", "evaluable") for each in below)
        above = self.model.at(level + 1) if level < 3 else []
        is_closed_above = above.count("dlt") >= 2
        if dlts >= 2:
            return level - 1 if level > 1 and below_done == 3 else None
        if done == 3 and (dlts == 1 or level == 3 or is_closed_above):
            return level
        return None if level == 3 or is_closed_above else level + 1

    @invariant()
    def no_cohort_is_overfilled(self):
        """Count places: never more than the cohort's, never more than six at a level."""
        cohort = self.trial.live.cohorts["A"]
        if cohort.level is not None:
            assert open_places(self.trial.live, "A", self.today) == self.model.free() >= 0
        for level in (1, 2, 3):
            counted = [each for each in self.model.at(level) if each != "not evaluable"]
            assert len(counted) <= 6

    @invariant()
    def the_model_and_the_state_agree(self):
        """Compare who is registered, and at which level."""
        people = self.trial.live.participants
        assert set(people) == set(self.model.people)
        for number, each in self.model.people.items():
            assert people[number].registered_on == each.registered_on
            assert people[number].dose_level == each.level
        assert self.trial.live.cohorts["A"].level == self.model.level

    def teardown(self):
        """Replay the ledger, ask earlier views, and take every decision again."""
        records = self.trial.records
        assert fold(self.study, records) == self.trial.live
        for place in range(0, len(records), 7):
            view = fold(self.study, records, known_at=place)
            assert view == fold(self.study, records[:place])
        for day in range(0, (self.today - self.say.OPENED).days + 1, 11):
            fold(self.study, records, as_of=self.say.OPENED + timedelta(days=day))
        for record in records:
            if record.happening.act == "dose_decided":
                self._recompute(records, record)

    def _recompute(self, records, record):
        """Take a recorded decision again from what was known then."""
        before = fold(self.study, records, known_at=record.sequence - 1)
        again = prepare(before, "A", record.happening.on)
        assert again.decision.because == record.happening.payload["because"]
        self.decided.append(again.decision.rule)


def test_acts_in_any_order_never_overfill_and_always_replay(study, say):
    """Random histories agree with a model that was worked out by hand."""
    tried = settings(
        max_examples=40,
        derandomize=True,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    decided = []

    run_state_machine_as_test(lambda: Motion(study, say, decided), settings=tried)

    assert {"0-of-3", "1-of-3", "two-dlts"} <= set(decided)
