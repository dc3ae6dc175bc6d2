"""FHIR records that could not be read, beside others that were: what is left out may decide."""

import io
import json

import pytest
from tests.eligibility.casebooks import said
from tests.eligibility.fhir_records import (
    A1C,
    ADJUVANT,
    ALT_FINE,
    AST,
    BREAST,
    CLARITHROMYCIN,
    COMPLETE,
    DONE,
    ECOG,
    HB,
    HER,
    LETROZOLE,
    NEGATIVE,
    POSITIVE,
    amount,
    coded,
    drug,
    given,
    high,
    ill,
    judge_of,
    lab,
)

from trialwright.intake.bundle import read_bundle

BEFORE = "2025-01-01"
BAD_DAY = "05/03/2026"
WEIGHT = lab("29463-7", 70, "kg")
TEST = "2118-8"


@pytest.fixture(scope="module")
def judged(shipped):
    """Give the word of a criterion for a record."""
    return judge_of(shipped)


def coded_result(code, answer, on):
    """Give a coded result."""
    return lab(code, valueCodeableConcept=coded(f"snomed {answer}"), on=on)


NEWER = {
    "hemoglobin": ("I11", lab(HB, 10, "g/dL", on=BEFORE), lab(HB, 7, "g/dL", on=BAD_DAY)),
    "performance": ("I04", lab(ECOG, 1, "{score}", on=BEFORE), lab(ECOG, 4, "{score}", on=None)),
    "multiple": ("I14", lab(AST, 20, "U/L", on=BEFORE, **high(40, "U/L")),
                 lab(AST, 400, "U/L", on=None, **high(40, "U/L"))),
    "clearance": ("I15", lab("2160-0", 0.8, "mg/dL", on=BEFORE),
                  lab("2160-0", 8, "mg/dL", on=None)),
    "finding": ("E11", coded_result(TEST, NEGATIVE, BEFORE), coded_result(TEST, POSITIVE, None)),
}  # fmt: skip
BESIDE = (BREAST, ALT_FINE, WEIGHT)


@pytest.mark.parametrize("name", NEWER)
def test_a_result_without_a_day_may_be_the_newest(judged, name):
    """An older one that was read does not decide in its place."""
    criterion, older, undated = NEWER[name]

    assert judged(criterion, *BESIDE, older, answers=(COMPLETE,)) in ("met", "absent")
    assert judged(criterion, *BESIDE, older, undated, answers=(COMPLETE,)) == "unknown"
    assert judged(criterion, *BESIDE, undated, older, answers=(COMPLETE,)) == "unknown"


@pytest.mark.parametrize("subject", [None, {"reference": "urn:uuid:somebody"}])
def test_a_result_of_nobody_known_may_be_hers(judged, subject):
    """And may be the newest."""
    older = lab(A1C, 6, "%", on=BEFORE)

    assert judged("I17", older) == "met"
    assert judged("I17", older, lab(A1C, 9, "%", subject=subject)) == "unknown"


UNCODED = {
    "words": {"text": "Not in pain, pregnancy"},
    "a local code": {"coding": [{"system": "https://ehr.example.org/codes", "code": "B20"}]},
    "ICD-9": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-9-cm", "code": "042"}]},
    "no system": {"coding": [{"code": "B20"}]},
    "nothing": None,
}
TREATED = drug("1433868", status="active")
WHOLE = {"answers": (COMPLETE,)}


@pytest.mark.parametrize("name", UNCODED)
def test_a_diagnosis_without_a_code_may_be_any(judged, name):
    """Silence is no absence beside it, however complete the record is said to be."""
    uncoded = {**ill(), "code": UNCODED[name]}
    refuted = {**ill(verified="refuted"), "code": UNCODED[name]}
    of_another = {**uncoded, "subject": {"reference": "Patient/other"}}

    assert judged("E11", ill("icd I10"), **WHOLE) == "absent"
    assert judged("E11", uncoded, **WHOLE) == "unknown"
    assert judged("I09", uncoded, **WHOLE) == "unknown"
    assert judged("E11", refuted, of_another, **WHOLE) == "absent"
    assert judged("E11", uncoded, ill("icd Z33.1"), **WHOLE) == "present"


@pytest.mark.parametrize(
    ("status", "word"),
    [("unknown", "unknown"), ("in-progress", "unknown"), ("stopped", "unknown"),
     ("on-hold", "unknown"), ("not-done", "absent"), ("entered-in-error", "absent")],
)  # fmt: skip
def test_a_procedure_that_may_have_been_done_is_no_silence(judged, status, word):
    """A resection of small bowel, beside a person who answers the questions with no."""
    resected = {"resourceType": "Procedure", "status": status, "subject": HER,
                "code": coded("snomed 54357003"), "performedDateTime": "2026-01-05"}  # fmt: skip
    answers = [said(each, "no") for each in ("uncontrolled-illness", "gi-impairment")]

    assert judged("E05", resected, answers=(*answers, COMPLETE)) == word


@pytest.mark.parametrize(
    ("status", "word"), [("unknown", "unknown"), ("final", "present"), ("cancelled", "absent")]
)
def test_a_result_of_an_unknown_status_is_in_question(judged, status, word):
    """It may be one, and may be none."""
    assert judged("E11", coded_result(TEST, POSITIVE, BEFORE), **WHOLE) == "unknown"
    positive = coded_result(TEST, POSITIVE, "2026-03-01") | {"status": status}

    assert judged("E11", positive, **WHOLE) == word


def taken(text, **more):
    """Give a medicine by its name."""
    return drug(medicationCodeableConcept={"text": text}, **more)


INSIDE = {
    "a plan": {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": HER},
    "a visit": {"resourceType": "Encounter", "status": "finished", "subject": HER},
    "a diagnosis": ill("icd I10"),
    "a result": lab(HB, 12, "g/dL"),
    "a procedure": {"resourceType": "Procedure", "status": "completed", "subject": HER,
                    "code": coded("snomed 80146002")},
}  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
def test_what_stands_inside_another_resource_is_no_silence(judged, name):
    """A medicine or a diagnosis inside one that holds none is asked, and opens what it may be."""
    of_another = {"subject": {"reference": "Patient/other"}}
    inside = taken("capivasertib") | {"id": "inside"}
    sick = ill("icd B20", id="inside")
    letrozole = drug(LETROZOLE, until="2025-01-01")  # names her by her id

    assert judged("E03", INSIDE[name], letrozole, **WHOLE) == "absent"
    assert judged("E03", INSIDE[name] | {"contained": [inside]}, letrozole, **WHOLE) == "unknown"
    assert judged("E09", INSIDE[name] | {"contained": [sick]}, TREATED, **WHOLE) == "unknown"
    another = INSIDE[name] | of_another | {"contained": [inside]}
    assert judged("E03", another, letrozole, **WHOLE) == "absent"


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": 5, "status": "completed"},
        {"status": "completed"},
        {"resourceType": "MedicationOrder", "medicationCodeableConcept": {"text": "capivasertib"}},
        {"resourceType": "medicationstatement", "subject": HER},
        {"resourceType": "MedicationStatement", "medicationCodeableConcept": ["capivasertib"]},
        {"resourceType": "Parameters", "parameter": [{"resource": taken("capivasertib")}]},
        "MedicationStatement",
    ],
)
def test_what_nobody_can_read_is_no_silence(judged, resource):
    """It may be a record of anything."""
    assert judged("E03", **WHOLE) == "absent"
    assert judged("E03", {"resource": resource}, **WHOLE) == "unknown"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("AZD5363", "present"), ("AZD-5363", "present"), ("AZD 5363", "present"),
        ("GDC0068", "present"), ("MK2206", "present"), ("AT-7867", "present"),
        ("capiva\u200bsertib", "present"), ("\uff21\uff3a\uff245363", "present"),
        ("AZD 5364", "absent"), ("3D printed splint", "absent"),
    ],
)  # fmt: skip
def test_a_name_is_read_as_it_looks(judged, name, word):
    """Codes of sponsors are written with and without a hyphen."""
    assert judged("E03", taken(name), **WHOLE) == word


def test_a_code_that_no_list_holds_may_be_of_any_product(judged):
    """RxNorm has a code for each strength; the name beside it says which medicine that is."""
    named = coded("rxnorm 1191", text="aspirin")

    assert judged("E03", drug("2668449"), **WHOLE) == "unknown"
    assert judged("E03", drug(medicationCodeableConcept=named), **WHOLE) == "absent"


@pytest.mark.parametrize("power", ["400", "999999999"])
def test_a_limit_of_any_size_is_a_question(shipped, power):
    """It ended in a traceback, or took for ever."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "her", "birthDate": "1956-01-01"}},
        {"resource": lab(AST, 20, "U/L", **high(40, "U/L"))},
    ]}  # fmt: skip
    text = json.dumps(bundle).replace('"value": 40', f'"value": 1e{power}')
    found = read_bundle(io.BytesIO(text.encode()), shipped.terms, "P-1")

    assert [each.fault.where for each in found.questions] == [
        "entry[1].resource.referenceRange[0].high.value"
    ]


@pytest.mark.parametrize(
    ("text", "dosage", "word"),
    [
        ("ritonavir 100 mg soft gel capsule", "", "present"),
        ("ketoconazole 200 mg tablet", "by mouth; topical cream as before", "present"),
        ("ketoconazole", "200 mg orally, beside a shampoo", "present"),
        ("ketoconazole", "shampoo twice a week", "absent"),
        ("ketoconazole 2 % gel", "", "absent"),
        ("ketoconazole vaginal tablet", "", "absent"),
    ],
)
def test_what_is_swallowed_is_not_applied_locally(judged, text, dosage, word):
    """Whatever else its words say; a route on record would decide."""
    more = {"dosage": [{"text": dosage}]} if dosage else {}

    assert judged("E04", taken(text, status="active", **more), **WHOLE) == word


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({}, "met"),
        ({"method": coded("snomed 168537006", text="Plain chest X-ray")}, "met"),
        ({"method": {"text": "Gross pathology"}}, "unknown"),
        ({"method": coded("snomed 787377000")}, "unknown"),
        ({"specimen": {"reference": "Specimen/1"}}, "unknown"),
    ],
)
@pytest.mark.parametrize("code", ["21889-1", "33728-7"])
def test_a_tumour_measured_on_a_specimen_is_no_lesion(judged, code, more, word):
    """It was taken out: the primary tumour of an operation of 2018 is not measurable disease."""
    size = lab(code, 25, "mm", on="2018-05-01", **more)

    assert judged("I05", size) == word


METASTASIS = "snomed 128462008"
LIVER, BRAIN_SITE = coded("snomed 10200004"), coded("snomed 12738006")
SITED = {
    "nowhere": (ill(METASTASIS), "unknown"),
    "brain in words": (ill(METASTASIS, bodySite=[{"text": "Brain"}]), "unknown"),
    "liver, and words": (ill(METASTASIS, bodySite=[LIVER, {"text": "Brain"}]), "unknown"),
    "liver": (ill(METASTASIS, bodySite=[LIVER]), "absent"),
    "brain": (ill(METASTASIS, bodySite=[BRAIN_SITE]), "present"),
    "ICD-10-CM, nowhere": (ill("icd C79.9"), "unknown"),
    "ICD-10-CM, bone": (ill("icd C79.51"), "absent"),
    "refuted": (ill(METASTASIS, verified="refuted"), "absent"),
}


@pytest.mark.parametrize("name", SITED)
def test_a_metastasis_of_no_place_may_be_anywhere(judged, name):
    """In the central nervous system too; it is not stable, by the investigator."""
    record, word = SITED[name]
    answers = (said("cns-stable", "no"), COMPLETE)

    assert judged("E01", BREAST, record, answers=answers) == word


@pytest.mark.parametrize(
    ("asserted", "word"), [("2026-03-01", "unknown"), ("2025-12-05", "absent"), (None, "absent")]
)
def test_what_is_said_to_go_on_after_its_end_may_go_on(judged, asserted, word):
    """An active statement ended as planned, unless somebody asserted it later."""
    more = {"dateAsserted": asserted} if asserted else {}
    taken_till = drug(CLARITHROMYCIN, "2025-12-01", "2026-01-01", "active", **more)

    assert judged("E04", taken_till, **WHOLE) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "met"), ("10-50 U/L", "met"), ("Men and women: 10-50", "met"),
        ("Male: 10-50", "unknown"), ("10-50 (men)", "unknown"), ("Women 10-50", "unknown"),
        ("Female", "met"), ("Male", "unknown"),
    ],
)  # fmt: skip
def test_a_range_that_speaks_of_one_sex_is_not_everybodys(judged, text, word):
    """130 U/L is 2.6 times 50, the limit of men perhaps; a word alone names whose it is."""
    ranged = {"referenceRange": [{"high": amount(50, "U/L"), "text": text}]}

    assert judged("I14", lab(AST, 130, "U/L", **ranged), ALT_FINE) == word


def test_axillary_nodes_are_no_metastasis_of_an_early_cancer(judged):
    """They are of stage II or III, and no relapse; other lymph nodes are."""
    early = (BREAST, ill("icd C77.3", since="2016-10-01"))
    adjuvant = given(LETROZOLE, "2017-01-01", "2022-01-15", DONE, ADJUVANT)
    relapse = ill("icd C79.51", since="2020-12-01")

    assert judged("I02", *early) == "unknown"
    assert judged("I02", *early, answers=(said("advanced-disease", "yes"),)) == "met"
    assert judged("I02", BREAST, ill("icd C77.1")) == "met"
    assert judged("I03", *early, adjuvant, relapse, **WHOLE) == "met"
    assert judged("I03", *early, adjuvant, **WHOLE) == "not met"
