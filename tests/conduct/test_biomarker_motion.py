"""Any order of acts about biomarkers: what is accepted, and what stands afterwards.

The model beside it knows labels, their owners and parents, and runs; it was written from the page
on specimens and shares no code with the rules.
"""

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.conduct import biomarker_story as story
from tests.sizes import sized

from trialwright.casebook.materials import Material
from trialwright.conduct.acts import Consent
from trialwright.conduct.biomarker_acts import RecordMaterials
from trialwright.terms.errors import Refusal

PEOPLE = st.sampled_from(["P-1", "P-2"])
LABELS = st.sampled_from(["A", "B", "C", "D"])
KINDS = st.sampled_from(["block", "slides", "DNA", "tube", "plasma", "cfDNA"])
PARENTS = {
    "slides": {"block"},
    "DNA": {"block", "slides"},
    "plasma": {"tube"},
    "cfDNA": {"tube", "plasma"},
}
TISSUE = {"block", "slides", "DNA"}


class Motion(RuleBasedStateMachine):
    """A trial, and the model of what may be recorded in it."""

    study = say = None

    @initialize()
    def begin(self):
        """Open the trial, and let two people consent."""
        self.trial = self.say.empty(self.study)
        self.trial.do(self.say.OPENING)
        for number in ("P-1", "P-2"):
            self.trial.do(Consent(number, self.say.CONSENTED))
        self.owner, self.kind, self.runs, self.stains = {}, {}, {}, {"P-1": 0, "P-2": 0}

    def expect(self, act, *, accepted):
        """Do an act, which is accepted or refused as the model says."""
        before = len(self.trial.records)
        try:
            self.trial.do(act)
        except Refusal:
            assert not accepted, act
            assert len(self.trial.records) == before
        else:
            assert accepted, act

    @rule(who=PEOPLE, label=LABELS, kind=KINDS, parent=st.one_of(st.just(""), LABELS))
    def take(self, who, label, kind, parent):
        """Record one piece of material."""
        piece = Material(label, kind, parent, "archival", None, "adequate", story.CHART)
        fits = not parent or (
            self.owner.get(parent) == who and self.kind[parent] in PARENTS.get(kind, set())
        )
        accepted = label not in self.owner and fits
        self.expect(RecordMaterials(who, story.ENTRY, (piece,)), accepted=accepted)
        if accepted:
            self.owner[label], self.kind[label] = who, kind

    @rule(who=PEOPLE, label=LABELS, run=st.sampled_from(["R-1", "R-2", "R-3"]))
    def sequence(self, who, label, run):
        """Record a run."""
        accepted = self.owner.get(label) == who and run not in self.runs
        self.expect(story.sequencing(who, run, material=label), accepted=accepted)
        if accepted:
            self.runs[run] = who

    @rule(who=PEOPLE, label=LABELS)
    def stain(self, who, label):
        """Record a stain."""
        accepted = self.owner.get(label) == who and self.kind[label] in TISSUE
        self.expect(story.stain(who, material=label, read=date(2026, 2, 20)), accepted=accepted)
        self.stains[who] += accepted

    @invariant()
    def what_stands_is_what_was_accepted(self):
        """Labels, runs and stains of each; and folding again gives the same."""
        if not hasattr(self, "trial"):
            return
        for who, here in self.trial.live.participants.items():
            held = here.biomarkers
            assert {each.id for each in held.materials} == {
                label for label, owner in self.owner.items() if owner == who
            }
            assert {each.id for each in held.runs} == {
                run for run, owner in self.runs.items() if owner == who
            }
            assert len(held.stains) == self.stains[who]

    def teardown(self):
        """Fold the whole ledger from the beginning."""
        if hasattr(self, "trial"):
            assert self.trial.state == self.trial.live


@pytest.mark.sized
def test_any_order_of_acts(study, say):
    """Forty acts in every run."""

    class Here(Motion):
        """The machine, with the protocol of these tests."""

    Here.study, Here.say = study, say
    machine = Here.TestCase
    machine.settings = settings(
        max_examples=sized(400, 12),
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine().runTest()
