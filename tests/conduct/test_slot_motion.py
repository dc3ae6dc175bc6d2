"""Places in any order: acts at random, held against a wait list kept on paper, day by day."""

from dataclasses import dataclass, field
from itertools import chain, zip_longest

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
from tests.conduct.slot_trials import later, study_with
from tests.sizes import sized

from trialwright.conduct.acts import Assign, Consent, Register
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.cohort_control import control
from trialwright.conduct.folding import fold
from trialwright.conduct.recruiting_acts import ReopenSite, SuspendSite
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.slot_board import board
from trialwright.conduct.slot_holding import places
from trialwright.conduct.slot_queue import wait_list
from trialwright.terms.errors import Refusal

SITES = ("mgh", "elsewhere")
HISTORIES = sized(full=200, default=8)
"""Histories tried of each setting."""

OFFICE = Actor("o", "principal-investigator", "mgh")


@dataclass
class Person:
    """What is on the paper about a participant."""

    site: str
    registered: int | None = None
    assigned: int | None = None
    level: int | None = None
    outcome: str = "pending"


@dataclass
class Line:
    """A line of the paper: who asked, and whether a place is held, waits, or is out of it."""

    name: str
    site: str
    who: str
    stands: str = "waits"
    last: int = 0


@dataclass
class Paper:
    """A clerk's paper of one arm under the 3+3, without any toxicity."""

    policy: str
    days: int
    most: int | None
    day: int = 0
    level: int | None = 1
    word: str = "taking"
    taken: list[str] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    held: list[Line] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    suspended: bool = False

    def next_day(self):
        """Turn the page: on hold a held place gains a day, else the overdue ones are struck out."""
        self.day += 1
        for line in list(self.held):
            if self.is_registered(line):
                line.last += self.word == "on hold"
            elif self.word == "on hold":
                line.last += 1
            elif self.day > line.last:
                self.strike(line)

    def strike(self, line, stands="out"):
        """Take a line off the list of held places."""
        line.stands = stands
        if line in self.held:
            self.held.remove(line)

    def give_back(self):
        """Send every held place back to the list."""
        for line in list(self.held):
            self.strike(line, "waits")

    def is_registered(self, line):
        """Say whether whoever it is for is registered."""
        return line.who in self.people and self.people[line.who].registered is not None

    def of(self, name):
        """Give the last line of somebody."""
        return next((e for e in reversed(self.lines) if name in (e.name, e.who)), None)

    def untaken(self):
        """Count places without anybody, replacements included."""
        replaced = sum(self.people[each].outcome == "not evaluable" for each in self.taken)
        return 0 if self.level is None else 3 - len(self.taken) + replaced

    def waiting(self):
        """Give who waits, in order."""
        found = [each for each in self.lines if each.stands == "waits"]
        if self.policy != "round-robin-by-site":
            return found
        queues = {
            site: [each for each in found if each.site == site]
            for site in dict.fromkeys(each.site for each in found)
        }
        longest_ago = {site: place for place, site in enumerate(self.served)}
        turns = sorted(queues, key=lambda site: longest_ago.get(site, -1))
        rounds = zip_longest(*(queues[site] for site in turns))
        return [each for each in chain.from_iterable(rounds) if each is not None]

    def is_stuck(self, line):
        """Say whether a site is suspended or at its limit."""
        if self.suspended and line.site == "elsewhere" and not self.is_registered(line):
            return True
        holds = sum(each.site == line.site for each in self.held)
        return self.most is not None and holds >= self.most

    def may_reserve(self, line, has_reason):
        """Say whether a place may be held for a line."""
        is_possible = (
            line is not None
            and line.stands == "waits"
            and self.word == "taking"
            and self.untaken() > len(self.held)
            and not self.is_stuck(line)
        )
        if not is_possible:
            return False
        order = self.waiting()
        first = next(each for each in order if not self.is_stuck(each))
        return first is line or (self.policy == "sponsor-choice" and has_reason)

    def may_assign(self, number):
        """Say whether somebody may take a place."""
        here = self.people.get(number)
        if here is None or here.registered is None or here.level or self.word != "taking":
            return False
        if self.untaken() < 1:
            return False
        mine = self.of(number)
        if mine in self.held:
            return self.held.index(mine) < self.untaken()
        if len(self.held) >= self.untaken() or (mine and mine.stands == "waits"):
            return False
        return all(self.is_stuck(each) for each in self.waiting())

    def at_level(self):
        """Give the outcomes at the open level."""
        return [each.outcome for each in self.people.values() if each.level == self.level]

    def may_meet(self):
        """Say whether the 3+3 can decide: nobody is awaited, and three or six count."""
        seen = self.at_level()
        counts = seen.count("evaluable")
        is_quiet = self.word != "on hold" and "pending" not in seen
        return self.level is not None and is_quiet and counts in (3, 6)

    def meet(self):
        """Go up after three without toxicity; at the highest three more, and stop after six."""
        counts = self.at_level().count("evaluable")
        self.give_back()
        if self.level == 3:
            self.level = None if counts == 6 else 3
        else:
            self.level += 1
        self.taken, self.word = [], "taking"


class Places(RuleBasedStateMachine):
    """Acts in any order, on a trial and on the paper of it."""

    def __init__(self, study, say, settled, seen):
        super().__init__()
        policy, days, most = settled
        self.study = study_with(study, policy, reservation_days=days, site_reservations=most)
        self.trial, self.say, self.seen = say.empty(self.study), say, seen
        self.trial.do(say.OPENING)
        self.paper = Paper(policy, days, most)

    @property
    def today(self):
        """The day of the paper."""
        return later(self.paper.day)

    def attempt(self, act, is_allowed, by=OFFICE):
        """Do an act that the paper allows or not; a refusal changes nothing."""
        self.seen.add((type(act).__name__, bool(is_allowed)))
        before = self.trial.live
        if is_allowed:
            return self.trial.do(act, by)
        with pytest.raises(Refusal):
            self.trial.do(act, by)
        assert self.trial.live == before
        return ()

    def somebody(self, choose):
        """Name a line of the paper, or somebody on it."""
        names = [each.name for each in self.paper.lines] + sorted(self.paper.people)
        return choose.choice(names) if names else "request-1"

    @rule(site=st.sampled_from(SITES))
    def ask(self, site):
        """Ask for somebody who has not consented."""
        paper, name = self.paper, f"request-{len(self.paper.lines) + 1}"
        is_allowed = paper.level is not None and not (paper.suspended and site == "elsewhere")
        self.attempt(RequestSlot(name, "A", site, self.today), is_allowed)
        if is_allowed:
            paper.lines.append(Line(name, site, ""))

    @precondition(lambda self: self.paper.people)
    @rule(choose=st.randoms(use_true_random=False))
    def ask_for_participant(self, choose):
        """Ask for somebody who has consented."""
        paper = self.paper
        number = choose.choice(sorted(paper.people))
        here, mine = paper.people[number], paper.of(number)
        is_held_up = paper.suspended and here.site == "elsewhere" and here.registered is None
        is_allowed = (
            paper.level is not None
            and here.level is None
            and not is_held_up
            and (mine is None or mine.stands == "out")
        )
        self.attempt(RequestSlot(number, "A", here.site, self.today), is_allowed)
        if is_allowed:
            paper.lines.append(Line(number, here.site, number))

    @rule(site=st.sampled_from(SITES), registers=st.booleans())
    def consent(self, site, registers):
        """Consent somebody, and register them at once or not."""
        paper, number = self.paper, f"P-{len(self.paper.people) + 1}"
        is_allowed = not (paper.suspended and site == "elsewhere")
        at = Actor("c", "principal-investigator", site)
        self.attempt(Consent(number, self.today), is_allowed, at)
        if is_allowed:
            paper.people[number] = Person(site)
            if registers:
                self.register(number)

    @precondition(lambda self: self.paper.people)
    @rule(choose=st.randoms(use_true_random=False))
    def register_later(self, choose):
        """Register somebody, while the place is held or after it was lost."""
        self.register(choose.choice(sorted(self.paper.people)))

    @precondition(lambda self: self.paper.word == "taking" and self.paper.level)
    @rule(outcome=st.sampled_from(["evaluable", "evaluable", "not evaluable"]))
    def enrol(self, outcome):
        """Bring the next of the list, or somebody new, all the way, so that cohorts get full."""
        paper = self.paper
        line = next((each for each in paper.waiting() if not paper.is_stuck(each)), None)
        if line is not None:
            self.hold(line.name, has_reason=False)
            if line.stands != "held":
                return
        if line is None or not line.who:
            number, site = f"P-{len(paper.people) + 1}", line.site if line else "mgh"
            at = Actor("c", "principal-investigator", site)
            if paper.suspended and site == "elsewhere":
                return
            self.trial.do(Consent(number, self.today), at)
            paper.people[number] = Person(site)
            if line is not None:
                self.trial.do(LinkSlot(line.name, number, self.today), OFFICE)
                line.who = number
        else:
            number = line.who
        if paper.people[number].registered is None:
            self.register(number)
        if self.place(number):
            self.finish(number, outcome)

    def register(self, number):
        """Register somebody whose site takes participants."""
        paper, here = self.paper, self.paper.people[number]
        is_allowed = here.registered is None and not (paper.suspended and here.site == "elsewhere")
        at = Actor("c", "principal-investigator", here.site)
        self.attempt(Register(number, "A", self.today, self.today), is_allowed, at)
        if is_allowed:
            here.registered = paper.day

    @precondition(lambda self: self.paper.lines and self.paper.people)
    @rule(choose=st.randoms(use_true_random=False))
    def link(self, choose):
        """Say for whom a request was."""
        paper = self.paper
        line = choose.choice(paper.lines)
        number = choose.choice(sorted(paper.people))
        here, mine, line = paper.people[number], paper.of(number), paper.of(line.name)
        is_allowed = (
            line.stands in ("waits", "held")
            and not line.who
            and here.site == line.site
            and here.level is None
            and (mine is None or mine.stands == "out")
        )
        self.attempt(LinkSlot(line.name, number, self.today), is_allowed)
        if is_allowed:
            line.who = number

    @rule(choose=st.randoms(use_true_random=False), has_reason=st.booleans(), next_=st.booleans())
    def reserve(self, choose, has_reason, next_):
        """Hold a place, for the next or for somebody else."""
        paper = self.paper
        order = paper.waiting()
        self.hold(order[0].name if next_ and order else self.somebody(choose), has_reason)

    def hold(self, name, has_reason):
        """Hold a place for a line, if the paper allows it."""
        paper = self.paper
        order, line = paper.waiting(), paper.of(name)
        is_allowed = paper.may_reserve(line, has_reason)
        ahead = order[: order.index(line)] if is_allowed else []
        done = self.attempt(
            ReserveSlot(name, self.today, "mutation" if has_reason else ""), is_allowed
        )
        if is_allowed:
            assert [each.subject for each in done] == [each.name for each in (*ahead, line)]
            line.stands, line.last = "held", paper.day + paper.days
            paper.held.append(line)
            paper.served.append(line.site)

    @rule(choose=st.randoms(use_true_random=False), is_apt=st.booleans(), act=st.sampled_from(
        [ReleaseSlot, RefuseSlot, WithdrawSlot]))  # fmt: skip
    def end(self, choose, is_apt, act):
        """Give back a place, or end a request that waits."""
        name = self.somebody(choose)
        if is_apt and act is ReleaseSlot and self.paper.held:
            name = choose.choice(self.paper.held).name
        line, needs = self.paper.of(name), "held" if act is ReleaseSlot else "waits"
        is_allowed = line is not None and line.stands == needs
        self.attempt(act(name, self.today, "why"), is_allowed)
        if is_allowed:
            self.paper.strike(line)

    @precondition(lambda self: self.paper.people)
    @rule(choose=st.randoms(use_true_random=False))
    def assign(self, choose):
        """Let somebody take a place."""
        paper = self.paper
        likely = [each.who for each in paper.held if paper.is_registered(each)]
        self.place(choose.choice(likely or sorted(paper.people)))

    def place(self, number):
        """Let somebody take a place, if the paper allows it."""
        paper = self.paper
        is_allowed = paper.may_assign(number)
        self.attempt(Assign(number, self.today), is_allowed)
        if is_allowed:
            mine = paper.of(number)
            if mine and mine.stands != "out":
                paper.strike(mine, "assigned")
            paper.people[number].level = paper.level
            paper.people[number].assigned = paper.day
            paper.taken.append(number)
        return is_allowed

    @precondition(lambda self: self._untreated())
    @rule(choose=st.randoms(use_true_random=False), outcome=st.sampled_from(
        ["evaluable", "evaluable", "not evaluable"]))  # fmt: skip
    def treat(self, choose, outcome):
        """Treat somebody through the window; days pass until it is over."""
        self.finish(choose.choice(self._untreated()), outcome)

    def finish(self, number, outcome):
        """Treat a participant through the window."""
        here = self.paper.people[number]
        while self.paper.day < here.assigned + 28:
            self.paper.next_day()
        days = 20 if outcome == "not evaluable" else 28
        self.trial.do(self.say.doses(self.trial.live, number, days=days, on=self.today))
        here.outcome = outcome

    def _untreated(self):
        """Name those with a dose level whose window has not been recorded."""
        people = self.paper.people.items()
        return sorted(n for n, each in people if each.level and each.outcome == "pending")

    @rule()
    def meet(self):
        """Hold the dose meeting."""
        is_allowed = self.paper.may_meet()
        self.attempt(self.say.meeting("A", self.today), is_allowed)
        if is_allowed:
            self.paper.meet()

    @rule(act=st.sampled_from([OpenCohort, HoldCohort, ResumeCohort, ResumeCohort, CloseCohort]))
    def change(self, act):
        """Open, hold, resume or close the cohort."""
        paper = self.paper
        starts, comes = {
            OpenCohort: (("closed",), "taking"),
            HoldCohort: (("taking",), "on hold"),
            ResumeCohort: (("on hold",), "taking"),
            CloseCohort: (("taking", "on hold"), "closed"),
        }[act]
        is_allowed = paper.level is not None and paper.word in starts
        self.attempt(act("A", self.today, "why"), is_allowed)
        if is_allowed:
            paper.word = comes
            if comes == "closed":
                paper.give_back()

    @rule()
    def suspend_or_reopen(self):
        """Suspend the second site, or reopen it."""
        paper = self.paper
        act = ReopenSite if paper.suspended else SuspendSite
        self.attempt(act("elsewhere", self.today, "why"), is_allowed=True)
        paper.suspended = not paper.suspended

    @rule(days=st.integers(1, 9))
    def wait(self, days):
        """Let days pass without any act."""
        for _ in range(days):
            self.paper.next_day()

    @invariant()
    def the_paper_and_the_trial_agree(self):
        """Compare places, who holds one, who waits in which order, and what people said."""
        now = places(self.trial.live, "A", self.today)
        assert now.untaken == self.paper.untaken()
        assert [each.reference for each in now.held] == [each.name for each in self.paper.held]
        line = wait_list(self.trial.live, "A", self.today)
        assert [each.request.reference for each in line] == [e.name for e in self.paper.waiting()]
        assert [bool(each.obstacle) for each in line] == [
            self.paper.is_stuck(each) for each in self.paper.waiting()
        ]
        assert self.trial.live.cohorts["A"].level == self.paper.level
        assert control(self.trial.live, "A", self.today).word == self.paper.word

    @invariant()
    def no_cohort_is_overfilled(self):
        """Never more participants who count, and places held, than the cohort has places."""
        now = places(self.trial.live, "A", self.today)
        assert now.untaken >= 0
        assert now.free >= 0

    def teardown(self):
        """Replay the ledger; the board is the same with what fell due recorded or not."""
        records = self.trial.records
        assert fold(self.study, records) == self.trial.live
        shown = board(self.trial.live, self.today)
        self.trial.do(RequestSlot("request-999999", "B", "mgh", self.today), OFFICE)
        probe = OpenCohort("B", self.today, "why")
        with pytest.raises(Refusal):
            self.trial.do(probe, OFFICE)
        again = board(self.trial.live, self.today)
        assert again.arms[0] == shown.arms[0]


SETTLED = [
    ("first-come", 5, None),
    ("first-come", 14, 1),
    ("round-robin-by-site", 5, 2),
    ("round-robin-by-site", 20, None),
    ("sponsor-choice", 7, None),
]
"""Policy, days, limit of a site."""


@pytest.mark.sized
def test_acts_in_any_order_leave_places_and_list_as_on_paper(study, say):
    """Random histories agree with the paper at every step; each act was both done and refused."""
    seen = set()
    for settled in SETTLED:
        tried = settings(
            max_examples=HISTORIES,
            derandomize=True,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )

        run_state_machine_as_test(
            lambda settled=settled: Places(study, say, settled, seen), settings=tried
        )

    kinds = [
        RequestSlot, ReserveSlot, ReleaseSlot, RefuseSlot, WithdrawSlot, LinkSlot, Consent,
        Register, Assign, OpenCohort, HoldCohort, ResumeCohort, CloseCohort,
    ]  # fmt: skip
    names = {kind.__name__ for kind in kinds} | {"DecideDose"}
    assert {(name, done) for name in names for done in (True, False)} <= seen
