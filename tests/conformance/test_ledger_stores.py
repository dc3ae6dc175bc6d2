"""What every ledger store must do, whatever database is under it.

To add a store: one entry in `STORES`. It opens a fresh store in a folder (or in a database of a
server), and again when called again with the same one.
"""

import hashlib
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.servers import fresh_database

from trialwright.conduct.happenings import Happening
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.export import read_lines
from trialwright.ledger.findings import Tampering
from trialwright.ledger.postgres import PostgresLedger
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.ledger.stores import LedgerStore
from trialwright.ledger.verify import verify
from trialwright.terms.canonical import canonical
from trialwright.terms.errors import Refusal

TRIAL, OTHER = "NCT00000001", "NCT00000002"
HEAD = "803d2cbf30e2a9e74464b25f75d06e63bb4ec6f36bd4dab4aa13033ac6949849"
KEY = SigningKey(bytes(range(32)))
ENTRY = {
    "actor": "m.chen",
    "role": "coordinator",
    "site": "site-01",
    "source": "page",
    "protocol": hashlib.sha256(b"protocol").hexdigest(),
    "software": "trialwright 0.1.0",
    "entered_at": "2026-03-14T09:26:53.589Z",
}


def sqlite_store(folder: Path, salts: Callable[[int], bytes], request) -> LedgerStore:
    """Open a ledger in a SQLite file."""
    path = folder / "trial.ledger"
    if not path.exists():
        SqliteLedger.create(path)
    checkpoint = CheckpointFile(folder / "checkpoint.json")
    return SqliteLedger.open(path, signing=KEY, checkpoint=checkpoint, salts=salts)


def postgres_store(folder: Path, salts: Callable[[int], bytes], request) -> LedgerStore:
    """Open a ledger in PostgreSQL."""
    address = request.getfixturevalue("database")
    PostgresLedger.create(address)
    checkpoint = CheckpointFile(folder / "checkpoint.json")
    return PostgresLedger.open(address, signing=KEY, checkpoint=checkpoint, salts=salts)


STORES = {"sqlite": sqlite_store, "postgres": postgres_store}


@pytest.fixture(params=STORES.values(), ids=STORES)
def store(request, tmp_path) -> LedgerStore:
    """Give a fresh store of each kind, with salts that are the same in every run."""
    return fresh(request.param, tmp_path, request)


@pytest.fixture
def database(postgres):
    """Give the address of an empty database."""
    with fresh_database(postgres) as address:
        yield address


def fresh(make, folder, request=None) -> LedgerStore:
    """Open a store with counted salts."""
    counter = itertools.count(1)

    def salts(length: int) -> bytes:
        return hashlib.sha256(b"%d" % next(counter)).digest()[:length]

    return make(folder, salts, request)


def dosed(number: int, subject: str = "A-001") -> Happening:
    """Give a happening."""
    return Happening(
        "dosed",
        subject,
        date(2026, 3, number),
        {"drug": "ipatasertib", "amount": {"value": "400", "unit": "mg"}, "days": [1, 2, None]},
        reason="corrected" if number > 1 else "",
        schema=2,
    )


def append(store: LedgerStore, *happenings: Happening, trial: str = TRIAL, **changed: str):
    """Append in one transaction."""
    with store.transaction(trial) as opened:
        return opened.append(happenings, **{**ENTRY, **changed})


def test_a_fresh_store_is_empty_and_sound(store):
    """No trials, no head, no happenings, nothing broken."""
    assert store.trials() == ()
    assert store.head(TRIAL) is None
    assert list(store.records(TRIAL)) == []
    assert store.verify(TRIAL).is_intact


def test_what_was_appended_is_read_back_whole(store):
    """Every entry of the record and every leaf of the payload."""
    append(store, dosed(1), dosed(2))

    first, second = store.records(TRIAL)

    assert (first.sequence, second.sequence) == (1, 2)
    assert {name: getattr(first, name) for name in ENTRY} == ENTRY
    assert (first.happening, second.happening) == (dosed(1), dosed(2))


@pytest.mark.parametrize(("after", "expected"), [(0, [1, 2, 3]), (2, [3]), (3, []), (9, [])])
def test_reading_begins_after_a_sequence(store, after, expected):
    """Readers that hold a folded state ask for the new happenings alone."""
    append(store, dosed(1), dosed(2), dosed(3))

    assert [record.sequence for record in store.records(TRIAL, after=after)] == expected
    with store.transaction(TRIAL) as opened:
        inside = [record.sequence for record in opened.records(after=after)]
    assert inside == expected


def test_the_format_is_the_same_in_every_store(store):
    """With the same salts, clock and key, every store has the same head."""
    append(store, dosed(1), dosed(2))

    receipt = append(store, dosed(3))

    assert receipt.hash == HEAD
    assert store.head(TRIAL) == receipt


def test_receipts_lie_edge_to_edge(store):
    """Each says from which happening on it speaks."""
    receipts = [append(store, dosed(1), dosed(2)), append(store, dosed(3))]

    assert [(one.first, one.sequence) for one in receipts] == [(1, 2), (3, 3)]
    assert all(KEY.verifying.fits(one.signature, one.statement) for one in receipts)


def test_several_appends_in_one_transaction_have_each_their_head(store):
    """An import with several sources is still all or nothing."""
    with store.transaction(TRIAL) as opened:
        opened.append([dosed(1)], **ENTRY)
        seen = [record.sequence for record in opened.records()]
        last = opened.append([dosed(2), dosed(3)], **{**ENTRY, "source": "import"})

    assert seen == [1]
    assert (last.first, last.sequence) == (2, 3)
    assert [record.source for record in store.records(TRIAL)] == ["page", "import", "import"]
    assert store.verify(TRIAL, every_signature=True).signatures == 2


def test_each_trial_has_its_own_chain(store):
    """Two trials in one store both begin at 1."""
    one, two = append(store, dosed(1)), append(store, dosed(1), trial=OTHER)

    assert store.trials() == (TRIAL, OTHER)
    assert (one.sequence, two.sequence) == (1, 1)
    assert store.verify(TRIAL).is_intact
    assert store.verify(OTHER).is_intact


def test_an_exception_leaves_nothing(store):
    """Whatever was appended in the transaction is gone, and no sequence is lost."""
    append(store, dosed(1))
    with pytest.raises(KeyError), store.transaction(TRIAL) as opened:  # noqa: PT012
        opened.append([dosed(2)], **ENTRY)
        raise KeyError

    assert append(store, dosed(3)).sequence == 2
    assert store.verify(TRIAL).is_intact


@pytest.mark.parametrize(
    ("happenings", "changed", "where"),
    [
        ([], {}, "happenings"),
        ([dosed(1, "Jane Roe")], {}, "subject"),
        ([dosed(1), dosed(2, "")], {}, "subject"),
        ([Happening("Dosed", "A-001", date(2026, 3, 1))], {}, "act"),
        ([Happening("dosed", "A-001", date(2026, 3, 1), {"dose": 0.5})], {}, "payload/dose"),
        ([dosed(1)], {"actor": ""}, "actor"),
        ([dosed(1)], {"role": "\u0440"}, "role"),
        ([dosed(1)], {"site": "a b"}, "site"),
        ([dosed(1)], {"protocol": "v2"}, "protocol"),
        ([dosed(1)], {"entered_at": "2026-03-14T09:26:53+01:00"}, "entered_at"),
    ],
)
def test_what_has_no_place_in_the_record_is_refused_whole(store, happenings, changed, where):
    """One fault among several happenings, and none of them is recorded."""
    with pytest.raises(Refusal) as refused:
        append(store, *happenings, **changed)

    assert [fault.where for fault in refused.value.faults] == [where]
    assert list(store.records(TRIAL)) == []


@pytest.mark.parametrize("trial", ["", "a/b", "Studie für A", "x" * 65])
def test_what_names_no_trial_is_refused(store, trial):
    """Before anything is locked."""
    with pytest.raises(Refusal, match="trial"):
        append(store, dosed(1), trial=trial)
    with pytest.raises(Refusal, match="trial"):
        list(store.records(trial))


def test_a_redaction_erases_one_field(store):
    """The leaf reads as null; the chain, the receipts and the other fields stand."""
    receipts = [append(store, dosed(1), dosed(2))]
    target = {"sequence": 2, "field": "payload/drug"}
    receipts.append(append(store, Happening("redacted", "A-001", date(2026, 4, 1), target, "name")))

    first, second, third = store.records(TRIAL)

    assert first.happening.payload["drug"] == "ipatasertib"
    assert second.happening.payload == {**dosed(2).payload, "drug": None}
    assert (third.happening.act, third.happening.payload) == ("redacted", target)
    assert "ipatasertib" not in "".join(list(store.export_lines(TRIAL))[2:])
    assert store.verify(TRIAL, receipts=receipts, every_signature=True).discoveries == ()


def test_a_redaction_without_reason_is_refused(store):
    """ICH E6(R3) 4.2.2(b) asks for a justification."""
    append(store, dosed(1))
    target = {"sequence": 1, "field": "payload/drug"}

    with pytest.raises(Refusal, match="without a reason"):
        append(store, Happening("redacted", "A-001", date(2026, 4, 1), target))


def test_a_receipt_from_elsewhere_shows_what_is_missing(store, tmp_path_factory):
    """A store that lost its tail contradicts the receipts of its clients."""
    other = fresh(STORES["sqlite"], tmp_path_factory.mktemp("other"))
    append(store, dosed(1))
    append(other, dosed(1))
    later = append(other, dosed(2))

    (found,) = store.verify(TRIAL, receipts=[later]).broken

    assert (found.kind, found.sequence) == (Tampering.TAIL_CUT, 2)


def test_an_export_verifies_elsewhere(store):
    """Lines are enough to check everything again."""
    receipt = append(store, dosed(1), dosed(2))

    export = read_lines(store.export_lines(TRIAL))

    report = verify(TRIAL, export.links, export.heads, [KEY.verifying], [receipt])
    assert report.discoveries == ()
    assert report.happenings == 2


def test_many_at_once_fill_no_slot_twice(store):
    """Look, decide, append under one lock: of thirty who ask, three get a place."""

    def ask(number: int) -> bool:
        with store.transaction(TRIAL) as opened:
            taken = sum(1 for _ in opened.records())
            if taken >= 3:
                return False
            opened.append([dosed(1, f"A-{number:03}")], **ENTRY)
            return True

    with ThreadPoolExecutor(10) as threads:
        placed = list(threads.map(ask, range(30)))

    assert placed.count(True) == 3
    assert store.verify(TRIAL, every_signature=True).happenings == 3


def test_long_chains_are_read_page_by_page(store):
    """More happenings than any page holds come back in order, without gaps."""
    append(store, *(dosed(1) for _ in range(1203)))

    assert [record.sequence for record in store.records(TRIAL)] == list(range(1, 1204))
    assert store.verify(TRIAL).happenings == 1203


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS
KEYS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}", fullmatch=True)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    payload=st.dictionaries(KEYS, VALUES, max_size=5),
    reason=TEXTS,
    source=TEXTS | st.dictionaries(KEYS, VALUES, min_size=1, max_size=3),
)
def test_any_payload_survives_the_store(store, payload, reason, source):
    """Text with any sign, whole numbers, booleans, nulls, empty lists: all come back."""
    receipt = append(
        store, Happening("noted", "A-001", date(2026, 3, 14), payload, reason), source=source
    )

    (record,) = store.records(TRIAL, after=receipt.sequence - 1)

    assert record.happening.payload == payload
    assert canonical(record.happening.payload) == canonical(payload)  # true is not 1
    assert (record.happening.reason, record.source) == (reason, source)
    assert store.verify(TRIAL).is_intact
