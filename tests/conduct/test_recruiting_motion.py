"""Statuses in any order: acts at random, held against a table of days kept by hand."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from tests.conduct.motion import Motion

from trialwright.conduct.acts import Consent, Register
from trialwright.conduct.folding import fold
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.recruiting_acts import (
    CloseSite,
    CloseTrial,
    OpenSite,
    ReopenSite,
    ReopenTrial,
    SuspendSite,
    SuspendTrial,
)
from trialwright.conduct.roles import Actor

DAYS = 12
SITES = ("mgh", "elsewhere")
TRIAL_ACTS = {"suspend": SuspendTrial, "close": CloseTrial, "reopen": ReopenTrial}
SITE_ACTS = {"open": OpenSite, "suspend": SuspendSite, "close": CloseSite, "reopen": ReopenSite}
LEADS = {
    ("N", "open"): "A",
    ("N", "close"): "C",
    ("A", "suspend"): "S",
    ("A", "close"): "C",
    ("S", "close"): "C",
    ("S", "reopen"): "A",
    ("C", "reopen"): "A",
}
"""Status and act to the status that follows: not yet active, active, suspended, closed."""

LETTER = {"not yet active": "N", "active": "A", "suspended": "S", "closed": "C"}


@dataclass
class Table:
    """One letter for each day and each of trial and sites, as a clerk would keep it on paper."""

    trial: list[str] = field(default_factory=lambda: ["A"] * DAYS)
    own: dict[str, list[str]] = field(
        default_factory=lambda: {"mgh": ["A"] * DAYS, "elsewhere": ["N"] * DAYS}
    )
    last: dict[str, int] = field(default_factory=lambda: {"trial": 0, "mgh": 0, "elsewhere": 0})

    def seen(self, site, day):
        """Give the letter that the public sees of a site."""
        own, trial = self.own[site][day], self.trial[day]
        return "S" if (own, trial) == ("A", "S") else own

    def write(self, row, who, day, letter):
        """Write a letter from a day to the end of the row."""
        row[day:] = [letter] * (DAYS - day)
        self.last[who] = day

    def move_trial(self, word, day):
        """Move the trial if the table allows it."""
        late = max(self.last.values()) if word == "close" else self.last["trial"]
        to = LEADS.get((self.trial[day], word))
        if to is None or day < late:
            return False
        self.write(self.trial, "trial", day, to)
        for site in SITES if to == "C" else ():
            if self.own[site][day] != "C":
                self.write(self.own[site], site, day, "C")
        return True

    def move_site(self, site, word, day):
        """Move a site if the table allows it."""
        to = LEADS.get((self.own[site][day], word))
        if to is None or day < self.last[site] or (to == "A" and self.trial[day] == "C"):
            return False
        self.write(self.own[site], site, day, to)
        return True

    def lets_in(self, day, *sites):
        """Say whether somebody new is let in."""
        return self.trial[day] == "A" and all(self.own[site][day] == "A" for site in sites)


class Recruiting(Motion):
    """Acts in any order and on any day, on a trial and on the table."""

    def __init__(self, study, say, seen):
        super().__init__(study, say, seen)
        self.table = Table()

    @rule(word=st.sampled_from(sorted(TRIAL_ACTS)), day=st.integers(0, DAYS - 1))
    def move_trial(self, word, day):
        """Suspend, close or reopen the trial."""
        act = TRIAL_ACTS[word](self.day(day), "a reason")
        self.attempt(act, self.say.CHIEF, self.table.move_trial(word, day))

    @rule(site=st.sampled_from(SITES), word=st.sampled_from(sorted(SITE_ACTS)),
          day=st.integers(0, DAYS - 1))  # fmt: skip
    def move_site(self, site, word, day):
        """Open, suspend, close or reopen a site."""
        act = SITE_ACTS[word](site, self.day(day), "a reason")
        self.attempt(act, self.say.CHIEF, self.table.move_site(site, word, day))

    @rule(site=st.sampled_from(SITES), day=st.integers(0, DAYS - 1))
    def consent(self, site, day):
        """Consent somebody new at a site."""
        number = f"P-{len(self.people)}"
        is_allowed = self.table.lets_in(day, site)
        actor = Actor("c", "principal-investigator", site)
        self.attempt(Consent(number, self.day(day)), actor, is_allowed)
        if is_allowed:
            self.people[number] = (site, day, False)

    @rule(choose=st.randoms(use_true_random=False), at=st.sampled_from(SITES))
    def register(self, choose, at):
        """Record and answer for somebody, whatever the status, and register from some site."""
        waiting = sorted(number for number, (_, _, is_in) in self.people.items() if not is_in)
        if not waiting:
            return
        number = choose.choice(waiting)
        site, since, _ = self.people[number]
        day = choose.randrange(since, DAYS)
        on, actor = self.day(day), Actor("c", "principal-investigator", at)
        self.trial.do(self.say.facts(number, on=on))
        self.trial.do(self.say.answer(number, "informed-consent", "yes", on=on))
        is_allowed = self.table.lets_in(day, site, at)
        self.attempt(Register(number, "A", on, on), actor, is_allowed)
        if is_allowed:
            self.people[number] = (site, since, True)

    @invariant()
    def every_day_stands_as_in_the_table(self):
        """Ask each day, of the live state and of one folded up to that day."""
        for number in range(DAYS):
            day = self.day(number)
            found = statuses_on(self.trial.live, day)
            assert LETTER[found.trial.status] == self.table.trial[number]
            for site in SITES:
                assert LETTER[found.sites[site].status] == self.table.seen(site, number)
                is_open = found.sites[site].status == "active"
                assert not is_open or found.trial.status == "active"

    def teardown(self):
        """Replay the ledger; a view as of a day has the statuses of that day."""
        assert fold(self.study, self.trial.records) == self.trial.live
        for number in range(DAYS):
            day = self.day(number)
            view = fold(self.study, self.trial.records, as_of=day)
            assert statuses_on(view, day) == statuses_on(self.trial.live, day)


def test_acts_in_any_order_leave_the_statuses_of_the_table(study, say):
    """Random histories agree, day by day, with a table worked out by hand; each act was both."""
    tried = settings(
        max_examples=60,
        derandomize=True,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    seen = set()

    run_state_machine_as_test(lambda: Recruiting(study, say, seen), settings=tried)

    kinds = {*TRIAL_ACTS.values(), *SITE_ACTS.values(), Consent, Register}
    assert seen == {(kind.__name__, done) for kind in kinds for done in (True, False)}
