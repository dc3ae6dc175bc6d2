"""A bound at its place in a line: what stands beside it, and the unit that it shares."""

from dataclasses import dataclass, replace

from trialwright.registry.proposing.amounts import Bound
from trialwright.registry.proposing.pieces import Piece

_JOINERS = frozenset({"AND", "OR", "COMMA"})


@dataclass(frozen=True, slots=True)
class Place:
    """A bound at its place.

    Attributes
    ----------
    at : int
        Which piece of the line it is.
    piece : Piece
        Its words.
    bound : Bound
        What it says, with a unit that it shares with the next.
    before, after : Piece or None
        What stands beside it.
    """

    at: int
    piece: Piece
    bound: Bound
    before: Piece | None
    after: Piece | None

    @property
    def is_glued(self) -> bool:
        """Whether something hangs on its number that is not understood: `1.5 x 10`, `ULN+4s`."""
        after = self.after
        if after is None:
            return False
        hangs = after.kind in ("SLASH", "DASH") and after.start == self.piece.end
        return hangs or after.kind in ("TIMES", "TIMES_OVER", "PLUS") or after.text == "^"


def place_of(pieces: tuple[Piece, ...], at: int, bound: Bound) -> Place:
    """Look at a bound with what stands beside it.

    Parameters
    ----------
    pieces : tuple of Piece
        Of the line.
    at : int
        Which of them the bound is.
    bound : Bound
        What it says.

    Returns
    -------
    Place
        `> 160 or < 90 mmHg` has its unit on both numbers.
    """
    before = pieces[at - 1] if at else None
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    return Place(at, pieces[at], _with_shared_unit(pieces, at, bound), before, after)


def _with_shared_unit(pieces: tuple[Piece, ...], at: int, bound: Bound) -> Bound:
    """Give a number without a unit that of the number to which it is joined."""
    if not bound.amount.is_plain:
        return bound
    after = at + 1
    while after < len(pieces) and pieces[after].kind in _JOINERS:
        after += 1
    other = pieces[after].bound if after < len(pieces) else None
    if other is None or after == at + 1 or other.amount.is_plain or other.amount.time:
        return bound
    if other.amount.times and not bound.sides:
        return bound
    shared = replace(other.amount, number=bound.amount.number)
    sides = tuple((side, replace(shared, number=each.number)) for side, each in bound.sides)
    because = f"its unit is that of the number after it, {pieces[after].text!r}"
    return replace(bound, amount=shared, sides=sides, because=bound.because or because)
