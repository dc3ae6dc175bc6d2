"""Codes of records: which term of the protocol a code stands for, and what an answer code says."""

import re
from collections.abc import Mapping
from typing import Literal

from trialwright.intake.elements import Element
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.codes import SYSTEMS, Code

_SYSTEMS = SYSTEMS | {
    # HL7 object identifiers of the same systems, as records converted from CDA carry them
    "urn:oid:2.16.840.1.113883.6.1": "LOINC",
    "urn:oid:2.16.840.1.113883.6.96": "SNOMEDCT",
    "urn:oid:2.16.840.1.113883.6.88": "RXNORM",
    "urn:oid:2.16.840.1.113883.6.90": "ICD10CM",
}

SCORES = {
    # LOINC answers to 89247-1, ECOG performance status: LA9622-7 is 0, fully active; LA9627-6 is 5
    Code("LOINC", "LA9622-7"): 0,
    Code("LOINC", "LA9623-5"): 1,
    Code("LOINC", "LA9624-3"): 2,
    Code("LOINC", "LA9625-0"): 3,
    Code("LOINC", "LA9626-8"): 4,
    Code("LOINC", "LA9627-6"): 5,
}
"""The score that an answer code means."""

_CODE = re.compile(r"[A-Za-z0-9.\-]{1,40}")
"""The form of a code in these systems; anything else may be words about a participant."""

_NAME = re.compile(r"[^a-z0-9]")
"""What may follow a medicine's name in the words of a record."""

Kind = Literal["observation", "condition"]


class Codebook:
    """The codes of a protocol's vocabulary, looked up from the side of the record.

    Attributes
    ----------
    terms : mapping of str to Term
        The vocabulary.
    """

    def __init__(
        self, terms: Mapping[str, Term], medicines: Mapping[str, Medicine] | None = None
    ) -> None:
        self.terms = terms
        self._medicines: dict[Code, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for name, medicine in (medicines or {}).items():
            for code in medicine.coded:
                self._medicines.setdefault(code, []).append(name)
            for written in (medicine.says, *medicine.synonyms):
                self._names.setdefault(written.lower(), []).append(name)
        self._exact: dict[tuple[str, Code], list[str]] = {}
        self._trees: list[tuple[str, Code, str]] = []
        for name, term in terms.items():
            kind = "observation" if term.kind == "finding" else term.kind
            for code in term.coded:
                if code.system == "ICD10CM":
                    self._trees.append((kind, code, name))
                else:
                    self._exact.setdefault((kind, code), []).append(name)

    def terms_of(self, kind: Kind, concept: Element | None) -> tuple[str, ...]:
        """Give the terms that a coded concept stands for.

        Parameters
        ----------
        kind : {'observation', 'condition'}
            Terms of which kind.
        concept : Element or None
            A FHIR CodeableConcept; any of its codings may match.

        Returns
        -------
        tuple of str
            Names of terms, each once; empty when none matches.
        """
        names: dict[str, None] = {}
        for code in codes_of(concept):
            names.update(dict.fromkeys(self._exact.get((kind, code), ())))
            if code.system == "ICD10CM":
                below = (
                    name
                    for of_kind, tree, name in self._trees
                    if of_kind == kind and tree.covers(code)
                )
                names.update(dict.fromkeys(below))
        return tuple(names)

    def medicines_of(self, concept: Element | None) -> tuple[str, ...]:
        """Give the medicines that a coded concept stands for.

        Parameters
        ----------
        concept : Element or None
            A FHIR CodeableConcept: by its codes, else by a name with which its words begin, for
            agents under investigation have no code.

        Returns
        -------
        tuple of str
            Names of medicines, each once; empty when none matches. Of names of which one begins
            another, the longest counts.

        Raises
        ------
        Refusal
            If a coding has another form.
        """
        codes = codes_of(concept)
        named = [name for code in codes for name in self._medicines.get(code, ())]
        if named or concept is None:
            return tuple(dict.fromkeys(named))
        shown = (concept.text("text"), *(each.text("display") for each in concept.inners("coding")))
        found = {
            name for text in shown for name in self._names if text and _begins(text.lower(), name)
        }
        if not found:
            return ()
        return tuple(self._names[max(found, key=len)])


def _begins(text: str, name: str) -> bool:
    """Say whether words begin with a name, whole."""
    return text.startswith(name) and (len(text) == len(name) or bool(_NAME.match(text[len(name)])))


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
