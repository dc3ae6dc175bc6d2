"""How a result was obtained, by the names that protocols use of imaging."""

import re

from trialwright.intake.codings import codes_of, words_of
from trialwright.intake.elements import Element
from trialwright.terms.codes import Code

_CT = Code("SNOMEDCT", "77477000")
_MRI = Code("SNOMEDCT", "113091000")
_CONVENTIONAL = frozenset(Code("SNOMEDCT", code) for code in ("168537006", "16310003", "5880005"))
"""Plain radiography, ultrasound and physical examination."""

_PATHOLOGY = frozenset(Code("SNOMEDCT", code) for code in ("787377000", "104157003"))
"""Gross examination and light microscopy of a specimen."""

_CT_WORDS = re.compile(r"\bct\b|tomograph", re.IGNORECASE)
_MRI_WORDS = re.compile(r"\bmri?\b|magnetic resonance", re.IGNORECASE)
_SPIRAL = re.compile(
    r"(?<!non-)(?<!non )(?<!not )\b(?:spiral|helical|multi-?\s?detector|mdct)\b", re.IGNORECASE
)
_SEQUENTIAL = re.compile(
    r"\b(?:conventional|sequential|non-?\s?spiral|non-?\s?helical|not spiral|not helical)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"\b(?:x-?\s?ray|radiograph\w*|ultraso\w*|sonograph\w*|calipers?|palpat\w*"
    r"|(?:physical|clinical) exam\w*|conventional)\b",
    re.IGNORECASE,
)


_OF_A_SPECIMEN = re.compile(r"patholog|specimen|microscop|histolog|\bgross\b|resect", re.IGNORECASE)


def is_of_a_specimen(resource: Element) -> bool:
    """Say whether something was measured on what had been taken out.

    Parameters
    ----------
    resource : Element
        An Observation.

    Returns
    -------
    bool
        By the specimen that it names, or by the words of its method.

    Raises
    ------
    Refusal
        If the method has another form.
    """
    method = resource.inner("method")
    words = words_of(method) if method is not None else ()
    is_said = any(_OF_A_SPECIMEN.search(each) for each in words)
    is_coded = method is not None and not _PATHOLOGY.isdisjoint(codes_of(method))
    return "specimen" in resource or is_said or is_coded


def method_of(resource: Element) -> str:
    """Name the method of an examination, as protocols name it.

    Parameters
    ----------
    resource : Element
        An Observation.

    Returns
    -------
    str
        `spiral-ct`, `mri` or `conventional`; empty when the record does not say, or names two.
        Computed tomography that does not say whether it is spiral is not named.

    Raises
    ------
    Refusal
        If the method has another form.
    """
    method = resource.inner("method")
    if method is None:
        return ""
    codes, words = frozenset(codes_of(method)), " ; ".join(words_of(method))
    is_ct = _CT in codes or _CT_WORDS.search(words) is not None or _SPIRAL.search(words) is not None
    is_mri = _MRI in codes or _MRI_WORDS.search(words) is not None
    if is_ct and is_mri:
        return ""
    if is_ct:
        return _tomography(words)
    if is_mri:
        return "mri"
    is_plain = not codes.isdisjoint(_CONVENTIONAL) or _PLAIN.search(words) is not None
    return "conventional" if is_plain else ""


def _tomography(words: str) -> str:
    """Name computed tomography by what is said of it."""
    is_spiral = _SPIRAL.search(words) is not None
    is_sequential = _SEQUENTIAL.search(words) is not None
    if is_spiral == is_sequential:
        return ""
    return "spiral-ct" if is_spiral else "conventional"
