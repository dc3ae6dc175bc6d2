"""Tampering behind the application at random places: all of it detected, and located.

What is changed, where and to what is drawn; how each kind of change is made stands in
`tests/ledger/tampers.py`, where fixed cases of it have tests of their own.
"""

import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.ledger import tampers
from tests.ledger.conftest import Bench, observed, redaction, set_up
from tests.ledger.tampers import ERASE, FOREIGN, TRIAL, put
from tests.sizes import sized

from trialwright.ledger import rows, sqlite_file
from trialwright.ledger.findings import Tampering
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.ledger.sqlite_session import SqliteSession
from trialwright.ledger.walk import Walk

CASES = sized(full=10_000, default=52)
COPIES = sized(full=500, default=16)
SEED = 20260314
LAST = 11
"""Newest happening: ten observed, and a redaction of happening 2."""

APPEND = {5: 5, 6: 5, 7: 5}
"""First happening of the append that holds one, where that is another."""

SHARED = Path("/dev/shm")  # noqa: S108 - nothing there needs to last


@dataclass
class Draw:
    """A random place, and the bench it is on."""

    bench: Bench
    chance: random.Random
    at: int = field(init=False)

    def __post_init__(self) -> None:
        """Choose a happening that has another on either side."""
        self.at = self.chance.randint(3, 9)

    def field(self, among=("payload/value", "payload/unit", "payload/fact", "reason", "source")):
        """Choose one of its fields."""
        return self.chance.choice(among)

    def digits(self, length=64):
        """Give random hexadecimal digits."""
        return f"{self.chance.getrandbits(4 * length):0{length}x}"

    def do(self, *statements):
        """Change rows."""
        self.bench.as_owner(*statements)


def edit_value(draw):
    """Put another value in a field."""
    value = f'"{draw.digits(8)}"'
    draw.do(put(draw.at, draw.field(), value))


def edit_salt(draw):
    """Put another salt in a field."""
    draw.do(put(draw.at, draw.field(), draw.digits(), column="salt"))


def move_value(draw):
    """Exchange two fields of one happening."""
    one, other = draw.chance.sample(["payload/value", "payload/unit", "payload/fact"], 2)
    tampers.moved(draw.bench, (draw.at, one), (draw.at, other))


def erase_value(draw):
    """Erase a value as a redaction would, without one."""
    draw.do(ERASE.format(draw.at, draw.field()))


def delete_field(draw):
    """Delete the row of a field."""
    draw.do(f"DELETE FROM field_values WHERE sequence = {draw.at} AND path = '{draw.field()}'")  # noqa: S608


def add_field(draw):
    """Add a field that was not recorded."""
    row = (TRIAL, draw.at, f"payload/{draw.digits(4)}", draw.digits(), "1")
    draw.do(
        ("INSERT INTO field_values (trial, sequence, path, salt, value) VALUES (?,?,?,?,?)", row)
    )


def rename_field(draw):
    """Rename a field."""
    draw.do(put(draw.at, draw.field(), f"payload/{draw.digits(4)}", column="path"))


def edit_commitments(draw):
    """Put other commitments in place."""
    text = f'{{"reason":"{draw.digits()}"}}'
    draw.do(put(draw.at, "", text, "happenings", "commitments"))


def edit_envelope(draw):
    """Edit who, what, when, where or by which software."""
    column, text = draw.chance.choice(
        [("actor", draw.digits(6)), ("role", draw.digits(6)), ("site", draw.digits(6)),
         ("act", f"a{draw.digits(6)}"), ("subject", draw.digits(6)),
         ("entered_at", f"2026-03-14T09:0{draw.chance.randint(0, 9)}:59.123Z"),
         ("happened_on", f"2027-01-{draw.chance.randint(10, 28)}"),
         ("software", draw.digits(6)), ("previous", draw.digits()), ("hash", draw.digits())]
    )  # fmt: skip
    draw.do(put(draw.at, "", text, "happenings", column))


def swap_protocol(draw):
    """Say that another protocol was in force."""
    draw.do(put(draw.at, "", draw.digits(), "happenings", "protocol"))


def delete(draw):
    """Delete a happening with all that belongs to it."""
    draw.do(*tampers.drop(draw.at))


def delete_and_close_ranks(draw):
    """Delete a happening, and renumber those after it."""
    draw.do(*tampers.drop(draw.at), *tampers.close_ranks(draw.at))


def swap(draw):
    """Exchange two happenings."""
    one, other = sorted(draw.chance.sample(range(3, 10), 2))
    draw.at = one
    draw.do(*tampers.swap(one, other), *tampers.swap(one, other, "field_values"))


def forge_on(draw):
    """Edit one, and make every hash after it anew; leave the heads."""
    edit = draw.chance.choice([tampers.other_value, tampers.other_actor])
    tampers.rechain(draw.bench, draw.at, edit, keep_hashes=True)


def forge_into_heads(draw):
    """Edit one, and put the new hashes into the heads too."""
    tampers.rechain(draw.bench, draw.at, tampers.other_value)


def forge_with_foreign_key(draw):
    """Edit one, and sign the heads by a key of one's own."""
    tampers.rechain(draw.bench, draw.at, tampers.other_actor, key=FOREIGN)


def append_without_head(draw):
    """Append a happening by hand."""
    draw.at = LAST + 1
    tampers.forged_append(draw.bench)


def append_with_foreign_key(draw):
    """Append a happening by hand, signed by a key of one's own."""
    draw.at = LAST + 1
    tampers.forged_append(draw.bench, FOREIGN)


def remove_head(draw):
    """Delete a signed head."""
    draw.at = draw.chance.choice([3, 4, 8, 9, 10])
    draw.do(f"DELETE FROM heads WHERE sequence = {draw.at}")  # noqa: S608


def edit_signature(draw):
    """Put another signature in place."""
    draw.at = draw.chance.choice([3, 4, 8, 9, 10])
    draw.do(put(draw.at, "", draw.digits(128), "heads", "signature"))


def move_signature(draw):
    """Move a signature to another record."""
    draw.at, other = draw.chance.sample([3, 4, 8, 9, 10], 2)
    taken = f"(SELECT signature FROM heads WHERE sequence = {other})"  # noqa: S608
    draw.do(f"UPDATE heads SET signature = {taken} WHERE sequence = {draw.at}")  # noqa: S608


def cut_tail(draw):
    """Delete the newest happenings and their heads."""
    draw.at = draw.chance.choice([8, 9, 10, 11])
    draw.do(*(each for one in range(draw.at, LAST + 1) for each in tampers.drop(one)))


def cut_tail_leaving_heads(draw):
    """Delete the newest happenings, and leave their heads."""
    draw.at = draw.chance.choice([8, 9, 10])
    cut = range(draw.at, LAST + 1)
    draw.do(*(each for one in cut for each in tampers.drop(one, ("field_values", "happenings"))))


def undo_redaction(draw):
    """Put the erased value back, with the salt that opens its commitment."""
    draw.at = 2
    salt, value = draw.bench.kept
    draw.do(put(2, "payload/value", salt, column="salt"), put(2, "payload/value", value))


def turn_redaction(draw):
    """Make a redaction name another field, and erase that."""
    draw.do(ERASE.format(draw.at, "payload/value"), put(LAST, "payload/sequence", str(draw.at)))


def drop_guard(draw):
    """Drop a trigger."""
    draw.at = 0
    tampers.drop_guard(draw.bench)


KINDS = Tampering
EXPECTED = {
    edit_value: {KINDS.VALUE_EDITED},
    edit_salt: {KINDS.VALUE_EDITED},
    move_value: {KINDS.VALUE_MOVED},
    erase_value: {KINDS.VALUE_ERASED},
    delete_field: {KINDS.VALUE_ERASED},
    add_field: {KINDS.VALUE_ADDED},
    rename_field: {KINDS.VALUE_ADDED},
    edit_commitments: {KINDS.COMMITMENT_EDITED},
    edit_envelope: {KINDS.ENVELOPE_EDITED},
    swap_protocol: {KINDS.ENVELOPE_EDITED},
    delete: {KINDS.DELETED},
    delete_and_close_ranks: {KINDS.RENUMBERED},
    # one that a head does not sign is not known by its hash before it is reached
    swap: {KINDS.RENUMBERED, KINDS.ENVELOPE_EDITED},
    forge_on: {KINDS.REWRITTEN},
    forge_into_heads: {KINDS.HEAD_REPLACED},
    forge_with_foreign_key: {KINDS.FOREIGN_KEY},
    append_without_head: {KINDS.UNSIGNED},
    append_with_foreign_key: {KINDS.FOREIGN_KEY},
    remove_head: {KINDS.UNSIGNED, KINDS.HEAD_REMOVED},
    edit_signature: {KINDS.HEAD_REPLACED},
    move_signature: {KINDS.HEAD_REPLACED},
    cut_tail: {KINDS.TAIL_CUT},
    cut_tail_leaving_heads: {KINDS.TAIL_CUT},
    undo_redaction: {KINDS.REDACTION_UNDONE},
    turn_redaction: {KINDS.VALUE_ERASED},
    drop_guard: {KINDS.GUARD_REMOVED},
}
"""What each is to be called."""

BY_HASHES_ALONE = {
    forge_on, forge_into_heads, forge_with_foreign_key, append_without_head,
    append_with_foreign_key, remove_head, edit_signature, move_signature,
}  # fmt: skip
"""Classes that a chain of hashes without key, heads and receipts cannot see."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Give a ledger of eleven happenings, the last of which redacts a field of the second."""
    made = set_up(tmp_path_factory.mktemp("sound"))
    made.fill()
    with closing(sqlite3.connect(made.path)) as raw:
        where = "WHERE sequence = 2 AND path = 'payload/value'"
        made.kept = raw.execute(f"SELECT salt, value FROM field_values {where}").fetchone()  # noqa: S608
    made.append(redaction(2, "payload/value"))
    return made


def copied(sound, folder):
    """Copy a ledger to a folder that does not last."""
    there = Bench(Path(shutil.copytree(sound.folder, Path(folder) / "copy")))
    there.receipts, there.kept = list(sound.receipts), sound.kept
    there.salts.drawn = sound.salts.drawn
    return there


def scratch():
    """Make a folder in memory where there is one."""
    return tempfile.TemporaryDirectory(dir=SHARED if SHARED.is_dir() else None)


@pytest.mark.sized
def test_every_tampering_is_detected_and_located(sound, tell):
    """By kind, at the happening or the append where it was made; nothing before it is blamed."""
    chance = random.Random(SEED)  # noqa: S311
    missed, elsewhere, tried = [], [], Counter()
    for number in range(CASES):
        tamper = list(EXPECTED)[number % len(EXPECTED)]
        with scratch() as folder:
            draw = Draw(copied(sound, folder), chance)
            tamper(draw)
            reader = SqliteLedger.open(draw.bench.path, keys=[sound.key.verifying])
            report = reader.verify(TRIAL, receipts=sound.receipts, every_signature=True)
        tried[tamper.__name__] += 1
        where = {draw.at, APPEND.get(draw.at, draw.at)}
        kinds = {one.kind for one in report.broken if one.sequence in where}
        if not report.broken:
            missed.append((tamper.__name__, draw.at))
        elif not kinds & EXPECTED[tamper]:
            elsewhere.append((tamper.__name__, draw.at, [str(one) for one in report.broken]))

    tell("tampering", classes=len(tried), cases=CASES, undetected=len(missed),
         not_located=len(elsewhere), seed=SEED)  # fmt: skip
    assert missed == []
    assert elsewhere == []


def test_a_chain_without_key_misses_classes(sound, tell):
    """The negative control: hashes alone, as a plain chain has them, are walked over."""
    missed = set()
    for tamper in EXPECTED:
        with scratch() as folder:
            draw = Draw(copied(sound, folder), random.Random(SEED))  # noqa: S311
            tamper(draw)
            walk = Walk(TRIAL, {})
            with closing(sqlite_file.connect(draw.bench.path, sqlite_file.SHARED)) as raw:
                walk.over(rows.links(SqliteSession(raw), TRIAL))
            if not walk.discoveries:
                missed.add(tamper)

    tell("tampering, control: chain without key", classes=len(EXPECTED), missed=len(missed))
    assert missed >= BY_HASHES_ALONE


@pytest.mark.sized
def test_restored_copies_and_forks_are_told_by_the_newest_receipt(tmp_path, tell):
    """An old copy put back, and in half of the cases written on with the right key."""
    chance = random.Random(SEED)  # noqa: S311
    made = set_up(tmp_path)
    snapshots = []
    for number in range(1, 13):
        made.append(observed(number))
        snapshots.append(made.path.read_bytes())
    unseen, unplaced = 0, 0
    for number in range(COPIES):
        old = chance.randint(1, 10)
        newest = made.receipts[chance.randint(old, 11)]
        beyond = chance.randint(1, 4) if number % 2 else 0
        with scratch() as folder:
            there = Bench(Path(folder))
            there.path.write_bytes(snapshots[old - 1])
            opened = SqliteLedger.open(there.path, signing=there.key)  # has no checkpoint
            for _ in range(beyond):
                there.append(observed(90), ledger=opened)
            report = opened.verify(TRIAL, receipts=[made.receipts[0], newest])
        is_fork = newest.sequence <= old + beyond
        kind = KINDS.FORK if is_fork else KINDS.TAIL_CUT
        where = newest.sequence if is_fork else old + beyond + 1
        unseen += not report.broken
        unplaced += (kind, where) not in {(one.kind, one.sequence) for one in report.broken}

    tell("restored copies and forks", cases=COPIES, undetected=unseen, not_located=unplaced,
         seed=SEED)  # fmt: skip
    assert (unseen, unplaced) == (0, 0)


def test_an_old_copy_without_receipt_goes_unseen(tmp_path, tell):
    """The negative control: the same old copy, looked at without anything from outside."""
    made = set_up(tmp_path)
    made.append(observed(1))
    old = made.path.read_bytes()
    made.append(observed(2))
    made.path.write_bytes(old)

    report = made.reader.verify(TRIAL, every_signature=True)

    tell("restored copies, control: no receipt", detected=len(report.broken))
    assert report.is_intact
    assert [one.kind for one in report.warnings] == [KINDS.UNANCHORED]
