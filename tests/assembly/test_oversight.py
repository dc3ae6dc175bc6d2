"""Oversight through the gateway: act, ledger, fold; a refusal leaves nothing."""

from datetime import UTC, date, datetime

import pytest

from trialwright.conduct.acts import Attest, Consent, OpenTrial, Redact
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import EVERY_SITE, Delegate, EndDelegation
from trialwright.conduct.folding import fold
from trialwright.conduct.locking_acts import DataPoint, Lock, Unlock, VerifySource
from trialwright.conduct.query_acts import AnswerQuery, CloseQuery, RaiseQuery
from trialwright.conduct.roles import Actor
from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing_acts import Sign, Target
from trialwright.conduct.standing import standings
from trialwright.terms.errors import Refusal

DAY, TODAY = date(2026, 2, 5), date(2026, 11, 22)  # the clock of the desk stands at 22 November
OPERATOR = Actor("root", "operator", "mgh")
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
INVESTIGATOR = Actor("i.vestigator", "investigator", "mgh")
MONITOR = Actor("m.onitor", "monitor", "mgh")
MANAGER = Actor("d.manager", "data-manager", "mgh")


def row(actor, name, until=None):
    """Delegate every task of a role at every site."""
    tasks = tuple(sorted(tasks_of(actor.role)))
    return Delegate(actor.account, name, actor.role, EVERY_SITE, tasks, DAY, until, DAY, DAY)


@pytest.fixture
def gateway(desk):
    """Give a trial with a delegation log and P-1 registered."""
    gateway = desk.gateway()
    gateway.execute(row(CHIEF, "Paula Lindqvist"), OPERATOR)
    for actor, name in ((INVESTIGATOR, "Ike Okafor"), (MONITOR, "Mona Ito"), (MANAGER, "Dan Mora")):
        gateway.execute(row(actor, name), CHIEF)
    gateway.execute(OpenTrial(DAY), CHIEF)
    desk.register(gateway, "P-1")
    return gateway


def signed(gateway, target):
    """Give the act of a signature on what the ledger holds now."""
    at = datetime(2026, 2, 5, 9, 30, tzinfo=UTC)
    digest = content_digest(gateway.state(), target)
    return Sign(target, "responsible", digest, INVESTIGATOR.account, at, ("password",))


def refused(desk, gateway, act, actor):
    """Do an act that is refused; the ledger stays as it is."""
    before = desk.ledger().head(gateway.trial)
    with pytest.raises(Refusal) as told:
        gateway.execute(act, actor)
    assert desk.ledger().head(gateway.trial) == before
    return str(told.value)


def test_every_kind_of_oversight_goes_through_the_ledger(desk, gateway):
    """The state held equals a fold from the beginning, and the chain verifies."""
    facts = next(e.sequence for e in desk.ledger().records(gateway.trial)
                 if e.happening.act == "facts_recorded")  # fmt: skip
    score = "payload/observations/#0/value/value"
    for act, actor in (
        (RaiseQuery("P-1", DAY, "0 or 1?", sequence=facts, field=score), MONITOR),
        (AnswerQuery("P-1", 1, DAY, "1, see the chart"), INVESTIGATOR),
        (CloseQuery("P-1", 1, DAY), MONITOR),
        (VerifySource("P-1", DAY, (DataPoint(facts, score),)), MONITOR),
        (signed(gateway, Target("casebook", "P-1")), INVESTIGATOR),
        (Lock("P-1", DAY), MANAGER),
        (Unlock("P-1", DAY, "late report"), MANAGER),
    ):
        gateway.execute(act, actor)

    records = tuple(desk.ledger().records(gateway.trial))
    assert gateway.state() == fold(gateway.protocol.study, records)
    assert desk.ledger().verify(gateway.trial, every_signature=True).is_intact
    (standing,) = standings(gateway.protocol.study, records)
    assert (standing.state, standing.since) == ("void", records[-1].sequence)


@pytest.mark.parametrize(
    "field", ["payload/observations/#0/value", "payload/observations/#9/value"]
)
def test_a_data_point_must_stand_in_the_ledger(desk, gateway, field):
    """One value, not a part of several, and none that is not there."""
    facts = next(e.sequence for e in desk.ledger().records(gateway.trial)
                 if e.happening.act == "facts_recorded")  # fmt: skip
    for act in (
        RaiseQuery("P-1", DAY, "0 or 1?", sequence=facts, field=field),
        VerifySource("P-1", DAY, (DataPoint(facts, field),)),
    ):
        assert "the path of one value that was entered" in refused(desk, gateway, act, MONITOR)


def test_what_is_not_delegated_leaves_nothing(desk, gateway):
    """An account that the log does not know, and a role that it does not give."""
    stranger = Actor("somebody", "coordinator", "mgh")

    assert "accounts of the delegation log" in refused(desk, gateway, Consent("P-2", DAY), stranger)
    other = Actor(MONITOR.account, "coordinator", "mgh")
    assert "none with role coordinator" in refused(desk, gateway, Consent("P-2", DAY), other)


def test_who_has_left_enters_nothing_for_the_days_before(desk, gateway):
    """The day of entry counts beside the day of the act."""
    gateway.execute(Consent("P-2", DAY), INVESTIGATOR)
    gateway.execute(EndDelegation(2, date(2026, 6, 30)), CHIEF)

    told = refused(desk, gateway, Consent("P-3", DAY), INVESTIGATOR)

    assert f"none with day {TODAY.isoformat()}" in told


def test_a_stale_page_signs_nothing(desk, gateway):
    """Another gateway recorded something between showing and signing."""
    act = signed(gateway, Target("form", "P-1", "casebook"))
    other = desk.gateway()
    again = gateway.state().participants["P-1"].casebook.attestations[0]
    other.execute(Attest("P-1", again), INVESTIGATOR)

    assert "Look at it again" in refused(desk, gateway, act, INVESTIGATOR)


def test_a_question_with_a_name_is_erased_from_the_file(desk, gateway):
    """The words of a query are redactable; its state stays."""
    done = gateway.execute(RaiseQuery("P-1", DAY, "Is this Canary Birdsong?"), MONITOR)
    assert b"Birdsong" in desk.path.read_bytes()

    gateway.execute(Redact("P-1", DAY, done.receipt.sequence, "reason", "a name"), MANAGER)

    assert not [each for each in desk.folder.iterdir() if b"Birdsong" in each.read_bytes()]
    (step,) = gateway.state().oversight.queries[1].steps
    assert (step.state, step.text) == ("Open", "(the words were redacted)")
