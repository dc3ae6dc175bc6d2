"""Ranges that a laboratory gives: of normal values, and for groups of people."""

import re
from decimal import Decimal

from trialwright.casebook.facts import ReferenceRange
from trialwright.intake.amounts import bound
from trialwright.intake.codings import codes_of, words_of
from trialwright.intake.elements import Element
from trialwright.terms.codes import Code

_GROUPS = {
    Code("SNOMEDCT", "76498008"): "postmenopausal",  # postmenopausal state
    Code("SNOMEDCT", "307429007"): "postmenopausal",  # after menopause
    Code("SNOMEDCT", "248152002"): "female",
    Code("SNOMEDCT", "248153007"): "male",
}
"""Groups that are coded."""

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
_NORMAL = frozenset({"normal"})
"""The one meaning of a reference range that is a range of normal values."""

_SEXES = frozenset({"female", "male"})
_SEX = re.compile(r"[a-z]+", re.IGNORECASE)
_MEANING = "http://terminology.hl7.org/CodeSystem/referencerange-meaning"
_NOT_OF_GROUPS = frozenset({"recommended", "treatment", "therapeutic", "pre", "post"})
"""Meanings of a range that is neither of normal values nor of a group of people."""

_PATTERNS = tuple(
    (name, re.compile(rf"(?<![a-z])(?<!non-)(?<!non )(?<!not )(?:{words})\b"))
    for name, words in _NAMES
)


def reference_range(resource: Element, unit: str) -> tuple[Decimal | None, Decimal | None]:
    """Read the laboratory's own range of normal values.

    Parameters
    ----------
    resource : Element
        An Observation or a component of one.
    unit : str
        UCUM unit of the result.

    Returns
    -------
    tuple of Decimal or None
        Low and high, in that unit. None for a range of some group of people or of some age, as
        `bound` says, and when plain ranges differ.

    Raises
    ------
    Refusal
        If a range has another form.
    """
    plain = {
        (bound(each.inner("low"), unit), bound(each.inner("high"), unit))
        for each in resource.inners("referenceRange")
        if _is_plain(each)
    }
    if len(plain) != 1:
        return None, None
    low, high = plain.pop()
    if low is not None and high is not None and low > high:
        return None, None
    return low, high


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


def _is_plain(found: Element) -> bool:
    """Say whether a range is of normal values and of everybody."""
    kind = found.inner("type")
    codes = {coding.text("code") for coding in kind.inners("coding")} if kind else _NORMAL
    is_limited = "appliesTo" in found or "age" in found
    told = _named(found.text("text"))
    return codes <= _NORMAL and not is_limited and told in (frozenset(), _SEXES)


def _groups(found: Element) -> frozenset[str]:
    """Name the groups to which a range applies; of a sex and more, what is more.

    By what is coded for it; by its text, where nothing is.
    """
    kind = found.inner("type")
    meanings = {
        each.text("code")
        for each in (kind.inners("coding") if kind else ())
        if each.text("system") == _MEANING
    }
    if meanings & _NOT_OF_GROUPS:
        return frozenset()
    concepts = (*found.inners("appliesTo"), *((kind,) if kind else ()))
    if not concepts:
        return _told_groups(found)
    names = {_GROUPS[code] for each in concepts for code in codes_of(each) if code in _GROUPS}
    names |= _named(
        " ; ".join((*(text for each in concepts for text in words_of(each)), *meanings))
    )
    return frozenset(names - _SEXES or names)


def _told_groups(found: Element) -> frozenset[str]:
    """Name the groups of which the text of a range speaks; a sex alone must be all of it."""
    told = found.text("text")
    names = _named(told)
    is_sex = len(names) == 1 and bool(_SEX.fullmatch(told.strip()))
    return names - _SEXES or (names if is_sex else frozenset())


def _named(text: str) -> frozenset[str]:
    """Name the groups of people of which a text speaks."""
    said = text.casefold()
    return frozenset(name for name, pattern in _PATTERNS if pattern.search(said))
