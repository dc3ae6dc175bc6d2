"""Scores that are recorded as answer codes: one ECOG in FHIR, in OMOP, and in a warehouse."""

import io
import json
from decimal import Decimal

import pytest
from tests.warehouse.hospital import DAY, MET, NOT_MET, UNKNOWN, answers, before

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds.observation import judge
from trialwright.intake.bundle import read_bundle
from trialwright.intake.omop import read_person
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.omop_codes import meanings
from trialwright.protocol.vocabulary import Plausible, Term

ECOG = Term(
    says="ECOG",
    kind="observation",
    unit="{score}",
    codes=("LOINC 89247-1",),
    plausible=Plausible(at_least=Decimal(0), at_most=Decimal(5)),
)
HEMOGLOBIN = Term(says="Hemoglobin", kind="observation", unit="g/dL", codes=("LOINC 718-7",))
TERMS = {"ecog": ECOG, "hemoglobin": HEMOGLOBIN}
CODES = ("LA9622-7", "LA9623-5", "LA9624-3", "LA9625-0", "LA9626-8", "LA9627-6")
"""LOINC's answers to 89247-1: ECOG 0 to 5."""

CONCEPTS = [(1, "LOINC", "89247-1"), (2, "LOINC", "718-7"), (3, "LOINC", "LA6577-6")]
CONCEPTS += [(10 + score, "LOINC", code) for score, code in enumerate(CODES)]
SITE = [
    dict(zip(("concept_id", "vocabulary_id", "concept_code"), each, strict=True))
    for each in CONCEPTS
]
RULE = ObservationRule(
    kind="observation", fact="ecog", at_least=Decimal(0), at_most=Decimal(2), unit="{score}"
)


def result(row_id, person_id, answer, days=0, concept=1, **columns):
    """Give a measurement with a coded answer; ECOG unless said otherwise."""
    return {
        "measurement_id": row_id, "person_id": person_id, "measurement_concept_id": concept,
        "measurement_date": before(days), "value_as_concept_id": answer,
    } | columns  # fmt: skip


def of_fhir(code):
    """Judge an Observation with an answer code."""
    subject = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1961-09-23"}
    ecog = {
        "resourceType": "Observation", "id": "o", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "89247-1"}]},
        "subject": {"reference": "Patient/p"}, "effectiveDateTime": DAY.isoformat(),
        "valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": code}]},
    }  # fmt: skip
    entries = [{"resource": each} for each in (subject, ecog)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    stream = io.BytesIO(json.dumps(bundle).encode())
    return found_of(read_bundle(stream, TERMS, "P-1").casebook)


def of_omop(*rows):
    """Judge rows of one person, one at a time."""
    study = shipped("nct03959891").study.model_copy(update={"terms": TERMS, "medicines": {}})
    person = {"person_id": 1, "gender_concept_id": 8532, "year_of_birth": 1970}
    tables = {"person": [person], "measurement": list(rows)}
    return found_of(read_person(tables, study, meanings(study, CONCEPTS), "1").casebook)


def found_of(casebook):
    """Judge a casebook."""
    return judge(RULE, casebook, Context("A", DAY, {"registration": DAY}, "registration", TERMS))


NUMBERS = {"met": MET, "not met": NOT_MET, "unknown": UNKNOWN}


@pytest.mark.parametrize(("score", "expected"), list(enumerate(["met"] * 3 + ["not met"] * 3)))
def test_every_score_is_one_answer_wherever_it_is_recorded(score, expected):
    """0, 1 and 2 are allowed; FHIR, a row of OMOP and a warehouse say the same."""
    row = result(7, 1, 10 + score)

    by_fhir, by_omop = of_fhir(CODES[score]), of_omop(row)
    by_warehouse = answers(RULE, {"concept": SITE, "measurement": [row]}, TERMS)

    assert (by_fhir.answer, by_omop.answer) == (expected, expected)
    assert by_fhir.evidence[0].value == by_omop.evidence[0].value == f"{score} {{score}}"
    assert by_warehouse == {1: (NUMBERS[expected], "measurement/7")}


MIXED = {
    "a code after a number": ([(9, {"value_as_number": 3.0}), (0, {"answer": 11})], MET),
    "a number after a code": ([(9, {"answer": 11}), (0, {"value_as_number": 3.0})], NOT_MET),
    "a number beside its code": ([(0, {"value_as_number": 3.0, "answer": 11})], NOT_MET),
    "a word after a code": ([(9, {"answer": 11}), (0, {"answer": 3})], UNKNOWN),
    "no answer that is known": ([(9, {"answer": 11}), (0, {"answer": 777})], UNKNOWN),
    "one score twice on a day": ([(0, {"answer": 11}), (0, {"value_as_number": 1.0})], MET),
    "two scores on a day": ([(0, {"answer": 11}), (0, {"answer": 13})], UNKNOWN),
    "a score of hemoglobin": ([(0, {"answer": 11, "concept": 2})], UNKNOWN),
}
"""Days before and columns of the rows of a person, and what they come to."""


@pytest.mark.parametrize("name", MIXED)
def test_codes_numbers_and_words_of_one_score_stand_beside_each_other(name):
    """The newest counts in whatever form; what is no score is none."""
    drawn, expected = MIXED[name]
    rows = [
        result(number, 1, columns.pop("answer", None), days, **columns)
        for number, (days, columns) in enumerate((days, dict(each)) for days, each in drawn)
    ]

    by_omop = of_omop(*rows)
    [(by_warehouse, record)] = answers(RULE, {"concept": SITE, "measurement": rows}, TERMS).values()

    assert (NUMBERS[by_omop.answer], by_warehouse) == (expected, expected)
    assert record == (by_omop.evidence[0].source.place if by_omop.evidence else None)
