"""Delegations, queries, holds and signatures in any order, held against a clerk's own books."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.conduct.overseeing import by, delegation, sequence_of, signature
from tests.sizes import sized

from trialwright.conduct.delegation_acts import EndDelegation
from trialwright.conduct.folding import fold
from trialwright.conduct.locking_acts import DataPoint, Freeze, Lock, Unlock, VerifySource
from trialwright.conduct.query_acts import (
    AnswerQuery,
    CancelQuery,
    CloseQuery,
    OpenQuery,
    RaiseQuery,
    ReopenQuery,
    ResolveQuery,
)
from trialwright.conduct.roles import Actor
from trialwright.conduct.signing_acts import Target
from trialwright.conduct.standing import standings
from trialwright.terms.errors import Refusal

HISTORIES, STEPS = sized(full=5000, default=90), 40  # in full: 200,000 steps
GRADE = "payload/event/grade"
ROLES = ("coordinator", "investigator", "monitor", "data-manager", "sponsor")
MAY = {
    "enter": {"coordinator", "investigator"},
    "raise": {"monitor", "data-manager", "coordinator"},
    "open": {"monitor", "data-manager"},
    "answer": {"coordinator", "investigator"},
    "close": {"monitor", "data-manager"},
    "reopen": {"monitor", "data-manager"},
    "resolve": {"monitor", "data-manager"},
    "cancel": {"monitor", "data-manager"},
    "verify": {"monitor"},
    "freeze": {"monitor", "data-manager"},
    "lock": {"data-manager"},
    "unlock": {"data-manager"},
    "sign": {"investigator"},
}
"""Who may do what, as the guide on conduct has it; a coordinator raises what a data check found."""

LEADS = {
    "open": {"Candidate": "Open"},
    "answer": {"Open": "Answered"},
    "close": {"Answered": "Closed"},
    "reopen": {"Answered": "Open"},
    "resolve": {"Open": "Resolved", "Answered": "Resolved"},
    "cancel": {"Candidate": "Cancelled", "Open": "Cancelled"},
}
MOVES = {"open": OpenQuery, "answer": AnswerQuery, "close": CloseQuery, "reopen": ReopenQuery,
         "resolve": ResolveQuery, "cancel": CancelQuery}  # fmt: skip
INSIDE = {
    "trial": ("trial",),
    "participant": ("trial", "participant"),
    "events": ("trial", "participant", "events"),
    "grade": ("trial", "participant", "events", "grade"),
    "facts": ("trial", "participant", "facts"),
}
"""Each place with the places it lies in, widest first, and itself last."""

PLACES = ("trial", "participant", "events", "grade")


WHO = st.integers(0, 99)
"""Number from which a role is taken."""


def apt(word, number):
    """Give a role, three times in five one that may do the act."""
    able = sorted(MAY[word])
    return able[number % len(able)] if number % 5 < 3 else ROLES[number // 5 % len(ROLES)]


@dataclass
class Books:
    """What a clerk would write down."""

    held: dict[str, str] = field(default_factory=dict)
    queries: list[list[str]] = field(default_factory=list)
    signed: list[list[str]] = field(default_factory=list)
    working: dict[str, list[tuple[int, int]]] = field(
        default_factory=lambda: {role: [(0, 999)] for role in ROLES}
    )
    verified: bool = False

    def works(self, role, day):
        """Say whether somebody in the role works in the trial on a day."""
        return any(first <= day <= last for first, last in self.working[role])

    def firmness(self, place):
        """Give the words written on a place and on what it lies in."""
        return {self.held[each] for each in INSIDE[place] if each in self.held}

    def change(self, kind):
        """Strike out signatures on what was entered."""
        for entry in self.signed:
            if entry[1] == "valid" and (entry[0] == "casebook" or entry[0] == kind):
                entry[1] = "void"

    def open_up(self, place):
        """Take the word off a place and strike out signatures on it; events are in all four."""
        del self.held[place]
        for entry in self.signed:
            entry[1] = "void"

    def asked_in(self, place):
        """Say whether a question about a place, or something in it, has not ended."""
        return any(
            place in INSIDE[about] and state in ("Candidate", "Open", "Answered")
            for about, state in self.queries
        )


class Overseeing(RuleBasedStateMachine):
    """Acts in any order, on a trial and in the books."""

    def __init__(self, study, say, seen):
        super().__init__()
        self.study, self.say, self.seen = study, say, seen
        self.trial, self.books, self.day = say.empty(study), Books(), 50
        chief = by("principal-investigator")
        first = {"since": say.OPENED, "trained_on": say.OPENED}
        self.trial.do(delegation("principal-investigator", say.OPENED, **first),
                      Actor("root", "operator", "mgh"))  # fmt: skip
        for role in ROLES:
            self.trial.do(delegation(role, say.OPENED, **first), chief)
        self.trial.do(say.OPENING)
        self.trial.screen("P-1")
        self.trial.do(say.toxicity("P-1", on=self.on(50)), by("coordinator"))
        self.event = sequence_of(self.trial, "adverse_event_recorded")

    def on(self, day):
        """Give a day by its number from the opening."""
        return self.say.OPENED + timedelta(days=day)

    def where(self, place):
        """Give the arguments of a place."""
        return {
            "trial": {"participant": ""},
            "participant": {"participant": "P-1"},
            "events": {"participant": "P-1", "part": "adverse_events"},
            "grade": {"participant": "P-1", "sequence": self.event, "field": GRADE},
        }[place]

    def attempt(self, word, act, role, is_possible):
        """Do an act that the books allow or not; a refusal records nothing and says what to do."""
        before = len(self.trial.records)
        is_allowed = role in MAY[word] and self.books.works(role, self.day) and is_possible
        self.seen[word, bool(is_allowed)] += 1
        if is_allowed:
            self.trial.do(act, by(role))
            return True
        with pytest.raises(Refusal) as refused:
            self.trial.do(act, by(role))
        assert all(each.found and each.allowed and each.do for each in refused.value.faults)
        assert len(self.trial.records) == before
        return False

    @rule(days=st.integers(1, 3))
    def wait(self, days):
        """Let days go by."""
        self.day += days

    @rule(role=st.sampled_from(ROLES), chance=st.integers(0, 3))
    def leave(self, role, chance):
        """End whatever delegation of a role goes on, with today; one time in four."""
        if chance:
            return
        rows = [each for each in self.trial.live.oversight.delegations if each.role == role]
        spans = self.books.working[role]
        act = EndDelegation(rows[-1].number, self.on(self.day))
        first, last = spans[-1]
        if first <= self.day < last:
            self.trial.do(act, by("principal-investigator"))
            spans[-1] = (first, self.day)
            return
        with pytest.raises(Refusal):
            self.trial.do(act, by("principal-investigator"))

    @rule(role=st.sampled_from(ROLES), ahead=st.integers(0, 2), days=st.integers(0, 6))
    def come_back(self, role, ahead, days):
        """Delegate to a role again, from today or soon, for some days."""
        first, last = self.day + ahead, self.day + ahead + days
        act = delegation(role, self.on(self.day), since=self.on(first), until=self.on(last),
                         trained_on=self.say.OPENED)  # fmt: skip
        if all(last < start or end < first for start, end in self.books.working[role]):
            self.trial.do(act, by("principal-investigator"))
            self.books.working[role].append((first, last))
            return
        with pytest.raises(Refusal, match="one at a time"):
            self.trial.do(act, by("principal-investigator"))

    @rule(number=WHO, grade=st.integers(1, 4))
    def enter_event(self, number, grade):
        """Enter an adverse event."""
        role = apt("enter", number)
        act = self.say.toxicity("P-1", grade=grade, on=self.on(self.day))
        if self.attempt("enter", act, role, not self.books.firmness("events")):
            self.books.change("events")

    @rule(number=WHO)
    def enter_facts(self, number):
        """Enter a performance status."""
        role = apt("enter", number)
        act = self.say.facts("P-1", on=self.on(self.day))
        if self.attempt("enter", act, role, not self.books.firmness("facts")):
            self.books.change("facts")

    @rule(site=st.just("elsewhere"))
    def enter_from_elsewhere(self, site):
        """Nobody of another site enters anything, whatever is open here."""
        act = self.say.facts("P-1", on=self.on(self.day))
        with pytest.raises(Refusal, match="delegation"):
            self.trial.do(act, Actor("c.other", "coordinator", site))

    @rule(number=WHO, place=st.sampled_from(PLACES[1:]), is_hidden=st.booleans())
    def ask(self, number, place, is_hidden):
        """Raise a query."""
        role = apt("raise", number)
        act = RaiseQuery(on=self.on(self.day), text="why?", as_candidate=is_hidden,
                         **self.where(place))  # fmt: skip
        if self.attempt("raise", act, role, "locked" not in self.books.firmness(place)):
            self.books.queries.append([place, "Candidate" if is_hidden else "Open"])

    @rule(number=WHO, word=st.sampled_from(sorted(MOVES)), place=st.integers(0, 5))
    def move(self, number, word, place):
        """Do a step of a query, or of one that was never raised."""
        self.move_on(number, word, min(place, len(self.books.queries)))

    def move_on(self, number, word, place):
        """Do a step of the query at a place in the books."""
        role = apt(word, number)
        told = ("P-1", place + 1, self.on(self.day))
        act = MOVES[word](*told) if word == "open" else MOVES[word](*told, "words")
        is_raised = place < len(self.books.queries)
        to = LEADS[word].get(self.books.queries[place][1]) if is_raised else None
        if self.attempt(word, act, role, to):
            self.books.queries[place][1] = to

    @rule(turns=st.lists(st.integers(0, 5), min_size=4, max_size=8), is_hidden=st.booleans())
    def correspond(self, turns, is_hidden):
        """Raise a query and do steps that lead on, as long as there are any."""
        self.ask(turns[0], "grade", is_hidden)
        for turn in turns if self.books.queries else ():
            words = [word for word in MOVES if self.books.queries[-1][1] in LEADS[word]]
            if words:
                word = words[(turn + len(self.trial.records)) % len(words)]
                self.move_on(turn, word, len(self.books.queries) - 1)

    @rule(number=WHO, place=st.sampled_from(PLACES), word=st.sampled_from(
        ["freeze", "lock"]))  # fmt: skip
    def hold(self, number, place, word):
        """Freeze or lock a place."""
        role = apt(word, number)
        act = {"freeze": Freeze, "lock": Lock}[word](on=self.on(self.day), **self.where(place))
        words = self.books.firmness(place)
        is_free = not words if word == "freeze" else "locked" not in words
        is_free = is_free and not (word == "lock" and self.books.asked_in(place))
        if self.attempt(word, act, role, is_free):
            self.books.held[place] = "frozen" if word == "freeze" else "locked"

    @rule(number=WHO, turn=st.integers(0, 11), why=st.sampled_from(["x", "y", ""]))
    def unlock(self, number, turn, why):
        """Open a place, three times in four one that is held."""
        role = apt("unlock", number)
        among = sorted(self.books.held) if self.books.held and turn < 9 else PLACES
        place = among[turn % len(among)]
        act = Unlock(on=self.on(self.day), reason=why, **self.where(place))
        around = [each for each in INSIDE[place][:-1] if each in self.books.held]
        if self.attempt("unlock", act, role, place in self.books.held and not around and why):
            self.books.open_up(place)

    @rule(number=WHO)
    def verify(self, number):
        """Compare the grade with its source."""
        role = apt("verify", number)
        act = VerifySource("P-1", self.on(self.day), (DataPoint(self.event, GRADE),))
        if self.attempt("verify", act, role, not self.books.verified):
            self.books.verified = True

    @rule(number=WHO, what=st.sampled_from(["casebook", "events"]))
    def sign(self, number, what):
        """Sign everything of P-1, or the events alone."""
        role = apt("sign", number)
        target = Target("casebook", "P-1")
        if what == "events":
            target = Target("form", "P-1", "adverse_events")
        act = signature(self.trial.live, target, role, self.on(self.day))
        if self.attempt("sign", act, role, is_possible=True):
            self.books.signed.append([what, "valid"])

    @invariant()
    def the_state_stands_as_in_the_books(self):
        """Compare queries, holds and verifications, word by word."""
        found = self.trial.live.oversight
        assert [each.state for each in found.queries.values()] == [
            state for _, state in self.books.queries
        ]
        names = {"data point": "grade", "form": "events"}
        assert {
            names.get(scope.level, scope.level): hold.state for scope, hold in found.holds.items()
        } == self.books.held
        assert bool(found.verified) == self.books.verified

    def teardown(self):
        """Signatures stand as in the books, and the ledger replays to the same state."""
        stands = [each.state for each in standings(self.study, self.trial.records)]
        assert stands == [state for _, state in self.books.signed]
        assert fold(self.study, self.trial.records) == self.trial.live


@pytest.mark.sized
def test_acts_in_any_order_leave_what_the_books_say(study, say, tell):
    """Random histories agree with the clerk; each act was both allowed and refused."""
    tried = settings(
        max_examples=HISTORIES,
        derandomize=True,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    seen = Counter()

    run_state_machine_as_test(lambda: Overseeing(study, say, seen), settings=tried)

    tell("oversight in any order", histories=HISTORIES, steps_at_most=HISTORIES * STEPS,
         acts_allowed=sum(seen[word, True] for word in MAY),
         acts_refused=sum(seen[word, False] for word in MAY))  # fmt: skip
    missing = {(word, done) for word in MAY for done in (True, False)} - set(seen)
    assert not missing
