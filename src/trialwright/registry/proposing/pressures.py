"""Limits on blood pressure: pairs, `systolic` after its number, and a unit given once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from trialwright.registry.proposing.amounts import NO_COMPARATOR, Bound
from trialwright.registry.proposing.found import Doubtful, Found, Limit
from trialwright.registry.proposing.pieces import Piece
from trialwright.registry.proposing.places import Place
from trialwright.registry.proposing.subjects import Following, Named, Subject

BOTH = ("systolic-pressure", "diastolic-pressure")
"""The two pressures, in the order of a pair."""


def pressure_pair(walk: Following, place: Place, subject: Subject) -> tuple[list[Found], int]:
    """Read `> 140/90 mmHg` as two limits.

    Parameters
    ----------
    walk : Following
        Along the line.
    place : Place
        The first number.
    subject : Subject
        What is spoken of.

    Returns
    -------
    found : list of Limit or Doubtful
        Empty for what is no such pair.
    on : int
        The piece at which reading goes on.
    """
    second = _second_of_pair(walk.pieces, place, subject)
    if second is None or second.bound is None:
        return [], place.at + 1
    start, end = subject.facts[0].start, second.end
    walk.link(place.bound, to=subject)
    unit = second.bound.amount.unit
    code = unit.code if unit else ""
    return _pair(place.bound, second.bound, start, end, code), place.at + 3


def _second_of_pair(pieces: tuple[Piece, ...], place: Place, subject: Subject) -> Piece | None:
    """Find the number behind the stroke; None where there is no pair of pressures."""
    facts = {each.analyte.fact for each in subject.facts}
    if "blood-pressure" not in facts and facts != set(BOTH):
        return None
    is_stroke = place.is_glued and place.after is not None and place.after.kind == "SLASH"
    second = pieces[place.at + 2] if is_stroke and place.at + 2 < len(pieces) else None
    if second is None or second.bound is None or second.bound.sides:
        return None
    unit = second.bound.amount.unit
    return second if unit is None or unit.measures == "pressure" else None


def _pair(first: Bound, second: Bound, start: int, end: int, unit: str) -> list[Found]:
    """Give both limits with the comparator that stands before the pair, or why there are none."""
    numbers: list[Decimal | None] = [first.amount.number, second.amount.number]
    known = [number for number in numbers if number is not None]
    if len(first.sides) != 1 or len(known) != 2:
        why = first.doubt or NO_COMPARATOR
        return [Doubtful("limit", fact, start, end, why) for fact in BOTH]
    side = first.sides[0][0]
    rest: dict[str, Any] = {"unit": unit, "times": None, "given": ""}
    return [
        Limit("limit", start, end, ((side, number),), {"fact": fact, **rest})
        for fact, number in zip(BOTH, known, strict=True)
    ]


def pressure_named_after(walk: Following, place: Place, subject: Subject) -> Subject:
    """Read `blood pressure > 150 mmHg systolic`: which of the two may stand after the number.

    Parameters
    ----------
    walk : Following
        Along the line.
    place : Place
        The number.
    subject : Subject
        What is spoken of.

    Returns
    -------
    Subject
        The pressure that is meant; any other subject as it is.
    """
    facts = {each.analyte.fact for each in subject.facts}
    if not facts <= {"blood-pressure", *BOTH} or facts == set(BOTH):
        return subject
    for at in range(place.at + 1, min(place.at + 3, len(walk.pieces))):
        piece = walk.pieces[at]
        if piece.analyte is not None and piece.analyte.fact in BOTH:
            if any(each.bound is not None for each in walk.pieces[at + 1 : at + 2]):
                return subject
            walk.consumed.add(at)
            first = subject.named[0]
            return replace(subject, named=(Named(piece.analyte, first.start, first.end),))
        if piece.kind != "OPENS":
            break
    return subject


def pressure_units(found: list[Found]) -> list[Found]:
    """Give a pressure without a unit that of the other pressure beside it.

    Parameters
    ----------
    found : list of Limit or Doubtful
        Of one line.

    Returns
    -------
    list of Limit or Doubtful
        The same, with the unit where one is shared.
    """
    pressures = [each for each in found if isinstance(each, Limit) and each.fields["fact"] in BOTH]
    units = {each.fields["unit"] for each in pressures} - {""}
    if len(units) != 1:
        return found
    because = "its unit is that of the other pressure in the sentence"
    lacking = [each for each in pressures if not each.fields["unit"] and not each.fields["times"]]
    unit = next(iter(units))
    return [
        replace(each, fields={**each.fields, "unit": unit}, because=each.because or because)
        if isinstance(each, Limit) and each in lacking
        else each
        for each in found
    ]


def of_one_pressure(found: Found) -> Found:
    """Leave a blood pressure to people where the words do not say which of the two.

    Parameters
    ----------
    found : Limit or Doubtful
        Any.

    Returns
    -------
    Limit or Doubtful
        A doubt for a pressure of neither kind; anything else as it is.
    """
    if isinstance(found, Limit) and found.fields["fact"] == "blood-pressure":
        why = "the words do not say whether the systolic or the diastolic pressure is meant"
        return Doubtful("limit", "blood-pressure", found.start, found.end, why)
    return found
