"""Numbers listed as a choice: `0, 1 or 2`, `0/1`, `one or two`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from trialwright.registry.proposing.amounts import NO_COMPARATOR, Amount
from trialwright.registry.proposing.pieces import Piece

_BETWEEN = frozenset({"COMMA", "OR", "AND", "SLASH"})
_MOST = 6  # numbers; a scale has no more that are listed
_TIGHT = re.compile(r"\d(?:,\d)+")


@dataclass(frozen=True, slots=True)
class Choice:
    """Whole numbers of which each is allowed, without a gap.

    Attributes
    ----------
    low, high : Decimal
        Smallest and largest.
    at, until : int
        Places among the pieces; `until` itself excluded.
    """

    low: Decimal
    high: Decimal
    at: int
    until: int


def choice_at(pieces: tuple[Piece, ...], at: int) -> Choice | None:
    """Read numbers listed as a choice.

    Parameters
    ----------
    pieces : tuple of Piece
        Of a line.
    at : int
        Place of the first number.

    Returns
    -------
    Choice or None
        None for a number alone, and for numbers that leave a gap.
    """
    tight = _TIGHT.fullmatch(pieces[at].text)
    if tight:
        return _choice([Decimal(each) for each in tight[0].split(",")], at, at + 1)
    numbers = [_alone(pieces[at], is_first=True)]
    if numbers[0] is None:
        return None
    until, place = at + 1, at + 1
    while place < len(pieces) and len(numbers) <= _MOST:
        if pieces[place].kind in _BETWEEN:
            place += 1
            continue
        number = _alone(pieces[place], is_first=False) if place > until else None
        if number is None:
            break
        numbers.append(number)
        place += 1
        until = place
    return _choice([each for each in numbers if each is not None], at, until)


def _alone(piece: Piece, *, is_first: bool) -> Decimal | None:
    """Give a number that stands without comparator or unit; the first may follow an equals sign."""
    bound = piece.bound
    if bound is None or bound.sides or not _is_bare(bound.amount):
        return None
    is_equal = is_first and piece.text.startswith("=")
    return bound.amount.number if bound.doubt == NO_COMPARATOR or is_equal else None


def _is_bare(amount: Amount) -> bool:
    """Say whether a number has no unit, or only per cent."""
    return amount.is_plain or (amount.unit is not None and amount.unit.code == "%")


def _choice(numbers: list[Decimal], at: int, until: int) -> Choice | None:
    """Give the choice of numbers that rise by ones, or by tens from 10 on."""
    steps = {second - first for first, second in pairwise(numbers)}
    if len(numbers) < 2 or steps not in ({Decimal(1)}, {Decimal(10)}):
        return None
    if steps == {Decimal(10)} and numbers[0] < 10:
        return None
    return Choice(numbers[0], numbers[-1], at, until)
