"""Receipts and the checkpoint file."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from trialwright.ledger.checkpoint import CheckpointFile, CheckpointNotKept
from trialwright.ledger.receipts import Receipt, sign
from trialwright.ledger.signing import SigningKey
from trialwright.terms.errors import Refusal

KEY = SigningKey(bytes(range(32)))
AT = "2026-03-14T09:26:53.589Z"


def signed(sequence, trial="NCT00000001"):
    """Sign a head."""
    return sign(KEY, trial, sequence, sequence, f"{sequence:064x}", AT)


def test_a_receipt_comes_back_from_its_text():
    """A client may keep it as one line of text."""
    receipt = signed(7)

    assert Receipt.read(receipt.text) == receipt
    assert "\n" not in receipt.text


@pytest.mark.parametrize(
    "change",
    [
        {"first": 0},
        {"first": 8},
        {"sequence": True},
        {"sequence": "7"},
        {"hash": "ab"},
        {"key_id": "AB" * 32},
        {"signature": ""},
        {"signed_at": "yesterday"},
        {"trial": None},
        {"more": 1},
    ],
)
def test_what_is_no_receipt_is_refused(change):
    """Every entry has its form, and no entry is added."""
    with pytest.raises(Refusal, match="receipt: no receipt"):
        Receipt.read(json.dumps({**signed(7).as_mapping(), **change}))


@pytest.mark.parametrize("text", ["", "{}", "[]", "1", "[" * 100_000, None])
def test_other_texts_are_no_receipt(text):
    """Refused, whatever they look like."""
    with pytest.raises(Refusal, match="receipt: no receipt"):
        Receipt.read(text)


@pytest.mark.parametrize(
    "change",
    [
        {"trial": "NCT2"},
        {"first": 6},
        {"sequence": 8},
        {"hash": "ab" * 32},
        {"signed_at": "2026-03-14T09:26:53.588Z"},
        {"key_id": "ab" * 32},
    ],
)
def test_the_signature_covers_every_entry(change):
    """No entry of a receipt can be changed."""
    receipt = signed(7)

    changed = replace(receipt, **change)

    assert KEY.verifying.fits(receipt.signature, receipt.statement)
    assert not KEY.verifying.fits(changed.signature, changed.statement)


def test_the_checkpoint_keeps_the_newest_receipt_of_each_trial(tmp_path):
    """An older receipt that comes late does not take the newer one's place."""
    checkpoint = CheckpointFile(tmp_path / "checkpoint.json")
    for receipt in (signed(2), signed(9, "NCT2"), signed(5), signed(4)):
        checkpoint.keep(receipt)

    assert checkpoint.newest("NCT00000001") == signed(5)
    assert checkpoint.newest("NCT2") == signed(9, "NCT2")
    assert checkpoint.newest("NCT3") is None
    assert checkpoint.trials() == ("NCT00000001", "NCT2")
    assert stat.S_IMODE(checkpoint.path.stat().st_mode) == 0o600


def test_nothing_is_kept_before_the_first_receipt(tmp_path):
    """A missing file is an empty checkpoint."""
    checkpoint = CheckpointFile(tmp_path / "checkpoint.json")

    assert checkpoint.newest("NCT00000001") is None
    assert checkpoint.trials() == ()


def test_many_writers_leave_the_newest(tmp_path):
    """Receipts kept at the same moment do not undo one another."""
    checkpoint = CheckpointFile(tmp_path / "checkpoint.json")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(checkpoint.keep, map(signed, range(40, 0, -1))))

    assert checkpoint.newest("NCT00000001") == signed(40)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"format":2,"receipts":[]}', '{"format":1,"receipts":[{}]}']
)
def test_a_spoiled_checkpoint_is_refused(tmp_path, text):
    """It is evidence: neither read as empty nor written over."""
    path = tmp_path / "checkpoint.json"
    path.write_text(text)

    with pytest.raises(Refusal):
        CheckpointFile(path).newest("NCT00000001")
    with pytest.raises(CheckpointNotKept):
        CheckpointFile(path).keep(signed(1))

    assert path.read_text() == text


def test_bytes_that_are_no_text_are_refused(tmp_path):
    """A checkpoint of another encoding is spoiled, too."""
    path = tmp_path / "checkpoint.json"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(Refusal, match="cannot be read as a checkpoint"):
        CheckpointFile(path).newest("NCT00000001")


def test_a_checkpoint_that_cannot_be_written_says_that_the_act_stands(bench, say_observed):
    """The happening is recorded; the message says not to repeat it, and the receipt is given."""
    (bench.folder / "outside").rmdir()

    with pytest.raises(CheckpointNotKept, match="Do not repeat the act") as refused:
        bench.append(say_observed(1))

    assert refused.value.receipt == bench.ledger.head("NCT00000001")
    assert refused.value.receipt.sequence == 1


def test_the_next_append_writes_the_checkpoint_that_was_missed(bench, say_observed):
    """A gap in the checkpoint heals by itself."""
    (bench.folder / "outside").rmdir()
    with pytest.raises(CheckpointNotKept):
        bench.append(say_observed(1))
    (bench.folder / "outside").mkdir()

    receipt = bench.append(say_observed(2))

    assert bench.checkpoint.newest("NCT00000001") == receipt
    assert receipt.sequence == 2


def test_a_spoiled_checkpoint_is_told_by_verification(filled):
    """Verification goes on with the receipts at hand and says that the checkpoint is spoiled."""
    filled.checkpoint.path.write_text("spoiled")

    report = filled.ledger.verify("NCT00000001", receipts=filled.receipts)

    assert report.is_intact
    assert "the checkpoint is a file that cannot be read" in str(report)
