"""Ledgers in folders: made, opened for writing, and opened for looking.

A folder holds the keys and the checkpoint; the happenings lie in a SQLite file beside them, or in
the PostgreSQL database that `DATABASE_URL` names.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from trialwright.assembly.files import read_text, write_new
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.copies import backup as copy_ledger
from trialwright.ledger.copies import file_from_export, restore_drill
from trialwright.ledger.copies import restore as restore_copy
from trialwright.ledger.findings import Report
from trialwright.ledger.relational import RelationalLedger
from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import refuse

if TYPE_CHECKING:
    from trialwright.ledger.postgres import PostgresLedger

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


def make(folder: Path) -> RelationalLedger:
    """Make a new ledger with its key and checkpoint.

    Parameters
    ----------
    folder : Path
        A folder without a ledger; made when it is not there.

    Returns
    -------
    RelationalLedger
        Open for writing; in the database of `DATABASE_URL` when that is set.

    Raises
    ------
    Refusal
        If there is a ledger already, or folder or database cannot be used.
    """
    address = database_address()
    _prepare(folder)
    if address is None:
        SqliteLedger.create(folder / LEDGER)
    else:
        _postgres().create(address)
    _with_key(folder)
    return open_to_write(folder)


def make_file(folder: Path) -> SqliteLedger:
    """Make a new ledger in a file, whatever `DATABASE_URL` says: for a demonstration.

    Parameters
    ----------
    folder : Path
        As in `make`.

    Returns
    -------
    SqliteLedger
        Open for writing.

    Raises
    ------
    Refusal
        As in `make`.
    """
    _prepare(folder)
    SqliteLedger.create(folder / LEDGER)
    key = _with_key(folder)
    kept = CheckpointFile(folder / CHECKPOINT)
    return SqliteLedger.open(folder / LEDGER, signing=key, checkpoint=kept)


def _prepare(folder: Path) -> None:
    """Make a folder for a ledger, unless there is one in it."""
    if (folder / LEDGER).exists() or (folder / KEY).exists():
        raise refuse(str(folder), "a ledger", "a folder without one", "Choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failed:
        raise refuse(
            str(folder), str(failed.strerror), "a folder that can be made", "Choose another"
        ) from None


def _with_key(folder: Path) -> SigningKey:
    """Make the key of a new ledger, its public side beside it."""
    key = SigningKey.create(folder / KEY)
    write_new(folder / PUBLIC, key.verifying.text)
    return key


def open_to_write(folder: Path) -> RelationalLedger:
    """Open the ledger of a folder for writing.

    Parameters
    ----------
    folder : Path
        As `make` left it, with the secret key.

    Returns
    -------
    RelationalLedger
        Open for writing, with every public key it has.

    Raises
    ------
    Refusal
        If there is no ledger, or something of it is missing.
    """
    require_ledger(folder)
    return _opened(folder, SigningKey.load(folder / KEY))


def require_ledger(folder: Path) -> None:
    """Refuse a folder without a ledger.

    Parameters
    ----------
    folder : Path
        The folder; it may be missing.

    Raises
    ------
    Refusal
        Saying how one is made, or that the database is not named.
    """
    if (folder / LEDGER).is_file():
        return
    if not (folder / PUBLIC).is_file():
        raise refuse(str(folder), f"no {LEDGER}", "the folder of a ledger",
                     "Correct the path, or make one: trialwright trial open --create")  # fmt: skip
    if database_address() is None:
        raise refuse(str(folder), f"keys without {LEDGER}, and no DATABASE_URL",
                     "the file, or the address of the PostgreSQL database that holds the ledger",
                     "Set DATABASE_URL, or put the file back")  # fmt: skip


def look_at(folder: Path) -> RelationalLedger:
    """Open the ledger of a folder for looking: to verify, copy or export it.

    Parameters
    ----------
    folder : Path
        As `make` left it; the secret key may be elsewhere.

    Returns
    -------
    RelationalLedger
        With the public keys (`public.pem` may hold several, former ones too) and the checkpoint.

    Raises
    ------
    Refusal
        If something is missing, or `public.pem` holds no public key.
    """
    return _opened(folder, None)


def _opened(folder: Path, signing: SigningKey | None) -> RelationalLedger:
    """Open a ledger where it lies: a file in the folder comes before a database."""
    keys, kept = _public(folder), CheckpointFile(folder / CHECKPOINT)
    address = database_address()
    if address is None or (folder / LEDGER).is_file():
        return SqliteLedger.open(folder / LEDGER, signing=signing, keys=keys, checkpoint=kept)
    return _postgres().open(address, signing=signing, keys=keys, checkpoint=kept)


def _public(folder: Path) -> list[VerifyingKey]:
    """Give the public keys of a ledger."""
    keys = [VerifyingKey.read(pem) for pem in _PEM.findall(read_text(folder / PUBLIC))]
    if not keys:
        raise refuse(PUBLIC, "no public key", "one or more in PEM", "Put the ledger's keys there")
    return keys


def database_address() -> str | None:
    """Give the PostgreSQL database that the environment names, `DATABASE_URL`.

    Returns
    -------
    str or None
        Its address; None when the variable is empty or not set.

    Raises
    ------
    Refusal
        If it names no PostgreSQL database; it is not shown, for it may hold a password.
    """
    address = os.environ.get("DATABASE_URL", "")
    if address and not address.startswith(("postgresql://", "postgres://")):
        raise refuse("DATABASE_URL", "an address of another kind", "postgresql://user@host/name",
                     "Correct it, or unset it to keep the ledger in a file")  # fmt: skip
    return address or None


def _postgres() -> "type[PostgresLedger]":
    """Load the store in PostgreSQL, whose driver is an extra."""
    try:
        from trialwright.ledger.postgres import PostgresLedger
    except ImportError:
        raise refuse("DATABASE_URL", "the driver psycopg is not installed", "psycopg",
                     "Install it: pip install 'trialwright[postgres]'") from None  # fmt: skip
    return PostgresLedger


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
    with copy.open(encoding="utf-8", newline="\n") as lines:
        file_from_export(lines, scratch / LEDGER)
    return scratch / LEDGER


def _restored(folder: Path, copy: Path) -> tuple[Verified, ...]:
    """Put a ledger in a file in its place."""
    keys, checkpoint = _public(folder), CheckpointFile(folder / CHECKPOINT)
    address = database_address()
    if address is None:
        place = folder / LEDGER
        return _told(restore_copy(copy, place, keys=keys, checkpoint=checkpoint))
    return _told(_postgres().restore(copy, address, keys=keys, checkpoint=checkpoint))


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
    return look_at(folder).scrub()
