"""Reading and writing the rows of a ledger, whatever database holds its statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from trialwright.ledger import statements
from trialwright.ledger.chain import Link
from trialwright.ledger.commitments import Opening
from trialwright.ledger.envelope import COLUMNS, Envelope
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.redaction import Target
from trialwright.ledger.sessions import Session
from trialwright.terms.drafts import maker

PAGE = 500
"""How many happenings are read at once."""

_WHOLE = len(COLUMNS)
_receipt = maker(Receipt)


def trials(session: Session) -> tuple[str, ...]:
    """Name the trials that have happenings.

    Parameters
    ----------
    session : Session
        To a ledger.

    Returns
    -------
    tuple of str
        In order. A name that is no text, as a torn page may hold, is left to the look for damage.
    """
    return tuple(trial for (trial,) in session.run(statements.TRIALS) if isinstance(trial, str))


def page(session: Session, trial: str, after: int) -> list[Link]:
    """Give the next happenings of a trial, at most 500.

    Parameters
    ----------
    session : Session
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
    return links_of(session, trial, session.run(statements.LINKS, (trial, after, PAGE)))


def links_of(session: Session, trial: str, rows: Sequence[Sequence[Any]]) -> list[Link]:
    """Put rows of happenings together with their fields.

    Parameters
    ----------
    session : Session
        In a transaction when others may write.
    trial : str
        The trial.
    rows : sequence of row
        By sequence.

    Returns
    -------
    list of Link
        One for each row.

    Raises
    ------
    Refusal
        If the database cannot be read.
    """
    openings: defaultdict[int, dict[str, Opening]] = defaultdict(dict)
    if rows:
        bounds = (rows[0][2], rows[-1][2])
        for sequence, path, salt, value in session.run(statements.FIELDS, (trial, *bounds)):
            openings[sequence][path] = Opening(salt, value)
    return [_link(row, openings) for row in rows]


def links(session: Session, trial: str, after: int = 0) -> Iterator[Link]:
    """Give the happenings of a trial, page by page.

    Parameters
    ----------
    session : Session
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
    while found := page(session, trial, after):
        yield from found
        after = found[-1].envelope.sequence


def newest(session: Session, trial: str) -> int:
    """Give the largest sequence of a trial.

    Parameters
    ----------
    session : Session
        To a ledger.
    trial : str
        The trial.

    Returns
    -------
    int
        0 when it has no happening.
    """
    return int(session.run(statements.NEWEST, (trial,))[0][0])


def heads(session: Session, trial: str, after: int = 0) -> list[Receipt]:
    """Give the signed heads of a trial.

    Parameters
    ----------
    session : Session
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
    return [_receipt(*row) for row in session.run(statements.HEADS, (trial, after))]


def has_signed(session: Session, trial: str, key_id: str) -> bool:
    """Say whether a key signed any head of a trial.

    Parameters
    ----------
    session : Session
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
    return bool(session.run(statements.HAS_SIGNED, (trial, key_id))[0][0])


def sequences(session: Session, trial: str) -> list[Any]:
    """Give the sequence of every happening of a trial.

    Parameters
    ----------
    session : Session
        To a ledger.
    trial : str
        The trial.

    Returns
    -------
    list
        In order; whole numbers, unless somebody rebuilt the table.
    """
    return [sequence for (sequence,) in session.run(statements.SEQUENCES, (trial,))]


def has_redacted(session: Session, trial: str, after: int) -> bool:
    """Say whether anything was redacted of late.

    Parameters
    ----------
    session : Session
        To a ledger.
    trial : str
        The trial.
    after : int
        Sequence after which to look.

    Returns
    -------
    bool
        As the stored happenings say.
    """
    return bool(session.run(statements.REDACTED_AFTER, (trial, after))[0][0])


def hash_at(session: Session, trial: str, sequence: int) -> str | None:
    """Give the stored hash of a happening.

    Parameters
    ----------
    session : Session
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
    found = session.run(statements.HASH, (trial, sequence))
    return str(found[0][0]) if found else None


def field_at(session: Session, trial: str, target: Target) -> tuple[str | None, Opening | None]:
    """Give the act of a happening and one of its fields.

    Parameters
    ----------
    session : Session
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
    act = session.run(statements.ACT, (trial, target.sequence))
    field = session.run(statements.FIELD, (trial, target.sequence, target.field))
    return (act[0][0] if act else None, Opening(*field[0]) if field else None)


def put(session: Session, link: Link) -> None:
    """Write one happening with its fields.

    Parameters
    ----------
    session : Session
        In a transaction.
    link : Link
        The next of its chain.
    """
    envelope = link.envelope
    whole = tuple(getattr(envelope, name) for name in COLUMNS)
    session.run(statements.PUT_LINK, (*whole, link.previous, link.hash, link.commitments))
    session.run_each(
        statements.PUT_FIELD,
        [
            (envelope.trial, envelope.sequence, path, opening.salt, opening.value)
            for path, opening in link.openings.items()
        ],
    )


def put_head(session: Session, head: Receipt) -> None:
    """Write the head that closes an append.

    Parameters
    ----------
    session : Session
        In a transaction.
    head : Receipt
        Signed.
    """
    row = (head.trial, head.first, head.sequence, head.hash, head.signed_at)
    session.run(statements.PUT_HEAD, (*row, head.key_id, head.signature))


def erase(session: Session, trial: str, target: Target) -> None:
    """Erase value and salt of one field, between its redaction and the head that closes it.

    Parameters
    ----------
    session : Session
        In the transaction of the redaction.
    trial : str
        The trial.
    target : Target
        Which field.
    """
    session.run(statements.ERASE, (trial, target.sequence, target.field))


def copy(from_session: Session, to_session: Session) -> None:
    """Write every happening, value and head of one ledger into the tables of another.

    Parameters
    ----------
    from_session : Session
        Sees one moment of a ledger.
    to_session : Session
        To empty tables that are not guarded yet: erased values are written as erased.
    """
    for trial in trials(from_session):
        put_chain(to_session, links(from_session, trial), heads(from_session, trial))


def put_chain(session: Session, links: Iterable[Link], heads: Iterable[Receipt]) -> None:
    """Write a whole chain into tables that are not guarded yet.

    Parameters
    ----------
    session : Session
        To such tables.
    links : iterable of Link
        Its happenings, by sequence.
    heads : iterable of Receipt
        Its heads.
    """
    for link in links:
        put(session, link)
    for head in heads:
        put_head(session, head)


def _link(row: Sequence[Any], openings: Mapping[int, Mapping[str, Opening]]) -> Link:
    """Put one row and its fields together."""
    envelope = Envelope(*row[:_WHOLE])
    previous, own, commitments = row[_WHOLE:]
    return Link(envelope, previous, own, commitments, openings.get(envelope.sequence, {}))
