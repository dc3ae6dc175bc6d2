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
from trialwright.ledger.statements import SEAM

_SHAPES, _LONGEST = 1024, 20_000
"""Sets of paths that are kept, and how long one of them may be, signs."""

_WHOLE = len(COLUMNS)
_FORMAT, _TRIAL, _SEQUENCE, _ENTERED_AT, _ACT = map(
    COLUMNS.index, ("format", "trial", "sequence", "entered_at", "act")
)

Sealed = tuple[int, str, str, str]
"""How many fields a happening has; their paths, salts and values, joined."""

_NO_FIELDS: Sealed = (0, "", "", "")
_OPENS = f'{BEGINS}"'
_quoted = json.encoder.encode_basestring


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


class Looked:
    """A look at a whole chain.

    Attributes
    ----------
    fields : int
        How many fields were read so far.

    Parameters
    ----------
    session, trial
        As `looked_at` takes them.
    """

    def __init__(self, session: Session, trial: str) -> None:
        self.fields = 0
        self._pages = looked_at(session, trial)

    def __iter__(self) -> Iterator[Sound | Link]:
        """Give the happenings in order."""
        for page in self._pages:
            self.fields += page.fields
            yield from page.found


class Page(NamedTuple):
    """Happenings that were looked at.

    Attributes
    ----------
    found : list of (Sound or Link)
        In order, at most `rows.PAGE`. A link is what there is more to say of.
    fields : int
        How many fields were read for them.
    """

    found: list[Sound | Link]
    fields: int


def looked_at(
    session: Session, trial: str, after: int = 0, through: int | None = None
) -> Iterator[Page]:
    """Look at the happenings of a trial, page by page.

    Parameters
    ----------
    session : Session
        In a transaction when others may write.
    trial : str
        The trial.
    after : int
        Sequence after which to begin.
    through : int or None
        Last sequence to look at; None: all.

    Yields
    ------
    Page
        In order.

    Raises
    ------
    Refusal
        If the database cannot be read.
    """
    while found := session.run(statements.LINKS, (trial, after, rows.PAGE)):
        if through is not None:
            found = [row for row in found if row[_SEQUENCE] <= through]
            if not found:
                return
        read = session.sealed(trial, found[0][_SEQUENCE], found[-1][_SEQUENCE])
        sealed: dict[int, Sealed] = {each[0]: each[1:] for each in read}
        sound = [_sound(row, sealed.get(row[_SEQUENCE], _NO_FIELDS), trial) for row in found]
        others = [row for row, each in zip(found, sound, strict=True) if each is None]
        links = iter(rows.links_of(session, trial, others))
        whole = [next(links) if each is None else each for each in sound]
        yield Page(whole, sum(number for _, number, *_ in read))
        after = found[-1][_SEQUENCE]
        if after == through:
            return


def _sound(row: Sequence[Any], fields: Sealed, trial: str) -> Sound | None:
    """Give a happening in which nothing is wrong, and of which there is nothing to say."""
    (previous, own, commitments), (number, paths, salts, values) = row[_WHOLE:], fields
    if row[_TRIAL] != trial or row[_FORMAT] != FORMAT or row[_ACT] == REDACTED:
        return None
    who, (middles, form) = written_row(row[:_WHOLE]), _form(paths)
    if who is None or not form or type(previous) is not str:
        return None
    salted, said = _quoted(salts)[1:-1].split(SEAM), _quoted(values)[1:-1].split(SEAM)
    if not number == len(middles) == len(salted) == len(said):  # else one of them holds the seam
        return None
    promised = form % tuple(
        [
            sha256(f'{_OPENS}{salt}{middle}{value}"]'.encode()).hexdigest()
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
    each = paths.split(SEAM)
    has_all = "reason" in each and any(map(is_source, each))
    if not has_all or any(before >= path for before, path in pairwise(each)):
        return (), ""
    quoted = [_quoted(path) for path in each]
    form = ",".join(path.replace("%", "%%") + ':"%s"' for path in quoted)
    return tuple(f'",{path},"' for path in quoted), f"{{{form}}}"


_known_form = lru_cache(_SHAPES)(_made_form)
