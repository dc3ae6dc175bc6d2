"""Limits on measured values: which analyte each number of a line is about."""

import re
from dataclasses import replace

from trialwright.registry.proposing.amounts import NO_COMPARATOR, NORMAL_ALONE, Bound
from trialwright.registry.proposing.circumstances import condition_of, given_after, given_before
from trialwright.registry.proposing.exceptions import without_contradictions
from trialwright.registry.proposing.found import Doubtful, Found, Limit, joined_ranges
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.measured import Linked, is_alike, readings
from trialwright.registry.proposing.pieces import Piece
from trialwright.registry.proposing.places import Place, place_of
from trialwright.registry.proposing.pressures import (
    of_one_pressure,
    pressure_named_after,
    pressure_pair,
    pressure_units,
)
from trialwright.registry.proposing.subjects import Following, Named, Subject
from trialwright.registry.proposing.units import Unit

_FAR_WITH_UNIT = 25  # words between an analyte and its number
_FAR_PLAIN = 8
_FAR_ALONE = 6  # of a number without a comparator
_FAR_ALONE_PLAIN = 3
_FOREIGN = frozenset({"foreign", "length", "area", "grams", "volume", "mass", "mass/area"})
"""What a unit measures that is seldom a laboratory value: its number is about another thing."""

_MAY_FOLLOW = frozenset(
    {
        "according", "acceptable", "after", "allowed", "and", "as", "assessed", "at", "based",
        "because", "before", "but", "by", "calculated", "confirmed", "despite", "determined", "due",
        "during", "e.g.", "eligible", "every", "except", "excluded", "following", "for", "from",
        "however", "i.e.", "if", "in", "inclusive", "independent", "ineligible", "may", "mean",
        "measured", "must", "not", "obtained", "of", "on", "or", "per", "performed", "permitted",
        "predicted", "prior", "provided", "regardless", "required", "respectively", "screening",
        "that", "then", "to", "today", "unless", "upon", "using", "when", "where", "which",
        "whichever", "while", "who", "will", "with", "within", "without",
    }
)  # fmt: skip
"""Words after a number without a unit that do not make it a number of something else."""

_IT = re.compile(
    r"(?:(?:the|this|these|its|their) )?(?:results?|values?|levels?|measurements?|it|this|they)"
    r"(?: (?:must|should|has to|have to|needs? to|will|is|are|be|also))+ *"
)
"""The begin of a sentence that speaks of the analyte of the sentence before."""

SEVERAL = "its sentence points back to one that names several"
"""Why `the result must be > 50 %` stays open after two analytes."""

BEHIND = "what is measured stands behind the number"
"""Why `(> 1.5 mmol/L ionized calcium)` stays open: it is not about the words before it."""

_NAMING = frozenset({"WORD", "PERSON", "FACT", "CHANGE", "DECOY"})


def limits_in(line: Levelled, pieces: tuple[Piece, ...], *, carry: bool) -> list[Found]:
    """Find the limits on measured values in a line.

    Parameters
    ----------
    line : Levelled
        One criterion.
    pieces : tuple of Piece
        Of the line.
    carry : bool
        Whether a limit may take the comparator of the limit before it.

    Returns
    -------
    list of Limit or Doubtful
        In the order of the line.
    """
    walk = Following(pieces)
    found: list[Found] = []
    on = 0
    for at, piece in enumerate(pieces):
        if at < on:
            continue
        if piece.bound is None:
            walk.step(at)
            continue
        place = place_of(pieces, at, piece.bound)
        behind = _named_behind(line, place)
        here, on = ([behind], at + 2) if behind else _linked(line, walk, place, carry=carry)
        found.extend(here)
    joined = joined_ranges(pressure_units(found), line.text)
    plain = without_contradictions([of_one_pressure(each) for each in joined])
    return _without_conditions(line, plain)


def _named_behind(line: Levelled, place: Place) -> Doubtful | None:
    """Leave open a bound that opens a bracket and has its analyte behind it."""
    before, after = place.before, place.after
    opens = before is not None and before.text == "("
    if not opens or after is None or after.analyte is None or place.bound.amount.time:
        return None
    is_closed = ")" in line.text[place.piece.start : after.start]
    if is_closed or line.text[place.piece.end : after.start].strip():
        return None
    return Doubtful("limit", after.analyte.fact, place.piece.start, after.end, BEHIND)


def _linked(
    line: Levelled, walk: Following, place: Place, *, carry: bool
) -> tuple[list[Found], int]:
    """Link a bound to what it is about; give also the piece at which reading goes on."""
    on = place.at + 1
    if _is_no_value(walk, place):
        return [], on
    if place.bound.manner == "plus":  # `2+` on a dipstick is a grade, no `2 or more`
        place = replace(place, bound=_without_side(place.bound))
    subject, because = walk.subject, ""
    if not subject.named or subject.is_hidden:
        subject, because = _elsewhere(line, walk, place)
    if not subject.named:
        return [], on
    pair, on = pressure_pair(walk, place, subject)
    if pair:
        return pair, on
    subject = pressure_named_after(walk, place, subject)
    fitting = [each for each in subject.facts if _fits(line, each, place)]
    if not fitting:
        return _unfitting(subject, place), on
    if not _is_near(subject, place):
        return [], on
    facts = _respective(line, _plausible(fitting, place), subject)
    if not facts:
        return [], on
    read = _read(Linked(line, walk, place, subject, tuple(facts), because), carry=carry)
    if read:
        walk.link(place.bound, to=subject)
    return read, on


def _read(linked: Linked, *, carry: bool) -> list[Found]:
    """Give the limits of a linked bound; none where its sentence points back to several."""
    if linked.because != SEVERAL:
        return readings(linked, carry=carry)
    start, end = linked.place.piece.start, linked.place.piece.end
    return [Doubtful("limit", each.analyte.fact, start, end, SEVERAL) for each in linked.facts]


def _is_no_value(walk: Following, place: Place) -> bool:
    """Pass over a time, an age, and `within normal limits`, which ends what is spoken of."""
    if place.bound.doubt == NORMAL_ALONE:
        walk.subject = replace(walk.subject, words=walk.subject.words + 2)
        return True
    return bool(place.bound.amount.time) or place.bound.manner == "age"


def _without_side(bound: Bound) -> Bound:
    """Give a number with a plus behind it as a grade without a comparator."""
    amount = replace(bound.amount, unit=Unit("{+}", "plus"))
    return Bound((), amount, NO_COMPARATOR)


def _elsewhere(line: Levelled, walk: Following, place: Place) -> tuple[Subject, str]:
    """Find what a bound is about when nothing before it in its sentence says so."""
    if walk.subject.is_hidden:
        return Subject(), ""
    after = _named_after(walk, place)
    if after is not None:
        return Subject((after,)), "what is measured stands after the number"
    before = walk.before
    is_next = before.sentence == walk.sentence - 1 and before.last is not None
    begins = line.text[walk.pieces[walk.begins].start : place.piece.start] if walk.begins else ""
    if _IT.fullmatch(begins) and before.sentence == walk.sentence - 1 and before.named:
        is_one = len(before.facts) == 1 and not before.is_hidden and place.bound.sides
        return before, "what is measured stands in the sentence before" if is_one else SEVERAL
    if is_next and not before.is_hidden and is_alike(before.last, place.bound):
        given, _ = given_before(line.text, place.piece.start)
        given_then, _ = given_after(line.text, place.piece.end)
        if given or (given_then and walk.subject.words <= 3):
            return before, "what is measured stands in the sentence before"
    return Subject(), ""


def _named_after(walk: Following, place: Place) -> Named | None:
    """Find the analyte directly after a number: `>= 50% LVEF`."""
    if not place.bound.amount.unit or not place.bound.sides:
        return None
    for at in range(place.at + 1, min(place.at + 4, len(walk.pieces))):
        piece = walk.pieces[at]
        if piece.analyte is not None:
            if any(each.bound is not None for each in walk.pieces[at + 1 : at + 3]):
                return None
            walk.consumed.add(at)
            return Named(piece.analyte, piece.start, piece.end, piece.is_sign)
        if piece.text not in ("of", "for"):
            return None
    return None


def _fits(line: Levelled, named: Named, place: Place) -> bool:
    """Say whether an amount can be one of an analyte."""
    amount = place.bound.amount
    if amount.times:
        return True
    if amount.unit is None:
        return not named.is_sign
    if amount.unit.code == "g/L" and "count" in named.analyte.measures:
        return "G/" in line.cut(place.piece.start, place.piece.end)  # giga per litre
    return amount.unit.measures in named.analyte.measures


def _plausible(fitting: list[Named], place: Place) -> list[Named]:
    """Leave out the times of clotting where a plain number can only be the ratio: PT/INR <= 1.5."""
    facts = {each.analyte.fact for each in fitting}
    amount = place.bound.amount
    if amount.is_plain and "inr" in facts and amount.number is not None and amount.number < 5:
        return [each for each in fitting if each.analyte.fact not in ("pt", "ptt")]
    return fitting


def _respective(line: Levelled, fitting: list[Named], subject: Subject) -> list[Named]:
    """Give each number of `>= 1500 and >= 100,000, respectively` its own analyte, none a second."""
    after = line.text[subject.named[-1].end : subject.named[-1].end + 200]
    if len(fitting) < 2 or "respectively" not in after:
        return fitting
    return fitting[subject.bounds : subject.bounds + 1]


def _unfitting(subject: Subject, place: Place) -> list[Found]:
    """Say that a unit does not fit, where the number is plainly about the analyte."""
    unit = place.bound.amount.unit
    if unit is None or subject.words > 2 or subject.is_bounded:
        return []
    if unit.measures in _FOREIGN and (unit.measures != "grams" or subject.words):
        return []
    first = subject.facts[0]
    because = f"the unit {unit.code or 'cells'} does not measure {first.analyte.says.lower()}"
    return [Doubtful("limit", first.analyte.fact, first.start, place.piece.end, because)]


def _is_near(subject: Subject, place: Place) -> bool:
    """Say whether a number stands near enough to what it may be about."""
    is_plain = place.bound.amount.is_plain
    if subject.words > _reach(place.bound):
        return False
    if not is_plain:
        return True
    if subject.is_bounded and subject.words > 2 and not is_alike(subject.last, place.bound):
        return False
    after = place.after
    return after is None or after.kind not in _NAMING or after.text in _MAY_FOLLOW


def _reach(bound: Bound) -> int:
    """Give the most words that may stand between an analyte and a number."""
    is_alone = not bound.sides and bound.doubt == NO_COMPARATOR
    if bound.amount.is_plain:
        return _FAR_ALONE_PLAIN if is_alone else _FAR_PLAIN
    return _FAR_ALONE if is_alone else _FAR_WITH_UNIT


def _without_conditions(line: Levelled, found: list[Found]) -> list[Found]:
    """Leave out numbers that only tell when another limit of the line holds."""
    conditions = [
        condition_of(line.text, each.start, each.end) if isinstance(each, Limit) else ""
        for each in found
    ]
    others = [each for each, kind in zip(found, conditions, strict=True) if not kind]
    if others:
        return others
    return [each for each, kind in zip(found, conditions, strict=True) if kind != "always"]
