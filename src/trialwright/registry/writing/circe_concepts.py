"""Concept sets and units of an OHDSI cohort: by the codes of a protocol, or as a site has them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from trialwright.protocol.omop_codes import SiteConcepts
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.quantities import Quantity, comparable, is_score

Plain = dict[str, Any]

VOCABULARIES: Mapping[str, str] = {
    "LOINC": "LOINC",
    "SNOMEDCT": "SNOMED",
    "RXNORM": "RxNorm",
    "ICD10CM": "ICD10CM",
}
"""OMOP's name of each code system; what is local to a site has none."""

_SOURCE: Mapping[str, str] = {
    "ConditionOccurrence": "ConditionSourceConcept",
    "DrugExposure": "DrugSourceConcept",
    "Measurement": "MeasurementSourceConcept",
    "Observation": "ObservationSourceConcept",
    "ProcedureOccurrence": "ProcedureSourceConcept",
}
"""Where a criterion asks for the source concept of a record."""

NO_CONCEPT = 0
"""Concept id of a code whose concept the protocol does not know."""


class ConceptSets:
    """The concept sets that a cohort uses, each numbered when it is first asked for.

    Parameters
    ----------
    study : Study
        Whose vocabulary it is.
    site : SiteConcepts or None
        What a site's tables hold. Without them concepts are named by code.
    """

    def __init__(self, study: Study, site: SiteConcepts | None = None) -> None:
        self._study = study
        self._site = site
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
            None when neither the term nor a medicine of it has a code that OMOP knows, or that
            the site has.
        """
        if name not in self._items:
            term = self._study.terms[name]
            found = (
                _items(term, self._study.medicines)
                if self._site is None
                else _items_at(self._site, name, term)
            )
            self._items[name] = list(found)
        if not self._items[name]:
            return None
        return self._numbers.setdefault(name, len(self._numbers))

    @property
    def is_of_site(self) -> bool:
        """Whether concepts are those of a site, by id, in whichever column they stand."""
        return self._site is not None

    def asked(self, table: str, number: int, held: Plain | None = None) -> list[Plain]:
        """Ask for records of a concept set, at a site by its source concept as well.

        Parameters
        ----------
        table : str
            Kind of a criterion, e.g. `DrugExposure`.
        number : int
            Of the concept set.
        held : dict or None
            What else is asked of the record.

        Returns
        -------
        list of dict
            Any of these criteria.
        """
        asked = [{table: {"CodesetId": number, **(held or {})}}]
        if self.is_of_site:
            asked.append({table: {_SOURCE[table]: number, **(held or {})}})
        return asked

    def missing(self, name: str) -> str:
        """Say that no concept stands for a term.

        Parameters
        ----------
        name : str
            Name of the term.

        Returns
        -------
        str
            Why nothing can be asked of it.
        """
        return f"{name} has no code that {'the site' if self.is_of_site else 'OMOP'} knows"

    def units_of(self, unit: str, name: str) -> list[tuple[str, list[Plain]]]:
        """Give the units in which results of a term may stand, alike ones together.

        Parameters
        ----------
        unit : str
            UCUM unit of the rule.
        name : str
            Name of the term.

        Returns
        -------
        list of (str, list of dict)
            A UCUM unit, and the concepts of all units in which the same number means the same. A
            score needs no concept. Without a site it is the unit of the rule alone.
        """
        if is_score(unit):
            return [(unit, [])]
        if self._site is None:
            return [(unit, [_concept(NO_CONCEPT, unit)])]
        substance = self._study.terms[name].substance
        alike: dict[tuple[Fraction, ...], tuple[str, list[Plain]]] = {}
        for concept_id in sorted(self._site.units.get(name, ())):
            held = self._site.meanings.units.get(concept_id)
            if held is None or not comparable(held, unit, substance):
                continue
            ends = [Quantity(Decimal(n), held).exact_in(unit, substance) for n in (0, 1)]
            _, concepts = alike.setdefault(tuple(ends), (held, []))
            concepts.append(_concept(concept_id, held))
        return list(alike.values())

    def substance_of(self, name: str) -> str:
        """Give the name under which mass and amount of a term convert.

        Parameters
        ----------
        name : str
            Name of the term.

        Returns
        -------
        str
            Empty for none.
        """
        return self._study.terms[name].substance

    @property
    def scores(self) -> Mapping[int, int]:
        """The scores of the site's coded answers, by concept id."""
        return {} if self._site is None else self._site.meanings.scores

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

    def keep_used(self, rules: list[Plain]) -> list[Plain]:
        """Keep the concept sets that rules ask for; parts of some were left out after they asked.

        Parameters
        ----------
        rules : list of dict
            Inclusion rules.

        Returns
        -------
        list of dict
            The same rules, with the numbers that the sets which are kept have now.
        """
        used = set(_numbers(rules))
        kept = [name for name, number in self._numbers.items() if number in used]
        anew = {self._numbers[name]: place for place, name in enumerate(kept)}
        self._numbers = {name: place for place, name in enumerate(kept)}
        return [{key: _renumbered(value, anew) for key, value in each.items()} for each in rules]

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


_ASKS = frozenset({"CodesetId", *_SOURCE.values()})
"""Names under which a criterion asks for a concept set by its number."""


def _numbers(part: Any) -> Iterator[int]:
    """Give the numbers of the concept sets that a part of a cohort asks for."""
    if isinstance(part, list):
        for each in part:
            yield from _numbers(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in _ASKS:
                yield value
            else:
                yield from _numbers(value)


def _renumbered(part: Any, anew: Mapping[int, int]) -> Any:
    """Write a part of a cohort with other numbers of concept sets."""
    if isinstance(part, list):
        return [_renumbered(each, anew) for each in part]
    if isinstance(part, dict):
        return {
            name: anew[value] if name in _ASKS else _renumbered(value, anew)
            for name, value in part.items()
        }
    return part


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


def _items_at(site: SiteConcepts, name: str, term: Term) -> Iterator[Plain]:
    """Give the concepts that stand for a term at a site; products of its medicines among them."""
    stand_for = site.meanings.medicines if term.members else site.meanings.terms
    wanted = {name} if not term.members else set(term.members)
    for concept_id, named in sorted(stand_for.items()):
        if not wanted.isdisjoint(named):
            yield _item({"CONCEPT_ID": concept_id, "CONCEPT_NAME": term.says}, is_tree=False)


def _concept(concept_id: int, unit: str) -> Plain:
    """Give the concept of a unit."""
    return {"CONCEPT_ID": concept_id, "CONCEPT_CODE": unit, "VOCABULARY_ID": "UCUM"}


def _item(concept: Plain, *, is_tree: bool = True) -> Plain:
    """Give a concept, with those below it unless they are listed themselves."""
    return {
        "concept": concept,
        "isExcluded": False,
        "includeDescendants": is_tree,
        "includeMapped": False,
    }
