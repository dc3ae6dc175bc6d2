"""Backups and the drill that proves them."""

import shutil
import sqlite3
import stat
import threading
from contextlib import closing

import pytest

from trialwright.ledger.copies import backup, restore, restore_drill
from trialwright.ledger.findings import Tampering
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal

TRIAL = "NCT00000001"


def test_a_backup_holds_and_verifies_everything(filled):
    """Every signature of the copy is checked against the heads before."""
    reports = backup(filled.ledger, filled.folder / "backup.ledger")

    copy = SqliteLedger.read_copy(filled.folder / "backup.ledger", keys=[filled.key.verifying])
    assert [(one.is_intact, one.happenings, one.signatures) for one in reports] == [(True, 10, 8)]
    assert list(copy.export_lines(TRIAL)) == list(filled.ledger.export_lines(TRIAL))
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert {one.name for one in filled.folder.iterdir()} == {
        "backup.ledger",
        "outside",
        "trial.ledger",
    }


def test_a_backup_overwrites_nothing(filled):
    """A file of that name is kept."""
    taken = filled.folder / "backup.ledger"
    taken.write_text("precious")

    with pytest.raises(Refusal, match="nothing is overwritten"):
        backup(filled.ledger, taken)

    assert taken.read_text() == "precious"


def test_a_backup_needs_its_folder(filled):
    """The system's reason is given."""
    with pytest.raises(Refusal, match="No such file"):
        backup(filled.ledger, filled.folder / "none" / "backup.ledger")


def test_a_backup_of_a_tampered_ledger_says_so(filled):
    """The copy stays as evidence, and its report is broken."""
    filled.as_owner("UPDATE happenings SET actor = 'mallory' WHERE sequence = 4")

    (report,) = backup(filled.ledger, filled.folder / "backup.ledger")

    assert [(one.kind, one.sequence) for one in report.broken] == [(Tampering.ENVELOPE_EDITED, 4)]
    assert (filled.folder / "backup.ledger").exists()


def test_backups_under_load_hold_what_was_acknowledged_before(bench, say_observed):
    """While another thread appends, each backup verifies and holds every earlier receipt."""
    bench.append(say_observed(1))
    stop = threading.Event()

    def write():
        number = 1
        while not stop.is_set():
            number += 1
            bench.append(say_observed(number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            acknowledged = bench.receipts[-1].sequence
            (report,) = backup(bench.ledger, bench.folder / f"backup-{number}.ledger")

            assert report.is_intact
            assert report.happenings >= acknowledged
    finally:
        stop.set()
        writer.join()


def test_a_drill_restores_and_says_how_much_is_missing(filled, say_observed, tmp_path_factory):
    """A backup older than the checkpoint is a warning with the number of happenings."""
    scratch = tmp_path_factory.mktemp("scratch")
    backup(filled.ledger, filled.folder / "backup.ledger")
    filled.append(say_observed(11), say_observed(12))

    (report,) = restore_drill(
        filled.folder / "backup.ledger",
        scratch,
        keys=[filled.key.verifying],
        checkpoint=filled.checkpoint,
        receipts=filled.receipts,
    )

    assert report.is_intact
    found = [(one.kind, one.sequence, one.through) for one in report.warnings]
    assert found == [(Tampering.BEHIND, 11, 12)]
    assert list(scratch.iterdir()) == []


def test_a_drill_finds_a_spoiled_backup(filled, tmp_path):
    """A backup that was changed is found while the ledger itself is still there."""
    copy = filled.folder / "backup.ledger"
    backup(filled.ledger, copy)
    with closing(sqlite3.connect(copy)) as raw:
        raw.execute("DROP TRIGGER values_stay")
        raw.execute("UPDATE field_values SET value = '\"55\"' WHERE path = 'payload/value'")
        raw.commit()

    (report,) = restore_drill(copy, tmp_path, keys=[filled.key.verifying])

    assert {one.kind for one in report.broken} == {
        Tampering.GUARD_REMOVED,
        Tampering.VALUE_EDITED,
    }


def test_a_drill_misses_a_trial_that_only_the_checkpoint_knows(filled, tmp_path):
    """An empty backup is not a sound one."""
    empty = filled.folder / "empty.ledger"
    SqliteLedger.create(empty)

    (report,) = restore_drill(
        empty, tmp_path, keys=[filled.key.verifying], checkpoint=filled.checkpoint
    )

    assert [(one.kind, one.through) for one in report.warnings] == [(Tampering.BEHIND, 10)]


def test_a_drill_with_what_is_no_backup_is_refused(tmp_path):
    """And leaves nothing in the scratch folder."""
    (tmp_path / "backup").write_text("no ledger")
    (tmp_path / "scratch").mkdir()

    with pytest.raises(Refusal, match="no ledger"):
        restore_drill(tmp_path / "backup", tmp_path / "scratch", keys=[])

    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_restored_ledger_goes_on_only_with_a_new_checkpoint(filled, say_observed):
    """What the old checkpoint shows beyond the backup must be seen to first."""
    backup(filled.ledger, filled.folder / "backup.ledger")
    filled.append(say_observed(11))
    filled.path.unlink()
    restore(
        filled.folder / "backup.ledger",
        filled.path,
        keys=[filled.key.verifying],
        checkpoint=filled.checkpoint,
    )

    with pytest.raises(Refusal, match="shows 11 happenings, here are 10"):
        filled.append(say_observed(11))
    filled.checkpoint.path.rename(filled.folder / "outside" / "checkpoint.before-restore.json")

    assert filled.append(say_observed(11)).sequence == 11


def test_restoring_overwrites_nothing(filled):
    """A ledger in place is never replaced."""
    backup(filled.ledger, filled.folder / "backup.ledger")
    before = filled.path.read_bytes()

    with pytest.raises(Refusal, match="nothing is overwritten"):
        restore(filled.folder / "backup.ledger", filled.path, keys=[filled.key.verifying])

    assert filled.path.read_bytes() == before


def test_a_ledger_is_not_restored_onto_a_network(filled):
    """The mounts are looked at first."""
    backup(filled.ledger, filled.folder / "backup.ledger")
    mounts = f"1 0 0:1 / {filled.folder.resolve()} rw - nfs server:/export rw"

    with pytest.raises(Refusal, match="nfs"):
        restore(
            filled.folder / "backup.ledger",
            filled.folder / "back.ledger",
            keys=[filled.key.verifying],
            mounts=lambda: mounts,
        )

    assert not (filled.folder / "back.ledger").exists()


@pytest.mark.parametrize(
    "use",
    [
        lambda copy: SqliteLedger.read_copy(copy, keys=[]),
        lambda copy: restore(copy, copy.with_name("back.ledger"), keys=[]),
    ],
)
def test_a_copy_taken_in_the_middle_of_a_write_is_refused(filled, use):
    """A file with its journal beside it is no finished copy."""
    copy = filled.folder / "copy.ledger"
    shutil.copy(filled.path, copy)
    copy.with_name("copy.ledger-journal").write_bytes(b"journal")

    with pytest.raises(Refusal, match="a journal beside it"):
        use(copy)


def test_reading_a_copy_writes_nothing_beside_it(filled):
    """An archive on read-only media can be verified."""
    copy = filled.folder / "archive" / "copy.ledger"
    copy.parent.mkdir()
    shutil.copy(filled.path, copy)
    copy.chmod(0o400)
    copy.parent.chmod(0o500)
    opened = SqliteLedger.read_copy(copy, keys=[filled.key.verifying], checkpoint=filled.checkpoint)

    report = opened.verify(TRIAL, every_signature=True)

    copy.parent.chmod(0o700)
    assert report.discoveries == ()
    assert [one.name for one in copy.parent.iterdir()] == ["copy.ledger"]
