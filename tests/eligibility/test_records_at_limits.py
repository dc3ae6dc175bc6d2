"""Small FHIR records at both sides of a limit, from the bundle to the verdict of one criterion."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest

from trialwright.eligibility.screening import screen_arms
from trialwright.intake.bundle import read_bundle

AS_OF = date(2026, 3, 5)
ANCHORS = {"consent": date(2026, 3, 2), "screening": date(2026, 3, 2), "registration": AS_OF,
           "first_dose": date(2026, 3, 9)}  # fmt: skip
LOINC, RXNORM, ICD = "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm", (
    "http://hl7.org/fhir/sid/icd-10-cm")  # fmt: skip
UCUM = "http://unitsofmeasure.org"
HER = {"reference": "Patient/her"}
AFTER_MENOPAUSE = {"coding": [{"system": "http://snomed.info/sct", "code": "307429007"}]}
STATES = "http://terminology.hl7.org/CodeSystem/condition-"
WORDS = {"met": "met", "no": "not met", "?": "unknown", "in": "present"}

ANC, HB, PLATELETS, BILIRUBIN = "751-8", "718-7", "777-3", "1975-2"
AST, ALT, CREATININE, WEIGHT = "1920-8", "1742-6", "2160-0", "29463-7"
GLUCOSE, HBA1C, QTCF, ESTRADIOL = "1558-6", "4548-4", "76634-5", "2243-4"
FSH, LH, POTASSIUM, MAGNESIUM, LVEF = "15067-2", "10501-5", "2823-3", "19123-9", "10230-1"
GOSERELIN, CLARITHROMYCIN, ENZALUTAMIDE = "50610", "21212", "1307298"


def coded(system, code):
    """Give a concept."""
    return {"coding": [{"system": system, "code": code}]}


def amount(value, unit, comparator=""):
    """Give an amount; a unit that is no code of UCUM stands in words."""
    found = {"value": float(Decimal(str(value))), "unit": unit}
    if unit not in ("K/uL", "G/L", "x10(9)/L", "cells/uL"):
        found |= {"system": UCUM, "code": unit}
    return found | ({"comparator": comparator} if comparator else {})


def result(code, value, unit, comparator="", on="2026-03-02", **more):
    """Give a result."""
    return {"resourceType": "Observation", "status": "final", "code": coded(LOINC, code),
            "subject": HER, "effectiveDateTime": on,
            "valueQuantity": amount(value, unit, comparator), **more}  # fmt: skip


def within(low, high, unit, **more):
    """Give the laboratory's own range."""
    sides = {"low": low, "high": high}
    return {"referenceRange": [
        {name: amount(side, unit) for name, side in sides.items() if side is not None} | more
    ]}  # fmt: skip


def medicine(code, since, until=None, status="completed"):
    """Give a medicine taken."""
    period = {"start": since} | ({"end": until} if until else {})
    concept = coded(RXNORM, code)
    return {"resourceType": "MedicationStatement", "status": status, "subject": HER,
            "medicationCodeableConcept": concept, "effectivePeriod": period}  # fmt: skip


def condition(code, verified="confirmed"):
    """Give a condition."""
    return {"resourceType": "Condition", "code": coded(ICD, code), "subject": HER,
            "clinicalStatus": coded(f"{STATES}clinical", "active"),
            "verificationStatus": coded(f"{STATES}ver-status", verified),
            "onsetDateTime": "2025-06-01"}  # fmt: skip


def liver(ast, high, *more, unit="U/L"):
    """Give an AST with its own range, and an ALT that passes."""
    return (result(AST, ast, unit, **within(None, high, unit)),
            result(ALT, 20, "U/L", **within(None, 35, "U/L")), *more)  # fmt: skip


def kidney(creatinine, unit="mg/dL", weight=60, weighed="kg", code=CREATININE, comparator=""):
    """Give a creatinine and a weight."""
    return (result(code, creatinine, unit, comparator), result(WEIGHT, weight, weighed))


def tracings(*values, unit="ms", code=QTCF):
    """Give ECGs two minutes apart."""
    return tuple(result(code, value, unit, on=f"2026-03-02T09:{10 + 2 * place}:00-05:00")
                 for place, value in enumerate(values))  # fmt: skip


def hormone(code, value, low, high, unit="[IU]/L", comparator=""):
    """Give a hormone with the laboratory's range after menopause."""
    own = within(low, high, unit, appliesTo=[AFTER_MENOPAUSE])
    return result(code, value, unit, comparator, **own)


SPREAD = condition("C79.51"), condition("C50.911")
YOUNG = "1971-05-05"


@pytest.fixture(scope="session")
def judged(shipped):
    """Give the word of one criterion for a record."""

    def word(criterion, *resources, born="1956-01-01"):
        her = {"resourceType": "Patient", "id": "her", "gender": "female", "birthDate": born}
        numbered = [{**each, "id": f"r{place}"} for place, each in enumerate(resources)]
        bundle = {"resourceType": "Bundle", "type": "collection",
                  "entry": [{"resource": each} for each in (her, *numbered)]}  # fmt: skip
        stream = io.BytesIO(json.dumps(bundle).encode())
        casebook = read_bundle(stream, shipped.terms, "P-1", "", shipped.medicines).casebook
        first = screen_arms(shipped, casebook, AS_OF, ANCHORS).screenings[0]
        return next(each.word for each in first.verdicts if each.criterion == criterion)

    return word


UNITS = [
    ("I10", ANC, "met", "no", [("1.0", "0.999", "10*9/L"), ("1", "0.99", "K/uL"),
     ("1000", "999", "/uL"), ("1000", "999", "/mm3"), ("1.0", "0.9", "G/L"),
     ("1.0", "0.9", "x10(9)/L"), ("1000", "999", "cells/uL"), ("1", "0.999", "10*6/mL")]),
    ("I11", HB, "met", "no", [("9", "8.99", "g/dL"), ("90", "89", "g/L"),
     ("5.6", "5.5", "mmol/L")]),
    ("I12", PLATELETS, "met", "no", [("100", "99", "10*3/uL"), ("100000", "99999", "/mm3"),
     ("100", "99.9", "K/uL"), ("1.0", "0.99", "10*5/uL"), ("0.1", "0.099", "10*6/uL")]),
    ("I13", BILIRUBIN, "no", "met", [("1.5", "1.49", "mg/dL"), ("25.7", "25.6", "umol/L"),
     ("15", "14.9", "mg/L"), ("0.015", "0.0149", "g/L")]),
    ("I16", GLUCOSE, "no", "met", [("140", "139.9", "mg/dL"), ("7.8", "7.7", "mmol/L"),
     ("1.40", "1.39", "g/L")]),
    ("I17", HBA1C, "no", "met", [("7", "6.99", "%"), ("54", "52", "mmol/mol")]),
    ("E06", POTASSIUM, "?", "in", [("3.0", "2.9", "mmol/L"), ("3.0", "2.9", "meq/L")]),
    ("E06", MAGNESIUM, "?", "in", [("0.9", "0.89", "mg/dL"), ("0.45", "0.36", "mmol/L")]),
    ("E06", LVEF, "?", "in", [("50", "49", "%")]),
]  # fmt: skip
"""Criterion, code, verdicts at or above the limit and below it, and the two values in each unit."""


@pytest.mark.parametrize(
    ("criterion", "code", "value", "unit", "expected"),
    [
        (criterion, code, value, unit, word)
        for criterion, code, above, below, pairs in UNITS
        for high, low, unit in pairs
        for value, word in ((high, above), (low, below))
    ],
)
def test_both_sides_of_a_limit_in_every_unit(judged, criterion, code, value, unit, expected):
    """Of every unit that a laboratory writes."""
    assert judged(criterion, result(code, value, unit)) == WORDS[expected]


@pytest.mark.parametrize(
    ("criterion", "code", "comparator", "value", "unit", "expected"),
    [
        ("I10", ANC, "<", 1.0, "10*9/L", "no"), ("I10", ANC, "<=", 1.0, "10*9/L", "?"),
        ("I10", ANC, ">=", 1.0, "10*9/L", "met"), ("I10", ANC, ">", 0.5, "10*9/L", "?"),
        ("I10", ANC, "<", 1.5, "10*9/L", "?"), ("I13", BILIRUBIN, "<", 1.5, "mg/dL", "met"),
        ("I13", BILIRUBIN, "<=", 1.5, "mg/dL", "?"), ("I13", BILIRUBIN, "<", 0.3, "mg/dL", "met"),
        ("I13", BILIRUBIN, ">", 1.2, "mg/dL", "?"), ("I13", BILIRUBIN, ">=", 1.5, "mg/dL", "no"),
        ("I16", GLUCOSE, "<", 140, "mg/dL", "met"), ("I17", HBA1C, "<", 7, "%", "met"),
        ("E06", LVEF, "<", 50, "%", "in"), ("E06", POTASSIUM, "<", 3.0, "mmol/L", "in"),
    ],
)  # fmt: skip
def test_a_comparator_is_an_interval(judged, criterion, code, comparator, value, unit, expected):
    """It decides where all of it lies on one side."""
    assert judged(criterion, result(code, value, unit, comparator)) == WORDS[expected]


@pytest.mark.parametrize(
    ("criterion", "resources", "born", "expected"),
    [
        # AST and ALT below 3 times, or 5 times, of the range of each result
        ("I14", liver(119, 40), "", "met"), ("I14", liver(120, 40), "", "no"),
        ("I14", liver(120, 41), "", "met"), ("I14", liver(105, 35), "", "no"),
        ("I14", liver(1.99, 0.67, unit="ukat/L"), "", "met"),
        ("I14", liver(2.01, 0.67, unit="ukat/L"), "", "no"),
        ("I14", liver(199, 40, condition("C78.7")), "", "met"),
        ("I14", liver(200, 40, condition("C78.7")), "", "no"),
        ("I14", liver(199, 40, condition("C78.7", "refuted")), "", "no"),
        ("I14", liver(199, 40, condition("C78.7", "provisional")), "", "?"),
        ("I14", (result(AST, 20, "U/L"), result(ALT, 105, "U/L", **within(None, 35, "U/L"))), "",
         "no"),
        ("I14", (result(AST, 20, "U/L"), result(ALT, 20, "U/L", **within(None, 35, "U/L"))), "",
         "?"),
        ("I14", liver(20, 40, result(AST, 100, "U/L", on="2026-03-03", **within(None, 32, "U/L"))),
         "", "no"),
        ("I14", liver(130, 40, result(AST, 130, "U/L", on="2026-03-03", **within(None, 60, "U/L"))),
         "", "met"),
        # Cockcroft-Gault: 70 years, 60 kg, (140 - 70) x 60 x 0.85 / (72 x creatinine)
        ("I15", kidney(1.65), "", "met"), ("I15", kidney(1.66), "", "no"),
        ("I15", kidney(146, "umol/L", code="14682-9"), "", "met"),
        ("I15", kidney(147, "umol/L", code="14682-9"), "", "no"),
        ("I15", kidney(1.66, weight=60_000, weighed="g"), "", "no"),
        ("I15", kidney(1.65, weight=132.3, weighed="[lb_av]"), "", "met"),
        ("I15", kidney(1.65, comparator="<"), "", "met"),
        ("I15", kidney(1.5, comparator=">"), "", "?"),
        ("I15", kidney(1.67), "1956-03-06", "met"), ("I15", kidney(1.67), "1956-03-05", "no"),
        ("I15", kidney(1.67), "1956", "?"),
        # the mean of three QTcF above 470 ms
        ("E06", tracings(460, 470, 480), "", "?"), ("E06", tracings(460, 470, 481), "", "in"),
        ("E06", tracings(450, 460, 490), "", "?"), ("E06", tracings(480, 490), "", "?"),
        ("E06", tracings(0.48, 0.48, 0.48, unit="s"), "", "in"),
        ("E06", tracings(480, 480, 480, code="76635-2"), "", "?"),
        # one day, corrections, partial days
        ("I11", (result(HB, 8.5, "g/dL"), result(HB, 9.5, "g/dL")), "", "?"),
        ("I11", (result(HB, 10.5, "g/dL"), result(HB, 9.5, "g/dL")), "", "met"),
        ("I11", (result(HB, 8.5, "g/dL", on="2026-03-02T08:00:00-05:00"),
                 result(HB, 9.5, "g/dL", on="2026-03-02T12:30:00+00:00")), "", "no"),
        ("I11", (result(HB, 12, "g/dL"),
                 result(HB, 7, "g/dL", on="2026-03-04", status="entered-in-error")), "", "met"),
        ("I11", (result(HB, 12, "g/dL"),
                 result(HB, 7, "g/dL", on="2026-03-04", status="cancelled")), "", "met"),
        ("I11", (result(HB, 12, "g/dL"),
                 result(HB, 8, "g/dL", on="2026-03-04", status="corrected")), "", "no"),
        ("I11", (result(HB, 12, "g/dL"), result(HB, 8, "g/dL", on="2026-03-05")), "", "no"),
        ("I11", (result(HB, 12, "g/dL"), result(HB, 8, "g/dL", on="2026-03-06")), "", "met"),
        ("I11", (result(HB, 12, "g/dL", on="2026-03"),), "", "?"),
        # postmenopausal: over 60, hormones, oophorectomy, or GnRH agonist with estradiol
        ("I02", SPREAD, "1965-03-05", "met"), ("I02", SPREAD, "1965-03-06", "?"),
        ("I02", SPREAD, "1965", "?"), ("I02", SPREAD, "1964", "met"),
        ("I02", (*SPREAD, medicine(GOSERELIN, "2025-09-01", status="active"),
                 hormone(ESTRADIOL, 5, 0, 30, "pg/mL", "<")), YOUNG, "met"),
        ("I02", (*SPREAD, medicine(GOSERELIN, "2025-09-01", status="active"),
                 hormone(ESTRADIOL, 30, 0, 30, "pg/mL")), YOUNG, "met"),
        ("I02", (*SPREAD, medicine(GOSERELIN, "2025-09-01", status="active"),
                 hormone(ESTRADIOL, 31, 0, 30, "pg/mL")), YOUNG, "?"),
        ("I02", (*SPREAD, medicine(GOSERELIN, "2025-09-01", status="active")), YOUNG, "?"),
        ("I02", (*SPREAD, hormone(ESTRADIOL, 5, 0, 30, "pg/mL")), YOUNG, "?"),
        ("I02", (*SPREAD, hormone(FSH, 25.8, 25.8, 134.8), hormone(LH, 7.7, 7.7, 58.5)), YOUNG,
         "met"),
        ("I02", (*SPREAD, hormone(FSH, 70, 25.8, 134.8), hormone(LH, 7.6, 7.7, 58.5)), YOUNG, "?"),
        ("I02", (*SPREAD, condition("Z90.722")), YOUNG, "met"),
        ("I02", (*SPREAD, condition("Z90.721")), YOUNG, "?"),
        ("I02", (*SPREAD, condition("Z90.710")), YOUNG, "?"),
        # CYP3A: 14 days or five half-lives before the first dose of 9 March
        ("E04", (medicine(CLARITHROMYCIN, "2026-01-01", "2026-02-24"),), "", "in"),
        ("E04", (medicine(CLARITHROMYCIN, "2026-01-01", "2026-02-22"),), "", "?"),
        ("E04", (medicine(CLARITHROMYCIN, "2026-01-01", "2026-02"),), "", "?"),
        ("E04", (medicine(ENZALUTAMIDE, "2026-01-01", "2026-02-09"),), "", "in"),
        ("E04", (medicine(ENZALUTAMIDE, "2026-01-01", "2026-02-07"),), "", "?"),
        ("E04", (medicine(CLARITHROMYCIN, "2026-02-20", status="not-taken"),), "", "?"),
    ],
)  # fmt: skip
def test_a_record_at_a_limit_is_judged_by_it(judged, criterion, resources, born, expected):
    """What a record does not say stays unknown; an exclusion is never cleared by silence."""
    found = judged(criterion, *resources, born=born or "1956-01-01")

    assert found == WORDS[expected]
