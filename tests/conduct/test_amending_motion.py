"""Amendments in any order: acts at random, held against a sheet of days kept by hand.

The sheet has a row of days for the trial and one for each site, and a number in each day: the
version in force. It knows nothing of activations, of folding or of the order of entries.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from tests.conduct.amending_history import amended, written
from tests.conduct.motion import Motion
from tests.conduct.test_recruiting_motion import Table
from tests.sizes import sized

from trialwright.casebook.course_ends import ScreenFailure
from trialwright.conduct.acts import Consent
from trialwright.conduct.amending import reconsents_due
from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol, RecordReconsent
from trialwright.conduct.clinical_acts import ScreenFail
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.folding import fold
from trialwright.conduct.recruiting_acts import CloseSite, OpenSite, ReopenSite
from trialwright.conduct.roles import Actor
from trialwright.protocol.study import Site
from trialwright.terms.sources import Source

DAYS = 12
OWN, OTHER, ADDED = "mgh", "elsewhere", "later"
"""Two sites of the first version, and one that the second version adds."""

PLACES = (EVERY_SITE, OWN, OTHER, ADDED)
MOST_VERSIONS = 3
HISTORIES = sized(full=500, default=20)
CHART = Source("person", "chart")


@dataclass
class Sheet:
    """What a clerk knows: days of amendments, a number for each place and day, and signatures."""

    amended: list[int] = field(default_factory=list)
    within: list[int | None] = field(default_factory=list)
    rows: dict[str, list[int | None]] = field(
        default_factory=lambda: {each: [None if each == ADDED else 0] * DAYS for each in PLACES}
    )
    began: dict[tuple[str, int], int] = field(default_factory=dict)

    def number(self, place, day):
        """Give the version in force; the site that came later goes with the trial at first."""
        own = self.rows[place][day]
        return self.rows[EVERY_SITE][day] if own is None else own

    def amend(self, day, within):
        """Write an amendment down, unless an earlier one has a later day."""
        if self.amended and day < self.amended[-1]:
            return False
        self.amended.append(day)
        self.within.append(within)
        return True

    def activate(self, version, place, day):
        """Write a version from a day to the end of the row, where the sheet allows it."""
        started = [on for (where, _), on in self.began.items() if where == place]
        if (
            version > len(self.amended)
            or (place == ADDED and not self.amended)
            or version <= self.number(place, DAYS - 1)
            or day < max([self.amended[version - 1], *started])
            or (place != EVERY_SITE and self.rows[EVERY_SITE][day] < version)
        ):
            return False
        self.rows[place][day:] = [version] * (DAYS - day)
        self.began[(place, version)] = day
        return True


@dataclass
class Person:
    """Somebody who consented: where, when, when again and to what, and when it ended."""

    site: str
    since: int
    again: list[tuple[int, int]] = field(default_factory=list)
    ended: int | None = None

    def agreed(self, sheet, day):
        """Give the newest version agreed to by a day."""
        return max(sheet.number(self.site, self.since), *(v for v, on in self.again if on <= day),
                   0)  # fmt: skip

    def asked(self, sheet, day):
        """Give what is still to be signed on a day: version, since, until; None: nothing."""
        if self.since > day or (self.ended is not None and self.ended <= day):
            return None
        agreed = self.agreed(sheet, day)
        open_ones = [
            (version, on, on + sheet.within[version - 1])
            for (place, version), on in sheet.began.items()
            if place == self.site and version > agreed and on <= day
            and sheet.within[version - 1] is not None
        ]  # fmt: skip
        if not open_ones:
            return None
        versions, days, ends = zip(*open_ones, strict=True)
        return max(versions), min(days), min(ends)


class Amending(Motion):
    """Acts in any order and on any day, on a trial and on the sheet."""

    def __init__(self, study, say, seen):
        super().__init__(study, say, seen)
        self.sheet, self.table = Sheet(), Table()
        for site in (OWN, OWN):
            self.consent_at(site, 0)

    @rule(day=st.integers(0, DAYS - 1), within=st.sampled_from([None, 0, 3]))
    def amend(self, day, within):
        """Put a version on record; each has a name of its own, and the second adds a site."""
        number = len(self.sheet.amended) + 1
        if number > MOST_VERSIONS:
            return
        site = Site(id=ADDED, name="A Third Hospital", status="not yet active")
        text = amended(self.study, f"{number + 1}", sites=(*self.study.sites, site))
        first = written(self.study) if number == 1 else ""
        act = AmendProtocol(text, self.day(day), "a reason", ("the name",), within, first)
        self.attempt(act, self.say.CHIEF, self.sheet.amend(day, within))

    @rule(version=st.integers(1, MOST_VERSIONS), place=st.sampled_from(PLACES),
          day=st.integers(0, DAYS - 1))  # fmt: skip
    def activate(self, version, place, day):
        """Let a version be in force somewhere from some day on."""
        act = ActivateAmendment(version, place, self.day(day))
        self.attempt(act, self.say.CHIEF, self.sheet.activate(version, place, day))

    @rule(ahead=st.integers(0, 2), day=st.integers(0, DAYS - 1), is_everywhere=st.booleans())
    def go_on(self, ahead, day, is_everywhere):
        """Activate what comes next for the trial, and perhaps at the sites as well."""
        version = self.sheet.number(EVERY_SITE, DAYS - 1) + 1
        for place in (EVERY_SITE, OWN, OTHER)[: 3 if is_everywhere else 1]:
            on = min(day + (ahead if place != EVERY_SITE else 0), DAYS - 1)
            act = ActivateAmendment(version, place, self.day(on))
            self.attempt(act, self.say.CHIEF, self.sheet.activate(version, place, on))

    @rule(word=st.sampled_from(["open", "close", "reopen"]), site=st.sampled_from([OWN, OTHER]),
          day=st.integers(0, DAYS - 1))  # fmt: skip
    def move_site(self, word, site, day):
        """Open, close or reopen a site: versions go on being activated and signed there."""
        act = {"open": OpenSite, "close": CloseSite, "reopen": ReopenSite}[word]
        allowed = self.table.move_site(site, word, day)
        self.attempt(act(site, self.day(day), "a reason"), self.say.CHIEF, allowed)

    @rule(site=st.sampled_from([OWN, OTHER]), day=st.integers(0, DAYS - 1))
    def consent(self, site, day):
        """Consent somebody new, where the site lets somebody in."""
        self.consent_at(site, day)

    def consent_at(self, site, day):
        """Consent somebody new at a site on a day."""
        number = f"P-{len(self.people)}"
        is_allowed = self.table.lets_in(day, site)
        actor = Actor("c", "principal-investigator", site)
        self.attempt(Consent(number, self.day(day)), actor, is_allowed)
        if is_allowed:
            self.people[number] = Person(site, day)

    @rule(choose=st.randoms(use_true_random=False), version=st.integers(0, MOST_VERSIONS),
          day=st.integers(0, DAYS - 1))  # fmt: skip
    def sign_again(self, choose, version, day):
        """Consent again, on any day to any version, also at a site that is closed by then.

        Version 0 stands for the last one there, signed on the last day, which mostly can be done.
        """
        if not self.people:
            return
        number = choose.choice(sorted(self.people))
        person = self.people[number]
        if version == 0:
            version, day = max(self.sheet.number(person.site, DAYS - 1), 1), DAYS - 1
        is_allowed = (
            version <= len(self.sheet.amended)
            and self.sheet.began.get((person.site, version), DAYS) <= day
            and day >= person.since
            and person.agreed(self.sheet, DAYS) < version
        )
        act = RecordReconsent(number, version, self.day(day))
        self.attempt(act, Actor("c", "principal-investigator", person.site), is_allowed)
        if is_allowed:
            person.again.append((version, day))

    @rule(choose=st.randoms(use_true_random=False))
    def fail_screening(self, choose):
        """End somebody's screening on the last day: nobody asks for a signature from then on."""
        going_on = sorted(name for name, each in self.people.items() if each.ended is None)
        if not going_on:
            return
        number, last = choose.choice(going_on), self.day(DAYS - 1)
        act = ScreenFail(number, last, ScreenFailure(last, ("I04",), CHART))
        actor = Actor("c", "principal-investigator", self.people[number].site)
        self.attempt(act, actor, is_allowed=True)
        self.people[number].ended = DAYS - 1

    @invariant()
    def every_day_goes_by_the_version_of_the_sheet(self):
        """Ask each place and each day."""
        held = self.trial.live.amendments
        for place in PLACES if self.sheet.amended else ():
            found = [held.at(place, self.day(day)).number for day in range(DAYS)]
            assert found == [self.sheet.number(place, day) for day in range(DAYS)]

    def teardown(self):
        """Replay the ledger, and ask on each day who has yet to consent again, and by when."""
        assert fold(self.study, self.trial.records) == self.trial.live
        for number in range(DAYS):
            day = self.day(number)
            found = {
                each.participant: (each.version, each.since, each.until, each.standing)
                for each in reconsents_due(fold(self.study, self.trial.records, as_of=day), day)
            }
            expected = {}
            for name, person in self.people.items():
                asked = person.asked(self.sheet, number)
                if asked is not None:
                    version, since, until = asked
                    standing = "overdue" if number > until else "due"
                    expected[name] = (version, self.day(since), self.day(until), standing)
                    self.seen.add(standing)
            assert found == expected


def tried(histories):
    """Give the settings of so many histories."""
    return settings(max_examples=histories, derandomize=True, stateful_step_count=40,
                    deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
                    )  # fmt: skip


@pytest.mark.sized
def test_amendments_in_any_order_go_by_the_sheet(study, say):
    """Random histories agree, place by place and day by day, with a sheet kept by hand."""
    seen = set()

    run_state_machine_as_test(lambda: Amending(study, say, seen), settings=tried(HISTORIES))

    kinds = (AmendProtocol, ActivateAmendment, RecordReconsent, Consent, CloseSite, OpenSite)
    assert seen >= {(kind.__name__, done) for kind in kinds for done in (True, False)}
    assert seen >= {"due", "overdue"}


def test_a_wrong_rule_is_found(study, say, monkeypatch):
    """The negative control: a signature that is asked for a day late."""
    from trialwright.conduct import amending

    rule_of_due = amending._due

    def late(state, here, as_of):
        """Ask a day later than the protocol says."""
        for each in rule_of_due(state, here, as_of):
            yield replace(each, until=each.until + timedelta(days=1))

    monkeypatch.setattr(amending, "_due", late)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(lambda: Amending(study, say, set()), settings=tried(60))
