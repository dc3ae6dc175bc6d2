"""Which concepts of a site stand for terms, medicines, answers and units."""

import pytest
from tests.intake import omop_site as site

from trialwright.assembly.protocols import shipped
from trialwright.protocol.omop_codes import meanings, wanted
from trialwright.protocol.vocabulary import Medicine, Term


@pytest.fixture(scope="module")
def study():
    """Give the shipped study with a small vocabulary."""
    terms = {
        "hemoglobin": Term(says="Hb", kind="observation", unit="g/dL", codes=("LOINC 718-7",)),
        "blood-count": Term(says="Count", kind="observation", codes=("LOINC 718-7",)),
        "breast-cancer": Term(
            says="Breast cancer", kind="condition", codes=("ICD10CM C50", "SNOMEDCT 254837009")
        ),
        "right-breast": Term(says="Right", kind="condition", codes=("ICD10CM C50.911",)),
        "known-by-id": Term(says="Known", kind="condition", omop=(77,)),
        "endocrine": Term(says="Endocrine", kind="treatment", members=("letrozole",)),
        "own": Term(says="Own", kind="finding", codes=("LOCAL own-1",)),
    }
    medicines = {
        "letrozole": Medicine(says="Letrozole", codes=("RXNORM 72965",)),
        "radiotherapy": Medicine(says="Radiotherapy", codes=("SNOMEDCT 108290001",), omop=(88,)),
    }
    named = shipped("nct03959891").study
    return named.model_copy(update={"terms": terms, "medicines": medicines})


@pytest.fixture(scope="module")
def found(study):
    """Give what the invented site's concepts stand for."""
    return meanings(study, site.CONCEPTS, site.DESCENDANTS)


def test_what_to_look_up_is_in_the_words_of_the_site(study):
    """RXNORM is RxNorm there, SNOMEDCT is SNOMED; ICD-10-CM codes are also beginnings."""
    sought = wanted(study)

    assert {("LOINC", "718-7"), ("RxNorm", "72965"), ("SNOMED", "254837009")} <= sought.codes
    assert ("Trialwright", "own-1") in sought.codes
    assert ("SNOMED", "10828004") in sought.codes  # the answer: positive
    assert ("SNOMED", "6064005") in sought.codes  # the route: topical
    assert ("LOINC", "LA9622-7") in sought.codes  # the score: ECOG 0
    assert sought.categories == {"C50", "C50.911"}


def test_a_code_of_two_terms_stands_for_both(found):
    """In the order of the vocabulary, each once."""
    assert found.terms[site.HEMOGLOBIN] == ("hemoglobin", "blood-count")


def test_a_code_counts_in_its_own_vocabulary_only(found):
    """The same characters in SNOMED CT are another concept."""
    assert 9999 not in found.terms


@pytest.mark.parametrize(
    ("concept", "names"),
    [
        (site.C50, ("breast-cancer",)),
        (site.C50_911, ("breast-cancer", "right-breast")),
        (site.C5, None),
        (site.BREAST_CANCER, ("breast-cancer",)),
    ],
)
def test_an_icd_code_covers_what_is_below_it(found, concept, names):
    """And nothing above it, nor what only begins alike."""
    assert found.terms.get(concept) == names


def test_ids_that_the_protocol_knows_need_no_row(found):
    """Neither of a term nor of a medicine."""
    assert (found.terms[77], found.medicines[88]) == (("known-by-id",), ("radiotherapy",))


def test_products_stand_for_their_ingredient(found):
    """An ancestor that stands for nothing gives nothing; an ingredient is named once."""
    assert found.medicines[site.LETROZOLE_TABLET] == ("letrozole",)
    assert found.medicines[site.LETROZOLE] == ("letrozole",)
    assert not {4, 5} & set(found.medicines)


def test_a_set_of_medicines_is_no_term_of_a_row(found):
    """Rows name medicines; the set is made of them later."""
    assert "endocrine" not in {name for names in found.terms.values() for name in names}


def test_answers_units_and_routes_are_read_by_code(found):
    """A route by mouth is left out."""
    assert found.answers == {
        site.POSITIVE: "positive",
        site.NEGATIVE: "negative",
        site.EQUIVOCAL: "equivocal",
        site.STABLE: "stable",
        site.UNDETERMINED: "indeterminate",
        site.NOT_DETECTED: "negative",
    }
    assert found.scores == dict(zip(site.ECOG_ANSWERS, range(6), strict=True))
    assert found.local_routes == {site.TOPICAL}


@pytest.mark.parametrize(
    ("concept", "written", "unit"),
    [
        (site.GRAM_PER_DL, "", "g/dL"),
        (site.PER_MM3, "g/dL", "/mm3"),  # the concept is believed before the source
        (8999, "mg/dL", "mg/dL"),  # `no unit at all`
        (0, "K/uL", "10*3/uL"),
        (0, "furlong", ""),
        (8999, "", ""),
    ],
)
def test_unit_is_read_of_the_concept_before_the_source(found, concept, written, unit):
    """A concept that cannot be read leaves what the source wrote."""
    assert found.unit(concept, written) == unit


def test_no_tables_leave_what_the_protocol_knows(study):
    """A site without vocabulary tables is read by the ids in the protocol."""
    found = meanings(study, [])

    assert dict(found.terms) == {77: ("known-by-id",)}
    assert dict(found.medicines) == {88: ("radiotherapy",)}
