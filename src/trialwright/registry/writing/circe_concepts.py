"""Concept sets of an OHDSI cohort: the codes of a protocol's terms and of their medicines."""

from collections.abc import Iterator, Mapping
from typing import Any

from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Medicine, Term

Plain = dict[str, Any]

VOCABULARIES: Mapping[str, str] = {
    "LOINC": "LOINC",
    "SNOMEDCT": "SNOMED",
    "RXNORM": "RxNorm",
    "ICD10CM": "ICD10CM",
}
"""OMOP's name of each code system; what is local to a site has none."""

NO_CONCEPT = 0
"""Concept id of a code whose concept the protocol does not know."""


class ConceptSets:
    """The concept sets that a cohort uses, each numbered when it is first asked for.

    Parameters
    ----------
    study : Study
        Whose vocabulary it is.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._numbers: dict[str, int] = {}
        self._items: dict[str, list[Plain]] = {}

    def number_of(self, name: str) -> int | None:
        """Give the number of the concept set of a term.

        Parameters
        ----------
        name : str
            Name of the term.

        Returns
        -------
        int or None
            None when neither the term nor a medicine of it has a code that OMOP knows.
        """
        if name not in self._items:
            self._items[name] = list(_items(self._study.terms[name], self._study.medicines))
        if not self._items[name]:
            return None
        return self._numbers.setdefault(name, len(self._numbers))

    def uncoded(self, name: str) -> tuple[str, ...]:
        """Give the members of a set of medicines that have no code that OMOP knows.

        Parameters
        ----------
        name : str
            Name of the term.

        Returns
        -------
        tuple of str
            Names of medicines, in the order of the term.
        """
        members = self._study.terms[name].members
        return tuple(each for each in members if not list(_items_of(self._study.medicines[each])))

    def has_procedures(self, name: str) -> bool:
        """Say whether a set of treatments holds some that are no medicines.

        Parameters
        ----------
        name : str
            Name of the term.

        Returns
        -------
        bool
            True if a member has a SNOMED CT code, as radiotherapy has.
        """
        medicines = self._study.medicines
        codes = (code for each in self._study.terms[name].members for code in medicines[each].codes)
        return any(code.startswith("SNOMEDCT ") for code in codes)

    def written(self) -> list[Plain]:
        """Give the concept sets in the order of their numbers.

        Returns
        -------
        list of dict
            As Circe writes them.
        """
        return [
            {
                "id": number,
                "name": self._study.terms[name].says,
                "expression": {"items": self._items[name]},
            }
            for name, number in self._numbers.items()
        ]

    def to_be_looked_up(self) -> int:
        """Count the concepts that are named by code alone.

        Returns
        -------
        int
            How many different ones.
        """
        codes = {
            (item["concept"]["VOCABULARY_ID"], item["concept"]["CONCEPT_CODE"])
            for name in self._numbers
            for item in self._items[name]
            if item["concept"]["CONCEPT_ID"] == NO_CONCEPT
        }
        return len(codes)


def _items(term: Term, medicines: Mapping[str, Medicine]) -> Iterator[Plain]:
    """Give the concepts of a term, and of the medicines that are its members."""
    yield from _items_of(term)
    for member in term.members:
        yield from _items_of(medicines[member])


def _items_of(coded: Term | Medicine) -> Iterator[Plain]:
    """Give concepts by id; by code only where no id is known."""
    known = [each for each in coded.coded if each.system in VOCABULARIES]
    is_pair = len(coded.omop) == len(known) == 1
    for concept_id in coded.omop:
        beside = (
            {"CONCEPT_CODE": known[0].code, "VOCABULARY_ID": VOCABULARIES[known[0].system]}
            if is_pair
            else {}
        )
        yield _item({"CONCEPT_ID": concept_id, "CONCEPT_NAME": coded.says, **beside})
    if coded.omop:
        return
    for code in known:
        yield _item(
            {
                "CONCEPT_ID": NO_CONCEPT,
                "CONCEPT_NAME": coded.says,
                "CONCEPT_CODE": code.code,
                "VOCABULARY_ID": VOCABULARIES[code.system],
            }
        )


def _item(concept: Plain) -> Plain:
    """Give a concept with those below it."""
    return {
        "concept": concept,
        "isExcluded": False,
        "includeDescendants": True,
        "includeMapped": False,
    }
