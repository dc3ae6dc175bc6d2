"""Places through the gateway on a real ledger: expiry recorded first, races, refusals."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from tests.assembly.slot_racing import (
    ARMS,
    DAY,
    RACERS,
    count_then_insert,
    gateway,
    last_act,
    prepare_race,
    race,
)
from tests.sizes import sized

from trialwright.conduct.acts import Consent, OpenTrial, Redact, Register
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.folding import fold
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.slot_holding import places
from trialwright.terms.errors import Refusal

CHIEF = Actor("p.chief", "principal-investigator", "mgh")
ROUNDS = sized(full=42, default=1)
"""Ledgers of 24 cohorts: 24 cohorts by default, 1,008 in the full suite."""

PLACES = 3


def taken(state, arm):
    """Count the places of an arm that are held, or taken by somebody."""
    return len(places(state, arm, DAY).held) + len(state.of_arm(arm))


@pytest.mark.sized
@pytest.mark.parametrize("number", range(ROUNDS))
def test_eight_racers_never_overfill_and_never_underfill_a_cohort(tmp_path, number):
    """Eight processes go for three places in each of 24 cohorts, held or taken: three get one."""
    prepare_race(tmp_path)
    running = multiprocessing.get_context("fork")
    start = running.Barrier(RACERS, timeout=120)
    racers = [
        running.Process(target=race, args=(tmp_path, racer, start)) for racer in range(RACERS)
    ]

    for each in racers:
        each.start()
    for each in racers:
        each.join(timeout=300)

    assert [each.exitcode for each in racers] == [0] * RACERS
    after = gateway(tmp_path)
    state = after.state()
    assert {arm: taken(state, arm) for arm in ARMS} == dict.fromkeys(ARMS, PLACES)
    assert {places(state, arm, DAY).free for arm in ARMS} == {0}
    assert after.store.verify(after.trial).is_intact


def test_counting_before_the_lock_overfills(tmp_path):
    """The negative control: the same race, decided on a state that was read before the lock."""
    prepare_race(tmp_path, arms=2)
    for arm in (0, 1):
        start = Barrier(RACERS, timeout=60)
        acts = [last_act(arm, racer) for racer in range(RACERS)]
        with ThreadPoolExecutor(RACERS) as pool:
            waiting = [
                pool.submit(count_then_insert, gateway(tmp_path), act, start) for act in acts
            ]
            assert [each.exception() for each in waiting] == [None] * RACERS

    state = gateway(tmp_path).state()
    assert [taken(state, arm) for arm in ARMS[:2]] == [RACERS, RACERS]


def test_every_act_goes_through_the_gateway_and_folds_to_the_same_state(tmp_path):
    """Each act is recorded; a new gateway that reads the ledger has an equal state."""
    held = gateway(tmp_path)
    later = DAY + timedelta(days=20)
    acts = [
        OpenTrial(DAY),
        RequestSlot("request-1", "A", "mgh", DAY),
        RequestSlot("request-2", "A", "mgh", DAY),
        RequestSlot("request-3", "A", "mgh", DAY),
        ReserveSlot("request-2", DAY, "mutation"),
        Consent("P-1", DAY),
        LinkSlot("request-2", "P-1", DAY),
        ReleaseSlot("request-2", DAY, "not washed out"),
        RefuseSlot("request-3", DAY, "no measurable disease"),
        HoldCohort("A", DAY, "safety review"),
        ResumeCohort("A", DAY, "review done"),
        CloseCohort("A", DAY, "drug is short"),
        OpenCohort("A", DAY, "drug is back"),
        ReserveSlot("request-1", DAY),
        RequestSlot("request-4", "A", "mgh", later),
        WithdrawSlot("request-4", later),
        Redact("request-2", later, 9, "reason", "a name was typed"),
    ]

    done = [held.execute(act, CHIEF) for act in acts]

    assert held.state() == gateway(tmp_path).state()
    records = list(held.store.records(held.trial))
    assert held.state() == fold(held.protocol.study, records)
    assert [each.act for each in done[14].due] == ["slot_expired"]
    assert held.store.verify(held.trial, every_signature=True).is_intact
    assert records[8].happening.act == "slot_released"
    assert records[8].happening.reason == ""


def test_an_expiry_is_recorded_in_the_transaction_of_the_next_act_by_the_system(tmp_path):
    """The actor is `system`; the receipt covers both; the day is the one after the last held."""
    held = gateway(tmp_path)
    held.execute(OpenTrial(DAY), CHIEF)
    held.execute(RequestSlot("request-1", "A", "mgh", DAY), CHIEF)
    held.execute(ReserveSlot("request-1", DAY), CHIEF)

    done = held.execute(RequestSlot("request-2", "A", "mgh", DAY + timedelta(days=40)), CHIEF)

    expired, requested = list(held.store.records(held.trial))[-2:]
    assert (expired.actor, expired.role, expired.site) == ("system", "system", "system")
    assert (expired.happening.act, expired.happening.on) == ("slot_expired", date(2026, 2, 20))
    assert (requested.actor, requested.happening.act) == ("p.chief", "slot_requested")
    assert done.due == (expired.happening,)
    assert done.receipt.sequence == requested.sequence == 5


def test_a_refused_act_leaves_no_expiry_either(tmp_path):
    """The whole transaction is rolled back, and the next act records it."""
    held = gateway(tmp_path)
    held.execute(OpenTrial(DAY), CHIEF)
    held.execute(RequestSlot("request-1", "A", "mgh", DAY), CHIEF)
    held.execute(ReserveSlot("request-1", DAY), CHIEF)
    before = held.store.head(held.trial)
    late = DAY + timedelta(days=15)

    with pytest.raises(Refusal, match=r"request-1 expired on 2026-02-20"):
        held.execute(ReleaseSlot("request-1", late, "late"), CHIEF)

    assert held.store.head(held.trial) == before
    held.execute(Consent("P-1", late), CHIEF)
    done = held.execute(Register("P-1", "A", late, late), CHIEF)
    assert [each.act for each in (*done.due, *done.happenings)] == ["slot_expired", "registered"]
