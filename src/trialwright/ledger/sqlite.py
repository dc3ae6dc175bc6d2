"""The ledger in a SQLite file.

A connection is opened for each use and closed after it: nothing is shared between threads or
inherited by a forked process, and no reader holds a lock while its caller thinks.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from trialwright.conduct.happenings import Recorded
from trialwright.ledger import chain, export, sqlite_file, sqlite_rows
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.envelope import check_trial
from trialwright.ledger.findings import Discovery, Report, Tampering, discover
from trialwright.ledger.mounts import read_mounts, refuse_network
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.ledger.sqlite_transaction import SqliteTransaction, check_ground, spoiled
from trialwright.ledger.verify import verify
from trialwright.terms.errors import Refusal, refuse, shorten


@dataclass(frozen=True, slots=True)
class SqliteLedger:
    """A ledger in one file; made by `open`, `create` or `read_copy`.

    Attributes
    ----------
    path : Path
        The file, absolute, without symbolic links.
    keys : tuple of VerifyingKey
        Public keys that were ever the ledger's.
    signing : SigningKey or None
        Signs new heads; None when the ledger is only read.
    checkpoint : CheckpointFile or None
        Keeps the newest receipts outside the database.
    salts : callable
        Gives as many random bytes as asked.
    access : str
        How the file is opened, from `sqlite_file`.
    """

    path: Path
    keys: tuple[VerifyingKey, ...]
    signing: SigningKey | None
    checkpoint: CheckpointFile | None
    salts: Callable[[int], bytes]
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
        return cls(whole, tuple(dict.fromkeys((*own, *keys))), signing, checkpoint, salts)

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
        return cls(whole, tuple(keys), None, checkpoint, secrets.token_bytes, sqlite_file.FROZEN)

    def trials(self) -> tuple[str, ...]:
        """Name the trials that have happenings.

        Returns
        -------
        tuple of str
            In order.
        """
        with self._reading() as connection:
            return sqlite_rows.trials(connection)

    def head(self, trial: str) -> Receipt | None:
        """Give the newest signed head.

        Parameters
        ----------
        trial : str
            The trial.

        Returns
        -------
        Receipt or None
            None when the trial has no happening yet.
        """
        with self._reading() as connection:
            last = sqlite_rows.newest(connection, trial)
            return next(iter(sqlite_rows.heads(connection, trial, last - 1)), None)

    def records(self, trial: str, after: int = 0) -> Iterator[Recorded]:
        """Give the happenings of a trial in order, without holding a lock meanwhile.

        Parameters
        ----------
        trial : str
            The trial.
        after : int
            Sequence after which to begin; 0 for all.

        Yields
        ------
        Recorded
            With the payload put together; a redacted leaf reads as null.
        """
        check_trial(trial)
        while True:
            with self._reading() as connection:
                links = sqlite_rows.page(connection, trial, after)
            if not links:
                return
            for link in links:
                yield chain.recorded(link)
            after = links[-1].envelope.sequence

    @contextmanager
    def transaction(self, trial: str) -> Iterator[SqliteTransaction]:
        """Lock the ledger; commit at the end, or roll back on any exception.

        Parameters
        ----------
        trial : str
            The trial; its chain begins with the first append.

        Yields
        ------
        SqliteTransaction
            To read and append.

        Raises
        ------
        Refusal
            If the ledger was opened for reading, is busy, or does not end as it was signed
            and kept.
        CheckpointNotKept
            If the append is recorded but its receipt could not be kept outside.
        """
        check_trial(trial)
        if self.signing is None:
            raise refuse(
                "ledger", "opened for reading", "opened with a signing key", "Hand in the key"
            )
        with closing(sqlite_file.connect(self.path, self.access, is_writing=True)) as connection:
            with sqlite_file.translated():
                connection.execute("BEGIN IMMEDIATE")
            try:
                kept = self.checkpoint.newest(trial) if self.checkpoint is not None else None
                check_ground(connection, trial, self.keys, self.signing.verifying, kept)
                opened = SqliteTransaction(connection, trial, self.signing, self.salts)
                yield opened
                if opened.is_spoiled or not connection.in_transaction:
                    raise spoiled()
                with sqlite_file.translated():
                    connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        if opened.receipts and self.checkpoint is not None:
            self.checkpoint.keep(opened.receipts[-1])

    def verify(
        self,
        trial: str,
        *,
        receipts: Sequence[Receipt] = (),
        every_signature: bool = False,
        may_be_older: bool = False,
    ) -> Report:
        """Check a trial's chain against itself, its signatures, the checkpoint and receipts.

        Parameters
        ----------
        trial : str
            The trial.
        receipts : sequence of Receipt
            That people kept, besides the checkpoint.
        every_signature : bool
            Check every signature, not that of the newest head alone.
        may_be_older : bool
            Whether this is a backup, which may end before the checkpoint.

        Returns
        -------
        Report
            What was found, where, why, and what to do. A damaged file is a discovery, too.
        """
        check_trial(trial)
        kept, wrong = self._kept(trial)
        try:
            with self._reading() as connection:
                wrong += _wrong_with_file(connection)
                report = verify(
                    trial,
                    sqlite_rows.links(connection, trial),
                    sqlite_rows.heads(connection, trial),
                    self.keys,
                    [*receipts, *kept],
                    every_signature=every_signature,
                    may_be_older=may_be_older,
                    others=[one for one in sqlite_rows.trials(connection) if one != trial],
                )
        except Refusal as refusal:
            damage = discover(Tampering.DAMAGED, 0, refusal.faults[0].found)
            return Report(trial, 0, 0, None, (*wrong, damage))
        return replace(report, discoveries=(*wrong, *report.discoveries))

    def export_lines(self, trial: str) -> Iterator[str]:
        """Give everything stored of a trial as JSON Lines, as it stood at one moment.

        Parameters
        ----------
        trial : str
            The trial.

        Yields
        ------
        str
            One line without its end, values and salts included.
        """
        with self._reading() as connection:
            links = sqlite_rows.links(connection, trial)
            heads = sqlite_rows.heads(connection, trial)
            lines = list(export.write_lines(trial, links, heads))
        yield from lines

    def _kept(self, trial: str) -> tuple[list[Receipt], list[Discovery]]:
        """Give the receipt of the checkpoint, or say why there is none to be had."""
        if self.checkpoint is None:
            return [], []
        try:
            kept = self.checkpoint.newest(trial)
        except Refusal as refusal:
            why = f"the checkpoint is {refusal.faults[0].found}"
            return [], [discover(Tampering.RECEIPT_UNUSABLE, 0, why)]
        return ([] if kept is None else [kept]), []

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Open a connection that sees one moment of the ledger and writes nothing."""
        with closing(sqlite_file.connect(self.path, self.access)) as connection:
            with sqlite_file.translated():
                connection.execute("BEGIN")
            yield connection


def _wrong_with_file(connection: sqlite3.Connection) -> list[Discovery]:
    """Look for damage that SQLite itself sees, and for changed guards."""
    with sqlite_file.translated():
        told = [row for (row,) in connection.execute("PRAGMA integrity_check(5)").fetchall()]
    found = []
    if told != ["ok"]:
        found.append(discover(Tampering.DAMAGED, 0, f"SQLite finds: {shorten(told[0])}"))
    if not sqlite_file.guards_stand(connection):
        why = "tables or triggers are not those that this software made"
        found.append(discover(Tampering.GUARD_REMOVED, 0, why))
    return found
