"""Ledgers in folders: made, opened for writing, and opened for looking.

A folder holds the keys and the checkpoint; the happenings lie in a SQLite file beside them, or in
the PostgreSQL database that `DATABASE_URL` names.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from trialwright.assembly.files import read_text, write_new
from trialwright.ledger.checkpoint import CheckpointFile
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
        postgres_store().create(address)
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
    keys, kept = public(folder), CheckpointFile(folder / CHECKPOINT)
    address = database_address()
    if address is None or (folder / LEDGER).is_file():
        return SqliteLedger.open(folder / LEDGER, signing=signing, keys=keys, checkpoint=kept)
    return postgres_store().open(address, signing=signing, keys=keys, checkpoint=kept)


def public(folder: Path) -> list[VerifyingKey]:
    """Give the public keys of a ledger.

    Parameters
    ----------
    folder : Path
        Of the ledger.

    Returns
    -------
    list of VerifyingKey
        At least one.

    Raises
    ------
    Refusal
        If `public.pem` is missing or holds none.
    """
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


def postgres_store() -> "type[PostgresLedger]":
    """Load the store in PostgreSQL, whose driver is an extra.

    Returns
    -------
    type of PostgresLedger
        To make, open or restore a ledger.

    Raises
    ------
    Refusal
        If the driver is not installed.
    """
    try:
        from trialwright.ledger.postgres import PostgresLedger
    except ImportError:
        raise refuse("DATABASE_URL", "the driver psycopg is not installed", "psycopg",
                     "Install it: pip install 'trialwright[postgres]'") from None  # fmt: skip
    return PostgresLedger
