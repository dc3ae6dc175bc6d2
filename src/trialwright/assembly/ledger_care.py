"""Keeping ledgers: verified, backed up, restored, and scrubbed of what was erased."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from trialwright.assembly import ledgers
from trialwright.assembly.processes import workers
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.copies import backup as copy_ledger
from trialwright.ledger.copies import file_from_export, restore_drill
from trialwright.ledger.copies import restore as restore_copy
from trialwright.ledger.findings import Report
from trialwright.ledger.spreading import Run
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying one trial's chain came to.

    Attributes
    ----------
    says : str
        The report: what was checked, and each discovery with what to do.
    is_intact : bool
        Whether the record is what was entered.
    """

    says: str
    is_intact: bool


def _told(reports: Iterable[Report]) -> tuple[Verified, ...]:
    """Hand reports on to those who may not know the ledger."""
    return tuple(Verified(str(report), report.is_intact) for report in reports)


def verify(
    folder: Path,
    *,
    every_signature: bool,
    processes: int = 1,
    note: Callable[[int, int], None] | None = None,
) -> tuple[Verified, ...]:
    """Verify every trial of a ledger against its signatures and its checkpoint.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    every_signature : bool
        Check every signature, not those of the newest heads alone.
    processes : int
        How many look at a long ledger; 0: one a core; 1: this one alone.
    note : callable (int, int) -> None
        Told how many parts of a long ledger were looked at, of how many.

    Returns
    -------
    tuple of Verified
        One for each trial that the ledger or its checkpoint names.

    Raises
    ------
    Refusal
        If the ledger cannot be opened.
    """
    ledger = ledgers.look_at(folder)
    kept = ledger.checkpoint.trials() if ledger.checkpoint else ()
    trials = sorted({*ledger.trials(), *kept})
    try:
        with workers(processes) as run:
            by = None if processes == 1 else _noted(run, note or _told_nobody)
            return _told([ledger.verify(trial, every_signature=every_signature, run=by)
                          for trial in trials])  # fmt: skip
    except BrokenExecutor:  # a process was ended from outside, e.g. for want of memory
        return _told(ledger.verify(trial, every_signature=every_signature) for trial in trials)


def _told_nobody(done: int, of: int) -> None:
    """Tell nobody how far it is."""


def _noted(run: Run, note: Callable[[int, int], None]) -> Run:
    """Tell how many answers came."""

    def noting(ask: Callable[[Any], Any], things: Iterable[Any]) -> Iterator[Any]:
        """Give the answers."""
        parts = list(things)
        for done, answer in enumerate(run(ask, parts), start=1):
            note(done, len(parts))
            yield answer

    return noting


def public_keys(folder: Path) -> str:
    """Give the keys with which anybody can check the signatures of a ledger.

    Parameters
    ----------
    folder : Path
        Of the ledger.

    Returns
    -------
    str
        PEM, to be kept away from the ledger.

    Raises
    ------
    Refusal
        If the ledger cannot be opened.
    """
    return "".join(key.text for key in ledgers.look_at(folder).keys)


def backup(folder: Path, to: Path) -> tuple[Verified, ...]:
    """Copy a ledger while it is in use, and verify the copy.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    to : Path
        New file.

    Returns
    -------
    tuple of Verified
        What verifying the copy found.

    Raises
    ------
    Refusal
        If the copy cannot be made; nothing is overwritten.
    """
    return _told(copy_ledger(ledgers.look_at(folder), to))


def drill(folder: Path, copy: Path, scratch: Path) -> tuple[Verified, ...]:
    """Prove that a backup can be restored: restore it aside, verify, take it away.

    Parameters
    ----------
    folder : Path
        Of the ledger it was taken from; gives key and checkpoint.
    copy : Path
        The backup.
    scratch : Path
        Folder with room for it.

    Returns
    -------
    tuple of Verified
        What verifying found; a backup older than the checkpoint is a warning.

    Raises
    ------
    Refusal
        If the backup cannot be restored.
    """
    ledger = ledgers.look_at(folder)
    return _told(restore_drill(copy, scratch, keys=ledger.keys, checkpoint=ledger.checkpoint))


def restore(folder: Path, copy: Path) -> tuple[Verified, ...]:
    """Put a backup in place as the ledger of a folder that lost it.

    Parameters
    ----------
    folder : Path
        Holds keys and checkpoint, and no ledger any more; the database of `DATABASE_URL`, when
        that is set, holds none either.
    copy : Path
        The backup, or an export as JSON Lines.

    Returns
    -------
    tuple of Verified
        What verifying found; a backup older than the checkpoint is a warning.

    Raises
    ------
    Refusal
        If the backup is no ledger, or there is a ledger in its place; nothing is overwritten.
    """
    with TemporaryDirectory(prefix="trialwright-restore-") as scratch:
        return _restored(folder, _as_file(copy, Path(scratch)))


def _as_file(copy: Path, scratch: Path) -> Path:
    """Give a backup as it is, and an export as a ledger in a file."""
    with copy.open("rb") as opened:
        is_lines = opened.read(1) == b"{"
    if not is_lines:
        return copy
    with copy.open("rb") as lines:
        file_from_export(_told_lines(lines), scratch / ledgers.LEDGER)
    return scratch / ledgers.LEDGER


_MOST_LINE_BYTES = 2**27
"""Longest line of an export, bytes: the most signs of a happening, each at its longest."""


def _told_lines(lines: BinaryIO) -> Iterator[str]:
    """Give the lines of an export, one of them in memory at a time."""
    number = 0
    while line := lines.readline(_MOST_LINE_BYTES + 1):
        number += 1
        if len(line) > _MOST_LINE_BYTES:
            found, allowed = "a longer line", f"lines of up to {_MOST_LINE_BYTES} bytes"
            raise refuse(f"line {number}", found, allowed, "Give an export of a ledger")
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            where, found = f"line {number}", "bytes that are no text"
            raise refuse(where, found, "UTF-8", "Take the export again") from None


def _restored(folder: Path, copy: Path) -> tuple[Verified, ...]:
    """Put a ledger in a file in its place."""
    keys, checkpoint = ledgers.public(folder), CheckpointFile(folder / ledgers.CHECKPOINT)
    address = ledgers.database_address()
    if address is None:
        place = folder / ledgers.LEDGER
        return _told(restore_copy(copy, place, keys=keys, checkpoint=checkpoint))
    return _told(ledgers.postgres_store().restore(copy, address, keys=keys, checkpoint=checkpoint))


def scrub(folder: Path) -> str:
    """Take what redactions erased out of the space that the database has not used again.

    Parameters
    ----------
    folder : Path
        Of the ledger.

    Returns
    -------
    str
        What was done, and what still holds erased values.

    Raises
    ------
    Refusal
        If the ledger cannot be opened or the account may not.
    """
    return ledgers.look_at(folder).scrub()
