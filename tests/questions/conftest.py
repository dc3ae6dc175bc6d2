"""Good cases of every question, and the library that answers them."""

import json
from pathlib import Path

import pytest

from trialwright.assembly.library import library as opened
from trialwright.questions.library import Library

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "1"}},
        {
            "resource": {
                "resourceType": "Observation",
                "id": "2",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}]},
                "subject": {"reference": "Patient/1"},
                "effectiveDateTime": "2026-01-02",
                "valueQuantity": {
                    "value": 9.05,
                    "unit": "g/dL",
                    "system": "http://unitsofmeasure.org",
                    "code": "g/dL",
                },
            }
        },
    ],
}
GOOD = {
    "calendar": (
        {"arm": "A", "start": "2024-02-09"},
        {"arm": "B", "start": "2026-03-09", "choice": {"aromatase-inhibitor-daily": "letrozole"}},
        {"arm": "C", "start": "2026-03-09", "cycles": 1,
         "dose_level": 2, "protocol": "NCT03959891"},
    ),
    "criterion": (
        {"criterion": "I04", "as_of": "2026-03-05", "given": {"ecog": 0}},
        {"criterion": "I11", "as_of": "2026-03-05", "given": {"hemoglobin": 8.9}},
        {"criterion": "I11", "as_of": "2026-03-05", "given": {}},
        {"criterion": "E13", "as_of": "2026-03-05", "arm": "A", "given": {}},
        {"criterion": "I07", "as_of": "2026-03-05", "given": {}},
        {"criterion": "I11", "as_of": "2026-03-05", "bundle": BUNDLE},
    ),
    "grade": (
        {"term": "Anemia", "test": "HGB", "value": 7.9, "unit": "g/dL", "lln": 11.5},
        {"term": "Anemia", "value": "79", "unit": "g/L", "lln": 115, "context": {}},
        {"term": "Hyperglycemia", "test": "GLUC fasting", "value": 251, "unit": "mg/dL",
         "uln": 100, "version": "4.03"},
    ),
    "next-dose": (
        {"design": "3+3", "variant": "six-at-mtd", "levels": 3, "outcomes": "1NNN"},
        {"design": "3+3", "variant": "six-at-mtd", "levels": 3, "at": 1,
         "seen": [{"evaluable": 2, "dlts": 2}, {"evaluable": 0, "dlts": 0},
                  {"evaluable": 0, "dlts": 0}]},
        {"protocol": "nct03959891", "arm": "C", "outcomes": "1NNP"},
        {"escalation": {"name": "BOIN", "target": 0.3, "max_n": 24}, "levels": 3,
         "outcomes": "1NNN 2NNT"},
        {"escalation": {"name": "CRM", "target": 0.3, "max_n": 24, "skeleton": [0.1, 0.3]},
         "levels": 2, "at": 1, "seen": [{"evaluable": 6, "dlts": 1}, {"evaluable": 0, "dlts": 0}],
         "last": {"evaluable": 3, "dlts": 1}},
    ),
    "rescreen": (
        {"old": "nct03959891", "new": "NCT03959891", "as_of": "2026-03-05", "given": {"ecog": 1},
         "renamed": {"I05": ""}},
        {"old": "nct03959891", "new": "nct03959891", "as_of": "2026-03-05", "bundle": BUNDLE},
    ),
    "screen": (
        {"as_of": "2026-03-05", "given": {"ecog": 3, "sex": "female", "age": 61}},
        {"as_of": "2026-03-05", "anchors": {"first_dose": "2026-03-09"},
         "given": {"letrozole": "last dose 10 days before", "ast": "120 U/L"},
         "laboratory": [{"term": "ast", "high": 40, "unit": "U/L", "source": "table 3"}]},
        {"as_of": "2026-03-05", "bundle": BUNDLE},
    ),
    "timepoint-response": (
        {"baseline": {"target": [{"id": "T1", "mm": 31.2}]},
         "visits": [{"day": 57, "target": {"T1": 37.44}}]},
        {"baseline": {"nontarget": [{"id": "N1"}]},
         "visits": [{"day": 57, "nontarget": {"N1": "ABSENT"}, "new": "EQUIVOCAL"},
                    {"day": 113, "nontarget": {"N1": "NE"}, "new": "NE"}]},
        {"baseline": {}, "visits": []},
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def library() -> Library:
    """Give the library."""
    return opened()


@pytest.fixture(scope="session")
def good():
    """Give good cases of every question, as they stand in a file."""
    return {name: [json.dumps(case) for case in cases] for name, cases in GOOD.items()}


@pytest.fixture(scope="session")
def schemas():
    """Give the folder of the published schemas."""
    return Path(__file__).resolve().parents[2] / "docs/reference/schemas"
