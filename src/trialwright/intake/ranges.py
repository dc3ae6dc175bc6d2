"""Ranges that a laboratory gives for groups of people, beside its range of normal values."""

import re

from trialwright.casebook.facts import ReferenceRange
from trialwright.intake.amounts import bound
from trialwright.intake.codings import codes_of, words_of
from trialwright.intake.elements import Element
from trialwright.terms.codes import Code

_GROUPS = dict.fromkeys(
    (Code("SNOMEDCT", "76498008"), Code("SNOMEDCT", "307429007")), "postmenopausal"
)
"""Postmenopausal state, and after menopause."""

_NAMES = (
    ("postmenopausal", r"post-?\s?menopaus(?:al|e)|after (?:the )?menopause"),
    ("premenopausal", r"pre-?\s?menopaus(?:al|e)"),
    ("perimenopausal", r"peri-?\s?menopaus(?:al|e)"),
    ("follicular", r"follicular"),
    ("midcycle", r"mid-?\s?cycle|ovulat(?:ion|ory)"),
    ("luteal", r"luteal"),
    ("pregnant", r"pregnan(?:t|cy)"),
    ("prepubertal", r"pre-?\s?pubert(?:al|y)"),
    ("female", r"females?|wom[ae]n"),
    ("male", r"males?|m[ae]n"),
)
_PATTERNS = tuple(
    (name, re.compile(rf"(?<![a-z])(?<!non-)(?<!non )(?<!not )(?:{words})\b"))
    for name, words in _NAMES
)


def group_ranges(resource: Element, unit: str) -> tuple[ReferenceRange, ...]:
    """Read the laboratory's ranges for groups of people.

    Parameters
    ----------
    resource : Element
        An Observation or component.
    unit : str
        UCUM unit of the result.

    Returns
    -------
    tuple of ReferenceRange
        Of groups that are known here, in that unit. A range of some age, one in a unit of another
        size, and two of one group that differ are left out.

    Raises
    ------
    Refusal
        If a range has another form.
    """
    found: dict[str, set[ReferenceRange]] = {}
    for each in resource.inners("referenceRange"):
        if "age" in each:
            continue
        low, high = bound(each.inner("low"), unit), bound(each.inner("high"), unit)
        if (low is None and high is None) or (low is not None and high is not None and low > high):
            continue
        for group in _groups(each):
            found.setdefault(group, set()).add(ReferenceRange(low, high, group))
    return tuple(ranges.pop() for ranges in found.values() if len(ranges) == 1)


def _groups(found: Element) -> frozenset[str]:
    """Name the groups to which a range applies; of a sex and more, what is more."""
    kind = found.inner("type")
    concepts = (*found.inners("appliesTo"), *((kind,) if kind else ()))
    if not concepts:
        return frozenset()
    names = {_GROUPS[code] for each in concepts for code in codes_of(each) if code in _GROUPS}
    said = " ; ".join(text for each in concepts for text in words_of(each)).casefold()
    names |= {name for name, pattern in _PATTERNS if pattern.search(said)}
    return frozenset(names - {"female", "male"} or names)
