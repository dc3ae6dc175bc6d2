"""Limits in time that are no age: life expectancy here, wash-outs in `washouts`."""

from trialwright.registry.proposing.found import Doubtful, Found, Limit, sides_of
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.pieces import Piece
from trialwright.registry.proposing.washouts import Washouts

_FAR_FROM_LIFE = 9  # words between life expectancy and its time


def durations_in(
    line: Levelled, pieces: tuple[Piece, ...], taken: set[int], limits: list[Found], *, carry: bool
) -> list[Found]:
    """Find the limits in time that are no age.

    Parameters
    ----------
    line : Levelled
        One criterion.
    pieces : tuple of Piece
        Of the line.
    taken : set of int
        Places of numbers that are ages.
    limits : list of Limit or Doubtful
        Limits on measured values in the line: a time after one is when it is measured.
    carry : bool
        Whether a limit may take the comparator of the limit before it.

    Returns
    -------
    list of Limit or Doubtful
        In the order of the line.
    """
    found: list[Found] = []
    washouts = Washouts(line, pieces, tuple(limits), carry)
    for at, piece in enumerate(pieces):
        bound = piece.bound
        if bound is None or bound.amount.time in ("", "minutes") or at in taken:
            continue
        life = _life(pieces, at)
        one = _life_expectancy(piece, life) if life is not None else washouts.read(at)
        if one is not None:
            found.append(one)
    return found


def _life(pieces: tuple[Piece, ...], at: int) -> Piece | None:
    """Find the words life expectancy before a time, or directly after it."""
    words = 0
    for piece in reversed(pieces[:at]):
        if piece.kind == "LIFE":
            return piece
        is_joined = piece.bound is not None and piece.bound.amount.time and words == 0
        if piece.kind == "STOP" or (piece.bound is not None and not is_joined):
            break
        words += piece.kind == "WORD"
        if words > _FAR_FROM_LIFE:
            break
    return _life_after(pieces, at)


def _life_after(pieces: tuple[Piece, ...], at: int) -> Piece | None:
    """Find the words life expectancy directly after a time."""
    for piece in pieces[at + 1 : at + 4]:
        if piece.kind == "LIFE":
            return piece
        if piece.kind not in ("OR_MORE", "A", "WORD") or piece.text in ("and", "since", "from"):
            break
    return None


def _life_expectancy(piece: Piece, life: Piece) -> Found:
    """Give a limit on life expectancy, or why there is none."""
    bound = piece.bound
    start, end = min(piece.start, life.start), max(piece.end, life.end)
    sides = sides_of(bound) if bound is not None else ()
    is_in_days = bound is not None and bound.amount.time in ("days", "weeks", "months", "years")
    if bound is None or not sides or not is_in_days or bound.manner in ("within", "during"):
        why = (bound.doubt if bound else "") or "its number or unit is no plain time"
        return Doubtful("life-expectancy", "", start, end, why)
    return Limit("life-expectancy", start, end, sides, {"unit": bound.amount.time}, bound.because)
