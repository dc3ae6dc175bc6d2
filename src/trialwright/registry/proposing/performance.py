"""Limits on performance status: ECOG, Karnofsky, Zubrod, WHO, Lansky."""

from decimal import Decimal

from trialwright.registry.proposing.amounts import Bound, Side
from trialwright.registry.proposing.found import Doubtful, Found, Limit, sides_of
from trialwright.registry.proposing.pieces import Piece
from trialwright.registry.proposing.scores import Choice, choice_at

_FAR_BEFORE = 9  # words between the scale and its number
_FAR_AFTER = 7
_SCALES = (
    ("ecog", "ECOG"),
    ("eastern", "ECOG"),
    ("zubrod", "Zubrod"),
    ("who", "WHO"),
    ("world", "WHO"),
    ("karno", "Karnofsky"),
    ("kps", "Karnofsky"),
    ("lansky", "Lansky"),
    ("lps", "Lansky"),
)
_IN_TENS = ("Karnofsky", "Lansky")
_OTHER = frozenset({"FACT", "LIFE", "AGE", "DECOY", "STOP", "TIME"})
_PASSED = frozenset({"grade", "grades", "score", "class", "stage"})


def performance_in(pieces: tuple[Piece, ...]) -> list[Found]:
    """Find the limits on performance status in a line.

    Parameters
    ----------
    pieces : tuple of Piece
        Of the line.

    Returns
    -------
    list of Limit or Doubtful
        In the order of the line.
    """
    found: list[Found] = []
    if not any(each.kind in ("SCALE", "STATUS") for each in pieces):
        return found
    at = 0
    while at < len(pieces):
        choice = choice_at(pieces, at)
        if choice is not None or _is_score(pieces[at]):
            until = choice.until if choice else at + 1
            scale, start = _scale_of(pieces, at, until)
            if start is not None:
                found.append(_read(pieces, at, until, choice, scale, start))
            at = until
        else:
            at += 1
    return found


def _is_score(piece: Piece) -> bool:
    """Say whether a piece can be a performance status: a number without unit, or per cent."""
    if piece.bound is None:
        return False
    amount = piece.bound.amount
    return amount.is_plain or (amount.unit is not None and amount.unit.code == "%")


def _scale_of(pieces: tuple[Piece, ...], at: int, until: int) -> tuple[str, Piece | None]:
    """Find the scale of a number, and the piece where its words begin."""
    first: Piece | None = None
    words = 0
    for place in range(at - 1, -1, -1):
        piece = pieces[place]
        is_over = piece.bound is not None or (
            piece.kind in _OTHER and piece.text not in _PASSED
        )  # fmt: skip
        if is_over or words > _FAR_BEFORE:
            break
        if piece.kind == "SCALE":
            return _name(_first_of_several(pieces, place).text), _earlier(
                first, piece, pieces, place
            )
        if piece.kind == "STATUS":
            first = piece
        words += piece.kind == "WORD"
    if first is None:
        return "", None
    words = 0
    for piece in pieces[until : until + _FAR_AFTER]:
        if piece.bound is not None or piece.kind in _OTHER:
            break
        if piece.kind == "SCALE":
            return _name(piece.text), first
    return "", first


def _first_of_several(pieces: tuple[Piece, ...], place: int) -> Piece:
    """Give the first of scales named together: `ECOG/WHO`."""
    while (
        place >= 2
        and pieces[place - 1].kind in ("SLASH", "OR")
        and pieces[place - 2].kind == "SCALE"
    ):
        place -= 2
    return pieces[place]


def _earlier(first: Piece | None, scale: Piece, pieces: tuple[Piece, ...], place: int) -> Piece:
    """Give where the words begin: a `performance status` directly before the scale is its own."""
    for back in (1, 2):
        if place >= back and pieces[place - back].kind == "STATUS":
            return pieces[place - back]
        if place >= back and pieces[place - back].kind != "OPENS":
            break
    return _first_of_several(pieces, place)


def _name(text: str) -> str:
    """Give the scale's name; empty for one that proposals do not know."""
    return next((name for begins, name in _SCALES if text.startswith(begins)), "")


def _read(
    pieces: tuple[Piece, ...], at: int, until: int, choice: Choice | None, scale: str, first: Piece
) -> Found:
    """Give the limit, or why there is none."""
    start, end = first.start, pieces[until - 1].end
    if not scale:
        return Doubtful("performance", "", start, end, "no scale is named that is known here")
    bound = pieces[at].bound
    sides: tuple[tuple[Side, Decimal], ...]
    if choice is not None:
        sides = (("at_least", choice.low), ("at_most", choice.high))
    elif bound is not None and bound.manner != "plus":
        sides = _by_scale(bound, scale) or sides_of(bound)
    else:
        sides = ()
    if not sides:
        why = bound.doubt if bound else ""
        return Doubtful("performance", "", start, end, why or "its number can be read in two ways")
    why = _odd(sides, scale, pieces[at].text)
    if why:
        return Doubtful("performance", "", start, end, why)
    return Limit("performance", start, end, sides, {"scale": scale})


def _by_scale(bound: Bound, scale: str) -> tuple[tuple[Side, Decimal], ...]:
    """Give the side of `2 or better`: low is better but for Karnofsky and Lansky."""
    if not bound.suffix or bound.amount.number is None:
        return ()
    is_upward = (bound.suffix == "better") == (scale in _IN_TENS)
    return (("at_least" if is_upward else "at_most", bound.amount.number),)


def _odd(sides: tuple[tuple[Side, Decimal], ...], scale: str, text: str) -> str:
    """Say what makes a limit no plain one on its scale."""
    for side, number in sides:
        if scale in _IN_TENS and not (number == 0 or 10 <= number <= 100):
            return f"{number} is no score of the {scale} scale"
        if scale not in _IN_TENS and (number > 5 or number != int(number)):
            return f"{number} is no score of the {scale} scale"
        is_in_words = text.startswith(("at least", "atleast", "minimum", "a minimum", "at minimum"))
        if scale not in _IN_TENS and side == "at_least" and is_in_words and number <= 2:
            return f"'{text}' on a scale whose best is 0 may mean either direction"
    return ""
