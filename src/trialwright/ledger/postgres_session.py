"""A connection to a ledger in PostgreSQL: safe settings, and errors that say what to do."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import errors, pq

from trialwright.ledger import postgres_tables as tables
from trialwright.ledger.statements import SEALED
from trialwright.terms.errors import Refusal, refuse

_WAIT_SECONDS = 20
_SETTINGS = (
    f"SET search_path = {tables.SCHEMA_NAME}, pg_catalog",
    "SET synchronous_commit = on",
    f"SET lock_timeout = '{_WAIT_SECONDS}s'",
    "SET client_encoding = 'UTF8'",
)
_MUST_BE_ON = ("fsync", "full_page_writes")
"""Settings of the server without which a power loss takes what was acknowledged."""


def connect(address: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a connection with the settings that the promises of a ledger rest on.

    Parameters
    ----------
    address : str
        `postgresql://user@host/database`; never shown, for it may hold a password.

    Returns
    -------
    psycopg.Connection
        Outside of any transaction; to be closed by the caller.

    Raises
    ------
    Refusal
        If the server cannot be reached, or does not write durably.
    """
    with translated():
        connection = psycopg.connect(address, autocommit=True)
        try:
            connection.execute("; ".join(_SETTINGS))
            _require_durable(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _require_durable(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Refuse a server that loses acknowledged writes in a power loss."""
    asked = ", ".join(f"current_setting('{name}')" for name in _MUST_BE_ON)
    row = connection.execute(f"SELECT {asked}").fetchone()
    for name, found in zip(_MUST_BE_ON, row or ("nothing", "nothing"), strict=True):
        if found != "on":
            raise refuse(
                f"PostgreSQL setting {name}",
                str(found),
                "on",
                "Switch it on: without it a power loss takes what was acknowledged",
            )


class PostgresSession:
    """A connection to a ledger in PostgreSQL, as `Session` asks for.

    Parameters
    ----------
    connection : psycopg.Connection
        From `connect`; closed by whoever opened it.
    """

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open that can still be committed."""
        return self._connection.info.transaction_status == pq.TransactionStatus.INTRANS

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
            ran = self._connection.execute(_marked(statement), values or None)
            return ran.fetchall() if ran.description is not None else []

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
        with translated(), self._connection.cursor() as cursor:
            cursor.executemany(_marked(statement), rows)

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
            As `Session.sealed`.
        """
        return self.run(SEALED, (trial, first, last))

    def guards_stand(self) -> bool:
        """Say whether tables and triggers are those that this software made.

        Returns
        -------
        bool
            False when anything was added, dropped or changed.
        """
        return frozenset(self.run(tables.FOUND)) == tables.expected()

    def fields(self) -> None:
        """Count nothing: a field is kept in one place."""

    def damage(self, *, besides_fields: bool = False) -> str:
        """Give nothing: PostgreSQL reports a damaged page when it reads it, as a refusal.

        Parameters
        ----------
        besides_fields : bool
            Of no meaning here.

        Returns
        -------
        str
            Empty.
        """
        return ""


_WORDS = {"?": "%s", "group_concat(": "string_agg(", "json_array(": "json_build_array("}
"""What statements say to what PostgreSQL calls it."""


@cache
def _marked(statement: str) -> str:
    """Put PostgreSQL's mark for a value, and its words, in a statement."""
    for said, own in _WORDS.items():
        statement = statement.replace(said, own)
    return statement


@contextmanager
def translated() -> Iterator[None]:
    """Turn what PostgreSQL reports into a refusal that says what to do.

    Yields
    ------
    None
        For the length of the calls to PostgreSQL.

    Raises
    ------
    Refusal
        If the server is busy, full, read-only, damaged or gone. What a guard or a constraint
        refuses stays the error it is: that is a fault of the software.
    """
    try:
        yield
    except (errors.RaiseException, psycopg.IntegrityError):
        raise
    except psycopg.Error as failed:
        raise _refusal(failed) from None  # the message may show the address, or values


def _refusal(failed: psycopg.Error) -> Refusal:
    """Say what an error of PostgreSQL means for the one who waits."""
    code = failed.sqlstate or ""
    known = (told for start, told in _MEANINGS.items() if code.startswith(start))
    found, allowed, advice = next(known, _UNKNOWN if code else _GONE)
    return refuse("ledger", f"{found} (SQLSTATE {code})" if code else found, allowed, advice)


_MEANINGS = {
    "55P03": (
        f"another act holds the trial for more than {_WAIT_SECONDS} seconds",
        "one act at a time",
        "Wait and try again; nothing was recorded",
    ),
    "53": (
        "the server is out of disk, memory or connections",
        "free room",
        "Make room and try again; nothing was recorded",
    ),
    "25006": (
        "a server that is read-only",
        "the primary server",
        "Correct the address; nothing was recorded",
    ),
    "42501": (
        "an account that may not do this",
        "the account that owns the ledger",
        "Correct the address or the rights; nothing was recorded",
    ),
    "42P01": (
        "no ledger in this database",
        "a ledger",
        "Make one: trialwright trial open --create",
    ),
    "28": ("an account that the server does not let in", "a known account", "Correct the address"),
    "3D000": ("no such database", "an existing database", "Make it, or correct the address"),
    "XX": ("the server finds damage", "an undamaged database", "Verify the ledger"),
}
"""Beginning of an SQLSTATE to what it means."""

_GONE = (
    "the server cannot be reached, or went away",
    "a running server",
    "Look whether the last act is recorded, then try again",
)
_UNKNOWN = (
    "the database cannot be read",
    "a ledger of this software",
    "Verify the ledger; nothing was acknowledged",
)
