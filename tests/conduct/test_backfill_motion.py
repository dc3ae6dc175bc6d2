"""Backfill and overrides in any order: acts at random, held against the arm kept on paper.

The paper knows the published rules in their own words: BOIN with the target 0.25, a level closed
when the posterior probability (uniform prior) of a rate above 0.25 is more than 0.95, conflicts
decided by the sum of the tallies.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from math import comb

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
from tests.sizes import sized

from trialwright.conduct.acts import Assign, Consent, DecideDose, Register
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.dose_decision_acts import Override
from trialwright.conduct.folding import fold
from trialwright.conduct.recomputing import recompute
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.protocol.escalation_settings import Backfilling
from trialwright.terms.errors import Refusal

HISTORIES = sized(full=150, default=6)
"""Histories tried of each choice."""

LEVELS, MOST, CAP, WINDOW = 3, 15, 5, 28


def letter(n, y):
    """Say E, S, D or U for y DLTs of n participants."""
    if not n:
        return "E"
    below = sum(comb(n + 1, k) * 0.25**k * 0.75 ** (n + 1 - k) for k in range(y + 1))
    if n >= 3 and below > 0.95:  # P(rate > 0.25) of a Beta(y + 1, n - y + 1)
        return "U"
    return "E" if y / n <= 0.1968 else "D" if y / n > 0.2984 else "S"


@dataclass
class Paper:
    """A clerk's paper of one arm: (participants, DLTs) by dose level."""

    choice: str
    level: int | None = 1
    size: int = 3
    at: int = 1
    cohort: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    known: dict[str, tuple[int, bool, bool]] = field(default_factory=dict)
    where: dict[str, int] = field(default_factory=dict)
    is_over: bool = False

    def tallies(self, *, only_cohorts=False):
        """Add up the levels."""
        rows = [
            [(dlt, more) for level, dlt, more in self.known.values() if level == each]
            for each in range(1, LEVELS + 1)
        ]
        kept = [[dlt for dlt, more in row if not (more and only_cohorts)] for row in rows]
        return [(len(row), sum(row)) for row in kept]

    def in_cohorts(self):
        """Count the participants of cohorts whose outcome is known."""
        return sum(n for n, _ in self.tallies(only_cohorts=True))

    def closed(self):
        """Give the lowest closed level, or one above the ladder."""
        letters = [letter(*each) for each in self.tallies()]
        return letters.index("U") + 1 if "U" in letters else LEVELS + 1

    def advised(self):
        """Follow the published rules; None: the escalation ends."""
        tallies = self.tallies()
        letters = [letter(*each) for each in tallies]
        here = letters[self.at - 1]
        against = {"E": "SDU"}.get(here, "DU")
        conflicts = [each for each in range(1, self.at) if letters[each - 1] in against]
        if conflicts:
            first = conflicts[-1]
            sums = [
                letter(*(sum(each) for each in zip(*tallies[first - 1 : to], strict=True)))
                for to in range(first, self.at + 1)
            ]
            safe = [first + place for place, each in enumerate(sums) if each in "ES"]
            down = max(safe, default=first - 1)
            level = {"E": self.at + 1, "S": self.at}.get(sums[-1], down)
        else:
            level = {"E": self.at + 1, "S": self.at}.get(here, self.at - 1)
        if self.closed() == 1 or self.in_cohorts() >= MOST:
            return None
        return max(1, min(level, self.closed() - 1, LEVELS))

    def admissible(self):
        """Give the levels that people may choose."""
        advised = self.advised()
        if advised is None:
            return []
        tried = [level for level, _, _ in self.known.values()]
        return list(range(1, min(max([advised, *tried]), self.closed() - 1) + 1))

    def open_level(self):
        """Give the level at which the next participant is backfilled, if any."""
        tallies, found = self.tallies(), []
        for level in range(1, self.at):
            n, y = tallies[level - 1]
            above = tallies[level] if level < LEVELS else (0, 0)
            if letter(n, y) in "DU" and letter(n + above[0], y + above[1]) in "DU":
                break
            if n and sum(each == level for each in self.where.values()) < CAP:
                found.append(level)
        return {"highest": max, "lowest": min}[self.choice](found, default=None)


class Arm(RuleBasedStateMachine):
    """Acts in any order, on a trial and on the paper of its arm A."""

    def __init__(self, study, say, choice, seen):
        super().__init__()
        around = Backfilling(cap=CAP, needs_response=False, choice=choice)
        design = BoinDesign(name="BOIN", target=Decimal("0.25"), max_n=MOST, backfill=around)
        arms = tuple(
            each.model_copy(update={"escalation": design}) if each.id == "A" else each
            for each in study.arms
        )
        self.study = study.model_copy(update={"arms": arms, "criteria": ()})
        self.trial, self.say, self.seen = say.empty(self.study), say, seen
        self.trial.do(say.OPENING)
        self.paper, self.today = Paper(choice), say.REGISTERED

    def attempt(self, act, is_allowed):
        """Do an act that the paper allows or not; a refusal changes nothing."""
        self.seen.add((type(act).__name__, is_allowed))
        before = self.trial.live
        if is_allowed:
            return self.trial.do(act)
        with pytest.raises(Refusal):
            self.trial.do(act)
        assert self.trial.live == before
        return ()

    @property
    def is_full(self):
        """Whether every place of the running cohort is taken."""
        return len(self.paper.cohort) == self.paper.size

    def somebody(self):
        """Register somebody."""
        number = f"P-{len(self.trial.live.participants) + 1}"
        self.trial.do(Consent(number, self.today))
        self.trial.do(Register(number, "A", self.today, self.today))
        return number

    @precondition(lambda self: self.paper.level is not None and not self.paper.is_over)
    @rule()
    def assign(self):
        """Ask for a place of the cohort."""
        paper, number = self.paper, self.somebody()
        is_allowed = not self.is_full
        self.attempt(Assign(number, self.today), is_allowed)
        if is_allowed:
            paper.cohort.append(number)
            paper.at, paper.where[number] = paper.level, paper.level

    @precondition(lambda self: self.paper.level is not None and not self.paper.is_over)
    @rule(level=st.integers(0, LEVELS + 1), wants=st.booleans())
    def backfill(self, level, wants):
        """Ask for the level that is open, or for any."""
        paper, number = self.paper, self.somebody()
        taken = paper.open_level() if self.is_full else None
        level = taken if wants and taken else level
        is_allowed = taken is not None and level == taken
        self.attempt(AssignBackfill(number, level, self.today), is_allowed)
        if is_allowed:
            paper.beside.append(number)
            paper.where[number] = level

    @precondition(lambda self: self.paper.level is not None and not self.paper.is_over)
    @rule(toxic=st.sets(st.integers(0, 7)))
    def follow(self, toxic):
        """Follow everybody through the window, once the cohort is full."""
        paper = self.paper
        if not self.is_full:
            if paper.cohort:
                self.attempt(DecideDose("A", self.today, self.today), is_allowed=False)
            return
        start, self.today = self.today, self.today + timedelta(days=WINDOW)
        for place, number in enumerate([*paper.cohort, *paper.beside]):
            self.trial.do(self.say.doses(self.trial.live, number, on=self.today))
            if place in toxic:
                first = self.trial.live.participants[number].first_dose_planned_on
                self.trial.do(self.say.toxicity(number, start=first, on=self.today))
            is_more = number in paper.beside
            paper.known[number] = (paper.where[number], place in toxic, is_more)
        assert start < self.today
        paper.is_over = True

    @precondition(lambda self: self.paper.level is None)
    @rule(number=st.sampled_from(["assign", "backfill", "decide"]))
    def after_the_end(self, number):
        """Nothing is assigned or decided any more."""
        who = self.somebody()
        acts = {
            "assign": Assign(who, self.today),
            "backfill": AssignBackfill(who, 1, self.today),
            "decide": DecideDose("A", self.today, self.today),
        }
        self.attempt(acts[number], is_allowed=False)

    @precondition(lambda self: self.paper.is_over)
    @rule()
    def agree(self):
        """Follow the advice."""
        expected = self.paper.advised()
        (done,) = self.attempt(DecideDose("A", self.today, self.today), is_allowed=True)
        told = done.payload
        assert told["level"] == expected
        assert [(each["evaluable"], each["dlts"]) for each in told["counts"]] == (
            self.paper.tallies(only_cohorts=True)
        )
        self.decided(expected)

    @precondition(lambda self: self.paper.is_over)
    @rule(level=st.sampled_from([None, *range(LEVELS + 2)]))
    def differ(self, level):
        """Decide otherwise, which the paper allows for an open level within reach, or to end."""
        paper = self.paper
        advised = paper.advised()
        may = [None, *paper.admissible()] if advised is not None else []
        size = 0 if level is None else min(3, MOST - paper.in_cohorts())
        over = Override(level, size, "seen by all")
        act = DecideDose("A", self.today, self.today, over, minutes="Discussed.")
        is_allowed = level != advised and level in may
        self.attempt(act, is_allowed)
        if is_allowed:
            self.decided(level)

    def decided(self, level):
        """Write down what was decided."""
        paper = self.paper
        sequence = self.trial.records[-1].sequence
        assert recompute(self.study, self.trial.records, sequence).is_equal
        paper.level, paper.is_over, paper.cohort, paper.beside = level, False, [], []
        paper.size = min(3, MOST - paper.in_cohorts())

    @invariant()
    def is_as_on_paper(self):
        """Level, cohort, who is backfilled where; the fold of the records is the state."""
        here, paper = self.trial.live.cohorts["A"], self.paper
        assert here.level == paper.level
        people = self.trial.live.participants
        assert {
            number: each.dose_level for number, each in people.items() if each.dose_level
        } == paper.where
        assert fold(self.study, self.trial.records) == self.trial.live


def test_people_who_stay_at_a_level_may_treat_there(study, say):
    """BOIN would leave level 2 at 1 DLT of 3; the meeting stays, and the next DLT counts again."""
    arm = Arm(study, say, "highest", set())
    for toxic, decide in ((set(), arm.agree), ({0}, lambda: arm.differ(level=2))):
        for _ in range(3):
            arm.assign()
        arm.follow(toxic=toxic)
        decide()

    arm.assign()  # allowed on the paper, and done
    first, start = arm.paper.cohort[0], arm.today
    arm.today += timedelta(days=WINDOW)
    arm.trial.do(say.doses(arm.trial.live, first, on=arm.today))
    arm.trial.do(say.toxicity(first, start=start, on=arm.today))

    with pytest.raises(Refusal, match="Hold the dose meeting first"):
        arm.trial.do(Assign(arm.somebody(), arm.today))


@pytest.mark.sized
@pytest.mark.parametrize("choice", ["highest", "lowest"])
def test_acts_in_any_order_leave_the_arm_as_on_paper(study, say, choice):
    """Every act was allowed and refused at least once."""
    seen = set()
    run_state_machine_as_test(
        lambda: Arm(study, say, choice, seen),
        settings=settings(
            max_examples=HISTORIES,
            derandomize=True,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    acts = ("Assign", "AssignBackfill", "DecideDose")
    assert {(act, is_allowed) for act in acts for is_allowed in (True, False)} <= seen
