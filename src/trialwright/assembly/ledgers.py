"""Ledgers in folders: made, opened for writing, and opened for looking."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trialwright.assembly.files import read_text, write_new
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.copies import backup as copy_ledger
from trialwright.ledger.copies import restore_drill
from trialwright.ledger.findings import Report
from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import refuse

LEDGER, KEY, PUBLIC, CHECKPOINT = "ledger.sqlite", "signing.key", "public.pem", "checkpoint.json"
"""Names of the files. For a real trial the keys and the checkpoint belong on other disks; only
`signing.key` is secret, and only writing needs it."""

_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


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


def make(folder: Path) -> SqliteLedger:
    """Make a new ledger with its key and checkpoint.

    Parameters
    ----------
    folder : Path
        A folder without a ledger; made when it is not there.

    Returns
    -------
    SqliteLedger
        Open for writing.

    Raises
    ------
    Refusal
        If there is a ledger already, or the folder cannot be used.
    """
    if (folder / LEDGER).exists():
        raise refuse(str(folder), "a ledger", "a folder without one", "Choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failed:
        raise refuse(
            str(folder), str(failed.strerror), "a folder that can be made", "Choose another"
        ) from None
    SqliteLedger.create(folder / LEDGER)
    key = SigningKey.create(folder / KEY)
    write_new(folder / PUBLIC, key.verifying.text)
    return SqliteLedger.open(
        folder / LEDGER, signing=key, checkpoint=CheckpointFile(folder / CHECKPOINT)
    )


def open_to_write(folder: Path) -> SqliteLedger:
    """Open the ledger of a folder for writing.

    Parameters
    ----------
    folder : Path
        As `make` left it, with the secret key.

    Returns
    -------
    SqliteLedger
        Open for writing, with every public key it has.

    Raises
    ------
    Refusal
        If there is no ledger, or something of it is missing.
    """
    require_ledger(folder)
    looked_at = look_at(folder)
    return SqliteLedger.open(
        folder / LEDGER,
        signing=SigningKey.load(folder / KEY),
        keys=looked_at.keys,
        checkpoint=looked_at.checkpoint,
    )


def require_ledger(folder: Path) -> None:
    """Refuse a folder without a ledger.

    Parameters
    ----------
    folder : Path
        The folder; it may be missing.

    Raises
    ------
    Refusal
        Saying how one is made.
    """
    if not (folder / LEDGER).is_file():
        raise refuse(str(folder), f"no {LEDGER}", "the folder of a ledger",
                     "Correct the path, or make one: trialwright trial open --create")  # fmt: skip


def look_at(folder: Path) -> SqliteLedger:
    """Open the ledger of a folder for looking: to verify, copy or export it.

    Parameters
    ----------
    folder : Path
        As `make` left it; the secret key may be elsewhere.

    Returns
    -------
    SqliteLedger
        With the public keys (`public.pem` may hold several, former ones too) and the checkpoint.

    Raises
    ------
    Refusal
        If something is missing, or `public.pem` holds no public key.
    """
    keys = [VerifyingKey.read(pem) for pem in _PEM.findall(read_text(folder / PUBLIC))]
    if not keys:
        raise refuse(PUBLIC, "no public key", "one or more in PEM", "Put the ledger's keys there")
    return SqliteLedger.open(
        folder / LEDGER, keys=keys, checkpoint=CheckpointFile(folder / CHECKPOINT)
    )


def verify(folder: Path, *, every_signature: bool) -> tuple[Verified, ...]:
    """Verify every trial of a ledger against its signatures and its checkpoint.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    every_signature : bool
        Check every signature, not those of the newest heads alone.

    Returns
    -------
    tuple of Verified
        One for each trial that the ledger or its checkpoint names.

    Raises
    ------
    Refusal
        If the ledger cannot be opened.
    """
    ledger = look_at(folder)
    kept = ledger.checkpoint.trials() if ledger.checkpoint else ()
    trials = sorted({*ledger.trials(), *kept})
    return _told(ledger.verify(trial, every_signature=every_signature) for trial in trials)


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
    return "".join(key.text for key in look_at(folder).keys)


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
    return _told(copy_ledger(look_at(folder), to))


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
    ledger = look_at(folder)
    return _told(restore_drill(copy, scratch, keys=ledger.keys, checkpoint=ledger.checkpoint))
