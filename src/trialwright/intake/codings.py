"""FHIR codings: a code with its system, as the terminologies name both."""

import re

from trialwright.intake.elements import Element
from trialwright.terms.codes import SYSTEMS, Code

_SYSTEMS = SYSTEMS | {
    # ICD-10 of the WHO, of which ICD-10-CM keeps the categories: what both have means the same
    "http://hl7.org/fhir/sid/icd-10": "ICD10CM",
    # HL7 object identifiers of the same systems, as records converted from CDA carry them
    "urn:oid:2.16.840.1.113883.6.1": "LOINC",
    "urn:oid:2.16.840.1.113883.6.96": "SNOMEDCT",
    "urn:oid:2.16.840.1.113883.6.88": "RXNORM",
    "urn:oid:2.16.840.1.113883.6.90": "ICD10CM",
}

REFUTED = frozenset({"refuted", "entered-in-error"})
"""Status of what a record says is not so, or was never meant to say."""

_CODE = re.compile(r"[A-Za-z0-9.\-]{1,40}")
"""The form of a code in these systems; anything else may be words about a participant."""


def codes_of(concept: Element | None) -> tuple[Code, ...]:
    """Give the codes of a concept that are of a known system.

    Parameters
    ----------
    concept : Element or None
        A FHIR CodeableConcept.

    Returns
    -------
    tuple of Code
        In the order of the record.

    Raises
    ------
    Refusal
        If a coding has another form.
    """
    if concept is None:
        return ()
    codings = (
        (_SYSTEMS.get(coding.text("system"), ""), coding.text("code"))
        for coding in concept.inners("coding")
    )
    return tuple(Code(system, code) for system, code in codings if system and _CODE.fullmatch(code))


def plain_codes(concept: Element | None) -> frozenset[str]:
    """Give the codes of a concept of FHIR itself, such as a clinical status.

    Parameters
    ----------
    concept : Element or None
        A FHIR CodeableConcept.

    Returns
    -------
    frozenset of str
        Codes of any system; the empty code when there are words alone, which say nothing here.

    Raises
    ------
    Refusal
        If a coding has another form.
    """
    if concept is None:
        return frozenset()
    return frozenset(coding.text("code") for coding in concept.inners("coding")) or frozenset({""})


def is_of_known_system(coding: Element) -> bool:
    """Say whether a coding is of one of the common terminologies.

    Parameters
    ----------
    coding : Element
        A FHIR Coding.

    Returns
    -------
    bool
        False for a local system, and for none.

    Raises
    ------
    Refusal
        If its system is no text.
    """
    return coding.text("system") in _SYSTEMS


def is_named(concept: Element | None) -> bool:
    """Say whether a concept has a code of one of the common terminologies.

    Parameters
    ----------
    concept : Element or None
        A FHIR CodeableConcept.

    Returns
    -------
    bool
        False for words alone, for codes of other systems, and for nothing at all.

    Raises
    ------
    Refusal
        If a coding has another form.
    """
    return bool(codes_of(concept))


def words_of(concept: Element) -> tuple[str, ...]:
    """Give the words of a concept: its own, then those of its codings.

    Parameters
    ----------
    concept : Element
        A FHIR CodeableConcept.

    Returns
    -------
    tuple of str
        Each text once.

    Raises
    ------
    Refusal
        If a text has another form.
    """
    shown = (concept.text("text"), *(each.text("display") for each in concept.inners("coding")))
    return tuple(text for text in dict.fromkeys(shown) if text)
