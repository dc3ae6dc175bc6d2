"""The ledger in PostgreSQL, for many sites.

The lock is one row for each trial, taken first and held to the end; with it the ordinary isolation
is enough, and nobody has to try again. A connection is opened for each use, as on SQLite.

A redacted value is gone from every later read at once; its old row version leaves the heap with
`scrub`, and the write-ahead log with its retention.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection

from trialwright.ledger import postgres_scrubbing, rows
from trialwright.ledger import postgres_tables as tables
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.copies import verified_copy
from trialwright.ledger.findings import Report
from trialwright.ledger.postgres_session import PostgresSession, connect
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.relational import RelationalLedger
from trialwright.ledger.sessions import Session
from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.ledger.sqlite_file import create as create_file
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True, repr=False)
class PostgresLedger(RelationalLedger):
    """A ledger in a PostgreSQL database; made by `open` after `create`.

    Attributes
    ----------
    address : str
        `postgresql://user@host/database`; never shown, for it may hold a password.
    keys, signing, checkpoint, salts
        As in `RelationalLedger`.
    """

    address: str

    @classmethod
    def create(cls, address: str, fill: Callable[[Session], None] | None = None) -> None:
        """Make a ledger, whole or not at all.

        Parameters
        ----------
        address : str
            Of a database without one.
        fill : callable or None
            Writes the rows of another ledger before the tables are guarded; None: it is empty.

        Raises
        ------
        Refusal
            If there is a ledger already, or the database cannot be used.
        """
        with closing(connect(address)) as connection:
            session = PostgresSession(connection)
            if _schema_version(session) is not None:
                raise refuse("ledger", "a ledger in this database", "a database without one",
                             "Open it, or choose another database")  # fmt: skip
            session.run("BEGIN")
            for statement in tables.tables():
                session.run(statement)
            if fill is not None:
                fill(session)
            for statement in tables.guards():
                session.run(statement)
            session.run("COMMIT")

    @classmethod
    def open(
        cls,
        address: str,
        *,
        signing: SigningKey | None = None,
        keys: Sequence[VerifyingKey] = (),
        checkpoint: CheckpointFile | None = None,
        salts: Callable[[int], bytes] = secrets.token_bytes,
    ) -> "PostgresLedger":
        """Open a ledger.

        Parameters
        ----------
        address : str
            Of its database.
        signing : SigningKey or None
            Needed to append; its public key counts among `keys`.
        keys : sequence of VerifyingKey
            Public keys that were ever the ledger's.
        checkpoint : CheckpointFile or None
            Keeps the newest receipts outside the database.
        salts : callable
            Gives as many random bytes as asked; a cryptographic generator outside tests.

        Returns
        -------
        PostgresLedger
            Not yet verified.

        Raises
        ------
        Refusal
            If the server cannot be used, or there is no ledger or one of another form.
        """
        with closing(connect(address)) as connection:
            version = _schema_version(PostgresSession(connection))
        if version != tables.SCHEMA_VERSION:
            found = "no ledger" if version is None else f"schema version {version}"
            raise refuse("ledger", found, f"a ledger of schema version {tables.SCHEMA_VERSION}",
                         "Make one, or use the software that wrote it")  # fmt: skip
        own = (signing.verifying,) if signing is not None else ()
        every_key = tuple(dict.fromkeys((*own, *keys)))
        return cls(every_key, signing, checkpoint, salts, address)

    @classmethod
    def restore(
        cls,
        copy: Path,
        address: str,
        *,
        keys: Sequence[VerifyingKey],
        checkpoint: CheckpointFile | None = None,
        receipts: Sequence[Receipt] = (),
    ) -> tuple[Report, ...]:
        """Put a backup in place as the ledger of a database, and verify it there.

        Parameters
        ----------
        copy : Path
            The backup, a SQLite file; it is not changed.
        address : str
            Of a database without a ledger.
        keys, checkpoint, receipts
            As in `copies.restore`.

        Returns
        -------
        tuple of Report
            As in `copies.restore`.

        Raises
        ------
        Refusal
            If the backup is no ledger, or there is one in the database.
        """
        backup = SqliteLedger.read_copy(copy, keys=keys)
        backup.with_rows(lambda source: cls.create(address, lambda own: rows.copy(source, own)))
        return verified_copy(cls.open(address, keys=keys), checkpoint, receipts)

    def scrub(self) -> str:
        """Rewrite the heap without the row versions that redactions left behind.

        Returns
        -------
        str
            What was done, and what still holds erased values.

        Raises
        ------
        Refusal
            If the account does not own tables and database, or something holds old row versions:
            erased values are then still there.
        """
        with closing(connect(self.address)) as connection:
            postgres_scrubbing.scrub(connection)
        return (
            "Erased values are out of the tables. The write-ahead log, its archive, and backups "
            "and exports made before a redaction hold them until they are removed."
        )

    def copy_to(self, fresh: Path) -> None:
        """Write the rows, as they stand at one moment, into a new SQLite ledger.

        Parameters
        ----------
        fresh : Path
            A file that does not exist yet, in a folder that does.
        """
        self.with_rows(lambda own: create_file(fresh, lambda copy: rows.copy(own, copy)))

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """Open a session that sees one moment of the ledger and writes nothing."""
        with closing(connect(self.address)) as connection:
            session = PostgresSession(connection)
            session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session

    @contextmanager
    def _writing(self, trial: str) -> Iterator[Session]:
        """Open a session that holds the lock of a trial; it commits, or rolls back and raises."""
        with closing(connect(self.address)) as connection:
            session = PostgresSession(connection)
            session.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            try:
                session.run("INSERT INTO locks VALUES (?) ON CONFLICT DO NOTHING", (trial,))
                session.run("SELECT 1 FROM locks WHERE trial = ? FOR UPDATE", (trial,))
                yield session
                session.run("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise


def _roll_back(connection: Connection[tuple[object, ...]]) -> None:
    """End a transaction; a server that is gone has ended it already."""
    if not connection.closed and not connection.broken:
        connection.rollback()


def _schema_version(session: PostgresSession) -> int | None:
    """Give the form of the tables, or None when there are none."""
    has_table = session.run("SELECT to_regclass(?) IS NOT NULL", (f"{tables.SCHEMA_NAME}.version",))
    if not has_table[0][0]:
        return None
    found = session.run("SELECT max(number) FROM version")
    return None if found[0][0] is None else int(found[0][0])
