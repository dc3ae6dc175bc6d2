"""Coded results: answers, scores of immunohistochemistry, ranges of groups, and methods."""

import re
from collections.abc import Iterator
from decimal import Decimal

from trialwright.casebook.facts import ReferenceRange
from trialwright.intake.coding import codes_of
from trialwright.intake.elements import Element
from trialwright.terms.answers import ANSWERS, IN_QUESTION, SCORED, scored
from trialwright.terms.codes import Code
from trialwright.terms.errors import refuse

_WORDS = frozenset({*ANSWERS.values(), *(f"{score}+" for score in (1, 2, 3)), "0"})
_POSTMENOPAUSAL = re.compile(r"post-?\s?menopaus", re.IGNORECASE)
_GROUPS = {Code("SNOMEDCT", "76498008"): "postmenopausal"}
_DO_ASK = "Read the record where it comes from, and enter the value by hand"

_MRI = Code("SNOMEDCT", "113091000")
_CONVENTIONAL = frozenset(Code("SNOMEDCT", code) for code in ("168537006", "16310003", "5880005"))
_SPIRAL_WORDS = re.compile(r"\b(?:spiral|helical|multi-?detector)\b", re.IGNORECASE)
_PLAIN_WORDS = re.compile(
    r"\b(?:non-?spiral|conventional|sequential|x-?ray|radiograph\w*|ultrasound|caliper\w*)\b",
    re.IGNORECASE,
)
_MRI_WORDS = re.compile(r"\b(?:mri|magnetic resonance)\b", re.IGNORECASE)


def answer_of(part: Element, code: Element | None) -> str:
    """Read a coded answer as its word, or as the score that it carries.

    Parameters
    ----------
    part : Element
        An Observation or component with a `valueCodeableConcept`, `valueString` or
        `valueInteger`.
    code : Element or None
        What is answered.

    Returns
    -------
    str
        E.g. `negative`, `2+`, `stable`; a code that says nothing here as itself.

    Raises
    ------
    Refusal
        If there is no answer, or code and score contradict each other.
    """
    concept = part.inner("valueCodeableConcept")
    where = part.path("valueCodeableConcept" if concept else "value")
    codes = codes_of(concept)
    words = {ANSWERS[each] for each in codes if each in ANSWERS}
    written = [*_texts(part, concept)]
    if not codes and not words:
        words = {each.lower() for each in written if each.lower() in _WORDS}
    if len(words) > 1:
        raise refuse(where, "several answers", "one coded answer", _DO_ASK)
    word = next(iter(words), "")
    if SCORED.intersection(codes_of(code)):
        word = scored(word, written)
        if word == IN_QUESTION:
            raise refuse(where, "a score that contradicts the answer", "one answer", _DO_ASK)
    if not word and not codes:
        raise refuse(where, "no code of an answer, or several", "one coded answer", _DO_ASK)
    return word or str(codes[0])


def _texts(part: Element, concept: Element | None) -> Iterator[str]:
    """Give the words beside an answer."""
    if concept is not None:
        yield concept.text("text")
        for coding in concept.inners("coding"):
            yield coding.text("display")
    if "valueString" in part:
        yield part.text("valueString")
    if "valueInteger" in part:
        yield f"{part.number('valueInteger')}"


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
        Of groups that are known here, in that unit; a range in another unit is left out.

    Raises
    ------
    Refusal
        If a range has another form.
    """
    ranges = []
    for each in resource.inners("referenceRange"):
        group = _group(each)
        if group:
            low, high = _bound(each.inner("low"), unit), _bound(each.inner("high"), unit)
            if low is not None or high is not None:
                ranges.append(ReferenceRange(low, high, group))
    return tuple(ranges)


def _group(found: Element) -> str:
    """Name the group to which a range applies; empty for one that is not known here."""
    kind = found.inner("type")
    for concept in (*found.inners("appliesTo"), *((kind,) if kind else ())):
        named = next((_GROUPS[code] for code in codes_of(concept) if code in _GROUPS), "")
        shown = (concept.text("text"), *(each.text("display") for each in concept.inners("coding")))
        if named or any(_POSTMENOPAUSAL.search(each) for each in shown):
            return "postmenopausal"
    return ""


def _bound(found: Element | None, unit: str) -> Decimal | None:
    """Give one end of a range that is in the unit of the result."""
    if found is None or "comparator" in found:
        return None
    written = found.text("code") or found.text("unit")
    return found.number("value") if written == unit else None


def method_of(resource: Element) -> str:
    """Name the method of an examination, as protocols name it.

    Parameters
    ----------
    resource : Element
        An Observation.

    Returns
    -------
    str
        `spiral-ct`, `mri` or `conventional`; empty when the record does not say. Computed
        tomography that does not say whether it is spiral is not named.

    Raises
    ------
    Refusal
        If the method has another form.
    """
    method = resource.inner("method")
    if method is None:
        return ""
    codes = set(codes_of(method))
    words = " ".join(
        (method.text("text"), *(each.text("display") for each in method.inners("coding")))
    )
    if codes & _CONVENTIONAL or _PLAIN_WORDS.search(words):
        return "conventional"
    if _MRI in codes or _MRI_WORDS.search(words):
        return "mri"
    return "spiral-ct" if _SPIRAL_WORDS.search(words) else ""
