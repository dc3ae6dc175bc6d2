"""A connection to a ledger in a SQLite file, and errors that say what to do."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from trialwright.ledger import sqlite_tables as tables
from trialwright.terms.errors import Refusal, refuse


class SqliteSession:
    """A connection to a ledger in a SQLite file, as `Session` asks for.

    Parameters
    ----------
    connection : sqlite3.Connection
        From `sqlite_file.connect`; closed by whoever opened it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open that can still be committed."""
        return self._connection.in_transaction

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement.

        Parameters
        ----------
        statement : str
            With `?` for each value.
        values : sequence of object
            Text, whole numbers and nulls.

        Returns
        -------
        list of tuple
            The rows it gives.

        Raises
        ------
        Refusal
            As `translated` says.
        """
        with translated():
            return self._connection.execute(statement, values).fetchall()

    def run_each(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement that gives nothing for each row of values.

        Parameters
        ----------
        statement : str
            With `?` for each value.
        rows : sequence of sequence of object
            Values of each run.

        Raises
        ------
        Refusal
            As `translated` says.
        """
        with translated():
            self._connection.executemany(statement, rows)

    def sealed(self, trial: str, first: int, last: int) -> list[tuple[int, int, str, str, str]]:
        """Give the fields of happenings, to be verified.

        Parameters
        ----------
        trial : str
            The trial.
        first, last : int
            Sequences of the first happening and the last.

        Returns
        -------
        list of tuple
            As `Session.sealed`; what stands in the index otherwise than in the table is left out.
        """
        return self.run(tables.SEALED, (trial, first, last))

    def fields(self) -> int:
        """Count the fields of all happenings of all trials.

        Returns
        -------
        int
            As they stand in the table, whatever its index holds.
        """
        return int(self.run(tables.FIELDS)[0][0])

    def guards_stand(self) -> bool:
        """Say whether tables and triggers are those that this software made.

        Returns
        -------
        bool
            False when anything was added, dropped or changed.
        """
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
            for statement in (*tables.TABLES, *tables.GUARDS):
                model.execute(statement)
            wanted = model.execute(tables.SCHEMA).fetchall()
        return self.run(tables.SCHEMA) == wanted

    def damage(self, *, besides_fields: bool = False) -> str:
        """Look for damage that SQLite itself sees.

        The form of each text is not looked at: hashes and signatures hold it, and the look at
        millions of salts costs as much as all of them.

        Parameters
        ----------
        besides_fields : bool
            Whether to leave out the index of fields, half of the work: who reads through it as many
            fields as there are, each as its row has it, has looked at it.

        Returns
        -------
        str
            What it finds first; empty when it finds none.
        """
        self.run("PRAGMA ignore_check_constraints = ON")
        try:
            parts = (tables.OVERALL, *tables.INDEXED)
            if besides_fields and all(self.run(part) == [("ok",)] for part in parts):
                return ""
            told = [row for (row,) in self.run(tables.EVERYTHING)]
        finally:
            self.run("PRAGMA ignore_check_constraints = OFF")
        return "" if told == ["ok"] else f"SQLite finds: {told[0]}"


@contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLite reports into a refusal that says what to do.

    Yields
    ------
    None
        For the length of the calls to SQLite.

    Raises
    ------
    Refusal
        If the database is busy, full, read-only, damaged or gone. A constraint that is broken
        stays an `IntegrityError`: that is a fault of the software.
    """
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except (sqlite3.Error, UnicodeDecodeError) as failed:
        # a damaged schema makes the text of SQLite's own message undecodable
        raise _refusal(failed) from failed


def _refusal(failed: sqlite3.Error | UnicodeDecodeError) -> Refusal:
    """Say what SQLite's error means for the one who waits."""
    code = getattr(failed, "sqlite_errorcode", 0) & 0xFF
    found, allowed, advice = _MEANINGS.get(
        code, ("the database cannot be read", "an undamaged database", "Verify the ledger")
    )
    told = f" ({failed})" if isinstance(failed, sqlite3.Error) else ""
    return refuse("ledger", f"{found}{told}", allowed, advice)


_MEANINGS = {
    sqlite3.SQLITE_BUSY: (
        "another act holds the ledger for more than 20 seconds",
        "one act at a time",
        "Wait and try again; nothing was recorded",
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        "free space",
        "Make room and try again; nothing was recorded",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk reports an error",
        "a working disk",
        "Check the disk, verify the ledger and try again; nothing was acknowledged",
    ),
    sqlite3.SQLITE_READONLY: (
        "the ledger cannot be written",
        "a file and folder that this account may write",
        "Correct the permissions; nothing was recorded",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the ledger cannot be opened",
        "a file and folder that this account may use",
        "Check the path and the permissions",
    ),
}
