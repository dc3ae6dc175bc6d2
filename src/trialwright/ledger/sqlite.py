"""The ledger in a SQLite file.

A connection is opened for each use and closed after it: nothing is shared between threads or
inherited by a forked process, and no reader holds a lock while its caller thinks.
"""

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from trialwright.ledger import sqlite_file
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.mounts import read_mounts, refuse_network
from trialwright.ledger.relational import RelationalLedger
from trialwright.ledger.sessions import Session
from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.ledger.sqlite_session import SqliteSession, translated
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class SqliteLedger(RelationalLedger):
    """A ledger in one file; made by `open`, `create` or `read_copy`.

    Attributes
    ----------
    path : Path
        The file, absolute, without symbolic links.
    access : str
        How the file is opened, from `sqlite_file`.
    keys, signing, checkpoint, salts
        As in `RelationalLedger`.
    """

    path: Path
    access: str = sqlite_file.SHARED

    @classmethod
    def create(cls, path: Path, *, mounts: Callable[[], str] = read_mounts) -> None:
        """Make an empty ledger, readable by its owner alone.

        Parameters
        ----------
        path : Path
            On a local disk; there must be no such file.
        mounts : callable
            Gives the table of mounts.

        Raises
        ------
        Refusal
            If there is such a file, or the path is on a network file system.
        """
        whole = path.absolute().parent.resolve() / path.name
        refuse_network(whole, mounts())
        sqlite_file.create(whole)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        signing: SigningKey | None = None,
        keys: Sequence[VerifyingKey] = (),
        checkpoint: CheckpointFile | None = None,
        salts: Callable[[int], bytes] = secrets.token_bytes,
        mounts: Callable[[], str] = read_mounts,
    ) -> "SqliteLedger":
        """Open a ledger in use.

        Parameters
        ----------
        path : Path
            An existing ledger on a local disk.
        signing : SigningKey or None
            Needed to append; its public key counts among `keys`.
        keys : sequence of VerifyingKey
            Public keys that were ever the ledger's.
        checkpoint : CheckpointFile or None
            Keeps the newest receipts outside the database.
        salts : callable
            Gives as many random bytes as asked; a cryptographic generator outside tests.
        mounts : callable
            Gives the table of mounts.

        Returns
        -------
        SqliteLedger
            Not yet verified.

        Raises
        ------
        Refusal
            If the file is missing, no ledger, of another schema version, or on a network file
            system. It is not changed then.
        """
        whole = path.resolve()
        refuse_network(whole, mounts())
        sqlite_file.check_version(whole)
        own = (signing.verifying,) if signing is not None else ()
        every_key = tuple(dict.fromkeys((*own, *keys)))
        return cls(every_key, signing, checkpoint, salts, whole)

    @classmethod
    def read_copy(
        cls,
        path: Path,
        *,
        keys: Sequence[VerifyingKey],
        checkpoint: CheckpointFile | None = None,
    ) -> "SqliteLedger":
        """Open a backup or an archived ledger that nobody writes, wherever it lies.

        Parameters
        ----------
        path : Path
            The copy.
        keys : sequence of VerifyingKey
            Public keys that were ever the ledger's.
        checkpoint : CheckpointFile or None
            To compare with.

        Returns
        -------
        SqliteLedger
            Nothing is locked or written, not even a journal.

        Raises
        ------
        Refusal
            If the file is missing, no ledger, of another schema version, or was copied in the
            middle of a write (a journal lies beside it).
        """
        whole = path.resolve()
        sqlite_file.check_version(whole)
        if whole.with_name(f"{whole.name}-journal").exists():
            raise refuse(
                "ledger",
                "a file with a journal beside it",
                "a finished copy",
                "Open it as a ledger in use, or take the copy by a backup",
            )
        return cls(tuple(keys), None, checkpoint, secrets.token_bytes, whole, sqlite_file.FROZEN)

    def copy_to(self, fresh: Path) -> None:
        """Copy page by page in one step, so that no writer comes between.

        Parameters
        ----------
        fresh : Path
            A file that does not exist yet, in a folder that does.
        """
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        # No lock is taken on the new file, which nobody else knows: locks may hang on a network.
        where = f"file:{quote(str(fresh.absolute()))}?mode=rw&nolock=1"
        with (
            translated(),
            closing(sqlite_file.connect(self.path, sqlite_file.SHARED)) as ledger,
            closing(sqlite3.connect(where, uri=True)) as target,
        ):
            ledger.backup(target)

    def scrub(self) -> str:
        """Say that nothing is left to do: `secure_delete` overwrites what a redaction erases.

        Returns
        -------
        str
            What was done, and what still holds erased values.
        """
        return (
            "Nothing is to do: erased values are overwritten as they are erased. "
            "Backups and exports made before a redaction still hold them."
        )

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """Open a session that sees one moment of the ledger and writes nothing."""
        with closing(sqlite_file.connect(self.path, self.access)) as connection:
            session = SqliteSession(connection)
            session.run("BEGIN")
            yield session

    @contextmanager
    def _writing(self, trial: str) -> Iterator[Session]:
        """Open a session that holds the lock of the file; it commits, or rolls back and raises."""
        with closing(sqlite_file.connect(self.path, self.access, is_writing=True)) as connection:
            session = SqliteSession(connection)
            session.run("BEGIN IMMEDIATE")
            try:
                yield session
                session.run("COMMIT")
            except BaseException:
                if session.is_in_transaction:
                    connection.execute("ROLLBACK")
                raise
