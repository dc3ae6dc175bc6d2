"""Codes of the protocol, looked up from the side of the record: which term a code stands for."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from trialwright.intake.codings import codes_of
from trialwright.intake.elements import Element
from trialwright.intake.formulary import Formulary
from trialwright.intake.wording import Wording
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.codes import Code

CATEGORY = 3
"""Characters of a category of ICD-10-CM."""

Kind = Literal["observation", "condition", "relative", "site", "staging", "stage"]


class Codebook:
    """The codes of a protocol's vocabulary, looked up from the side of the record.

    Attributes
    ----------
    terms : mapping of str to Term
        The vocabulary.
    formulary : Formulary
        The protocol's medicines.
    wording : Wording
        Names of the terms in the words of records.
    primaries : dict of str to str
        The cancer of which each metastasis must be one.
    conditions : frozenset of str
        Terms that are conditions, and have a code.
    sited : frozenset of str
        Those that a body site tells: metastases to a place.
    """

    def __init__(
        self, terms: Mapping[str, Term], medicines: Mapping[str, Medicine] | None = None
    ) -> None:
        self.terms = terms
        self.primaries = {name: term.primary for name, term in terms.items() if term.primary}
        self.formulary = Formulary(medicines or {})
        self.wording = Wording(terms)
        self._exact: dict[tuple[str, Code], list[str]] = {}
        self._trees: list[tuple[str, Code, str]] = []
        for name, term in terms.items():
            kind = "observation" if term.kind == "finding" else term.kind
            self._add(kind, term.coded, name)
            self._add("relative", term.coded_of_relatives, name)
            self._add("site", term.coded_of_sites, name)
            self._add("staging", term.coded_of_stagings, name)
            self._add("stage", term.coded_of_stages, name)
        self.conditions = frozenset(
            name for name, term in terms.items() if term.kind == "condition" and term.codes
        )
        self.sited = frozenset(name for name, term in terms.items() if term.coded_of_sites)
        treatments = {code.code for each in (medicines or {}).values() for code in each.coded}
        self._codes = frozenset(code.code for _, code in self._exact) | treatments
        self._categories = frozenset(code.code[:CATEGORY].upper() for _, code, _ in self._trees)

    def _add(self, kind: str, codes: Iterable[Code], name: str) -> None:
        """Note the codes of a term."""
        for code in codes:
            if code.system == "ICD10CM":
                self._trees.append((kind, code, name))
            else:
                self._exact.setdefault((kind, code), []).append(name)

    def is_anywhere(self, names: Iterable[str]) -> bool:
        """Say whether terms tell a metastasis, and no place of it.

        Parameters
        ----------
        names : iterable of str
            Terms.

        Returns
        -------
        bool
            False where one of them is a metastasis to a place.
        """
        given = frozenset(names)
        return not given.isdisjoint(self.primaries) and given.isdisjoint(self.sited)

    def may_speak_of(self, content: Mapping[str, Any]) -> bool:
        """Say whether an Observation or Condition may hold a term, before it is read.

        Parameters
        ----------
        content : mapping of str to Any
            The resource.

        Returns
        -------
        bool
            False only when it is of the usual form, none of its codes is of the vocabulary, in any
            system, and no name stands in its words.
        """
        try:
            parts = (content, *content.get("component", ()))
            codings = [coding for part in parts for coding in part["code"]["coding"]]
            codes = [coding["code"].strip() for coding in codings]
            shown = [part["code"].get("text", "") for part in parts]
            shown += [coding.get("display", "") for coding in codings]
            words = [text for text in shown if text]
            if not words or any(self.wording.may_name(text) for text in words):
                return True
        except (AttributeError, KeyError, TypeError):
            return True
        return any(
            code in self._codes or code[:CATEGORY].upper() in self._categories for code in codes
        )

    def terms_of(self, kind: Kind, concept: Element | None) -> tuple[str, ...]:
        """Give the terms that a coded concept stands for.

        Parameters
        ----------
        kind : {'observation', 'condition', 'relative', 'site', 'staging', 'stage'}
            Terms of which kind; `relative`: conditions of a relative; `site`: metastases of a body
            site; `staging`, `stage`: metastases that a stage, and its value, may tell.
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
