"""Reading stored happenings as the rest of the software knows them, without what verifies them.

Salts, commitments and hashes stay in the database. Most happenings of a trial have the fields of
some hundred others: where each field goes is worked out once for a set of paths.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

from trialwright.conduct.happenings import Happening, Recorded
from trialwright.ledger import statements
from trialwright.ledger.commitments import SOURCE, is_source
from trialwright.ledger.envelope import FORMAT
from trialwright.ledger.flatten import ROOT, assemble
from trialwright.ledger.sessions import Session
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Refusal, refuse

_PAGE = 500
_SHAPES, _MOST_KEPT = 1024, 200
"""Shapes that are kept, and how many fields one of them may have."""

_OPENING_SIGNS = "[{ \t\r\n"
"""How a value begins that may not be read once for several fields: a list or mapping of its own."""


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
    while found := page(session, trial, after):
        yield from found
        after = found[-1].sequence


def page(session: Session, trial: str, after: int) -> list[Recorded]:
    """Read the next happenings of a trial, at most 500.

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
    list of Recorded
        A redacted leaf reads as null, a redacted text as empty. Hashes are not checked here but by
        `verify`. Empty at the end.

    Raises
    ------
    Refusal
        If what is stored makes no happening, or has a record format that is not known here.
    """
    rows = session.run(statements.ENVELOPES, (trial, after, _PAGE))
    if not rows:
        return []
    paths: dict[int, list[str]] = {}
    values: dict[int, list[str | None]] = {}
    bounds = (rows[0][1], rows[-1][1])
    for sequence, path, value in session.run(statements.VALUES, (trial, *bounds)):
        if sequence in paths:
            paths[sequence].append(path)
            values[sequence].append(value)
        else:
            paths[sequence], values[sequence] = [path], [value]
    known: dict[str, Json] = {}
    return [
        _recorded(row, tuple(paths.get(row[1], ())), values.get(row[1], ()), known) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where the fields of a happening go; each number is the place of a field.

    Attributes
    ----------
    reason : int or None
        None where none is stored.
    source : tuple of (str, int)
        Paths of the source.
    payload : Json
        The payload with numbers for leaves.
    whole : int or None
        The one leaf of an empty payload.
    """

    reason: int | None
    source: tuple[tuple[str, int], ...]
    payload: Json
    whole: int | None


def _recorded(
    row: Sequence[Any],
    paths: tuple[str, ...],
    values: Sequence[str | None],
    known: dict[str, Json],
) -> Recorded:
    """Put one happening together."""
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
    try:
        leaves = [_leaf(value, known) for value in values]
        happened_on = date.fromisoformat(on)
        shape = (_known_shape if len(paths) <= _MOST_KEPT else _shape)(paths)
    except Refusal:
        raise
    except (TypeError, ValueError, AttributeError, RecursionError):
        raise refuse(
            f"happening {sequence}",
            "a field that cannot be read",
            "fields as recorded",
            "Verify the ledger",
        ) from None
    reason = None if shape.reason is None else leaves[shape.reason]
    payload = (
        cast("dict[str, Json]", _filled(shape.payload, leaves))
        if shape.whole is None
        else assemble({ROOT: leaves[shape.whole]})
    )
    return Recorded(
        sequence, entered_at, actor, role, site,
        _source({path: leaves[place] for path, place in shape.source}),
        protocol, software,
        Happening(
            act, subject, happened_on, payload, reason if isinstance(reason, str) else "", schema
        ),
    )  # fmt: skip


def _leaf(text: str | None, known: dict[str, Json]) -> Json:
    """Read the value of a field, one that was met in this page without reading it again."""
    if text is None:
        return None
    if text == "[]":
        return []
    if text in known:
        return known[text]
    inside = text[1:-1]
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    if is_quoted and '"' not in inside and "\\" not in inside and inside.isprintable():
        known[text] = inside  # most are texts in which nothing is escaped
        return inside
    found = cast(Json, json.loads(text))
    if text[0] not in _OPENING_SIGNS:
        known[text] = found
    return found


def _shape(paths: tuple[str, ...]) -> _Shape:
    """Find out where the fields of these paths go; refused where they contradict one another."""
    places = {path: place for place, path in enumerate(paths)}
    reason = places.pop("reason", None)
    source = tuple((path, places.pop(path)) for path in paths if is_source(path))
    if places.keys() == {ROOT}:
        return _Shape(reason, source, {}, places[ROOT])
    return _Shape(reason, source, assemble(places), None)


_known_shape = lru_cache(_SHAPES)(_shape)


def _filled(place: Json, leaves: Sequence[Json]) -> Json:
    """Put leaves where their numbers stand."""
    if type(place) is int:
        return leaves[place]
    if isinstance(place, dict):
        return {
            part: leaves[inner] if type(inner) is int else _filled(inner, leaves)
            for part, inner in place.items()
        }
    return [_filled(inner, leaves) for inner in cast("list[Json]", place)]


def _source(leaves: Mapping[str, Json]) -> str | dict[str, Json]:
    """Put the source together: a text, empty when it was redacted, or a mapping."""
    whole = leaves.get(SOURCE)
    if isinstance(whole, str) and len(leaves) == 1:
        return whole
    return assemble(leaves, SOURCE) or ""
