"""FHIR records of disease, written from the protocol's page before the reader was looked at."""

import io
import json
from dataclasses import replace

import pytest
from tests.eligibility.casebooks import said
from tests.eligibility.fhir_records import ANCHORS, AS_OF, BASE, COMPLETE, coded, ill, judge_of, lab

from trialwright.eligibility.screening import screen_arms
from trialwright.intake.bundle import read_bundle

COMPLETED = {"answers": (COMPLETE,)}
RELATED = "http://hl7.org/fhir/StructureDefinition/condition-related"


@pytest.fixture(scope="module")
def judged(shipped):
    """Give the word of a criterion for a record."""
    return judge_of(shipped)


@pytest.fixture(scope="module")
def screened(shipped):
    """Give word and overall answer for a bundle with more at its top."""

    def of(criterion, resources, answers=(), **more):
        her = {"resourceType": "Patient", "id": "her", "gender": "female",
               "birthDate": "1956-01-01"}  # fmt: skip
        entries = [{"fullUrl": f"{BASE}/{each['resourceType']}/{each['id']}", "resource": each}
                   for each in (her, *resources)]  # fmt: skip
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}
        stream = io.BytesIO(json.dumps(bundle).encode())
        casebook = read_bundle(stream, shipped.terms, "P-1", "", shipped.medicines).casebook
        casebook = replace(casebook, attestations=tuple(answers))
        screening = screen_arms(shipped, casebook, AS_OF, ANCHORS).screenings[0]
        return next(each for each in screening.verdicts if each.criterion == criterion)

    return of


def metastasis(of="bc", **more):
    """Give a bone metastasis of a cancer."""
    reference = {"url": RELATED, "valueReference": {"reference": f"Condition/{of}"}}
    return {**ill("icd C79.51"), "id": "bone", "extension": [reference], **more}


def test_a_cancer_that_stands_twice_keeps_its_metastases(screened):
    """A search may give one resource on two of its pages."""
    cancer = {**ill("icd C50.911"), "id": "bc"}
    for resources in ([cancer, cancer, metastasis()], [cancer, metastasis(), cancer]):
        assert screened("I02", resources).word == "met"
    colon = {**ill("icd C18.9"), "id": "bc"}
    assert screened("I02", [colon, colon, metastasis()]).word == "unknown"


def test_what_had_ended_when_the_bundle_was_put_together_ended_by_then(screened):
    """Without that day the end may lie after the day judged."""
    liver = {**ill("icd C78.7", clinical="resolved", since="2025-01-15"), "id": "liver"}
    ast = {**lab("1920-8", 150, "U/L"), "id": "ast",
           "referenceRange": [{"high": {"value": 40, "unit": "U/L"}}]}  # fmt: skip
    alt = {**ast, **lab("1742-6", 20, "U/L"), "id": "alt"}
    for told, word in (
        ({}, "unknown"),
        ({"timestamp": "2026-03-05T08:00:00-05:00"}, "not met"),
        ({"timestamp": "2026-03-20T08:00:00-05:00"}, "unknown"),
        ({"timestamp": "2024-03-05T08:00:00-05:00"}, "unknown"),
        ({"timestamp": "yesterday"}, "unknown"),
    ):
        assert screened("I14", [liver, ast, alt], **told).word == word
    going_on = {**ill("icd C78.7", since="2025-01-15"), "id": "liver"}
    day = {"timestamp": "2026-03-05T08:00:00-05:00"}
    assert screened("I14", [going_on, ast, alt], **day).word == "met"


def test_a_limit_without_a_unit_is_in_the_unit_of_its_result(judged):
    """As HL7 messages send them; one in another unit stays none."""
    for limit, word in (
        ({"value": 40}, "met"),
        ({"value": 7}, "not met"),
        ({"value": 40, "unit": "g/L"}, "unknown"),
    ):
        enzymes = (lab(code, 24, "U/L", referenceRange=[{"high": limit}])
                   for code in ("1920-8", "1742-6"))  # fmt: skip
        assert judged("I14", *enzymes, **COMPLETED) == word


def test_a_personal_history_is_treated_and_waits_for_the_approval_alone(screened):
    """Z85 is kept for what was eradicated; an active cancer is asked about as well."""
    history = {**ill("icd Z85.038", since="2015-04-01"), "id": "z"}
    colon = {**ill("icd C18.9", since="2015-04-01"), "id": "c"}
    approved = said("second-malignancy-approval", "yes", role="principal-investigator")
    assert screened("I09", [history], (COMPLETE, approved)).word == "met"
    assert screened("I09", [history, colon], (COMPLETE, approved)).word == "unknown"
    waiting = screened("I09", [history], (COMPLETE,))
    assert waiting.word == "unknown"
    assert "adequately treated" not in waiting.finding.because


def test_a_second_malignancy_is_known_by_snomed_ct_too(judged):
    """And metastases, which are coded beside it, are none."""
    for code, word in (("363406005", "unknown"), ("254701007", "unknown"), ("94222008", "met")):
        assert judged("I09", ill(f"snomed {code}"), **COMPLETED) == word
    assert judged("I09", ill("snomed 363406005", verified="refuted"), **COMPLETED) == "met"


def test_an_age_is_a_year_of_life_once_the_birth_is_known(judged):
    """Six months before registration are the first days of September 2025."""
    fine = (lab("8480-6", 120, "mm[Hg]"), lab("8867-4", 70, "/min"), lab("2823-3", 4, "mmol/L"),
            lab("19123-9", 2, "mg/dL"), lab("10230-1", 60, "%"))  # fmt: skip
    ecg = tuple(lab("76634-5", 420, "ms", on=f"2026-03-02T09:1{n}:00-05:00") for n in range(3))
    healthy = {"answers": (COMPLETE, said("cardiac-history", "no"), said("qt-risk", "no"))}
    for born, age, word in (
        ("1961-04-12", {"value": 58, "code": "a"}, "absent"),
        ("1961-04-12", {"value": 58, "unit": "years"}, "absent"),
        ("1961-04-12", {"value": 64, "code": "a"}, "unknown"),
        ("1961-11-20", {"value": 64, "code": "a"}, "unknown"),
        ("1961-03-01", {"value": 64, "code": "a"}, "unknown"),
        ("1960-06-01", {"value": 64, "code": "a"}, "absent"),
        ("1961-04-12", {"value": 58, "code": "a", "comparator": ">"}, "unknown"),
        ("1961-04-12", {"value": 58, "code": "mo"}, "unknown"),
        ("1961-04-12", {"value": 58.5, "code": "a"}, "unknown"),
    ):
        infarction = ill("icd I21.4", clinical="resolved", since=None, onsetAge=age)
        assert judged("E06", infarction, *fine, *ecg, born=born, **healthy) == word
    told = {"onsetAge": {"value": 64, "code": "a"}, "recordedDate": "2026-02-01"}
    infarction = ill("icd I21.4", clinical="resolved", since=None, **told)
    assert judged("E06", infarction, born="1961-11-20", **healthy) == "present"
    assert judged("E06", infarction, *fine, *ecg, born="1961-04-12", **healthy) == "unknown"


def test_an_end_by_age_is_an_end(judged):
    """A pregnancy of many years ago has ended."""
    for age, word in ((29, "absent"), (69, "absent"), (70, "unknown")):
        ended = {"abatementAge": {"value": age, "code": "a"}}
        pregnancy = ill("snomed 77386006", clinical="resolved", since="1980-01-01", **ended)
        assert judged("E11", pregnancy, **COMPLETED) == word
    ovaries = {"resourceType": "Procedure", "status": "completed", "id": "p",
               "subject": {"reference": "Patient/her"},
               "code": {"coding": [{"system": "http://snomed.info/sct", "code": "76876009"}]},
               "performedAge": {"value": 45, "code": "a"}}  # fmt: skip
    bone = ill("icd C79.51")
    assert judged("I02", ovaries, bone, born="1970-01-01") == "met"


def test_the_status_of_pregnancy_is_read(judged):
    """LOINC 82810-3 with an answer of SNOMED CT or of LOINC; the newest counts."""
    for answer, word in (
        ("snomed 77386006", "present"),
        ("loinc LA15173-0", "present"),
        ("snomed 60001007", "absent"),
        ("loinc LA26683-5", "absent"),
    ):
        status = lab("82810-3", valueCodeableConcept=coded(answer))
        assert judged("E11", status, **COMPLETED) == word
        older = lab("82810-3", on="2026-01-05", valueCodeableConcept=coded("snomed 77386006"))
        assert judged("E11", older, status, **COMPLETED) == word
    assert judged("E11", ill("icd Z34.90"), **COMPLETED) == "present"


def test_spellings_of_units_that_americans_write(judged):
    """Of counts by microlitre, and of a weight in pounds."""
    for unit in ("10^3/mcL", "x10(3)/mcL", "10*3/mcL"):
        for count, word in ((1, "met"), (0.9, "not met")):
            assert judged("I10", lab("751-8", count, unit, ucum="")) == word
    for weight, unit, word in ((110, "lbs", "not met"), (150, "lb", "met"), (50, "Kg", "not met")):
        found = (lab("2160-0", 2, "mg/dL"), lab("29463-7", weight, unit, ucum=""))
        assert judged("I15", *found, born="1961-04-12") == word
