"""Redaction: one field erased, logged, and the chain still verifies."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trialwright.conduct.happenings import Happening
from trialwright.ledger.copies import backup
from trialwright.ledger.findings import Tampering
from trialwright.terms.errors import Refusal

TRIAL = "NCT00000001"
TYPED_NAME = "Jane Q. Participant"


def noted(text, number=1):
    """Give a happening with a text somebody typed."""
    return Happening("noted", f"A-{number:03}", date(2026, 3, 14), {"note": text, "n": number})


def salt_of(path, sequence, field):
    """Read a salt before it is erased."""
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(
            "SELECT salt FROM field_values WHERE sequence = ? AND path = ?", (sequence, field)
        ).fetchone()[0]


def pieces_left(text, held):
    """Give the pieces of a text, 16 signs each, that are still among the bytes."""
    cut = [text[start : start + 16] for start in range(0, len(text) - 15, 8)]
    return [piece for piece in cut if piece.encode() in held]


def bytes_in(folder):
    """Read every file in a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("field", ["payload/note", "reason", "source"])
def test_a_redacted_field_is_gone_and_the_chain_verifies(bench, say_redaction, field):
    """Value and salt leave no byte in database, journal, checkpoint or later backup."""
    happening = Happening(
        "noted", "A-001", date(2026, 3, 14), {"note": TYPED_NAME}, reason=TYPED_NAME
    )
    bench.append(happening, source=TYPED_NAME)
    salt = salt_of(bench.path, 1, field)
    before = bytes_in(bench.folder)

    for gone in ("payload/note", "reason", "source"):
        bench.append(say_redaction(1, gone))

    assert TYPED_NAME.encode() in before
    assert salt.encode() in before
    backup(bench.ledger, bench.folder / "later.ledger")
    after = bytes_in(bench.folder) + "\n".join(bench.ledger.export_lines(TRIAL)).encode()
    assert TYPED_NAME.encode() not in after
    assert pieces_left(TYPED_NAME, after) == []
    assert pieces_left(salt, after) == []
    assert bench.ledger.verify(TRIAL, receipts=bench.receipts, every_signature=True).is_intact


def test_a_redacted_leaf_reads_as_null_and_its_neighbours_stay(filled, say_redaction):
    """Only the named leaf is erased, in the middle of a list, too."""
    filled.append(say_redaction(3, "payload/days/#0"), say_redaction(3, "payload/flags"))

    third = list(filled.ledger.records(TRIAL))[2].happening.payload

    assert third == {
        "fact": "hemoglobin",
        "value": "93",
        "unit": "g/L",
        "fasting": None,
        "flags": None,
        "days": [None, {"more": True}],
    }


def test_a_recorded_null_can_be_redacted(filled, say_redaction):
    """A null that was recorded is told from one that was erased."""
    filled.append(say_redaction(3, "payload/fasting"))

    with closing(sqlite3.connect(filled.path)) as raw:
        rows = raw.execute(
            "SELECT value, salt IS NULL FROM field_values "
            "WHERE path = 'payload/fasting' AND sequence < 5 ORDER BY sequence"
        ).fetchall()
    assert rows == [("null", 0), ("null", 0), (None, 1), ("null", 0)]
    assert filled.ledger.verify(TRIAL).is_intact


def test_receipts_from_before_still_hold(filled, say_redaction):
    """The hash does not change by a redaction."""
    before = filled.receipts[2]
    filled.append(say_redaction(3, "payload/value"))

    report = filled.reader.verify(TRIAL, receipts=[before])

    assert report.is_intact
    assert not report.warnings


@pytest.mark.parametrize(
    ("payload", "reason", "says"),
    [
        ({"sequence": 3, "field": "payload/value"}, "  ", "without a reason"),
        ({"sequence": 3, "field": "payload/none"}, "name", "no such field"),
        ({"sequence": 99, "field": "payload/value"}, "name", "no such field"),
        ({"sequence": 11, "field": "payload/field"}, "name", "no such field"),
        ({"sequence": 0, "field": "payload/value"}, "name", "names no field"),
        ({"sequence": True, "field": "payload/value"}, "name", "names no field"),
        ({"sequence": "3", "field": "payload/value"}, "name", "names no field"),
        ({"sequence": 3, "field": ""}, "name", "names no field"),
        ({"sequence": 3}, "name", "names no field"),
        ({}, "name", "names no field"),
    ],
)
def test_a_redaction_names_a_field_that_is_held_and_a_reason(filled, payload, reason, says):
    """Anything else is refused and nothing is recorded."""
    with pytest.raises(Refusal, match=says):
        filled.append(Happening("redacted", "A-001", date(2026, 4, 1), payload, reason))

    assert filled.ledger.head(TRIAL).sequence == 10


def test_a_field_is_redacted_once(filled, say_redaction):
    """Neither again later nor twice in one append."""
    filled.append(say_redaction(3, "payload/value"))

    with pytest.raises(Refusal, match="redacted already"):
        filled.append(say_redaction(3, "payload/value"))
    with pytest.raises(Refusal, match="redacted already"):
        filled.append(say_redaction(4, "payload/value"), say_redaction(4, "payload/value"))


def test_what_a_redaction_names_stays(filled, say_redaction):
    """The log of redactions cannot be redacted; the reason somebody typed can."""
    filled.append(say_redaction(3, "payload/value", reason=f"the name {TYPED_NAME}"))

    for path in ("payload/sequence", "payload/field"):
        with pytest.raises(Refusal, match="what a redaction erased"):
            filled.append(say_redaction(11, path))
    filled.append(say_redaction(11, "reason"))

    assert TYPED_NAME.encode() not in bytes_in(filled.folder)
    assert filled.ledger.verify(TRIAL).is_intact


def test_an_erased_value_without_redaction_is_not_excused_by_a_later_one(filled, say_redaction):
    """A redaction of one field does not explain that another is gone."""
    filled.append(say_redaction(3, "payload/value"))
    filled.as_owner(
        "UPDATE field_values SET salt = NULL, value = NULL "
        "WHERE sequence = 3 AND path = 'payload/unit'"
    )

    found = filled.ledger.verify(TRIAL).broken

    assert [(one.kind, one.sequence) for one in found] == [(Tampering.VALUE_ERASED, 3)]
    assert "payload/unit" in found[0].because


LENGTHS = st.sampled_from([0, 5, 60, 700, 3000, 9000])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lengths=st.lists(LENGTHS, min_size=1, max_size=25),
    batch=st.integers(1, 6),
    order=st.randoms(use_true_random=False),
)
def test_no_page_keeps_what_was_erased(
    tmp_path_factory, bench, say_redaction, lengths, batch, order
):
    """However long the values and whatever the order of erasing, the file forgets them all."""
    fresh = type(bench)(tmp_path_factory.mktemp("pages"))
    (fresh.folder / "outside").mkdir()
    type(bench.ledger).create(fresh.path)
    marks = [f"MARK{number:04}{'x' * length}KRAM" for number, length in enumerate(lengths, start=1)]
    happenings = [noted(mark, number) for number, mark in enumerate(marks, start=1)]
    for start in range(0, len(happenings), batch):
        fresh.append(*happenings[start : start + batch])
    sequences = list(range(1, len(marks) + 1))
    order.shuffle(sequences)
    held = [salt_of(fresh.path, sequence, "payload/note") for sequence in sequences]

    for sequence in sequences:
        fresh.append(say_redaction(sequence, "payload/note"))

    left = fresh.path.read_bytes()
    assert b"MARK" not in left
    assert b"KRAM" not in left
    assert [salt for salt in held if pieces_left(salt, left)] == []


def test_without_secure_deletion_the_bytes_would_stay(filled):
    """Negative control: the same erasing without the setting leaves the value in the file."""
    salt = salt_of(filled.path, 3, "payload/value")

    filled.as_owner(
        "PRAGMA secure_delete = OFF",
        "UPDATE field_values SET salt = NULL, value = NULL "
        "WHERE sequence = 3 AND path = 'payload/value'",
    )

    assert pieces_left(salt, filled.path.read_bytes())
