"""FHIR records that could not be read, beside others that were: what is left out may decide."""

import pytest
from tests.eligibility.fhir_records import (
    A1C,
    ALT_FINE,
    AST,
    BREAST,
    COMPLETE,
    ECOG,
    HB,
    NEGATIVE,
    POSITIVE,
    coded,
    high,
    judge_of,
    lab,
)

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
