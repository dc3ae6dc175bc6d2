"""What the site's own concept ids stand for, looked up in its vocabulary tables."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ibis

from trialwright.protocol.omop_codes import Meanings, SiteConcepts, meanings, wanted
from trialwright.protocol.omop_hierarchy import with_mapped, with_vocabulary
from trialwright.protocol.study import Study
from trialwright.warehouse.recorded import rows_of
from trialwright.warehouse.vocabularies import (
    below_ingredients,
    mapped_onto,
    named_medicines,
    site_vocabulary,
    told_by_source,
)


def read_meanings(tables: Mapping[str, Any], study: Study) -> Meanings:
    """Look up the codes of a protocol at a site.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept`; `concept_ancestor`, `concept_relationship` and `drug_strength` where the site
        has them.
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
    looked_up = concept.filter(is_wanted).select("concept_id", "vocabulary_id", "concept_code")
    rows = [
        (int(each["concept_id"]), each["vocabulary_id"], each["concept_code"])
        for each in rows_of(looked_up)
    ]
    by_name = named_medicines(tables, study)
    ingredients = meanings(study, rows, named=by_name).medicines
    products = below_ingredients(tables, ingredients)
    pairs = () if products is None else products.pairs
    by_code = replace(
        meanings(study, rows, pairs, by_name),
        local_products=frozenset() if products is None else products.local,
        has_products=products is not None,
        told=told_by_source(tables),
    )
    found = with_vocabulary(study, by_code, site_vocabulary(tables, study, by_code))
    standing = {*found.terms, *found.medicines, *found.doubted_concepts}
    return with_mapped(study, found, mapped_onto(tables, standing))


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
