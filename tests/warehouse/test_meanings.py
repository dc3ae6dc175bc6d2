"""What a site's concepts stand for, looked up in its own tables."""

from tests.warehouse.hospital import hospital

from trialwright.assembly.protocols import shipped
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.warehouse.meanings import read_meanings

STUDY = shipped("nct03959891").study.model_copy(
    update={
        "terms": {
            "hemoglobin": Term(says="Hemoglobin", kind="observation", unit="g/dL", omop=(5,),
                               codes=("LOINC 718-7",)),
            "breast-cancer": Term(says="Breast cancer", kind="condition", codes=("ICD10CM C50",)),
            "local": Term(says="Local", kind="condition", codes=("LOCAL 718-7",)),
        },
        "medicines": {
            "letrozole": Medicine(says="Letrozole", codes=("RXNORM 72965",), omop=(6,)),
        },
        "criteria": (),
    }
)  # fmt: skip


def concept(number, vocabulary, code):
    """Give a concept."""
    return {"concept_id": number, "vocabulary_id": vocabulary, "concept_code": code}


CONCEPTS = [
    concept(11, "LOINC", "718-7"),
    concept(12, "SNOMED", "718-7"),
    concept(13, "Trialwright", "718-7"),
    concept(14, "ICD10CM", "C50.911"),
    concept(15, "ICD10CM", "C50"),
    concept(16, "ICD10CM", "C5"),
    concept(17, "SNOMED", "C50.911"),
    concept(21, "RxNorm", "72965"),
    concept(22, "RxNorm", "a tablet of it"),
    concept(31, "UCUM", "g/dL"),
    concept(32, "UCUM", "no unit"),
    concept(41, "SNOMED", "260385009"),
    concept(51, "SNOMED", "6064005"),
]
PAIRS = [(21, 21), (21, 22), (6, 23), (99, 24)]


def tables(**more):
    """Give the tables of the site."""
    pairs = [{"ancestor_concept_id": one, "descendant_concept_id": two} for one, two in PAIRS]
    return dict(hospital({"concept": CONCEPTS, "concept_ancestor": pairs, **more}).tables)


def test_a_concept_stands_for_a_term_by_vocabulary_and_code():
    """The same code of another vocabulary stands for nothing; ICD-10-CM covers what is below."""
    found = read_meanings(tables(), STUDY)

    assert found.terms == {
        5: ("hemoglobin",), 11: ("hemoglobin",), 13: ("local",), 14: ("breast-cancer",),
        15: ("breast-cancer",),
    }  # fmt: skip
    assert (found.unit(31, ""), found.unit(32, "")) == ("g/dL", "")
    assert found.answers == {41: "negative"}
    assert found.local_routes == {51}


def test_a_medicine_is_its_ingredient_and_every_product_below_it():
    """Below an id that the protocol itself knows, too; not below a stranger."""
    found = read_meanings(tables(), STUDY)

    assert found.medicines == {6: ("letrozole",), 21: ("letrozole",), 22: ("letrozole",),
                               23: ("letrozole",)}  # fmt: skip


def test_a_site_without_ancestors_has_ingredients_alone():
    """The table is optional."""
    site = tables()
    del site["concept_ancestor"]

    assert set(read_meanings(site, STUDY).medicines) == {6, 21}
