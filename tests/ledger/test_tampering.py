"""Tampering behind the ledger's back, as the owner of the file could: found and located."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from tests.ledger.tampers import (
    ADD_FIELD,
    ERASE,
    FOREIGN,
    TRIAL,
    both_edited,
    close_ranks,
    drop,
    drop_guard,
    edited_commitment,
    forged_append,
    moved,
    other_actor,
    other_value,
    put,
    rechain,
    rechain_one,
    swap,
)

from trialwright.ledger import chain, rows, sqlite_file
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.commitments import commitment, read_commitments
from trialwright.ledger.findings import Tampering
from trialwright.ledger.receipts import sign
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.ledger.sqlite_session import SqliteSession
from trialwright.terms.errors import Refusal

ROWS = {
    "edited value": (
        lambda b: b.as_owner(put(4, "payload/value", '"55"')),
        Tampering.VALUE_EDITED,
        4,
    ),
    "edited to null": (
        lambda b: b.as_owner(put(4, "payload/value", "null")),
        Tampering.VALUE_EDITED,
        4,
    ),
    "same value, other spelling": (
        lambda b: b.as_owner(put(4, "payload/days/#0", "4.0")),
        Tampering.VALUE_EDITED,
        4,
    ),
    "edited reason": (lambda b: b.as_owner(put(4, "reason", '""')), Tampering.VALUE_EDITED, 4),
    "edited source": (lambda b: b.as_owner(put(4, "source", '"cli"')), Tampering.VALUE_EDITED, 4),
    "edited salt": (
        lambda b: b.as_owner(put(4, "payload/value", "ab" * 32, column="salt")),
        Tampering.VALUE_EDITED,
        4,
    ),
    "salt alone erased": (
        lambda b: b.as_owner(put(4, "payload/value", None, column="salt")),
        Tampering.VALUE_EDITED,
        4,
    ),
    "value moved within a happening": (
        lambda b: moved(b, (4, "payload/value"), (4, "payload/unit")),
        Tampering.VALUE_MOVED,
        4,
    ),
    "value moved between happenings": (
        lambda b: moved(b, (4, "payload/value"), (8, "payload/value")),
        Tampering.VALUE_EDITED,
        4,
    ),
    "path renamed": (
        lambda b: b.as_owner(put(4, "payload/unit", "payload/units", column="path")),
        Tampering.VALUE_ADDED,
        4,
    ),
    "value erased": (
        lambda b: b.as_owner(ERASE.format(4, "payload/value")),
        Tampering.VALUE_ERASED,
        4,
    ),
    "value row deleted": (
        lambda b: b.as_owner(
            "DELETE FROM field_values WHERE sequence = 4 AND path = 'payload/value'"
        ),
        Tampering.VALUE_ERASED,
        4,
    ),
    "value added": (lambda b: b.as_owner(ADD_FIELD), Tampering.VALUE_ADDED, 4),
    "edited commitment": (edited_commitment, Tampering.COMMITMENT_EDITED, 4),
    "commitments of another form": (
        lambda b: b.as_owner(put(4, "", '{"reason":1}', "happenings", "commitments")),
        Tampering.COMMITMENT_EDITED,
        4,
    ),
    "edited value and commitment": (both_edited, Tampering.ENVELOPE_EDITED, 4),
    **{
        f"edited {name}": (
            lambda b, name=name, text=text: b.as_owner(put(4, "", text, "happenings", name)),
            Tampering.ENVELOPE_EDITED,
            4,
        )
        for name, text in {
            "actor": "mallory",
            "role": "sponsor",
            "site": "site-02",
            "act": "withdrawn",
            "subject": "A-009",
            "entered_at": "2026-03-14T09:03:00.001Z",
            "happened_on": "2026-03-04",
            "schema": 2,
            "format": 2,
            "protocol": "0" * 64,
            "software": "0.2.0",
            "previous": "ab" * 32,
            "hash": "ab" * 32,
        }.items()
    },
    "deleted in the middle": (lambda b: b.as_owner(*drop(4)), Tampering.DELETED, 4),
    "deleted at the start": (lambda b: b.as_owner(*drop(1)), Tampering.DELETED, 1),
    "three deleted": (lambda b: b.as_owner(*drop(2), *drop(3), *drop(4)), Tampering.DELETED, 2),
    "deleted, the rest renumbered": (
        lambda b: b.as_owner(*drop(4), *close_ranks(4)),
        Tampering.RENUMBERED,
        4,
    ),
    "two swapped": (
        lambda b: b.as_owner(*swap(3, 9), *swap(3, 9, "field_values")),
        Tampering.RENUMBERED,
        3,
    ),
    "neighbours swapped": (
        lambda b: b.as_owner(*swap(3, 4), *swap(3, 4, "field_values")),
        Tampering.RENUMBERED,
        3,
    ),
    "another trial's name": (
        lambda b: b.as_owner(put(4, "", "NCT2", "happenings", "trial")),
        Tampering.DELETED,
        4,
    ),
    "edited and its own hash made new": (
        lambda b: rechain_one(b, 4),
        Tampering.UNLINKED,
        5,
    ),
}


HEADS = {
    "edited, all forged anew, heads left": (
        lambda b: rechain(b, 4, other_value, keep_hashes=True),
        Tampering.REWRITTEN,
        4,
    ),
    "edited, all forged anew, hashes put into heads": (
        lambda b: rechain(b, 4, other_value),
        Tampering.HEAD_REPLACED,
        4,
    ),
    "edited, all forged anew and signed by another key": (
        lambda b: rechain(b, 4, other_actor, key=FOREIGN),
        Tampering.FOREIGN_KEY,
        4,
    ),
    "last one edited and forged anew": (
        lambda b: rechain(b, 10, other_actor, keep_hashes=True),
        Tampering.REWRITTEN,
        10,
    ),
    "forged append": (forged_append, Tampering.UNSIGNED, 11),
    "forged append with a head by another key": (
        lambda b: forged_append(b, FOREIGN),
        Tampering.FOREIGN_KEY,
        11,
    ),
    "head removed in the middle": (
        lambda b: b.as_owner("DELETE FROM heads WHERE sequence = 4"),
        Tampering.UNSIGNED,
        4,
    ),
    "newest head removed": (
        lambda b: b.as_owner("DELETE FROM heads WHERE sequence = 10"),
        Tampering.UNSIGNED,
        10,
    ),
    "all heads removed": (lambda b: b.as_owner("DELETE FROM heads"), Tampering.UNSIGNED, 1),
    "newest head's signature replaced": (
        lambda b: b.as_owner(put(10, "", "00" * 64, "heads", "signature")),
        Tampering.HEAD_REPLACED,
        10,
    ),
    "newest head's time replaced": (
        lambda b: b.as_owner(put(10, "", "2026-03-14T09:00:00.000Z", "heads", "signed_at")),
        Tampering.HEAD_REPLACED,
        10,
    ),
    "newest head by another key": (
        lambda b: b.as_owner(put(10, "", FOREIGN.verifying.key_id, "heads", "key_id")),
        Tampering.FOREIGN_KEY,
        10,
    ),
    "head hidden behind its neighbour": (
        lambda b: b.as_owner(
            "DELETE FROM heads WHERE sequence = 3", put(4, "", 3, "heads", "first")
        ),
        Tampering.HEAD_REPLACED,
        3,
    ),
    "two heads speak of one happening": (
        lambda b: b.as_owner(put(7, "", 4, "heads", "first")),
        Tampering.HEAD_REPLACED,
        5,
    ),
    "tail cut but heads left": (
        lambda b: b.as_owner(*drop(9, HAPPENING_ROWS), *drop(10, HAPPENING_ROWS)),
        Tampering.TAIL_CUT,
        9,
    ),
    "damaged head": (
        lambda b: b.as_owner(put(4, "", "zz", "heads", "signature")),
        Tampering.DAMAGED,
        4,
    ),
}
HAPPENING_ROWS = ("field_values", "happenings")


def broken(report):
    """Give kinds and places of what is broken."""
    return [(one.kind, one.sequence) for one in report.broken]


@pytest.mark.parametrize("case", ROWS.values(), ids=ROWS)
def test_each_change_of_a_row_is_found_where_it_is(filled, case):
    """Found without any help from outside, with its kind, and nothing before it is blamed."""
    tamper, kind, sequence = case
    tamper(filled)

    report = filled.reader.verify(TRIAL)

    assert (kind, sequence) in broken(report)
    blamed = min(one.sequence for one in report.broken if one.sequence)
    assert blamed == sequence or (kind is Tampering.UNLINKED and blamed == sequence - 1)
    assert all(one.because and one.do for one in report.discoveries)


@pytest.mark.parametrize("case", HEADS.values(), ids=HEADS)
def test_each_change_of_history_is_found_by_its_signatures(filled, case):
    """The key outside the database finds what a chain alone cannot."""
    tamper, kind, sequence = case
    tamper(filled)

    report = filled.reader.verify(TRIAL, every_signature=True)

    assert (kind, sequence) in broken(report)
    assert min(one.sequence for one in report.broken if one.sequence) == sequence


def test_a_gap_is_told_from_its_first_to_its_last(filled):
    """Three happenings are missing, and none of those that are there."""
    filled.as_owner(*drop(2), *drop(3), *drop(4))

    gaps = [one for one in filled.reader.verify(TRIAL).broken if one.kind is Tampering.DELETED]

    assert [(one.sequence, one.through) for one in gaps] == [(2, 4)]


def plain_chain_holds(path):
    """Check what a hash chain without signatures and receipts can: the negative control."""
    with closing(sqlite_file.connect(path, sqlite_file.SHARED)) as raw:
        links = list(rows.links(SqliteSession(raw), TRIAL))
    previous = chain.NO_HASH
    for number, link in enumerate(links, start=1):
        commitments = read_commitments(link.commitments)
        own = chain.link_hash(link.envelope, previous, commitments)
        fits = all(
            commitment(path, link.openings[path]) == promised
            for path, promised in commitments.items()
        )
        if link.envelope.sequence != number or own != link.hash or not fits:
            return False
        previous = own
    return True


CONTROLS = {
    "cut tail": (lambda b: b.as_owner(*drop(9), *drop(10)), Tampering.TAIL_CUT, 9),
    "history forged anew": (
        lambda b: rechain(b, 4, other_value, keep_hashes=True),
        Tampering.REWRITTEN,
        4,
    ),
    "forged append": (forged_append, Tampering.UNSIGNED, 11),
}


@pytest.mark.parametrize("case", CONTROLS.values(), ids=CONTROLS)
def test_a_plain_chain_would_miss_it(filled, case):
    """Negative control: hashes alone hold, and only key and checkpoint tell."""
    tamper, kind, sequence = case
    tamper(filled)

    assert plain_chain_holds(filled.path)
    assert (kind, sequence) in broken(filled.ledger.verify(TRIAL))


def test_the_negative_control_sees_an_edited_value(filled):
    """The control is a real check: it sees what a plain chain can see."""
    assert plain_chain_holds(filled.path)

    filled.as_owner(put(4, "payload/value", '"55"'))

    assert not plain_chain_holds(filled.path)


def test_a_cut_tail_is_seen_only_from_outside(filled):
    """Without checkpoint or receipt the report says what it could not see."""
    filled.as_owner(*drop(9), *drop(10))

    alone = filled.reader.verify(TRIAL)
    with_receipt = filled.reader.verify(TRIAL, receipts=[filled.receipts[6]])

    assert broken(alone) == []
    assert [one.kind for one in alone.warnings] == [Tampering.UNANCHORED]
    assert broken(with_receipt) == [(Tampering.TAIL_CUT, 9)]
    assert broken(filled.ledger.verify(TRIAL)) == [(Tampering.TAIL_CUT, 9)]
    assert filled.ledger.verify(TRIAL).broken[0].through == 10


def test_an_old_backup_put_in_place_is_found(filled, say_observed):
    """A whole old copy is sound in itself; the checkpoint knows better."""
    shutil.copy(filled.path, filled.folder / "old")
    filled.append(say_observed(11), say_observed(12))
    shutil.copy(filled.folder / "old", filled.path)

    found = filled.ledger.verify(TRIAL).broken

    assert [(one.kind, one.sequence, one.through) for one in found] == [
        (Tampering.TAIL_CUT, 11, 12)
    ]


def test_a_fork_is_found_with_where_it_parted(filled, say_observed):
    """Two copies written on with the right key: the receipts of the other one tell."""
    shutil.copy(filled.path, filled.folder / "old")
    filled.append(say_observed(11))
    filled.append(say_observed(12))
    shutil.copy(filled.folder / "old", filled.path)
    other = SqliteLedger.open(filled.path, signing=filled.key, salts=filled.salts)
    for number in (21, 22, 23):
        filled.append(say_observed(number), ledger=other)

    report = filled.reader.verify(TRIAL, receipts=filled.receipts[:10], every_signature=True)

    assert broken(report) == [(Tampering.FORK, 11)]
    assert "after happening 10" in report.broken[0].because
    assert broken(filled.ledger.verify(TRIAL)) == [(Tampering.FORK, 12)]


def test_a_removed_head_is_told_by_its_receipt(filled):
    """The receipt shows that the append had been signed."""
    filled.as_owner("DELETE FROM heads WHERE sequence = 4")

    report = filled.reader.verify(TRIAL, receipts=filled.receipts)

    assert (Tampering.HEAD_REMOVED, 4) in broken(report)


def test_a_head_signed_again_is_told_by_its_receipt(filled):
    """Even the right key cannot exchange a head that was handed out."""
    head = filled.receipts[3]
    again = sign(filled.key, TRIAL, 4, 4, head.hash, "2026-03-14T10:00:00.000Z")
    filled.as_owner(
        put(4, "", again.signature, "heads", "signature"),
        put(4, "", again.signed_at, "heads", "signed_at"),
    )

    report = filled.reader.verify(TRIAL, receipts=filled.receipts, every_signature=True)

    assert broken(report) == [(Tampering.HEAD_REPLACED, 4)]


def test_an_old_signature_is_checked_on_request(filled):
    """By default the newest head covers all; a spoiled older one wants every signature."""
    filled.as_owner(put(4, "", "00" * 64, "heads", "signature"))

    quick = filled.ledger.verify(TRIAL)
    thorough = filled.ledger.verify(TRIAL, every_signature=True)

    assert quick.is_intact
    assert quick.signatures == 1
    assert broken(thorough) == [(Tampering.HEAD_REPLACED, 4)]
    assert thorough.signatures == 8


def test_a_database_of_another_trial_is_found(filled, tmp_path_factory, say_observed):
    """The checkpoint shows happenings that the swapped-in file does not have."""
    other = type(filled)(tmp_path_factory.mktemp("other"))
    SqliteLedger.create(other.path)
    opened = SqliteLedger.open(other.path, signing=other.key)
    entry = dict.fromkeys(("actor", "role", "site", "source", "software"), "x")
    with opened.transaction("NCT00000002") as writing:
        writing.append(
            [say_observed(1)],
            **entry,
            protocol="0" * 64,
            entered_at="2026-03-14T09:00:00.000Z",
        )
    shutil.copy(other.path, filled.path)

    report = filled.ledger.verify(TRIAL)

    assert broken(report) == [(Tampering.OTHER_TRIAL, 0), (Tampering.TAIL_CUT, 1)]
    assert "NCT00000002" in report.broken[0].because


def test_another_trial_renamed_is_found(filled):
    """Every hash holds the trial's name."""
    filled.as_owner(
        "UPDATE field_values SET trial = 'NCT2'",
        "UPDATE heads SET trial = 'NCT2'",
        "UPDATE happenings SET trial = 'NCT2'",
    )

    report = filled.reader.verify("NCT2")

    whole = [one for one in report.broken if one.kind is Tampering.ENVELOPE_EDITED]
    assert [(one.sequence, one.through) for one in whole] == [(1, 10)]


def test_a_redaction_undone_is_found(filled, say_redaction):
    """Putting an erased value back is an edit, though salt and value fit the commitment."""
    with closing(sqlite3.connect(filled.path)) as raw:
        kept = raw.execute(
            "SELECT salt, value FROM field_values WHERE sequence = 3 AND path = 'payload/value'"
        ).fetchone()
    filled.append(say_redaction(3, "payload/value"))
    filled.as_owner(
        (
            "UPDATE field_values SET salt = ?, value = ? "
            "WHERE sequence = 3 AND path = 'payload/value'",
            kept,
        )
    )

    assert broken(filled.ledger.verify(TRIAL)) == [(Tampering.REDACTION_UNDONE, 3)]


def test_an_edited_redaction_excuses_nothing(filled, say_redaction):
    """Pointing an old redaction at another field does not make its erasure lawful."""
    filled.append(say_redaction(3, "payload/value"))
    filled.as_owner(
        ERASE.format(4, "payload/value"),
        put(11, "payload/sequence", "4"),
    )

    found = broken(filled.ledger.verify(TRIAL))

    assert (Tampering.VALUE_EDITED, 11) in found
    assert (Tampering.VALUE_ERASED, 4) in found


def test_a_clock_set_back_is_a_warning(filled, say_observed):
    """The order of entry is the sequence; the backward clock is told, not called broken."""
    filled.append(say_observed(11), entered_at="2026-03-11T09:00:00.000Z")
    filled.append(say_observed(12), entered_at="2026-03-11T09:01:00.000Z")

    report = filled.ledger.verify(TRIAL)

    assert report.is_intact
    assert [(one.kind, one.sequence) for one in report.warnings] == [(Tampering.CLOCK_BACK, 11)]


def test_receipts_that_prove_nothing_are_told(filled):
    """A receipt of another trial, or by another key, is named and not counted as an anchor."""
    foreign = sign(FOREIGN, TRIAL, 99, 99, "ab" * 32, "2026-03-14T10:00:00.000Z")
    elsewhere = sign(filled.key, "NCT2", 99, 99, "ab" * 32, "2026-03-14T10:00:00.000Z")

    report = filled.reader.verify(TRIAL, receipts=[foreign, elsewhere])

    assert report.is_intact
    assert [one.kind for one in report.warnings] == [
        Tampering.RECEIPT_UNUSABLE,
        Tampering.RECEIPT_UNUSABLE,
        Tampering.UNANCHORED,
    ]


def test_a_retired_key_can_be_handed_in(filled, say_observed):
    """After a change of keys both public keys are needed, and suffice."""
    new = SigningKey(b"\x09" * 32)
    opened = SqliteLedger.open(filled.path, signing=new, keys=[filled.key.verifying])
    filled.append(say_observed(11), ledger=opened)

    both = opened.verify(TRIAL, every_signature=True)
    one = SqliteLedger.open(filled.path, signing=new).verify(TRIAL, every_signature=True)

    assert both.is_intact
    assert broken(one)[0] == (Tampering.FOREIGN_KEY, 1)


GROUND = {
    "forged append": (forged_append, "not under a head"),
    "last one edited": (
        lambda b: rechain(b, 10, other_actor, keep_hashes=True),
        "not under a head",
    ),
    "last envelope edited": (
        lambda b: b.as_owner(put(10, "", "mallory", "happenings", "actor")),
        "not under a head",
    ),
    "last one forged with its head": (
        lambda b: rechain(b, 10, other_actor, key=FOREIGN),
        "not under a head",
    ),
    "tail cut": (lambda b: b.as_owner(*drop(9), *drop(10)), "shows 10 happenings, here are 8"),
    "tail cut, heads left": (
        lambda b: b.as_owner(*drop(9, HAPPENING_ROWS), *drop(10, HAPPENING_ROWS)),
        "a head speaks of happenings after 8",
    ),
    "all gone but heads": (
        lambda b: b.as_owner("DELETE FROM field_values", "DELETE FROM happenings"),
        "a head speaks of happenings after 0",
    ),
    "history signed anew with the right key": (
        lambda b: rechain(b, 4, other_value, key=b.key),
        "not the one of the checkpoint",
    ),
    "newest head's signature replaced": (
        lambda b: b.as_owner(put(10, "", "00" * 64, "heads", "signature")),
        "not under a head",
    ),
    "guard dropped": (lambda b: drop_guard(b), "triggers were changed"),
}


@pytest.mark.parametrize("case", GROUND.values(), ids=GROUND)
def test_nothing_is_appended_on_broken_ground(filled, say_observed, case):
    """Otherwise the next good signature would cover what was forged."""
    tamper, says = case
    tamper(filled)

    with pytest.raises(Refusal, match=says):
        filled.append(say_observed(11))


def test_a_stolen_key_is_betrayed_by_receipts(filled):
    """Even history signed anew with the right key contradicts what people were given."""
    rechain(filled, 4, other_value, key=filled.key)

    alone = filled.reader.verify(TRIAL, every_signature=True)
    held = filled.reader.verify(TRIAL, receipts=filled.receipts, every_signature=True)

    assert alone.is_intact
    assert (Tampering.FORK, 4) in broken(held)


def test_a_checkpoint_of_nobody_stops_nothing(bench, say_observed):
    """A checkpoint without this trial is as good as none."""
    opened = SqliteLedger.open(
        bench.path, signing=bench.key, checkpoint=CheckpointFile(bench.folder / "new.json")
    )

    assert bench.append(say_observed(1), ledger=opened).sequence == 1


def test_a_sound_ledger_is_told_so(filled):
    """Nothing is found, and the report says how much was checked."""
    report = filled.ledger.verify(TRIAL, receipts=filled.receipts, every_signature=True)

    assert report.discoveries == ()
    assert (report.happenings, report.signatures, report.head) == (10, 8, filled.receipts[-1])
    assert str(report) == "NCT00000001: intact: 10 happenings, 8 signatures checked"


def test_a_report_reads_as_sentences(filled):
    """Where, which kind, why, and what to do."""
    filled.as_owner(put(4, "payload/value", '"55"'), *drop(8))

    told = str(filled.ledger.verify(TRIAL)).splitlines()

    assert told[0].startswith("NCT00000001: NOT intact: 9 happenings")
    assert told[1].startswith(
        "happening 4: value edited: payload/value does not fit its commitment. Take the value"
    )
    assert "55" not in "".join(told)
