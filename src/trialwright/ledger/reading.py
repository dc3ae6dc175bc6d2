"""Reading stored happenings as the rest of the software knows them, without what verifies them.

Salts, commitments and hashes stay in the database, which puts the fields of a happening together:
asked for row by row they take twice the time. Most happenings of a trial have the fields of some
hundred others: where each field goes is worked out once for a set of paths.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

from trialwright.conduct.happenings import Happening, Recorded
from trialwright.ledger import statements
from trialwright.ledger.commitments import SOURCE
from trialwright.ledger.envelope import FORMAT
from trialwright.ledger.flatten import assemble
from trialwright.ledger.payloads import LaterPayload, Shape, leaf, shape_of, unreadable
from trialwright.ledger.sessions import Session
from trialwright.ledger.statements import LINE
from trialwright.terms.canonical import Json
from trialwright.terms.drafts import maker
from trialwright.terms.errors import Refusal, refuse

PAGE, LONGEST_PAGE = 500, 8000
"""How many happenings are read at once at first, and at most."""

_SHAPES, _MOST_SIGNS = 1024, 10_000
"""Shapes that are kept, and how long the paths of one of them may be together."""


def records(session: Session, trial: str, after: int = 0) -> Iterator[Recorded]:
    """Give the happenings of a trial in order, page by page.

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
    Recorded
        As `page` reads it.
    """
    for most in sizes():
        found = page(session, trial, after, most)
        if not found:
            return
        yield from found
        after = found[-1].sequence


def sizes() -> Iterator[int]:
    """Give sizes of pages: small ones first, for most who read want what is new, or the first.

    Yields
    ------
    int
        From `PAGE` to `LONGEST_PAGE`, without end.
    """
    size = PAGE
    while True:
        yield size
        size = min(4 * size, LONGEST_PAGE)


def page(session: Session, trial: str, after: int, most: int = PAGE) -> list[Recorded]:
    """Read the next happenings of a trial.

    Parameters
    ----------
    session : Session
        In a transaction when others may write.
    trial : str
        The trial.
    after : int
        Sequence after which to begin.
    most : int
        How many at most.

    Returns
    -------
    list of Recorded
        A redacted leaf reads as null, a redacted text as empty. Payloads are put together when
        somebody looks at them, as they stood when they were read. Hashes are not checked here but
        by `verify`. Empty at the end.

    Raises
    ------
    Refusal
        If what is stored makes no happening, or has a record format that is not known here. A leaf
        that cannot be read is refused at the look.
    """
    rows = session.run(statements.ENVELOPES, (trial, after, most))
    if not rows:
        return []
    bounds = (trial, rows[0][1], rows[-1][1])
    known: dict[str, Json] = {}
    read: list[Joined] = session.run(statements.JOINED, bounds)
    if not all(map(_is_one_each, read)):  # no ledger written by this software
        return _page_of_rows(rows, session.run(statements.VALUES, bounds), known)
    joined = {each[0]: each for each in read}
    return [_joined(row, joined.get(row[1], _NOTHING), known) for row in rows]


Joined = tuple[int, int, str, str]
"""The sequence of a happening, how many fields it has, their paths, and their values."""

_NOTHING: Joined = (0, 0, "", "")
"""Fields of a happening that has none."""


def _is_one_each(fields: Joined) -> bool:
    """Say whether there are as many joints as fields, so that none holds one."""
    _, number, paths, values = fields
    return paths.count(LINE) == values.count(LINE) == number - 1


def _page_of_rows(
    rows: Sequence[tuple[Any, ...]], fields: Sequence[tuple[Any, ...]], known: dict[str, Json]
) -> list[Recorded]:
    """Put happenings together from a row for each field."""
    held: dict[int, dict[str, str | None]] = {}
    for sequence, path, value in fields:
        held.setdefault(sequence, {})[path] = value
    return [_apart(row, held.get(row[1], {}), known) for row in rows]


def _joined(row: Sequence[Any], fields: Joined, known: dict[str, Json]) -> Recorded:
    """Put one happening together from its joined fields; its payload waits for a look."""
    _, number, paths, values = fields
    try:
        shape = (_known_shape if len(paths) <= _MOST_SIGNS else _shape)(paths if number else None)
        if not 0 < shape.after < number:
            return _apart(row, _parted(number, paths, values), known)
        payload, *others = values.rsplit(LINE, shape.after)
        first = number - shape.after
        told = [known[each] if each in known else leaf(each, known) for each in others]
        reason = None if shape.reason is None else told[shape.reason - first]
        source: str | dict[str, Json]
        if shape.has_plain_source and isinstance(told[-1], str):
            source = told[-1]
        else:
            source = _source({path: told[place - first] for path, place in shape.source})
        later = LaterPayload(payload, shape, row[1], known)
        return _recorded(row, later, reason, source)
    except Refusal:
        raise
    except (TypeError, ValueError, AttributeError, RecursionError):
        raise unreadable(row[1]) from None


def _parted(number: int, paths: str, values: str) -> dict[str, str | None]:
    """Give joined fields one by one."""
    if not number:
        return {}
    return dict(zip(paths.split(LINE), values.split(LINE), strict=True))


def _apart(
    row: Sequence[Any], fields: Mapping[str, str | None], known: dict[str, Json]
) -> Recorded:
    """Put one happening together from its fields, the payload as well."""
    try:
        leaves = [leaf(value, known) for value in fields.values()]
        shape = shape_of(tuple(fields))
        reason = None if shape.reason is None else leaves[shape.reason]
        source = _source({path: leaves[place] for path, place in shape.source})
        return _recorded(row, shape.filled(leaves), reason, source)
    except Refusal:
        raise
    except (TypeError, ValueError, AttributeError, RecursionError):
        raise unreadable(row[1]) from None


def _recorded(
    row: Sequence[Any],
    payload: Mapping[str, Json],
    reason: Json,
    source: str | dict[str, Json],
) -> Recorded:
    """Put one happening together with its envelope."""
    form, sequence, entered_at, on, actor, role, site, act, subject, schema, protocol, software = (
        row
    )
    if form != FORMAT:
        raise refuse(
            f"happening {sequence}",
            f"record format {form}",
            f"record format {FORMAT}",
            "Read this ledger with the version that wrote it, or a later one",
        )
    told = reason if isinstance(reason, str) else ""
    # few words stand in all happenings: each is held once, and found faster
    whom = intern(subject)
    done = _happening(intern(act), whom, date.fromisoformat(on), payload, told, schema)
    who = (intern(actor), intern(role), intern(site))
    return _recorded_of(
        sequence, entered_at, *who, source, intern(protocol), intern(software), done
    )


def _shape(paths: str | None) -> Shape:
    """Find out where the fields of joined paths go."""
    return shape_of(() if paths is None else paths.split(LINE))


_known_shape = lru_cache(_SHAPES)(_shape)
_happening, _recorded_of = maker(Happening), maker(Recorded)


def _source(leaves: Mapping[str, Json]) -> str | dict[str, Json]:
    """Put the source together: a text, empty when it was redacted, or a mapping."""
    whole = leaves.get(SOURCE)
    if isinstance(whole, str) and len(leaves) == 1:
        return whole
    return assemble(leaves, SOURCE) or ""
