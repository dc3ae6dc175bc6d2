"""Limits that are exceptions or parts of findings, and numbers that give a limit once more."""

import re
from decimal import Decimal
from fractions import Fraction

from trialwright.registry.proposing.amounts import Bound
from trialwright.registry.proposing.analytes import Analyte, analyte_named
from trialwright.registry.proposing.found import Doubtful, Found, Limit
from trialwright.terms.quantities import Quantity, comparable

PERMITS = "it is an exception: the words permit it and do not require it"
"""Why the limit of `patients with a pacemaker and heart rate > 50 are eligible` stays open."""

CONTRADICTS = "its comparator contradicts that of the limit to which it is an exception"
"""Why `(or > 5 x ULN with liver metastases)` beside `< 2.5 x ULN` stays open."""

CUT_OFF = "the words of its condition are cut off"
"""Why `for patients with creatinine` at the end of a line leaves the limit open."""

PART_OF_FINDING = "it is part of another finding"
"""Why the limit of `bundle branch block with QRS > 120 ms` stays open."""

_PERMITTED_AFTER = re.compile(
    r"[^.;,\d<>\u2264\u2265]{0,40}?\b(?:is|are|may be|will be|would be|can be)(?: also| still)?"
    r" (?:eligible|allowed|permitted|acceptable|included|enrol\w+)\b"
)
_WITH_ANOTHER = re.compile(
    r"\b(?:patients?|subjects?|participants?|those|individuals?)\b[^.;]*?\b(?:with|who have|having)"
    r" (?P<x>[^.;<>\u2264\u2265]{3,}?),? (?:and|but|with|whose)(?: an?| the| whose| have| has)? *$"
)
_FINDING = re.compile(
    r"\b(?:blocks?|rhythms?|hypertrophy|syndromes?|bradycardia|tachycardia|fibrillation|flutter"
    r"|arrhythmias?|(?:pre-?)?excitation|infarction|cardiomyopathy|failure|disease"
    r"|delay)(?: \([^)]*\))? with (?:an? )?(?:resting |mean )?$"
)
_UNFINISHED = re.compile(
    r"\b(?:with|of|and|or|than|the|an?|to|for|by|if|is|are|in|baseline)$|[<>=]$"
)
_SENTENCE = re.compile(r"\.(?!\d)|[;\n]")
_LOW = ("at_least", "above")


def doubt_of(text: str, start: int, end: int) -> str:
    """Say why a limit that was read is an exception or part of a finding.

    Parameters
    ----------
    text : str
        Levelled.
    start, end : int, characters
        Of the limit, its subject included.

    Returns
    -------
    str
        Empty where it is a limit of its own.
    """
    stops = [each.end() for each in _SENTENCE.finditer(text, 0, start)]
    before = text[max(stops[-1] if stops else 0, start - 200) : start]
    if _WITH_ANOTHER.search(before) and _PERMITTED_AFTER.match(text, end):
        return PERMITS
    return PART_OF_FINDING if _FINDING.search(before) else ""


def is_cut_off(given: str, *, is_last: bool) -> bool:
    """Say whether the words of a circumstance end before they say one.

    Parameters
    ----------
    given : str
        The circumstance, in the record's words.
    is_last : bool
        Whether nothing follows it in its line.

    Returns
    -------
    bool
        True for `creatinine` at the end of a line.
    """
    if not is_last or not given:
        return False
    words = given.strip().lower()
    return analyte_named(given.strip()) is not None or bool(_UNFINISHED.search(words))


def without_contradictions(found: list[Found]) -> list[Found]:
    """Leave an exception to people whose direction is not that of its limit.

    Parameters
    ----------
    found : list of Limit or Doubtful
        Of one line, in its order.

    Returns
    -------
    list of Limit or Doubtful
        The same, with a doubt in the place of such an exception.
    """
    return [_contradicted(each, found[:at]) for at, each in enumerate(found)]


def _contradicted(exception: Found, earlier: list[Found]) -> Found:
    """Give a doubt for an exception that turns the direction of the limit before it."""
    if not isinstance(exception, Limit) or not exception.fields.get("given"):
        return exception
    names = ("fact", "times", "unit")
    for base in reversed(earlier):
        is_base = (
            isinstance(base, Limit)
            and not base.fields.get("given")
            and all(base.fields[name] == exception.fields[name] for name in names)
        )
        if isinstance(base, Limit) and is_base and len(base.sides) == len(exception.sides) == 1:
            if (base.sides[0][0] in _LOW) == (exception.sides[0][0] in _LOW):
                return exception
            fact = str(exception.fields["fact"])
            return Doubtful("limit", fact, exception.start, exception.end, CONTRADICTS)
    return exception


def restates(last: Bound | None, bound: Bound, analyte: Analyte) -> bool:
    """Say whether a number gives the limit before it once more, in another unit.

    Parameters
    ----------
    last : Bound or None
        The limit before.
    bound : Bound
        The number after it.
    analyte : Analyte
        What both are about.

    Returns
    -------
    bool
        True for the second of `< 1.5 mg/dL (< 133 umol/L)`; False where the numbers differ.
    """
    if last is None or len(last.sides) != 1 or len(bound.sides) > 1:
        return False
    if bound.sides and bound.sides[0][0] != last.sides[0][0]:
        return False
    one, other = last.amount, bound.amount
    if one.unit is None or other.unit is None or one.times or other.times:
        return False
    if one.unit.code == other.unit.code or one.number is None or other.number is None:
        return False
    units = (one.unit.code, other.unit.code)
    if not all(units):
        return False
    if comparable(*units, analyte.substance):
        return _is_the_same(one.number, other.number, units, analyte.substance)
    return one.unit.measures != other.unit.measures and other.unit.measures in analyte.measures


def _is_the_same(first: Decimal, second: Decimal, units: tuple[str, str], substance: str) -> bool:
    """Say whether two amounts are the same but for rounding."""
    one = Quantity(first, units[0]).exact_in(units[1], substance)
    return abs(one - Fraction(second)) <= abs(one) * Fraction(6, 100)
