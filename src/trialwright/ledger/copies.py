"""Backups of a ledger, and the drill that proves they can be restored.

A backup is a SQLite file, whatever database the ledger lies in. Copying only the file of a ledger
in use loses data; the backup interface of SQLite does not. A backup holds what was not yet redacted
when it was made: redact, then make a new one and destroy the old.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from trialwright.ledger import durable, rows, sqlite_file
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.export import read_lines
from trialwright.ledger.findings import Report
from trialwright.ledger.mounts import read_mounts, refuse_network
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.relational import RelationalLedger
from trialwright.ledger.signing import VerifyingKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal, refuse


def backup(ledger: RelationalLedger, to: Path) -> tuple[Report, ...]:
    """Copy a ledger as it stands at one moment, while it is in use, and verify the copy.

    Parameters
    ----------
    ledger : SqliteLedger
        In use.
    to : Path
        Where the copy shall be; may lie on a network file system. Nothing is overwritten.

    Returns
    -------
    tuple of Report
        One for each trial of the copy or of the heads before; every signature checked. The
        copy stays when a report is broken: it is evidence.

    Raises
    ------
    Refusal
        If there is such a file or it cannot be written.
    """
    trials = ledger.trials()
    before = [head for head in map(ledger.head, trials) if head is not None]
    fresh = to.with_name(f".{to.name}.{os.getpid()}.new")
    try:
        try:
            ledger.copy_to(fresh)
            durable.publish(fresh, to)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as failed:
        raise _unusable("backup", failed) from None
    copy = SqliteLedger.read_copy(to, keys=ledger.keys)
    return _verified(copy, before, may_be_older=False)


def restore(
    copy: Path,
    into: Path,
    *,
    keys: Sequence[VerifyingKey],
    checkpoint: CheckpointFile | None = None,
    receipts: Sequence[Receipt] = (),
    mounts: Callable[[], str] = read_mounts,
) -> tuple[Report, ...]:
    """Put a backup in place as a ledger to be used, and verify it there.

    Parameters
    ----------
    copy : Path
        The backup; it is not changed.
    into : Path
        Where the ledger shall be, on a local disk. Nothing is overwritten.
    keys : sequence of VerifyingKey
        Public keys that were ever the ledger's.
    checkpoint : CheckpointFile or None
        As it stood when the ledger was lost.
    receipts : sequence of Receipt
        That people kept.
    mounts : callable
        Gives the table of mounts.

    Returns
    -------
    tuple of Report
        One for each trial of the backup or the checkpoint, every signature checked. A backup
        that ends before a receipt is a warning that says how much is missing.

    Raises
    ------
    Refusal
        If the backup is no ledger, or the place is taken or cannot be used.
    """
    place = into.absolute().parent.resolve() / into.name
    refuse_network(place, mounts())
    SqliteLedger.read_copy(copy, keys=keys)
    fresh = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            shutil.copyfile(copy, fresh)
            durable.publish(fresh, place)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as failed:
        raise _unusable("restore", failed) from None
    return verified_copy(SqliteLedger.open(place, keys=keys, mounts=mounts), checkpoint, receipts)


def file_from_export(lines: Iterable[str], to: Path) -> None:
    """Make a ledger in a file from the lines of an export; whoever restores it verifies it.

    Parameters
    ----------
    lines : iterable of str
        As `export_lines` gave them.
    to : Path
        New file, absolute.

    Raises
    ------
    Refusal
        If the lines are no whole export, or the file cannot be made.
    """
    taken = read_lines(lines)
    try:
        sqlite_file.create(to, lambda session: rows.put_chain(session, taken.links, taken.heads))
    except sqlite3.Error as wrong:  # what the database reports of itself is a refusal already
        allowed = "rows as a ledger writes them"
        raise refuse(
            "export", f"a row that no ledger holds ({wrong})", allowed, "Take it again"
        ) from None


def restore_drill(
    copy: Path,
    scratch: Path,
    *,
    keys: Sequence[VerifyingKey],
    checkpoint: CheckpointFile | None = None,
    receipts: Sequence[Receipt] = (),
) -> tuple[Report, ...]:
    """Restore a backup for practice, verify it, and take it away again.

    Parameters
    ----------
    copy : Path
        The backup.
    scratch : Path
        An existing folder on a local disk with room for it.
    keys, checkpoint, receipts
        As in `restore`.

    Returns
    -------
    tuple of Report
        As in `restore`.

    Raises
    ------
    Refusal
        As in `restore`.
    """
    place = scratch / f"restore-drill-{os.getpid()}.ledger"
    try:
        return restore(copy, place, keys=keys, checkpoint=checkpoint, receipts=receipts)
    finally:
        place.unlink(missing_ok=True)


def verified_copy(
    restored: RelationalLedger, checkpoint: CheckpointFile | None, receipts: Sequence[Receipt]
) -> tuple[Report, ...]:
    """Verify a ledger that was put in place from a backup.

    Parameters
    ----------
    restored : RelationalLedger
        As it now lies.
    checkpoint, receipts
        As in `restore`.

    Returns
    -------
    tuple of Report
        As in `restore`.
    """
    kept = [] if checkpoint is None else [checkpoint.newest(one) for one in checkpoint.trials()]
    known = [*receipts, *(receipt for receipt in kept if receipt is not None)]
    return _verified(restored, known, may_be_older=True)


def _verified(
    copy: RelationalLedger, receipts: Sequence[Receipt], *, may_be_older: bool
) -> tuple[Report, ...]:
    """Verify every trial that the copy or the receipts name."""
    trials = sorted({*copy.trials(), *(receipt.trial for receipt in receipts)})
    return tuple(
        copy.verify(
            trial,
            receipts=[receipt for receipt in receipts if receipt.trial == trial],
            every_signature=True,
            may_be_older=may_be_older,
        )
        for trial in trials
    )


def _unusable(where: str, failed: OSError) -> Refusal:
    """Say that a file cannot be made."""
    return refuse(
        where,
        f"a path that cannot be used ({failed.strerror})",
        "a new file in a folder that this account may write",
        "Choose another name; nothing is overwritten",
    )
