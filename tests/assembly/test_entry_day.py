"""Nothing that was done lies ahead of its entry; the clock is the gateway's."""

from datetime import date, timedelta

import pytest
from tests.assembly.conftest import CHIEF, DAY

from trialwright.assembly.gateway import Step
from trialwright.conduct.acts import Consent, DecideDose
from trialwright.conduct.cohort_acts import HoldCohort
from trialwright.conduct.slot_acts import ReleaseSlot, RequestSlot
from trialwright.terms.errors import Refusal

ENTERED = date(2026, 11, 22)  # what the clock of these gateways says
TOMORROW = ENTERED + timedelta(days=1)


@pytest.mark.parametrize(
    "act",
    [
        ReleaseSlot("request-1", date(2062, 2, 5), "typed wrong"),
        HoldCohort("A", TOMORROW + timedelta(days=1), "typed wrong"),
        DecideDose("A", date(2027, 2, 5), date(2027, 2, 5)),
        Consent("P-1", TOMORROW + timedelta(days=1)),
    ],
    ids=lambda act: type(act).__name__,
)
def test_a_day_that_has_not_come_is_refused_and_nothing_expires(desk, act):
    """The refusal names both days; the ledger stays as it was."""
    gateway = desk.open()
    gateway.execute(RequestSlot("request-1", "A", "mgh", DAY), CHIEF)
    head = gateway.store.head(gateway.trial)

    with pytest.raises(Refusal) as refused:
        gateway.execute(act, CHIEF)

    (fault,) = refused.value.faults
    assert fault.where == "on"
    assert act.on.isoformat() in fault.found
    assert ENTERED.isoformat() in fault.found
    assert fault.allowed.startswith(f"{TOMORROW.isoformat()} or earlier")
    assert gateway.store.head(gateway.trial) == head


def test_a_site_ahead_of_greenwich_enters_its_own_day(desk):
    """At 12:00 UTC it is past midnight at UTC+14; one day ahead is taken."""
    gateway = desk.open()

    gateway.execute(Consent("P-1", TOMORROW), CHIEF)

    assert gateway.state().participants["P-1"].consented_on == TOMORROW


def test_of_several_acts_each_day_is_looked_at(desk):
    """One line of a file lies ahead: it is named, and none of them is recorded."""
    gateway = desk.open()
    steps = [
        Step(Consent(f"P-{line}", on), {"door": "import"}, "people.csv", line)
        for line, on in ((1, DAY), (2, date(2062, 2, 5)))
    ]

    with pytest.raises(Refusal) as refused:
        gateway.execute_whole(steps, CHIEF)

    assert [(each.where, each.file, each.line) for each in refused.value.faults] == [
        ("on", "people.csv", 2)
    ]
    assert gateway.state().participants == {}
