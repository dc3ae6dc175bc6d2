"""Looking at stored happenings one by one, which any process can do, before a walk joins them.

Nearly every happening of nearly every ledger is sound, and shows it in a few comparisons of whole
texts. Any other is handed on whole, so that the walk says what is wrong with it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

from trialwright.ledger import rows, statements
from trialwright.ledger.chain import SALT_BYTES, Link, hash_of
from trialwright.ledger.commitments import BEGINS, is_source
from trialwright.ledger.envelope import COLUMNS, FORMAT, written_rows
from trialwright.ledger.redaction import REDACTED
from trialwright.ledger.sessions import Session
from trialwright.ledger.statements import GAP, SEAM

_SHAPES, _LONGEST = 1024, 20_000
"""Sets of paths that are kept, and how long one of them may be, signs."""

HASH_SIGNS = 64
"""How long a hash is."""

_FORMAT, _TRIAL, _SEQUENCE, _ENTERED_AT, _ACT = map(
    COLUMNS.index, ("format", "trial", "sequence", "entered_at", "act")
)

Sealed = tuple[int, str, str, str]
"""How many fields a happening has; their paths, salts and values, joined."""

_NO_FIELDS: Sealed = (0, "", "", "")
_PREVIOUS, _HASH = len(COLUMNS), len(COLUMNS) + 1
_SALTED = 2 * SALT_BYTES + len(GAP)
_BETWEEN = SEAM.encode()
_hexadecimal = type(sha256()).hexdigest
_quoted = json.encoder.encode_basestring


class Stretch(NamedTuple):
    """Happenings that are what their hashes say, each following the one before.

    Nothing of them is erased, and none is a redaction.

    Attributes
    ----------
    first : int
        Sequence of the first; the others have the next numbers.
    previous : str
        Hash of the happening before the first.
    hashes : str
        Hash of each, joined.
    begins, ends : str
        Time of entry of the first and the last; none was entered before the one before.
    """

    first: int
    previous: str
    hashes: str
    begins: str
    ends: str


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

    def __iter__(self) -> Iterator[Stretch | Link]:
        """Give the happenings in order."""
        for page in self._pages:
            self.fields += page.fields
            yield from page.found


class Page(NamedTuple):
    """Happenings that were looked at.

    Attributes
    ----------
    found : list of (Stretch or Link)
        In order. A link is what there is more to say of.
    fields : int
        How many fields were read for them.
    """

    found: list[Stretch | Link]
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
        sound = [
            row[_TRIAL] == trial and _is_sound(row, who, sealed.get(row[_SEQUENCE], _NO_FIELDS))
            for row, who in zip(found, written_rows(found), strict=True)
        ]
        others = [row for row, is_sound in zip(found, sound, strict=True) if not is_sound]
        links = rows.links_of(session, trial, others)
        yield Page(_in_order(found, sound, links), sum(number for _, number, *_ in read))
        after = found[-1][_SEQUENCE]
        if after == through:
            return


def _in_order(
    found: Sequence[Sequence[Any]], sound: Sequence[bool], links: Iterable[Link]
) -> list[Stretch | Link]:
    """Join sound happenings that follow one another, and put the others between them."""
    whole: list[Stretch | Link] = []
    together: list[Sequence[Any]] = []
    others = iter(links)
    for row, is_sound in zip(found, sound, strict=True):
        if together and not (is_sound and _follows(together[-1], row)):
            whole.append(_stretch(together))
            together = []
        if is_sound:
            together.append(row)
        else:
            whole.append(next(others))
    return [*whole, _stretch(together)] if together else whole


def _follows(before: Sequence[Any], row: Sequence[Any]) -> bool:
    """Say whether a sound happening follows another."""
    is_linked = bool(row[_PREVIOUS] == before[_HASH] and row[_ENTERED_AT] >= before[_ENTERED_AT])
    return is_linked and row[_SEQUENCE] == before[_SEQUENCE] + 1


def _stretch(found: Sequence[Sequence[Any]]) -> Stretch:
    """Join sound happenings that follow one another."""
    first, last = found[0], found[-1]
    hashes = "".join([row[_HASH] for row in found])
    return Stretch(
        first[_SEQUENCE], first[_PREVIOUS], hashes, first[_ENTERED_AT], last[_ENTERED_AT]
    )


def _is_sound(row: Sequence[Any], who: str | None, fields: Sealed) -> bool:
    """Say that nothing is wrong with a happening, and that there is nothing to say of it."""
    previous, own, commitments = row[_PREVIOUS:]
    number, paths, salts, values = fields
    if who is None or row[_FORMAT] != FORMAT or row[_ACT] == REDACTED or type(previous) is not str:
        return False
    form = _form(paths)
    if form is None or form.number != number:  # else a path holds the seam
        return False
    # as many salts of the one form as there are fields, and nothing besides them
    gaps = salts[_SALTED - 1 :: _SALTED]
    if len(salts) != _SALTED * number - 1 or gaps != GAP * (number - 1):
        return False
    try:
        if len(bytes.fromhex(salts)) != SALT_BYTES * number:
            return False
    except ValueError:
        return False
    said = _quoted(values)[1:-1].split(SEAM)
    if len(said) != number:  # one of them holds the seam
        return False
    texts, promised = list(form.texts), list(form.promised)
    texts[1::4], texts[3::4] = salts.split(GAP), said
    promised[1::2] = map(_hexadecimal, map(sha256, "".join(texts).encode().split(_BETWEEN)))
    is_kept = "".join(promised) == commitments
    return is_kept and bool(hash_of(who, _quoted(previous), commitments) == own)


class _Form(NamedTuple):
    """What fields with the same paths have in common.

    Attributes
    ----------
    number : int
        How many fields.
    texts : tuple of str, four for each field and one more
        What is committed to, one after the other: each second of four is a salt, each fourth a
        value.
    promised : tuple of str, two for each field and one more
        Their commitments; each second is a digest.
    """

    number: int
    texts: tuple[str, ...]
    promised: tuple[str, ...]


def _form(paths: str) -> _Form | None:
    """Give the form of fields; none of paths that no sound happening has."""
    return (_known_form if len(paths) <= _LONGEST else _made_form)(paths)


def _made_form(paths: str) -> _Form | None:
    """Give the form of fields, worked out."""
    each = paths.split(SEAM)
    has_all = "reason" in each and any(map(is_source, each))
    if not has_all or any(before >= path for before, path in pairwise(each)):
        return None
    opens, closes = f'{BEGINS}"', '"]'
    texts, promised = [opens], ["{"]
    for path in each:
        quoted = _quoted(path)
        texts += ["", f'",{quoted},"', "", f"{closes}{SEAM}{opens}"]
        promised[-1] += f'{quoted}:"'
        promised += ["", '",']
    texts[-1], promised[-1] = closes, '"}'
    return _Form(len(each), tuple(texts), tuple(promised))


_known_form = lru_cache(_SHAPES)(_made_form)
