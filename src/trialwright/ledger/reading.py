"""Reading stored happenings as the rest of the software knows them, without what verifies them.

Salts, commitments and hashes stay in the database, which puts the fields of a happening together:
asked for row by row they take twice the time. Most happenings of a trial have the fields of some
hundred others: where each field goes is worked out once for a set of paths. Likewise what many say
of who entered them is one text, and read once.
"""

import json
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
from trialwright.ledger.payloads import Shape, later_payload, leaf, shape_of, unreadable
from trialwright.ledger.sessions import Session
from trialwright.ledger.statements import LINE
from trialwright.terms.canonical import Json
from trialwright.terms.drafts import maker
from trialwright.terms.errors import Refusal, refuse

PAGE, LONGEST_PAGE = 500, 8000
"""How many happenings are read at once at first, and at most."""

_SHAPES, _MOST_SIGNS = 1024, 10_000
"""Shapes that are kept, and how long the paths of one of them may be together."""

_ENTERING, _DAYS = 1024, 4096
"""How many are kept of what is said of who entered happenings, and of days."""


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
    bounds = (trial, rows[0][0], rows[-1][0])
    known: dict[str, Json] = {}
    joined: dict[int, Joined] = {
        each[0]: each[1:] for each in session.run(statements.JOINED, bounds)
    }
    try:
        return [_joined(row, joined.get(row[0], _NOTHING), known) for row in rows]
    except _OtherJointsError:  # no ledger written by this software
        return _page_of_rows(rows, session.run(statements.VALUES, bounds), known)


Joined = tuple[int, str, str]
"""How many fields a happening has, their paths, and their values."""

_NOTHING: Joined = (0, "", "")
"""Fields of a happening that has none."""


class _OtherJointsError(Exception):
    """There are more joints than fields, so that a field holds one."""


def _page_of_rows(
    rows: Sequence[tuple[Any, ...]], fields: Sequence[tuple[Any, ...]], known: dict[str, Json]
) -> list[Recorded]:
    """Put happenings together from a row for each field."""
    held: dict[int, dict[str, str | None]] = {}
    for sequence, path, value in fields:
        held.setdefault(sequence, {})[path] = value
    return [_apart(row, held.get(row[0], {}), known) for row in rows]


def _joined(row: Sequence[Any], fields: Joined, known: dict[str, Json]) -> Recorded:
    """Put one happening together from its joined fields; its payload waits for a look."""
    number, paths, values = fields
    if not number:
        return _apart(row, {}, known)
    try:
        shape = (_known_shape if len(paths) <= _MOST_SIGNS else _shape)(paths)
        if shape.number != number or values.count(LINE) != number - 1:
            raise _OtherJointsError
        if not 0 < shape.after < number:
            parted = zip(paths.split(LINE), values.split(LINE), strict=True)
            return _apart(row, dict(parted), known)
        if shape.is_usual:  # in half of the time that it takes in general
            payload, why, door = values.rsplit(LINE, 2)
            reason = known[why] if why in known else leaf(why, known)
            source: Any = known[door] if door in known else leaf(door, known)
            if not isinstance(source, str):
                source = _source({SOURCE: source})
        else:
            payload, *others = values.rsplit(LINE, shape.after)
            told = [known[each] if each in known else leaf(each, known) for each in others]
            first = number - shape.after
            reason = None if shape.reason is None else told[shape.reason - first]
            source = _source({path: told[place - first] for path, place in shape.source})
        return _recorded(row, later_payload(payload, shape, row[0], known), reason, source)
    except Refusal:
        if paths.count(LINE) != number - 1:  # what was refused are no paths
            raise _OtherJointsError from None
        raise
    except (TypeError, ValueError, AttributeError, RecursionError):
        raise unreadable(row[0]) from None


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
        raise unreadable(row[0]) from None


def _recorded(
    row: Sequence[Any],
    payload: Mapping[str, Json],
    reason: Json,
    source: str | dict[str, Json],
) -> Recorded:
    """Put one happening together with its envelope."""
    sequence, entered_at, on, act, subject, entered = row
    form, actor, role, site, schema, protocol, software = _entering(entered)
    if form != FORMAT:
        raise refuse(
            f"happening {sequence}",
            f"record format {form}",
            f"record format {FORMAT}",
            "Read this ledger with the version that wrote it, or a later one",
        )
    told = reason if isinstance(reason, str) else ""
    # few acts and participants stand in all happenings: each is held once, and found faster
    done = _happening(intern(act), intern(subject), _day(on), payload, told, schema)
    return _recorded_of(sequence, entered_at, actor, role, site, source, protocol, software, done)


_Entering = tuple[int, str, str, str, int, str, str]
"""Format, actor, role, site, schema, protocol and software, as `statements.ENVELOPES` has them."""


@lru_cache(_ENTERING)
def _entering(text: str) -> _Entering:
    """Read who entered happenings: each word is held once, however many say it."""
    form, actor, role, site, schema, protocol, software = json.loads(text)
    who = (intern(actor), intern(role), intern(site))
    return (form, *who, schema, intern(protocol), intern(software))


_day = lru_cache(_DAYS)(date.fromisoformat)


def _shape(paths: str) -> Shape:
    """Find out where the fields of joined paths go."""
    return shape_of(paths.split(LINE))


_known_shape = lru_cache(_SHAPES)(_shape)
_happening, _recorded_of = maker(Happening), maker(Recorded)


def _source(leaves: Mapping[str, Json]) -> str | dict[str, Json]:
    """Put the source together: a text, empty when it was redacted, or a mapping."""
    whole = leaves.get(SOURCE)
    if isinstance(whole, str) and len(leaves) == 1:
        return whole
    return assemble(leaves, SOURCE) or ""
