"""The gateway: one way in, under the trial's lock; a refused act leaves nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Barrier, Event

import pytest

from trialwright.conduct.acts import Assign, Attest, Consent, OpenTrial, Redact, Register
from trialwright.conduct.folding import fold
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal, refuse

DAY = date(2026, 2, 5)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
INVESTIGATOR = Actor("i.vestigator", "investigator", "mgh")
MANAGER = Actor("d.manager", "data-manager", "mgh")
PLACES = 3


def test_an_act_is_recorded_with_actor_door_and_protocol(desk):
    """What was decided stands in the ledger, signed, with who did it and by which rules."""
    gateway = desk.gateway()

    done = gateway.execute(OpenTrial(DAY), CHIEF)

    (record,) = desk.ledger().records(gateway.trial)
    assert (record.actor, record.role, record.site, record.source) == (
        "p.chief",
        "principal-investigator",
        "mgh",
        "test",
    )
    assert record.protocol == gateway.protocol.digest
    assert record.entered_at == "2026-11-22T12:00:00.000Z"
    assert done.receipt.sequence == record.sequence == 1
    assert done.happenings == (record.happening,)


def test_a_refused_act_leaves_nothing(desk):
    """Neither a happening nor a head, and the next act is taken."""
    gateway = desk.open()
    head = desk.ledger().head(gateway.trial)

    with pytest.raises(Refusal):
        gateway.execute(Register("P-1", "A", DAY, DAY), CHIEF)

    assert desk.ledger().head(gateway.trial) == head
    gateway.execute(Consent("P-1", DAY), CHIEF)
    assert desk.ledger().verify(gateway.trial).is_intact


class Failing:
    """A store whose commit fails after the append."""

    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        return getattr(self.store, name)

    @contextmanager
    def transaction(self, trial):
        """Append, then fail before the end."""
        with self.store.transaction(trial) as chain:
            yield chain
            raise refuse("ledger", "no space left on the disk", "room", "Make room")


def test_nothing_is_recorded_when_the_commit_fails(desk):
    """The act can be repeated; the state held knows nothing of it."""
    desk.open()
    gateway = desk.gateway(Failing(desk.ledger()))

    with pytest.raises(Refusal, match="no space left"):
        gateway.execute(Consent("P-1", DAY), CHIEF)

    assert gateway.state().participants == {}
    assert len(list(desk.ledger().records(gateway.trial))) == 1
    desk.gateway().execute(Consent("P-1", DAY), CHIEF)
    assert set(gateway.state().participants) == {"P-1"}


def test_several_acts_end_at_the_first_that_is_refused(desk):
    """Those before it stay done."""
    gateway = desk.open()
    acts = (Consent("P-1", DAY), Consent("P-1", DAY), Consent("P-2", DAY))

    with pytest.raises(Refusal, match="in use"):
        gateway.execute_all(acts, CHIEF)

    assert set(gateway.state().participants) == {"P-1"}


def test_two_gateways_see_each_other(desk):
    """Each brings its state up to date before it decides."""
    one, other = desk.open(), desk.gateway()
    one.execute(Consent("P-1", DAY), CHIEF)

    with pytest.raises(Refusal, match="in use"):
        other.execute(Consent("P-1", DAY), CHIEF)

    assert other.state() == one.state()


def test_the_held_state_equals_a_fold_from_the_beginning(desk):
    """Holding the state is a matter of speed alone."""
    gateway = desk.open()
    desk.register(gateway, "P-1")
    gateway.execute(Assign("P-1", DAY), CHIEF)

    assert gateway.state() == gateway.state_at()
    assert gateway.state_at(known_at=1).participants == {}
    assert gateway.state_at(as_of=date(2026, 2, 4)).opened_on is None


def test_threads_that_race_for_the_last_places_fill_them_and_no_more(desk):
    """Eight at once for three places, each with a gateway of its own."""
    gateway = desk.open()
    numbers = [f"P-{number}" for number in range(1, 9)]
    for number in numbers:
        desk.register(gateway, number)
    start = Barrier(len(numbers))

    def run(number):
        own = desk.gateway()
        own.state()
        start.wait()
        try:
            own.execute(Assign(number, DAY), CHIEF)
        except Refusal as refused:
            return refused.faults[0].found
        return "assigned"

    with ThreadPoolExecutor(len(numbers)) as pool:
        told = list(pool.map(run, numbers))

    assert told.count("assigned") == PLACES
    assert sum("no place is open" in each for each in told) == len(numbers) - PLACES
    assert len(gateway.state().cohorts["A"].assigned) == PLACES
    assert desk.ledger().verify(gateway.trial, every_signature=True).is_intact


RACER = """
import sys, time
from dataclasses import replace
from datetime import date
from pathlib import Path
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import shipped
from trialwright.conduct.acts import Assign
from trialwright.conduct.roles import Actor
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal

path, number = Path(sys.argv[1]), sys.argv[2]
read = shipped("nct03959891")
few = tuple(each for each in read.study.criteria if each.id in ("I04", "I18", "E11"))
protocol = replace(read, study=read.study.model_copy(update={"criteria": few}))
store = SqliteLedger.open(path, signing=SigningKey(bytes(range(32))))
gateway = Gateway(store, protocol, lambda: "2026-11-22T12:00:00.000Z", "test")
gateway.state()
print("ready", flush=True)
sys.stdin.readline()
try:
    gateway.execute(Assign(number, date(2026, 2, 5)), Actor("c", "coordinator", "mgh"))
    print("assigned")
except Refusal as refused:
    print(refused.faults[0].found)
"""


def test_processes_that_race_for_the_last_place_fill_it_once(desk):
    """Four processes for one place: the lock is in the database, not in the program."""
    gateway = desk.open()
    numbers = [f"P-{number}" for number in range(1, 7)]
    for number in numbers:
        desk.register(gateway, number)
    for number in numbers[:2]:
        gateway.execute(Assign(number, DAY), CHIEF)

    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(desk.path), number],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in numbers[2:]
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    told = [racer.communicate(timeout=60)[0].strip() for racer in racers]

    assert told.count("assigned") == 1
    assert sum("no place is open" in each for each in told) == 3
    assert len(gateway.state().cohorts["A"].assigned) == PLACES


@pytest.fixture
def mistyped(desk):
    """Give a trial in which a name was typed into the reason of an answer."""
    gateway = desk.open()
    desk.register(gateway, "P-1")
    answers = gateway.state().participants["P-1"].casebook.attestations
    named = replace(answers[0], reason="signed by Canary Birdsong on the ward")
    done = gateway.execute(Attest("P-1", named), INVESTIGATOR)
    return gateway, done.receipt.sequence


def test_a_name_entered_by_mistake_is_erased_and_the_chain_stands(desk, mistyped):
    """The bytes are gone from the file, the ledger verifies, and the answer still counts."""
    gateway, sequence = mistyped
    assert b"Canary" in desk.path.read_bytes()

    done = gateway.execute(Redact("P-1", DAY, sequence, "reason", "a name was typed"), MANAGER)

    assert done.happenings[0].act == "redacted"
    assert not [each for each in desk.folder.iterdir() if b"Canary" in each.read_bytes()]
    assert desk.ledger().verify(gateway.trial, every_signature=True).is_intact
    here = gateway.state().participants["P-1"]
    assert "Canary" not in repr(gateway.state())
    assert (here.casebook.attestations[-1].answer, here.unreadable) == ("yes", ())


def test_every_gateway_forgets_what_was_erased(desk, mistyped):
    """A gateway that held the name folds anew when it sees the redaction."""
    gateway, sequence = mistyped
    other = desk.gateway()
    assert "Canary" in repr(other.state())

    gateway.execute(Redact("P-1", DAY, sequence, "reason", "a name was typed"), MANAGER)

    assert "Canary" not in repr(other.state())
    other.execute(Consent("P-2", DAY), CHIEF)
    assert other.state() == fold(gateway.protocol.study, desk.ledger().records(gateway.trial))


@pytest.mark.parametrize("field", ["payload/nothing", "payload", "Reason", ""])
def test_a_field_that_is_not_there_cannot_be_erased(desk, mistyped, field):
    """The ledger refuses, and nothing is recorded."""
    gateway, sequence = mistyped
    before = desk.ledger().head(gateway.trial)

    with pytest.raises(Refusal):
        gateway.execute(Redact("P-1", DAY, sequence, field, "a name was typed"), MANAGER)

    assert desk.ledger().head(gateway.trial) == before


def test_a_field_is_erased_once(desk, mistyped):
    """The second redaction of a field is refused."""
    gateway, sequence = mistyped
    act = Redact("P-1", DAY, sequence, "reason", "a name was typed")
    gateway.execute(act, MANAGER)

    with pytest.raises(Refusal, match="redacted already"):
        gateway.execute(act, MANAGER)


class Counted:
    """A store that counts how often the whole ledger is read, slowly enough to be met at it."""

    def __init__(self, store):
        self.store, self.whole = store, 0

    def __getattr__(self, name):
        """Give everything else as the store has it."""
        return getattr(self.store, name)

    def records(self, trial, after=0):
        """Read, and count what begins at the first happening."""
        if not after:
            self.whole += 1
            Event().wait(0.2)
        return self.store.records(trial, after)


def test_many_threads_that_ask_for_the_state_fold_it_once(desk):
    """Right after the start all of them ask for it; each gets the same state."""
    desk.open()
    gateway = desk.gateway()
    counted = Counted(gateway.store)
    gateway = replace(gateway, store=counted)
    begun = Barrier(8)

    def ask():
        begun.wait(20)
        return gateway.state()

    with ThreadPoolExecutor(8) as pool:
        states = [each.result(20) for each in [pool.submit(ask) for _ in range(8)]]

    assert counted.whole == 1
    assert {id(each) for each in states} == {id(states[0])}
    assert states[0].sequence == desk.ledger().head(gateway.trial).sequence


def test_a_state_is_taken_up_from_what_was_read_already(desk):
    """The same as folded from the ledger; what is newer is read as ever, and taken up again."""
    one = desk.open()
    one.execute(Consent("P-1", DAY), CHIEF)
    records = tuple(desk.ledger().records(one.trial))
    other = desk.gateway()

    other.take_up(records[:1])
    assert other.state().sequence == len(records)
    other.take_up(records)

    assert other.state() == one.state()
