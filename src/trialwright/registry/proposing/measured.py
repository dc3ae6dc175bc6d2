"""What a number says of the analytes to which it was linked: limits, or why there are none."""

import re
from dataclasses import dataclass, replace
from typing import Any

from trialwright.registry.proposing.amounts import NO_COMPARATOR, Amount, Bound
from trialwright.registry.proposing.circumstances import given_after, given_before
from trialwright.registry.proposing.exceptions import CUT_OFF, doubt_of, is_cut_off, restates
from trialwright.registry.proposing.found import Doubtful, Found, Limit, sides_of
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.places import Place
from trialwright.registry.proposing.subjects import Following, Named, Subject

_BEGINS_ANOTHER = re.compile(
    r"[ ,:]*(?:(?:then|it|they|values?|must|should|be|may|can|is|are|allowed|permitted) )*"
    r"(?:[<>\u2264\u2265]|up to|no more|less than|at most|greater than|within [0-9])"
)
"""A limit after a circumstance, which is then its own and not that of the limit before."""

_FORMULA = re.compile(r"140 ?-|x (?:body )?weight|weight (?:in |\()kg\)? x|72 ?x")
"""Cockcroft and Gault's formula, whose numbers are no limits."""

_SMALLEST_ACTIVITY = 10  # U/L; below it a plain number of an enzyme is a lost multiple


@dataclass(frozen=True, slots=True)
class Linked:
    """A bound with what it is about.

    Attributes
    ----------
    line : Levelled
        The criterion.
    walk : Following
        Along its pieces, at the bound.
    place : Place
        The bound.
    subject : Subject
        What is spoken of.
    facts : tuple of Named
        The analytes of it that the number fits.
    because : str
        Where what is measured stands, if not before the number in its sentence.
    """

    line: Levelled
    walk: Following
    place: Place
    subject: Subject
    facts: tuple[Named, ...]
    because: str

    @property
    def start(self) -> int:
        """Where the words of the limit begin."""
        own = self.place.piece.start
        if self.subject.is_bounded or self.because or not self.facts:
            return own
        return min(own, *(each.start for each in self.subject.named))

    @property
    def end(self) -> int:
        """Where the words of the limit end, an analyte after the number included."""
        return max(self.place.piece.end, *(each.end for each in self.facts))


def is_alike(last: Bound | None, bound: Bound) -> bool:
    """Say whether two bounds count the same: the same multiple, or units of the same measure.

    Parameters
    ----------
    last : Bound or None
        The one before; None is like nothing.
    bound : Bound
        The other.

    Returns
    -------
    bool
        True for `2.5 x ULN` and `5 x ULN`.
    """
    if last is None:
        return False
    one, other = last.amount, bound.amount
    if one.times or other.times:
        return one.times == other.times
    if one.unit and other.unit:
        return one.unit.measures == other.unit.measures
    return one.unit is None and other.unit is None


def readings(linked: Linked, *, carry: bool) -> list[Found]:
    """Give what a linked bound says of each of its analytes.

    Parameters
    ----------
    linked : Linked
        A bound with what it is about.
    carry : bool
        Whether it may take the comparator of the limit before it.

    Returns
    -------
    list of Limit or Doubtful
        One for each analyte; none for a number that repeats the limit in another unit.
    """
    given, end = _given(linked)
    bound, because = linked.place.bound, linked.because or linked.place.bound.because
    if not given and _is_restated(linked):
        return []
    if not bound.sides:
        carried = _carried(linked, given) if carry else None
        if carried is None:
            return _without_comparator(linked, given, end)
        bound, because = carried, "the comparator is that of the limit before it in the sentence"
    why = _doubt(linked, bound) or _doubt_of_words(linked, given, end)
    if why:
        return _doubtful(linked, end, why)
    if bound.amount.times == "normal":
        because = "the words say normal; a multiple above 1 is of its upper limit"
    return [_limit(linked, bound, each, given, end, because) for each in linked.facts]


def _given(linked: Linked) -> tuple[str, int]:
    """Find the circumstance of a limit, after it or before it, and where the limit then ends."""
    line, end = linked.line, linked.end
    words, after = given_after(line.text, end)
    if words and not _BEGINS_ANOTHER.match(line.text, after):
        return line.cut(after - len(words), after), after
    words, begin = given_before(line.text, linked.start)
    return (line.cut(begin, begin + len(words)) if words else ""), end


def _is_restated(linked: Linked) -> bool:
    """Say whether a number gives the limit beside it in another unit: `< 50 ng/dL (< 1.7 nmol/L)`.

    After `or` with a comparator of its own it is an alternative, which people may weigh.
    """
    before, bound = linked.place.before, linked.place.bound
    is_beside = before is not None and before.kind in ("OPENS", "SLASH", "OR")
    if not is_beside or before is None or (before.kind == "OR" and bound.sides):
        return False
    return linked.subject.is_bounded and all(
        restates(linked.subject.last, bound, each.analyte) for each in linked.facts
    )


def _doubt_of_words(linked: Linked, given: str, end: int) -> str:
    """Say why the words around a limit leave it open; empty when they do not."""
    text = linked.line.text
    if is_cut_off(given, is_last=not text[end:].strip(" .,;:)")):
        return CUT_OFF
    return "" if linked.subject.is_bounded else doubt_of(text, linked.start, linked.place.piece.end)


def _carried(linked: Linked, given: str) -> Bound | None:
    """Give a number the comparator of the limit before, for the same analyte otherwise given."""
    last, bound, walk = linked.subject.last, linked.place.bound, linked.walk
    if last is None or not linked.subject.is_bounded or bound.doubt != NO_COMPARATOR:
        return None
    if not given or linked.subject.words > 6 or not is_alike(last, bound):
        return None
    if len(last.sides) != 1 or bound.amount.number is None:
        return None
    if walk.sentence != linked.subject.sentence:
        return None
    return replace(bound, sides=((last.sides[0][0], bound.amount),), doubt="")


def _without_comparator(linked: Linked, given: str, end: int) -> list[Found]:
    """Note a number without a comparator, but not one that says the same in another unit."""
    bound, before = linked.place.bound, linked.place.before
    is_repeated = linked.subject.is_bounded and bound.doubt == NO_COMPARATOR
    is_alternative = before is not None and before.kind == "OR"
    if is_repeated and not given and not is_alternative:
        return []
    return [] if _FORMULA.search(linked.line.text) else _doubtful(linked, end, bound.doubt)


def _doubtful(linked: Linked, end: int, why: str) -> list[Found]:
    """Leave the limit to people, for each analyte."""
    return [Doubtful("limit", each.analyte.fact, linked.start, end, why) for each in linked.facts]


def _doubt(linked: Linked, bound: Bound) -> str:
    """Say why a bound with a comparator is not proposed all the same; empty when it is."""
    amount, before = bound.amount, linked.place.before
    sides = sides_of(bound)
    if linked.place.is_glued:
        return "what follows its number is not understood"
    if not sides:
        return "its number can be read in two ways"
    is_limit_itself = bool(amount.times) and not re.search(r"\d", linked.place.piece.text)
    if is_limit_itself and before is not None and before.kind in ("BOUND", "NUMBER", "TIMES"):
        return "what stands before its limit of normal is not understood"
    if amount.times == "normal" and sides[0][1] <= 1:
        return "the words say normal and not which limit of it"
    is_enzyme = all("activity" in each.analyte.measures for each in linked.facts)
    if amount.is_plain and is_enzyme and sides[0][1] < _SMALLEST_ACTIVITY:
        return "its number is too small for a value, and no limit of normal is named"
    return ""


def _limit(linked: Linked, bound: Bound, named: Named, given: str, end: int, because: str) -> Limit:
    """Give the limit on one analyte."""
    amount = bound.amount
    unit, why = _unit(linked, named, amount, end)
    fields: dict[str, Any] = {
        "fact": _fact(linked, named),
        "unit": unit,
        "times": "ULN" if amount.times == "normal" else (amount.times or None),
        "given": given,
    }
    return Limit("limit", linked.start, end, sides_of(bound), fields, because or why)


def _unit(linked: Linked, named: Named, amount: Amount, end: int) -> tuple[str, str]:
    """Give the UCUM unit of an amount of an analyte, and what was taken from elsewhere."""
    if amount.unit is None:
        return "", ""
    code = amount.unit.code
    if code == "g/L" and "count" in named.analyte.measures:
        return "10*9/L", ""
    if amount.unit.measures == "grams":
        around = linked.line.text[max(0, named.start - 30) : end]
        if re.search(r"24[ -]?h", around):
            return f"{code}/(24.h)", "the 24 hours stand before the number"
    return code, amount.unit.because


def _fact(linked: Linked, named: Named) -> str:
    """Give the fact: fasting glucose where the words say fasting, and the formula of a QTc."""
    fact, text = named.analyte.fact, linked.line.text
    if fact == "glucose":
        around = text[max(0, named.start - 25) : linked.place.piece.end + 10]
        return "fasting-glucose" if "fasting" in around and "non" not in around else fact
    if fact == "qtc" and "frideric" in text:
        return "qtcf"
    return fact
