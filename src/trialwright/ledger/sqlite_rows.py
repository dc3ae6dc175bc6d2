"""Reading and writing the rows of a SQLite ledger."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trialwright.ledger import tables
from trialwright.ledger.chain import Link, Opening
from trialwright.ledger.envelope import COLUMNS, Envelope
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.redaction import Target
from trialwright.ledger.sqlite_file import translated

_PAGE = 500
_WHOLE = len(COLUMNS)


def trials(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Name the trials that have happenings.

    Parameters
    ----------
    connection : sqlite3.Connection
        To a ledger.

    Returns
    -------
    tuple of str
        In order.
    """
    with translated():
        return tuple(trial for (trial,) in connection.execute(tables.TRIALS).fetchall())


def page(connection: sqlite3.Connection, trial: str, after: int) -> list[Link]:
    """Give the next happenings of a trial, at most 500.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction when others may write.
    trial : str
        The trial.
    after : int
        Sequence after which to begin.

    Returns
    -------
    list of Link
        As stored; empty at the end.

    Raises
    ------
    Refusal
        If the database cannot be read.
    """
    openings: defaultdict[int, dict[str, Opening]] = defaultdict(dict)
    with translated():
        rows = connection.execute(tables.LINKS, (trial, after, _PAGE)).fetchall()
        if rows:
            bounds = (rows[0][2], rows[-1][2])
            for sequence, path, salt, value in connection.execute(
                tables.FIELDS, (trial, *bounds)
            ).fetchall():
                openings[sequence][path] = Opening(salt, value)
    return [_link(row, openings) for row in rows]


def links(connection: sqlite3.Connection, trial: str, after: int = 0) -> Iterator[Link]:
    """Give the happenings of a trial, page by page.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction when others may write.
    trial : str
        The trial.
    after : int
        Sequence after which to begin.

    Yields
    ------
    Link
        As stored.
    """
    while found := page(connection, trial, after):
        yield from found
        after = found[-1].envelope.sequence


def newest(connection: sqlite3.Connection, trial: str) -> int:
    """Give the largest sequence of a trial.

    Parameters
    ----------
    connection : sqlite3.Connection
        To a ledger.
    trial : str
        The trial.

    Returns
    -------
    int
        0 when it has no happening.
    """
    with translated():
        return int(connection.execute(tables.NEWEST, (trial,)).fetchone()[0])


def heads(connection: sqlite3.Connection, trial: str, after: int = 0) -> list[Receipt]:
    """Give the signed heads of a trial.

    Parameters
    ----------
    connection : sqlite3.Connection
        To a ledger.
    trial : str
        The trial.
    after : int
        Sequence after which to begin.

    Returns
    -------
    list of Receipt
        As stored, by sequence.
    """
    with translated():
        rows = connection.execute(tables.HEADS, (trial, after)).fetchall()
    return [Receipt(*row) for row in rows]


def has_signed(connection: sqlite3.Connection, trial: str, key_id: str) -> bool:
    """Say whether a key signed any head of a trial.

    Parameters
    ----------
    connection : sqlite3.Connection
        To a ledger.
    trial : str
        The trial.
    key_id : str
        SHA-256 of the public key.

    Returns
    -------
    bool
        As the stored heads say.
    """
    with translated():
        return bool(connection.execute(tables.HAS_SIGNED, (trial, key_id)).fetchone()[0])


def hash_at(connection: sqlite3.Connection, trial: str, sequence: int) -> str | None:
    """Give the stored hash of a happening.

    Parameters
    ----------
    connection : sqlite3.Connection
        To a ledger.
    trial : str
        The trial.
    sequence : int
        Which happening.

    Returns
    -------
    str or None
        None when there is no such happening.
    """
    with translated():
        row = connection.execute(tables.HASH, (trial, sequence)).fetchone()
    return None if row is None else row[0]


def field_at(
    connection: sqlite3.Connection, trial: str, target: Target
) -> tuple[str | None, Opening | None]:
    """Give the act of a happening and one of its fields.

    Parameters
    ----------
    connection : sqlite3.Connection
        To a ledger.
    trial : str
        The trial.
    target : Target
        Which field.

    Returns
    -------
    tuple
        The act, or None when there is no such happening; the field, or None likewise.
    """
    with translated():
        act = connection.execute(tables.ACT, (trial, target.sequence)).fetchone()
        place = (trial, target.sequence, target.field)
        field = connection.execute(tables.FIELD, place).fetchone()
    return (None if act is None else act[0], None if field is None else Opening(*field))


def put(connection: sqlite3.Connection, link: Link) -> None:
    """Write one happening with its fields.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction.
    link : Link
        The next of its chain.
    """
    envelope = link.envelope
    whole = tuple(getattr(envelope, name) for name in COLUMNS)
    with translated():
        connection.execute(tables.PUT_LINK, (*whole, link.previous, link.hash, link.commitments))
        connection.executemany(
            tables.PUT_FIELD,
            (
                (envelope.trial, envelope.sequence, path, opening.salt, opening.value)
                for path, opening in link.openings.items()
            ),
        )


def put_head(connection: sqlite3.Connection, head: Receipt) -> None:
    """Write the head that closes an append.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction.
    head : Receipt
        Signed.
    """
    row = (head.trial, head.first, head.sequence, head.hash, head.signed_at)
    with translated():
        connection.execute(tables.PUT_HEAD, (*row, head.key_id, head.signature))


def erase(connection: sqlite3.Connection, trial: str, target: Target) -> None:
    """Erase value and salt of one field, between its redaction and the head that closes it.

    Parameters
    ----------
    connection : sqlite3.Connection
        In the transaction of the redaction.
    trial : str
        The trial.
    target : Target
        Which field.
    """
    with translated():
        connection.execute(tables.ERASE, (trial, target.sequence, target.field))


def _link(row: Sequence[Any], openings: Mapping[int, Mapping[str, Opening]]) -> Link:
    """Put one row and its fields together."""
    envelope = Envelope(*row[:_WHOLE])
    previous, own, commitments = row[_WHOLE:]
    return Link(envelope, previous, own, commitments, openings.get(envelope.sequence, {}))
