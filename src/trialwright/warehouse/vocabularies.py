"""What a site's vocabulary tables tell: names of medicines, products, hierarchy and mappings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.omop_hierarchy import Vocabulary, conditions_of, mapped_names
from trialwright.protocol.study import Study
from trialwright.terms.omop import HISTORY, VOCABULARIES
from trialwright.warehouse.arrow import column_of, table_of
from trialwright.warehouse.cells import column, whole
from trialwright.warehouse.columns import among
from trialwright.warehouse.recorded import rows_of

Tables = Mapping[str, Any]
"""Tables of OMOP by name."""

_DRUGS = ("RxNorm", "RxNorm Extension", "HemOnc")
"""Vocabularies that name a medicine as a protocol does."""

_LOCAL_FORMS = ("topical", "shampoo", "ophthalmic", "otic", "vaginal")
"""Words of dose forms that are applied locally, in the names of products of RxNorm."""


@dataclass(frozen=True, slots=True)
class Products:
    """Products of medicines.

    Attributes
    ----------
    pairs : sequence of (int, int)
        Ingredient and product.
    local : frozenset of int
        Products that are applied locally.
    """

    pairs: Sequence[tuple[int, int]]
    local: frozenset[int]


def named_medicines(tables: Tables, study: Study) -> dict[int, tuple[str, ...]]:
    """Look up medicines by their names: those of trials often have no code that a protocol knows.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept`.
    study : Study
        Its medicines, with their synonyms.

    Returns
    -------
    dict of int to tuple of str
        By concept id.
    """
    concept = tables["concept"]
    if "concept_name" not in concept.columns:
        return {}
    names: dict[str, list[str]] = defaultdict(list)
    for name, medicine in study.medicines.items():
        for each in (medicine.says, *medicine.synonyms, *medicine.doubtful_names):
            names[each.lower()].append(name)
    lowered = concept.select(
        "concept_id", "vocabulary_id", written=concept.concept_name.lower().cast("string")
    )
    is_one = lowered.vocabulary_id.isin(_DRUGS) & lowered.written.isin(sorted(names))
    return {
        int(each["concept_id"]): tuple(names[each["written"]])
        for each in rows_of(lowered.filter(is_one))
    }


def below_ingredients(tables: Tables, ingredients: Iterable[int]) -> Products | None:
    """Look up the products of ingredients, by the hierarchy or else by their strengths.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept_ancestor`, or `drug_strength`; and `concept`.
    ingredients : iterable of int
        Concept ids.

    Returns
    -------
    Products or None
        None where no table tells them: nobody knows what is in a product.
    """
    if "concept_ancestor" in tables:
        pairs = tables["concept_ancestor"].select(
            ingredient="ancestor_concept_id", product="descendant_concept_id"
        )
    elif "drug_strength" in tables:
        pairs = tables["drug_strength"].select(
            ingredient="ingredient_concept_id", product="drug_concept_id"
        )
    else:
        return None
    wanted = sorted(ingredients)
    if not wanted:
        return Products((), frozenset())
    pairs = pairs.filter(pairs.ingredient.isin(wanted) & (pairs.ingredient != pairs.product))
    found = [(int(each["ingredient"]), int(each["product"])) for each in rows_of(pairs)]
    concept = tables["concept"]
    if "concept_name" not in concept.columns:
        return Products(found, frozenset())
    written = concept.select(product="concept_id", written=concept.concept_name.lower())
    forms = written.semi_join(pairs, "product")
    is_local = {
        int(each["product"])
        for each in rows_of(forms)
        if any(word in str(each["written"]).split() for word in _LOCAL_FORMS)
    }
    return Products(found, frozenset(is_local))


def told_by_source(tables: Tables) -> frozenset[int]:
    """Look up the source concepts of rows that a protocol can name.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept`, and the tables of rows that are there.

    Returns
    -------
    frozenset of int
        Concept ids.
    """
    concept = tables["concept"]
    readable = concept.filter(concept.vocabulary_id.isin(sorted(VOCABULARIES)))
    readable = readable.select(source="concept_id")
    told = []
    for name, prefix in _SOURCED.items():
        if name in tables and f"{prefix}_source_concept_id" in tables[name].columns:
            rows = tables[name]
            source = whole(rows, f"{prefix}_source_concept_id")
            told.append(rows.filter(source != 0).select(source=source).distinct())
    if not told:
        return frozenset()
    read = ibis.union(*told, distinct=False).semi_join(readable, "source").distinct()
    return frozenset(int(each["source"]) for each in rows_of(read))


_SOURCED = {
    "condition_occurrence": "condition",
    "procedure_occurrence": "procedure",
    "observation": "observation",
}
"""Tables of rows that may have a source concept alone, and how their columns begin."""


def mapped_onto(tables: Tables, standard: Iterable[int]) -> list[tuple[int, int]]:
    """Look up the concepts of rows that are mapped to others.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept_relationship` where the site has it, and the tables of rows that are there.
    standard : iterable of int
        Concepts that stand for something.

    Returns
    -------
    list of (int, int)
        Such a concept, and another of some row that is mapped to it.
    """
    if "concept_relationship" not in tables:
        return []
    table = tables["concept_relationship"]
    mapped = table.filter(
        (table.relationship_id == "Maps to") & (table.concept_id_1 != table.concept_id_2)
    )
    wanted = table_of({"target": column_of(sorted(standard), pa.int64())})
    pairs = mapped.select(
        other=column(mapped, "concept_id_1", "int64"),
        target=column(mapped, "concept_id_2", "int64"),
    ).semi_join(wanted, "target")
    held = [
        tables[name].select(other=whole(tables[name], f"{prefix}{each}")).distinct()
        for name, prefix in (*_SOURCED.items(), ("drug_exposure", "drug"))
        if name in tables
        for each in ("_concept_id", "_source_concept_id")
    ]
    if "observation" in tables:
        seen = tables["observation"]
        past = seen.filter(among(whole(seen, "observation_concept_id"), HISTORY))
        held.append(past.select(other=whole(past, "value_as_concept_id")).distinct())
    if not held:
        return []
    found = rows_of(pairs.semi_join(ibis.union(*held, distinct=False), "other").distinct())
    return sorted((int(each["target"]), int(each["other"])) for each in found)


def site_vocabulary(tables: Tables, study: Study, found: Meanings) -> Vocabulary:
    """Look up the concepts below and beside those of conditions.

    Parameters
    ----------
    tables : mapping of str to ibis table
        `concept`; `concept_ancestor` and `concept_relationship` where the site has them.
    study : Study
        Vocabulary.
    found : Meanings
        By code.

    Returns
    -------
    Vocabulary
        What is there of it.
    """
    known = conditions_of(study, found)
    mapped, sources = _mappings(tables, known)
    site = Vocabulary(mapped=mapped, sources=sources)
    by_code, _ = mapped_names(study, known, site)
    below = _below(tables, {*known, *by_code})
    held = {*known, *by_code, *found.medicines}
    return Vocabulary(below, mapped, sources, _procedures(tables, held))


def _below(tables: Tables, above: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Give what lies below concepts."""
    if "concept_ancestor" not in tables or not (wanted := sorted(above)):
        return frozenset()
    pairs = tables["concept_ancestor"].select("ancestor_concept_id", "descendant_concept_id")
    found = rows_of(pairs.filter(pairs.ancestor_concept_id.isin(wanted)))
    return frozenset(
        (int(each["ancestor_concept_id"]), int(each["descendant_concept_id"])) for each in found
    )


def _mappings(
    tables: Tables, known: Mapping[int, object]
) -> tuple[dict[int, frozenset[int]], dict[int, frozenset[int]]]:
    """Give to what codes are mapped, and which codes of ICD-10-CM are mapped to that."""
    if "concept_relationship" not in tables or not known:
        return {}, {}
    table = tables["concept_relationship"]
    table = table.filter(
        (table.relationship_id == "Maps to") & (table.concept_id_1 != table.concept_id_2)
    )
    pairs = table.select(code="concept_id_1", target="concept_id_2")
    mapped: dict[int, set[int]] = defaultdict(set)
    for each in rows_of(pairs.filter(pairs.code.isin(sorted(known)))):
        mapped[int(each["code"])].add(int(each["target"]))
    targets = sorted({each for some in mapped.values() for each in some})
    sources: dict[int, set[int]] = defaultdict(set)
    if targets:
        concept = tables["concept"]
        codes = concept.filter(concept.vocabulary_id == "ICD10CM").select(code="concept_id")
        beside = pairs.filter(pairs.target.isin(targets)).semi_join(codes, "code")
        for each in rows_of(beside):
            sources[int(each["target"])].add(int(each["code"]))
    return (
        {each: frozenset(some) for each, some in mapped.items()},
        {each: frozenset(some) for each, some in sources.items()},
    )


def _procedures(tables: Tables, held: Iterable[int]) -> frozenset[int]:
    """Give which concepts are procedures."""
    concept = tables["concept"]
    if "domain_id" not in concept.columns:
        return frozenset()
    is_one = (concept.domain_id == "Procedure") & concept.concept_id.isin(sorted(held))
    return frozenset(
        int(each["concept_id"]) for each in rows_of(concept.filter(is_one).select("concept_id"))
    )
