"""The clause around a number: bracketed words beside it are shaded, those around it are its own."""

import re
from dataclasses import dataclass
from functools import lru_cache

from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.pieces import Piece

SHADE = "\x00"
"""Stands for each sign of a bracket that the number does not lie in."""

ENDS = re.compile(r"[;\n\u2022]|\.(?!\d)|: |\bthe following\b(?! drug| medic| agent)")
"""Where a clause ends."""

_ABBREVIATED = re.compile(
    r"\b(?:[ei]\.? ?[ge]|vs|etc|st|incl|approx|resp|no|dr|ca|max|min)\.(?= ?[,)a-z0-9\x00])"
)
_OPENS, _CLOSES = "([{", ")]}"
_ALONE = re.compile(
    r"[\s,:\x00]*(?:(?:began|begun|beginning|occurr\w+|which|that|is|was|were|onset|diagnosed"
    r"|defined as|completed|all|if|e.g.,?|i.e.,?|last)\s*)*"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """The words of its clause around a number, shaded.

    Attributes
    ----------
    before : str
        From the begin of the clause to the number, or to the bracket in which it stands alone.
    after : str
        From the number to the end of the clause, brackets at its begin left out.
    after_at : int, characters
        Where `after` begins in the levelled text.
    begin : int, characters
        Where `before` begins in the levelled text.
    is_bracketed : bool
        Whether the number stands alone in brackets: `stroke (< 6 months)`.
    is_inside : bool
        Whether it stands in brackets, alone or not.
    """

    before: str
    after: str
    after_at: int
    begin: int
    is_bracketed: bool = False
    is_inside: bool = False


def clause_around(line: Levelled, piece: Piece) -> Clause:
    """Cut the clause around a number.

    Parameters
    ----------
    line : Levelled
        One criterion.
    piece : Piece
        The number.

    Returns
    -------
    Clause
        A full stop of `e.g.` ends none, nor does one in a bracket beside the number.
    """
    pairs = _pairs(line.text)
    around = max((pair for pair in pairs if pair[0] < piece.start <= pair[1]), default=None)
    text = _shaded(line.text, pairs, piece.start)
    if around is None:
        begin = _begin(text, 0, piece.start)
        return Clause(text[begin : piece.start], *_until_end(text, piece.end), begin)
    opened, closed = around
    if not _ALONE.fullmatch(text, opened + 1, piece.start):
        begin = _begin(text, opened + 1, piece.start)
        after = _until_end(text[:closed], piece.end)
        return Clause(text[begin : piece.start], *after, begin, is_inside=True)
    outer = max((pair[0] for pair in pairs if pair[0] < opened <= pair[1]), default=-1)
    begin = _begin(text, outer + 1, opened)
    text = text[:closed] + SHADE + text[closed + 1 :]
    after = _until_end(text, piece.end)
    return Clause(text[begin:opened], *after, begin, is_bracketed=True, is_inside=True)


def is_balanced(words: str) -> bool:
    """Say whether every bracket of some words is closed in them, and none is closed only.

    Parameters
    ----------
    words : str
        Any.

    Returns
    -------
    bool
        False for `taxanes (except`, and for `influenza)`.
    """
    depth = 0
    for sign in words:
        depth += (sign in _OPENS) - (sign in _CLOSES)
        if depth < 0:
            return False
    return depth == 0


def unbracketed(words: str) -> str:
    """Shade every closed bracket.

    Parameters
    ----------
    words : str
        Levelled.

    Returns
    -------
    str
        Of the same length.
    """
    return _shaded(words, _pairs(words), -1)


@lru_cache(maxsize=16)
def _pairs(text: str) -> tuple[tuple[int, int], ...]:
    """Find where brackets open and close; one that is never closed reaches to the end."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign in _OPENS:
            opened.append(at)
        elif sign in _CLOSES and opened:
            pairs.append((opened.pop(), at))
    return (*pairs, *((at, len(text)) for at in opened))


def _shaded(text: str, pairs: tuple[tuple[int, int], ...], place: int) -> str:
    """Shade closed brackets that do not hold a place, and the full stops of abbreviations."""
    signs = list(text)
    for opened, closed in pairs:
        if closed < len(text) and not opened < place <= closed:
            signs[opened : closed + 1] = SHADE * (closed + 1 - opened)
    shaded = "".join(signs)
    return _ABBREVIATED.sub(lambda found: found[0].replace(".", SHADE), shaded)


def _begin(text: str, first: int, last: int) -> int:
    """Say where the clause before a place begins."""
    begin = first
    for stop in ENDS.finditer(text, first, last):
        begin = stop.end()
    return begin


def _until_end(text: str, first: int) -> tuple[str, int]:
    """Give the rest of a clause, and where it begins."""
    stop = ENDS.search(text, first)
    rest = text[first : stop.start()] if stop else text[first:]
    bare = rest.lstrip(f" {SHADE}")
    return bare, first + len(rest) - len(bare)
