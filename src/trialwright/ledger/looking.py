"""Looking at stored happenings one by one, which any process can do, before a walk joins them.

Nearly every happening of nearly every ledger is sound, and shows it in a few comparisons of whole
texts. Any other is handed on whole, so that the walk says what is wrong with it.
"""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

from trialwright.ledger import rows, statements
from trialwright.ledger.chain import Link, hash_of
from trialwright.ledger.commitments import BEGINS, is_source
from trialwright.ledger.envelope import COLUMNS, FORMAT, written_row
from trialwright.ledger.redaction import REDACTED
from trialwright.ledger.sessions import Session

PAGE = 500
"""How many happenings are read at once."""

_SHAPES, _LONGEST = 1024, 20_000
"""Sets of paths that are kept, and how long one of them may be, signs."""

_WHOLE = len(COLUMNS)
_FORMAT, _TRIAL, _SEQUENCE, _ENTERED_AT, _ACT = map(
    COLUMNS.index, ("format", "trial", "sequence", "entered_at", "act")
)

Sealed = tuple[str, str, str]
"""Paths, salts and values of a happening, joined."""

_NO_FIELDS: Sealed = ("", "", "")
_quoted = json.encoder.encode_basestring
_JOINT = _quoted(statements.SEAM)[1:-1]
"""How the joint of salts and of values is written within a quoted text."""


class Sound(NamedTuple):
    """A happening that is what its hash says, without anything erased, and no redaction.

    Attributes
    ----------
    sequence : int
        Its place.
    hash, previous : str
        Its hash, and that of the happening before.
    entered_at : str
        Time of entry.
    """

    sequence: int
    hash: str
    previous: str
    entered_at: str


def looked_at(session: Session, trial: str, after: int = 0) -> Iterator[list[Sound | Link]]:
    """Look at the happenings of a trial, page by page.

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
    list of (Sound or Link)
        In order, at most `PAGE`. A link is what there is more to say of.

    Raises
    ------
    Refusal
        If the database cannot be read.
    """
    while found := session.run(statements.LINKS, (trial, after, PAGE)):
        bounds = (trial, found[0][_SEQUENCE], found[-1][_SEQUENCE])
        sealed: dict[int, Sealed] = {
            sequence: (paths, salts, values)
            for sequence, paths, salts, values in session.run(statements.SEALED, bounds)
        }
        sound = [_sound(row, sealed.get(row[_SEQUENCE], _NO_FIELDS), trial) for row in found]
        others = [row for row, each in zip(found, sound, strict=True) if each is None]
        links = iter(rows.links_of(session, trial, others))
        yield [next(links) if each is None else each for each in sound]
        after = found[-1][_SEQUENCE]


def _sound(row: Sequence[Any], fields: Sealed, trial: str) -> Sound | None:
    """Give a happening in which nothing is wrong, and of which there is nothing to say."""
    (previous, own, commitments), (paths, salts, values) = row[_WHOLE:], fields
    if row[_TRIAL] != trial or row[_FORMAT] != FORMAT or row[_ACT] == REDACTED:
        return None
    who, (middles, form) = written_row(row[:_WHOLE]), _form(paths)
    if who is None or not form or type(previous) is not str:
        return None
    salted, said = _quoted(salts)[1:-1].split(_JOINT), _quoted(values)[1:-1].split(_JOINT)
    if not len(salted) == len(said) == len(middles):
        return None
    promised = form % tuple(
        [
            sha256(f'{BEGINS}"{salt}"{middle}"{value}"]'.encode()).hexdigest()
            for salt, middle, value in zip(salted, middles, said, strict=True)
        ]
    )
    if promised != commitments or hash_of(who, _quoted(previous), commitments) != own:
        return None
    return Sound(row[_SEQUENCE], own, previous, row[_ENTERED_AT])


def _form(paths: str) -> tuple[Sequence[str], str]:
    """Give what stands between salt and value of each field, and how their commitments stand."""
    return (_known_form if len(paths) <= _LONGEST else _made_form)(paths)


def _made_form(paths: str) -> tuple[Sequence[str], str]:
    """Give nothing for paths that no sound happening has."""
    each = paths.split(statements.SEAM)
    has_all = "reason" in each and any(map(is_source, each))
    if not has_all or any(before >= path for before, path in pairwise(each)):
        return (), ""
    quoted = [_quoted(path) for path in each]
    form = ",".join(path.replace("%", "%%") + ':"%s"' for path in quoted)
    return tuple(f",{path}," for path in quoted), f"{{{form}}}"


_known_form = lru_cache(_SHAPES)(_made_form)
