"""Which concepts of OMOP stand for the terms and medicines of a protocol.

By the site's own vocabulary tables: a concept stands for a term by its vocabulary and code, or by
what the tables say of such concepts (`omop_hierarchy`). A row is found by its standard concept and
by its source concept alike. A row of which nobody can tell what it stands for leaves in doubt what
it may be: silence about that is no absence.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from trialwright.protocol.study import Study
from trialwright.terms.answers import ANSWERS, DENIED, SCORES
from trialwright.terms.codes import Code
from trialwright.terms.errors import Refusal
from trialwright.terms.intents import INTENTS, Intent
from trialwright.terms.omop import LOCAL_ROUTES, VOCABULARIES
from trialwright.terms.units import ucum

Concept = tuple[int, str, str]
"""concept_id, vocabulary_id and concept_code of a row of the table `concept`."""


UNMAPPED, UNMAPPED_PROCEDURE, RELATIVE, HISTORY_OF = 0, -1, -2, 2**40
"""Keys of `Meanings.doubts`: a row without a concept, such a procedure, a relative's condition that
nobody named, and what is added to the concept of something in the past."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look up in the table `concept`.

    Attributes
    ----------
    codes : frozenset of (str, str)
        vocabulary_id and concept_code.
    categories : frozenset of str
        Beginnings of ICD-10-CM codes below which everything is wanted, e.g. `C50`.
    """

    codes: frozenset[tuple[str, str]]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What concept ids stand for, at one site.

    Attributes
    ----------
    terms : mapping of int to tuple of str
        Terms that are measured, found or diagnosed.
    medicines : mapping of int to tuple of str
        Medicines and treatments, by ingredient and everything below it.
    answers : mapping of int to str
        Words of coded answers.
    units : mapping of int to str
        Codes of UCUM as the site has them: `unit` reads those that are asked for.
    local_routes : frozenset of int
        Routes by which a medicine is applied locally.
    scores : mapping of int to int
        Scores of coded answers to terms that are scores.
    intents : mapping of int to Intent
        Settings that modify an episode of treatment.
    relatives : mapping of int to tuple of str
        Conditions that concepts mean where a family history gives them to a relative.
    denials : frozenset of int
        Answers that say that something is not so, or not surely.
    doubts : mapping of int to tuple of str
        Conditions that rows leave in doubt: by a concept that may stand for them, `UNMAPPED`,
        `UNMAPPED_PROCEDURE`, `RELATIVE`, or `HISTORY_OF` and the concept of the past.
    procedures : mapping of int to tuple of str
        Of `medicines`, what procedures stand for.
    local_products : frozenset of int
        Products that are applied locally, by their dose form.
    has_products : bool
        Whether the site tells of products which ingredients they hold.
    told : frozenset of int
        Source concepts of rows that a protocol can name.
    """

    terms: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    medicines: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    local_routes: frozenset[int] = frozenset()
    scores: Mapping[int, int] = field(default_factory=dict)
    intents: Mapping[int, Intent] = field(default_factory=dict)
    relatives: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    denials: frozenset[int] = frozenset()
    doubts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    procedures: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    local_products: frozenset[int] = frozenset()
    has_products: bool = True
    told: frozenset[int] = frozenset()

    @property
    def doubted_concepts(self) -> frozenset[int]:
        """Concepts that may stand for a condition."""
        return frozenset(each for each in self.doubts if 0 < each < HISTORY_OF)

    @property
    def named_sources(self) -> frozenset[int]:
        """Source concepts that say what a row is: it leaves nothing else in doubt."""
        return frozenset({*self.terms, *self.procedures, *self.told})

    def is_named(self, source: int) -> bool:
        """Say whether a source concept is one of `named_sources`.

        Parameters
        ----------
        source : int
            Of a row; 0: none.

        Returns
        -------
        bool
            Without making the set, for row after row.
        """
        return source in self.terms or source in self.procedures or source in self.told

    def unit(self, concept: int, written: str) -> str:
        """Give the unit of a result.

        Parameters
        ----------
        concept : int
            Its unit concept; 0: none.
        written : str
            Its unit as the source wrote it.

        Returns
        -------
        str
            UCUM, of the concept before the source; empty: neither can be read.
        """
        for each in filter(None, (self.units.get(concept), written)):
            with suppress(Refusal):
                return ucum(each)
        return ""


@dataclass(frozen=True, slots=True)
class SiteConcepts:
    """What one site's tables hold for a protocol.

    Attributes
    ----------
    meanings : Meanings
        What its concept ids stand for.
    units : mapping of str to frozenset of int
        For each term, the unit concepts with which its results are held there.
    """

    meanings: Meanings
    units: Mapping[str, frozenset[int]]


def wanted(study: Study) -> Wanted:
    """Say what to look up for a protocol.

    Parameters
    ----------
    study : Study
        Vocabulary and medicines.

    Returns
    -------
    Wanted
        Codes of terms, medicines, answers, settings and routes; every unit is wanted beside them.
    """
    vocabularies = {ours: theirs for theirs, ours in VOCABULARIES.items()}
    codes = {*ANSWERS, *SCORES, *INTENTS, *(Code("SNOMEDCT", code) for code in LOCAL_ROUTES)}
    for term in study.terms.values():
        codes.update(term.coded, term.coded_of_relatives)
    codes.update(code for each in study.medicines.values() for code in each.coded)
    return Wanted(
        frozenset(
            (vocabularies[each.system], each.code) for each in codes if each.system in vocabularies
        ),
        frozenset(each.code for each in codes if each.system == "ICD10CM"),
    )


def meanings(
    study: Study,
    concepts: Iterable[Concept],
    descendants: Iterable[tuple[int, int]] = (),
    named: Mapping[int, tuple[str, ...]] = {},
) -> Meanings:
    """Say what the concepts of a site stand for.

    Parameters
    ----------
    study : Study
        Vocabulary and medicines.
    concepts : iterable of (int, str, str)
        Rows of the table `concept`; those that nothing is known of are passed over.
    descendants : iterable of (int, int)
        Ancestor and descendant concept ids; of medicines, the products below an ingredient.
    named : mapping of int to tuple of str
        Medicines that concepts are by their name.

    Returns
    -------
    Meanings
        By concept id.
    """
    concepts = tuple(concepts)
    by_code, trees = _codes_of_terms(study)
    of_medicines: dict[Code, list[str]] = {}
    for name, medicine in study.medicines.items():
        for code in medicine.coded:
            of_medicines.setdefault(code, []).append(name)
    rows = [
        (concept_id, Code(VOCABULARIES.get(vocabulary, vocabulary), written))
        for concept_id, vocabulary, written in concepts
    ]
    terms: dict[int, list[str]] = {}
    medicines: dict[int, list[str]] = {}
    for concept_id, code in rows:
        held = terms.setdefault(concept_id, [])
        held += by_code.get(code, ())
        if code.system == "ICD10CM":
            held += [name for tree, name in trees if tree.covers(code)]
        medicines.setdefault(concept_id, []).extend(of_medicines.get(code, ()))
    for concept_id, name in _known_ids(study.terms):
        terms.setdefault(concept_id, []).append(name)
    for concept_id, name in _known_ids(study.medicines):
        medicines.setdefault(concept_id, []).append(name)
    for concept_id, names in named.items():
        medicines.setdefault(concept_id, []).extend(names)
    for ancestor, descendant in descendants:
        medicines.setdefault(descendant, []).extend(medicines.get(ancestor, ()))
    routes = {Code("SNOMEDCT", each) for each in LOCAL_ROUTES}
    of_terms = _each_once(terms)
    return Meanings(
        of_terms,
        _each_once(medicines),
        {concept_id: ANSWERS[code] for concept_id, code in rows if code in ANSWERS},
        {concept_id: code.code for concept_id, code in rows if code.system == "UCUM"},
        frozenset(concept_id for concept_id, code in rows if code in routes),
        {concept_id: SCORES[code] for concept_id, code in rows if code in SCORES},
        {concept_id: INTENTS[code] for concept_id, code in rows if code in INTENTS},
        _relatives(study, rows),
        frozenset(concept_id for concept_id, code in rows if ANSWERS.get(code) in DENIED),
        doubts(study, of_terms),
    )


def doubts(
    study: Study, terms: Mapping[int, tuple[str, ...]], perhaps: Mapping[int, tuple[str, ...]] = {}
) -> dict[int, tuple[str, ...]]:
    """Say which conditions rows leave in doubt.

    Parameters
    ----------
    study : Study
        Vocabulary.
    terms : mapping of int to tuple of str
        What concepts stand for.
    perhaps : mapping of int to tuple of str
        Conditions for which concepts may stand.

    Returns
    -------
    dict of int to tuple of str
        As `Meanings.doubts`.
    """
    conditions = tuple(name for name, term in study.terms.items() if term.kind == "condition")
    kept = {each: tuple(n for n in names if n in conditions) for each, names in terms.items()}
    past = {each: (*kept.get(each, ()), *perhaps.get(each, ())) for each in {*kept, *perhaps}}
    of_relatives = tuple(name for name in conditions if study.terms[name].relative_codes)
    return {
        **{HISTORY_OF + each: names for each, names in past.items() if names},
        **perhaps,
        UNMAPPED: conditions,
        HISTORY_OF: conditions,
        RELATIVE: of_relatives,
    }


def _relatives(study: Study, rows: Iterable[tuple[int, Code]]) -> dict[int, tuple[str, ...]]:
    """Give the conditions that concepts mean of a relative."""
    found: dict[int, list[str]] = {}
    for name, term in study.terms.items():
        for concept_id, code in rows:
            if any(code == each or each.covers(code) for each in term.coded_of_relatives):
                found.setdefault(concept_id, []).append(name)
    return _each_once(found)


def _codes_of_terms(study: Study) -> tuple[dict[Code, list[str]], list[tuple[Code, str]]]:
    """Give the terms by code, and the ICD-10-CM codes below which everything counts."""
    by_code: dict[Code, list[str]] = {}
    trees = []
    for name, term in study.terms.items():
        for code in term.coded:
            if code.system == "ICD10CM":
                trees.append((code, name))
            else:
                by_code.setdefault(code, []).append(name)
    return by_code, trees


def _known_ids(named: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Give the concept ids that the protocol itself knows."""
    for name, each in named.items():
        for concept_id in getattr(each, "omop", ()):
            yield concept_id, name


def _each_once(found: Mapping[int, list[str]]) -> dict[int, tuple[str, ...]]:
    """Give names each once; a concept that stands for nothing is left out."""
    return {concept: tuple(dict.fromkeys(names)) for concept, names in found.items() if names}
