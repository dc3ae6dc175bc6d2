"""The course of a participant through the gateway: act, ledger, fold; a refusal leaves nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from tests.conduct import clinical_story as story

from trialwright.assembly.gateway import Gateway
from trialwright.casebook.exposure import DoseGiven
from trialwright.conduct.acts import Assign, OpenTrial, RecordDoses
from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.corrections import history
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity

CHIEF = Actor("p.chief", "principal-investigator", "mgh")
ASSIGNED = date(2026, 2, 5)


@dataclass
class Acting:
    """Acts of the principal investigator through a gateway."""

    gateway: Gateway

    def do(self, act):
        """Do an act."""
        return self.gateway.execute(act, CHIEF)

    @property
    def records(self):
        """The ledger so far."""
        return list(self.gateway.store.records(self.gateway.trial))


@pytest.fixture
def acting(desk):
    """Give a gateway to a trial in which every act of the course was done, most with P-2."""
    gateway = desk.gateway()
    gateway.execute(OpenTrial(date(2026, 1, 5)), CHIEF)
    desk.register(gateway, "P-2")
    told = Acting(gateway)
    told.do(Assign("P-2", ASSIGNED))
    amount = Quantity(Decimal(200), "mg")
    dose = DoseGiven("ipatasertib", story.FIRST_DOSE, amount, "given", story.CHART)
    told.do(RecordDoses("P-2", story.ENTRY, (dose,)))
    story.tell(told)
    return told


def test_every_act_of_the_course_folds_to_the_state_held(desk, acting):
    """The state held equals one read from the file, by this gateway and by another."""
    state = acting.gateway.state()

    assert state == acting.gateway.state_at() == desk.gateway().state()
    assert state.participants["P-2"].course.death is not None
    assert desk.ledger().verify(acting.gateway.trial).is_intact


def test_a_refused_entry_leaves_nothing(desk, acting):
    """Nobody dies twice."""
    head = desk.ledger().head(acting.gateway.trial)

    with pytest.raises(Refusal, match="without a death"):
        acting.do(story.death("P-2"))

    assert desk.ledger().head(acting.gateway.trial) == head


def test_a_correction_is_seen_by_a_gateway_that_held_the_wrong_value(desk, acting):
    """It folds the participant again and reads nothing of the ledger but what is new."""
    other = desk.gateway()
    other.state()
    form = next(each for each in acting.records if each.happening.act == "form_recorded")
    path = "payload/observations/#0/value/value"

    acting.do(Correct("P-2", story.ENTRY, form.sequence, path, "12.1", "10.9", "read again"))

    assert other.state() == other.state_at()
    told = history(acting.records, form.sequence, path)
    assert [(each.value, each.actor) for each in told] == [
        ("11.2", "p.chief"),
        ("12.1", "p.chief"),
        ("10.9", "p.chief"),
    ]
