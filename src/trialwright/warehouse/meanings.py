"""What the site's own concept ids stand for, looked up in its vocabulary tables."""

from collections.abc import Mapping
from typing import Any

import ibis

from trialwright.protocol.omop_codes import Meanings, SiteConcepts, meanings, wanted
from trialwright.protocol.study import Study
from trialwright.warehouse.recorded import rows_of


def read_meanings(tables: Mapping[str, Any], study: Study) -> Meanings:
    """Look up the codes of a protocol at a site.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept`, and `concept_ancestor` where the site has it.
    study : Study
        Vocabulary and medicines.

    Returns
    -------
    Meanings
        By concept id.
    """
    sought = wanted(study)
    concept = tables["concept"]
    codes = sorted({code for _, code in sought.codes})
    is_below = ibis.literal(False)  # noqa: FBT003
    for category in sorted({each[:3] for each in sought.categories}):
        is_below = is_below | concept.concept_code.startswith(category)
    is_wanted = (
        concept.concept_code.isin(codes)
        | ((concept.vocabulary_id == "ICD10CM") & is_below)
        | (concept.vocabulary_id == "UCUM")
    )
    found = concept.filter(is_wanted).select("concept_id", "vocabulary_id", "concept_code")
    rows = [
        (int(each["concept_id"]), each["vocabulary_id"], each["concept_code"])
        for each in rows_of(found)
    ]
    return meanings(study, rows, _descendants(tables, meanings(study, rows).medicines))


def not_found(tables: Mapping[str, Any], study: Study) -> tuple[str, ...]:
    """Say of which vocabularies a site has none of the codes of a protocol.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept`.
    study : Study
        Vocabulary and medicines.

    Returns
    -------
    tuple of str
        A sentence for each: what is recorded by such codes would pass for not recorded.
    """
    sought: dict[str, list[str]] = {}
    for vocabulary, code in sorted(wanted(study).codes):
        sought.setdefault(vocabulary, []).append(code)
    concept = tables["concept"]
    found = {
        each["vocabulary_id"]
        for each in rows_of(
            concept.filter(
                concept.vocabulary_id.isin(list(sought))
                & concept.concept_code.isin(sorted(set().union(*sought.values())))
            )
            .select("vocabulary_id")
            .distinct()
        )
    }
    return tuple(
        f"table concept has none of the {len(codes)} codes of {vocabulary} that are looked for: "
        "what is recorded by them is not found"
        for vocabulary, codes in sought.items()
        if vocabulary not in found
    )


def read_site(tables: Mapping[str, Any], study: Study) -> SiteConcepts:
    """Look up the codes of a protocol at a site, and in which units its results are held.

    Parameters
    ----------
    tables : mapping of str to ibis table
        As of `read_meanings`, and `measurement` and `observation` where the site has them.
    study : Study
        Vocabulary and medicines.

    Returns
    -------
    SiteConcepts
        Concepts and units.
    """
    found = read_meanings(tables, study)
    units: dict[str, set[int]] = {}
    for name in ("measurement", "observation"):
        if name not in tables:
            continue
        rows = tables[name]
        concepts = (rows[f"{name}_concept_id"], rows[f"{name}_source_concept_id"])
        for concept in concepts:
            held = rows.filter(concept.isin(sorted(found.terms)) & rows.unit_concept_id.notnull())
            pairs = held.select(concept=concept, unit=held.unit_concept_id).distinct()
            for each in rows_of(pairs):
                for term in found.terms[each["concept"]]:
                    units.setdefault(term, set()).add(each["unit"])
    return SiteConcepts(found, {term: frozenset(ids) for term, ids in units.items()})


def _descendants(tables: Mapping[str, Any], medicines: Mapping[int, Any]) -> list[tuple[int, int]]:
    """Give the products below the ingredients that stand for medicines."""
    if "concept_ancestor" not in tables or not medicines:
        return []
    pairs = tables["concept_ancestor"]
    pairs = pairs.filter(pairs.ancestor_concept_id.isin(sorted(medicines)))
    pairs = pairs.filter(pairs.ancestor_concept_id != pairs.descendant_concept_id)
    found = rows_of(pairs.select("ancestor_concept_id", "descendant_concept_id"))
    return [(each["ancestor_concept_id"], each["descendant_concept_id"]) for each in found]
