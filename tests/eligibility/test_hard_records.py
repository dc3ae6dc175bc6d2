"""FHIR records of hospitals at their least tidy, with the verdict that a person works out."""

import pytest
from tests.eligibility.fhir_records import (
    A1C,
    ADJUVANT,
    ALT_FINE,
    ANC,
    AST,
    BASE,
    BILI,
    BREAST,
    CAPECITABINE,
    CLARITHROMYCIN,
    COMPLETE,
    DEXAMETHASONE,
    DONE,
    ECOG,
    ENZALUTAMIDE,
    ER,
    ERIBULIN,
    FULVESTRANT,
    GLARGINE,
    GLUCOSE,
    GOSERELIN,
    HB,
    HER,
    IHC_1,
    IHC_2,
    LETROZOLE,
    METFORMIN,
    NEGATIVE,
    NO_RESPONSE,
    NOT_TOLERATED,
    PACLITAXEL,
    PALLIATIVE,
    PLT,
    POSITIVE,
    PR,
    QTCF,
    TAMOXIFEN,
    amount,
    coded,
    drug,
    given,
    high,
    ill,
    intent,
    judge_of,
    lab,
    receptor,
)


@pytest.fixture(scope="module")
def judged(shipped):
    """Give the word of a criterion for a record."""
    return judge_of(shipped)


def of_her(reference):
    """Give a hemoglobin of 8.9 of somebody."""
    return lab(HB, 8.9, "g/dL", subject=reference)


URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
URN_PATIENT = {
    "resourceType": "Patient",
    "id": "her",
    "gender": "female",
    "birthDate": "1956-01-01",
}
OTHER = {"resourceType": "Patient", "id": "other", "gender": "female", "birthDate": "1950-01-01"}

HEMOGLOBIN = {
    "a relative reference": ("not met", [of_her(HER)]),
    "an absolute reference": ("not met", [of_her({"reference": f"{BASE}/Patient/her"})]),
    "a reference to a version": ("not met", [of_her({"reference": "Patient/her/_history/3"})]),
    "a reference by identifier": ("not met", [of_her({"identifier": {
        "system": "urn:oid:2.16.840.1.113883.19.5", "value": "SYN-1"}})]),
    "a reference by another's identifier": ("unknown", [of_her({"identifier": {
        "system": "urn:oid:2.16.840.1.113883.19.5", "value": "SYN-2"}})]),
    "a patient of another server": ("unknown", [
        of_her({"reference": "https://other.org/Patient/x"})]),
    "a preliminary newer one": ("met", [
        lab(HB, 9.5, "g/dL", on="2026-03-01"),
        lab(HB, 8.5, "g/dL", on="2026-03-04", status="preliminary")]),
    "an amended newer one": ("not met", [
        lab(HB, 9.5, "g/dL", on="2026-03-01"),
        lab(HB, 8.5, "g/dL", on="2026-03-04", status="amended")]),
    "one entered in error": ("met", [
        lab(HB, 9.5, "g/dL", on="2026-03-01"),
        lab(HB, 8.5, "g/dL", on="2026-03-04", status="entered-in-error")]),
    "one of the future": ("met", [
        lab(HB, 9.5, "g/dL", on="2026-03-01"), lab(HB, 8.5, "g/dL", on="2026-03-06")]),
    "late in the evening of the day": ("not met", [
        lab(HB, 9.5, "g/dL", on="2026-03-01"),
        lab(HB, 8.5, "g/dL", on="2026-03-05T23:30:00-05:00")]),
    "a month that has passed": ("met", [lab(HB, 9.5, "g/dL", on="2026-02")]),
    "a month that has not": ("unknown", [lab(HB, 9.5, "g/dL", on="2026-03")]),
    "a period": ("met", [lab(HB, 9.5, "g/dL", on="", effectivePeriod={
        "start": "2026-03-01", "end": "2026-03-02"})]),
    "issued alone": ("met", [lab(HB, 9.5, "g/dL", on="", issued="2026-03-02T08:00:00Z")]),
    "no day": ("unknown", [lab(HB, 9.5, "g/dL", on="")]),
    "a range": ("unknown", [lab(HB, valueRange={
        "low": amount(8, "g/dL"), "high": amount(8.5, "g/dL")})]),
    "free text": ("unknown", [lab(HB, valueString="12.1 g/dL")]),
    "an absent value after one": ("not met", [
        lab(HB, 8.5, "g/dL", on="2026-03-01"), lab(HB, on="2026-03-03", dataAbsentReason={
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                        "code": "unknown"}]})]),
    "a number in a wrong unit": ("unknown", [lab(HB, 118, "g/dL")]),
    "grams a litre": ("not met", [lab(HB, 89, "g/L")]),
    "the unit in words": ("met", [lab(HB, 9.1, "g/dl", ucum="")]),
    "a unit that its code contradicts": ("unknown", [lab(HB, 9.1, "g/L", ucum="g/dL")]),
    "no unit": ("unknown", [lab(HB, valueQuantity={"value": 12})]),
    "a member of a panel": ("not met", [
        {"resourceType": "Observation", "status": "final", "code": coded("loinc 58410-2"),
         "subject": HER, "effectiveDateTime": "2026-03-02",
         "hasMember": [{"reference": "Observation/hb"}]},
        lab(HB, 8.9, "g/dL", id="hb")]),
    "a component of a panel": ("not met", [
        {"resourceType": "Observation", "status": "final", "code": coded("loinc 58410-2"),
         "subject": HER, "effectiveDateTime": "2026-03-02", "component": [
            {"code": coded("loinc 718-7"), "valueQuantity": amount(8.9, "g/dL")}]}]),
    "a second coding of the site": ("not met", [
        lab(HB, 8.9, "g/dL") | {"code": coded("site HGB", "loinc 718-7")}]),
    "the site's code alone": ("unknown", [lab(HB, 8.9, "g/dL") | {"code": coded("site 718-7")}]),
    "a modifier extension": ("unknown", [lab(HB, 9.5, "g/dL", modifierExtension=[
        {"url": "https://ehr.example.org/simulated", "valueBoolean": True}])]),
    "at least a number above": ("met", [lab(HB, 9, "g/dL", comparator=">=")]),
    "below the limit": ("not met", [lab(HB, 9, "g/dL", comparator="<")]),
    "at most the limit": ("unknown", [lab(HB, 9, "g/dL", comparator="<=")]),
    "above a lower number": ("unknown", [lab(HB, 8, "g/dL", comparator=">")]),
}  # fmt: skip
"""Hemoglobin, at least 9 g/dL on the newest day: the verdict of I11 and the records."""


@pytest.mark.parametrize("name", HEMOGLOBIN)
def test_one_hemoglobin_is_read_as_it_stands(judged, name):
    """Whose it is, of which day, in which unit, and whether it counts at all."""
    expected, resources = HEMOGLOBIN[name]

    assert judged("I11", *resources) == expected


def test_an_identifier_that_two_patients_share_names_neither(judged):
    """What is said of it is of nobody, and a question."""
    numbers = [{"system": "urn:oid:2.16.840.1.113883.19.5", "value": "SYN-1"}]
    other = {"fullUrl": f"{BASE}/Patient/other", "resource": OTHER | {"identifier": numbers}}
    hers = of_her({"identifier": numbers[0]})

    assert judged("I11", other, hers, patient="Patient/her") == "unknown"


def test_references_by_urn_lead_to_the_patient_and_the_product(judged):
    """Entries of a transaction have no other address."""
    wanted = {"fullUrl": URN, "resource": {"resourceType": "Medication", "id": "m",
                                           "code": coded(f"rxnorm {CLARITHROMYCIN}")}}  # fmt: skip
    statement = drug(until="2026-03-01", medicationReference={"reference": URN})

    assert judged("E04", wanted, statement) == "present"


def test_one_of_several_patients_is_meant(judged):
    """The other one's newer result is not hers."""
    other = {"fullUrl": f"{BASE}/Patient/other", "resource": OTHER}
    hers = lab(HB, 8.9, "g/dL", on="2026-03-01")
    theirs = lab(HB, 12, "g/dL", on="2026-03-04", subject={"reference": "Patient/other"})

    assert judged("I11", other, hers, theirs, patient="Patient/her") == "not met"
    assert judged("I11", other, hers, theirs, patient="Patient/other") == "met"


LIMITS = {
    "ANC in thousands, in words": ("I10", "met", [lab(ANC, 1.0, "K/uL", ucum="")]),
    "ANC per giga, below": ("I10", "not met", [lab(ANC, 0.99, "10*9/L")]),
    "ANC spelled with E": ("I10", "met", [lab(ANC, 1.2, "10E3/uL", ucum="")]),
    "ANC spelled by a caret": ("I10", "not met", [lab(ANC, 0.9, "10^3/uL", ucum="")]),
    "ANC a thousand cells": ("I10", "met", [lab(ANC, 1000, "{cells}/uL")]),
    "platelets above a detection limit": ("I12", "met", [lab(PLT, 100, "10*3/uL", comparator=">")]),
    "platelets under a higher number": ("I12", "unknown", [
        lab(PLT, 150, "10*3/uL", comparator="<")]),
    "bilirubin with a micro sign": ("I13", "met", [lab(BILI, 20, "\u00b5mol/L", ucum="")]),
    "bilirubin with a Greek mu": ("I13", "not met", [lab(BILI, 26, "\u03bcmol/L", ucum="")]),
    "bilirubin below its limit": ("I13", "met", [lab(BILI, 1.5, "mg/dL", comparator="<")]),
    "bilirubin up to its limit": ("I13", "unknown", [lab(BILI, 1.5, "mg/dL", comparator="<=")]),
    "bilirubin just there": ("I13", "not met", [lab(BILI, 1.50, "mg/dL")]),
    "glucose in mmol/L": ("I16", "not met", [lab("14771-0", 7.8, "mmol/L")]),
    "glucose of 100 mmol/L": ("I16", "unknown", [lab("14771-0", 100, "mmol/L")]),
    "glucose that is not fasting": ("I16", "unknown", [lab("2345-7", 99, "mg/dL")]),
    "glucose of a random draw after a fasting one": ("I16", "met", [
        lab(GLUCOSE, 99, "mg/dL"), lab("2345-7", 180, "mg/dL", on="2026-03-04")]),
    "HbA1c of 53 mmol/mol": ("I17", "not met", [lab(A1C, 53, "mmol/mol")]),
    "HbA1c of 52 mmol/mol": ("I17", "met", [lab(A1C, 52, "mmol/mol")]),
    "ECOG as a coded answer": ("I04", "met", [
        lab(ECOG, valueCodeableConcept=coded("loinc LA9624-3"))]),
    "ECOG as a whole number": ("I04", "not met", [lab(ECOG, valueInteger=3)]),
    "ECOG as a quantity": ("I04", "met", [lab(ECOG, 2, "{score}")]),
    "ECOG of a number in words": ("I04", "unknown", [lab(ECOG, valueString="ECOG 1-2")]),
    "Karnofsky alone": ("I04", "unknown", [lab("89243-0", 80, "{score}")]),
    "AST of three times": ("I14", "not met", [lab(AST, 120, "U/L", **high(40, "U/L")), ALT_FINE]),
    "AST of just under": ("I14", "met", [lab(AST, 119, "U/L", **high(40, "U/L")), ALT_FINE]),
    "AST of a range in words": ("I14", "unknown", [
        lab(AST, 30, "U/L", referenceRange=[{"text": "10-40 U/L"}]), ALT_FINE]),
    "AST of a critical range": ("I14", "unknown", [
        lab(AST, 100, "U/L", **high(40, "U/L", type={"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/referencerange-meaning",
            "code": "treatment"}]})), ALT_FINE]),
    "AST of another unit than its range": ("I14", "unknown", [
        lab(AST, 100, "U/L", **high(0.67, "ukat/L")), ALT_FINE]),
    "AST of four times with a metastasis of the liver": ("I14", "met", [
        lab(AST, 160, "U/L", **high(40, "U/L")), ALT_FINE, ill("icd C78.7")]),
    "AST of four times with one that was refuted": ("I14", "not met", [
        lab(AST, 160, "U/L", **high(40, "U/L")), ALT_FINE, ill("icd C78.7", verified="refuted")]),
    "AST of four times with one that is provisional": ("I14", "unknown", [
        lab(AST, 160, "U/L", **high(40, "U/L")), ALT_FINE,
        ill("icd C78.7", verified="provisional")]),
    "pressure of a component": ("E06", "present", [
        {"resourceType": "Observation", "status": "final", "code": coded("loinc 85354-9"),
         "subject": HER, "effectiveDateTime": "2026-03-02", "component": [
            {"code": coded("loinc 8480-6"), "valueQuantity": amount(161, "mmHg", "mm[Hg]")},
            {"code": coded("loinc 8462-4"), "valueQuantity": amount(80, "mmHg", "mm[Hg]")}]}]),
    "pressure of a component without value after one": ("E06", "present", [
        lab("8480-6", 170, "mm[Hg]", on="2026-02-27"),
        {"resourceType": "Observation", "status": "final", "code": coded("loinc 85354-9"),
         "subject": HER, "effectiveDateTime": "2026-03-02", "component": [
            {"code": coded("loinc 8480-6"), "dataAbsentReason": {"text": "not measured"}}]}]),
    "a mean QTcF of 471": ("E06", "present", [
        lab(QTCF, each, "ms", on=f"2026-03-02T09:1{place}:00-05:00")
        for place, each in enumerate((470, 471, 472))]),
    "Bazett's": ("E06", "unknown", [
        lab("76635-2", 500, "ms", on=f"2026-03-02T09:1{place}:00-05:00") for place in range(3)]),
    "two ECGs": ("E06", "unknown", [
        lab(QTCF, 500, "ms", on=f"2026-03-02T09:1{place}:00-05:00") for place in range(2)]),
    "ECGs in seconds": ("E06", "present", [
        lab(QTCF, 0.472, "s", on=f"2026-03-02T09:1{place}:00-05:00") for place in range(3)]),
    "long QT of her mother": ("E06", "present", [
        {"resourceType": "FamilyMemberHistory", "status": "completed", "patient": HER,
         "relationship": coded("site MTH"), "condition": [{"code": coded("icd I45.81")}]}]),
    "breast cancer of her mother": ("I01", "unknown", [
        {"resourceType": "FamilyMemberHistory", "status": "completed", "patient": HER,
         "relationship": coded("site MTH"), "condition": [{"code": coded("icd C50.911")}]}]),
    "an infarction of five months ago, over": ("E06", "present", [
        ill("icd I21.4", clinical="resolved", since="2025-10-10", abatementDateTime="2025-10-20")]),
    "insulin": ("E10", "present", [ill("icd E11.9"), drug(GLARGINE, status="active")]),
    "metformin begun lately": ("E10", "present", [
        ill("icd E11.9"), drug(METFORMIN, "2026-03-01", status="active")]),
    "HIV on treatment": ("E09", "present", [
        ill("icd B20"), drug("1433868", status="active")]),
    "HIV that was refuted, on treatment": ("E09", "unknown", [
        ill("icd B20", verified="refuted"), drug("1433868", status="active")]),
    "pregnant": ("E11", "present", [ill("icd Z33.1", since="2026-01-01")]),
    "bone alone": ("I05", "met", [ill("icd C79.51")]),
}  # fmt: skip
"""Criterion, verdict and records."""


@pytest.mark.parametrize("name", LIMITS)
def test_a_fact_decides_its_criterion(judged, name):
    """From both sides of a limit, in the units, codes and places in which hospitals write it."""
    criterion, expected, resources = LIMITS[name]

    assert judged(criterion, *resources) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [("1965-03-05", "met"), ("1965-03-06", "unknown"), ("1965-02", "met"), ("1965-03", "unknown"),
     ("1965", "unknown"), ("1964", "met")],
)  # fmt: skip
def test_over_sixty_by_as_much_as_is_known_of_a_birth_date(judged, born, expected):
    """61 completed years at registration; a younger woman may be postmenopausal by hormones."""
    assert judged("I02", ill("icd C79.51"), born=born) == expected


AFTER = coded("snomed 307429007")


def hormone(code, value, low, top):
    """Give a hormone with the range after menopause."""
    sides = {"low": amount(low, "[IU]/L"), "high": amount(top, "[IU]/L"), "appliesTo": [AFTER]}
    return lab(code, value, "[IU]/L", referenceRange=[sides])


FSH, LH = hormone("15067-2", 60, 25, 135), hormone("10501-5", 30, 8, 59)
E2 = lab("2243-4", 10, "pg/mL", referenceRange=[
    {"low": amount(0, "pg/mL"), "high": amount(30, "pg/mL"), "appliesTo": [AFTER]}])  # fmt: skip


def procedure(code, status="completed", on="2024-01-01"):
    """Give a procedure."""
    return {"resourceType": "Procedure", "status": status, "code": coded(f"snomed {code}"),
            "subject": HER, "performedDateTime": on}  # fmt: skip


MENOPAUSE = {
    "both hormones": ("met", [FSH, LH]),
    "one hormone": ("unknown", [FSH]),
    "one of them premenopausal": ("unknown", [FSH, hormone("10501-5", 5, 8, 59)]),
    "both ovaries removed": ("met", [procedure("76876009")]),
    "a removal that was not done": ("unknown", [procedure("76876009", "not-done")]),
    "a removal that is planned": ("unknown", [procedure("76876009", "preparation")]),
    "a status of both removed": ("met", [ill("icd Z90.722")]),
    "a status of one removed": ("unknown", [ill("icd Z90.721")]),
    "the uterus removed": ("unknown", [ill("icd Z90.710")]),
    "an agonist and estradiol": ("met", [drug(GOSERELIN, status="active"), E2]),
    "an agonist that ended": ("unknown", [drug(GOSERELIN, until="2025-12-01"), E2]),
    "an agonist alone": ("unknown", [drug(GOSERELIN, status="active")]),
}  # fmt: skip
"""Of a woman of 54 with metastases: the verdict of I02 and what else is on record."""


@pytest.mark.parametrize("name", MENOPAUSE)
def test_a_younger_woman_is_postmenopausal_by_proof(judged, name):
    """Both hormones, both ovaries, or suppression that goes on."""
    expected, resources = MENOPAUSE[name]

    assert judged("I02", ill("icd C79.51"), *resources, born="1971-05-05") == expected


TUMOUR = {
    "ER in per cent, HER2 of 1+": ("met", [ER, PR, IHC_1]),
    "ER by the older code": ("met", [receptor("16112-5", answer=POSITIVE), IHC_1]),
    "PR alone": ("met", [receptor("85337-4", answer=NEGATIVE), receptor("16113-3", answer=POSITIVE),
                         IHC_1]),
    "ER of 1": ("met", [receptor("85329-1", 1), IHC_1]),
    "ER under 1, PR unknown": ("unknown", [receptor("85329-1", 1, comparator="<"), IHC_1]),
    "both under 1": ("not met", [
        receptor("85329-1", 1, comparator="<"), receptor("85325-9", 1, comparator="<"), IHC_1]),
    "ER above 90": ("met", [receptor("85329-1", 90, comparator=">"), IHC_1]),
    "HER2 of 3+": ("not met", [ER, receptor("85319-2", answer=POSITIVE, text="3+")]),
    "HER2 of 2+ without in situ": ("unknown", [
        ER, IHC_2]),
    "HER2 of 2+ and not amplified": ("met", [
        ER, IHC_2, receptor("85318-4", answer=NEGATIVE)]),
    "HER2 of 2+ and amplified": ("not met", [
        ER, IHC_2, receptor("85318-4", answer=POSITIVE)]),
    "HER2 of 1+ and amplified": ("not met", [ER, IHC_1, receptor("85318-4", answer=POSITIVE)]),
    "HER2 interpreted": ("met", [ER, receptor("48676-1", answer=NEGATIVE)]),
    "a code of both": ("met", [ill("icd Z17.411")]),
    "nothing of HER2": ("unknown", [ER]),
}  # fmt: skip
"""Of a woman with breast cancer: the verdict of I01 and her receptors."""


@pytest.mark.parametrize("name", TUMOUR)
def test_receptors_by_either_family_of_codes(judged, name):
    """Per cent before an answer, in situ beside immunohistochemistry."""
    expected, resources = TUMOUR[name]

    assert judged("I01", BREAST, *resources) == expected


def ordered(signed, **repeat):
    """Give an active order of clarithromycin."""
    return {"resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "subject": HER, "authoredOn": signed,
            "medicationCodeableConcept": coded(f"rxnorm {CLARITHROMYCIN}"),
            "dosageInstruction": [{"timing": {"repeat": repeat}}]}  # fmt: skip


MEDICINES = {
    "going on": ("E02", "present", [drug(LETROZOLE, status="active")], False),
    "going on, still": ("I06", "not met", [drug(LETROZOLE, status="active")], False),
    "13 days before": ("E02", "present", [drug(LETROZOLE, until="2026-02-20")], True),
    "15 days before": ("E02", "unknown", [drug(LETROZOLE, until="2026-02-18")], True),
    "a month that straddles": ("E02", "unknown", [drug(LETROZOLE, until="2026-02")], True),
    "ended on a day nobody recorded": ("E02", "unknown", [drug(LETROZOLE)], True),
    "an injection 13 days before": ("E02", "present", [
        {"resourceType": "MedicationAdministration", "status": "completed", "subject": HER,
         "medicationCodeableConcept": coded(f"rxnorm {FULVESTRANT}"),
         "effectiveDateTime": "2026-02-20"}], True),
    "an administration that was not done": ("I06", "met", [
        {"resourceType": "MedicationAdministration", "status": "not-done", "subject": HER,
         "medicationCodeableConcept": coded(f"rxnorm {FULVESTRANT}"),
         "effectiveDateTime": "2026-03-04"}], True),
    "radiotherapy": ("E02", "present", [procedure("108290001", on="2026-02-25")], True),
    "radiotherapy that is planned": ("I06", "met", [
        procedure("108290001", "preparation", on="2026-02-25")], True),
    "an AKT inhibitor that was not taken": ("E03", "absent", [
        drug(status="not-taken", medicationCodeableConcept={"text": "capivasertib"})], True),
    "an AKT inhibitor entered in error": ("E03", "absent", [
        drug(status="entered-in-error", medicationCodeableConcept={"text": "capivasertib"})], True),
    "an AKT inhibitor by its number": ("E03", "present", [
        drug(since="2023-01-01", until="2024-01-01",
             medicationCodeableConcept={"text": "GDC-0068"})], True),
    "two courses, the later within": ("E04", "present", [
        drug(CLARITHROMYCIN, "2025-11-01", "2025-11-08"),
        drug(CLARITHROMYCIN, "2026-02-20", "2026-02-27")], True),
    "two courses, both without": ("E04", "absent", [
        drug(CLARITHROMYCIN, "2025-11-01", "2025-11-08"),
        drug(CLARITHROMYCIN, "2026-02-10", "2026-02-20")], True),
    "29 days of five half-lives, 28 before": ("E04", "present", [
        drug(ENZALUTAMIDE, until="2026-02-09")], True),
    "29 days of five half-lives, 31 before": ("E04", "absent", [
        drug(ENZALUTAMIDE, until="2026-02-06")], True),
    "a product that nobody knows": ("E04", "unknown", [
        drug(until="2026-03-01", medicationReference={"reference": "Medication/none"})], True),
    "a product contained": ("E04", "present", [
        drug(until="2026-03-01", medicationReference={"reference": "#m"}, contained=[
            {"resourceType": "Medication", "id": "m",
             "code": coded(f"rxnorm {CLARITHROMYCIN}")}])], True),
    "an order with its period": ("E04", "present", [
        {"resourceType": "MedicationRequest", "status": "completed", "intent": "order",
         "subject": HER, "authoredOn": "2026-02-20",
         "medicationCodeableConcept": coded(f"rxnorm {CLARITHROMYCIN}"),
         "dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {
             "start": "2026-02-21", "end": "2026-02-28"}}}}]}], True),
    "an order that ended before": ("E04", "absent", [
        {"resourceType": "MedicationRequest", "status": "completed", "intent": "order",
         "subject": HER, "authoredOn": "2026-01-01",
         "medicationCodeableConcept": coded(f"rxnorm {CLARITHROMYCIN}"),
         "dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {
             "start": "2026-01-01", "end": "2026-01-08"}}}}]}], True),
    "an active order whose days have run out": ("E04", "unknown", [
        ordered("2026-01-01", boundsDuration=amount(7, "d"))], True),
    "an active order whose days have not": ("E04", "present", [
        ordered("2026-02-20", boundsDuration=amount(2, "wk"))], True),
    "an active order of one to two weeks": ("E04", "unknown", [
        ordered("2026-02-10", boundsRange={"low": amount(7, "d"), "high": amount(14, "d")})], True),
    "an active order without an end": ("E04", "present", [ordered("2026-01-01")], True),
    "an active order of seven furlongs": ("E04", "present", [
        ordered("2026-01-01", boundsDuration=amount(7, "[fur_us]"))], True),
    "a plan": ("E04", "absent", [
        {"resourceType": "MedicationRequest", "status": "active", "intent": "plan",
         "subject": HER, "authoredOn": "2026-03-01",
         "medicationCodeableConcept": coded(f"rxnorm {CLARITHROMYCIN}")}], True),
    "on the skin": ("E04", "absent", [
        drug("6135", status="active", dosage=[{"route": coded("snomed 6064005")}])], True),
    "steroids while stable": ("E01", "present", [
        ill("icd C79.31"), drug(DEXAMETHASONE, status="active")], True),
    "stable for six weeks, off steroids": ("E01", "absent", [
        ill("icd C79.31", id="cns"), *(
            lab("97509-4", on=day, valueCodeableConcept=coded("snomed 359746009"),
                focus=[{"reference": "Condition/cns"}]) for day in ("2026-01-10", "2026-02-25"))],
        True),
    "worse a week ago": ("E01", "present", [
        ill("icd C79.31", id="cns"),
        lab("97509-4", on="2026-02-26", valueCodeableConcept=coded("snomed 271299001"),
            focus=[{"reference": "Condition/cns"}])], True),
}  # fmt: skip
"""Criterion, verdict, records, and whether a person says that the record is complete."""


@pytest.mark.parametrize("name", MEDICINES)
def test_medicines_by_their_last_dose(judged, name):
    """What goes on, what ended when, what never was given, and what nobody knows."""
    criterion, expected, resources, is_complete = MEDICINES[name]

    answers = (COMPLETE,) if is_complete else ()
    assert judged(criterion, *resources, answers=answers) == expected


PROGRESSED = (NO_RESPONSE, PALLIATIVE, "Disease progression")
LINES = {
    "one endocrine line": ("met", [given(LETROZOLE, "2024-01-01", "2025-01-01", *PROGRESSED)]),
    "three of chemotherapy": ("not met", [
        given(CAPECITABINE, "2023-01-01", "2023-06-01", *PROGRESSED),
        given(PACLITAXEL, "2023-08-01", "2024-01-01", *PROGRESSED),
        given(ERIBULIN, "2024-03-01", "2024-09-01", *PROGRESSED)]),
    "three, one not tolerated": ("met", [
        given(CAPECITABINE, "2023-01-01", "2023-06-01", *PROGRESSED),
        given(PACLITAXEL, "2023-08-01", "2024-01-01", NOT_TOLERATED),
        given(ERIBULIN, "2024-03-01", "2024-09-01", *PROGRESSED)]),
    "three, one under a cycle": ("met", [
        given(CAPECITABINE, "2023-01-01", "2023-06-01", *PROGRESSED),
        given(PACLITAXEL, "2023-08-01", "2023-08-15", *PROGRESSED),
        given(ERIBULIN, "2024-03-01", "2024-09-01", *PROGRESSED)]),
    "three, one adjuvant": ("met", [
        given(PACLITAXEL, "2018-01-01", "2018-06-01", DONE, ADJUVANT),
        given(CAPECITABINE, "2023-01-01", "2023-06-01", *PROGRESSED),
        given(ERIBULIN, "2024-03-01", "2024-09-01", *PROGRESSED)]),
    "three, one for an unknown reason": ("unknown", [
        given(CAPECITABINE, "2023-01-01", "2023-06-01", *PROGRESSED),
        drug(PACLITAXEL, "2023-08-01", "2024-01-01", "stopped", extension=[intent(PALLIATIVE)]),
        given(ERIBULIN, "2024-03-01", "2024-09-01", *PROGRESSED)]),
    "adjuvant treatment alone, long ago": ("not met", [
        given(TAMOXIFEN, "2012-01-01", "2017-01-01", DONE, ADJUVANT),
        ill("icd C79.51", since="2025-06-01")]),
    "a relapse ten months after adjuvant treatment": ("met", [
        given(TAMOXIFEN, "2020-01-01", "2025-01-01", DONE, ADJUVANT),
        ill("icd C79.51", since="2025-11-01")]),
    "a relapse thirteen months after": ("not met", [
        given(TAMOXIFEN, "2020-01-01", "2025-01-01", DONE, ADJUVANT),
        ill("icd C79.51", since="2026-02-01")]),
}  # fmt: skip
"""The verdict of I03 where a person says that the record is complete, and the treatments."""


@pytest.mark.parametrize("name", LINES)
def test_lines_of_therapy(judged, name):
    """By setting, end and length; a relapse soon after adjuvant treatment is one."""
    expected, resources = LINES[name]

    assert judged("I03", *resources, answers=(COMPLETE,)) == expected
